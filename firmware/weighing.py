"""Weighing: from the moment the needle is out of the skin until the drop's record is closed.

The plunger turns (backward, until the pressure just falls), then touches off again (forward, until it just rises): the
place of the touch, against the touch before the drop, is the weight. Between the drops of a burst there is no time for
the touch: there the place of the turn is compared with that of the turn before, and the next drop starts from it.
"""

from micropython import const

from firmware import drop, faults

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.estimate import Estimate
    from firmware.fluid import Fluid
    from firmware.leak import Leak
    from firmware.scale import Scale
    from firmware.softness import Softness
    from firmware.touch_off import TouchOff

_CLAIMED_PERCENT = const(2)  # of a drop that is called delivered, or ...
_CLAIMED_PL = const(50000)  # ... 50 nl
_TOUCHES = const(3)  # so often a touch may be tried
_SURE_STEPS = const(2)  # a turn of a burst that has to be crept to from farther off may be air


class Weighing:
    """`turn` until `turned`, then `touch` until `done`; each tick returns the plunger's steps. `fault`: a mask.

    in_burst: another drop follows; then the turn is all, if it came where it was expected. Not for a tip that draws in
    air: through it, a short look cannot tell a turn from the end of a suck.
    """

    def __init__(
        self,
        fluid: "Fluid",
        scale: "Scale",
        touch: "TouchOff",
        softness: "Softness",
        estimate: "Estimate",
        leak: "Leak",
        record: "drop.Drop",
    ) -> None:
        self._fluid = fluid
        self._scale = scale
        self._touch = touch
        self._softness = softness
        self._estimate = estimate
        self._leak = leak
        self._drop = record
        self.in_burst = False
        self.turned = 0
        self.done = 0
        self.fault = 0
        self._target_pl = 0
        self._touches = 0

    def begin(self, position_steps: int, target_pl: int, in_burst: bool) -> None:
        """The needle is out, the plunger at this counted position."""
        self.turned = 0
        self.done = 0
        self.fault = 0
        self._target_pl = target_pl
        self._touches = 0
        self.in_burst = in_burst
        if in_burst:
            self._begin_where_expected(position_steps)
        else:
            self._touch.backward(position_steps, self._fluid.pa_per_step)

    def _begin_where_expected(self, position_steps: int) -> None:
        """The turn's place follows from what the drop should weigh."""
        fluid = self._fluid
        aim_pa = self._touch.quickly_turned_pa(fluid.pa_per_step)
        weight_pl = self._estimate.expected_pl() + self._leak.leaked_pl
        to_steps = self._scale.expected_turn_steps(weight_pl, aim_pa, fluid)
        self._touch.backward_to(position_steps, to_steps, fluid.pa_per_step)

    def turn(self, position_steps: int) -> int:
        """A tick of the turn."""
        touch = self._touch
        fluid = self._fluid
        steps = touch.step(position_steps, fluid.pressure_pa)
        if touch.failed:
            self.fault |= faults.NO_PRESSURE
        elif touch.done:
            self.turned = 1
            self._scale.turned(touch)
            if touch.crept_steps < -_SURE_STEPS:
                self.in_burst = False
            if not self.in_burst:
                self._softness.turned(touch)
                touch.forward(position_steps, self._scale.slack_steps, fluid.pa_per_step)
        return steps

    def touch(self, position_steps: int) -> int:
        """A tick of the touch."""
        touch = self._touch
        steps = touch.step(position_steps, self._fluid.pressure_pa)
        if touch.failed:
            self._turn_again(position_steps)
        elif touch.done:
            self._touched(position_steps)
        return steps

    def _turn_again(self, position_steps: int) -> None:
        """The pressure did not rise behind the slack: turn round once more, before it is called no pressure."""
        self._touches += 1
        if self._touches >= _TOUCHES:
            self.fault |= faults.NO_PRESSURE
            return
        self.turned = 0
        self._touch.backward(position_steps, self._fluid.pa_per_step)

    def _touched(self, position_steps: int) -> None:
        """The plunger has touched: the drop's weight, unless air in the syringe would make it a lie."""
        touch = self._touch
        scale = self._scale
        self._softness.touched(touch)
        touch.careful = self._softness.doubtful
        if self._softness.found:
            self.fault |= faults.BUBBLE
        elif self._softness.doubtful:
            self.turned = 0
            touch.backward(position_steps, self._fluid.pa_per_step)
        else:
            if scale.behind:
                scale.weigh_behind(self._fluid, self._leak.leaked_pl)
            else:
                scale.weigh(touch, self._fluid, self._leak.leaked_pl)
            scale.anchor(touch)
            self._close()

    def close_behind(self) -> None:
        """In a burst, after the turn: its place is the weight, and the anchor of the next drop."""
        scale = self._scale
        scale.weigh_behind(self._fluid, self._leak.leaked_pl)
        scale.anchor_behind(self._softness.slack_steps8, self._fluid.pa_per_step)
        self._close()

    def _close(self) -> None:
        """The weight is the report. Far below what was fed, nothing came: then the syringe is empty or leaks."""
        weight_pl = self._scale.weight_pl
        unsure_pl = self._scale.uncertainty_pl(self._fluid) + self._leak.uncertainty_pl()
        if self._estimate.contradicts(weight_pl):
            self._estimate.close_contradicted(self._drop, weight_pl, unsure_pl)
            self.fault |= faults.NO_PRESSURE
            return
        self._scale.teach(self._target_pl, self._fluid)
        self._estimate.learn(weight_pl)
        # No report is surer than what the machine claims: so it holds where something failed that nobody noticed.
        unsure_pl = max(unsure_pl, weight_pl // 100 * _CLAIMED_PERCENT, _CLAIMED_PL)
        self._drop.close(drop.DELIVERED, weight_pl, unsure_pl, unsure_pl)
        self._drop.count(self._estimate.counted_pl())
        self.done = 1
