"""Prints codes of protocol/auth.py for keys and contents of many lengths: the same on every interpreter."""

import sys

sys.path.insert(0, sys.argv[1])

from binascii import hexlify

from protocol.auth import Mac, equal, hmac_sha256, next_key

_KEY_BYTES = (0, 1, 31, 32, 33, 63, 64, 65, 127, 200)
_CONTENT_BYTES = (0, 1, 48, 55, 56, 63, 64, 65, 119, 128, 1000)


def _bytes(count: int, seed: int) -> bytes:
    return bytes([(place * 37 + seed * 11 + count) & 0xFF for place in range(count)])


for key_bytes in _KEY_BYTES:
    key = _bytes(key_bytes, 1)
    mac = Mac(key)
    for content_bytes in _CONTENT_BYTES:
        content = _bytes(content_bytes, 2)
        code = mac.code_of(memoryview(content)[:7], content[7:])
        alike = equal(code, hmac_sha256(key, content)) and not equal(code, code[:-1] + bytes([code[-1] ^ 1]))
        print(key_bytes, content_bytes, hexlify(code).decode(), alike)
    print("next", hexlify(next_key(key)).decode())
