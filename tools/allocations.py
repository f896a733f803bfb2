"""Runs the loop, the drivers, or lamp and tone, for many ticks on a MicroPython whose heap is locked, and tells what it
showed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tools import micropythons
from tools.wasm32 import ROOT

# What is tested: the program that does it.
PROGRAMS = {
    "loop": "host_tests.micropython.loop_on_a_locked_heap",
    "drivers": "host_tests.micropython.drivers_on_a_locked_heap",
    "signals": "host_tests.micropython.signals_on_a_locked_heap",
}

BOARDS = ("Generic ESP32S3 module with ESP32-S3", "Generic ESP32 module with ESP32")

Progress = Callable[[int], None]


class Failed(Exception):
    """A program that ended without its findings; the last line it said."""


def findings(
    part: str,
    interpreter: str,
    ticks: int,
    *more: str,
    root: Path = ROOT,
    progress: Progress | None = None,
) -> dict[str, str]:
    """What the program of `part` printed, by the first word of each line, after at least so many ticks.

    `more` are its further arguments. progress(ticks done) is called as it goes on. Raises Failed, or
    micropythons.NotInstalled.
    """
    arguments = [micropythons.tree_there(interpreter, root), str(ticks), *more]
    command = micropythons.command(interpreter, PROGRAMS[part], arguments, root)
    found: dict[str, str] = {}
    last = "no word"
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            last = line.strip() or last
            word, _, rest = line.strip().partition(" ")
            if word != "progress":
                found[word] = rest
            elif progress:
                progress(int(rest))
    if process.returncode != 0 or "locked" not in found:
        raise Failed(f"{part} on {interpreter}: {last}")
    return found
