"""What the hand asks for: trigger and CONFIRM, and what has changed by itself, into events. A shot takes none."""

from micropython import const

from firmware import faults, inhibits, limits, states
from firmware.operators import NOBODY
from firmware.syringe import PRIMED
from firmware.ticks import elapsed_us

_DISINFECTED = const(11)  # in the journal

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.loop import DoseLoop


class Controls:
    """Asks the loop's parts whether an event is due, and gives it to the loop. Moves nothing itself."""

    def __init__(self, loop: "DoseLoop") -> None:
        self._loop = loop
        self.armed_us = 0  # when it was armed, or its last shot ended
        self._asked_us = 0  # when CONFIRM asked for a reservation

    def step(self, now_us: int) -> None:
        """One tick at `now_us`: inhibits, CONFIRM and trigger into events."""
        loop = self._loop
        state = loop.state
        if state == states.LOCKED and loop.operators.current != NOBODY:
            loop.raise_event(states.LOGGED_IN)
        elif state == states.IDLE and not loop.inhibits:
            loop.raise_event(states.CLEARED)
        elif (state == states.READY or state == states.ARMED) and loop.inhibits:
            loop.raise_event(states.INHIBITED)
        elif state == states.READY and (loop.ledger.asked or loop.ledger.granted):
            self._arm(now_us)
        elif state == states.ARMED and elapsed_us(now_us, self.armed_us) >= limits.ARMED_US:
            loop.raise_event(states.TIMED_OUT)
        if loop.confirm.short:
            self._confirmed(now_us)
        elif loop.confirm.held:
            self._held(now_us)
        if loop.trigger.rose:
            self._pressed(now_us)

    def _confirmed(self, now_us: int) -> None:
        """A short CONFIRM: recovers, homes, arms or disarms, by the state. Or it answers what the panel asks."""
        loop = self._loop
        if loop.panel_inhibits & inhibits.EDITING:
            return
        if loop.state == states.FAULT:
            if self._may_recover():
                loop.faults = 0
                loop.raise_event(states.RECOVERED)
        elif loop.state == states.READY:
            self._ask(now_us)
        elif loop.state != states.IDLE or not loop.needle.homed:
            loop.raise_event(states.CONFIRMED)

    def _ask(self, now_us: int) -> None:
        """For a reservation; asked again, for none."""
        loop = self._loop
        ledger = loop.ledger
        if ledger.asked:
            ledger.end()
            return
        self._asked_us = now_us
        ledger.ask()

    def _arm(self, now_us: int) -> None:
        """With the reservation on flash; without it for so long the hand that asked has gone."""
        loop = self._loop
        if loop.ledger.granted:
            self.armed_us = now_us
            loop.raise_event(states.CONFIRMED)
        elif elapsed_us(now_us, self._asked_us) >= limits.RESERVE_US:
            loop.ledger.end()

    def _may_recover(self) -> bool:
        """Whether CONFIRM ends the faults that stand: with the cause gone and the needle home."""
        loop = self._loop
        if faults.needs_restart(loop.faults):
            return False
        inputs = loop.inputs
        if inputs.dose_driver_bad or inputs.needle_driver_bad or not (inputs.stop_closed and inputs.home):
            return False
        return not (loop.trigger.broken or loop.contact.broken or loop.gate.implausible(inputs))

    def _held(self, now_us: int) -> None:
        """CONFIRM held: it confirms what the display names, and nothing else."""
        loop = self._loop
        if loop.drops_named and loop.state == states.IDLE:
            loop.ledger.take_note()
        elif loop.rewind_asked:
            if loop.contact.off_ticks and loop.needle.parked():
                loop.raise_event(states.REWINDING)
        elif loop.zone_named and loop.state == states.IDLE and not loop.settings.refusals:
            disinfection = loop.treatment.disinfection
            disinfection.confirm(now_us)
            loop.journal.record(now_us, _DISINFECTED, loop.treatment.zone, disinfection.drying_us // 1000000)

    def _pressed(self, now_us: int) -> None:
        """A fresh press: a drop when armed and on skin, a prime when one is due and the device well clear of skin."""
        loop = self._loop
        if loop.state == states.ARMED:
            if loop.contact.on and loop.contact.both:
                loop.raise_event(states.PRESSED)
                if loop.state != states.SHOT:
                    return  # the orders were not what was chosen
                position_steps = loop.inputs.dose_steps
                drops_left = min(loop.treatment.drops_left(position_steps), loop.ledger.left)
                loop.shot.begin(loop.settings, drops_left, position_steps, now_us)
        elif loop.syringe.primed != PRIMED and self._may_prime():
            loop.raise_event(states.PRIMING)

    def _may_prime(self) -> bool:
        """Well clear of the skin, needle parked, settings whole, and nothing open at the panel."""
        loop = self._loop
        if loop.settings.refusals or loop.panel_inhibits:
            return False
        return loop.contact.off_ticks >= limits.PRIME_OPEN_TICKS and loop.needle.parked() != 0
