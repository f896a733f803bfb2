"""The knob: a rotary encoder with a push contact. Three contacts to ground, polled once a tick.

The contacts A and B follow a Gray code: both open at rest, then A, A and B, B, both open again is one detent clockwise.
Between two polls a fast turn may pass a state unseen. Then the next state is two away, which either direction explains.
"""

from machine import Pin
from micropython import const

# Bits of what is read of the three contacts; 1 = closed. The same as those of the expander's port.
A = const(1)
B = const(2)
PUSH = const(4)

_STATES_A_DETENT = const(4)
# A turn that is fast enough to pass a state between two polls (2 ms; contacts bounce for up to 2 ms) changes state at
# least every 4 ms, and shows a change at the latest every 4 polls. What is as old as this says nothing of such a turn.
_RECENT_POLLS = const(8)


class Detents:
    """Counts detents from the states of A and B, one `step` a poll. `turned`: signed detents that nobody has taken yet.

    A detent counts when the knob rests again, so a contact that bounces changes nothing: it goes back and forth within
    a detent. A state that was passed unseen is made up for in the direction that the knob turned in just before or
    turns in just after; without either nothing is counted until the knob has rested.
    """

    def __init__(self) -> None:
        self.turned = 0
        self._state = 0
        self._offset = 0  # states since the last rest, signed
        self._direction = 0
        self._skipped = 0  # states passed in a direction not known yet: 2 for each leap
        self._polls = _RECENT_POLLS  # since the last change
        self._lost = True  # where the knob is in its detent is known from the next rest on

    @property
    def rests(self) -> bool:
        """True while the knob lies in a detent and has done so for a while."""
        return self._state == 0 and self._polls >= _RECENT_POLLS

    def step(self, contacts: int) -> None:
        """Takes one reading of the contacts: the bits A and B, 1 = closed; others are not looked at."""
        state = (contacts ^ contacts >> 1) & 1 | contacts & B
        change = (state - self._state) & 3
        if change == 0:
            if self._polls < _RECENT_POLLS:
                self._polls += 1
            elif state == 0 or self._skipped:
                self.lose()
            return
        self._state = state
        if change == 2:
            self._leap()
        else:
            self._move(1 if change == 1 else -1)
        self._polls = 0
        if self._lost and state == 0:
            self._lost = False
            self._offset = 0

    def lose(self) -> None:
        """Forgets what it knew of the current detent, as states may have gone by that nobody saw."""
        self._skipped = 0
        self._direction = 0
        self._offset = 0
        self._lost = self._state != 0

    def _move(self, way: int) -> None:
        # A contact that bounces shows a state, the one before, and the state again, one poll each: no turn back.
        if way == self._direction or self._polls > 0:
            self._direction = way
        self._count(way * (1 + self._skipped))
        self._skipped = 0

    def _leap(self) -> None:
        if self._polls < _RECENT_POLLS and self._direction:
            self._count(2 * self._direction)
        else:
            self._skipped += 2

    def _count(self, states: int) -> None:
        if self._lost:
            return
        self._offset += states
        if self._offset >= _STATES_A_DETENT:
            self._offset -= _STATES_A_DETENT
            self.turned += 1
        elif self._offset <= -_STATES_A_DETENT:
            self._offset += _STATES_A_DETENT
            self.turned -= 1


class Knob:
    """The three contacts on pins of their own."""

    def __init__(self, pins) -> None:
        self._a = Pin(pins.KNOB_A, Pin.IN, Pin.PULL_UP)
        self._b = Pin(pins.KNOB_B, Pin.IN, Pin.PULL_UP)
        self._push = Pin(pins.KNOB_PUSH, Pin.IN, Pin.PULL_UP)

    def contacts(self) -> int:
        """The bits A, B and PUSH, 1 = closed. A broken wire reads as open."""
        return (1 - self._a()) | (1 - self._b()) << 1 | (1 - self._push()) << 2
