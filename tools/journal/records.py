"""Records of the journal, taken apart and put into words."""

from __future__ import annotations

import datetime
import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tools.journal import device, kinds
from tools.journal.kinds import KINDS, Kind

RECORD_BYTES = 64
BODY_BYTES = 48
UPTIME_WRAPS_MS = 1 << 30
_FORMAT = "<IHBBII8i"
_RESULT_AT = 16
_CAUSE_AT = 20

Said = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """One record as it was found: where, and its bytes, which nobody has checked yet. Fewer than 64 are no record."""

    segment: int
    raw: bytes

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Sequence, boot, kind, version, wall, uptime_ms, and eight of its own. All 0 if it is too short."""
        return struct.unpack_from(_FORMAT, self.raw.ljust(RECORD_BYTES, b"\0"))

    @property
    def sequence(self) -> int:
        """Its number; the first one of a journal has 1."""
        return self.numbers[0]

    @property
    def boot(self) -> int:
        """Which power-on it was."""
        return self.numbers[1]

    @property
    def kind(self) -> int:
        """Number of its kind."""
        return self.numbers[2]

    @property
    def uptime_ms(self) -> int:
        """When it happened, since power-on; wraps at 2^30."""
        return self.numbers[5]

    @property
    def own(self) -> tuple[int, ...]:
        """The integers of its kind."""
        return self.numbers[6:]

    @property
    def body(self) -> bytes:
        """All but the code."""
        return self.raw[:BODY_BYTES]

    @property
    def code(self) -> bytes:
        """What chains it to the one before."""
        return self.raw[BODY_BYTES:]

    @property
    def written(self) -> datetime.datetime | None:
        """What the clock on the wall said when it was written, to the minute; None if it did not know."""
        day, minute = divmod(self.numbers[4], 1440)
        try:
            date = datetime.datetime(2000 + day // 10000, day // 100 % 100, day % 100)
        except ValueError:
            return None
        return date + datetime.timedelta(minutes=minute)

    @property
    def name(self) -> str:
        """The word for its kind."""
        return KINDS[self.kind].name if self.kind in KINDS else f"kind_{self.kind}"

    def said(self) -> Said:
        """Its integers by name, places and masks in words."""
        kind = KINDS.get(self.kind, Kind("", tuple(f"integer_{place}" for place in range(8)), ""))
        if self.kind == kinds.PRODUCT:
            text = struct.pack("<6i", *self.own[:6]).decode("ascii", "replace")
            return {"name": text[:12].strip(), "lot": text[12:].strip()}
        said: Said = dict(zip(kind.fields, self.own, strict=False))
        if "choices" in said:
            said = _choices(said.pop("choices")) | said
        if "outcome" in said:
            said |= _outcome(said.pop("outcome"))
        for field in _NAMED.keys() & said.keys():
            said[field] = _word(field, said[field])
        if "faults" in said:
            said["faults"] = device.module("firmware.faults").names(said["faults"])
        return said


def _choices(packed: int) -> Said:
    places = {"syringe": packed & 15, "needle": packed >> 4 & 15, "zone": packed >> 8 & 15}
    return {name: _word(name, place) for name, place in places.items()}


def _outcome(packed: int) -> Said:
    drop = device.module("firmware.drop")
    return {
        "depth_um": packed & (1 << _RESULT_AT) - 1,
        "result": _word("result", packed >> _RESULT_AT & 15),
        "cause": drop.cause_names(packed >> _CAUSE_AT),
    }


def _word(field: str, place: object) -> object:
    """The name at this place; what is no place stays."""
    where, table = _NAMED[field]
    names = getattr(device.module(where) if where else kinds, table)
    return names[place] if isinstance(place, int) and 0 <= place < len(names) else place


# The module and the tuple that have the names.
_NAMED = {
    "state": ("firmware.states", "NAMES"),
    "event": ("firmware.states", "EVENTS"),
    "result": ("firmware.drop", "RESULTS"),
    "syringe": ("firmware.calibration", "SYRINGES"),
    "needle": ("firmware.needles", "NEEDLES"),
    "zone": ("firmware.zones", "NAMES"),
    "how": ("", "BOOTED_HOW"),
    "slot": ("", "SLOTS"),
}
