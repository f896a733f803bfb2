"""Whether a journal is whole; and if it is not, which record is the first bad one, and what was done to it.

Whoever checks has the first key, and so all of them. A record fits if its code is that of the record before, its own
body and its segment's key. What does not fit is told apart by what its neighbours fit.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

from tools.journal import device
from tools.journal.kinds import DAMAGED
from tools.journal.records import RECORD_BYTES, Record

CHANGED = "changed"
DROPPED = "dropped"
SWAPPED = "swapped"
INSERTED = "inserted"
TRUNCATED = "truncated"
FOREIGN = "foreign"  # nothing of it fits: another device's key, or another head


class Head(NamedTuple):
    """The newest record of a journal, or where it stands: number and code. The beginning is (0, 16 zeros)."""

    sequence: int
    code: bytes


BEGINNING = Head(0, bytes(16))


class Finding(NamedTuple):
    """What is wrong from here on."""

    place: int  # in the list of records, from 0
    sequence: int  # of the record that should be there: the first bad one
    what: str
    text: str  # a sentence


class Checker:
    """Knows the keys of one journal. Raises ValueError for a first key that is none."""

    def __init__(self, first_key: bytes) -> None:
        if len(first_key) != 32:
            raise ValueError(f"a journal's key has 32 bytes, and this one has {len(first_key)}")
        self._keys = [first_key]
        self._macs: dict[int, Any] = {}
        self._codec = device.codec()

    def fits(self, record: Record, segment: int, after: Head) -> bool:
        """Whether it is the record that was written behind `after`, in this segment."""
        return record.sequence == after.sequence + 1 and self._seal(segment, after.code, record.body) == record.code

    def _seal(self, segment: int, before: bytes, body: bytes) -> bytes:
        mac = self._macs.get(segment)
        if mac is None:
            while len(self._keys) <= segment:
                self._keys.append(self._codec.next_key(self._keys[-1]))
            mac = self._macs[segment] = self._codec.Mac(self._keys[segment])
        return self._codec.seal(mac, before, body)

    def check(
        self, records: Sequence[Record], head: Head | None = None, after: Head | None = BEGINNING, place: int = 0
    ) -> list[Finding]:
        """What is wrong with the records from `place` on, the first first; nothing if all is well.

        `head` is the newest record as it is known from elsewhere. `after` is the record before `place`; if nobody
        knows it, the first record is believed. More than one is found only where the device itself noticed the first,
        and went on in a new segment.
        """
        found: list[Finding] = []
        if after is None and place < len(records):
            after = Head(records[place].sequence, records[place].code)
            place += 1
        after = after or BEGINNING
        while place < len(records):
            record = records[place]
            if self.fits(record, record.segment, after):
                after = Head(record.sequence, record.code)
                if head and head.sequence == after.sequence and head.code != after.code:
                    text = f"record {after.sequence} is not the one that is known as the head"
                    return [*found, Finding(place, after.sequence, FOREIGN, text)]
                place += 1
                continue
            found.append(self._first_bad(records, place, after, head))
            place = self._taken_up_again(records, place, after)
        if head and head.sequence > after.sequence and not found:
            text = f"record {after.sequence + 1} and all after it were cut off: the head is record {head.sequence}"
            found.append(Finding(len(records), after.sequence + 1, TRUNCATED, text))
        return found

    def _taken_up_again(self, records: Sequence[Record], place: int, after: Head) -> int:
        """Where the device went on behind the last good record, in a new segment; the end if it did not."""
        for later in range(place + 1, len(records)):
            if records[later].segment > records[place].segment and self.fits(
                records[later], records[later].segment, after
            ):
                return later
        return len(records)

    def _first_bad(self, records: Sequence[Record], place: int, after: Head, head: Head | None) -> Finding:
        record = records[place]
        wanted = after.sequence + 1
        if head == after:
            return self._inserted(records, place, 1, wanted)
        if len(record.raw) != RECORD_BYTES:
            return Finding(place, wanted, CHANGED, f"record {wanted} was cut short: {len(record.raw)} of 64 bytes")
        at = self._find(records, place + 1, record.segment, after)
        if at and not (records[at].kind == DAMAGED and records[at].segment > record.segment):
            there = Head(wanted, records[at].code)
            next_one = records[place + 1] if at > place + 1 else record
            segment = records[place + 1].segment
            if self.fits(next_one, segment, there) and not self._goes_on(records, at, there):
                text = f"record {wanted} changed places with record {record.sequence}"
                return Finding(place, wanted, SWAPPED, text)
            return self._inserted(records, place, at - place, wanted)
        renumbered = struct.pack("<I", wanted) + record.body[4:]
        if record.sequence != wanted and self._seal(record.segment, after.code, renumbered) != record.code:
            if record.sequence > wanted:
                last = record.sequence - 1
                which = f"record {wanted} was" if last == wanted else f"records {wanted} to {last} were"
                return Finding(place, wanted, DROPPED, f"{which} taken out")
            if place + 1 == len(records) and self._copied(records, place):
                return self._inserted(records, place, 1, wanted)
        return Finding(place, wanted, CHANGED, f"record {wanted} was changed")

    def _find(self, records: Sequence[Record], begin: int, segment: int, after: Head) -> int:
        """Where the record that should follow `after` is, from `begin` on; 0: nowhere."""
        for at in range(begin, len(records)):
            found = records[at]
            if found.sequence == after.sequence + 1:
                if self.fits(found, found.segment, after) or self.fits(found, segment, after):
                    return at
        return 0

    def _goes_on(self, records: Sequence[Record], place: int, after: Head) -> bool:
        """Whether the one behind `place` follows `after`."""
        return place + 1 < len(records) and self.fits(records[place + 1], records[place + 1].segment, after)

    def _inserted(self, records: Sequence[Record], place: int, count: int, wanted: int) -> Finding:
        if count > 1:
            what = f"{count} records were"
        else:
            original = self._copied(records, place)
            what = f"a copy of record {original} was" if original else "a record that is not of this journal was"
        return Finding(place, wanted, INSERTED, f"{what} put in where record {wanted} should be")

    def _copied(self, records: Sequence[Record], place: int) -> int:
        """The number of the record that this one is a copy of; 0: of none."""
        raw = records[place].raw
        same = any(at != place and found.raw == raw for at, found in enumerate(records))
        return records[place].sequence if same else 0
