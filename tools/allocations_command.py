"""`mesogun allocations`: ticks of the loop and of the drivers on MicroPythons whose heap is locked."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tools.allocations import BOARDS, Failed, findings
from tools.micropythons import NAMES, NotInstalled

EXAMPLES = """
A million ticks of the loop, and of board.sample and board.apply, on both MicroPythons:

  mesogun allocations

A tenth of that, only where integers have 31 bits:

  mesogun allocations --ticks 100000 --interpreter wasm32
"""
HEADINGS = ("what", "interpreter", "ticks", "allocated")


class Malformed(ValueError):
    """The command line makes no sense; the message says why in one line."""


def allocations(
    ticks: Annotated[int, typer.Option(metavar="N", help="At least so many of each.")] = 1_000_000,
    interpreter: Annotated[str, typer.Option(metavar="|".join(NAMES), help="Only this one.", show_default="both")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Run ticks with the heap locked, where whatever allocates fails; exit status 1 if anything did."""
    try:
        if ticks < 1:
            raise Malformed(f"--ticks {ticks}: at least one")
        if interpreter and interpreter not in NAMES:
            raise Malformed(f"unknown interpreter {interpreter}: it is {' or '.join(NAMES)}")
        rows = _measure(ticks, (interpreter,) if interpreter else NAMES, quiet=as_json)
    except (Malformed, NotInstalled, Failed) as error:
        print(f"mesogun allocations: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps([dict(zip(HEADINGS, row, strict=True)) for row in rows]))
    else:
        _show(rows)
    if any(allocated != "nothing" for *_, allocated in rows):
        raise typer.Exit(1)


def _measure(ticks: int, interpreters: tuple[str, ...], quiet: bool) -> list[tuple[str, str, int, str]]:
    """One row of HEADINGS for each program on each interpreter."""
    jobs = [
        (what, part, name, more)
        for name in interpreters
        for what, part, more in (("loop.tick", "loop", "locked"), ("board.sample and apply", "drivers", BOARDS[0]))
    ]
    rows: list[tuple[str, str, int, str]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        for what, part, name, more in jobs:
            task = bar.add_task(f"{what} on {name}", total=ticks)
            found = findings(part, name, ticks, more, progress=lambda done, task=task: bar.update(task, completed=done))
            done = int(found.get("ticks", "0"))
            rows.append((what, name, done, "nothing" if found["locked"] == "ok" else found["locked"]))
    return rows


def _show(rows: list[tuple[str, str, int, str]]) -> None:
    """The rows as a table."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading == "ticks" else "left")
    for what, name, done, allocated in rows:
        table.add_row(what, name, f"{done:,}", allocated, style="" if allocated == "nothing" else "red")
    Console().print(table)
