"""The compliant clinician: logs in, chooses the settings at the panel, follows the words on the display through
disinfection, homing, prime, arming and changes of syringe, needle, zone and patient, holds each press until the tone,
and lets the device refuse what it refuses.
"""

from tools.simulator.hand import REACTION_US
from tools.simulator.panel_hand import PanelHand
from tools.simulator.provisioning import CODE

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.simulator.hand import Routine
    from tools.simulator.observer import Observer
    from tools.simulator.scorekeeper import Scorekeeper

BURST_MAX = 20  # drops of one press; the device refuses more

_SELF_TEST_US = 5_000_000
_TAP_US = 100_000  # a short press of CONFIRM
_LIFTED_US = 150_000  # from one site to the next
_SETTLED_US = 150_000  # nozzle on the skin before the press
_OPEN_US = 600_000  # in the air before a prime
_TRY_US = 300_000  # a press that the display says will be refused: this much per try
_PRIMES = 3  # presses until the hand gives up priming
_PATIENCE_US = 30_000_000  # a press without any tone, or in a burst without another drop
_REWIND_US = 120_000_000
_DRYING_US = 125_000_000
_DISINFECT_US = 1_200_000  # CONFIRM held
_LAST_LOOK_US = 500_000  # after the last shot: late drips count
_WRITING_US = 2_000_000


