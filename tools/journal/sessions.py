"""Sessions out of a journal: who was treated when, with what, every drop, and what went wrong.

A session is one patient on one day. The device knows a patient only as a number that counts up.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tools.journal import kinds
from tools.journal.records import UPTIME_WRAPS_MS, Record, Said
from tools.plain_words import FAULTS

Moment = datetime.datetime | None
_Listed = TypeVar("_Listed")


@dataclass(frozen=True)
class Drop:
    """One drop, and what it was given with."""

    at: Moment
    zone: str
    product: str
    needle: int  # which of the session's needles, from 1; 0: none was put on before it
    said: Said  # as Record.said() has it

    @property
    def is_delivered(self) -> bool:
        """Weighed, and complete."""
        return self.said["result"] == "delivered"


@dataclass(frozen=True)
class Told:
    """Something that happened, in words."""

    at: Moment
    text: str


@dataclass
class Session:
    """One patient on one day. `troubles`: what went wrong; `uncertain` drops may have been given, or not."""

    patient: int
    day: datetime.date | None
    begun: Moment = None
    ended: Moment = None
    first_record: int = 0
    last_record: int = 0
    operators: list[int] = field(default_factory=list[int])
    syringes: list[str] = field(default_factory=list[str])
    products: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # name, lot
    zones: list[str] = field(default_factory=list[str])
    needles: list[Told] = field(default_factory=list[Told])
    disinfections: list[Told] = field(default_factory=list[Told])
    settings: list[Told] = field(default_factory=list[Told])
    drops: list[Drop] = field(default_factory=list[Drop])
    troubles: list[Told] = field(default_factory=list[Told])
    uncertain_drops: int = 0
    uncertain_nl: int = 0

    @property
    def is_treatment(self) -> bool:
        """Whether anything was given, or may have been."""
        return bool(self.drops or self.uncertain_drops)

    @property
    def delivered(self) -> int:
        """Drops that were."""
        return sum(drop.is_delivered for drop in self.drops)


def moments(records: list[Record]) -> list[Moment]:
    """When each happened, to the minute: the clock is read when a batch is written, which is when its last record is
    new; those before it are as much older as their uptimes say. So are those of the same boot that were written before
    the device had read the clock."""
    found: list[Moment] = []
    newest: Record | None = None
    for record in reversed(records):
        if newest is None or newest.boot != record.boot or record.written not in (None, newest.written):
            newest = record
        at = newest.written
        if at is not None:
            at -= datetime.timedelta(milliseconds=(newest.uptime_ms - record.uptime_ms) % UPTIME_WRAPS_MS)
        found.append(at)
    return found[::-1]


def sessions(records: Iterable[Record]) -> list[Session]:
    """All of them, in order; those without a drop too."""
    listed = list(records)
    reader = _Reader()
    for record, at in zip(listed, moments(listed), strict=True):
        reader.take(record, at)
    return reader.found


class _Reader:
    """Goes from record to record, and knows what is in force."""

    def __init__(self) -> None:
        self.found: list[Session] = []
        self._patient = 0
        self._operator: int | None = None
        self._product = ("", "")
        self._zone = ""

    def take(self, record: Record, at: Moment) -> None:
        """The next one."""
        said = record.said()
        if record.kind == kinds.PATIENT:
            self._patient = said["patient"]
        session = self._session(record, at)
        session.last_record = record.sequence
        session.ended = at or session.ended
        match record.kind:
            case kinds.LOGGED_IN:
                self._operator = said["operator"]
                self._in_force(session)
            case kinds.LOGGED_OUT:
                self._operator = None
            case kinds.PRODUCT:
                self._product = (said["name"], said["lot"])
            case kinds.ZONE:
                self._zone = str(said["zone"])
            case kinds.NEEDLE:
                session.needles.append(Told(at, str(said["needle"])))
            case kinds.DISINFECTED:
                session.disinfections.append(Told(at, f"{said['zone']}, {said['drying_s']} s to dry"))
            case kinds.SETTINGS:
                self._zone = str(said["zone"])
                _once(session.syringes, str(said["syringe"]))
                session.settings.append(Told(at, _settings(said)))
            case kinds.DROP:
                self._in_force(session)
                name = ", lot ".join(self._product) if self._product[0] else ""
                session.drops.append(Drop(at, self._zone, name, len(session.needles), said))
            case kinds.UNCERTAIN:
                session.uncertain_drops += said["drops"]
                session.uncertain_nl += said["most_nl"]
            case _:
                pass
        trouble = _trouble(record, said)
        if trouble:
            session.troubles.append(Told(at, trouble))

    def _session(self, record: Record, at: Moment) -> Session:
        """The one that this record belongs to: a patient on a day. What has no date goes on with the last."""
        last = self.found[-1] if self.found else None
        day = at.date() if at else None
        if last and last.patient == self._patient and (day is None or last.day in (None, day)):
            last.day = last.day or day
            last.begun = last.begun or at
            return last
        session = Session(self._patient, day, begun=at, first_record=record.sequence)
        self.found.append(session)
        return session

    def _in_force(self, session: Session) -> None:
        """What was chosen before this session began counts for it from its first drop on."""
        if self._operator is not None:
            _once(session.operators, self._operator)
        if self._product[0]:
            _once(session.products, self._product)
        if self._zone:
            _once(session.zones, self._zone)


def _once(listed: list[_Listed], value: _Listed) -> None:
    if value not in listed:
        listed.append(value)


_BOOTED = "the device was reset while it was armed; what was given until then is known to the drop"


def _settings(said: Said) -> str:
    burst = f"bursts of {said['burst_count']}" if said["burst_count"] > 1 else "single drops"
    points = f", {said['points']} points planned" if said["points"] else ""
    return (
        f"{said['dose_nl'] / 1000:g} ul at {said['depth_um'] / 1000:g} mm, {burst}{points}; {said['zone']}, "
        f"{said['syringe']} syringe, needle {said['needle']}"
    )


def _trouble(record: Record, said: Said) -> str:
    """What went wrong by this record; nothing if nothing did."""
    match record.kind:
        case kinds.FAULTS:
            return "; ".join(f"{FAULTS.get(name, 'a fault')} ({name})" for name in said["faults"])
        case kinds.UNCERTAIN:
            return (
                f"power was lost while the device was armed: at most {said['drops']} drops more, "
                f"{said['most_nl'] / 1000:.3f} ul, may have been given after drop {said['number_before']}, or nothing"
            )
        case kinds.LOST:
            return f"{said['records']} records were lost: the device had no room for them"
        case kinds.DAMAGED:
            return f"the journal on the device was damaged: segment {said['segment']} from place {said['place']} on"
        case kinds.TROUBLES:
            return (
                f"the device could not keep its records as it should (0x{said['new_troubles']:x})"
                if said["new_troubles"]
                else ""
            )
        case kinds.BOOT:
            return _BOOTED if said["how"] == kinds.BOOTED_HOW[1] else ""
        case _:
            return ""
