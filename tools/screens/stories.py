"""What is done at the device so that each of its screens comes up once: the menu, setting up, and working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.screens.album import MANY, Photographer
from tools.simulation import Order

if TYPE_CHECKING:
    from tools.simulator.hand import Routine

_TAP_US = 100_000
_SHORT_US = 300_000
_TURN_US = 2_000_000  # the last row of the working page says something else
_OPEN_US = 600_000  # in the air before a prime


class Menu(Photographer):
    """Every row of the menu as it is before anything is chosen."""

    def story(self) -> Routine:
        """From the first row to the last."""
        yield from self.go_to("code")
        while True:
            head, name, value, *_ = self.observer.screen()
            number = head.split()[1]
            title = f"{name} {value}" if name in ("New", "Prime", "Log", "Power") else name
            yield from self.photo(f"menu-{title.lower().replace(' ', '-')}", f"Menu {number}: {title}")
            yield from self.turn(1)
            if self.observer.screen()[0].split()[1] == number:
                return


class LoggingIn(Photographer):
    """A device that nobody has logged in at, and wrong codes."""

    logs_in = False

    def story(self) -> Routine:
        """Five of them."""
        yield from self.photo("locked", "Switched on. It wants a code.", _TURN_US)
        yield from self.go_to("code")
        yield from self.push()
        yield from self.turn(2)
        yield from self.photo("open-code", "The code, digit by digit.")
        yield from self.confirm(_TAP_US)
        yield from self.photo("refused-code", "A wrong one.")
        for _ in range(4):
            yield from self.confirm(_TAP_US)
            yield _SHORT_US
        yield from self.photo("refused-code-five-times", "Five of them: nobody gets in for 5 min.")


class SettingUp(Photographer):
    """From the log-in to READY, with a question and values that are refused."""

    def story(self) -> Routine:
        """In the order in which a clinician meets them."""
        yield from self.photo("start", "Logged in. Nothing is chosen.", _TURN_US)
        yield from self.go_to("product")
        yield from self.push()
        yield from self.photo("open-product", "A product, its lot, its last day of use.")
        yield from self.confirm(_TAP_US)
        yield from self.go_to("needle")
        yield from self.push()
        yield from self.turn(1)
        yield from self.photo("open-needle", "A row is open: turn to choose.")
        yield from self.turn(-1)
        yield from self.confirm(_TAP_US)
        yield from self.set_row("syringe", "1ml")
        yield from self.go_to("dose")
        yield from self.push()
        yield from self.photo("open-dose", "A number: the mark is under the digit.")
        yield from self.push()
        yield from self.turn(5)
        yield from self.photo("open-dose-next-digit", "A push goes to the next digit.")
        yield from self.leave_menu()
        yield from self.set_row("dose", 100)
        yield from self.photo("refused-dose", "Refused, and why. It stays open.")
        yield from self.leave_menu()
        yield from self.set_row("dose", 10_000)
        yield from self.set_row("depth", 9_000)
        yield from self.photo("refused-depth", "Too deep for the needle chosen.")
        yield from self.leave_menu()
        yield from self.choose(self._wanted)
        yield from self.set_row("zone", "eyelid")
        yield from self.photo("refused-zone", "The depth chosen is too deep for this zone.")
        yield from self.leave_menu()
        yield from self._questions()
        yield from self._to_ready()

    def _questions(self) -> Routine:
        yield from self._ask("new patient", "A deed is a question.")
        yield from self._do("new patient")
        yield from self.photo("not-armed-new-needle", "A patient needs a fresh needle.")
        yield from self._do("new needle")
        yield from self._ask("new syringe", "Not before the needle is home.")

    def _to_ready(self) -> Routine:
        yield from self.photo("not-armed-disinfect", "Clean the skin that is named, then say so.")
        yield from self.disinfect()
        yield from self.photo("not-armed-set-needle", "Needle not homed yet.")
        yield from self._home()
        yield from self.photo("not-armed-prime", "Homed. Now prime, in the air.")
        yield _OPEN_US
        heard = self.observer.tones_heard
        self.press()
        yield from self.photo_in("PRIME", "prime", "Trigger held, in the air.")
        yield from self.until_tone(heard, 20_000_000)
        self.release()
        yield from self.photo("not-armed-drying", "The disinfectant has to dry.")
        yield from self.until_dry()
        yield from self.until_state_is(("READY",), 1_000_000)
        yield from self.photo("ready", "Ready: what one press gives.")

    def _ask(self, name: str, caption: str) -> Routine:
        yield from self.go_to(name)
        yield from self.push()
        yield from self.photo(f"question-{name.replace(' ', '-')}", caption)
        yield from self.push()
        yield from self.leave_menu()


class Homing(Photographer):
    """Seen only if the spring has not brought the needle home before."""

    @staticmethod
    def order() -> Order:
        """The session."""
        return Order(shots=MANY, params={"spring_um_per_s": 0})

    def story(self) -> Routine:
        """Somebody has pulled the needle out by 10 mm."""
        for _ in range(400):
            self.world.plant.advance(2_000, 0, 5)
        yield from self.choose(self._wanted)
        yield from self.do("new needle")
        yield from self.leave_menu()
        self.world.set_confirm(1)
        yield _TAP_US
        self.world.set_confirm(0)
        yield from self.photo_in("HOMING", "homing", "A needle that was out moves home.")


class Working(Photographer):
    """Armed, drops, a plan of three points, and the end of the zone and of the day."""

    def story(self) -> Routine:
        """A zone without a plan, then one with three points."""
        yield from self.prepare()
        yield from self.photo("armed", "Armed. Press on skin, and hold.")
        yield from self._shoot()
        yield from self.photo("armed-after-a-drop", "After a drop: what it was, weighed.")
        yield _TURN_US
        yield from self.photo("armed-pace", "The last row takes turns: pace,")
        yield _TURN_US
        yield from self.photo("armed-content", "and what the syringe holds.")
        yield from self._abandon()
        yield from self.photo("armed-after-an-abandoned-drop", "Let go too early: what is in.")
        yield from self.confirm(_TAP_US)
        yield from self.choose([("points", 3)])
        yield from self._do("new zone")
        yield from self.prepare()
        yield from self._shoot()
        yield _TURN_US
        yield from self.photo("armed-in-a-plan", "A plan: one point of three.")
        yield from self.confirm(_TAP_US)
        yield from self.photo("ready-two-points-short", "A pause: two points short.")
        yield from self._leave_the_zone()

    def _leave_the_zone(self) -> Routine:
        yield from self.go_to("new zone")
        yield from self.push()
        yield from self.photo("question-new-zone", "The next zone? It says what is missing.")
        yield from self.push()
        yield from self.leave_menu()
        yield from self._arm()
        yield from self._shoot()
        yield from self._shoot()
        yield from self.photo("not-armed-done", "The planned total: it disarms.")
        yield from self.choose([("points", 250)])
        yield from self.prepare()
        yield from self.photo("armed-in-a-large-plan", "A plan of hundreds.")
        yield from self.confirm(_TAP_US)
        yield from self._new_syringe_in_pictures()
        yield from self._night_and_off()

    def _abandon(self) -> Routine:
        self.touch()
        yield _SHORT_US
        self.press()
        yield 100_000
        self.release()
        yield from self.until_state_is_not(("SHOT",), 1_000_000)
        self.lift()

    def _new_syringe_in_pictures(self) -> Routine:
        self.world.syringe_out = True
        yield from self.go_to("new syringe")
        yield from self.push()
        yield from self.photo("question-new-syringe-homed", "Old one out, then hold CONFIRM.")
        self.world.set_confirm(1)
        yield from self.photo_in("REWIND", "rewind", "The pusher goes back.")
        self.world.set_confirm(0)
        yield from self.until_state_is(("IDLE",), 60_000_000)
        self.world.syringe_out = False

    def _night_and_off(self) -> Routine:
        yield from self.set_row("night", "on")
        yield from self.leave_menu()
        yield from self.prepare()
        yield from self.photo("armed-at-night", "The panel at night.")
        yield from self.confirm(_TAP_US)
        yield from self.go_to("log out")
        yield from self.push()
        yield from self.photo("question-log-out", "Somebody else goes on.")
        yield from self.push()
        yield from self.go_to("power off")
        yield from self.push()
        yield from self.photo("question-power-off", "The end of the day.")
        yield from self.confirm(_TAP_US)
        yield from self.photo("switched-off", "The switch may be turned.")
