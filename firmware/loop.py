"""The loop: one tick, from sensors to motors. Readable from top to bottom as the machine's day."""

from micropython import const

from firmware import drop, faults, inhibits, journal_ring, limits, states, tone
from firmware.calibration import NEEDLE_ZERO_UM, PA_PER_COUNT, PRESSURE_ZERO_PA, UM_PER_COUNT
from firmware.confirm import Confirm
from firmware.contact_pair import ContactPair
from firmware.controls import Controls
from firmware.dose import Dose
from firmware.fluid import Fluid
from firmware.homing import Homing
from firmware.interlocks import Gate
from firmware.journal_ring import JournalRing
from firmware.ledger import Ledger
from firmware.motion import Ramp
from firmware.needle import Needle
from firmware.operators import NOBODY, Operators
from firmware.prime import Prime
from firmware.relax import Relax
from firmware.scale import Scale
from firmware.settings import NOT_DISARMED, Settings
from firmware.shot import IDLE, WAIT, WITHDRAW, Shot
from firmware.softness import Softness
from firmware.states import ARMED, BOOT, FAULT, HOMING, PRIME, REWIND, SELF_TEST, SHOT
from firmware.syringe import PRIMED, Syringe
from firmware.tone import Tone
from firmware.touch_off import TouchOff
from firmware.treatment import Treatment

