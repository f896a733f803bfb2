"""Who may shoot, and when: the hazards' laws about session, skin, needle, product and faults. Judged from the hand's
raw deeds, the text on the display and the plant's truth; what the firmware itself believes is only compared with it."""

from typing import TYPE_CHECKING, Any

from firmware import faults
from firmware.menu_rows import SETTING
from firmware.menu_table import ROWS
from host_tests.motion_laws import NL_PER_STEP, RESTING, MotionLaws
from tools.simulator import provisioning

if TYPE_CHECKING:
    from host_tests.unruly_desk import Answer, UnrulyDesk

# Written down once more, from the rules of the clinic.
ZONES_UM_NL = {  # deepest, a drop, in all
    "face": (2000, 50_000, 5_000_000),
    "eyelid": (600, 20_000, 400_000),
    "neck": (2000, 50_000, 5_000_000),
    "hands": (2000, 50_000, 2_000_000),
    "scalp": (4000, 50_000, 5_000_000),
    "chin": (13000, 200_000, 10_000_000),
    "stretch": (2000, 50_000, 10_000_000),
    "body": (13000, 200_000, 20_000_000),
    "pain": (13000, 100_000, 10_000_000),
}
NEEDLES_UM_PUNCTURES = {
    "30G 4mm": (4000, 120),
    "30G 6mm": (6000, 120),
    "30G 13mm": (13000, 120),
    "32G 4mm": (4000, 80),
    "32G 6mm": (6000, 80),
    "27G 4mm": (4000, 150),
    "27G 6mm": (6000, 150),
}
SESSION_NL = 20_000_000
ARMED_US = 60_000_000
DRYING_US = 30_000_000
DISINFECTED_US = 600_000_000
HOLD_TICKS = 500
SHORT_TICKS = 10
LET_GO_TICKS = 3
LOCK_OUT_TICKS = 150_000
RESTART = {"pressure_sensor", "needle_sensor", "late_tick", "gate", "memory", "depth_exceeded"}


