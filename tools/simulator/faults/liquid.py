"""What happens to the liquid, around any plant: the plant is told of other steps than were made, or the sensor of
another pressure than it has.

These are small models (no friction, no noise of their own where they make up the pressure): a plant's own parameters
(`occluded_after_nl`, `bubble_nl` ...) are truer where a plant knows them, but strike at a volume, not in a phase.
"""

from tools.simulator.faults.around import Around
from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import WORKING
from tools.simulator.faults.row import Row

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

_LOWEST_KPA = -98.0
_AMBIENT_KPA = 101.3


class LiquidFault(Fault):
    """What the plant is told, and what it seems to say, of a certain syringe. nl and kPa throughout."""

    def __init__(self) -> None:
        super().__init__()
        self._plant: "Any" = None

    def advance(self, around: Around, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Each plant has a last moment in which it was sound."""
        if around.plant is not self._plant:
            self._plant = around.plant
            self.begin(around)
        self.flow(around, dt_us, dose_steps, needle_steps)

    def begin(self, around: Around) -> None:
        """The last look at a sound plant."""

    def flow(self, around: Around, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """In place of the plant's own."""
        raise NotImplementedError


class Held(LiquidFault):
    """Nothing passes the needle any more; what the plunger displaces is `stored` (the needle is blocked), or goes
    elsewhere and leaves no pressure: `spilled` onto the skin (the needle came off) or into nothing (no syringe)."""

    def __init__(self, stored: bool, spilled: bool) -> None:
        super().__init__()
        self._stored = stored
        self._spilled = spilled
        self._kpa = 0.0

    def begin(self, around: Around) -> None:
        """The pressure goes on from where it is, or is gone."""
        self._kpa = around.plant.pressure_kpa if self._stored else 0.0

    def flow(self, around: Around, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """The plant sees the needle move and nothing else."""
        plant = around.plant
        before_nl = plant.delivered_nl
        plant.advance(dt_us, 0, needle_steps)
        around.hidden_nl += plant.delivered_nl - before_nl
        moved_nl = dose_steps * around.nl_per_step
        if self._stored:
            self._kpa = max(self._kpa + moved_nl / around.compliance_nl_per_kpa, _LOWEST_KPA)
        elif self._spilled and moved_nl > 0 and plant.contact:
            around.spilled_nl += moved_nl
        around.made_up_kpa = self._kpa
        if dose_steps:
            self.applied = True


class Missed(LiquidFault):
    """Of each `of` steps forward the first `kept` move the stopper: 0 of 1 is a syringe that is empty, the stopper at
    its end; else the liquid leaks past it."""

    def __init__(self, kept: int, of: int) -> None:
        super().__init__()
        self._kept = kept
        self._of = of
        self._asked = 0

    def flow(self, around: Around, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """The plant sees fewer steps."""
        made = min(dose_steps, 0)
        for _ in range(dose_steps):
            if self._asked % self._of < self._kept:
                made += 1
            self._asked += 1
        if made != dose_steps:
            self.applied = True
        around.plant.advance(dt_us, made, needle_steps)


class Air(LiquidFault):
    """A bubble beside the liquid, at its pressure: it takes up steps as the pressure rises, and gives them back."""

    def __init__(self, bubble_nl: float) -> None:
        super().__init__()
        self._bubble_nl = bubble_nl
        self._taken_nl = 0.0  # by the bubble, against its volume at ambient pressure
        self._kpa = 0.0  # of the plant, smoothed
        self._rest_nl = 0.0

    def begin(self, around: Around) -> None:
        """In balance with the liquid."""
        self._kpa = around.plant.pressure_kpa
        self._taken_nl = self._shrunk_nl(self._kpa)

    def _shrunk_nl(self, kpa: float) -> float:
        return self._bubble_nl * (1 - _AMBIENT_KPA / (_AMBIENT_KPA + max(kpa, _LOWEST_KPA)))

    def flow(self, around: Around, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Steps are shared between liquid and bubble so that both end at the same pressure."""
        absolute_kpa = _AMBIENT_KPA + max(self._kpa, _LOWEST_KPA)
        softness_nl_per_kpa = self._bubble_nl * _AMBIENT_KPA / (absolute_kpa * absolute_kpa)
        share = around.compliance_nl_per_kpa / (around.compliance_nl_per_kpa + softness_nl_per_kpa)
        surplus_nl = self._taken_nl - self._shrunk_nl(self._kpa)
        moved_nl = dose_steps * around.nl_per_step
        to_liquid_nl = (moved_nl + surplus_nl) * share
        self._taken_nl += moved_nl - to_liquid_nl
        self._rest_nl += to_liquid_nl
        steps = int(self._rest_nl / around.nl_per_step)
        self._rest_nl -= steps * around.nl_per_step
        around.plant.advance(dt_us, steps, needle_steps)
        self._kpa += (around.plant.pressure_kpa - self._kpa) / 2
        if steps != dose_steps:
            self.applied = True


_LEAK_COVERED = (
    "Syringes with two lips at the stopper, and a tray behind it where a leak is seen; less arrives, never more."
)


def rows() -> "list[Row]":
    """What can happen to it, in front of and behind the stopper."""
    found: "list[Row]" = []
    for name, says, make, given in (
        ("needle_blocked", "Nothing passes the needle any more.", Held, (True, False)),
        ("needle_came_off", "The needle leaves its seat: liquid runs out in front.", Held, (False, True)),
        ("syringe_missing", "The plunger pushes on nothing.", Held, (False, False)),
        ("syringe_empty", "The stopper is at its end.", Missed, (0, 1)),
        ("syringe_leaks", "Half of what the plunger displaces leaks past the stopper.", Missed, (1, 2)),
        ("air_bubble", "Air comes into the syringe, 5 ul of it.", Air, (5000.0,)),
    ):
        row = Row("liquid", name, says, WORKING, make, *given)
        found.append(row.covered_by(_LEAK_COVERED if name == "syringe_leaks" else ""))
    return found
