"""The ledger: what was given, to whom, and what may be given next; kept so that no loss of power repeats or forgets it.

Intent before motion. A reservation of so many drops lies on flash before the device arms; each drop is in the mark, in
memory that a reset leaves alone, before it moves; disarming replaces the reservation by the totals. What a boot finds
open it closes as far as the mark knows, else as if all of it had been given, and somebody has to take note before
anything moves. Every number is the most that can be true.
"""

from array import array

from micropython import const

from firmware.drop import OPEN

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.drop import Drop
    from firmware.journal_ring import JournalRing
    from firmware.settings import Settings
    from firmware.treatment import Treatment

SAVING = const(1 << 0)  # what was given could not be written
JOURNAL_FULL = const(1 << 1)
DROPS_UNCERTAIN = const(1 << 2)  # a boot found a reservation open, and nobody has taken note
STORE_BAD = const(1 << 3)  # one slot of the ledger is damaged: it may have been the newer one
FILES_CHANGED = const(1 << 4)  # records that were written are missing, or others
NO_KEYS = const(1 << 5)
WORDS = b"saving|journal_full|drops_uncertain|store_bad|files_changed|no_keys"
"""Troubles: the word for each bit. The highest of them is shown."""

NOTHING_OPEN = const(0)  # what a boot found ...
MARKED = const(1)  # ... a reservation, and the mark of its drops
UNMARKED = const(2)  # ... a reservation alone

_DROP = const(19)  # in the journal
_MAGIC = const(0x2B1E55ED)
_WORDS = const(8)  # of the mark; behind them as many that check them
_HEAD = const(10)  # integers of the payload before the treatment's


