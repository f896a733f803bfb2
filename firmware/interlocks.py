"""The gate: the last word on the outputs of every tick. Pure, integer, and it can only remove.

Whitelist first: a chunk passes only where a rule allows it. Advance (plunger forward, needle deeper) and withdraw are
told apart: withdrawing is allowed without trigger or contact, advancing never is.
"""

from firmware import faults, inhibits, limits, states
from firmware.units import per_thousand

TYPE_CHECKING = False
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
        self.target_pl = 0
        self._last_dose_steps = 0
        self._last_needle_steps = 0
        self._astray_ticks = 0
        self._high_ticks = 0

    def check(self, inputs: "Inputs", outputs: "Outputs", state: int) -> int:
        """Remove what is not allowed from `outputs` in this state; return a mask of faults (0 = none)."""
        found = 0
        if inputs.dose_withheld:
            self._last_dose_steps = 0  # the motor stood
        if inputs.needle_withheld:
            self._last_needle_steps = 0
        if state == states.FAULT or not inputs.stop_closed:
            outputs.dose_enable = 0
            outputs.needle_enable = 0
        self._by_state(outputs, state)
        if state >= states.SHOT or state == states.ARMED or state == states.HOMING:
            found = self._sensors(inputs) | self._counts(inputs)
            if inputs.late_us > limits.LATE_TICK_US:
                found |= faults.LATE_TICK
        if state == states.SHOT or state == states.PRIME:
            found |= self._pressure(outputs)
        if state == states.SHOT:
            found |= self._depth(outputs) | self._volume(outputs)
        found |= self._size(outputs)
        if found or not inputs.stop_closed:
            _remove_all(outputs)
            outputs.dose_enable = 0
            outputs.needle_enable = 0
        self._last_dose_steps = outputs.dose_chunk_steps
        self._last_needle_steps = outputs.needle_chunk_steps
        return found if state != states.FAULT else 0

    def _by_state(self, outputs: "Outputs", state: int) -> None:
        """Who may move what, in which direction, with which contacts."""
        dose_steps = outputs.dose_chunk_steps
        needle_steps = outputs.needle_chunk_steps
        dose_allowed = 0
        needle_allowed = 0
        if state == states.SHOT:
            held = self.trigger_both and self.contact_both and not self.withdrawing_ticks
            withdraw = self.withdrawing_ticks <= limits.WITHDRAW_TICKS
            dose_allowed = held if dose_steps > 0 else withdraw
            needle_allowed = held if needle_steps > 0 else withdraw
        elif state == states.PRIME:
            dose_allowed = self.contacts_open and (self.trigger_both or dose_steps < 0)
        elif state == states.REWIND:
            dose_allowed = self.contacts_open and dose_steps < 0
        elif state == states.HOMING:
            needle_allowed = needle_steps < 0
        if not dose_allowed or not outputs.dose_enable:
            outputs.dose_chunk_steps = 0
        if not needle_allowed or not outputs.needle_enable:
            outputs.needle_chunk_steps = 0

    def begin(self, settings: "Settings") -> None:
        """The orders of a shot: its depth and its dose."""
        self.depth_um = settings.depth_um
        self.target_pl = settings.dose_nl * 1000
        self.withdrawing_ticks = 0

    def implausible(self, inputs: "Inputs") -> int:
        """The same judgement of sensors and supply while nothing moves, as inhibits."""
        found = self._sensors(inputs)
        reasons = inhibits.SUPPLY_RANGE if found & faults.SUPPLY else 0
        if found & (faults.PRESSURE_SENSOR | faults.NEEDLE_SENSOR):
            reasons |= inhibits.SENSOR_RANGE
        return reasons

    def _sensors(self, inputs: "Inputs") -> int:
        """Readings that no healthy sensor gives."""
        found = 0
        if not limits.SENSOR_LOW_COUNTS <= inputs.pressure_counts <= limits.SENSOR_HIGH_COUNTS:
            found |= faults.PRESSURE_SENSOR
        if not limits.SENSOR_LOW_COUNTS <= inputs.needle_counts <= limits.SENSOR_HIGH_COUNTS:
            found |= faults.NEEDLE_SENSOR
        if not limits.SUPPLY_LOW_COUNTS <= inputs.supply_counts <= limits.SUPPLY_HIGH_COUNTS:
            found |= faults.SUPPLY
        return found

    def _counts(self, inputs: "Inputs") -> int:
        """A chunk that was not counted exactly, or could not be released twice in a row."""
        found = 0
        if inputs.dose_miscount_steps or inputs.dose_withheld > 1:
            found |= faults.DOSE_COUNT
        if inputs.needle_miscount_steps or inputs.needle_withheld > 1:
            found |= faults.NEEDLE_COUNT
        if inputs.dose_driver_bad or inputs.needle_driver_bad:
            found |= faults.DRIVER
        return found

    def _pressure(self, outputs: "Outputs") -> int:
        """No advance above the ceiling; over-pressure if it goes on rising without."""
        pressure_pa = self._fluid.pressure_pa
        if pressure_pa > limits.PRESSURE_CEILING_PA and outputs.dose_chunk_steps > 0:
            outputs.dose_chunk_steps = 0
        if pressure_pa <= limits.PRESSURE_FAULT_PA:
            self._high_ticks = 0
            return 0
        self._high_ticks += 1
        return faults.OVER_PRESSURE if self._high_ticks > 1 else 0

    def _depth(self, outputs: "Outputs") -> int:
        """Commanded and counted against the depth of this drop; the sensor against both."""
        needle = self._needle
        deepest_um = self.depth_um + limits.DEPTH_OVERSHOOT_UM
        found = 0
        next_um = needle.counted_um + outputs.needle_chunk_steps * limits.NEEDLE_UM_PER_STEP
        if outputs.needle_chunk_steps > 0 and next_um > deepest_um:
            outputs.needle_chunk_steps = 0
        if outputs.needle_chunk_steps < 0 and next_um < limits.NEEDLE_PARKED_UM - limits.DEPTH_OVERSHOOT_UM:
            outputs.needle_chunk_steps = 0  # against the stop, where the count would be lost
        # The sensor's own gain is good to 0.5 %.
        if needle.counted_um > deepest_um or needle.measured_um > deepest_um + self.depth_um // 200:
            found |= faults.DEPTH_EXCEEDED
        apart_um = needle.measured_um - needle.counted_um
        if -limits.NEEDLE_DISAGREEMENT_UM <= apart_um <= limits.NEEDLE_DISAGREEMENT_UM:
            self._astray_ticks = 0
        else:
            self._astray_ticks += 1
            if self._astray_ticks >= limits.NEEDLE_DISAGREEMENT_TICKS:
                found |= faults.NEEDLE_DISAGREES
        return found

    def _volume(self, outputs: "Outputs") -> int:
        """What has left and what is still to come stays below the dose plus 5 % or one chunk.

        Conservative: all that was displaced comes out, but for what a compliance a quarter smaller keeps back at the
        tissue's pressure, and no tissue has more than its maximum.
        """
        if outputs.dose_chunk_steps <= 0:
            return 0
        fluid = self._fluid
        compliance = fluid.compliance_pl_per_kpa
        kept_pl = per_thousand(compliance - compliance // 4, min(fluid.tissue_pa, limits.TISSUE_MAX_PA))
        chunk_pl = outputs.dose_chunk_steps * fluid.pl_per_step
        most_pl = self.target_pl + limits.overdose_pl(self.target_pl, fluid.pl_per_step)
        if fluid.displaced_pl - kept_pl + chunk_pl > most_pl:
            outputs.dose_chunk_steps = 0
        return faults.DOSE_EXCEEDED if fluid.delivered_pl > most_pl else 0

    def _size(self, outputs: "Outputs") -> int:
        """No chunk above 40 steps or growing by more than 10: a planner that asks for it is broken."""
        if _too_fast(outputs.dose_chunk_steps, self._last_dose_steps):
            return faults.GATE
        if _too_fast(outputs.needle_chunk_steps, self._last_needle_steps):
            return faults.GATE
        return 0


def _too_fast(chunk_steps: int, last_steps: int) -> bool:
    """Whether a chunk is longer than 40 steps, or grew by more than the ramp in its own direction."""
    if chunk_steps < 0:
        chunk_steps = -chunk_steps
        last_steps = -last_steps
    return chunk_steps > limits.CHUNK_MAX_STEPS or chunk_steps > max(last_steps, 0) + limits.RAMP_STEPS


def _remove_all(outputs: "Outputs") -> None:
    outputs.dose_chunk_steps = 0
    outputs.needle_chunk_steps = 0
