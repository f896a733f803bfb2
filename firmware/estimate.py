"""The estimate of a drop that ends early: believed at the turn of the plunger, with bounds that hold the truth."""

from micropython import const

from firmware import faults, limits
from firmware.drop import FAULT, FAULTED
from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.drop import Drop
    from firmware.fluid import Fluid
    from firmware.scale import Scale

# The count of the plunger's steps, or a sensor, or the motor, was not what it seemed: neither is believed alone.
_DOUBTFUL = (
    faults.PRESSURE_SENSOR
    | faults.NEEDLE_SENSOR
    | faults.NEEDLE_DISAGREES
    | faults.DEPTH_EXCEEDED
    | faults.OVER_PRESSURE
    | faults.DOSE_EXCEEDED
    | faults.DOSE_COUNT
    | faults.NEEDLE_COUNT
    | faults.LATE_TICK
    | faults.SUPPLY
    | faults.DRIVER
    | faults.GATE
    | faults.MEMORY
)
_AIR = const(8)  # air in the syringe stores so many times what liquid does
_SPARE_STEPS = const(4)  # slack, from drop to drop
_USUAL_DROPS = const(1)  # drops that make something usual
_AT_REST_PA = const(3000)  # what a touch-off may leave stored


class Estimate:
    """Valid while the plunger only moves forward; `turn` freezes it."""

    def __init__(self, fluid: "Fluid", scale: "Scale") -> None:
        self._fluid = fluid
        self._scale = scale
        self._fed = 0
        self._believed_pl = 0
        self._stored_pl = 0
        self._displaced_pl = 0
        self._excess_pl = 0
        self._turn_steps = 0
        self._turn_pa = 0
        self._drawn_pl = 0
        self._below_pl = 0  # how much less it may be ...
        self._above_pl = 0  # ... or more
        self._usual_pl = 0  # believed less weighed
        self._given_back_pl = 0
        self._out = 0  # the needle has left the skin ...
        self._passed_pl = 0  # ... and so much may have passed it before

    def begin(self) -> None:
        """A drop is opened: nothing has been fed."""
        self._fed = 0
        self._out = 0

    def turn(self, position_steps: int) -> None:
        """The feed has ended, in whatever way, at this counted position."""
        fluid = self._fluid
        self._fed = 1
        self._believed_pl = fluid.delivered_pl
        self._displaced_pl = fluid.displaced_pl
        self._stored_pl = max(fluid.displaced_pl - fluid.delivered_pl, 0)
        self._excess_pl = max(fluid.committed_pl() - fluid.delivered_pl, 0)
        self._turn_steps = position_steps
        self._turn_pa = fluid.pressure_pa
        self._given_back_pl = 0

    def in_skin(self) -> None:
        """A tick after the turn, the tip still in the skin: what pressed at the turn at most may push liquid back."""
        fluid = self._fluid
        fallen_pa = max(self._turn_pa - fluid.pressure_pa, 0)
        self._given_back_pl += fallen_pa * 1250 // max(fluid.resistance_pa_per_nl, 1)  # R may be a quarter off

    def leave(self, position_steps: int) -> None:
        """The needle has left the skin: no tissue gives liquid back any more.

        What it gave is no more than what the plunger was pulled back beyond the fall of the pressure, and no more than
        the needle let through.
        """
        self._drawn_pl = min(self._back_pl(position_steps), self._given_back_pl)
        self._out = 1
        self._passed_pl = self._fluid.passed_pl

    def _back_pl(self, position_steps: int) -> int:
        """What being pulled back to this position displaced at most beyond what the falling pressure gave up, pl."""
        fluid = self._fluid
        least = fluid.compliance_pl_per_kpa
        least -= least // 4
        fallen_pa = max(self._turn_pa - fluid.pressure_pa, 0)
        back_pl = max(self._turn_steps - position_steps, 0) * fluid.pl_per_step - per_thousand(least, fallen_pa)
        return back_pl if back_pl > 0 else 0

    def counted_pl(self) -> int:
        """What the plunger displaced by its count, and one chunk: no more can have left, whatever a sensor says."""
        displaced_pl = self._displaced_pl if self._fed else self._fluid.displaced_pl
        return max(displaced_pl, 0) + limits.CHUNK_MAX_STEPS * self._fluid.pl_per_step

    def expected_pl(self) -> int:
        """The weight to expect of this drop, as believed and weighed have differed so far."""
        return self._believed_pl - (self._usual_pl if self._scale.weighed_drops else 0)

    def contradicts(self, weight_pl: int) -> bool:
        """Whether neither error of C nor liquid that the tissue gave back explains a weight.

        Such things hardly change from drop to drop: once some have been weighed, the difference from what they were is
        compared as well. By three quarters of what is stored it may change with the site.
        """
        missing_pl = self._believed_pl - weight_pl
        unsure_pl = self._scale.uncertainty_pl(self._fluid) + _SPARE_STEPS * self._fluid.pl_per_step
        if missing_pl > self._drawn_pl + self._stored_pl // 4 + unsure_pl:
            return True
        unsure_pl += self._stored_pl * 3 // 4
        return self._scale.weighed_drops >= _USUAL_DROPS and not -unsure_pl <= missing_pl - self._usual_pl <= unsure_pl

    def learn(self, weight_pl: int) -> None:
        """A drop was weighed, and the scale has counted it: what is usual."""
        self._usual_pl += (self._believed_pl - weight_pl - self._usual_pl) // self._scale.weighed_drops

    def close_contradicted(self, drop: "Drop", weight_pl: int, unsure_pl: int) -> None:
        """Close a drop whose weight, good to `unsure_pl`, is contradicted: nothing may have arrived, or all that was
        fed, and of air all that the needle let through."""
        drop.cause = FAULTED
        below_pl = max(weight_pl, unsure_pl)
        unsure_pl += max(self._believed_pl, self._through_pl(0), weight_pl) - weight_pl
        drop.close(FAULT, weight_pl, below_pl, unsure_pl)
        drop.count(self.counted_pl())

    def _through_pl(self, in_skin_ticks: int) -> int:
        """The most that the needle can have let through, even of air that swells, and lets through while it stays in
        the skin for so many ticks more; a quarter for what the resistance may be off, pl."""
        fluid = self._fluid
        passed_pl = self._passed_pl if self._out else fluid.passed_pl
        to_come_pl = max(fluid.pressure_pa, 0) * 1000 // max(fluid.resistance_pa_per_nl, 1) * in_skin_ticks
        return passed_pl + passed_pl // 4 + min(to_come_pl, limits.DOSE_MAX_NL * 1000)

    def close(self, drop: "Drop", result: int, position_steps: int, found: int, in_skin_ticks: int) -> None:
        """Close a drop that was not weighed; `found` is the mask of faults that ended it, and the needle stays in the
        skin for `in_skin_ticks` more.

        Below: a quarter of the stored volume (C may be wrong by so much), and what pulling back may have drawn out of
        the tissue. Above: that quarter, and all that was stored above the tissue's pressure.
        """
        if self._fed:
            self._bound(position_steps, found, in_skin_ticks)
        else:
            self._believed_pl = 0
            self._below_pl = 0
            # Tissue may have taken what the touch-off left stored.
            self._above_pl = per_thousand(self._fluid.compliance_pl_per_kpa, _AT_REST_PA + limits.REFERENCE_PA)
        self._record(drop, result)

    def _bound(self, position_steps: int, found: int, in_skin_ticks: int) -> None:
        """How far the truth may lie below and above what is believed."""
        unsure_pl = self._stored_pl // 4 + self._scale.uncertainty_pl(self._fluid)
        self._below_pl = self._back_pl(position_steps) + unsure_pl
        self._above_pl = self._excess_pl + unsure_pl
        if found & faults.BUBBLE:
            self._below_pl += _AIR * self._stored_pl
        if found & (faults.NO_PRESSURE | faults.BUBBLE):
            self._below_pl += max(self._believed_pl, 0)  # what was fed may have gone anywhere
            through_pl = self._through_pl(in_skin_ticks) - self._believed_pl  # and air pushes on
            self._above_pl = max(self._above_pl, through_pl)
        if found & (_DOUBTFUL | faults.OCCLUSION):
            # The pressure that keeps liquid back may be the sensor's alone: then all that was displaced has arrived ...
            self._above_pl = max(self._above_pl, self._fluid.displaced_pl + unsure_pl - self._believed_pl)
        if found & _DOUBTFUL:
            # ... or the count may be wrong: then nothing has, or all that the pressure can have driven through.
            self._below_pl = max(self._below_pl, self._believed_pl)
            self._above_pl = max(self._above_pl, self._through_pl(in_skin_ticks) - self._believed_pl)

    def _record(self, drop: "Drop", result: int) -> None:
        drop.close(result, self._believed_pl, self._below_pl, self._above_pl)
        drop.count(self.counted_pl())
