"""`mesogun mutate`: small mistakes in the safety kernel, one at a time, and whether the tests find them."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tools.crew import WORKERS
from tools.mutate_edits import Mutant
from tools.mutate_verdicts import Key, Verdict, VerdictError, check, load, reasons
from tools.simulation import ROOT

if TYPE_CHECKING:
    from tools.mutate import Findings

EXAMPLES = """
Every mutant of the safety kernel, in minutes; build/mutation.json has the figures, build/mutation.md the survivors:

  mesogun mutate

One file; and some mutants of all files, drawn by a seed, in half a minute:

  mesogun mutate --file firmware/interlocks.py

  mesogun mutate --quick --seed 7

Status 0: no more than three survive, each with a reason in tools/mutation.toml. 1: more, or without. 2: not run.
"""
QUICK = 16
"""Mutants that --quick draws, besides the cruel ones."""


def mutate(
    file: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Only this file of the kernel.", show_default="all")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Some mutants, and the cruel ones, in half a minute.")] = False,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Which ones --quick draws.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what mutation.json has, and nothing else.")] = False,
    patience_s: Annotated[
        float, typer.Option("--patience", metavar="S", min=0, help="Tests for a mutant, in seconds; 0: all there are.")
    ] = 0.0,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes.")] = WORKERS,
    output: Annotated[str | None, typer.Option(metavar="DIR", help="Where the files go.", show_default="build")] = None,
) -> None:
    """Mutate the safety kernel, one small mistake at a time, and see whether the tests find each."""
    try:
        chosen = _chosen(tuple(file or ()), quick, seed)
        status = _report(chosen, workers, patience_s, as_json, Path(output) if output else ROOT / "build")
    except (VerdictError, ImportError, OSError, RuntimeError, ValueError) as error:
        print(f"mesogun mutate: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    raise typer.Exit(status)


@dataclass(frozen=True)
class _Chosen:
    """What is to be tried, and what has been said of it."""

    mutants: Sequence[Mutant]
    equivalent: dict[Key, str]
    known: dict[Key, str]
    quick: bool


def _chosen(files: tuple[str, ...], quick: bool, seed: int | None) -> _Chosen:
    """The mutants of these files, or of all; VerdictError for what cannot be mutated."""
    # What finds and runs tests is there for who develops; the other commands do without.
    from tools.mutate_kernel import KERNEL, kernel_mutants

    for name in files:
        if name not in KERNEL:
            raise VerdictError(f"--file {name}: not of the kernel, which is {', '.join(KERNEL)}")
    verdicts = load()
    mutants = kernel_mutants(files or tuple(KERNEL))
    check(verdicts, mutants)
    if quick:
        seed = random.SystemRandom().randrange(2**32) if seed is None else seed
        mutants = draw(mutants, verdicts, seed)
        print(f"seed {seed}", file=sys.stderr)
    return _Chosen(mutants, reasons(verdicts, "equivalent"), reasons(verdicts, "survivor"), quick)


def _report(chosen: _Chosen, workers: int, patience_s: float, as_json: bool, folder: Path) -> int:
    """Try them, and tell what came of it; the exit status."""
    from tools import mutate_tables

    found = _run(chosen, workers, patience_s)
    left = mutate_tables.survivors(found, chosen.equivalent)
    told = mutate_tables.report(found, chosen.equivalent, chosen.known)
    written = mutate_tables.write(told, left, folder)
    if as_json:
        print(json.dumps(told, indent=1))
    else:
        mutate_tables.show(told, left, Console())
        print(*map(os.path.relpath, written), sep="\n")
    wrong = mutate_tables.wrongly(found, chosen.equivalent)
    for mutant in wrong:
        where = f"{mutant.file}:{mutant.line}"
        print(f"killed, but called equivalent: {where} {mutant.was} -> {mutant.now}", file=sys.stderr)
    without = any(mutant.key not in chosen.known for mutant in left)
    return 1 if wrong or without or len(left) > mutate_tables.MOST_SURVIVORS else 0


def draw(mutants: Sequence[Mutant], verdicts: Sequence[Verdict], seed: int) -> list[Mutant]:
    """The cruel mutants, and some that a seed draws from the rest of those that can be killed."""
    cruel = {verdict.key for verdict in verdicts if verdict.kind == "cruel"}
    spared = {verdict.key for verdict in verdicts if verdict.kind != "cruel"} | cruel
    others = [mutant for mutant in mutants if mutant.key not in spared]
    drawn = random.Random(seed).sample(others, min(QUICK, len(others)))
    return [mutant for mutant in mutants if mutant.key in cruel or mutant in drawn]


def _run(chosen: _Chosen, workers: int, patience_s: float) -> Findings:
    """Every mutant, on a terminal with a bar."""
    from tools import mutate as trial

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def tick(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        if chosen.quick:
            return trial.mutate_unrecorded(chosen.mutants, workers, tick)
        equivalent = [mutant.key in chosen.equivalent for mutant in chosen.mutants]
        return trial.mutate(chosen.mutants, equivalent, workers, tick, patience_s)
