"""Message authentication codes: HMAC-SHA256 (RFC 2104, FIPS 198-1). MicroPython has SHA-256, and no hmac.

A code proves that whoever made it had the key, and that nothing has changed since. It hides nothing.
"""

import hashlib

from micropython import const

_BLOCK_BYTES = const(64)  # of SHA-256
_NEXT = const(b"mesogun: next key")


class Mac:
    """Makes the codes of one key, any bytes; the two blocks that a key stands for are made once."""

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK_BYTES:
            key = hashlib.sha256(key).digest()
        self._inner = bytearray(b"\x36" * _BLOCK_BYTES)
        self._outer = bytearray(b"\x5c" * _BLOCK_BYTES)
        for place in range(len(key)):
            self._inner[place] ^= key[place]
            self._outer[place] ^= key[place]

    def code_of(self, *parts: "bytes | bytearray | memoryview") -> bytes:
        """32 bytes: the code of all parts in a row. Nothing is put together in memory."""
        inner = hashlib.sha256(self._inner)
        for part in parts:
            inner.update(part)
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()


def hmac_sha256(key: bytes, content: bytes) -> bytes:
    """32 bytes: the code of `content`."""
    return Mac(key).code_of(content)


def equal(ours: bytes, theirs: "bytes | bytearray | memoryview") -> bool:
    """Whether two codes are the same; `ours` has at least one byte. How long it takes depends on the length of `theirs`
    alone, so nobody can guess a code byte by byte."""
    difference = len(ours) ^ len(theirs)
    for place in range(len(theirs)):
        difference |= ours[place % len(ours)] ^ theirs[place]
    return difference == 0


def next_key(key: bytes) -> bytes:
    """32 bytes: the key after this one. Nobody gets from it back to this one."""
    return hmac_sha256(key, _NEXT)
