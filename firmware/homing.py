"""Homing: the needle outward only, slowly, until the switch says home; there the count begins."""

from micropython import const

from firmware import limits

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.needle import Needle


class Homing:
    """`done` at the switch, `failed` when the whole travel did not reach it."""

    def __init__(self, needle: "Needle") -> None:
        self._needle = needle
        self.done = False
        self.failed = False
        self._asked_steps = 0

    def begin(self) -> None:
        """From wherever the needle is."""
        self.done = False
        self.failed = False
        self._asked_steps = 0

    def step(self, home: int, counted_steps: int) -> int:
        """One tick: home switch and steps counted since power-on; the needle's steps (0 or less)."""
        if home:
            self._needle.set_home(counted_steps)
            self.done = True
            return 0
        self._asked_steps += limits.HOMING_CHUNK_STEPS
        if self._asked_steps > limits.HOMING_MOST_STEPS:
            self.failed = True
            return 0
        return self._needle.ramp.backward(limits.HOMING_CHUNK_STEPS)
