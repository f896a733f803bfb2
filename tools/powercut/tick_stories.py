"""Whole sessions in which the power is cut at every tick, and ledgers that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.powercut.cut_rig import CutRig

# --- stories: whole sessions ----------------------------------------------------------------------------------------


def _singles(rig: CutRig) -> None:
    rig.make_ready()
    rig.arm()
    for _ in range(3):
        rig.press()
    rig.confirm_shortly()
    rig.run(100)
    rig.arm()
    rig.press()
    rig.confirm_shortly()
    rig.run(100)


def _burst(rig: CutRig) -> None:
    rig.make_ready()
    rig.arm()
    rig.press()
    rig.run(100)
    rig.press()
    rig.confirm_shortly()
    rig.run(100)


def _let_go(rig: CutRig) -> None:
    """The finger gives drops up, at different moments."""
    rig.make_ready()
    rig.arm()
    rig.contact = 1
    rig.run(100)
    for ms in (20, 60, 120, 180, 240):
        rig.trigger = 1
        rig.until("SHOT", ms=100)
        rig.run(ms)
        rig.trigger = 0
        rig.run(400)
    rig.contact = 0
    rig.confirm_shortly()
    rig.run(100)


def _to_and_fro(rig: CutRig) -> None:
    """Armed and disarmed at once, again and again; another zone and another patient in between."""
    rig.make_ready()
    for ms in (2, 4, 6, 8, 40):
        rig.confirm = 1
        rig.run(60)
        rig.confirm = 0
        rig.run(4 + ms)
        rig.confirm_shortly()
        rig.run(100)
    rig.until("READY", "ARMED")
    if rig.state == "READY":
        rig.arm()
    rig.press()
    rig.confirm_shortly()
    rig.run(4)
    rig.loop.treatment.new_patient()
    rig.loop.treatment.new_needle()
    rig.zero()
    rig.run(600)
    rig.prime()
    rig.arm()
    rig.press()
    rig.confirm_shortly()
    rig.run(100)


def _stopped(rig: CutRig) -> None:
    """STOP in the middle of a drop; everything anew; one more drop."""
    rig.make_ready()
    rig.arm()
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig.run(80)
    rig.stop = 1
    rig.until("FAULT", ms=10)
    rig.run(100)
    rig.stop = rig.trigger = rig.contact = 0
    rig.run(300)
    rig.confirm_shortly()
    rig.make_ready()
    rig.arm()
    rig.press()
    rig.confirm_shortly()
    rig.run(100)


STORIES: dict[str, tuple[Callable[[CutRig], None], dict[str, Any]]] = {
    "single drops": (_singles, {}),
    "burst": (_burst, {"mode": "burst", "burst_count": 5, "dose_nl": 2_000}),
    "let go": (_let_go, {}),
    "stopped": (_stopped, {}),
    "to and fro": (_to_and_fro, {}),
}


# --- ledgers that are wrong -----------------------------------------------------------------------------------------


def _no_mark(rig: CutRig) -> None:
    """The mark is never kept."""
    rig.books.keep_mark = lambda: setattr(rig.loop.ledger, "mark_due", 0)  # type: ignore[method-assign]


def _late_mark(rig: CutRig) -> None:
    """The mark is kept after the motors have run."""
    ledger = rig.loop.ledger
    apply = rig.apply
    keep = rig.books.keep_mark
    rig.books.keep_mark = lambda: None  # type: ignore[method-assign]

    def late() -> None:
        due = ledger.mark_due
        apply()
        if due:
            keep()

    rig.apply = late  # type: ignore[method-assign]


def _small_mark(rig: CutRig) -> None:
    """A drop counts in the mark only when it is closed."""
    ledger = rig.loop.ledger
    note = ledger.note

    def small(now_us: int, journal: Any) -> None:
        most_nl, ledger.drop_nl = ledger.drop_nl, 0
        note(now_us, journal)
        ledger.drop_nl = most_nl

    ledger.note = small  # type: ignore[method-assign]


def _no_reservation(rig: CutRig) -> None:
    """Arms at once, and writes totals when it has time."""
    ledger = rig.loop.ledger

    def ask() -> None:
        ledger.drops = ledger.left = 20
        ledger.drop_nl = rig.loop.settings.drop_most_nl()
        ledger.granted = 1

    ledger.ask = ask  # type: ignore[method-assign]


def _closed_early(rig: CutRig) -> None:
    """Totals replace the reservation as soon as the device is armed."""
    ledger = rig.loop.ledger
    grant = ledger.grant

    def granted() -> None:
        grant()
        if ledger.granted:
            rig.flash.payload = ledger.payload(0, 0)

    ledger.grant = granted  # type: ignore[method-assign]


def _journal_last(rig: CutRig) -> None:
    """The slot that closes a reservation is written before the journal of its drops."""
    books: Any = rig.books
    step = books.keep_books

    def hasty(*given: Any) -> None:
        if rig.loop.ledger.closing():
            books._write_slot()
        step(*given)

    books.keep_books = hasty


WRONG: dict[str, Callable[[CutRig], None]] = {
    "without the mark": _no_mark,
    "with the mark after motion": _late_mark,
    "with open drops of nothing in the mark": _small_mark,
    "without a reservation": _no_reservation,
    "with the reservation closed early": _closed_early,
    "with the journal last": _journal_last,
}
