"""The gate: the last word on the outputs of every tick. Pure, integer, and it can only remove.

Whitelist first: a chunk passes only where a rule allows it. Advance (plunger forward, needle deeper) and withdraw are
told apart: withdrawing is allowed without trigger or contact, advancing never is.
"""

from micropython import const

from firmware import faults, inhibits
from firmware.limits import (
    DEPTH_OVERSHOOT_UM,
    HOMING_MOST_TICKS,
    LATE_TICK_US,
    NEEDLE_ASTRAY_UM,
    NEEDLE_DISAGREEMENT_TICKS,
    NEEDLE_DISAGREEMENT_UM,
    NEEDLE_PARKED_UM,
    NEEDLE_UM_PER_STEP,
    NEEDLE_WAITING_UM,
    PRESSURE_CEILING_PA,
    PRESSURE_FAULT_PA,
    PRIME_MAX_TICKS,
    REWIND_MOST_TICKS,
    SENSOR_HIGH_COUNTS,
    SENSOR_LOW_COUNTS,
    SUPPLY_HIGH_COUNTS,
    SUPPLY_LOW_COUNTS,
    TISSUE_MAX_PA,
    UNREST_MOST_PA,
    WITHDRAW_TICKS,
    overdose_pl,
)
from firmware.motion import too_fast
from firmware.states import ARMED, FAULT, HOMING, PRIME, REWIND, SERVICE, SHOT
from firmware.units import per_thousand

NOTHING_STEPS = const(-(1 << 29))  # a plunger position below all others

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.fluid import Fluid
    from firmware.image import Inputs, Outputs
    from firmware.needle import Needle
    from firmware.settings import Settings


