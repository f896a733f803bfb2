"""A control with two independent contacts: the trigger (one opens, one closes) and the skin contact (both close)."""

from firmware.limits import DISAGREE_TICKS, PRESS_TICKS, QUIET_TICKS


class ContactPair:
    """Both contacts must agree. `on` is the debounced state, `both` is this tick's agreement that it is on.

    Any disagreement clears `both` in the same tick; longer than 20 ms it is `broken` (until they agree again; the fault
    that it causes is latched elsewhere). `rose` is true for the one tick in which `on` begins.
    """

    def __init__(self) -> None:
        self.on = 0
        self.both = 0
        self.rose = 0
        self.broken = 0
        self.steady = 0  # on, and as long as both stay on step() would change nothing
        self.off_ticks = 0  # how long both have said off, counted up to a minute
        self._on_ticks = 0
        self._differ_ticks = 0

    def step(self, first_on: int, second_on: int) -> None:
        """One tick: what each contact says (1 = on)."""
        self.rose = 0
        self.both = 0
        self.steady = 0
        if first_on != second_on:
            self.off_ticks = 0
            if not self.on:
                self._on_ticks = 0
            if self._differ_ticks < DISAGREE_TICKS:
                self._differ_ticks += 1
            else:
                self.broken = 1
            return
        self._differ_ticks = 0
        self.broken = 0
        if not first_on:
            self.on = 0
            self._on_ticks = 0
            if self.off_ticks < QUIET_TICKS:
                self.off_ticks += 1
            return
        self.both = 1
        self.off_ticks = 0
        if self._on_ticks < PRESS_TICKS:
            self._on_ticks += 1
            if self._on_ticks == PRESS_TICKS:
                self.on = 1
                self.rose = 1
        else:
            self.steady = 1
