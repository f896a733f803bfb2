"""Power is cut at every tick of whole sessions, and after every single change of what survives it.

A session is played once. After each tick, and between its parts, all that survives is remembered: the ledger's slot,
the journal, the mark; beside it what the plant says, some time later, with the motors off and the spring pulling. A new
device boots from each of these, once with the mark (a reset) and once without (a loss of power), and has to know of
every drop that has moved, and of no less liquid than has left the needle.
"""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Callable

from firmware import ledger as ledgers
from firmware.bookkeeping import Bookkeeping
from firmware.image import Inputs, Outputs
from firmware.loop import DoseLoop
from firmware.provisioning import Provisioning
from host_tests.books_bench import Flash, MemoryFiles, MemoryMark, MemorySlots
from tools.powercut.cut_rig import DROP_NL_AT, DROPS_AT, NUMBER_AT, CutRig, Moment
from tools.powercut.tick_stories import STORIES
from tools.simulator import provisioning


@dataclasses.dataclass
class Counts:
    """How often power was cut, and what came of it that must not: the five last are 0 in a ledger that is right."""

    ticks: int = 0
    tick_cuts: int = 0
    repeated_drops: int = 0
    forgotten_drops: int = 0
    under_recorded: int = 0
    moved_before_acknowledge: int = 0
    wrongly_uncertain: int = 0  # a mark was there, and was not used; or totals were invented

    def add(self, other: Counts) -> None:
        """Sums of everything."""
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def wrong(self) -> int:
        """All that must not be."""
        return sum(dataclasses.astuple(self)[2:])


def session(story: str, spoil: Callable[[CutRig], None] | None = None) -> CutRig:
    """A session as it is when nothing happens, with all its moments."""
    tell, wanted = STORIES[story]
    rig = CutRig(**wanted)
    if spoil:
        spoil(rig)
    tell(rig)
    return rig


def boot(moment: Moment, with_mark: bool) -> DoseLoop:
    """A new device, from what is left."""
    loop = DoseLoop(Inputs(), Outputs())
    entered = Provisioning()
    entered.adopt(provisioning.record())
    loop.provision(entered, provisioning.digest, provisioning.calibration())
    flash = Flash()
    flash.payload = moment.payload
    flash.mark = moment.mark if with_mark else b""
    flash.records = [[0]] * moment.records
    files = MemoryFiles(flash, loop.journal)
    Bookkeeping(loop, MemorySlots(flash), files, MemoryMark(flash)).open_books(3 if with_mark else 1, True, True)
    return loop


def judge(moment: Moment, with_mark: bool, counts: Counts) -> None:
    """What the device that boots from a moment makes of it."""
    loop = boot(moment, with_mark)
    ledger = loop.ledger
    counts.tick_cuts += 1
    payload = array("i", moment.payload or b"")
    was_open = bool(payload) and payload[DROPS_AT] > 0
    counts.forgotten_drops += max(moment.moved - loop.drop.number, 0)
    if payload and not was_open:  # then the journal has to know them one by one
        counts.forgotten_drops += max(payload[NUMBER_AT] - moment.journalled, 0)
    told = bool(ledger.troubles & ledgers.DROPS_UNCERTAIN)
    counts.repeated_drops += max(moment.given - loop.treatment.points_done(), 0) + (was_open and not told)
    recorded_nl = loop.treatment.session_nl()
    counts.under_recorded += recorded_nl < int(
        moment.out_nl
    )  # of a film on the tip that is less than a nl nobody speaks
    most_nl = moment.ram_nl + (payload[DROPS_AT] * payload[DROP_NL_AT] if was_open and not with_mark else 0)
    counts.wrongly_uncertain += recorded_nl > most_nl or (was_open and with_mark and ledger.found != ledgers.MARKED)


def cut(story: str, spoil: Callable[[CutRig], None] | None = None) -> Counts:
    """Cut the power at every moment of a story, with the mark kept and lost."""
    rig = session(story, spoil)
    counts = Counts(ticks=rig.ticks, moved_before_acknowledge=rig.hasty)
    judged: dict[tuple[Moment, bool], Counts] = {}  # nothing changes from one idle tick to the next
    for moment in rig.moments:
        for with_mark in (True, False):
            if (moment, with_mark) not in judged:
                judged[moment, with_mark] = Counts()
                judge(moment, with_mark, judged[moment, with_mark])
            counts.add(judged[moment, with_mark])
    return counts
