"""What a fault is to the session it is injected into.

A fault sits between the plant and the chip, in the chip, or in the memory of the device's program; never inside a
plant. Until it strikes there is no trace of it. `applied` becomes true when the device, or the
motor, has really met it: a reading that differs from the truth, a step that was lost, a bit that is another one.
"""

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

    from tools.simulator.faults.around import Around
    from tools.simulator.world import World


class Fault:
    """One thing that fails. Subclasses say how; all of them last until the end of the session, unless they say else."""

    met_by_restart = False  # a chip that begins again has met it
    dark_us = 0  # how long a power that it cut is gone

    def __init__(self) -> None:
        self.world: "World"  # from `wire` on
        self.struck = False
        self.applied = False

    def wire(self, world: "World") -> None:
        """The chip has power, its program has not begun: after a restart all wires are new."""
        self.world = world
        if self.struck:
            self.break_it()

    def strike(self, loop: "Any") -> None:
        """From now on. `loop` is the device's DoseLoop, between its tick and what comes of it."""
        self.struck = True
        self.break_it()

    def break_it(self) -> None:
        """Break what is broken in this world, be it freshly wired."""

    def after_tick(self, loop: "Any") -> None:
        """Called after every tick once it has struck."""

    def advance(self, around: "Around", dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Once it has struck, in place of the plant's own."""
        around.plant.advance(dt_us, dose_steps, needle_steps)

    def explains(self, error: BaseException) -> bool:
        """Whether an exception that ended the device's program came of this fault."""
        return False
