"""Compares the program's files with the manifest that came with them: at power-on only, for it reads all of them."""

import hashlib
import os

from micropython import const

FILE = "/manifest"
_SLICE = const(1024)


def digest_of(path: str) -> bytes:
    """SHA-256 of a file. OSError if there is none."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            piece = file.read(_SLICE)
            if not piece:
                return digest.digest()
            digest.update(piece)


def fits() -> bool:
    """Whether every file of FILE is there and as it says, and no other program lies beside them.

    A line is a SHA-256 in 64 hexadecimal digits, a blank, and an absolute path (tools/manifest.py writes it).
    """
    listed: "dict[str, int]" = {}
    try:
        with open(FILE) as lines:
            for line in lines:
                wanted, path = line.split()
                if digest_of(path) != bytes.fromhex(wanted):
                    return False
                folder = path[: path.rfind("/") + 1]
                listed[folder] = listed.get(folder, 0) + 1
        for folder in listed:
            programs = [name for name in os.listdir(folder) if name[-3:] == ".py" or name[-4:] == ".mpy"]
            if len(programs) != listed[folder]:
                return False  # one that nobody listed may be imported in place of one that is
    except (OSError, ValueError):
        return False
    return len(listed) > 0
