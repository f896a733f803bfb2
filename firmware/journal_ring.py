"""The newest events, in RAM: what the device did, and what was asked of it and refused."""

from micropython import const

TAKEN = const(0)  # an event that the state allows: number of the state, of the event
ILLEGAL = const(1)  # one that it does not: nothing has changed
FAULTS = const(2)  # new faults: the state they came in, their mask
KINDS = ("taken", "illegal", "faults")

_RECORDS = const(32)
_FIELDS = const(4)


class JournalRing:
    """The last 32 records of (ticks in us, kind, two numbers); `written` counts all there ever were.

    record() allocates nothing.
    """

    def __init__(self) -> None:
        self.written = 0
        self._slots = [0] * (_RECORDS * _FIELDS)

    def record(self, now_us: int, kind: int, first: int, second: int) -> None:
        """Write one over the oldest."""
        slots = self._slots
        at = self.written % _RECORDS * _FIELDS
        slots[at] = now_us
        slots[at + 1] = kind
        slots[at + 2] = first
        slots[at + 3] = second
        self.written += 1

    def newest(self, back: int) -> "tuple[int, ...]":
        """The record `back` (0: the newest) before the end. IndexError if it was never written, or written over."""
        if not 0 <= back < min(self.written, _RECORDS):
            raise IndexError(back)
        at = (self.written - 1 - back) % _RECORDS * _FIELDS
        return tuple(self._slots[at : at + _FIELDS])
