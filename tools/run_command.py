"""`mesogun run`: the story that `make run` tells."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tools.simulation import ROOT, SimulationError
from tools.story import Plot, tell


def run(
    report: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where the report goes.", show_default="build/session")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another number, another skin and noise.")] = 1,
) -> None:
    """Watch a treatment: 60 weighed drops, the peer that counts steps, and a needle that clogs."""
    folder = Path(report) if report else ROOT / "build" / "session"
    try:
        page = tell(Plot(seed=seed), folder, Console())
    except (SimulationError, OSError) as error:
        print(f"mesogun run: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    print(_shortest(page))


def _shortest(path: Path) -> str:
    """The path as it is shortest to type from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
