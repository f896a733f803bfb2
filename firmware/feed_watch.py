"""The watch over a feed: blocked needle, empty or missing syringe, air, found while the drop is being given."""

from micropython import const

from firmware import faults
from firmware.limits import TISSUE_MAX_PA
from firmware.outflow import Outflow

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.softness import Softness

_OCCLUDED_TICKS = const(10)
_STALLED_TICKS = const(250)  # 0.5 s, and eight R C, in which not a step's worth came out
_EMPTY_TICKS = const(8)
_EMPTY_PA = const(3000)  # tissue pushes back with 5 kPa at least


class FeedWatch:
    """One check a tick, after the fluid's update."""

    def __init__(self, fluid: "Fluid", softness: "Softness") -> None:
        self._fluid = fluid
        self._softness = softness
        self._outflow = Outflow(fluid)
        self._occluded_ticks = 0
        self._stalled_ticks = 0
        self._stalled_most_ticks = 0
        self._most_pl = 0
        self._empty_ticks = 0

    def begin(self) -> None:
        """A feed begins."""
        self._softness.begin()
        self._outflow.begin()
        self._occluded_ticks = 0
        self._stalled_ticks = 0
        self._stalled_most_ticks = _STALLED_TICKS + self._fluid.time_ticks16 // 2
        self._most_pl = self._fluid.delivered_pl
        self._empty_ticks = 0

    def check(self) -> int:
        """A mask of faults, 0 while all is well."""
        fluid = self._fluid
        found = 0
        if self._softness.feeding:
            self._softness.feed()
        if self._softness.found:
            found = faults.BUBBLE if fluid.pressure_pa > _EMPTY_PA else faults.NO_PRESSURE
        self._outflow.feed()
        if self._outflow.missing:
            found |= faults.NO_PRESSURE
        # Pressure that no tissue has, and no flow to explain it.
        self._occluded_ticks = self._occluded_ticks + 1 if fluid.tissue_pa > TISSUE_MAX_PA else 0
        # No progress although the dose is not complete: all that may be fed is in, and stays in.
        if fluid.delivered_pl > self._most_pl + fluid.pl_per_step:
            self._most_pl = fluid.delivered_pl
            self._stalled_ticks = 0
        self._stalled_ticks += 1
        if self._occluded_ticks >= _OCCLUDED_TICKS or self._stalled_ticks > self._stalled_most_ticks:
            found |= faults.OCCLUSION
        # Eight times the compliance would have to take up the liquid before it is certain that nothing resists.
        if fluid.pressure_pa > _EMPTY_PA:
            self._empty_ticks = 0
        elif fluid.displaced_pl > fluid.compliance_pl_per_kpa * 32:
            self._empty_ticks += 1
            if self._empty_ticks >= _EMPTY_TICKS:
                found |= faults.NO_PRESSURE
        return found