class SessionLaws(MotionLaws):
    """Also remembers what the person has told the device, and when."""

    def __init__(self, desk: "UnrulyDesk") -> None:
        super().__init__(desk)
        self.logged_in = False
        self.wrong_codes = 0
        self.locked_out_until_tick = -1
        self.disinfected_us: int | None = None
        self.needle_fresh = False
        self.needle_punctures = 0
        self.primed = False
        self.shown: dict[str, Any] = {}  # what the display said when it was armed
        self.zone_nl = self.session_nl = 0.0  # the plant's truth when they began
        self.product_nl = [0.0] * len(desk.loop.treatment.products)
        self._product_from_nl = 0.0
        self._product = -1
        self._day = 0
        self._armed_us = 0
        self._confirm_ticks = self._up_ticks = self._named_ticks = self._differ_ticks = 0
        self._tapped = False
        self._asked_tick = -2  # of the newest tap
        self._faults = 0
        self._settings: tuple[object, ...] = ()
        self._furthest_steps = 0

    # --- what the person told the device ----------------------------------------------------------------------------

    def after_tick(self) -> None:
        """The desk calls it."""
        desk = self.desk
        if desk.answer:
            self._told(desk.answer)
        if desk.wrong_code:
            self.wrong_codes += 1
            if self.wrong_codes == 5:
                self.wrong_codes = 0
                self.locked_out_until_tick = desk.ticks + LOCK_OUT_TICKS - 10
        self._confirm()
        self.look()
        if self.state != self.before:
            self._changed()
        if self.state in RESTING:
            self._day = desk.keys.day
        self._compare()
        self._latched()
        if self.state == "ARMED" and desk.now_us - self._armed_us > ARMED_US + 4000:
            self.complain("armed for more than a minute")
        self._totals()

    def _told(self, answer: "Answer") -> None:
        name = answer.row.name.replace(b"|", b" ").decode()
        changed = bool(answer.row.key) and answer.changed
        if name == "Code":
            if answer.value != provisioning.CODE or self.desk.ticks < self.locked_out_until_tick:
                self.complain(f"logged in with {answer.value}")
            self.logged_in = True
            self.wrong_codes = 0
        elif name == "Log out":
            self.logged_in = False
        elif name == "Product" and changed:
            self._change_product(answer.value)
        if name in ("New zone", "New patient") or (name == "Zone" and changed):
            self.zone_nl = self.desk.plant.delivered_nl
            self.disinfected_us = None
        if name == "New patient":
            self.session_nl = self._product_from_nl = self.desk.plant.delivered_nl
            self.product_nl = [0.0] * len(self.product_nl)
        if name in ("New patient", "New needle") or (name in ("Needle", "Product") and changed):
            self.disinfected_us = None
            self.primed = False
            self.needle_fresh = name == "New needle"
        if name == "New needle":
            self.needle_punctures = 0
        if name in ("Prime again", "Power off") or (name == "Syringe" and changed):
            self.primed = False

    def _change_product(self, place: int) -> None:
        now_nl = self.desk.plant.delivered_nl
        if self._product >= 0:
            self.product_nl[self._product] += now_nl - self._product_from_nl
        self._product_from_nl = now_nl
        self._product = place

    def _confirm(self) -> None:
        """CONFIRM as it is: held for 1 s while the display names the zone, or tapped."""
        desk = self.desk
        down = desk.inputs.confirm
        self._tapped = False
        if not down:
            self._up_ticks += 1
            if self._up_ticks >= LET_GO_TICKS or self._confirm_ticks < SHORT_TICKS:  # a worn button opens for less
                self._tapped = SHORT_TICKS <= self._confirm_ticks < HOLD_TICKS
                if self._tapped:
                    self._asked_tick = desk.ticks
                self._confirm_ticks = self._named_ticks = 0
            return
        self._up_ticks = 0
        self._confirm_ticks += 1
        text = desk.panel.look.text
        zone = desk.loop.settings.zone.encode() + b"?"
        named = b"DISINFECT" in text and b"HOLD CONFIRM" in text and zone in text
        self._named_ticks = self._named_ticks + 1 if named else 0
        if self._confirm_ticks == HOLD_TICKS and self._named_ticks >= HOLD_TICKS - 8:
            self.disinfected_us = desk.now_us

    # --- what the device may do then --------------------------------------------------------------------------------

    def _changed(self) -> None:
        state, before = self.state, self.before
        desk = self.desk
        if state == "FAULT":
            self.disinfected_us = None
        if state == "ARMED":
            self._armed_us = desk.now_us
        if state == "ARMED" and before == "READY":
            self._arm()
        elif state == "ARMED" and before != "SHOT":
            self.complain("armed from elsewhere")
        if state == "READY" and before == "IDLE":
            self._may_shoot("ready")
        if before == "PRIME" and state == "IDLE" and self.pressed and self.lifted:
            self.primed = True
        if state in ("PRIME", "REWIND"):
            self.primed = False
        if state == "HOMING" and not self._tapped:
            self.complain("homing without CONFIRM")
        if state == "REWIND" and (self._confirm_ticks != HOLD_TICKS or not desk.inputs.home):
            self.complain("the pusher goes back unasked")
        if state == "SHOT":
            self._may_shoot("a shot")
            self._display()

    def _arm(self) -> None:
        """H21: what is shown is what is done. H01: prescription, zone, needle and machine, whichever is least."""
        desk = self.desk
        values = desk.panel.menu.values
        if self._asked_tick != desk.ticks - 1:  # what has to be on record first is, within the tick of the tap
            self.complain("armed without CONFIRM")
        self._furthest_steps = desk.loop.gate.furthest_steps
        shown: dict[str, Any] = {
            row.key: row.meaning(value)
            for row in ROWS
            if row.kind == SETTING and (value := values[row.key]) is not None
        }
        self.shown = shown
        zone = ZONES_UM_NL[shown["zone"]]
        self.deepest_um = min(shown["depth_um"], zone[0], NEEDLES_UM_PUNCTURES[shown["needle"]][0], 13000)
        dose_nl = min(shown["dose_nl"], zone[1])
        self.most_nl = dose_nl + max(dose_nl * 0.05, 40 * NL_PER_STEP[shown["syringe"]])
        if shown["syringe"] != desk.loop.settings.syringe or shown["points"] != desk.loop.settings.points:
            self.complain("not as shown")
        if dose_nl != desk.loop.settings.dose_nl or shown["depth_um"] != desk.loop.settings.depth_um:
            self.complain("not as shown")

    def _display(self) -> None:
        """The page says dose and depth, unless there was no time to write it."""
        if self.desk.now_us - self._armed_us > 100_000:
            text = self.desk.panel.look.text
            wanted = (f"{self.shown['dose_nl'] / 1000:.3f} ul", f"{self.shown['depth_um'] / 1000:.3f} mm")
            if any(words.encode() not in text for words in wanted):
                self.complain(f"{wanted} is not shown")

    def on_puncture(self) -> None:
        """Each drop, also of a burst."""
        self.needle_punctures += 1
        if self.state != "SHOT":
            self.complain("the needle goes in outside of a shot")
            return
        if self.punctures > (self.shown["burst_count"] if self.shown["mode"] == "burst" else 1):
            self.complain(f"{self.punctures} drops of one press")
        self._may_shoot("a drop")
        if self.needle_punctures > NEEDLES_UM_PUNCTURES[self.shown["needle"]][1]:
            self.complain("a blunt needle")

    def _may_shoot(self, what: str) -> None:
        """H08, H09, H11, H12, H13."""
        if not self.logged_in:
            self.complain(f"{what} by nobody")
        if self.disinfected_us is None:
            self.complain(f"{what} on skin that was not disinfected")
        else:
            age_us = self.desk.now_us - self.disinfected_us
            # The drop begins with the touch-off: half a second before the needle goes in.
            if not DRYING_US <= age_us < DISINFECTED_US + (1_000_000 if what == "a drop" else 0):
                self.complain(f"{what} {age_us / 1e6} s after disinfection")
        if not self.needle_fresh:
            self.complain(f"{what} with a used needle")
        if not self.primed:
            self.complain(f"{what} without a prime")
        if self._product < 0:
            self.complain(f"{what} of no product")
        elif not self._day or self._day > self.desk.loop.treatment.products[self._product].expires_yyyymmdd:
            self.complain(f"{what} of an expired product, or on an unknown day")
        if self.state == "ARMED" and self.desk.keys.panel_bad:
            self.complain(f"{what} that nobody can read")

    def _totals(self) -> None:
        """H02, H04: by the plant's truth."""
        if self.state != "SHOT" or not self.shown:
            return
        now_nl = self.desk.plant.delivered_nl
        if now_nl - self.zone_nl > ZONES_UM_NL[self.shown["zone"]][2]:
            self.complain("too much for the zone")
        if now_nl - self.session_nl > SESSION_NL:
            self.complain("too much for the session")
        most_nl = self.desk.loop.treatment.products[self._product].most_nl
        if self.product_nl[self._product] + now_nl - self._product_from_nl > most_nl:
            self.complain("too much of the product")

    def _compare(self) -> None:
        """Nothing that was chosen, and no reservation, changes while it is used."""
        loop = self.desk.loop
        treatment = loop.treatment
        now = (*vars(loop.settings).values(), treatment.patient, treatment.product, loop.operators.current)
        if self.before not in RESTING and now != self._settings:
            self.complain("settings changed while armed")
        self._settings = now
        if self.state in ("ARMED", "SHOT") and loop.gate.furthest_steps != self._furthest_steps:
            self.complain("the reservation changed while armed")

    def _latched(self) -> None:
        """Faults stay until CONFIRM, with the cause gone and the needle home; some until power-off."""
        inputs = self.desk.inputs
        now = self.desk.loop.faults
        differ = (inputs.trigger_no == inputs.trigger_nc) or (inputs.contact_a != inputs.contact_b)
        self._differ_ticks = self._differ_ticks + 1 if differ else 0
        if (self.state == "FAULT") != (now != 0):
            self.complain(f"{self.state} with faults {now:#x}")
        if self.before == "FAULT" and self.state == "FAULT" and self._faults & ~now:
            self.complain("a fault went by itself")
        if self.before == "FAULT" and self.state != "FAULT":
            if RESTART & set(faults.names(self._faults)):
                self.complain("left a fault that needs a restart")
            if not self._tapped:
                self.complain("left a fault without CONFIRM")
            healthy = inputs.stop_closed and inputs.home and not (inputs.dose_driver_bad or inputs.needle_driver_bad)
            if not healthy or self._differ_ticks > 10 or self._unfit():
                self.complain("left a fault whose cause stands")
        self._faults = now

    def _unfit(self) -> bool:
        inputs = self.desk.inputs
        sensors = inputs.pressure_counts in (0, 4095) or inputs.needle_counts in (0, 4095)
        return sensors or not 9.0 <= inputs.supply_counts * 15.5 / 4095 <= 15.05
