"""`mesogun manifest`: what every program file of a device has to be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tools import manifest as manifests

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = """
What goes to a device, file by file, with SHA-256:

  mesogun manifest

Write it beside a compiled tree, and compare later:

  mesogun manifest build/flash > build/flash/manifest
  mesogun manifest build/flash --check
"""


def manifest(
    tree: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="With boot, main, drivers, firmware in it.", show_default="this tree"),
    ] = ROOT,
    check: Annotated[bool, typer.Option("--check", help="Compare FOLDER with FOLDER/manifest instead.")] = False,
) -> None:
    """Print the manifest of a device's files; or compare it: exit status 1 if a file is not as it says."""
    try:
        found = manifests.text(str(tree))
        if not found.strip():
            raise FileNotFoundError(f"no program of a device in {tree}: expected boot, main, drivers, firmware")
        if not check:
            print(found, end="")
            return
        place = tree / manifests.FILE.lstrip("/")
        if not place.exists():
            raise FileNotFoundError(f"no {place}: write it with `mesogun manifest {tree} > {place}`")
        listed = set(place.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        print(f"mesogun manifest: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    differ = sorted({line.split()[-1] for line in listed ^ set(found.splitlines()) if line.strip()})
    for path in differ:
        print(f"differs: {path}")
    if differ:
        raise typer.Exit(1)
    print(f"{len(listed)} files are as the manifest says")
