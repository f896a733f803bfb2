"""The clinician at a device that fails: comes through every phase, holds on where a fault was noticed, tries again.

After the device has noticed something a hand may be slow: it goes on holding trigger and nozzle for three seconds, the
time after which the truth is judged. Then the clinician recovers the device with CONFIRM, if it lets them, and goes on.
"""

from tools.simulator.clinician import Clinician
from tools.simulator.hand import REACTION_US

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.faults.injection import Injection
    from tools.simulator.hand import Routine

JUDGED_US = 3_000_000
_TAP_US = 100_000
_RECOVERED = "fault"  # the phase after which it is tried: elsewhere the same faults are there from the start
_EARLY_US = 90_000  # into the feed
_SETTLED_US = 150_000
_HELD_OUT_STEPS = 300  # the needle, 1.5 mm
_STOPPED_US = 500_000
_OFF = ("OFF", "BOOT", "SELF_TEST")


class FaultyClinician(Clinician):
    """As the compliant one; `injection` tells which phase it must come through."""

    def __init__(self, injection: "Injection", *given: "Any") -> None:
        super().__init__(*given)
        self._injection = injection
        self._recoveries = 1 if injection.phase == _RECOVERED else 0
        self._detour_done = False
        self._restarts = 0

    def routine(self) -> "Routine":
        """As planned; where the panel makes no sense any more, the hand gives up."""
        phase = self._injection.phase
        try:
            if phase == "homing":
                yield from self._hold_needle_out()
            yield from self._treat(phase)
            yield from self._put_away()
        except RuntimeError as error:
            if self._injection.struck_tick < 0:
                raise
            self._injection.refused([str(error)])
        self.release()
        yield JUDGED_US
        self.lift()
        yield REACTION_US
        self.score.end_account()

    def _treat(self, phase: str) -> "Routine":
        score = self.score
        yield from self.wait_for_boot()
        while len(score.shots) < self._shots:
            done = len(score.shots)
            if (yield from self.prepare()):
                if (phase == "touch_off" and done == 0) or (phase == "withdraw" and done == 1):
                    yield from self._shoot_and_let_go()
                elif phase == "fault" and done == 1 and not self._detour_done:
                    self._detour_done = True
                    yield from self._stop_and_go()
                elif phase == "rewind" and done == 1 and not self._detour_done:
                    self._detour_done = True
                    yield from self.confirm(_TAP_US)  # disarm
                    yield from self._new_syringe()
                else:
                    yield from self._shoot()
            else:
                yield from self._try_in_vain()
                self._injection.refused(self.reasons())
            self._shot_done(len(score.shots))

    def _put_away(self) -> "Routine":
        """Disarm, and take power off the motors."""
        if self.observer.state == "ARMED":
            yield from self.confirm(_TAP_US)
            yield from self.until_state_is_not(("ARMED",), 1_000_000)
        if self.observer.state in ("READY", "IDLE"):
            yield from self.do("power off")
            yield from self.leave_menu()

    def prepare(self) -> "Routine":
        """Also after a restart, and after a fault that can be left."""
        observer = self.observer
        for _ in range(3):
            yield from self._wait_until_judged()
            if self._restarts != self._injection.restarts:
                self._restarts = self._injection.restarts
                self._primes_in_vain = 0
            if observer.state in _OFF:
                yield from self.wait_for_boot()
            if (yield from super().prepare()):
                return True
            if observer.state != "FAULT" or self._recoveries == 0:
                return False
            self._recoveries -= 1
            self._primes_in_vain = 0
            yield from self._wait_until_judged()
            self.release()
            self.lift()
            yield from self.confirm(_TAP_US)
            yield from self.until_state_is_not(("FAULT",), 1_000_000)
        return False

    def until_tone(self, heard_before: int, limit_us: int) -> "Routine":
        """Or until the device begins again. Whoever hears of a fault may hold on."""
        observer = self.observer
        injection = self._injection
        restarts = injection.restarts
        heard = yield from self.until(
            lambda: observer.tones_heard > heard_before or injection.restarts != restarts, limit_us
        )
        yield from self._wait_until_judged()
        return heard

    def _wait_until_judged(self) -> "Routine":
        """Three seconds after it was noticed."""
        noticed_us = self._injection.noticed_us
        if noticed_us >= 0 and self.next_us < noticed_us + JUDGED_US:
            yield noticed_us + JUDGED_US - self.next_us

    def _home(self) -> "Routine":
        """Whoever holds the needle out lets go of it when it has been homed, or not."""
        done = yield from super()._home()
        self.world.spring.clamped = False
        return done

    # --- detours ----------------------------------------------------------------------------------------------------

    def _hold_needle_out(self) -> "Routine":
        """Somebody has pulled the needle out and holds it: the device has to home it."""
        world = self.world
        world.spring.clamped = True
        for _ in range(_HELD_OUT_STEPS // 10):
            world.needle.slip(-10)
            yield 2000
            world.follow()  # a device that writes to its flash looks at no sensor

    def _shoot_and_let_go(self) -> "Routine":
        """Let go of the trigger in the midst of the feed, and hold the nozzle where it is."""
        self.touch()
        yield _SETTLED_US
        self.score.press(self.next_us)
        self.press()
        if (yield from self.until_state_is_not(("ARMED",), 1_000_000)):
            yield _EARLY_US
        self.release()
        yield from self._wait_until_judged()
        yield from self.until_state_is_not(("SHOT",), 1_000_000)
        yield 10 * REACTION_US
        self.lift()
        yield 3 * REACTION_US

    def _stop_and_go(self) -> "Routine":
        """Press the emergency stop, unlock it again."""
        self.world.set_stop(0)
        yield _STOPPED_US
        self.world.set_stop(1)
        yield _STOPPED_US
        self._recoveries += 1  # it is no fault of the device
