"""The first key of a journal, which whoever checks it needs; and a head, which somebody has noted."""

from __future__ import annotations

from pathlib import Path

from tools.journal.checking import Head
from tools.journal.exports import SIMULATED
from tools.simulator import provisioning


class KeyMissing(Exception):
    """Why there is no key or no head, in one line."""


def first_key(file: Path | None, device: str) -> bytes:
    """From a file of 64 hexadecimal digits; that of the simulator for its own device. Raises KeyMissing, OSError."""
    if file is None:
        if device != SIMULATED:
            raise KeyMissing(f"device {device} is not the simulated one: give the first key of its journal with --key")
        return provisioning.KEYS["journal"]
    try:
        key = bytes.fromhex(file.read_text(encoding="utf-8"))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeyMissing(f"{file} holds no key: it should be 64 hexadecimal digits")
    return key


def read_head(text: str) -> Head:
    """From NUMBER:CODE. Raises KeyMissing."""
    number, _, code = text.partition(":")
    try:
        head = Head(int(number), bytes.fromhex(code))
    except ValueError:
        head = None
    if head is None or len(head.code) != 16:
        raise KeyMissing(f"--head {text}: it should be a number, a colon and 32 hexadecimal digits")
    return head
