"""`mesogun pictures`: draws the pictures of README.md and docs/ anew: sessions played now, and the table of states."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tools.plant_loading import PlantError
from tools.simulation import ROOT, SimulationError

FOLDER = ROOT / "docs" / "pictures"


def pictures(
    output: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where they go.", show_default="docs/pictures")
    ] = None,
) -> None:
    """Draw the pictures of the documents: real runs of the simulator, and the states. Takes about a minute."""
    # matplotlib takes a second to load: only who draws waits for it.
    from tools import state_diagram
    from tools.doc_pictures import PICTURES, draw

    folder = Path(output) if output else FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        print(os.path.relpath(state_diagram.write(folder / "states.svg" if output else state_diagram.FILE)))
        for name in PICTURES:
            print(os.path.relpath(draw(name, folder)))
    except (SimulationError, PlantError, OSError) as error:
        print(f"mesogun pictures: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
