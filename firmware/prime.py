"""Prime: a new syringe or needle, in air. Drive the air out, measure the needle's resistance and that nothing soft
is inside, turn the plunger round, and touch off, so that the first drop starts from a weighed anchor and a known
slack."""

from micropython import const

from firmware import faults, limits
from firmware.units import per_thousand

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.motion import Ramp
    from firmware.scale import Scale
    from firmware.softness import Softness
    from firmware.touch_off import TouchOff

IDLE = const(0)
PURGE = const(1)
MEASURE = const(2)
DECAY = const(3)
TURN = const(4)
TOUCH_OFF = const(5)

_PRESSURE_PA = const(80000)  # feed towards this; thin products through wide needles stay below
_CAPILLARY_PA = const(1500)
_PURGE_TICKS = const(40)  # pressure steady before it is measured
_FALLEN_PA = const(4000)
_DECAY_TICKS = const(1500)
_BLOCKED_TICKS = const(250)  # half a second of pressure without flow
_SOFT = const(2)  # so many times the expected compliance is air
_LOWEST_PA_PER_NL = const(20)
_HIGHEST_PA_PER_NL = const(40000)


class Prime:
    """The sequence of a prime. `done`, or `fault`; then `resistance_pa_per_nl` (Pa for one nl per tick)."""

    def __init__(self, fluid: "Fluid", scale: "Scale", touch: "TouchOff", ramp: "Ramp", softness: "Softness") -> None:
        self.fluid = fluid
        self.scale = scale
        self.touch = touch
        self.ramp = ramp
        self.softness = softness
        self.phase = IDLE
        self.fault = 0
        self.done = 0
        self.ticks = 0
        self.dose_steps = 0
        self.resistance_pa_per_nl = 0
        self._purge_pl = 0
        self._phase_ticks = 0
        self._sum_kpa16 = 0
        self._from_pl = 0
        self._held_pl = 0
        self._lag_nl = 0
        self._blocked_ticks = 0

    def begin(self, position_steps: int, pressure_pa: int) -> None:
        """Start with slack of unknown length and air of unknown volume in front."""
        self.scale.forget()
        self.softness.forget()
        self.fluid.begin(position_steps, pressure_pa)
        # 300 steps cover any backlash; then 1 % of the syringe, 10 ul of a 1 ml one, at least 20 ul of a larger one
        self._purge_pl = 20000000 if self.fluid.pl_per_step > 10000 else 12000000
        self.fault = 0
        self.done = 0
        self.ticks = 0
        self._blocked_ticks = 0
        self._enter(PURGE)

    def _enter(self, phase: int) -> None:
        self.phase = phase
        self._phase_ticks = 0

    def step(self, position_steps: int) -> None:
        """One tick, after the fluid's update: proposes `dose_steps`."""
        self.dose_steps = 0
        self.ticks += 1
        self._phase_ticks += 1
        phase = self.phase
        if phase == PURGE:
            self._purge()
        elif phase == MEASURE:
            self._measure()
        elif phase == DECAY:
            self._decay(position_steps)
        elif phase == TURN:
            self._turn(position_steps)
        elif phase == TOUCH_OFF:
            self._touch_off(position_steps)
        if self.ticks > limits.PRIME_MAX_TICKS:
            self.fault |= faults.PHASE_TIME

    def _feed(self) -> None:
        fluid = self.fluid
        free_pl = per_thousand(fluid.compliance_pl_per_kpa, _PRESSURE_PA - fluid.pressure_pa) // 4
        self.dose_steps = self.ramp.forward(max(free_pl + max(fluid.flow_pl, 0), 0) // fluid.pl_per_step)
        if fluid.displaced_pl > limits.PRIME_MAX_NL * 1000 - limits.CHUNK_MAX_STEPS * fluid.pl_per_step:
            self.fault |= faults.NO_PRESSURE  # the gate would let no further chunk pass

    def _purge(self) -> None:
        self._feed()
        fluid = self.fluid
        if (
            fluid.pressure_pa > _PRESSURE_PA // 2
            and per_thousand(_HIGHEST_PA_PER_NL, fluid.flow_pl) < fluid.pressure_pa
        ):
            self._blocked_ticks += 1
            if self._blocked_ticks > _BLOCKED_TICKS:
                self.fault |= faults.OCCLUSION
        else:
            self._blocked_ticks = 0
        if self.fluid.pressure_pa < 2 * _CAPILLARY_PA or self.fluid.displaced_pl < self._purge_pl:
            self._phase_ticks = 0
        elif self._phase_ticks >= _PURGE_TICKS:
            self._sum_kpa16 = 0
            self._from_pl = self.fluid.delivered_pl
            self._enter(MEASURE)

    def _measure(self) -> None:
        """Mean pressure over what flows in the window is the resistance."""
        self._feed()
        self._sum_kpa16 += self.fluid.pressure_pa // 62  # 62.5 Pa
        if self._phase_ticks < 16 or self.fluid.delivered_pl - self._from_pl < self._purge_pl // 4:
            return
        flow_pl = (self.fluid.delivered_pl - self._from_pl) // self._phase_ticks
        drive_pa = self._sum_kpa16 // self._phase_ticks * 62 - _CAPILLARY_PA
        resistance = drive_pa * 1000 // flow_pl if flow_pl > 0 else 0
        if not _LOWEST_PA_PER_NL <= resistance <= _HIGHEST_PA_PER_NL:
            self.fault |= faults.OCCLUSION if resistance > _HIGHEST_PA_PER_NL or flow_pl <= 0 else faults.NO_PRESSURE
        self.resistance_pa_per_nl = resistance
        self._sum_kpa16 = self.fluid.pressure_pa // 124
        self._held_pl = self.fluid.stored_pl(self.fluid.pressure_pa)
        self._lag_nl = (
            self.fluid.pressure_pa * 3 // (4 * max(resistance, 1))
        )  # a sensor late by three quarters of a tick
        self.dose_steps = 0
        self.ramp.stop()
        self._enter(DECAY)

    def _decay(self, position_steps: int) -> None:
        """The feed has stopped: what still flows out was stored. Much more than expected is air."""
        pressure_pa = self.fluid.pressure_pa
        self._sum_kpa16 += (pressure_pa - _CAPILLARY_PA) // 62
        if pressure_pa > _FALLEN_PA:
            if self._phase_ticks > _DECAY_TICKS:
                self.fault |= faults.OCCLUSION
            return
        out_nl = self._sum_kpa16 * 62 // max(self.resistance_pa_per_nl, 1)
        if out_nl > _SOFT * (self._held_pl // 1000) + self._lag_nl + self.fluid.pl_per_step // 200:
            self.fault |= faults.BUBBLE
        self.touch.learn_tip(position_steps, self.fluid.pa_per_step)
        self._enter(TURN)

    def _turn(self, position_steps: int) -> None:
        self.dose_steps = self.touch.step(position_steps, self.fluid.pressure_pa)
        if self.touch.failed:
            self.fault |= faults.NO_PRESSURE
        elif self.touch.done:
            self.softness.turned(self.touch)
            self.scale.turned(self.touch)
            self.touch.forward(position_steps, 0, self.fluid.pa_per_step)
            self._enter(TOUCH_OFF)

    def _touch_off(self, position_steps: int) -> None:
        self.dose_steps = self.touch.step(position_steps, self.fluid.pressure_pa)
        if self.touch.failed:
            self.fault |= faults.NO_PRESSURE
        elif self.touch.done:
            self.softness.touched(self.touch)
            self.scale.anchor(self.touch)
            self.done = 1
            self._enter(IDLE)
