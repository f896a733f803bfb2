"""The pictures of README.md and docs/: which sessions are played for each, and the file it becomes.

`mesogun pictures` draws all of them. Every curve is of something played for it now; nothing is drawn by hand.
"""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tools import figures_dose_loop, figures_drops, figures_shot, figures_signals
from tools.figures_dose_loop import Drop
from tools.grid import NEEDLES, UNFAVOURABLE_PLANT
from tools.screens import sheets
from tools.signal_patterns import Patterns
from tools.simulation import ROOT, Order, Outcome, simulate
from tools.simulator.recorder import CURVES
from tools.story import Plot

LINEAR_PLANT = "host_tests/plants/linear_tissue.py:LinearTissuePlant"
MARK = "Description"
"""Where a picture says which curves it shows: a text field of the file."""
_DOTS_PER_INCH = 110
_LEARNING_DROPS = 20


def draw(name: str, folder: Path) -> Path:
    """Draw one of PICTURES into the folder; returns its path. Raises as `simulate` does, and OSError."""
    path = folder / name
    figure = PICTURES[name]()
    # Without the drawing library's name and version the same curves give the same file.
    figure.savefig(path, dpi=_DOTS_PER_INCH, metadata={"Software": None, MARK: fingerprint(figure)})
    return path


def fingerprint(figure: Figure) -> str:
    """A hash of all curves in a figure, and of pictures laid on it, whatever draws them."""
    found = hashlib.sha256()
    for axes in figure.axes:
        for line in axes.lines:
            for x, y in np.asarray(line.get_xydata(), dtype=float):
                found.update(f"{x:.4f} {y:.4f}\n".encode())
    for image in figure.images:
        found.update(np.ascontiguousarray(image.get_array()).tobytes())
    return found.hexdigest()


def _played(number: int, **more: Any) -> Drop:
    """The last of so many drops, with its curves."""
    order = Order(shots=number, curves=(number,), **more)
    return drop_of(order, simulate(order), number)


def drop_of(order: Order, outcome: Outcome, number: int) -> Drop:
    """The drop with this number; its curves must have been kept."""
    columns: dict[str, list[float]] = dict(zip(CURVES, outcome.curves[number], strict=True))
    before_nl = sum(shot["delivered_nl"] + shot["surface_nl"] for shot in outcome.summary["shots"][: number - 1])
    return Drop(order, columns, outcome.phases, outcome.summary["shots"][number - 1], before_nl)


def _plant(place: str) -> str:
    return str(ROOT / place) if place else ""


def _closed_and_open() -> Figure:
    """The first picture of the report that `make run` writes."""
    closed, counted, _ = Plot().orders()
    shots = [simulate(order).summary["shots"] for order in (closed, counted)]
    return figures_drops.distributions(*shots)


def _one_drop() -> Figure:
    """The anatomy of the same report."""
    order = Plot().orders()[0]
    (number,) = order.curves
    drop = drop_of(order, simulate(order), number)
    return figures_shot.anatomy(drop.columns, drop.phases, drop.shot)


def _needles() -> Figure:
    """Tissue that presses back with the same 20 kPa all the time, so that what is right is known."""
    still = {"tissue_kpa": 20, "tissue_kpa_per_nl": 0}
    drops = {
        name: _played(2, params={"needle_kpa_s_per_nl": resistance, **still}) for name, resistance in NEEDLES.items()
    }
    return figures_dose_loop.needles(drops, NEEDLES)


def _leaving() -> Figure:
    params = {"tissue_kpa": 80, "needle_kpa_s_per_nl": NEEDLES["30G-1cP"]}
    drops = {
        "tissue keeps what it was given": _played(4, dose_nl=2_000, params=params),
        "tissue gives it back": _played(4, dose_nl=2_000, params=params, plant=_plant(UNFAVOURABLE_PLANT)),
    }
    return figures_dose_loop.leaving(drops)


def _scale() -> Figure:
    return figures_dose_loop.scale(_played(4))


def _learning() -> Figure:
    """30G, water and 80 kPa: R C is below a tick, and most is at stake when the needle leaves."""
    params = {"tissue_kpa": 80, "needle_kpa_s_per_nl": NEEDLES["30G-1cP"]}
    plants = {"the project's plant": "", "unfavourable plant": UNFAVOURABLE_PLANT, "linear tissue": LINEAR_PLANT}
    found: dict[int, dict[str, list[float]]] = {}
    for dose_nl in (1_000, 10_000):
        found[dose_nl] = {}
        for name, place in plants.items():
            order = Order(shots=_LEARNING_DROPS, dose_nl=dose_nl, params=dict(params), plant=_plant(place))
            found[dose_nl][name] = figures_drops.errors_percent(simulate(order).summary["shots"])
    return figures_dose_loop.learning(found)


def _finding() -> Figure:
    thick = {"needle_kpa_s_per_nl": NEEDLES["30G-10cP"]}
    good = _played(3, params=thick)
    blocked = _played(3, params={**thick, "occluded_after_nl": 25_000})
    bubble = _played(3, params={**thick, "bubble_nl": 5_000, "bubble_after_nl": 25_000})
    return figures_dose_loop.finding(
        good, {"the needle clogs": blocked, "air comes in": bubble, "syringe empty": _empty()}
    )


def _empty() -> Drop:
    """The stopper reaches the end of a syringe that was not full."""
    order = Order(shots=6, params={"needle_kpa_s_per_nl": NEEDLES["30G-10cP"], "syringe_nl": 60_000})
    shots = simulate(order).summary["shots"]
    number = next(shot["n"] for shot in shots if shot["result"] == "fault")
    order.curves = (number,)
    return drop_of(order, simulate(order), number)


def _signals() -> Figure:
    """No session: the table of lamp and tone, played."""
    return figures_signals.patterns(Patterns())


PICTURES: dict[str, Callable[[], Figure]] = {
    "closed-and-open.png": _closed_and_open,
    "one-drop.png": _one_drop,
    "needles.png": _needles,
    "leaving.png": _leaving,
    "scale.png": _scale,
    "learning.png": _learning,
    "finding.png": _finding,
    "signals.png": _signals,
    **{name: partial(sheets.draw, name) for name in sheets.SHEETS},
}
