"""`mesogun bench`: what the firmware costs, beside the figures of the last release."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.bench import STEPS, Effort, Findings, write
from tools.bench_runner import Missing
from tools.bench_tables import show, update_docs
from tools.simulation import ROOT, SimulationError

EXAMPLES = """
All figures, in about three minutes; they go into build/bench.json:

  mesogun bench

As those of a release, into docs/bench.md and docs/bench.json:

  mesogun bench --update-docs

Figures of the ESP32 are a projection: nothing has run on a board yet.
"""


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Seconds instead of minutes, and worth as little.")] = False,
    docs: Annotated[
        bool, typer.Option("--update-docs", help="Write the figures into docs/ as those of this release.")
    ] = False,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Where the files go.", show_default="build")] = None,
) -> None:
    """Measure the cost of a tick, memory, the simulator's speed, and stepping against a peer in software."""
    folder = Path(output) if output else ROOT / "build"
    try:
        if quick and docs:
            raise ValueError("--quick and --update-docs: figures of a release take their time")
        found = _measure(Effort.quick() if quick else Effort())
        written = write(found, folder)
        show(found, Console())
        if docs:
            written += update_docs(found)
    except (Missing, SimulationError, RuntimeError, OSError, ValueError) as error:
        print(f"mesogun bench: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    for path in written:
        print(os.path.relpath(path))


def _measure(effort: Effort) -> Findings:
    """Every step, on a terminal with a bar."""
    found = Findings()
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        for name, measure in STEPS:
            task = bar.add_task(name, total=1)
            measure(found, effort, lambda done, wanted, task=task: bar.update(task, completed=done, total=wanted))
            bar.update(task, completed=1, total=1)
    return found