_LOGGED_OUT = const(7)  # in the journal
_PRIMED = const(12)

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware.image import Inputs, Outputs
    from firmware.provisioning import Provisioning


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
        self.operators = Operators()
        self.journal = JournalRing()
        self.ledger = Ledger(self.drop, self.settings, self.treatment)
        self.controls = Controls(self)
        self.panel_inhibits = 0  # written by the panel; while EDITING stands, CONFIRM is the panel's
        self.rewind_asked = 0  # written by the panel: it asks whether a new syringe shall be put in
        self.zone_named = 0  # written by the panel: it names the zone, and asks whether its skin is disinfected
        self.drops_named = 0  # written by the panel: it says which drops are uncertain
        self.state = BOOT
        self.disarmed = True  # nothing can move and nothing is about to: settings may change, flash and UART be used
        self.inhibits = 0
        self.faults = 0
        self._test_ticks = 0
        self.now_us = 0  # of this tick

    def provision(self, provisioning: "Provisioning", digest: "Callable[[int], bytes]", calibration: object) -> None:
        """What the clinic has entered, and what was measured; at power-on. Without, nobody can log in, or arm."""
        self.settings.calibrate(calibration)
        self.operators.digests = provisioning.operators
        self.operators.digest = digest
        self.treatment.provision(provisioning)

    def propose(self, wanted: "dict[str, int | str]") -> int:
        """Take new settings as a whole, only while disarmed: 0; or a mask of refusals, and nothing has changed."""
        return self.treatment.choose(wanted) if states.disarmed(self.state) else NOT_DISARMED

    def release_motors(self) -> None:
        """Power off, while disarmed: the spring keeps the needle home. Homing and prime come first again."""
        if self.disarmed:
            self.outputs.dose_enable = 0
            self.outputs.needle_enable = 0
            self.needle.forget_home()
            self.treatment.unprime()

    def log_out(self) -> None:
        """Nobody may use the device until the next code; only while disarmed."""
        if self.disarmed:
            self.journal.record(self.now_us, _LOGGED_OUT, self.operators.current, 0)
            self.operators.current = NOBODY
            self.raise_event(states.LOGGED_OUT)

    def tick(self, now_us: int) -> None:
        """One control period at `now_us` (30-bit ticks): inputs in, outputs out."""
        inputs = self.inputs
        outputs = self.outputs
        outputs.dose_chunk_steps = 0
        outputs.needle_chunk_steps = 0
        self.now_us = now_us
        if self.tone.code:
            self.tone.step()
        found = self._sense()
        if self.state != SHOT:  # a shot begins without any, and only faults end it
            self.treatment.disinfection.step(now_us)
            self.inhibits = inhibits.of(self)
        if found and SELF_TEST < self.state < FAULT:
            self._fail(found)
        if self.state != SHOT:
            self.controls.step(now_us)
        if self.state == SHOT:
            self._shoot(now_us)
        else:
            self._act()
        found = self.gate.check(inputs, outputs, self.state)
        if found:
            self._fail(found)
        if self.drop.changed:
            self.ledger.note(now_us, self.journal)
        if not outputs.dose_chunk_steps:
            self.dose_ramp.chunk_steps = 0  # an axis that stands starts from rest again
        if not outputs.needle_chunk_steps:
            self.needle.ramp.chunk_steps = 0
        outputs.tone = self.tone.code

    def _sense(self) -> int:
        """Contacts and CONFIRM, where there is something to count; raw counts into pressure and positions. Returns
        the faults of the controls."""
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
            self.fluid.rest(pressure_pa)
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
            self.raise_event(states.STARTED)
        elif state == SELF_TEST:
            self._test_ticks = 0 if inhibits.unfit(self.inhibits) else self._test_ticks + 1
            if self._test_ticks >= limits.SELF_TEST_TICKS:
                self.raise_event(states.TEST_PASSED)

    def raise_event(self, event: int) -> None:
        """Take an event, if the state has a place for it and, towards a shot, no inhibit stands, whoever raises it.
        Else nothing changes but the journal."""
        before = self.state
        state = states.after(before, event)
        refused = state == before or (before < state <= SHOT and state >= states.READY and inhibits.of(self))
        if self.ledger.found and not states.disarmed(state):
            refused = True  # somebody has to take note of drops that are uncertain
        if not refused and states.READY < state < FAULT and not self.settings.intact() and not self.settings.refusals:
            self._fail(faults.MEMORY)
            return
        if state == ARMED and before == states.READY and not self.ledger.stands(self.inputs.dose_steps):
            self.ledger.end()
            refused = True
        if refused:
            self.journal.record(self.now_us, journal_ring.ILLEGAL, before, event)
            return
        self.journal.record(self.now_us, journal_ring.TAKEN, before, event)
        self.state = state
        self.disarmed = states.disarmed(state)
        self.treatment.stale = 1
        if self.disarmed:
            self.gate.revoke()
        if state != ARMED and state != SHOT:
            self.ledger.end()
            self.confirm.void()  # it went down for another state; but one that disarms is never lost
        self._enter(state, before)

    def _enter(self, state: int, before: int) -> None:
        """Entering a state begins what the state does."""
        position_steps = self.inputs.dose_steps
        if state == ARMED and before == states.READY:
            self.gate.reserve(position_steps, self.treatment.reservation_steps(self.ledger.drops))
        elif state == SHOT:
            self.gate.begin(self.settings)
        elif state == PRIME:
            self._begin_prime(position_steps)
        elif state == HOMING:
            self.homing.begin()
            self.gate.begin_homing()
        elif state == REWIND:
            self.treatment.unprime()
        if state >= SHOT or state == HOMING:
            self._power(1 if state < FAULT else 0)

    def _begin_prime(self, position_steps: int) -> None:
        """From a pressure and a slack that nobody knows; the gate has its own bound of how far."""
        calibration = self.settings.calibration
        self.syringe.primed = 0
        self.fluid.use(calibration, 1)
        self.gate.reserve(position_steps, calibration.steps_of_pl(limits.PRIME_MAX_NL * 1000))
        self.prime.begin(position_steps, self.fluid.pressure_pa)

    def _power(self, on: int) -> None:
        self.outputs.dose_enable = on
        self.outputs.needle_enable = on

    def _shoot(self, now_us: int) -> None:
        """A shot goes on; or it is given up, and the needle comes out."""
        shot = self.shot
        position_steps = self.inputs.dose_steps
        if (self.trigger.off_ticks or self.contact.off_ticks) and shot.phase != WITHDRAW:
            shot.abort(drop.RELEASED if self.trigger.off_ticks else drop.CONTACT_LOST, position_steps)
        if shot.phase == WAIT and not self.treatment.disinfection.stands(now_us):
            shot.abort(0, position_steps)  # the burst ends: the skin has to be disinfected again
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
            self.controls.armed_us = now_us
            self.raise_event(states.ENDED)

    def _prime(self) -> None:
        """A prime goes on while the trigger is held and nothing is touched."""
        prime = self.prime
        if self.trigger.off_ticks or not self.contact.off_ticks:
            self.tone.sound(tone.ABORTED)
            self.raise_event(states.ENDED)
            return
        prime.step(self.inputs.dose_steps)
        self.outputs.dose_chunk_steps = prime.dose_steps
        if prime.fault:
            self._fail(prime.fault)
        elif prime.done:
            self.fluid.use(self.settings.calibration, prime.resistance_pa_per_nl)
            self.syringe.primed = PRIMED
            self.journal.record(self.now_us, _PRIMED, prime.resistance_pa_per_nl, 0)
            self.tone.sound(tone.DONE)
            self.raise_event(states.ENDED)

    def _home(self) -> None:
        """The needle on its way home."""
        homing = self.homing
        self.outputs.needle_chunk_steps = homing.step(self.inputs.home, self.inputs.needle_steps)
        if homing.failed:
            self._fail(faults.NOT_HOME)
        elif homing.done:
            self.raise_event(states.HOMED)

    def _rewind(self) -> None:
        """The pusher back to where a full syringe begins; contact ends it."""
        back_steps = self.syringe.back_steps(self.inputs.dose_steps)
        if back_steps >= 0 or not self.contact.off_ticks:
            self.raise_event(states.ENDED)
            return
        self.outputs.dose_chunk_steps = self.dose_ramp.toward(back_steps)

    def _fail(self, found: int) -> None:
        """Latch faults, close the drop, drop the enables."""
        if self.state == SHOT:
            self.shot.end(self.inputs.dose_steps, found)
        if found & ~self.faults:
            self.journal.record(self.now_us, journal_ring.FAULTS, self.state, found)
        self.faults |= found
        self.outputs.dose_chunk_steps = self.outputs.needle_chunk_steps = 0
        self.needle.forget_home()
        self.treatment.fault()
        self.raise_event(states.FAULTED)
        self.tone.sound(tone.FAULT)
