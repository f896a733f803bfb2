"""Relax: take back what is stored elastically, so that nothing hangs on the needle when it leaves the skin.

The distance is nearly known beforehand: the stored volume, and the slack of the reversal (backlash, friction wound up
in the drive) as the last touch-off found it. Most of it is run at speed, the rest by the pressure.
"""

from micropython import const

from firmware.touch_off import SLACK_MAX_STEPS
from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.motion import Ramp

_LOOK_TICKS = const(4)
_SETTLE_TICKS = const(1)
_SPARE_STEPS = const(8)
_RELAXED_PA = const(100)  # nothing is stored any more
_SUCTION_PA = const(-900)  # the fast part stops here
_DEEPEST_PA = const(-20000)  # no chunk may pull further, even if the slack is shorter than it was


class Relax:
    """One reversal, needle still in the skin. `done` when nothing is stored.

    moved_steps: steps made back so far, >= 0.
    """

    def __init__(self, ramp: "Ramp", fluid: "Fluid") -> None:
        self._ramp = ramp
        self._fluid = fluid
        self.done = 0
        self.moved_steps = 0
        self._start_steps = 0
        self._plan_steps = 0
        self._most_steps = 0
        self._enough_pl = 0
        self._sum_pa = 0
        self._samples = 0

    def begin(self, position_steps: int, slack_steps: int, enough_pl: int) -> None:
        """Start at the end of the feed, at a counted position; slack to expect in steps, 0 if unknown.

        Less than `enough_pl` stored is not worth waiting for. More steps than slack and stored volume explain are never
        made: then the tissue gives liquid back, and pulling would only empty it.
        """
        fluid = self._fluid
        self.done = 0
        self.moved_steps = 0
        self._start_steps = position_steps
        stored_pl = max(fluid.stored_pl(fluid.pressure_pa), 0)
        flowing_pl = max(fluid.committed_pl() - fluid.delivered_pl, 0)  # leaves by itself, into the tissue
        self._plan_steps = (slack_steps + max(stored_pl - flowing_pl, 0) // fluid.pl_per_step) * 15 // 16
        self._most_steps = (slack_steps if slack_steps else SLACK_MAX_STEPS) + _SPARE_STEPS
        self._most_steps += stored_pl // fluid.pl_per_step * 5 // 4
        self._enough_pl = enough_pl
        self._look()
        self._ramp.stop()

    def ticks_to_go(self) -> int:
        """About how long the planned part still takes."""
        return max(self._plan_steps - self.moved_steps, 0) // 25 + 3

    def low(self, pressure_pa: int) -> bool:
        """Whether the needle may leave: little is stored at this pressure, or all was done that should have taken it
        back."""
        if self.done or self.moved_steps >= self._plan_steps:
            return True
        return self._fluid.stored_pl(pressure_pa) <= self._enough_pl

    def step(self, position_steps: int, pressure_pa: int) -> int:
        """One tick: the steps to make now (0 or less)."""
        if self.done:
            return 0
        self.moved_steps = self._start_steps - position_steps
        if pressure_pa > _SUCTION_PA:
            go_steps = self._steps_to_go(pressure_pa)
            if go_steps >= 2:
                self._look()
                return self._ramp.toward(-min(go_steps, self._deepest_steps(pressure_pa)))
        return self._creep(pressure_pa)

    def _steps_to_go(self, pressure_pa: int) -> int:
        """At speed: as planned, or as what is stored asks for."""
        fluid = self._fluid
        near_steps = fluid.stored_pl(pressure_pa) * 11 // (16 * fluid.pl_per_step)
        return min(max(self._plan_steps - self.moved_steps, near_steps), self._most_steps - self.moved_steps)

    def _deepest_steps(self, pressure_pa: int) -> int:
        """So many, one at least, would suck as hard as is allowed if no slack were left."""
        fluid = self._fluid
        deepest_pl = per_thousand(fluid.compliance_pl_per_kpa, pressure_pa - _DEEPEST_PA)
        return max(deepest_pl // fluid.pl_per_step, 1)

    def _creep(self, pressure_pa: int) -> int:
        """A step back, and a look, until the pressure says that nothing is stored."""
        self._samples += 1
        if self._samples > 0:
            self._sum_pa += pressure_pa
        if self._samples < _LOOK_TICKS:
            self._ramp.stop()
            return 0
        mean_pa = self._sum_pa // _LOOK_TICKS
        self._look()
        if mean_pa <= _RELAXED_PA:
            self.done = 1
            return 0
        if self.moved_steps >= self._most_steps:
            return 0
        return self._ramp.backward(1)

    def _look(self) -> None:
        """Begin a new mean of the pressure."""
        self._sum_pa = 0
        self._samples = -_SETTLE_TICKS
