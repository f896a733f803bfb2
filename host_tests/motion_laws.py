"""What may move, judged tick by tick from the raw contacts and the plant's truth. Nothing here asks the firmware's own
checks: of its state only the name is believed, because the laws are about it."""

# The truth about needle and play is the plant's own business, except here.
# pyright: reportPrivateUsage=false

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from host_tests.unruly_desk import UnrulyDesk

MOVING = ("ARMED", "SHOT", "PRIME", "HOMING", "REWIND", "SERVICE")
RESTING = ("BOOT", "SELF_TEST", "LOCKED", "IDLE", "READY", "FAULT")
NL_PER_STEP = {"1ml": 5.422, "5ml": 37.132, "10ml": 59.729}
OVERSHOOT_UM = 50
WITHDRAW_TICKS = 75
SPRING_UM_PER_TICK = 200
PRIME_OPEN_TICKS = 250
PRIME_MOST_NL = 200_000
PRIME_MOST_TICKS = 10_001
CEILING_KPA = 400


class MotionLaws:
    """Looks at a desk after each tick of its loop; `broken` says which laws were, `seen` which states there have been.

    The deepest depth and the dose of the drop in work are written by whoever knows what was shown: `deepest_um`,
    `most_nl`.
    """

    def __init__(self, desk: "UnrulyDesk") -> None:
        self.desk = desk
        self.broken: list[str] = []
        self.seen = {desk.state}
        self.state = self.before = desk.state
        self.deepest_um = -2000.0
        self.most_nl = 0.0
        self.pressed = self.on_skin = self.lifted = False
        self.pressed_ticks = self.off_ticks = self.on_skin_ticks = self.lifted_ticks = 0
        self.off_since_armed = False
        self.touched = False  # both for 10 ms, and since then never both off; one that bounces only withholds
        self.punctures = 0  # of this press
        self.all_punctures = 0
        self._out = True
        self._out_by_tick: int | None = None
        self._drop_from_nl = 0.0
        self._prime_from_steps = 0
        self._prime_ticks = 0
        self._furthest_steps = 0
        self._pressure_lied_tick = -1

    def complain(self, what: str) -> None:
        """A law is broken."""
        self.broken.append(f"tick {self.desk.ticks}, {self.before} -> {self.state}: {what}")

    def look(self) -> None:
        """After the loop's tick, before its chunks run."""
        self.before = self.state
        self.state = self.desk.state
        if self.state != self.before:
            self.seen.add(self.state)
        self._contacts()
        outputs = self.desk.outputs
        if not self.desk.inputs.stop_closed or self.state == "FAULT":
            if outputs.dose_enable or outputs.needle_enable:
                self.complain("power with STOP pressed or in FAULT")
        if outputs.dose_chunk_steps or outputs.needle_chunk_steps:
            self._motion(outputs.dose_chunk_steps, outputs.needle_chunk_steps)
        if self.state == "PRIME":
            self._prime()
        if self.state == "SHOT" and self.before != "SHOT":
            self._begin_shot()
        self._needle()
        if self.state in MOVING:
            self._must_be_found()
        self._withdrawal()

    def _contacts(self) -> None:
        inputs = self.desk.inputs
        self.pressed = inputs.trigger_no == 1 and inputs.trigger_nc == 0
        off = inputs.trigger_no == 0 and inputs.trigger_nc == 1
        self.on_skin = inputs.contact_a == 1 and inputs.contact_b == 1
        self.lifted = inputs.contact_a == 0 and inputs.contact_b == 0
        self.pressed_ticks = self.pressed_ticks + 1 if self.pressed else 0
        self.off_ticks = self.off_ticks + 1 if off else 0
        self.on_skin_ticks = self.on_skin_ticks + 1 if self.on_skin else 0
        self.lifted_ticks = self.lifted_ticks + 1 if self.lifted else 0
        if self.on_skin_ticks == 5 or self.lifted:
            self.touched = not self.lifted
        if self.before == "READY" and self.state == "ARMED":
            self.off_since_armed = False
        if off:
            self.off_since_armed = True

    def _motion(self, dose_steps: int, needle_steps: int) -> None:
        """H05, H06, H07: nothing moves but what a hand wants now."""
        state = self.state
        if not self.desk.inputs.stop_closed:
            self.complain("motion with STOP pressed")
        if state == "SHOT":
            if (dose_steps > 0 or needle_steps > 0) and not (self.pressed and self.on_skin):
                self.complain(f"advance {dose_steps}/{needle_steps} without trigger and skin")
        elif state == "PRIME":
            if needle_steps or not self.lifted or (dose_steps > 0 and not self.pressed):
                self.complain(f"PRIME moves {dose_steps}/{needle_steps}")
        elif state == "HOMING":
            if dose_steps or needle_steps > 0:
                self.complain(f"HOMING moves {dose_steps}/{needle_steps}")
        elif state == "REWIND":
            if needle_steps or dose_steps > 0 or not self.lifted:
                self.complain(f"REWIND moves {dose_steps}/{needle_steps}")
        else:
            self.complain(f"{state} moves {dose_steps}/{needle_steps}")
        if dose_steps > 0:
            self._feed(dose_steps)

    def _feed(self, dose_steps: int) -> None:
        """H10, H04: not above the ceiling, not beyond what was reserved."""
        inputs = self.desk.inputs
        if inputs.pressure_counts * 0.25 - 50 > CEILING_KPA:
            self.complain("advance above 400 kPa")
        if inputs.dose_steps + dose_steps > self.desk.loop.gate.furthest_steps:
            self.complain("advance beyond the reservation")

    def _begin_shot(self) -> None:
        """H05: by a fresh press, on skin."""
        if self.before != "ARMED":
            self.complain("a shot from elsewhere")
        if self.pressed_ticks < 5 or not self.on_skin or not self.touched or not self.off_since_armed:
            self.complain("a shot without a fresh press on skin")
        self.off_since_armed = False
        self.punctures = 0

    def _prime(self) -> None:
        """Needle parked, both contacts open for 500 ms before, at most 200 ul and 20 s."""
        desk = self.desk
        if self.before != "PRIME":
            self._prime_from_steps = desk.inputs.dose_steps
            self._prime_ticks = 0
            if self.lifted_ticks < PRIME_OPEN_TICKS or self.pressed_ticks < 5 or self._truth_um() > -1950:
                self.complain("a prime near skin, with the needle out, or without a fresh press")
        self._prime_ticks += 1
        steps = desk.inputs.dose_steps + max(desk.outputs.dose_chunk_steps, 0) - self._prime_from_steps
        if desk.outputs.dose_chunk_steps and steps * NL_PER_STEP[desk.loop.settings.syringe] > PRIME_MOST_NL:
            self.complain("more than 200 ul of prime")
        if self._prime_ticks > PRIME_MOST_TICKS:
            self.complain("a prime of more than 20 s")

    def _truth_um(self) -> float:
        return self.desk.plant._carriage.tip_um

    def _needle(self) -> None:
        """H01, H02: never deeper than shown, a drop is no more than shown, by the plant's truth."""
        tip_um = self._truth_um()
        if tip_um > self.deepest_um + OVERSHOOT_UM:
            self.complain(f"the needle is at {tip_um} um, {self.deepest_um} was allowed")
        plant = self.desk.plant
        if self._out and tip_um > 0:
            self._out = False
            self.punctures += 1
            self.all_punctures += 1
            self._drop_from_nl = plant.delivered_nl
            self.on_puncture()
        elif tip_um < -200:
            self._out = True
        if "pressure_counts" in self.desk.falsified:
            self._pressure_lied_tick = self.desk.ticks
        if plant.delivered_nl - self._drop_from_nl > self.most_nl:
            given_nl = plant.delivered_nl - self._drop_from_nl
            lied = " after the pressure lied" if self._pressure_lied_tick >= 0 else ""
            self.complain(f"a drop of {given_nl:.1f} nl, {self.most_nl} were allowed{lied}")

    def on_puncture(self) -> None:
        """The needle goes in: whoever knows the session judges whether it may."""

    def _must_be_found(self) -> None:
        """H16 to H19: with one of these nothing stays armed or moves on."""
        inputs = self.desk.inputs
        if inputs.late_us > 1000:
            self.complain("a late tick")
        if inputs.pressure_counts in (0, 4095) or inputs.needle_counts in (0, 4095):
            self.complain("a sensor that is broken")
        if not 9.0 <= inputs.supply_counts * 15.5 / 4095 <= 15.05:
            self.complain("supply out of range")
        if inputs.dose_driver_bad or inputs.needle_driver_bad:
            self.complain("a driver is bad")
        if inputs.dose_miscount_steps or inputs.needle_miscount_steps:
            self.complain("steps are missing")
        if inputs.dose_withheld > 1 or inputs.needle_withheld > 1:
            self.complain("withheld twice")

    def _withdrawal(self) -> None:
        """H06: when finger or skin are gone, or anything else ends the shot, the needle comes out in time."""
        if self.before == "SHOT" and self._out_by_tick is None:
            gone = self.off_ticks or self.lifted_ticks
            tip_um = max(self._truth_um(), 0.0)
            spring_ticks = int(tip_um / SPRING_UM_PER_TICK) + 2
            if self.state == "FAULT" or not self.desk.inputs.stop_closed:
                self._out_by_tick = self.desk.ticks + spring_ticks
            elif gone:
                self._out_by_tick = self.desk.ticks + WITHDRAW_TICKS + spring_ticks
        if self._out_by_tick is not None and self._truth_um() <= 0:
            self._out_by_tick = None
        elif self._out_by_tick is not None and self.desk.ticks >= self._out_by_tick:
            self.complain("the needle is still in")