class Clinician(PanelHand):
    """The compliant clinician: `shots` presses (in burst: drops), everything legal, nothing forced.

    `change_syringe()` puts a full syringe in, or is None when the session has only one. `shot_done(number)` is called
    as the list of shots grows. `wanted` are rows of the panel's menu and their values, in the order in which they are
    set; none: nothing is set. `bursts`: a press is a row of drops, and the last one may be shorter.
    """

    def __init__(
        self,
        observer: "Observer",
        score: "Scorekeeper",
        shots: int,
        change_syringe: "Callable[[], None] | None",
        shot_done: "Callable[[int], None]",
        wanted: "list[tuple[str, str | int]] | None" = None,
        bursts: bool = False,
    ) -> None:
        super().__init__(observer, score)
        self._shots = shots
        self._change_syringe = change_syringe
        self._shot_done = shot_done
        self._wanted = wanted or []
        self._bursts = bursts
        self._burst_count = 0
        for name, value in self._wanted:
            if name == "burst":
                self._burst_count = int(value)
        self._primes_in_vain = 0
        self.disarms = False  # at the end, and waits until the device has written everything down

    def routine(self) -> "Routine":
        """Get armed and press, until there are as many shots as are wanted; then put the device down."""
        yield from self.wait_for_boot()
        while len(self.score.shots) < self._shots:
            if (yield from self.prepare()):
                yield from self._shoot()
            else:
                yield from self._try_in_vain()
            self._shot_done(len(self.score.shots))
        self.lift()
        if self.disarms and self.observer.state == "ARMED":
            yield from self.confirm(_TAP_US)
            yield _WRITING_US
        yield _LAST_LOOK_US
        self.score.end_account()

    def wait_for_boot(self) -> "Routine":
        """Nothing to do until the self-test is over, and the display on."""
        observer = self.observer
        yield from self.until_state_is_not(("OFF", "BOOT", "SELF_TEST"), _SELF_TEST_US)
        yield from self.until(lambda: "panel_bad" not in observer.inhibits, _SELF_TEST_US)

    def prepare(self) -> "Routine":
        """Do what the display asks for until it shows ARMED; returns False when no legal move helps."""
        observer = self.observer
        for _ in range(40):
            asks = observer.inhibits
            if self._is_hopeless(asks):
                return False
            if "locked" in asks:
                done = yield from self.log_in()
            elif "drops_uncertain" in asks:
                done = yield from self._take_note()
            elif "settings_missing" in asks or "product_missing" in asks:
                done = yield from self.choose(self._wanted)
            elif self._bursts and self._next_burst() != self._burst_count:
                done = yield from self._change_burst(self._next_burst())
            elif observer.state == "ARMED":
                return True
            elif "session_total" in asks or "product_total" in asks:
                done = yield from self._do("new patient")
            elif "zone_done" in asks or "zone_total" in asks:
                done = yield from self._do("new zone")
            elif "needle_used" in asks or "needle_blunt" in asks:
                done = yield from self._do("new needle")
            elif "not_disinfected" in asks:
                done = yield from self.disinfect()
            elif "syringe_empty" in asks:
                done = yield from self._new_syringe()
            elif "not_homed" in asks:
                done = yield from self._home()
            elif "not_primed" in asks:
                done = yield from self._prime()
            elif "drying" in asks:
                done = yield from self.until_dry()
            elif observer.state == "READY":
                done = yield from self._arm()
            else:
                done = yield from self.until_state_is(("READY", "ARMED"), 1_000_000)
            if not done:
                return False
        return False

    def _is_hopeless(self, asks: "list[str]") -> bool:
        """Whether no legal move of a clinician helps."""
        observer = self.observer
        if observer.state == "FAULT" or observer.faults or observer.refusals:
            return True
        return "not_provisioned" in asks or ("settings_missing" in asks and not self._wanted)

    # --- what the display may ask for -------------------------------------------------------------------------------

    def log_in(self) -> "Routine":
        """The code of the simulated doctor."""
        done = yield from self.choose([("code", CODE)])
        return done and (yield from self.until_state_is_not(("LOCKED",), 1_000_000))

    def _take_note(self) -> "Routine":
        """Write down what the display says of drops that are uncertain, and go on."""
        observer = self.observer
        if not (yield from self.until(lambda: "UNCERTAIN" in observer.screen(), 2_000_000)):
            return False
        yield from self.confirm(_DISINFECT_US)
        return "drops_uncertain" not in observer.inhibits

    def disinfect(self) -> "Routine":
        """Clean the skin that the display names, and say so."""
        observer = self.observer
        self.lift()
        if not (yield from self.until(lambda: "DISINFECT" in observer.screen(), 2_000_000)):
            return False
        yield from self.confirm(_DISINFECT_US)
        return "not_disinfected" not in observer.inhibits

    def until_dry(self) -> "Routine":
        """Wait as long as the display asks for."""
        observer = self.observer
        return (yield from self.until(lambda: bool(observer.faults) or "drying" not in observer.inhibits, _DRYING_US))

    def _home(self) -> "Routine":
        yield from self.confirm(_TAP_US)
        observer = self.observer
        return (
            yield from self.until(lambda: bool(observer.faults) or "not_homed" not in observer.inhibits, 10_000_000)
        )

    def _do(self, name: str) -> "Routine":
        """Something the menu offers."""
        yield from self.do(name)
        yield from self.leave_menu()
        return True

    def _next_burst(self) -> int:
        """No longer than what is still wanted."""
        return max(min(BURST_MAX, self._shots - len(self.score.shots)), 1)

    def _change_burst(self, count: int) -> "Routine":
        """The last burst is shorter: disarm, and choose so."""
        if self.observer.state == "ARMED":
            yield from self.confirm(_TAP_US)
            if not (yield from self.until_state_is_not(("ARMED",), 1_000_000)):
                return False
        self._burst_count = count
        return (yield from self.choose([("burst", count)]))

    def _arm(self) -> "Routine":
        yield from self.confirm(_TAP_US)
        return (yield from self.until_state_is(("ARMED",), 1_000_000))

    def _prime(self) -> "Routine":
        """In the air, until the tone; a press has a limit, so up to three."""
        observer = self.observer
        if self._primes_in_vain >= _PRIMES:
            return False
        self.score.end_account()
        self.lift()
        while self._primes_in_vain < _PRIMES:
            yield _OPEN_US
            heard = observer.tones_heard
            self.press()
            if (yield from self.until_state_is(("PRIME",), 500_000)):
                yield from self.until_tone(heard, _PATIENCE_US)
            yield REACTION_US
            self.release()
            yield _LIFTED_US
            if "not_primed" not in observer.inhibits:
                self._primes_in_vain = 0
                return True
            self._primes_in_vain += 1
            if observer.faults:
                break
        return False

    def _new_syringe(self) -> "Routine":
        """Old syringe out, pusher back, full syringe in. The prime comes next, when the display asks for it."""
        if self._change_syringe is None:
            return False
        self.score.end_account()
        self.lift()
        self.world.syringe_out = True
        yield from self.do_by_holding("new syringe")
        observer = self.observer
        back = yield from self.until(lambda: "syringe_empty" not in observer.inhibits, _REWIND_US)
        back = back and (yield from self.until_state_is_not(("REWIND", "HOMING"), _REWIND_US))
        if back:
            self._change_syringe()
            self.world.syringe_out = False
            self._primes_in_vain = 0
        return back

    # --- presses ----------------------------------------------------------------------------------------------------

    def _shoot(self) -> "Routine":
        observer = self.observer
        self.touch()
        yield _SETTLED_US
        heard = observer.tones_heard
        self.score.press(self.next_us)
        self.press()
        if (yield from self.until_state_is_not(("ARMED",), 1_000_000)):
            drops = -1
            while observer.tones_heard == heard and observer.drops_opened > drops:
                drops = observer.drops_opened
                yield from self.until_tone(heard, _PATIENCE_US)
        yield REACTION_US
        reasons = self.reasons()
        self.release()
        yield from self.until_state_is_not(("SHOT",), 1_000_000)
        if observer.tones_heard == heard:
            reasons.append("no_response")
            self.score.note("no_response")
        self.score.refuse(reasons, self.next_us)
        self.lift()
        yield _LIFTED_US

    def _try_in_vain(self) -> "Routine":
        """The display says no; press all the same, for a moment, and let the device refuse."""
        self.touch()
        yield _TRY_US // 3
        reasons = self.reasons()
        self.score.press(self.next_us)
        self.press()
        yield _TRY_US // 3
        self.score.refuse(reasons, self.next_us)
        self.release()
        yield _TRY_US // 3

    def reasons(self) -> "list[str]":
        """Why the display says that nothing will happen."""
        observer = self.observer
        return observer.refusals or observer.faults + observer.inhibits
