"""A hand with a camera, and the album its pictures go into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tools.simulation import Order, simulate
from tools.simulator import provisioning
from tools.simulator.clinician import Clinician
from tools.simulator.scenario import Scenario
from tools.simulator.session import Session

if TYPE_CHECKING:
    from tools.simulator.hand import Routine

MANY = 1000  # shots: the story says when it ends
_SETTLED_US = 300_000
_DRAWN_US = 220_000  # eight rows written, and a whole glass drawn


@dataclass(frozen=True)
class Screen:
    """`name` is that of its file, `caption` one line for a person, `picture` 64 lines of 128 dots, "#" is lit.
    `contrast` is 0..255."""

    name: str
    caption: str
    picture: tuple[str, ...]
    contrast: int


class Photographer(Clinician):
    """A clinician who photographs what the display shows. A story is a routine of one, after they have logged in,
    unless `logs_in` is False."""

    logs_in = True

    def __init__(self, screens: list[Screen], *more: Any) -> None:
        super().__init__(*more)
        self.screens = screens

    @staticmethod
    def order() -> Order:
        """The session that is played."""
        return Order(shots=MANY)

    @classmethod
    def entered(cls) -> str:
        """What lies on the device's flash as its provisioning."""
        return provisioning.text()

    def photo(self, name: str, caption: str, after_us: int = _SETTLED_US) -> Routine:
        """When the display has settled."""
        yield after_us
        display = self.world.display
        self.screens.append(Screen(name, caption, tuple(display.lines()), display.contrast))

    def photo_in(self, state: str, name: str, caption: str) -> Routine:
        """In a state that passes by itself. RuntimeError if it did before the display had settled."""
        yield from self.until_state_is((state,), 2_000_000)
        yield from self.photo(name, caption, _DRAWN_US)
        if self.observer.state != state:
            raise RuntimeError(f"{state} is over before {name} could be photographed")

    def story(self) -> Routine:
        """What is done from the log-in to the last picture."""
        raise NotImplementedError

    def routine(self) -> Routine:
        """The story, from power-on to power-off."""
        yield from self.wait_for_boot()
        if self.logs_in:
            yield from self.log_in()
        yield from self.story()
        self.score.end_account()


class _StorySession(Session):
    def __init__(self, story: type[Photographer], screens: list[Screen], *more: Any) -> None:
        super().__init__(*more)
        self._story = story
        self._screens = screens

    def _entered(self) -> str:
        return self._story.entered()

    def _hand(self, scenario: Scenario | None) -> Photographer:
        return self._story(
            self._screens,
            self._observer,
            self._score,
            self.config["shots"],
            self._change_syringe,
            self._shots_done,
            self._wanted(),
        )


def play(stories: Sequence[type[Photographer]]) -> list[Screen]:
    """The pictures of these stories, in order; each story is a session of its own. Raises as `simulate` does."""
    screens: list[Screen] = []
    for story in stories:
        make: Callable[..., Session] = partial(_StorySession, story, screens)
        simulate(story.order(), make_session=make)
    return screens
