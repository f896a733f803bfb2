"""Starts programs of the tree on MicroPython for WebAssembly: integers of 31 bits and a clock of 30, as on the chip.

It is an npm package that node runs; `make setup-dev` installs both into .venv. It sees no file of this machine: what a
program needs is copied into its memory first. docs/interpreters.md says more.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNNER = ROOT / "tools" / "simulator" / "wasm32.mjs"
PACKAGE = "wasm32/node_modules/@micropython/micropython-webassembly-pyscript/micropython.mjs"
# Where the tree lies in its memory.
TREE = "/mesogun"
# What the simulator and the programs of the tests import.
COPIED = (
    "boot.py",
    "main.py",
    "drivers",
    "firmware",
    "protocol",
    "tools/__init__.py",
    "tools/manifest.py",
    "tools/simulator",
)
HEAP_BYTES = 64 << 20  # grows by itself: while a program runs nothing is freed
STACK_WORDS = 16 << 10  # of Python frames; 2 Ki would be the default


class NotInstalled(Exception):
    """What is missing, and how to get it, in one line."""


def command(
    program: str, arguments: list[str], files: list[tuple[Path, str]] | None = None, root: Path = ROOT
) -> list[str]:
    """What to run: `program` is a dotted name in the tree under `root`, `arguments` its sys.argv[1:].

    `files` are more files to copy, each to an absolute path in its memory. Raises NotInstalled.
    """
    plan = {
        "interpreter": str(_interpreter()),
        "heap_bytes": HEAP_BYTES,
        "stack_words": STACK_WORDS,
        "root": TREE,
        "files": [(str(here), there) for here, there in [*_tree(root, program), *(files or [])]],
        "argv": [f"{TREE}/{program.replace('.', '/')}.py", *arguments],
        "program": program,
    }
    return [_node(), str(RUNNER), json.dumps(plan)]


def plant_files(plant: str) -> tuple[str, list[tuple[Path, str]]]:
    """Where FILE.py:Class is in its memory, and what to copy: the files beside it, which it may import, come along."""
    file_name, _, class_name = plant.rpartition(":")
    path = Path(file_name).absolute()
    if path.is_relative_to(ROOT):
        place = f"{TREE}/{path.parent.relative_to(ROOT).as_posix()}"
        packages = [parent / "__init__.py" for parent in path.parents if parent.is_relative_to(ROOT)]
        files = [(found, f"{TREE}/{found.relative_to(ROOT).as_posix()}") for found in packages if found.exists()]
    else:
        place, files = "/plant", []
    files += [(beside, f"{place}/{beside.name}") for beside in sorted(path.parent.glob("*.py"))]
    return f"{place}/{path.name}:{class_name}", files


def _tree(root: Path, program: str) -> Iterator[tuple[Path, str]]:
    """Every Python file of COPIED, and those of the program's own package with all above it."""
    package = Path(*program.split(".")[:-1])
    chosen = [root / name for name in COPIED] + [root / parent / "__init__.py" for parent in package.parents]
    for path in [*chosen, root / package]:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.exists():
                yield file, f"{TREE}/{file.relative_to(root).as_posix()}"


def find() -> Path:
    """The module of the npm package. Raises NotInstalled if it or node is missing."""
    _node()
    return _interpreter()


def _interpreter() -> Path:
    """The module of the npm package, in the environment of this Python."""
    found = Path(sys.executable).parent.parent / PACKAGE
    if not found.exists():
        raise NotInstalled("MicroPython for WebAssembly (wasm32) is not installed; `make setup-dev` installs it")
    return found


def _node() -> str:
    """The `node` beside this Python, else the one on the PATH."""
    beside = Path(sys.executable).parent / "node"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("node")
    if found is None:
        raise NotInstalled(
            "no node found beside this Python or on the PATH (18.3 or newer); `make setup-dev` brings one"
        )
    return found
