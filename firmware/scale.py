"""The machine's own scale: what one touch-off after another says about the drop between them, and what to learn from
it."""

from micropython import const

from firmware import limits
from firmware.units import per_thousand, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.touch_off import TouchOff

_MEMORY_DROPS = const(8)
_SLACK_SHORTER_STEPS = const(8)  # how fast the known slack may change: too long, and the fast part drips
_SLACK_LONGER_STEPS = const(2)
_SCREW_ERROR_UM16 = const(50)  # periodic error <= 1.5 um at both ends: 3.1 um, in sixteenths
_NOISE_PA = const(500)  # of a mean of twelve samples, both ends, generously


class Scale:
    """Anchor of the last touch-off, the weight of the drop since, and what drops have taught: trim and slack."""

    def __init__(self) -> None:
        self.fresh = 0  # touched, and nothing has moved since
        self.position_steps = 0
        self.pressure_pa = 0
        self.slack_steps = 0
        self.trim_pl = 0
        self.weight_pl = 0
        self.weighed_drops = 0

    def forget(self) -> None:
        """Another syringe, needle or setting: nothing learned holds."""
        self.fresh = 0
        self.slack_steps = 0
        self.trim_pl = 0
        self.weighed_drops = 0

    def anchor(self, touch: "TouchOff") -> None:
        """Take a touch-off as the reference of the next drop."""
        self.position_steps = touch.position_steps
        self.pressure_pa = touch.pressure_pa
        if self.slack_steps:
            self.slack_steps += within(touch.moved_steps - self.slack_steps, -_SLACK_SHORTER_STEPS, _SLACK_LONGER_STEPS)
        else:
            self.slack_steps = touch.moved_steps
        self.fresh = 1

    def weigh(self, touch: "TouchOff", fluid: "Fluid", lost_pl: int) -> None:
        """The liquid that left between the anchor and this touch-off, less `lost_pl` on the skin; then anchor here."""
        moved_pl = (touch.position_steps - self.position_steps) * fluid.pl_per_step
        self.weight_pl = moved_pl - per_thousand(fluid.compliance_pl_per_kpa, touch.pressure_pa - self.pressure_pa)
        self.weight_pl -= lost_pl
        self.anchor(touch)

    def teach(self, requested_pl: int, fluid: "Fluid") -> None:
        """Move the trim against the error of the drop just weighed."""
        if self.weighed_drops < _MEMORY_DROPS:
            self.weighed_drops += 1
        share = self.weighed_drops  # the mean of all errors so far, then of about the last eight
        # The trimmed target stays below what the gate allows at 80 kPa of tissue, by 1 % and four steps.
        most_pl = limits.overdose_pl(requested_pl, fluid.pl_per_step) - requested_pl // 100
        most_pl -= 4 * fluid.pl_per_step + fluid.compliance_pl_per_kpa * 20
        self.trim_pl = within(self.trim_pl - (self.weight_pl - requested_pl) // share, -most_pl, most_pl)

    def uncertainty_pl(self, fluid: "Fluid") -> int:
        """How far the truth may lie from a weight: screw error and noise of the two touch-offs."""
        # A step is 5/16 um: um16 / 5 steps.
        screw_pl = _SCREW_ERROR_UM16 * fluid.pl_per_step // 5
        return screw_pl + fluid.pl_per_step + per_thousand(fluid.compliance_pl_per_kpa, _NOISE_PA)
