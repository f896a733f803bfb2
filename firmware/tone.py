"""What the buzzer says: a drop or a prime is done, was aborted, a fault. Each for 200 ms."""

from micropython import const

NONE = const(0)
DONE = const(1)
ABORTED = const(2)
FAULT = const(3)
_TICKS = const(100)


class Tone:
    """The tone of this tick in `code`."""

    def __init__(self) -> None:
        self.code = NONE
        self._ticks = 0

    def sound(self, code: int) -> None:
        """Begin a tone; a later one replaces it."""
        self.code = code
        self._ticks = _TICKS

    def step(self) -> None:
        """One tick passes."""
        if self._ticks:
            self._ticks -= 1
        else:
            self.code = NONE
