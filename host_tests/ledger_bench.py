"""A ledger alone, with a drop, a treatment and settings that tests can set."""

import dataclasses
from array import array
from typing import Any

from firmware import drop
from firmware.drop import Drop
from firmware.journal_ring import JournalRing
from firmware.ledger import Ledger

ROOM = 33


@dataclasses.dataclass
class Totals:
    """Stands where Treatment stands."""

    left: int = 50
    kept: "list[int]" = dataclasses.field(default_factory=lambda: [1, 2, 3])

    def drops_left(self, _position_steps: int) -> int:
        """As many as the test says."""
        return self.left

    def totals(self) -> "list[int]":
        """What the ledger keeps for it."""
        return self.kept

    def restore(self, kept: "list[int]") -> None:
        """What the ledger gives back."""
        self.kept = kept


class Settings:
    """Stands where Settings stands."""

    most_nl = 11_000

    def drop_most_nl(self) -> int:
        """The most of one."""
        return self.most_nl


class Book(Ledger):
    """A ledger alone; `record` is its drop."""

    def __init__(self) -> None:
        self.record = Drop()
        self.totals = Totals()
        self.settings: Any = Settings()
        self.ring = JournalRing()
        super().__init__(self.record, self.settings, self.totals)  # type: ignore[arg-type]

    def write(self, safely: bool = True) -> bytes:
        """A slice of the background."""
        payload = self.payload(0, ROOM)
        self.written(safely)
        self.grant()
        return payload

    def reserve(self) -> bytes:
        """Granted."""
        self.ask()
        return self.write()

    def give(self, outcome: int = drop.DELIVERED, nl: int = 10_000) -> None:
        """A drop, from the intent to the record."""
        self.begin_drop()
        self.record.close(outcome, nl * 1000, 0, 0)
        self.note(0, self.ring)

    def begin_drop(self) -> None:
        """The intent."""
        self.record.open(10_000, 1000)
        self.note(0, self.ring)


def booted(payload: bytes, mark: "bytes | array[int]") -> Book:
    """Another boot, from what is left."""
    book = Book()
    book.restore(payload, bytes(mark))
    return book
