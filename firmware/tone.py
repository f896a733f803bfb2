"""What the device says that is no alarm: a drop or a prime is done, was aborted, a fault; a click of the knob, a value
refused, armed, switched on. Each stands for 200 ms; how it sounds is in signals.py."""

from micropython import const

NONE = const(0)
DONE = const(1)
ABORTED = const(2)
FAULT = const(3)
CLICK = const(4)
REFUSED = const(5)
ARMED = const(6)
STARTED = const(7)
_TICKS = const(100)


class Tone:
    """The tone of this tick in `code`. `begun` counts tones, 0..255 and round again, so that none is missed."""

    def __init__(self) -> None:
        self.code = NONE
        self.begun = 0
        self._ticks = 0

    def sound(self, code: int) -> None:
        """Begin a tone; a later one replaces it."""
        self.code = code
        self.begun = self.begun + 1 & 255
        self._ticks = _TICKS

    def step(self) -> None:
        """One tick passes."""
        if self._ticks:
            self._ticks -= 1
        else:
            self.code = NONE
