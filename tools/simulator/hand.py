"""The hand at the device: moves the controls at exact virtual times, sees and hears only what a person can.

A hand plays a routine, a generator that yields how many microseconds pass until its next move. At the panel it is a
PanelHand (panel_hand.py), and the compliant one is the Clinician (clinician.py).
"""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from tools.simulator.observer import Observer
    from tools.simulator.scorekeeper import Scorekeeper
    from tools.simulator.world import World

    Routine = Generator[int, None, Any]

NEVER_US = 1 << 60
_LOOK_US = 10_000  # how often a waiting person looks
REACTION_US = 50_000  # from the tone to the finger


class Hand:
    """Plays a routine. The world calls `step` at `next_us` (microseconds of the session, exact)."""

    def __init__(self, observer: "Observer", score: "Scorekeeper") -> None:
        self.observer = observer
        self.score = score
        self.next_us = 0
        self.world: "World"  # from the first step on
        self._routine: "Routine | None" = None

    def step(self, world: "World") -> None:
        """Make the next move. Powers the device off after the last one; an error of the routine comes out here."""
        self.world = world
        if self._routine is None:
            self._routine = self.routine()
        try:
            self.next_us += next(self._routine)
        except StopIteration:
            self.next_us = NEVER_US
            world.power_off()
        except BaseException:  # nobody steps a broken hand again while the device's program is unwound
            self.next_us = NEVER_US
            raise

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
        yield REACTION_US

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
