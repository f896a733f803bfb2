"""What is kept: the ledger's slot and the journal on flash, in slices while the device is disarmed; and the mark.

A reservation is granted when its slot and its record in the journal are on flash. When it is over, the journal of its
drops comes first, and then the slot that closes it: of what the slot says no more, the journal knows.
"""

from micropython import const

from firmware import ledger
from firmware.calibration import SYRINGES
from firmware.needles import NEEDLES

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from typing import Any

    from firmware.image import Keys
    from firmware.loop import DoseLoop

_BOOT = const(3)
_DAMAGED = const(5)
_TROUBLES = const(13)
_RESERVED = const(18)
_CLOSED = const(20)
_UNCERTAIN = const(21)
_PATIENT = const(8)
_ZONE = const(9)
_NEEDLE = const(10)
_PRODUCT = const(16)
_SETTINGS = const(17)

_AGAIN_TICKS = const(500)  # after a failure
_GAP_TICKS = const(50)  # before each slice, and after: the display goes on, and a short press is not swallowed whole
_BUSY_TICKS = const(250)  # a hand that has moved moves again
_LEAST_LEFT = const(128)  # records that the journal must have room for, to go on treating


class Bookkeeping:
    """open_books() before the first tick, keep_books() in each disarmed one, keep_mark() whenever `ledger.mark_due`.

    `slots`, `files` and `mark` are as in drivers/store.py, drivers/journal_files.py and drivers/rtc_mark.py.
    """

    def __init__(self, loop: "DoseLoop", slots: "Any", files: "Any", mark: "Any") -> None:
        self._loop = loop
        self._slots = slots
        self._files = files
        self._mark = mark
        self._readable = True  # the slots are, or are not there yet
        self._drained = False  # the slice before was the journal's
        self._closed = 0  # the reservation whose end is in the journal
        self._troubles = 0  # those in the journal
        self._pause_ticks = 0
        self._busy_ticks = 0

    def open_books(self, reset_cause: int, has_key: bool, is_intact: bool) -> None:
        """Find out how things stand, and write down that there was a boot. Without a key for the slots nothing is.
        `is_intact`: the program is what its manifest says."""
        loop = self._loop
        book = loop.ledger
        files = self._files
        payload = self._slots.load()
        if not files.resume() or not has_key:
            book.troubles |= ledger.NO_KEYS
        if not is_intact:
            book.troubles |= ledger.FILES_CHANGED
        if payload is not None:
            book.restore(payload, self._mark.read())
            if self._slots.damaged:
                book.doubt()
        elif self._slots.damaged or files.sequence:
            self._readable = False
            book.troubles |= ledger.FILES_CHANGED
        if files.sequence < book.journalled:
            book.troubles |= ledger.FILES_CHANGED
        files.boot = book.boots
        found = book.found if book.open_number else ledger.NOTHING_OPEN
        loop.journal.record(loop.now_us, _BOOT, reset_cause, found)
        if found == ledger.UNMARKED or (found and book.sure_drops != book.most_drops):
            self._record_totals(_UNCERTAIN, book.most_drops, book.most_nl, loop.drop.number - book.most_drops)
        elif found:
            self._record_totals(_CLOSED, book.mark[3], book.mark[5], book.mark[6])
        loop.treatment.put_product_away()
        self._closed = book.open_number
        self._write_slot()  # so that no other boot has its number

    def _record_totals(self, kind: int, first: int, second: int, third: int) -> None:
        """Three integers, and the totals."""
        treatment = self._loop.treatment
        journal = self._loop.journal
        journal.record(self._loop.now_us, kind, first, second)
        journal.more(third, treatment.session_nl(), treatment.zone_nl(), treatment.product_nl())

    def keep_mark(self) -> None:
        """Before anything moves. Allocates nothing."""
        book = self._loop.ledger
        self._mark.note(book.mark)
        book.mark_due = 0

    def keep_books(self, keys: "Keys", in_menu: int) -> None:
        """One slice. At most one file is written, and the next tick is as late as that takes, so that turns of the knob
        are missed: what nobody waits for waits until no hand is at work."""
        loop = self._loop
        book = loop.ledger
        loop.journal.pass_time(loop.now_us)
        if loop.treatment.unsaved:
            self._tell()
        if book.troubles != self._troubles:
            loop.journal.record(loop.now_us, _TROUBLES, book.troubles, book.troubles & ~self._troubles)
            self._troubles = book.troubles
        if book.closing() and self._closed != book.open_number:
            self._closed = book.open_number
            self._drained = False  # the journal first
            self._pause_ticks = _GAP_TICKS
            self._record_totals(_CLOSED, book.mark[3], book.mark[5], book.mark[6])
        if self._pause_ticks:
            self._pause_ticks -= 1
        elif (
            book.asked or (book.closing() and not in_menu and not loop.inputs.confirm) or self._is_quiet(keys, in_menu)
        ):
            self._do_slice((keys.day - 20000000) * 1440 + keys.minutes if keys.day and keys.minutes >= 0 else 0)

    def _do_slice(self, wall: int) -> None:
        """Journal and slot in turn, the journal first."""
        book = self._loop.ledger
        if self._loop.journal.kept and not (self._drained and book.due()):
            self._drained = True
            self._drain(wall)
        elif book.due():
            self._drained = False
            self._write_slot()
        else:
            return
        if not (book.asked or self._pause_ticks):
            self._pause_ticks = _GAP_TICKS

    def _is_quiet(self, keys: "Keys", in_menu: int) -> bool:
        """Whether for half a second nobody has touched anything."""
        loop = self._loop
        if in_menu or loop.inputs.confirm or keys.knob_pushed or not loop.trigger.off_ticks:
            self._busy_ticks = _BUSY_TICKS
        elif self._busy_ticks:
            self._busy_ticks -= 1
        return not self._busy_ticks

    def _drain(self, wall: int) -> None:
        """The journal; what is granted is on flash with it."""
        book = self._loop.ledger
        files = self._files
        kept = self._loop.journal.kept
        if files.drain(wall):
            if not book.due():
                book.troubles &= ~ledger.SAVING
            book.grant()
        elif self._loop.journal.kept == kept:
            self._failed()
        if files.damage:
            self._loop.journal.record(self._loop.now_us, _DAMAGED, files.damage[0], files.damage[1])
            files.damage = ()
            book.troubles |= ledger.FILES_CHANGED
        if not book.troubles & ledger.NO_KEYS:
            if files.left() >= _LEAST_LEFT:
                book.troubles &= ~ledger.JOURNAL_FULL
            else:
                book.troubles |= ledger.JOURNAL_FULL

    def _write_slot(self) -> None:
        """The ledger's slot, after its mark; but never over what could not be read."""
        book = self._loop.ledger
        if not self._readable:
            return
        book.journalled = self._files.sequence
        payload = book.payload(self._loop.inputs.dose_steps, self._loop.journal.room())
        if book.mark_due:
            self.keep_mark()
        safely = self._slots.save(payload)
        book.written(safely)
        if not safely:
            self._failed()
        elif book.asked and book.asked == book.open_number:
            self._record_totals(_RESERVED, book.drops, book.drops * book.drop_nl, self._loop.drop.number)

    def _failed(self) -> None:
        self._loop.ledger.troubles |= ledger.SAVING
        self._loop.ledger.end()
        self._pause_ticks = _AGAIN_TICKS

    def _tell(self) -> None:
        """What was chosen or said, into journal and ledger."""
        loop = self._loop
        treatment = loop.treatment
        chosen = loop.settings
        journal = loop.journal
        now_us = loop.now_us
        unsaved = treatment.unsaved
        treatment.unsaved = 0
        loop.ledger.stale = 1
        if unsaved >> _PATIENT & 1:
            journal.record(now_us, _PATIENT, treatment.patient, 0)
        if unsaved >> _PRODUCT & 1 and treatment.product:
            journal.texts(now_us, _PRODUCT, treatment.product.label, treatment.product.lot_label)
        if unsaved >> _ZONE & 1:
            journal.record(now_us, _ZONE, treatment.zone, chosen.points)
        if chosen.refusals:
            return
        needle = NEEDLES.index(chosen.needle)
        if unsaved >> _SETTINGS & 1:
            places = SYRINGES.index(chosen.syringe) | needle << 4 | treatment.zone << 8
            journal.record(now_us, _SETTINGS, places, chosen.dose_nl)
            journal.more(chosen.depth_um, chosen.burst_count, chosen.slot_us // 1000, chosen.points)
        if unsaved >> _NEEDLE & 1:
            journal.record(now_us, _NEEDLE, needle, 0)
