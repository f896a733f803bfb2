"""The loop: one tick, from sensors to motors. Readable from top to bottom as the machine's day."""

from micropython import const

from firmware import drop, faults, inhibits, limits, states, tone
from firmware.calibration import NEEDLE_ZERO_UM, PA_PER_COUNT, PRESSURE_ZERO_PA, UM_PER_COUNT
from firmware.confirm import Confirm
from firmware.contact_pair import ContactPair
from firmware.dose import Dose
from firmware.fluid import Fluid
from firmware.homing import Homing
from firmware.interlocks import Gate
from firmware.motion import Ramp
from firmware.needle import Needle
from firmware.prime import Prime
from firmware.relax import Relax
from firmware.scale import Scale
from firmware.settings import NOT_DISARMED, Settings
from firmware.shot import IDLE, WITHDRAW, Shot
from firmware.softness import Softness
from firmware.states import BOOT, FAULT, HOMING, PRIME, REWIND, SELF_TEST, SHOT
from firmware.syringe import Syringe
from firmware.ticks import elapsed_us
from firmware.tone import Tone
from firmware.touch_off import TouchOff
from firmware.treatment import Treatment

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.image import Inputs, Outputs


class DoseLoop:
    """Everything that decides. Stepped every 2 ms by `tick`; all else on it is there to be read."""

    def __init__(self, inputs: "Inputs", outputs: "Outputs") -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.settings = Settings()
        self.trigger = ContactPair()
        self.contact = ContactPair()
        self.confirm = Confirm()
        self.tone = Tone()
        self.fluid = Fluid()
        self.scale = Scale()
        self.syringe = Syringe()
        self.dose_ramp = Ramp()
        self.needle = Needle(Ramp())
        self.homing = Homing(self.needle)
        self.touch = TouchOff(self.dose_ramp)
        self.relax = Relax(self.dose_ramp, self.fluid)
        self.softness = Softness(self.fluid)
        dose = Dose(self.dose_ramp, self.fluid)
        self.shot = Shot(self.fluid, self.scale, self.touch, dose, self.relax, self.needle, self.softness)
        self.prime = Prime(self.fluid, self.scale, self.touch, self.dose_ramp, self.softness)
        self.gate = Gate(self.fluid, self.needle)
        self.drop = self.shot.drop
        self.treatment = Treatment(self.settings, self.syringe, self.fluid, self.scale, self.drop)
        self.panel_inhibits = 0  # written by the panel; while EDITING stands, CONFIRM is the panel's
        self.rewind_asked = 0  # written by the panel: it asks whether a new syringe shall be put in
        self.state = BOOT
        self.disarmed = True  # nothing can move and nothing is about to: settings may change, flash and UART be used
        self.inhibits = 0
        self.faults = 0
        self._test_ticks = 0
        self._armed_us = 0

    def propose(self, wanted: "dict[str, int | str]") -> int:
        """Validate and take new settings as a whole; only while disarmed. Never called from the tick.

        Returns 0; or a mask of refusals (settings.py), and nothing has changed.
        """
        return self.treatment.choose(wanted) if states.disarmed(self.state) else NOT_DISARMED

    def release_motors(self) -> None:
        """Power off, while disarmed: the spring keeps the needle home. Homing and prime come first again."""
        if self.disarmed:
            self.outputs.dose_enable = 0
            self.outputs.needle_enable = 0
            self.needle.forget_home()
            self.treatment.unprime()

    def tick(self, now_us: int) -> None:
        """One control period at `now_us` (30-bit ticks): inputs in, outputs out."""
        inputs = self.inputs
        outputs = self.outputs
        outputs.dose_chunk_steps = 0
        outputs.needle_chunk_steps = 0
        if self.tone.code:
            self.tone.step()
        found = self._sense()
        if self.state != SHOT:  # a shot begins without any, and only faults end it
            self.inhibits = inhibits.of(self)
        if found and SELF_TEST < self.state < FAULT:
            self._fail(found)
        if self.state != SHOT:
            self._controls(now_us)
        if self.state == SHOT:
            self._shoot(now_us)
        else:
            self._act()
        found = self.gate.check(inputs, outputs, self.state)
        if found:
            self._fail(found)
        # An axis that stands starts from rest again.
        if not outputs.dose_chunk_steps:
            self.dose_ramp.chunk_steps = 0
        if not outputs.needle_chunk_steps:
            self.needle.ramp.chunk_steps = 0
        outputs.tone = self.tone.code

    def _sense(self) -> int:
        """Contacts and CONFIRM, where there is something to count; raw counts into pressure and positions.

        Returns what a broken control or an open stop loop is as a fault.
        """
        found = 0
        inputs = self.inputs
        trigger = self.trigger
        if inputs.trigger_nc or not inputs.trigger_no or not trigger.steady:
            trigger.step(inputs.trigger_no, 1 - inputs.trigger_nc)
            self.gate.trigger_both = trigger.both
            if trigger.broken:
                found = faults.TRIGGER_CONTACTS
        contact = self.contact
        if not inputs.contact_a or not inputs.contact_b or not contact.steady:
            contact.step(inputs.contact_a, inputs.contact_b)
            self.gate.contact_both = contact.both
            self.gate.contacts_open = contact.off_ticks > 0
            if contact.broken:
                found |= faults.SKIN_CONTACTS
        if inputs.confirm or not self.confirm.quiet:
            self.confirm.step(inputs.confirm)
        if inputs.dose_withheld:
            self.dose_ramp.chunk_steps = 0  # the motor stood: it starts from rest again
        if inputs.needle_withheld:
            self.needle.ramp.chunk_steps = 0
        self.needle.sense(inputs.needle_steps, inputs.needle_counts * UM_PER_COUNT + NEEDLE_ZERO_UM, inputs.home)
        pressure_pa = inputs.pressure_counts * PA_PER_COUNT + PRESSURE_ZERO_PA
        if self.state == SHOT or self.state == PRIME:
            self.fluid.update(inputs.dose_steps, pressure_pa)
        else:
            self.fluid.pressure_pa = pressure_pa
        return found if inputs.stop_closed else found | faults.STOP_PRESSED

    def _act(self) -> None:
        """What the states but SHOT do by themselves."""
        state = self.state
        if state == PRIME:
            self._prime()
        elif state == HOMING:
            self._home()
        elif state == REWIND:
            self._rewind()
        elif state == BOOT:
            self._event(states.STARTED)
        elif state == SELF_TEST:
            self._test_ticks += 1
            if self._test_ticks >= limits.SELF_TEST_TICKS:
                self._event(states.TEST_PASSED)

    def _controls(self, now_us: int) -> None:
        """Inhibits, CONFIRM and trigger into events. A shot takes none."""
        state = self.state
        if state == states.IDLE and not self.inhibits:
            self._event(states.CLEARED)
        elif (state == states.READY or state == states.ARMED) and self.inhibits:
            self._event(states.INHIBITED)
        elif state == states.ARMED and elapsed_us(now_us, self._armed_us) >= limits.ARMED_US:
            self._event(states.TIMED_OUT)
        if self.confirm.short:
            self._confirmed(now_us)
        elif self.confirm.held and self.rewind_asked and self.contact.off_ticks and self.needle.parked():
            self._event(states.HELD)
        if self.trigger.rose:
            self._pressed(now_us)

    def _confirmed(self, now_us: int) -> None:
        """A short CONFIRM: recovers, homes, arms or disarms, by the state. Or it answers what the panel asks."""
        if self.panel_inhibits & inhibits.EDITING:
            return
        if self.state == FAULT:
            # Only with the cause gone and the needle home.
            inputs = self.inputs
            if inputs.stop_closed and inputs.home and not self.trigger.broken and not self.contact.broken:
                self.faults = 0
                self._event(states.RECOVERED)
        elif self.state != states.IDLE or not self.needle.homed:
            self._armed_us = now_us
            self._event(states.CONFIRMED)

    def _pressed(self, now_us: int) -> None:
        """A fresh press: a drop when armed and on skin, a prime when one is due and the device well clear of skin."""
        if self.state == states.ARMED:
            if self.contact.on and self.contact.both:
                self._event(states.PRESSED)
                position_steps = self.inputs.dose_steps
                drops_left = self.treatment.drops_left(position_steps)
                self.shot.begin(self.settings, drops_left, position_steps, now_us)
        elif not self.syringe.primed and self.contact.off_ticks >= limits.PRIME_OPEN_TICKS and self.needle.parked():
            if not self.settings.refusals and not self.panel_inhibits and self.inputs.stop_closed:
                self._event(states.PRIMING)

    def _event(self, event: int) -> None:
        """Take an event; entering a state begins what the state does."""
        state = states.after(self.state, event)
        if state == self.state:
            return
        self.state = state
        self.disarmed = states.disarmed(state)
        if state != states.ARMED and state != SHOT:
            self.confirm.void()  # it went down for another state; but one that disarms is never lost
        outputs = self.outputs
        if state == states.SHOT:
            self.gate.begin(self.settings)
        elif state == states.PRIME:
            self.syringe.primed = 0
            self.fluid.use(self.settings.calibration, 1)
            self.prime.begin(self.inputs.dose_steps, self.fluid.pressure_pa)
        elif state == states.HOMING:
            self.homing.begin()
        elif state == states.REWIND:
            self.syringe.primed = 0
            self.scale.forget()
        elif state == states.FAULT:
            outputs.dose_enable = 0
            outputs.needle_enable = 0
        if state == states.HOMING or states.SHOT <= state < states.FAULT:
            outputs.dose_enable = 1
            outputs.needle_enable = 1

    def _shoot(self, now_us: int) -> None:
        """A shot goes on; or it is given up, and the needle comes out."""
        shot = self.shot
        position_steps = self.inputs.dose_steps
        if (self.trigger.off_ticks or self.contact.off_ticks) and shot.phase != WITHDRAW:
            shot.abort(drop.RELEASED if self.trigger.off_ticks else drop.CONTACT_LOST, position_steps)
        if shot.phase == WITHDRAW:
            self.gate.withdrawing_ticks += 1
        shot.step(position_steps, now_us)
        self.outputs.dose_chunk_steps = shot.dose_steps
        self.outputs.needle_chunk_steps = shot.needle_steps
        if shot.fault:
            self._fail(shot.fault)
        elif shot.phase == IDLE:
            if not self.needle.home:
                # Withdrawing took its 150 ms: power off, and the spring brings the needle home.
                self.outputs.needle_enable = 0
                self.needle.forget_home()
            self.tone.sound(tone.DONE if self.drop.result == drop.DELIVERED else tone.ABORTED)
            self._armed_us = now_us
            self._event(states.ENDED)

    def _prime(self) -> None:
        """A prime goes on while the trigger is held and nothing is touched."""
        prime = self.prime
        if self.trigger.off_ticks or not self.contact.off_ticks:
            self.tone.sound(tone.ABORTED)
            self._event(states.ENDED)
            return
        prime.step(self.inputs.dose_steps)
        self.outputs.dose_chunk_steps = prime.dose_steps
        if prime.fault:
            self._fail(prime.fault)
        elif prime.done:
            self.fluid.use(self.settings.calibration, prime.resistance_pa_per_nl)
            self.syringe.primed = 1
            self.tone.sound(tone.DONE)
            self._event(states.ENDED)

    def _home(self) -> None:
        """The needle on its way home."""
        homing = self.homing
        self.outputs.needle_chunk_steps = homing.step(self.inputs.home, self.inputs.needle_steps)
        if homing.failed:
            self._fail(faults.NOT_HOME)
        elif homing.done:
            self._event(states.HOMED)

    def _rewind(self) -> None:
        """The pusher back to where a full syringe begins; contact ends it."""
        back_steps = self.syringe.back_steps(self.inputs.dose_steps)
        if back_steps >= 0 or not self.contact.off_ticks:
            self._event(states.ENDED)
            return
        self.outputs.dose_chunk_steps = self.dose_ramp.toward(back_steps)

    def _fail(self, found: int) -> None:
        """Latch faults, close the drop, drop the enables."""
        if self.state == states.SHOT:
            self.shot.end(self.inputs.dose_steps, found)
        self.faults |= found
        self.outputs.dose_chunk_steps = 0
        self.outputs.needle_chunk_steps = 0
        self.needle.forget_home()
        self.syringe.primed = 0
        self.scale.forget()
        self._event(states.FAULTED)
        self.tone.sound(tone.FAULT)
