"""What is to be written to the journal on flash, in RAM until the device is disarmed. Nothing in it is ever written
over: what finds no room is counted, and the count is journalled as soon as there is room.

docs/journal.md has all kinds of records and their integers; tools/journal/kinds.py is the same for programs on a PC.
Whoever records one has its number as a private constant, which costs no memory.
"""

from array import array

from micropython import const

TAKEN = const(0)  # an event that the state allows: number of the state, of the event
ILLEGAL = const(1)  # one that it does not: nothing has changed
FAULTS = const(2)  # new faults: the state they came in, their mask
_LOST = const(4)
_WIDE = const(16)  # the first of the kinds that have six integers; those before have two

_SLOT = const(4)  # integers: time, kind, and two; the next slot holds the other four of a wide record
_PAIR = const(2 * _SLOT)
_LENGTH = const(80 * _SLOT)
_SPARE = const(14 * _SLOT)  # no drop is promised any of these
_MASK = const(0x3FFFFFFF)
# Of the events that a state allows, by their numbers in states.py: REWINDING, SERVICE_OPENED, RECOVERED. The others
# come and go with every drop and every touch of the trigger, or have a kind of their own.
_KEPT_EVENTS = const(1 << 5 | 1 << 13 | 1 << 15)


class JournalRing:
    """record(), more() and pass_time() allocate nothing; integers have 31 bits.

    `uptime_ms` begins with the first pass_time(), and goes on with every call of these, of which two are never more
    than 17.9 min apart; it wraps at 2^30.
    `lost` counts since the last keep(). `kept`: integers in the ring that are not on flash, 0 if there is nothing.
    """

    def __init__(self) -> None:
        self.uptime_ms = 0
        self.lost = 0
        self.kept = 0
        self.unread = 0  # of the kept ones: those that read() has still to give; the oldest come first
        self._then_us = -1  # when uptime_ms was counted; -1: the ticks are not known yet
        self._slots = array("i", [0] * _LENGTH)
        self._end = 0  # where the next slot goes
        self._waits = False  # the newest record has no more() yet

    def pass_time(self, now_us: int) -> None:
        """Ticks in us."""
        if self._then_us < 0:
            self._then_us = now_us
        past_us = now_us - self._then_us & _MASK
        self.uptime_ms = self.uptime_ms + past_us // 1000 & _MASK
        self._then_us = now_us - past_us % 1000 & _MASK

    def record(self, now_us: int, kind: int, first: int, second: int) -> None:
        """Write one. After one of a wide kind more() has to be called."""
        if self._then_us >= 0:
            self.pass_time(now_us)
        if kind == TAKEN and not _KEPT_EVENTS >> second & 1:
            return
        self._waits = self.kept <= (_LENGTH - _PAIR if kind >= _WIDE else _LENGTH - _SLOT)
        if self._waits:
            self._put(self.uptime_ms, kind, first, second)
        else:
            self.lost += 1

    def more(self, third: int, fourth: int, fifth: int, sixth: int) -> None:
        """The rest of the wide record just written, unless there was no room for it."""
        if self._waits:
            self._put(third, fourth, fifth, sixth)

    def _put(self, first: int, second: int, third: int, fourth: int) -> None:
        slots = self._slots
        at = self._end
        slots[at] = first
        slots[at + 1] = second
        slots[at + 2] = third
        slots[at + 3] = fourth
        self._end = (at + _SLOT) % _LENGTH
        self.kept += _SLOT

    def texts(self, now_us: int, kind: int, label: bytes, other: bytes) -> None:
        """Write one with two texts of at most 12 bytes instead of integers. Allocates: only in the background."""
        six = array("i", b"%-12s%-12s" % (label, other))
        self.record(now_us, kind, six[0], six[1])
        self.more(six[2], six[3], six[4], six[5])

    def room(self) -> int:
        """How many drops surely find room."""
        return max(_LENGTH - _SPARE - self.kept, 0) // _PAIR

    def read(self, integers: "list[int]") -> bool:
        """Copy the next of the unread records into the first eight: uptime_ms, kind, its own, and 0 for what it has
        not. False if there is none."""
        unread = self.unread
        if unread:
            at = self._end - unread
            wide = self._slots[at + 1] >= _WIDE  # a place below 0 counts from the end
            for place in range(_PAIR):
                integers[place] = self._slots[(at + place) % _LENGTH] if wide or place < _SLOT else 0
            self.unread = unread - (_PAIR if wide else _SLOT)
        return unread > 0

    def keep(self) -> None:
        """All but the unread ones are on flash, and their room is free."""
        self.kept = self.unread
        if self.lost and self.kept < _LENGTH:
            self.record(self._then_us, _LOST, self.lost, 0)
            self.lost = 0
