"""Touch-off: creep the plunger until the pressure just begins to change; slack and backlash are gone.

Forward, the position at equal pressure, from drop to drop, is the delivered volume, whatever the compliance is: the
touch-off weighs. The needle is in air, whose tip holds about 1.5 kPa either way and drains towards that: a pressure
above zero can only come from pushing, one below only from pulling. Both thresholds leave room for a sensor whose zero
is 0.5 kPa wrong.
"""

from micropython import const

from firmware.units import within

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.motion import Ramp

_SETTLE_TICKS = const(2)  # after a step, before the pressure counts
_LOOK_TICKS = const(4)  # samples of a first look
_SURE_TICKS = const(12)  # samples of the look that decides and measures
_QUICK_TICKS = const(5)  # samples where the place is known beforehand: between the drops of a burst
_QUICKLY_TURNED_PA = const(-200)
_QUICK_MOST_STEPS = const(64)
_NO_DEEPER_PA = const(-1000)  # at speed: then the place was not known well enough
_SURE_CAREFUL_TICKS = const(48)  # where the slack is unknown: dozens of looks, of which none may be wrong by noise
_TOUCHED_PA = const(400)  # forward: this high; a step is 1.2 to 2.1 kPa
_TURNED_PA = const(-400)  # backward: this low
_TURNED_LARGE_PA = const(-700)  # and where a step is only 1.2 kPa, so that a change by air is more than a step
_ZERO_PA = const(250)  # a tip that draws in air at once lets the pressure fall no further than about zero
_LEARN_LOOKS = const(5)  # so often there after a prime, and the tip is one of those
_DRAWING_TURNED_PA = const(100)  # such a tip has turned here
_DRAWING_TOUCHED_PA = const(800)  # and touches only here, clear of that
_LARGE_PA_PER_STEP = const(1500)
_RUSH_PA = const(4000)  # so much at speed: the slack was shorter than known
_GUARD_STEPS = const(3)  # of known slack left to creep
_FEED_GUARD_STEPS = const(6)  # and left to the feed, where no touch comes between
_SLACK_GONE_PA = const(1500)  # it was shorter than known
_CREEP_STEPS = const(16)  # beyond it, before the touch has failed
SLACK_MAX_STEPS = const(400)  # backlash <= 30 um and friction <= 10 um of drive, three times over


