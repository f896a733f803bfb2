"""What a clinician meets in a session of the whole device, and no test of a part would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.screens.album import Photographer, play

if TYPE_CHECKING:
    from tools.simulator.hand import Routine

_LISTEN_US = 2_000
_DONE_HZ = (1320, 1979)  # as the timer divides


class Listener(Photographer):
    """A hand that writes down what it hears."""

    heard: list[int]

    def listen(self, us: int) -> Routine:
        """The pitches of so long, each once when it begins."""
        self.heard = []
        for _ in range(us // _LISTEN_US):
            hz = self.world.buzzer()[0]
            if hz and self.heard[-1:] != [hz]:
                self.heard.append(hz)
            yield _LISTEN_US


@pytest.mark.no_cover
def test_the_finger_that_holds_until_the_tone_hears_it() -> None:
    heard: list[list[int]] = []

    class Holds(Listener):
        def story(self) -> Routine:
            yield from self.prepare()
            self.touch()
            yield 300_000
            self.press()
            yield from self.listen(900_000)
            heard.append(self.heard)

    play([Holds])
    assert heard == [list(_DONE_HZ)]


@pytest.mark.no_cover
def test_a_press_that_may_begin_a_shot_silences_the_tone_of_the_last_one() -> None:
    heard: list[list[int]] = []

    class PressesAgain(Listener):
        def story(self) -> Routine:
            yield from self.prepare()
            self.touch()
            yield 300_000
            self.press()
            while self.world.buzzer()[0] != _DONE_HZ[1]:
                yield _LISTEN_US
            self.release()
            yield 30_000
            assert self.world.buzzer()[0] == _DONE_HZ[1]
            self.press()
            yield 3 * _LISTEN_US
            yield from self.listen(100_000)
            heard.append(self.heard)

    play([PressesAgain])
    assert heard == [[]]


@pytest.mark.no_cover
def test_the_way_to_switch_off_stands_in_front_of_the_menu_it_was_chosen_in() -> None:
    seen: list[str] = []

    class SwitchesOff(Photographer):
        def story(self) -> Routine:
            yield from self.prepare()
            yield from self.confirm(100_000)
            yield from self.do("power off")
            yield 100_000
            seen.extend(self.observer.screen()[:2])

    play([SwitchesOff])
    assert seen == ["needle is parked", "SWITCH OFF"]


def test_a_question_that_is_answered_by_holding_says_so() -> None:
    seen: list[str] = []

    class Asks(Photographer):
        def story(self) -> Routine:
            for name in ("new needle", "new syringe"):
                yield from self.go_to(name)
                yield from self.push()
                seen.append(self.observer.screen()[0])
                yield from self.push()

    play([Asks])
    assert seen == ["push: no CONFIRM: yes", "push:no  CONFIRM:hold"]
