"""The estimate of a drop that ends early: believed at the turn of the plunger, with bounds that hold the truth."""

from micropython import const

from firmware import faults, limits
from firmware.units import per_thousand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drop import Drop
    from firmware.fluid import Fluid
    from firmware.scale import Scale

_AIR = const(8)  # air in the syringe stores so many times what liquid does
_AT_REST_PA = const(3000)  # what a touch-off may leave stored


class Estimate:
    """Valid while the plunger only moves forward; `turn` freezes it."""

    def __init__(self, fluid: "Fluid", scale: "Scale") -> None:
        self._fluid = fluid
        self._scale = scale
        self._fed = 0
        self._believed_pl = 0
        self._stored_pl = 0
        self._excess_pl = 0
        self._turn_steps = 0
        self._turn_pa = 0
        self._pulled_pl = 0

    def begin(self) -> None:
        """A drop is opened: nothing has been fed."""
        self._fed = 0

    def turn(self, position_steps: int) -> None:
        """The feed has ended, in whatever way, at this counted position."""
        fluid = self._fluid
        self._fed = 1
        self._believed_pl = fluid.delivered_pl
        self._stored_pl = max(fluid.elastic_pl, 0)
        self._excess_pl = max(fluid.committed_pl() - fluid.delivered_pl, 0)
        self._turn_steps = position_steps
        self._turn_pa = fluid.pressure_pa

    def leave(self, position_steps: int) -> None:
        """The needle has left the skin: no tissue gives liquid back any more."""
        self._pulled_pl = max(self._turn_steps - position_steps, 0) * self._fluid.pl_per_step

    def contradicts(self, weight_pl: int) -> bool:
        """Whether a weight is below what can be explained: error of C, and all that was pulled back in the skin."""
        unsure_pl = self._stored_pl // 4 + self._scale.uncertainty_pl(self._fluid)
        return weight_pl < self._believed_pl - self._pulled_pl - unsure_pl

    def above_pl(self, weight_pl: int) -> int:
        """How far above such a weight the truth may lie: what was fed, and air that came in and swelled."""
        return max(self._believed_pl - weight_pl, 0) + 2 * self._stored_pl

    def close(self, drop: "Drop", result: int, position_steps: int, found: int) -> None:
        """Close a drop that was not weighed; `found` is the mask of faults that ended it.

        Below: a quarter of the stored volume (C may be wrong by so much), and what pulling back may have drawn out of
        the tissue. Above: that quarter, and all that was stored above the tissue's pressure.
        """
        fluid = self._fluid
        compliance = fluid.compliance_pl_per_kpa
        if not self._fed:
            # Tissue may have taken what the touch-off left stored.
            drop.close(result, 0, 0, per_thousand(compliance, _AT_REST_PA + limits.REFERENCE_PA))
            return
        fallen_pa = max(self._turn_pa - fluid.pressure_pa, 0)
        pulled_pl = max(self._turn_steps - position_steps, 0) * fluid.pl_per_step
        below_pl = max(pulled_pl - per_thousand(compliance - compliance // 4, fallen_pa), 0)
        unsure_pl = self._stored_pl // 4 + self._scale.uncertainty_pl(fluid)
        if found & faults.BUBBLE:
            unsure_pl += _AIR * self._stored_pl  # and gives it back as the pressure falls
        if found & (faults.NO_PRESSURE | faults.BUBBLE):
            below_pl += max(self._believed_pl, 0)  # what was fed may have gone anywhere
        drop.close(result, self._believed_pl, below_pl + unsure_pl, self._excess_pl + unsure_pl)
