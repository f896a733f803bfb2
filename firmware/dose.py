"""Dose: feed until the machine's own estimate says that the target has left the needle.

Two bounds hold the feed back: what will come out if everything stops now stays below the target (plus a small
allowance that relaxing takes back in time), and the pressure stays below the feed's ceiling.
"""

from micropython import const

from firmware import limits
from firmware.motion import braked_steps
from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.motion import Ramp

_LEAD_TICKS = const(1)  # flow goes on for this long before the plunger turns round; the trim learns the rest
_TURN_TICKS = const(4)  # and until nothing flows any more


class Dose:
    """The feed of one drop. `done` when the estimate reaches the target."""

    def __init__(self, ramp: "Ramp", fluid: "Fluid") -> None:
        self._ramp = ramp
        self._fluid = fluid
        self.done = 0
        self.ticks = 0
        self._target_pl = 0
        self._feed_to_pl = 0

    def begin(self, requested_pl: int, trim_pl: int) -> None:
        """A dose in pl, and how far to move the target. The fluid estimator has begun at the touch-off."""
        self.done = 0
        self.ticks = 0
        self._target_pl = requested_pl + trim_pl
        # Allowance: 5 % of the dose, less where liquid flows out faster than the plunger can take it back, and never so
        # much that the gate would have to step in.
        percent16 = min(80, self._fluid.time_ticks16 // _TURN_TICKS)
        gate_pl = limits.overdose_pl(requested_pl, self._fluid.pl_per_step) - trim_pl
        gate_pl -= self._fluid.compliance_pl_per_kpa * 20  # the gate counts with a smaller compliance
        self._feed_to_pl = self._target_pl + min(requested_pl // 1600 * percent16, max(gate_pl, 0) * 3 // 4)
        self._ramp.stop()

    def step(self) -> int:
        """One tick after the estimator's update: the steps to make now (0 or more)."""
        fluid = self._fluid
        self.ticks += 1
        pl_per_step = fluid.pl_per_step
        committed_pl = fluid.committed_pl()
        to_come_pl = min(fluid.flow_pl * _LEAD_TICKS, committed_pl - fluid.delivered_pl)
        if to_come_pl < 0:
            to_come_pl = 0
        if fluid.delivered_pl + to_come_pl >= self._target_pl - pl_per_step // 2:
            self.done = 1
            self._ramp.stop()
            return 0
        room_steps = (self._feed_to_pl - committed_pl + pl_per_step // 2) // pl_per_step
        if room_steps < 1:
            self._ramp.stop()
            return 0
        room_steps = braked_steps(room_steps)
        free_steps = self._free_steps()
        return self._ramp.forward(room_steps if room_steps < free_steps else free_steps)

    def _free_steps(self) -> int:
        """So much may go in now, or nothing: what flows out, and a quarter of the way to the ceiling."""
        fluid = self._fluid
        free_pl = per_thousand(fluid.compliance_pl_per_kpa, limits.FEED_PRESSURE_PA - fluid.pressure_pa) // 4
        if fluid.flow_pl > 0:
            free_pl += fluid.flow_pl
        return free_pl // fluid.pl_per_step if free_pl > 0 else 0