class TouchOff:
    """One approach. `done` when touched (then `position_steps`, `pressure_pa`), `failed` when the pressure never
    changed.

    turning: backward. moved_steps: from the start to the touch. crept_steps: how many of them one look at a time.
    tip_draws: this needle holds no suction, air comes in as soon as the pressure is below zero. careful: set it to look
    four times as long, from the next approach on.
    """

    def __init__(self, ramp: "Ramp") -> None:
        self._ramp = ramp
        self.done = 0
        self.failed = 0
        self.turning = False
        self.tip_draws = 0
        self.careful = 0
        self.position_steps = 0
        self.pressure_pa = 0
        self.moved_steps = 0
        self.crept_steps = 0
        self._creep_most_steps = 0
        self._zero_looks = 0
        self._learning = False
        self._sure_ticks = _SURE_TICKS
        self._fast_steps = 0
        self._start_steps = 0
        self._pa_per_step = 1
        self.threshold_pa = 0  # the pressure that decides
        self._sum_pa = 0
        self._samples = 0

    def forward(self, position_steps: int, slack_steps: int, pa_per_step: int) -> None:
        """Start from rest at `position_steps`, plunger behind its slack; known slack (0: unknown) is run at speed.

        pa_per_step: change by one step at the expected compliance. Creeping far beyond a known slack fails: then the
        plunger had not turned round, and the pressure stands at what the tip holds.
        """
        self._begin(position_steps, False, pa_per_step)
        self.threshold_pa = _DRAWING_TOUCHED_PA if self.tip_draws else _TOUCHED_PA
        self._fast_steps = max(slack_steps - slack_steps // 16 - _GUARD_STEPS, 0)
        if slack_steps:
            self._creep_most_steps = slack_steps // 8 + _CREEP_STEPS
        elif not self.tip_draws:  # else what was pushed has run out before so long a look is over
            self._sure_ticks = _SURE_CAREFUL_TICKS

    def backward(self, position_steps: int, pa_per_step: int) -> None:
        """Start back from wherever the plunger stands, even while the needle still drains."""
        self._begin(position_steps, True, pa_per_step)
        self.threshold_pa = _TURNED_LARGE_PA if pa_per_step < _LARGE_PA_PER_STEP else _TURNED_PA
        if self.tip_draws:
            self.threshold_pa = _DRAWING_TURNED_PA

    def quickly_turned_pa(self, pa_per_step: int) -> int:
        """The pressure to aim at in `backward_to`: half a step below its threshold."""
        return _QUICKLY_TURNED_PA - pa_per_step // 2

    def backward_to(self, position_steps: int, to_steps: int, pa_per_step: int) -> None:
        """As `backward`, to where the turn is expected: at speed, and with a short look."""
        self._begin(position_steps, True, pa_per_step)
        self.threshold_pa = _QUICKLY_TURNED_PA
        self._sure_ticks = _QUICK_TICKS
        self._fast_steps = within(to_steps - position_steps, -_QUICK_MOST_STEPS, 0)

    def learn_tip(self, position_steps: int, pa_per_step: int) -> None:
        """As `backward`, after a prime: the pressure starts at what the tip holds, and shows how far it can fall."""
        self.tip_draws = 0
        self.backward(position_steps, pa_per_step)
        self._learning = True
        self._sure_ticks = _SURE_CAREFUL_TICKS

    def _begin(self, position_steps: int, turning: bool, pa_per_step: int) -> None:
        self.done = 0
        self.failed = 0
        self.crept_steps = 0
        self.turning = turning
        self._start_steps = position_steps
        self._creep_most_steps = SLACK_MAX_STEPS
        self._zero_looks = 0
        self._learning = False
        self._sure_ticks = _SURE_CAREFUL_TICKS if self.careful else _SURE_TICKS
        self._fast_steps = 0
        self._pa_per_step = pa_per_step
        self._look(0)

    def run_slack(self, position_steps: int, touch_steps: int, pressure_pa: int) -> int:
        """From a turn: a tick of running most of the slack, up to where the touch is expected; the steps to make."""
        steps = touch_steps - _FEED_GUARD_STEPS - position_steps
        if steps <= 0 or pressure_pa > _SLACK_GONE_PA:
            return 0
        return self._ramp.toward(steps)

    def step(self, position_steps: int, pressure_pa: int) -> int:
        """One tick: counted plunger position and pressure; the steps to make now."""
        if self.done or self.failed:
            return 0
        self.moved_steps = position_steps - self._start_steps
        if self._fast_steps > self.moved_steps >= 0:
            if pressure_pa < _RUSH_PA:
                return self._ramp.toward(self._fast_steps - self.moved_steps)
            self._fast_steps = 0
        if self._fast_steps < self.moved_steps <= 0:
            if pressure_pa > _NO_DEEPER_PA:
                self._samples = -_SETTLE_TICKS
                return self._ramp.toward(self._fast_steps - self.moved_steps)
            self._fast_steps = 0
        self._samples += 1
        if self._samples > 0:
            self._sum_pa += pressure_pa
        if self._samples < _LOOK_TICKS:
            return 0
        mean_pa = self._sum_pa // self._samples
        if mean_pa > self.threshold_pa if self.turning else mean_pa < self.threshold_pa:
            return self._creep(mean_pa)
        if self._samples >= self._sure_ticks:
            self._touched(position_steps, mean_pa)
        return 0

    def _creep(self, mean_pa: int) -> int:
        """Not there yet: a step more, or half of what is stored while the needle still drains."""
        if not -SLACK_MAX_STEPS < self.crept_steps < self._creep_most_steps:
            self.failed = 1
            return 0
        if self.turning:
            self._zero_looks += -_ZERO_PA <= mean_pa <= _ZERO_PA
            if self._learning and self._zero_looks >= _LEARN_LOOKS:
                self.tip_draws = 1
                self.threshold_pa = _ZERO_PA
            return self._look(min(-mean_pa // (2 * self._pa_per_step), -1))
        return self._look(1)

    def _touched(self, position_steps: int, mean_pa: int) -> None:
        self.done = 1
        self.position_steps = position_steps
        self.pressure_pa = mean_pa

    def _look(self, steps: int) -> int:
        """A new mean, after `steps` more."""
        self._sum_pa = 0
        self._samples = -_SETTLE_TICKS if steps else 0
        self.crept_steps += steps
        self._ramp.stop()
        if steps < 0:
            return self._ramp.backward(-steps)
        return self._ramp.forward(steps)
