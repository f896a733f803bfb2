"""`mesogun accuracy`: the accuracy grid, or with --long false alarms and the finding of faults."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tools import accuracy_tables, finding, finding_tables
from tools.accuracy import PLANTS, Plan, play, write
from tools.crew import WORKERS
from tools.grid import OWN_PLANT
from tools.plant_loading import PlantError, load_plant
from tools.simulation import ROOT

EXAMPLES = """
The whole grid, on the project's plant and on one that nobody tuned to:

  mesogun accuracy

A minute's worth, on your own physics:

  mesogun accuracy --quick --plant my_skin.py:Skin

The cells of 10 ul on a 1 ml syringe with a thin needle and a thick product:

  mesogun accuracy --cells 1ml-10ul-32G-10cP

All figures are figures of the simulator, not the accuracy of a device.
"""


class Malformed(ValueError):
    """The command line makes no sense; the message says why in one line."""


def plan_for(cells: str, series: int, quick: bool, plants: tuple[str, ...], workers: int) -> Plan:
    """The plan for these flags. Raises Malformed."""
    if series < 1:
        raise Malformed(f"--series {series}: at least one")
    plan = Plan(plants, cells, series, quick, workers)
    if not plan.picked():
        raise Malformed(f"--cells {cells}: no cell has such a name; one is {Plan().picked()[0].name}")
    return plan


def accuracy(
    long: Annotated[
        bool, typer.Option("--long", help="Instead: false alarms in good shots, and faults found in the same shot.")
    ] = False,
    plant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE.py:Class",
            help="Physics; may be repeated; own is the project's.",
            show_default="own, and an unfavourable one",
        ),
    ] = None,
    cells: Annotated[str, typer.Option(metavar="WORDS", help="Only cells with one of these words, by commas.")] = "",
    series: Annotated[int, typer.Option(metavar="N", help="Series of 60 drops in each cell.")] = 5,
    shots: Annotated[int, typer.Option(metavar="N", help="Good shots, with --long.")] = 100_000,
    quick: Annotated[bool, typer.Option("--quick", help="A minute's worth.")] = False,
    workers: Annotated[int, typer.Option(metavar="N", help="Processes.")] = WORKERS,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Where the files go.", show_default="build")] = None,
) -> None:
    """Judge the simulated machine: the accuracy of every cell of the grid. Slow; --quick is not."""
    folder = Path(output) if output else ROOT / "build"
    console = Console()
    try:
        plants = tuple(_known(place) for place in plant) if plant else _own_plants()
        if workers < 1:
            raise Malformed(f"--workers {workers}: at least one")
        if long:
            plan = finding.Plan.quick(plants, workers) if quick else finding.Plan(shots, plants=plants, workers=workers)
            faults = finding.play(plan, console)
            written = finding.write(faults, folder)
            finding_tables.show(faults, console)
        else:
            found = play(plan_for(cells, series, quick, plants, workers), console)
            written = write(found, folder)
            accuracy_tables.show(found, console)
    except (Malformed, PlantError, OSError) as error:
        print(f"mesogun accuracy: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    for path in written:
        print(os.path.relpath(path))


def _known(place: str) -> str:
    """The plant's place, if it can be loaded: better to know before an hour of work. Raises PlantError."""
    if place == "own":
        return OWN_PLANT
    load_plant(place)
    return place


def _own_plants() -> tuple[str, ...]:
    """As they are called from here."""
    return tuple(os.path.relpath(ROOT / plant) if plant else OWN_PLANT for plant in PLANTS)
