"""The two real MicroPythons of a PC, and how a program of the tree is started on them.

`micropython` is the Unix port: small integers of 63 bits, frames and heap as on the chip. `wasm32` has small integers
of 31 bits and a clock that wraps at 2^30, as on the chip. docs/interpreters.md compares them.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tools import wasm32
from tools.wasm32 import ROOT, NotInstalled

__all__ = ["NAMES", "NotInstalled", "command", "find", "tree_there"]

NAMES = ("micropython", "wasm32")
_HEAP = "heapsize=64m"  # of the Unix port: curves and shots of a long session


def command(
    name: str, program: str, arguments: list[str], root: Path = ROOT, files: list[tuple[Path, str]] | None = None
) -> list[str]:
    """What to run: `program` is a dotted name in the tree under `root`, `arguments` its sys.argv[1:].

    `files`, only for wasm32: what else its memory must hold, each at an absolute path. Raises NotInstalled.
    """
    if name == "wasm32":
        return wasm32.command(program, arguments, files, root)
    file = root / (program.replace(".", "/") + ".py")
    return [find(name), "-X", _HEAP, str(file), *arguments]


def find(name: str) -> str:
    """The file that runs it, of this Python's environment or else on the PATH. Raises NotInstalled."""
    if name == "wasm32":
        return str(wasm32.find())
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("micropython")
    if found is None:
        raise NotInstalled("no micropython found beside this Python or on the PATH (1.22 or newer)")
    return found


def tree_there(name: str, root: Path = ROOT) -> str:
    """Where a program on that interpreter finds the tree under `root`."""
    return wasm32.TREE if name == "wasm32" else str(root)
