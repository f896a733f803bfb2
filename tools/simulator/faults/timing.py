"""Time that goes wrong: ticks that come late, a program that hangs, a clock that jumps or runs at another speed."""

from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import EVERY, SOME
from tools.simulator.faults.row import Row

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

_TICK_US = 2000


class Stall(Fault):
    """The program loses `us`, once, or `again` in every tick. More than the watchdog allows ends in a reset."""

    met_by_restart = True

    def __init__(self, us: int, again: bool = False) -> None:
        super().__init__()
        self._us = us
        self._again = again

    def strike(self, loop: "Any") -> None:
        """In the next call into the hardware."""
        super().strike(loop)
        self.world.stall(self._us)

    def after_tick(self, loop: "Any") -> None:
        """Met when a tick was late."""
        if loop.inputs.late_us > min(self._us, _TICK_US) // 4:
            self.applied = True
        if self._again:
            self.world.stall(self._us)


class ClockJump(Fault):
    """The microsecond counter is another one from now on, by `us`."""

    def __init__(self, us: int) -> None:
        super().__init__()
        self._us = us

    def strike(self, loop: "Any") -> None:
        """Now."""
        super().strike(loop)
        chip = self.world.chip
        chip.ticks_offset_us += self._us
        self.applied = True


class ClockSpeed(Fault):
    """The microsecond counter runs fast (or slow) by so many us in every tick."""

    def __init__(self, us_per_tick: int) -> None:
        super().__init__()
        self._us_per_tick = us_per_tick

    def after_tick(self, loop: "Any") -> None:
        """A little more."""
        self.world.chip.ticks_offset_us += self._us_per_tick
        self.applied = True


def rows() -> "list[Row]":
    """Late, hanging, jumping, fast and slow."""
    found: "list[Row]" = []
    for name, says, where, make, given in (
        ("tick_late", "One tick comes about 3 ms late.", EVERY, Stall, (4500,)),
        ("tick_very_late", "One tick comes 100 ms late.", EVERY, Stall, (100_000,)),
        ("ticks_always_late", "Every tick comes 0.6 ms late.", SOME, Stall, (2000, True)),
        ("program_hangs", "The program hangs: the watchdog resets the chip.", EVERY, Stall, (600_000,)),
        ("clock_jumps_ahead", "The microsecond counter jumps ahead by a second.", EVERY, ClockJump, (1_000_000,)),
        ("clock_jumps_back", "The microsecond counter jumps back by 0.1 s.", EVERY, ClockJump, (-100_000,)),
        ("clock_jumps_far_back", "The microsecond counter jumps back by 10 s.", SOME, ClockJump, (-10_000_000,)),
        ("clock_fast", "The microsecond counter runs 5 % fast.", SOME, ClockSpeed, (100,)),
        ("clock_slow", "The microsecond counter runs 5 % slow.", SOME, ClockSpeed, (-100,)),
    ):
        found.append(Row("time", name, says, where, make, *given))
    return found
