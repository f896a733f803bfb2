"""Stores that are wrong, for MicroPython: with these the cuts have to find something.

All keep the bare payload in one file, and say True when they think that it is there. `damaged` stays 0.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Single:
    """One file, written anew. littlefs replaces it as a whole: no power cut loses it, but a bad block does."""

    damaged = 0

    def __init__(self, path: str, *_: object) -> None:
        self._path = path

    def load(self) -> "bytes | None":
        """What is in the file; opening a new one makes an empty one."""
        try:
            with open(self._path, "rb") as file:
                return file.read() or None
        except OSError:
            return None

    def save(self, payload: bytes) -> bool:
        """Put it there."""
        try:
            self.put(payload)
        except OSError:
            return False
        return True

    def put(self, payload: bytes) -> None:
        """How it is written."""
        with open(self._path, "wb") as file:
            file.write(payload)


class Removing(Single):
    """Removes the file before it writes the new one."""

    def put(self, payload: bytes) -> None:
        """In between there is none."""
        if self.load() is not None:
            os.remove(self._path)
        super().put(payload)


class Piecewise(Single):
    """Writes the first half, closes, and appends the second."""

    def put(self, payload: bytes) -> None:
        """In between there is a half."""
        super().put(payload[: len(payload) // 2])
        with open(self._path, "ab") as file:
            file.write(payload[len(payload) // 2 :])


class Hasty(Single):
    """Leaves the file open, as somebody does who trusts the garbage collector to close it."""

    waiting: "list[Any]" = []

    def put(self, payload: bytes) -> None:
        """It will be there when the next one is written."""
        while Hasty.waiting:
            Hasty.waiting.pop().close()
        Hasty.waiting.append(open(self._path, "wb"))  # noqa: SIM115 - that is what is wrong with it
        Hasty.waiting[0].write(payload)


WRONG = {"single": Single, "removing": Removing, "piecewise": Piecewise, "hasty": Hasty}