class Gate:
    """What the gate remembers between ticks, and the orders it holds for the drop in work.

    check() returns the faults found; whoever calls it latches them. Removed motion is zero, never reduced or reversed.
    """

    def __init__(self, fluid: "Fluid", needle: "Needle") -> None:
        self._fluid = fluid
        self._needle = needle
        self.trigger_both = 0
        self.contact_both = 0
        self.contacts_open = 0
        self.withdrawing_ticks = 0  # since the drop was ended early; 0 while it was not
        self.depth_um = 0
        self.most_pl = 0  # may have left, or still come
        self.furthest_steps = NOTHING_STEPS  # no advance of the plunger goes beyond
        self._moving_ticks = 0  # in a state that moves by itself
        self._at_rest = 0  # nothing could move since the last tick: then this one may be late
        self._due_dose_steps = 0  # what the counter has to say after the chunk that was let through
        self._outmost_um = 0  # of a homing: measured
        self._last_dose_steps = 0
        self._last_needle_steps = 0
        self._astray_ticks = 0
        self._away_ticks = 0
        self._high_ticks = 0
        self._origin_steps = 0  # of the estimate, when the needle last was out

    def check(self, inputs: "Inputs", outputs: "Outputs", state: int) -> int:
        """Remove what is not allowed from `outputs` in this state; return a mask of faults (0 = none)."""
        found = 0
        if inputs.dose_withheld:
            self._last_dose_steps = 0  # the motor stood
        if inputs.needle_withheld:
            self._last_needle_steps = 0
        if state == FAULT or not inputs.stop_closed:
            outputs.dose_enable = 0
            outputs.needle_enable = 0
        if outputs.dose_chunk_steps or outputs.needle_chunk_steps:
            self._by_state(outputs, state)
        if state >= ARMED or state == HOMING:
            found = self._sensors(inputs)
            found |= self._counts(inputs)
            if state != SHOT:
                found |= self._time(state)
            self._at_rest = 0
        else:
            self._moving_ticks = 0
            self._at_rest = 1
        if inputs.home and self._needle.homed and self._needle.counted_um > NEEDLE_WAITING_UM:
            found |= faults.NEEDLE_DISAGREES  # the switch says that a needle is home which is out
        if inputs.home or state == SHOT or state == HOMING:  # noqa: SIM109 - a tuple costs more than two comparisons
            self._away_ticks = 0
        elif outputs.needle_enable:
            found |= self._out_of_place(outputs, state)
        if SHOT <= state <= PRIME or state == SERVICE:
            # Each of these is asked where it could find something.
            if self._high_ticks or self._fluid.pressure_pa > PRESSURE_CEILING_PA:
                found |= self._pressure(outputs)
            if state == SHOT:
                found |= self._depth(outputs)
                found |= self._origin()
        if outputs.dose_chunk_steps > 0:
            found |= self._advance(inputs, outputs, state)
        found |= self._ramps(inputs, outputs)
        if found:
            self._remove_all(outputs)
        return found if state != FAULT else 0

    def _ramps(self, inputs: "Inputs", outputs: "Outputs") -> int:
        """A chunk that no ramp asks for; and where the count has to be after this one."""
        found = 0
        dose_steps = outputs.dose_chunk_steps
        if dose_steps and too_fast(dose_steps, self._last_dose_steps):
            found = faults.GATE
        needle_steps = outputs.needle_chunk_steps
        if needle_steps and too_fast(needle_steps, self._last_needle_steps):
            found = faults.GATE
        self._last_dose_steps = dose_steps
        self._last_needle_steps = needle_steps
        self._due_dose_steps = inputs.dose_steps + dose_steps
        return found

    def _by_state(self, outputs: "Outputs", state: int) -> None:
        """Who may move what, in which direction, with which contacts."""
        dose_steps = outputs.dose_chunk_steps
        needle_steps = outputs.needle_chunk_steps
        dose_allowed = 0
        needle_allowed = 0
        if state == SHOT:
            held = self.trigger_both and self.contact_both and not self.withdrawing_ticks
            withdraw = self.withdrawing_ticks <= WITHDRAW_TICKS
            dose_allowed = held if dose_steps > 0 else withdraw
            needle_allowed = held if needle_steps > 0 else withdraw
        elif state == PRIME or state == SERVICE:  # noqa: SIM109 - a tuple costs more than two comparisons
            dose_allowed = self.contacts_open and (self.trigger_both or dose_steps < 0)
        elif state == REWIND:
            dose_allowed = self.contacts_open and dose_steps < 0
        elif state == HOMING:
            needle_allowed = needle_steps < 0
        if not dose_allowed or not outputs.dose_enable:
            outputs.dose_chunk_steps = 0
        if not needle_allowed or not outputs.needle_enable:
            outputs.needle_chunk_steps = 0

    def reserve(self, position_steps: int, steps: int) -> None:
        """From this counted plunger position the plunger may advance by so many steps, until the next reservation."""
        self.furthest_steps = position_steps + steps

    def revoke(self) -> None:
        """No reservation stands: the plunger may not advance at all."""
        self.furthest_steps = NOTHING_STEPS

    def begin(self, settings: "Settings") -> None:
        """The orders of a shot: its depth and its dose, no deeper than zone, needle and machine allow."""
        self.depth_um = min(settings.depth_um, settings.deepest_um)
        target_pl = settings.dose_nl * 1000
        self.most_pl = target_pl + overdose_pl(target_pl, self._fluid.pl_per_step)
        self.withdrawing_ticks = 0

    def begin_homing(self) -> None:
        """The needle goes outward: the sensor has to say so too."""
        self._outmost_um = self._needle.measured_um
        self._astray_ticks = 0

    def implausible(self, inputs: "Inputs") -> int:
        """The same judgement of sensors and supply while nothing moves, as inhibits."""
        found = self._sensors(inputs)
        reasons = inhibits.SUPPLY_RANGE if found & faults.SUPPLY else 0
        if found & (faults.PRESSURE_SENSOR | faults.NEEDLE_SENSOR) or self._fluid.unrest_pa > UNREST_MOST_PA:
            reasons |= inhibits.SENSOR_RANGE
        return reasons

    def _sensors(self, inputs: "Inputs") -> int:
        """Readings that no healthy sensor gives."""
        found = 0
        if not SENSOR_LOW_COUNTS <= inputs.pressure_counts <= SENSOR_HIGH_COUNTS:
            found |= faults.PRESSURE_SENSOR
        if not SENSOR_LOW_COUNTS <= inputs.needle_counts <= SENSOR_HIGH_COUNTS:
            found |= faults.NEEDLE_SENSOR
        if not SUPPLY_LOW_COUNTS <= inputs.supply_counts <= SUPPLY_HIGH_COUNTS:
            found |= faults.SUPPLY
        return found

    def _counts(self, inputs: "Inputs") -> int:
        """A chunk that was not counted exactly, or could not be released twice in a row; a driver's word; time."""
        found = 0
        withheld = inputs.dose_withheld
        if inputs.dose_miscount_steps or withheld > 1 or (not withheld and inputs.dose_steps != self._due_dose_steps):
            found |= faults.DOSE_COUNT
        if inputs.needle_miscount_steps or inputs.needle_withheld > 1:
            found |= faults.NEEDLE_COUNT
        if inputs.dose_driver_bad or inputs.needle_driver_bad:
            found |= faults.DRIVER
        if inputs.late_us > LATE_TICK_US and not self._at_rest:
            found |= faults.LATE_TICK
        return found

    def _time(self, state: int) -> int:
        """How long a motion without a hand that ends it may last. A shot has its own limit for each drop."""
        found = 0
        if state == HOMING:
            most_ticks = HOMING_MOST_TICKS
            measured_um = self._needle.measured_um
            if measured_um < self._outmost_um:
                self._outmost_um = measured_um
            found = self._astray(measured_um - self._outmost_um)
        elif state == PRIME:
            most_ticks = PRIME_MAX_TICKS + 1  # the prime says so itself, one tick before
        elif state == REWIND:
            most_ticks = REWIND_MOST_TICKS
        else:
            self._moving_ticks = 0
            return 0
        self._moving_ticks += 1
        return found | faults.PHASE_TIME if self._moving_ticks > most_ticks else found

    def _pressure(self, outputs: "Outputs") -> int:
        """No advance above the ceiling; over-pressure if it goes on rising without."""
        pressure_pa = self._fluid.pressure_pa
        if pressure_pa > PRESSURE_CEILING_PA and outputs.dose_chunk_steps > 0:
            outputs.dose_chunk_steps = 0
        if pressure_pa <= PRESSURE_FAULT_PA:
            self._high_ticks = 0
            return 0
        self._high_ticks += 1
        return faults.OVER_PRESSURE if self._high_ticks > 1 else 0

    def _depth(self, outputs: "Outputs") -> int:
        """Commanded and counted against the depth of this drop; the sensor against both."""
        counted_um = self._needle.counted_um
        measured_um = self._needle.measured_um
        deepest_um = self.depth_um + DEPTH_OVERSHOOT_UM
        next_um = counted_um + outputs.needle_chunk_steps * NEEDLE_UM_PER_STEP
        if next_um > deepest_um:
            outputs.needle_chunk_steps = 0
        elif next_um < NEEDLE_PARKED_UM - DEPTH_OVERSHOOT_UM and next_um < counted_um:
            outputs.needle_chunk_steps = 0  # against the stop, where the count would be lost
        # The sensor's own gain is good to 0.5 %.
        if counted_um > deepest_um or measured_um > deepest_um + self.depth_um // 200:
            return faults.DEPTH_EXCEEDED | self._astray(measured_um - counted_um)
        return self._astray(measured_um - counted_um)

    def _origin(self) -> int:
        """What a drop is counted from does not move while the needle is in: that would be a second drop."""
        origin_steps = self._fluid.origin_steps
        if self._needle.counted_um <= 0:
            self._origin_steps = origin_steps
        return faults.GATE if origin_steps != self._origin_steps else 0

    def _astray(self, error_um: int) -> int:
        """Measured against expected: a little for some ticks, or much at once."""
        if error_um < 0:
            error_um = -error_um
        if error_um <= NEEDLE_DISAGREEMENT_UM:
            self._astray_ticks = 0
            return 0
        self._astray_ticks += 1
        if self._astray_ticks >= NEEDLE_DISAGREEMENT_TICKS or error_um > NEEDLE_ASTRAY_UM:
            return faults.NEEDLE_DISAGREES
        return 0

    def _out_of_place(self, outputs: "Outputs", state: int) -> int:
        """The needle is not home where it has to be: no power, so that the spring brings it there. A fault where
        something may move, if it was known to be home; else it has to be homed again."""
        self._away_ticks += 1
        if self._away_ticks < NEEDLE_DISAGREEMENT_TICKS:
            return 0  # a switch may bounce
        outputs.needle_enable = 0
        self._away_ticks = 0
        found = faults.NOT_HOME if state >= ARMED and self._needle.homed else 0
        self._needle.forget_home()
        return found

    def _advance(self, inputs: "Inputs", outputs: "Outputs", state: int) -> int:
        """Plunger forward: within the reservation, and in a shot within the dose."""
        if not self._fluid.intact():
            return faults.MEMORY
        if inputs.dose_steps + outputs.dose_chunk_steps > self.furthest_steps:
            outputs.dose_chunk_steps = 0
        return self._volume(outputs) if state == SHOT else 0

    def _volume(self, outputs: "Outputs") -> int:
        """Of an advance: what has left and what is still to come stays below the dose plus 5 % or one chunk.

        Conservative: all that was displaced comes out, but for what a compliance a quarter smaller keeps back at the
        tissue's pressure, and no tissue has more than its maximum.
        """
        dose_steps = outputs.dose_chunk_steps
        fluid = self._fluid
        compliance = fluid.compliance_pl_per_kpa
        tissue_pa = fluid.tissue_pa if fluid.tissue_pa < TISSUE_MAX_PA else TISSUE_MAX_PA
        kept_pl = per_thousand(compliance - compliance // 4, tissue_pa)
        if fluid.displaced_pl - kept_pl + dose_steps * fluid.pl_per_step > self.most_pl:
            outputs.dose_chunk_steps = 0
        return faults.DOSE_EXCEEDED if fluid.delivered_pl > self.most_pl else 0

    def _remove_all(self, outputs: "Outputs") -> None:
        """No motion, and no power."""
        self._due_dose_steps -= outputs.dose_chunk_steps
        outputs.dose_chunk_steps = 0
        outputs.needle_chunk_steps = 0
        outputs.dose_enable = 0
        outputs.needle_enable = 0
        self._last_dose_steps = 0
        self._last_needle_steps = 0
