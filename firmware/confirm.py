"""The CONFIRM button: a short press counts when it is let go, a hold as soon as it is long enough."""

from firmware import limits


class Confirm:
    """`short` and `held` are true for the one tick in which they happen."""

    def __init__(self) -> None:
        self.short = 0
        self.held = 0
        self.quiet = 0  # as long as it stays up step() would change nothing
        self._ticks = 0
        self._open_ticks = 0

    def step(self, pressed: int) -> None:
        """One tick: 1 = pressed."""
        self.short = 0
        self.held = 0
        self.quiet = not pressed and not self._ticks
        if pressed:
            self._open_ticks = 0
            self._ticks = min(self._ticks + 1, limits.HOLD_TICKS + 1)
            self.held = self._ticks == limits.HOLD_TICKS
            return
        self._open_ticks += 1
        if self._ticks < limits.CONFIRM_TICKS or self._open_ticks >= limits.LET_GO_TICKS:
            self.short = limits.CONFIRM_TICKS <= self._ticks < limits.HOLD_TICKS
            self._ticks = 0
            self._open_ticks = 0

    def void(self) -> None:
        """A press that is under way counts for nothing: it began when something else was asked."""
        self.short = 0
        if self._ticks:
            self._ticks = limits.HOLD_TICKS + 1
