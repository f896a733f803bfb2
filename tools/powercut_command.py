"""`mesogun powercut`: cuts the power at every operation, and looks whether anything is lost."""

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

from tools.crew import WORKERS
from tools.micropythons import NotInstalled
from tools.powercut import store_part, ticks_part
from tools.powercut.parts import CUTS, Outcome, Plan, run, write
from tools.simulation import ROOT

EXAMPLES = """
All cuts and pairs of cuts, one triple in eight; minutes, and build/powercut.json:

  mesogun powercut

A spread of them, seconds:

  mesogun powercut --quick

All triples, most of an hour:

  mesogun powercut --triples-every 1

A cut ends an operation of the flash before it begins, halfway, or torn. docs/store.md says what is written and what has
to be there afterwards. All of it is played on littlefs as MicroPython has it, over a flash in memory.
"""
# Each counts in the names of parts.py; the sums are what the command shows.
PARTS = {"store": store_part.play, "sessions": ticks_part.play}
_WORDS = {
    "cuts": "cuts of the power, at every operation of the store",
    "pairs": "and once more, in what came after the cut",
    "triples": "and a third time",
    "tick_cuts": "cuts at the ticks of whole sessions",
    "repeated_drops": "drops that were given twice",
    "forgotten_drops": "drops that no total knows",
    "under_recorded": "sessions that gave more than was recorded",
    "moved_before_acknowledge": "motions before CONFIRM",
    "lost_configs": "configs that were lost",
}


class Malformed(ValueError):
    """The command line makes no sense; the message says why in one line."""


def powercut(
    quick: Annotated[bool, typer.Option("--quick", help="A spread of the cuts, seconds.")] = False,
    triples_every: Annotated[int, typer.Option(metavar="N", help="Play one triple in so many; 1 is all of them.")] = 8,
    seed: Annotated[int, typer.Option(metavar="N", help="Other triples, other tears.")] = 1,
    workers: Annotated[int, typer.Option(metavar="N", help="Processes.")] = WORKERS,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Where files go.", show_default="build")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Cut the power at every operation of the store, again and again; exit status 1 if anything was lost."""
    console = Console(stderr=as_json)
    try:
        if workers < 1 or triples_every < 1:
            raise Malformed("--workers and --triples-every: at least one")
        outcome = run(PARTS, Plan(quick, workers, triples_every, seed), console)
        path = write(outcome, Path(output) if output else ROOT / "build")
    except (Malformed, NotInstalled, store_part.Failed, OSError) as error:
        print(f"mesogun powercut: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps(outcome.as_json()))
    else:
        _show(outcome, console)
        print(os.path.relpath(path))
    if not outcome.passed:
        raise typer.Exit(1)


def _show(outcome: Outcome, console: Console) -> None:
    """The counts, and whatever was found."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("count", justify="right")
    table.add_column("of what", overflow="fold")
    for name, count in outcome.counts.items():
        table.add_row(f"{count:,}", _WORDS[name], style="red" if count and name not in CUTS else "")
    console.print(table)
    plan = outcome.plan
    if plan.triples_every > 1 and not plan.quick:
        console.print(f"one triple in {plan.triples_every} was drawn, seed {plan.seed}", highlight=False)
    for sentence in outcome.findings:
        console.print(sentence, style="red", highlight=False)
