"""Reads the records that the flash holds, and makes digests of codes; at power-on and log-in only."""

import hashlib
import json

from micropython import const

_ROUNDS = const(100)  # some 10 ms of the chip for each try


def record_of(payload):
    """The record of a slot's payload, as JSON has it; None if there is none, or none that can be read."""
    try:
        return json.loads(payload)
    except (TypeError, ValueError):
        return None


class CodeDigest:
    """Makes the digest of an operator code: SHA-256 of salt and six digits, again and again."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt

    def __call__(self, code: int) -> bytes:
        """32 bytes of a code 0..999999."""
        digest = b"%06d" % code
        for _ in range(_ROUNDS):
            digest = hashlib.sha256(self._salt + digest).digest()
        return digest
