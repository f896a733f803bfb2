"""Departure: needle and plunger start back so that the pressure has just fallen when the needle leaves the skin.

Until the plunger turns, the tissue's own pressure holds the liquid where it is; from then on tissue may give liquid
back, so that is kept short. What is still stored when the needle leaves ends on the skin.
"""

from micropython import const

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.leak import Leak
    from firmware.needle import Needle
    from firmware.relax import Relax

_UM_PER_TICK = const(200)  # needle at full speed
_RAMP_TICKS = const(2)  # lost to its ramp
_LAST_UM = const(150)  # so far up it comes while the pressure still falls
_MOST_TICKS = const(60)  # then it leaves, whatever hangs on it
_STAYS = const(0)
_RISES = const(1)
_LEAVES = const(2)


class Departure:
    """From the end of the feed until the tip is in air (`out`). Proposes `dose_steps`, `needle_steps` (0 or less)."""

    def __init__(self, fluid: "Fluid", relax: "Relax", needle: "Needle", leak: "Leak") -> None:
        self._fluid = fluid
        self._relax = relax
        self._needle = needle
        self._leak = leak
        self.out = False
        self.dose_steps = 0
        self.needle_steps = 0
        self._way = _STAYS
        self._ticks = 0
        self._depth_um = 0
        self._to_um = 0

    def begin(self, depth_um: int, to_um: int) -> None:
        """From a depth to a place outside the skin (um, negative); `relax` has begun."""
        self.out = False
        self._way = _STAYS
        self._ticks = 0
        self._depth_um = depth_um
        self._to_um = to_um

    def step(self, position_steps: int) -> None:
        """One tick at this counted plunger position."""
        relax = self._relax
        self.dose_steps = 0
        self.needle_steps = 0
        self._ticks += 1
        leave_ticks = self._leave_ticks()
        relax_ticks = relax.ticks_to_go()
        if relax.moved_steps or leave_ticks <= relax_ticks:
            self.dose_steps = relax.step(position_steps, self._fluid.pressure_pa)
        self._choose_way(relax_ticks <= leave_ticks or relax.done == 1)
        if self._way != _STAYS:
            self._rise(position_steps)

    def _leave_ticks(self) -> int:
        """How long the needle needs to the surface, if it starts now."""
        depth_um = self._needle.counted_um
        ramp_ticks = _RAMP_TICKS if self._way == _STAYS else 0
        return (depth_um // _UM_PER_TICK if depth_um > 0 else 0) + ramp_ticks

    def _choose_way(self, time_to_rise: int) -> None:
        """Up to just below the surface in time, and out once little is stored."""
        late = self._ticks > _MOST_TICKS
        if self._way == _STAYS and (time_to_rise or late):
            self._way = _RISES
            self._needle.go(min(_LAST_UM, self._depth_um // 2))
        if self._way == _RISES and (self._relax.low(self._fluid.pressure_pa) or late):
            self._way = _LEAVES
            self._needle.go(self._to_um)

    def _rise(self, position_steps: int) -> None:
        """A tick of the needle's way."""
        needle = self._needle
        self.needle_steps = needle.step()
        if needle.counted_um >= 0:
            self._leak.in_skin(position_steps)
        else:
            self._leak.leave(position_steps)
            self.out = True
