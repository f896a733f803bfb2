"""`mesogun faults`: what can be injected, and with --run every fault in every phase."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tools import fault_sweep, fault_tables
from tools.crew import WORKERS
from tools.fault_names import catalogue
from tools.plant_loading import PlantError, load_plant
from tools.simulation import ROOT

EXAMPLES = """
Every fault, with the phases in which it can strike:

  mesogun faults

One of them in one session:

  mesogun sim --fault pressure_frozen@dose

All of them in all their phases, minutes; build/faults.json and build/faults.md:

  mesogun faults --run

Those of the needle's motor, on your own physics:

  mesogun faults --run --only needle_ --plant my_skin.py:Skin

Safe is judged by the truth of the plant, not by what the firmware says. All figures are figures of the simulator.
"""


class Malformed(ValueError):
    """The command line makes no sense; the message says why in one line."""


def faults(
    run: Annotated[bool, typer.Option("--run", help="Play every fault in every phase, and judge.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="With --run: a spread of the pairs, half a minute.")] = False,
    only: Annotated[
        str, typer.Option(metavar="WORDS", help="Only NAME@PHASE with one of these words in it, by commas.")
    ] = "",
    plant: Annotated[
        str, typer.Option(metavar="FILE.py:Class", help="Physics of your own.", show_default="the project's")
    ] = "",
    workers: Annotated[int, typer.Option(metavar="N", help="Processes.")] = WORKERS,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Where files go.", show_default="build")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """List what can be injected; with --run inject all of it, everywhere."""
    console = Console(stderr=as_json)
    try:
        plan = _plan(only, quick, plant, workers)
        if not run:
            _list(plan, as_json, console)
            return
        if plant:
            load_plant(plant)  # better to know before minutes of work
        sweep = fault_sweep.run(plan, console)
        written = fault_sweep.write(sweep, Path(output) if output else ROOT / "build")
    except (Malformed, PlantError, OSError) as error:
        print(f"mesogun faults: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps(fault_sweep.as_json(sweep)))
    else:
        fault_tables.show(sweep, console)
        for path in written:
            print(os.path.relpath(path))
    if not sweep.passed:
        raise typer.Exit(1)


def _plan(only: str, quick: bool, plant: str, workers: int) -> fault_sweep.Plan:
    if workers < 1:
        raise Malformed(f"--workers {workers}: at least one")
    words = tuple(word.strip() for word in only.split(",") if word.strip())
    plan = fault_sweep.Plan(plant, words, fault_sweep.QUICK_EVERY if quick else 1, workers)
    if not plan.pairs():
        raise Malformed(f"--only {only}: no NAME@PHASE has such a word; `mesogun faults` lists them")
    return plan


def _list(plan: fault_sweep.Plan, as_json: bool, console: Console) -> None:
    """Every fault that is picked."""
    picked = {pair.name for pair in plan.pairs()}
    rows = [row for row in catalogue() if row.name in picked]
    if as_json:
        print(json.dumps([{"name": row.name, "phases": list(row.phases), "sentence": row.says} for row in rows]))
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("fault", no_wrap=True)
    table.add_column("what it is; in which phases", overflow="fold")
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            table.add_row(group.upper(), "")
        table.add_row(row.name, f"{row.says} [dim]{fault_tables.phases_in_short(row)}[/dim]")
    console.print(table)
    pairs = sum(len(row.phases) for row in rows)
    console.print(f"{len(rows)} faults, {pairs} pairs of fault and phase", highlight=False)
