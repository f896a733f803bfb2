"""Plays a scenario: a hand that does the file's actions at their times and notes every expectation that is not met."""

from tools.simulator.clinician import Clinician
from tools.simulator.scenario import LAMPS

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.simulator.hand import Routine
    from tools.simulator.observer import Observer
    from tools.simulator.scenario import Scenario, Step
    from tools.simulator.scorekeeper import Scorekeeper

_AT_PANEL = ("menu", "push knob", "hold knob", "turn", "set", "do")
_GLANCE_US = 1000  # twice a tick: no state that lasts a tick is missed
_LAST_LOOK_US = 500_000


def _nobody_counts(number: int) -> None:
    """A scenario has no number of shots to report."""


class Player(Clinician):
    """A hand that follows `scenario`; `failures` collects one sentence per unmet expectation, `met` counts the others.

    `change_syringe()` puts a full syringe in.
    """

    def __init__(
        self,
        observer: "Observer",
        score: "Scorekeeper",
        scenario: "Scenario",
        change_syringe: "Callable[[], None]",
        wanted: "list[tuple[str, str | int]]",
        logs_in: bool = True,
    ) -> None:
        super().__init__(observer, score, 0, change_syringe, _nobody_counts, wanted)
        self._scenario = scenario
        self._logs_in = logs_in
        self._put_in_syringe = change_syringe
        self._zero_us = 0  # where @ counts from
        self._line_us = 0  # where + counts from
        self._pressed = False
        self._reasons_at_press: "list[str]" = []
        self._tones_before = 0
        self._drops_before = 0
        self._opened_before = 0
        self._primes_before = 0
        self.failures: "list[str]" = []
        self.met = 0

    def routine(self) -> "Routine":
        """Log in, the settings, a fresh needle, dry skin; then every line in order, and the hand lets go of everything.

        A scenario that begins with `no login` does all this by itself.
        """
        yield from self.wait_for_boot()
        if self._logs_in:
            yield from self.log_in()
        if self._wanted and (yield from self.choose(self._wanted)):
            yield from self._do("new needle")
            yield from self.disinfect()
            yield from self.until_dry()
        self._zero_us = self._line_us = self.next_us
        for step in self._scenario.steps:
            if step.verb == "expect":
                yield from self._expect(step)
            else:
                yield from self._wait_for_moment(step)
                yield from self._act(step)
        self._release()
        self.lift()
        yield _LAST_LOOK_US
        self.score.end_account()

    def _wait_for_moment(self, step: "Step") -> "Routine":
        if step.anchor == "now":
            moment_us = self.next_us
        else:
            moment_us = (self._zero_us if step.anchor == "at" else self._line_us) + step.moment_us
        if moment_us < self.next_us:
            self._fail(step, "its moment passed %d ms ago" % ((self.next_us - moment_us) // 1000))
        elif moment_us > self.next_us:
            yield moment_us - self.next_us
        self._line_us = self.next_us

    # --- actions ----------------------------------------------------------------------------------------------------

    def _act(self, step: "Step") -> "Routine":
        self._tones_before = self.observer.tones_heard
        verb = step.verb
        if verb == "prepare":
            if not (yield from self.prepare()):
                self._fail(step, "not armed: %s" % self._now())
            self._zero_us = self._line_us = self.next_us
        elif verb == "confirm":
            self.world.set_confirm(1)
            yield step.duration_us
            self.world.set_confirm(0)
            self._line_us = self.next_us
        elif verb == "wait":
            yield step.duration_us
            self._line_us = self.next_us
        elif verb in _AT_PANEL:
            yield from self._at_panel(step)
            self._line_us = self.next_us
        else:
            self._move(verb)

    def _at_panel(self, step: "Step") -> "Routine":
        verb = step.verb
        if verb == "menu":
            yield from self.go_to(step.word)
        elif verb == "push knob":
            yield from self.push()
        elif verb == "hold knob":
            yield from self.hold_knob()
        elif verb == "turn":
            yield from self.turn(int(step.value))
        elif verb == "set":
            yield from self.set_row(step.word, step.value)
        else:
            yield from self.do(step.word)

    def _move(self, verb: str) -> None:
        world = self.world
        if verb == "press":
            self._press()
        elif verb == "half press":
            world.set_trigger(1, 1)
        elif verb == "release":
            self._release()
        elif verb == "touch":
            self.touch()
        elif verb == "half touch":
            world.set_contact(1, 0)
        elif verb == "lift":
            self.lift()
        elif verb == "stop":
            world.set_stop(0)
        elif verb == "unlock stop":
            world.set_stop(1)
        elif verb == "power off":
            world.power_off()
        elif verb == "power on":
            world.is_off = False
        elif verb == "remove syringe":
            self.score.end_account()
            world.syringe_out = True
        else:
            self.score.end_account()
            self._put_in_syringe()
            world.syringe_out = False

    def _press(self) -> None:
        self._drops_before = len(self.observer.drops)
        self._opened_before = self.observer.drops_opened
        self._primes_before = self.observer.primes_begun
        self._pressed = True
        self._reasons_at_press = self.reasons() or ["no_response" if self.observer.state == "ARMED" else "not_armed"]
        self.score.press(self.next_us)
        self.press()

    def _release(self) -> None:
        """A press that opened no drop was a prime, or was refused."""
        if self._pressed and self.observer.drops_opened == self._opened_before:
            if self.observer.primes_begun > self._primes_before:
                self.score.forget()
            else:
                self.score.refuse(self._reasons_at_press, self.next_us)
        self._pressed = False
        self.release()

    # --- expectations -----------------------------------------------------------------------------------------------

    def _expect(self, step: "Step") -> "Routine":
        waited_us = 0
        while True:
            seen = self._seen(step) != step.negated
            if seen != step.lasting or waited_us >= step.limit_us:
                break
            yield _GLANCE_US
            waited_us += _GLANCE_US
        if seen:
            self.met += 1
        else:
            self._fail(step, "%s after %d ms" % (self._now(), waited_us // 1000))
        self._line_us = self.next_us

    def _seen(self, step: "Step") -> bool:
        observer = self.observer
        subject = step.subject
        if subject == "state":
            return observer.state == step.word
        if subject == "tone":
            return observer.tones_heard > self._tones_before and observer.last_tone == step.word
        if subject == "needle":
            return observer.needle_home
        if subject == "display":
            return any(step.word in line for line in observer.screen())
        if subject == "lamp":
            red, green, blue = self.world.lamp()
            return LAMPS[(red > 0) + 2 * (green > 0) + 4 * (blue > 0)] == step.word
        if subject == "drop":
            return self._seen_drops(step)
        words = getattr(observer, subject + "s")
        return step.word in words if step.word else bool(words)

    def _seen_drops(self, step: "Step") -> bool:
        """Drops since the last press; without a word: any that was opened."""
        observer = self.observer
        if not step.word:
            return observer.drops_opened > self._opened_before
        count = 0
        for result, causes in observer.drops[self._drops_before :]:
            if result == step.word and (not step.cause or step.cause in causes):
                count += 1
        return count >= step.count

    def _now(self) -> str:
        """What the display shows instead."""
        observer = self.observer
        words = [observer.state]
        for names in (observer.faults, observer.inhibits, observer.refusals):
            words.extend(names)
        if observer.drops:
            words.append("last drop %s" % observer.drops[-1][0])
        words.append(" / ".join([line for line in observer.screen() if line]))
        return " ".join(words)

    def _fail(self, step: "Step", why: str) -> None:
        self.failures.append("line %d: %s: %s" % (step.line_no, step.text, why))
