"""Journals for tests: made record by record, with the keys of a device that never was."""

from collections.abc import Iterable

from firmware.journal_ring import JournalRing
from protocol import journal_record
from tools.journal import kinds
from tools.journal.checking import BEGINNING, Head
from tools.journal.records import Record

FIRST_KEY = bytes(range(32))
A_SEGMENT = 64
WALL = 261122 * 1440 + 600  # 2026-11-22 10:00


def chained(bodies: "Iterable[tuple[int, ...]]", first_key: bytes = FIRST_KEY, boot: int = 7) -> "list[Record]":
    """One record for each (kind, its integers ...), a second apart, 64 a segment."""
    records: list[Record] = []
    key, head = first_key, BEGINNING
    for place, (kind, *own) in enumerate(bodies):
        if place and place % A_SEGMENT == 0:
            key = journal_record.next_key(key)
        body = bytearray(48)
        integers = [1000 * place, kind, *own] + [0] * (8 - len(own))
        journal_record.pack(body, place + 1, boot, WALL + place // 60, integers)
        code = journal_record.seal(journal_record.Mac(key), head.code, body)
        head = Head(place + 1, code)
        records.append(Record(place // A_SEGMENT, bytes(body) + code))
    return records


def head_of(records: "list[Record]") -> Head:
    """The newest one."""
    return Head(records[-1].sequence, records[-1].code)


def many(count: int) -> "list[tuple[int, ...]]":
    """Drops, and an event now and then, no two alike."""
    wide = [(kinds.DROP, number, 10000, 1000 | 2 << 16, 9990 + number, 9800, 10200) for number in range(count)]
    return [(kinds.FAULTS, 7, 1 << 9) if place % 10 == 9 else body for place, body in enumerate(wide)]


def texts(name: str, lot: str) -> "tuple[int, ...]":
    """The integers of a product, as the ring makes them."""
    ring = JournalRing()
    ring.texts(0, kinds.PRODUCT, name.encode(), lot.encode())
    ring.unread = ring.kept
    integers = [0] * 8
    ring.read(integers)
    return tuple(integers[2:])
