"""The hand at the device: moves the controls at exact virtual times, sees and hears only what a person can.

A hand plays a routine, a generator that yields how many microseconds pass until its next move. `Clinician` is the
compliant one: it follows the words on the display through homing, prime, arming and changes of syringe, holds each
press until the tone and lets the device refuse what it refuses.
"""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from tools.simulator.observer import Observer
    from tools.simulator.scorekeeper import Scorekeeper
    from tools.simulator.world import World

    Routine = Generator[int, None, Any]

BURST_MAX = 20  # drops of one press; the device refuses more
NEVER_US = 1 << 60
_LOOK_US = 10_000  # how often a waiting person looks

_SELF_TEST_US = 5_000_000
_TAP_US = 100_000  # a short press of CONFIRM
_HOLD_US = 3_200_000  # CONFIRM held: rewind
_REACTION_US = 50_000  # from the tone to the finger
_LIFTED_US = 150_000  # from one site to the next
_SETTLED_US = 150_000  # nozzle on the skin before the press
_OPEN_US = 600_000  # in the air before a prime
_TRY_US = 300_000  # a press that the display says will be refused: this much per try
_PRIMES = 3  # presses until the hand gives up priming
_PATIENCE_US = 30_000_000  # a press without any tone, or in a burst without another drop
_REWIND_US = 120_000_000
_LAST_LOOK_US = 500_000  # after the last shot: late drips count


class Hand:
    """Plays a routine. The world calls `step` at `next_us` (microseconds of the session, exact)."""

    def __init__(self, observer: "Observer", score: "Scorekeeper") -> None:
        self.observer = observer
        self.score = score
        self.next_us = 0
        self.world: "World"  # from the first step on
        self._routine: "Routine | None" = None

    def step(self, world: "World") -> None:
        """Make the next move. Powers the device off after the last one."""
        self.world = world
        if self._routine is None:
            self._routine = self.routine()
        try:
            self.next_us += next(self._routine)
        except StopIteration:
            self.next_us = NEVER_US
            world.power_off()

    def routine(self) -> "Routine":
        """The moves, in order."""
        raise NotImplementedError

    # --- moves ------------------------------------------------------------------------------------------------------

    def press(self) -> None:
        """Close the trigger: both contacts change."""
        self.world.set_trigger(1, 0)

    def release(self) -> None:
        """Let the trigger go."""
        self.world.set_trigger(0, 1)

    def touch(self) -> None:
        """Set the nozzle on the skin: both contacts close."""
        self.world.set_contact(1, 1)

    def lift(self) -> None:
        """Take the nozzle off the skin."""
        self.world.set_contact(0, 0)

    def confirm(self, duration_us: int) -> "Routine":
        """Hold CONFIRM."""
        self.world.set_confirm(1)
        yield duration_us
        self.world.set_confirm(0)
        yield _REACTION_US

    def until(self, seen: "Callable[[], bool]", limit_us: int) -> "Routine":
        """Look again and again until `seen()`, at most `limit_us`; returns whether it was seen."""
        waited_us = 0
        while not seen():
            if waited_us >= limit_us:
                return False
            yield _LOOK_US
            waited_us += _LOOK_US
        return True

    def until_tone(self, heard_before: int, limit_us: int) -> "Routine":
        """Wait for the next tone; returns whether it came."""
        observer = self.observer
        return (yield from self.until(lambda: observer.tones_heard > heard_before, limit_us))

    def until_state_is_not(self, states: "tuple[str, ...]", limit_us: int) -> "Routine":
        """Wait until the display shows something else; returns whether it did."""
        observer = self.observer
        return (yield from self.until(lambda: observer.state not in states, limit_us))

    def until_state_is(self, states: "tuple[str, ...]", limit_us: int) -> "Routine":
        """Wait until the display shows one of these; returns whether it did."""
        observer = self.observer
        return (yield from self.until(lambda: observer.state in states, limit_us))


class Clinician(Hand):
    """The compliant clinician: `shots` presses (in burst: drops), everything legal, nothing forced.

    `change_syringe()` puts a full syringe in, or is None when the session has only one. `shot_done(number)` is called
    as the list of shots grows. `choose_burst(count)` sets the drops of one press, at most BURST_MAX, while the device
    is disarmed and returns whether it was accepted; None in single mode.
    """

    def __init__(
        self,
        observer: "Observer",
        score: "Scorekeeper",
        shots: int,
        change_syringe: "Callable[[], None] | None",
        shot_done: "Callable[[int], None]",
        choose_burst: "Callable[[int], bool] | None" = None,
    ) -> None:
        super().__init__(observer, score)
        self._shots = shots
        self._change_syringe = change_syringe
        self._shot_done = shot_done
        self._choose_burst = choose_burst
        self._burst_count = min(BURST_MAX, shots)  # as the settings file says
        self._primes_in_vain = 0

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
        yield _LAST_LOOK_US
        self.score.end_account()

    def wait_for_boot(self) -> "Routine":
        """Nothing to do until the self-test is over."""
        yield from self.until_state_is_not(("OFF", "BOOT", "SELF_TEST"), _SELF_TEST_US)

    def prepare(self) -> "Routine":
        """Do what the display asks for until it shows ARMED; returns False when no legal move helps."""
        observer = self.observer
        for _ in range(20):
            asks = observer.inhibits
            if observer.state == "FAULT" or observer.faults or observer.refusals:
                return False
            burst_count = min(BURST_MAX, self._shots - len(self.score.shots))
            if self._choose_burst is not None and burst_count != self._burst_count:
                done = yield from self._change_burst(burst_count)
            elif observer.state == "ARMED":
                return True
            elif "syringe_empty" in asks:
                done = yield from self._new_syringe()
            elif "not_homed" in asks:
                done = yield from self._home()
            elif "not_primed" in asks:
                done = yield from self._prime()
            elif observer.state == "READY":
                done = yield from self._arm()
            else:
                done = yield from self.until_state_is(("READY", "ARMED"), 1_000_000)
            if not done:
                return False
        return False

    # --- what the display may ask for -------------------------------------------------------------------------------

    def _home(self) -> "Routine":
        yield from self.confirm(_TAP_US)
        observer = self.observer
        return (
            yield from self.until(lambda: bool(observer.faults) or "not_homed" not in observer.inhibits, 10_000_000)
        )

    def _change_burst(self, count: int) -> "Routine":
        """The last burst is shorter: disarm, and choose so."""
        if self.observer.state == "ARMED":
            yield from self.confirm(_TAP_US)
            if not (yield from self.until_state_is_not(("ARMED",), 1_000_000)):
                return False
        self._burst_count = count
        return self._choose_burst is not None and self._choose_burst(count)

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
            yield _REACTION_US
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
        yield from self.confirm(_HOLD_US)
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
        yield _REACTION_US
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
