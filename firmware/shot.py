"""One injection, phase by phase: touch-off, extend, dose, relax, retract, weigh; or withdraw, when it ends early."""

from micropython import const

from firmware import drop, faults, limits
from firmware.departure import Departure
from firmware.estimate import Estimate
from firmware.feed_watch import FeedWatch
from firmware.leak import Leak
from firmware.ticks import elapsed_us, later_us
from firmware.weighing import Weighing

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.dose import Dose
    from firmware.fluid import Fluid
    from firmware.needle import Needle
    from firmware.relax import Relax
    from firmware.scale import Scale
    from firmware.settings import Settings
    from firmware.softness import Softness
    from firmware.touch_off import TouchOff

IDLE = const(0)
TOUCH_OFF = const(1)
EXTEND = const(2)
DOSE = const(3)
RELAX = const(4)
RETRACT = const(5)
TURN = const(6)  # plunger certainly behind its slack, in air
WEIGH = const(7)
WAIT = const(8)  # burst: until the next drop is due
WITHDRAW = const(9)  # ended early: needle out, plunger back
PHASES = ("idle", "touch_off", "extend", "dose", "relax", "retract", "turn", "weigh", "wait", "withdraw")


class Shot:
    """The sequence of a shot. Each tick it proposes dose and needle steps; the gate has the last word.

    `fault` is what the shot itself found wrong; `cause` why it was ended early (drop.RELEASED ...).
    """

    def __init__(
        self,
        fluid: "Fluid",
        scale: "Scale",
        touch: "TouchOff",
        dose: "Dose",
        relax: "Relax",
        needle: "Needle",
        softness: "Softness",
    ) -> None:
        self.fluid = fluid
        self.scale = scale
        self.touch = touch
        self.dose = dose
        self.relax = relax
        self.needle = needle
        self.softness = softness
        self.watch = FeedWatch(fluid, softness)
        self.leak = Leak(fluid)
        self.estimate = Estimate(fluid, scale)
        self.departure = Departure(fluid, relax, needle, self.leak)
        self.phase = IDLE
        self.fault = 0
        self.drop = drop.Drop()
        self.weighing = Weighing(fluid, scale, touch, softness, self.estimate, self.leak, self.drop)
        self.ticks = 0  # in this phase
        self.drop_ticks = 0  # since this drop was opened
        self.left_in_burst = 0
        self.dose_steps = 0  # proposals of this tick
        self.needle_steps = 0
        self._target_pl = 0
        self._depth_um = 0
        self._slot_us = 0
        self._due_us = 0

    def begin(self, settings: "Settings", drops_left: int, position_steps: int, now_us: int) -> None:
        """A fresh press at `now_us`: the first drop of one, or of a burst; no more than the syringe holds (>= 1)."""
        self._target_pl = settings.dose_nl * 1000
        self._depth_um = settings.depth_um
        self._slot_us = settings.slot_us
        self.left_in_burst = min(settings.burst_count, drops_left)
        self.fault = 0
        self._open(position_steps, now_us)

    def _open(self, position_steps: int, due_us: int) -> None:
        """Record the intent of one drop, due at this time; nothing has moved."""
        self.drop.open(self._target_pl // 1000, self._depth_um)
        if self.scale.fresh:
            self.fluid.begin(self.scale.position_steps, self.scale.pressure_pa)
        else:
            self.fluid.begin(position_steps, self.fluid.pressure_pa)
        self.estimate.begin()
        self.leak.begin()
        self._due_us = due_us
        self.left_in_burst -= 1
        self.drop_ticks = 0
        self._enter(TOUCH_OFF)

    def _enter(self, phase: int) -> None:
        self.phase = phase
        self.ticks = 0

    def step(self, position_steps: int, now_us: int) -> None:
        """One tick: counted plunger position; fluid and needle have been updated."""
        self.dose_steps = 0
        self.needle_steps = 0
        self.ticks += 1
        self.drop_ticks += 1
        phase = self.phase
        if phase == TOUCH_OFF:
            self._touch_off(position_steps)
        elif phase == EXTEND:
            self._extend(position_steps)
        elif phase == DOSE:
            self._dose(position_steps)
        elif phase == RELAX:
            self._relax(position_steps)
        elif phase == RETRACT:
            self._retract(position_steps)
        elif phase == TURN:
            self._turn(position_steps)
        elif phase == WEIGH:
            self._weigh(position_steps)
        elif phase == WAIT:
            self._wait(position_steps, now_us)
        elif phase == WITHDRAW:
            self._withdraw(position_steps)
        if self.drop_ticks > limits.DROP_TICKS:
            self.fault |= faults.PHASE_TIME

    def _touch_off(self, position_steps: int) -> None:
        if self.ticks == 1:
            if self.scale.fresh:
                self._touched()
                return
            self.touch.backward(position_steps, self.fluid.pa_per_step)
        self.dose_steps = self.touch.step(position_steps, self.fluid.pressure_pa)
        if self.touch.failed:
            self.fault |= faults.NO_PRESSURE
        elif self.touch.done and self.touch.turning:
            self.scale.turned(self.touch)
            self.touch.forward(position_steps, self.scale.slack_steps, self.fluid.pa_per_step)
        elif self.touch.done:
            self.scale.anchor(self.touch)
            self._touched()

    def _touched(self) -> None:
        """The anchor is fresh: everything is counted from it."""
        if not self.scale.intact():
            self.fault |= faults.MEMORY
        self.needle.quick = self.scale.behind
        self.fluid.begin(self.scale.position_steps, self.scale.pressure_pa)
        self.needle.go(self._depth_um)
        self._enter(EXTEND)

    def _extend(self, position_steps: int) -> None:
        """To the depth. From a turn, most of the slack is run on the way."""
        self.needle_steps = self.needle.step()
        if self.scale.behind:
            self.dose_steps = self.touch.run_slack(position_steps, self.scale.position_steps, self.fluid.pressure_pa)
        if self.needle.astray:
            self.fault |= faults.NEEDLE_DISAGREES
        elif self.needle.arrived:
            self.dose.begin(self._target_pl, self.scale.trim_pl)
            self.scale.fresh = 0
            self.watch.begin()
            self._enter(DOSE)

    def _dose(self, position_steps: int) -> None:
        self.dose_steps = self.dose.step()
        self.fault |= self.watch.check()
        if self.dose.done:
            self.estimate.turn(position_steps)
            self.relax.begin(position_steps, self.scale.slack_steps, self._target_pl // 500 + self.fluid.pl_per_step)
            to_um = limits.NEEDLE_WAITING_UM if self.left_in_burst else limits.NEEDLE_PARKED_UM
            self.needle.quick = self.left_in_burst
            self.departure.begin(self._depth_um, to_um)
            self._enter(RELAX)

    def _relax(self, position_steps: int) -> None:
        self.estimate.in_skin()
        departure = self.departure
        departure.step(position_steps)
        self.dose_steps = departure.dose_steps
        self.needle_steps = departure.needle_steps
        if departure.out:
            self.estimate.leave(position_steps)
            if self.left_in_burst and not self.touch.tip_draws:
                self.weighing.begin(position_steps, self._target_pl, True)
                self._enter(TURN)
            else:
                self._enter(RETRACT)

    def _retract(self, position_steps: int) -> None:
        """In air: what is still stored runs out, or is taken back."""
        self.leak.in_air()
        self.dose_steps = self.relax.step(position_steps, self.fluid.pressure_pa)
        self.needle_steps = self.needle.step()
        if self.needle.astray:
            self.fault |= faults.NEEDLE_DISAGREES
        elif self.needle.arrived:
            if not self.left_in_burst and not self.needle.home:
                self.fault |= faults.NOT_HOME
            self.weighing.begin(position_steps, self._target_pl, False)
            self._enter(TURN)

    def _turn(self, position_steps: int) -> None:
        """The plunger turns, while in a burst the needle is still on its way to where it waits."""
        self.leak.in_air()
        self.needle_steps = self.needle.step()
        weighing = self.weighing
        if not weighing.turned:
            self.dose_steps = weighing.turn(position_steps)
        if weighing.turned and self.needle.arrived:
            if weighing.in_burst:
                weighing.close_behind()
                self._enter(WAIT)
            else:
                self._enter(WEIGH)
        self.fault |= weighing.fault
        if self.needle.astray:
            self.fault |= faults.NEEDLE_DISAGREES

    def _weigh(self, position_steps: int) -> None:
        weighing = self.weighing
        self.dose_steps = weighing.touch(position_steps)
        self.fault |= weighing.fault
        if weighing.done:
            self._enter(WAIT if self.left_in_burst else IDLE)
        elif not weighing.turned:
            self._enter(TURN)

    def _wait(self, position_steps: int, now_us: int) -> None:
        """The drops of a burst start evenly; one that took longer than its slot is followed at once."""
        self.drop_ticks = 0
        late_us = elapsed_us(now_us, self._due_us) - self._slot_us
        if late_us >= 0:
            self._open(position_steps, later_us(now_us, -late_us) if late_us < self._slot_us else now_us)
            self._touched()
            self._extend(position_steps)

    def abort(self, cause: int, position_steps: int) -> None:
        """Trigger released or contact lost: no advance any more; needle out, stored liquid taken back.

        The record stays open until the needle is out, because pulling back may draw liquid out of the tissue again. A
        drop that was not weighed is not called delivered.
        """
        if self.drop.result == drop.OPEN:
            self.drop.cause = cause
        if self.phase == DOSE:
            self.estimate.turn(position_steps)
            self.relax.begin(position_steps, self.scale.slack_steps, 0)
        elif self.phase != RELAX and self.phase != RETRACT:
            self.relax.done = 1
        self.scale.fresh = 0
        self.left_in_burst = 0
        self.needle.go(limits.NEEDLE_PARKED_UM)
        self._enter(WITHDRAW)

    def end(self, position_steps: int, found: int) -> None:
        """A fault (mask): close the record; nothing is proposed any more."""
        self.fault |= found
        if self.phase == DOSE:
            self.estimate.turn(position_steps)
        if self.drop.result == drop.OPEN:
            self.drop.cause |= drop.FAULTED
            self.estimate.close(self.drop, drop.FAULT, position_steps, self.fault, self.needle.spring_ticks())
        self.scale.fresh = 0
        self.left_in_burst = 0
        self.phase = IDLE
        self.dose_steps = 0
        self.needle_steps = 0

    def _withdraw(self, position_steps: int) -> None:
        """Out, for at most 150 ms; what then is not home the spring brings there."""
        self.needle_steps = self.needle.step()
        self.dose_steps = self.relax.step(position_steps, self.fluid.pressure_pa)
        if (self.needle.home and self.relax.done) or self.ticks > limits.WITHDRAW_TICKS:
            if self.drop.result == drop.OPEN:
                self.estimate.close(self.drop, drop.ABORTED, position_steps, 0, 0)
            self.dose_steps = 0
            self.needle_steps = 0
            self._enter(IDLE)