class Ledger:
    """ask(), end() and note() belong to the tick; payload(), written() and grant() to the background; restore() to the
    boot. Volumes in nl.

    `troubles`: what is wrong with the records. `asked`: the number of the reservation that is wanted, 0 if none is;
    `granted`: it is on record, the device may arm. It is for `drops`, each at most `drop_nl`; `left` are not begun.
    `mark` (kind, boot, reservation, drops begun, closed, delivered, most nl, newest drop; each twice) is to be kept
    whenever `mark_due`, before anything moves. `found`, until somebody takes note: what a boot
    found, by which `sure_drops` at least and `most_drops` at most, `most_nl` in all, had been given.
    """

    def __init__(self, drop: "Drop", settings: "Settings", treatment: "Treatment") -> None:
        self._drop = drop
        self._settings = settings
        self._treatment = treatment
        self.troubles = 0
        self.boots = 1
        self.number = 0  # of the newest reservation
        self.asked = 0
        self.granted = 0
        self.drops = 0
        self.drop_nl = 0
        self.left = 0
        self.mark = array("i", [0] * (2 * _WORDS))
        self.mark_due = 0
        self.journalled = 0  # the sequence of the newest record on flash, as whoever keeps the journal says
        self.stale = 1  # the flash knows less
        self.found = NOTHING_OPEN
        self.sure_drops = 0
        self.most_drops = 0
        self.most_nl = 0
        self.open_number = 0  # of the reservation that the flash may hold; 0: none
        self._writing = 0  # of the one that is being written
        self._begun_before = 0
        self._delivered_before = 0
        self._before_nl = 0

    # --- in the tick ------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """A reservation is wanted."""
        self.number += 1
        self.asked = self.number

    def stands(self, position_steps: int) -> bool:
        """Whether a reservation is granted, and what it was asked for has not changed."""
        if not self.granted or self.drop_nl != self._settings.drop_most_nl():
            return False
        return 0 < self.drops <= self._treatment.drops_left(position_steps)

    def end(self) -> None:
        """No reservation is wanted or used any more. One that is on flash, or still comes there, is to be closed."""
        self.asked = 0
        self.granted = 0
        self.left = 0

    def note(self, now_us: int, journal: "JournalRing") -> None:
        """A drop was opened or closed, at this time: into the mark. A closed one goes into the journal too."""
        drop = self._drop
        self._mark_drops(drop)
        if drop.result != OPEN:
            journal.record(now_us, _DROP, drop.number, drop.requested_nl)
            details = drop.depth_um | drop.result << 16 | drop.cause << 20
            journal.more(details, drop.reported_nl, drop.reported_min_nl, drop.reported_max_nl)

    def _mark_drops(self, drop: "Drop") -> None:
        """All drops of this reservation; an open one counts with its most."""
        mark = self.mark
        begun = drop.number - self._begun_before
        most_nl = drop.total_most_nl - self._before_nl
        self.left = self.drops - begun
        mark[3] = mark[4] = begun
        if drop.result == OPEN:
            mark[4] = begun - 1
            most_nl += self.drop_nl
        mark[5] = drop.delivered - self._delivered_before
        mark[6] = most_nl
        mark[7] = drop.number
        drop.changed = 0
        for word in range(_WORDS):
            mark[word + _WORDS] = ~mark[word]
        self.mark_due = 1

    # --- in the background, while disarmed --------------------------------------------------------------------------

    def closing(self) -> bool:
        """The flash may hold a reservation that is over."""
        return self.open_number != 0 and self.open_number != self.asked and not self.granted

    def due(self) -> bool:
        """Whether there is something to write."""
        if self.granted:
            return False
        return self.asked != self.open_number if self.asked else self.stale > 0 or self.closing()

    def payload(self, position_steps: int, room: int) -> bytes:
        """What is to be written next: the totals, and the reservation that is wanted once none is open, for as many
        drops as are left at this counted plunger position, and as find room in the journal. Then its mark is due before
        the flash."""
        drop = self._drop
        self._writing = 0 if self.closing() else self.asked
        if self._writing:
            self.drops = min(self._treatment.drops_left(position_steps), room)
            self.drop_nl = self._settings.drop_most_nl()
            self._begun_before = drop.number
            self._delivered_before = drop.delivered
            self._before_nl = drop.total_most_nl
            mark = self.mark
            mark[0] = _MAGIC
            mark[1] = self.boots
            mark[2] = self._writing
            self._mark_drops(drop)
        kept = [self.boots, self.number, self.drops if self._writing else 0, self.drop_nl, drop.number, self.journalled]
        kept += [self.found, self.sure_drops, self.most_drops, self.most_nl]
        return bytes(array("i", kept + self._treatment.totals()))

    def written(self, safely: bool) -> None:
        """The payload is on flash; or nobody knows what is, and the reservation in it is not used."""
        if safely:
            self.troubles &= ~SAVING
            self.open_number = self._writing
            self.stale = 0
        else:
            self.troubles |= SAVING
            self.stale = 1
            if self._writing:
                self.open_number = self._writing
                self.end()

    def grant(self) -> None:
        """All that has to be on flash is. What nobody wants any more stays ungranted."""
        if self.asked and self.asked == self.open_number:
            self.granted = 1
            self.asked = 0
            self.left = self.drops

    def take_note(self) -> None:
        """Somebody has read what is uncertain, and goes on."""
        self.found = NOTHING_OPEN
        self.troubles &= ~(DROPS_UNCERTAIN | STORE_BAD)
        self.stale = 1

    def doubt(self) -> None:
        """What was restored may not have been the newest."""
        self.troubles |= STORE_BAD
        if not self.found:
            self.found = UNMARKED

    # --- at boot ----------------------------------------------------------------------------------------------------

    def restore(self, payload: bytes, mark: bytes) -> None:
        """Go on where the newest payload on flash ended, and with what the mark knows beyond it. The product that was
        in use still is, until somebody puts it away."""
        kept = list(array("i", payload))
        drop = self._drop
        treatment = self._treatment
        self.boots = kept[0] + 1
        self.number = kept[1]
        self.drop_nl = kept[3]
        drop.number = self._begun_before = kept[4]
        self.journalled = kept[5]
        self.found = kept[6]
        self.sure_drops = kept[7]
        self.most_drops = kept[8]
        self.most_nl = kept[9]
        treatment.restore(kept[_HEAD:])
        self._delivered_before = drop.delivered
        self._before_nl = drop.total_most_nl
        if kept[2]:
            self._settle(kept, array("i", mark) if len(mark) == 4 * 2 * _WORDS else self.mark)
        if self.found:
            self.troubles |= DROPS_UNCERTAIN

    def _settle(self, kept: "list[int]", mark: "array[int]") -> None:
        """A reservation is open: count what the mark says; without a mark of this very reservation all of it."""
        drop = self._drop
        self.open_number = self.number
        if _is_whole(mark) and mark[1] == kept[0] and mark[2] == kept[1]:
            self.found = MARKED
            self.most_drops = mark[3]
            self.sure_drops = mark[4]
            self.mark = mark
            drop.delivered += mark[5] + mark[3] - mark[4]  # an open one may have been
            self.most_nl = mark[6]
        else:
            self.found = UNMARKED
            self.most_drops = kept[2]
            self.sure_drops = 0
            drop.delivered += kept[2]
            self.most_nl = kept[2] * kept[3]
        drop.number += self.most_drops
        drop.total_most_nl += self.most_nl


def _is_whole(mark: "array[int]") -> bool:
    """Whether each word is there twice; zeros are not."""
    for word in range(_WORDS):
        if mark[word] != ~mark[word + _WORDS]:
            return False
    return mark[0] == _MAGIC
