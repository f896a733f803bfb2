"""The accuracy grid: every combination of syringe, dose, needle, product, tissue and wrong compliance."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tools import goals
from tools.simulation import Order
from tools.tolerance import SERIES

OWN_PLANT = ""
UNFAVOURABLE_PLANT = "host_tests/plants/unfavourable.py:UnfavourablePlant"

# kPa s / nl: 4 mm long, with water and with a product ten times as thick
NEEDLES = {"30G-1cP": 2.6e-4, "32G-1cP": 1.2e-3, "30G-10cP": 2.6e-3, "32G-10cP": 1.2e-2}
TISSUES_KPA = (10, 80)
COMPLIANCES = (0.85, 1.15)
"""True compliance against the calibrated one, liquid and drive alike."""
# Nominal: (total nl/kPa, um/kPa of it in the drive, area in mm2)
_NOMINAL = {"1ml": (2.55, 0.02, 17.35), "5ml": (29.0, 0.12, 118.8), "10ml": (48.0, 0.12, 191.1)}
REFUSED_SHOTS = 3


@dataclass(frozen=True)
class Cell:
    """One combination. `plant` is FILE.py:Class, "" the project's own; dose in nl."""

    plant: str
    syringe: str
    dose_nl: int
    needle: str
    tissue_kpa: int
    compliance: float

    @property
    def name(self) -> str:
        """As `--cells` takes it; the plant apart."""
        off = round((self.compliance - 1) * 100)
        return f"{self.syringe}-{self.dose_nl // 1000}ul-{self.needle}-{self.tissue_kpa}kPa-C{off:+d}"

    @property
    def to_be_refused(self) -> bool:
        """This syringe cannot resolve this dose."""
        return (self.syringe, self.dose_nl) == goals.REFUSED

    @property
    def goal_percent(self) -> float:
        """The tolerance interval lies within so many percent; 0 where the dose is to be refused."""
        return goals.INSIDE_PERCENT.get((self.syringe, self.dose_nl), 0.0)

    def order(self, seed: int) -> Order:
        """One series of this cell. Depth is judged from the nozzle plane: the skin neither bulges nor dimples."""
        return Order(
            shots=REFUSED_SHOTS if self.to_be_refused else SERIES,
            syringe=self.syringe,
            dose_nl=self.dose_nl,
            seed=seed,
            plant=self.plant,
            params={
                "needle_kpa_s_per_nl": NEEDLES[self.needle],
                "tissue_kpa": self.tissue_kpa,
                "skin_um": 0,
                "skin_spread_um": 0,
                **compliance_params(self.syringe, self.compliance, self.compliance),
            },
        )


def compliance_params(syringe: str, fluid: float, drive: float) -> dict[str, float]:
    """Parameters of a plant whose liquid and drive are so many times as compliant as calibrated."""
    total, nominal_drive, area = _NOMINAL[syringe]
    return {
        "fluid_nl_per_kpa": round((total - nominal_drive * area) * fluid, 6),
        "drive_um_per_kpa": round(nominal_drive * drive, 6),
    }


def cells(plants: Sequence[str]) -> list[Cell]:
    """The whole grid, plant by plant."""
    return [
        Cell(plant, syringe, dose_nl, needle, tissue_kpa, compliance)
        for plant in plants
        for syringe, dose_nl in (*goals.INSIDE_PERCENT, goals.REFUSED)
        for needle in NEEDLES
        for tissue_kpa in TISSUES_KPA
        for compliance in COMPLIANCES
    ]


def chosen(all_cells: Sequence[Cell], words: str) -> list[Cell]:
    """The cells whose name contains one of these words, separated by commas; all of them for ""."""
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    return [cell for cell in all_cells if not wanted or any(word in cell.name for word in wanted)]


def quick(all_cells: Sequence[Cell]) -> list[Cell]:
    """One cell of each goal and plant: thin needle, thick product, and compliance in turn too low and too high."""
    picked: dict[tuple[str, str, int], Cell] = {}
    for cell in all_cells:
        index = len(picked)
        if (
            cell.needle == "32G-10cP"
            and cell.tissue_kpa == TISSUES_KPA[-1]
            and cell.compliance == COMPLIANCES[index % 2]
        ):
            picked.setdefault((cell.plant, cell.syringe, cell.dose_nl), cell)
    return list(picked.values())


def seeds(index: int, series: int) -> range:
    """The seeds of the cell with this index in the grid: no two cells share one."""
    return range(100 * index + 1, 100 * index + 1 + series)


@dataclass(frozen=True)
class Run:
    """One series to play."""

    cell: Cell
    order: Order = field(hash=False)


def runs(picked: Sequence[Cell], whole: Sequence[Cell], series: int) -> Iterator[Run]:
    """All series of these cells, dealt so that quick and slow cells take turns: what is left can be foretold."""
    numbers = {cell: index for index, cell in enumerate(whole)}
    for number in range(series):
        for cell in sorted(picked, key=lambda cell: (cell.tissue_kpa, cell.compliance, cell.needle)):
            if cell.to_be_refused and number > 0:
                continue  # a refusal has no spread
            yield Run(cell, cell.order(seeds(numbers[cell], series)[number]))


def command_line(order: Order) -> str:
    """The `mesogun sim` that plays this session again."""
    words = ["mesogun", "sim", "--shots", order.shots, "--syringe", order.syringe, "--dose-nl", order.dose_nl]
    words += ["--depth-um", order.depth_um, "--seed", order.seed]
    if order.mode != "single":
        words += ["--mode", order.mode]
    if order.plant:
        words += ["--plant", order.plant]
    for name, value in order.params.items():
        words += ["--param", f"{name}={value!r}"]
    return shlex.join(map(str, words))
