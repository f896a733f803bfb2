"""The machine's own scale: what one touch-off after another says about the drop between them, and what to learn from
it."""

from micropython import const

from firmware import limits
from firmware.units import per_thousand, within

TYPE_CHECKING = const(False)
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
        self.behind = 0  # turned only: the slack is still in front of the plunger
        self.position_steps = 0
        self.pressure_pa = 0
        self.slack_steps = 0
        self.trim_pl = 0
        self.weight_pl = 0
        self.weighed_drops = 0
        self._turn_steps = 0  # of the turn before the anchor
        self._turn_pa = 0
        self._next_turn_steps = 0  # of the newest turn
        self._next_turn_pa = 0
        self._seal = 0  # over what must not change by itself

    def intact(self) -> bool:
        """Whether the next drop begins from what was measured; memory may fail."""
        return self._seal == self._sum()

    def _close(self, sound: bool) -> None:
        """Seal what is there now; what was not intact before its last change stays so until it is forgotten."""
        self._seal = self._sum() if sound else ~self._sum()

    def _sum(self) -> int:
        return self.position_steps ^ self.pressure_pa ^ self.slack_steps ^ self.trim_pl

    def forget(self) -> None:
        """Another syringe, needle or setting: nothing learned holds."""
        self.fresh = 0
        self.slack_steps = 0
        self.trim_pl = 0
        self.weighed_drops = 0
        self._seal = self._sum()

    def untrim(self) -> None:
        """Another dose: what was learned of the error of the last one does not hold."""
        self.trim_pl = 0
        self._seal = self._sum()

    def turned(self, touch: "TouchOff") -> None:
        """The plunger has turned."""
        self._next_turn_steps = touch.position_steps
        self._next_turn_pa = touch.pressure_pa

    def anchor(self, touch: "TouchOff") -> None:
        """Take a touch-off, after a turn, as the reference of the next drop."""
        sound = self.intact()
        self.position_steps = touch.position_steps
        self.pressure_pa = touch.pressure_pa
        if self.slack_steps:
            self.slack_steps += within(touch.moved_steps - self.slack_steps, -_SLACK_SHORTER_STEPS, _SLACK_LONGER_STEPS)
        else:
            self.slack_steps = touch.moved_steps
        self._begin(0, sound)

    def anchor_behind(self, slack_steps8: int, pa_per_step: int) -> None:
        """Take the newest turn as the reference: the touch would come so many eighths of a step in front of it."""
        sound = self.intact()
        self.position_steps = self._next_turn_steps + slack_steps8 // 8
        self.pressure_pa = self._next_turn_pa - slack_steps8 % 8 * pa_per_step // 8
        self._begin(1, sound)

    def _begin(self, behind: int, sound: bool) -> None:
        self._turn_steps = self._next_turn_steps
        self._turn_pa = self._next_turn_pa
        self.behind = behind
        self.fresh = 1
        self._close(sound)

    def weigh(self, touch: "TouchOff", fluid: "Fluid", lost_pl: int) -> None:
        """The liquid that left between the anchor and this touch-off, less `lost_pl` on the skin."""
        moved_pl = (touch.position_steps - self.position_steps) * fluid.pl_per_step
        stored_pl = per_thousand(fluid.compliance_pl_per_kpa, touch.pressure_pa - self.pressure_pa)
        self.weight_pl = moved_pl - stored_pl - lost_pl

    def weigh_behind(self, fluid: "Fluid", lost_pl: int) -> None:
        """The same, from turn to turn."""
        moved_pl = (self._next_turn_steps - self._turn_steps) * fluid.pl_per_step
        stored_pl = per_thousand(fluid.compliance_pl_per_kpa, self._next_turn_pa - self._turn_pa)
        self.weight_pl = moved_pl - stored_pl - lost_pl

    def expected_turn_steps(self, weight_pl: int, pressure_pa: int, fluid: "Fluid") -> int:
        """Where the plunger will have turned, at this pressure, after a drop of this weight."""
        moved_pl = weight_pl + per_thousand(fluid.compliance_pl_per_kpa, pressure_pa - self._turn_pa)
        return self._turn_steps + moved_pl // fluid.pl_per_step

    def teach(self, requested_pl: int, fluid: "Fluid") -> None:
        """Move the trim against the error of the drop just weighed."""
        sound = self.intact()
        if self.weighed_drops < _MEMORY_DROPS:
            self.weighed_drops += 1
        share = self.weighed_drops  # the mean of all errors so far, then of about the last eight
        # The trimmed target stays below what the gate allows at 80 kPa of tissue, by 1 % and four steps.
        most_pl = limits.overdose_pl(requested_pl, fluid.pl_per_step) - requested_pl // 100
        most_pl -= 4 * fluid.pl_per_step + fluid.compliance_pl_per_kpa * 20
        self.trim_pl = within(self.trim_pl - (self.weight_pl - requested_pl) // share, -most_pl, most_pl)
        self._close(sound)

    def uncertainty_pl(self, fluid: "Fluid") -> int:
        """How far the truth may lie from a weight: screw error and noise of the two touch-offs; from turn to turn two
        steps more, for those are looked at shortly and the friction that holds them wanders."""
        # A step is 5/16 um: um16 / 5 steps.
        screw_pl = _SCREW_ERROR_UM16 * fluid.pl_per_step // 5
        steps = 3 if self.behind else 1
        return screw_pl + steps * fluid.pl_per_step + per_thousand(fluid.compliance_pl_per_kpa, _NOISE_PA)
