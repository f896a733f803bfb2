"""What stands between the chip's pulses and the screws, and what counts them: motors, RMT, counters, the spring."""

from tools.simulator.faults.fault import Fault
from tools.simulator.faults.on_axis import AXES, OnAxis
from tools.simulator.faults.phases import MOVING, SOME, WORKING
from tools.simulator.faults.row import Row
from tools.simulator.pads import pad
from tools.simulator.rmt import RMT

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

UNITS = {"dose": 0, "needle": 1}  # of the pulse counter


class LostSteps(OnAxis):
    """Of each `of` steps the screw makes only the first `kept`: 0 of 1 is a motor that stalls."""

    def __init__(self, name: str, kept: int, of: int) -> None:
        super().__init__(name)
        self._kept = kept
        self._of = of
        self._asked = 0

    def break_it(self) -> None:
        """Between driver and screw."""
        self.axis.transmission = self._turn

    def _turn(self, steps: int) -> int:
        made = 0
        for _ in range(abs(steps)):
            if self._asked % self._of < self._kept:
                made += 1
            self._asked += 1
        if made != abs(steps):
            self.applied = True
        return made if steps > 0 else -made


class ExtraSteps(OnAxis):
    """Interference: with every chunk the motor makes so many steps more. `counted`: the counter sees them too."""

    def __init__(self, name: str, steps: int, counted: bool) -> None:
        super().__init__(name)
        self._steps = steps
        self._counted = counted

    def after_tick(self, loop: "Any") -> None:
        """After each chunk, before the next one."""
        if not self.new_pulses():
            return
        self.applied = True
        if self._counted:
            self.axis.glitch(self._steps)
            self.new_pulses()
        else:
            self.axis.slip(-self._steps if self.forward() else self._steps)


class ChunkMissing(OnAxis):
    """RMT takes the train and plays nothing: neither driver nor counter see a pulse."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._asked_steps = 0

    def strike(self, loop: "Any") -> None:
        """The chunk of this tick is the first one."""
        super().strike(loop)
        self._ask(loop)

    def break_it(self) -> None:
        """The STEP net gets no train any more."""
        self.axis.step.mute = True

    def after_tick(self, loop: "Any") -> None:
        """Met once a chunk was asked for and nothing came."""
        if self._asked_steps and not self.new_pulses():
            self.applied = True
        self._ask(loop)

    def _ask(self, loop: "Any") -> None:
        outputs = loop.outputs
        self._asked_steps = outputs.dose_chunk_steps if self.name == "dose" else outputs.needle_chunk_steps


class ChunkRepeated(OnAxis):
    """RMT plays each train twice."""

    def after_tick(self, loop: "Any") -> None:
        """The second time, right after the first."""
        pulses = self.new_pulses()
        if pulses > 0:
            self.applied = True
            self.axis.glitch(pulses)
            self.new_pulses()


class TrainNeverEnds(OnAxis):
    """The interrupt at the end of a train is lost: RMT says for ever that it is busy."""

    def after_tick(self, loop: "Any") -> None:
        """On the channel that has the pin now."""
        world = self.world
        number = world.pins.DOSE_STEP if self.name == "dose" else world.pins.NEEDLE_STEP
        channel = pad(world.chip, number).signal
        if isinstance(channel, RMT):
            channel.stuck = True
            if self.new_pulses():
                self.applied = True


class Counter(OnAxis):
    """The pulse counter makes `numerator` of each `denominator` edges (0 of 1: it stands still)."""

    def __init__(self, name: str, numerator: int, denominator: int) -> None:
        super().__init__(name)
        self._numerator = numerator
        self._denominator = denominator
        self._rest = 0

    def break_it(self) -> None:
        """Once the chip has one."""
        counters = self.world.chip.counters
        unit = UNITS[self.name]
        if unit in counters:
            counters[unit].broken = self._count

    def after_tick(self, loop: "Any") -> None:
        """After a restart it has to be found again."""
        self.break_it()

    def _count(self, edges: int) -> int:
        self._rest += edges * self._numerator
        size = abs(self._rest) // self._denominator
        counted = size if self._rest > 0 else -size
        self._rest -= counted * self._denominator
        if counted != edges:
            self.applied = True
        return counted


class CounterJumps(OnAxis):
    """Once the counter has so many counts more, from nothing."""

    def __init__(self, name: str, counts: int) -> None:
        super().__init__(name)
        self._counts = counts

    def strike(self, loop: "Any") -> None:
        """Once."""
        super().strike(loop)
        self.world.chip.counters[UNITS[self.name]].miss(-self._counts)
        self.applied = True


class WeakSpring(Fault):
    """The spring that takes an unpowered needle home pulls at another speed; 0: it is broken."""

    def __init__(self, um_per_s: int) -> None:
        super().__init__()
        self._um_per_s = um_per_s

    def strike(self, loop: "Any") -> None:
        """From now on."""
        super().strike(loop)
        self.world.spring.um_per_s = self._um_per_s

    def after_tick(self, loop: "Any") -> None:
        """Met once the needle should be pulled: unpowered, in whatever place."""
        if not self.world.needle.powered:
            self.applied = True


_ROWS = (
    ("stalls", "The %s stalls: pulses are counted and nothing turns.", WORKING, LostSteps, (0, 1)),
    ("loses_steps", "The %s loses one step in ten.", WORKING, LostSteps, (9, 10)),
    ("gains_steps", "Interference: the %s makes 4 steps more with each chunk.", MOVING, ExtraSteps, (4, False)),
    ("pulses_added", "Interference on STEP of the %s: 4 pulses more a chunk, counted.", MOVING, ExtraSteps, (4, True)),
    ("chunks_missing", "RMT plays nothing on STEP of the %s.", WORKING, ChunkMissing, ()),
    ("chunks_repeated", "RMT plays each train for the %s twice.", WORKING, ChunkRepeated, ()),
    ("train_never_ends", "RMT never says that a train for the %s has ended.", WORKING, TrainNeverEnds, ()),
    ("counter_frozen", "The pulse counter of the %s stands still.", WORKING, Counter, (0, 1)),
    ("counter_loses", "The pulse counter of the %s loses one edge in 40.", SOME, Counter, (39, 40)),
    ("counter_gains", "The pulse counter of the %s counts every 40th edge twice.", SOME, Counter, (41, 40)),
    ("counter_jumps", "The pulse counter of the %s has 1000 counts more at once.", WORKING, CounterJumps, (1000,)),
)


# What no software can notice, and the measure of the hardware that covers it.
_COVERED = {
    "dose_loses_steps": "A motor with twice the torque that 450 kPa ask for; StallGuard, set up on the bench.",
    "dose_gains_steps": "The counter listens at the driver's own STEP pin, behind whatever can pick up pulses.",
}


def rows() -> "list[Row]":
    """The same for both axes; and the spring."""
    found: "list[Row]" = []
    for axis, word in AXES:
        for name, says, where, make, given in _ROWS:
            row = Row("actuators", axis + "_" + name, says % word, where, make, axis, *given)
            found.append(row.covered_by(_COVERED.get(row.name, "")))
    found.append(Row("actuators", "spring_broken", "The needle's spring is broken.", WORKING, WeakSpring, 0))
    found.append(Row("actuators", "spring_weak", "The needle's spring pulls at a fifth.", SOME, WeakSpring, 20_000))
    return found
