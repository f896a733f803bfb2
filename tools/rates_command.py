"""`mesogun rates`: the fastest burst of each syringe and dose, its accuracy, and what limits it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tools.crew import WORKERS
from tools.ordering import Malformed, PlantParams, check_choice, read_param
from tools.rates import Rate, find_all
from tools.rates_planner import DEPTH_UM, DOSES_NL, SYRINGES, Plan
from tools.rates_tables import in_order, show, write
from tools.simulation import ROOT, SimulationError

EXAMPLES = """
Every syringe, 0.5 to 50 ul, at 1 mm:

  mesogun rates

Two doses of one syringe, through a thin needle with a viscous product:

  mesogun rates --syringe 1ml --dose-nl 2000 --dose-nl 5000 --param needle_kpa_s_per_nl=0.012

All figures are figures of the simulator, not of a device.
"""


def rates(
    syringe: Annotated[
        list[str] | None, typer.Option(metavar="|".join(SYRINGES), help="Only these.", show_default="all")
    ] = None,
    dose_nl: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Only these.", show_default="0.5 to 50 ul")
    ] = None,
    depth_um: Annotated[int, typer.Option(metavar="N", help="Depth below the nozzle plane.")] = DEPTH_UM,
    param: PlantParams = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another number, another skin and noise.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Few drops and cells: seconds instead of minutes.")] = False,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes.")] = WORKERS,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Where the files go.", show_default="build")] = None,
) -> None:
    """Find the fastest burst that the device takes and keeps, for each syringe and dose."""
    folder = Path(output) if output else ROOT / "build"
    try:
        for name in syringe or ():
            check_choice("syringe", name, SYRINGES)
        plan = Plan(
            syringes=tuple(syringe or (SYRINGES[:2] if quick else SYRINGES)),
            doses_nl=tuple(sorted(dose_nl or ((2_000, 5_000) if quick else DOSES_NL))),
            depth_um=depth_um,
            search_drops=4 if quick else Plan.search_drops,
            series_drops=6 if quick else Plan.series_drops,
            params=dict(read_param(text) for text in param or []),
            seed=seed,
            workers=workers,
        )
        found = in_order(_find(plan), plan)
        written = write(found, plan, folder)
    except (Malformed, SimulationError, OSError) as error:
        print(f"mesogun rates: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    show(found, plan, Console())
    for path in written:
        print(os.path.relpath(path))


def _find(plan: Plan) -> list[Rate]:
    """Every cell, on a terminal with a bar."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    found: list[Rate] = []
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("rates", total=len(plan.cells()))
        for rate in find_all(plan):
            found.append(rate)
            bar.update(task, completed=len(found))
    return found
