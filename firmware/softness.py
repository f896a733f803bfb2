"""Softness: finds air in the syringe, as a change against the known compliance.

Two signs, each needing agreement before it is believed. At the start of a feed, liquid that has gone in, less what
can have flowed out at most, must show as pressure. After a drop, in air, the plunger needs more steps between turning
and touching than slack and compliance explain, every time it is tried.
"""

from micropython import const

from firmware.units import per_thousand, within

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.touch_off import TouchOff

_FEED_TICKS = const(12)  # the start of a feed
_SOFT = const(3)  # so many times the known compliance: 15 % of error, creep and a slow sensor stay below 2
_MARGIN_PA = const(2000)  # noise of the pressure
_TWICE = const(2)
_EXTRA_STEPS8 = const(16)  # two steps of a small syringe, in eighths
_EXTRA_LARGE_STEPS8 = const(22)  # of a large one, whose drive winds up more: friction changes the slack
_LARGE_PL_PER_STEP = const(10000)
_JUST_PA = const(900)  # with air inside a step changes little: both pressures are just beyond their thresholds
_UNLEARN_STEPS8 = const(4)  # one touch that came far too early must not make the next ones look late
_SIGNS = const(3)
_TRIES = const(5)


class Softness:
    """`found` when one of the two signs has been seen often enough; `doubtful` while the second wants another try."""

    def __init__(self, fluid: "Fluid") -> None:
        self._fluid = fluid
        self.found = 0
        self.doubtful = 0
        self.feeding = False  # a feed is so young that feed() wants to see it
        self._ticks = 0
        self._soft_ticks = 0
        self._passed_before_pl = 0
        self._tries = 0
        self._signs = 0
        self._turned_pa = 0
        self._just_turned = False
        self.slack_steps8 = 0  # without the stiff part, as the last drops found it

    def begin(self) -> None:
        """A feed begins."""
        self.found = 0
        self.doubtful = 0
        self.feeding = True
        self._ticks = 0
        self._soft_ticks = 0
        self._passed_before_pl = self._fluid.passed_pl
        self._tries = 0
        self._signs = 0

    def feed(self) -> None:
        """One tick of the feed, after the fluid's update: what went in and did not flow out presses, or is soft."""
        self._ticks += 1
        if self._ticks > _FEED_TICKS:
            self.feeding = False
            return
        fluid = self._fluid
        kept_pl = fluid.displaced_pl - (fluid.passed_pl - self._passed_before_pl)
        soft_pl = _SOFT * per_thousand(fluid.compliance_pl_per_kpa, max(fluid.pressure_pa, 0) + _MARGIN_PA)
        self._soft_ticks = self._soft_ticks + 1 if kept_pl > soft_pl else 0
        if self._soft_ticks >= _TWICE:
            self.found = 1

    def forget(self) -> None:
        """Another syringe: its slack is not known."""
        self.slack_steps8 = 0
        self.begin()

    def turned(self, touch: "TouchOff") -> None:
        """The plunger has turned, in air."""
        self._turned_pa = touch.pressure_pa
        self._just_turned = touch.pressure_pa > touch.threshold_pa - _JUST_PA

    def touched(self, touch: "TouchOff") -> None:
        """It has touched again. Sets `doubtful` or `found`, or learns the slack."""
        slack_steps8 = touch.moved_steps * 8 - self._stiff_steps8(touch.pressure_pa)
        extra_steps8 = slack_steps8 - self.slack_steps8
        least_steps8 = _EXTRA_LARGE_STEPS8 if self._fluid.pl_per_step > _LARGE_PL_PER_STEP else _EXTRA_STEPS8
        self.doubtful = 0
        if self.slack_steps8 and extra_steps8 >= least_steps8 and self._tries < _TRIES:
            self._tries += 1
            if self._just_turned and touch.pressure_pa < touch.threshold_pa + _JUST_PA:
                self._signs += 1
            self.found = self._signs >= _SIGNS
            self.doubtful = not self.found
        elif self.slack_steps8:
            self.slack_steps8 += within(extra_steps8 // 2, -_UNLEARN_STEPS8, least_steps8)
        else:
            self.slack_steps8 = slack_steps8

    def _stiff_steps8(self, touched_pa: int) -> int:
        """What the known compliance took up between turning and touching, in eighths of a step."""
        fluid = self._fluid
        return per_thousand(fluid.compliance_pl_per_kpa, touched_pa - self._turned_pa) * 8 // fluid.pl_per_step
