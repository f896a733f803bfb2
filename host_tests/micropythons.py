"""The two real MicroPythons that tests run programs on, and what to say where one of them is missing."""

import pytest

from tools import micropythons

# Name on command lines: name in the summary of a run.
MICROPYTHONS = {"micropython": "MicroPython Unix port", "wasm32": "MicroPython wasm32"}


def need(name: str) -> None:
    """Skips the test, with a line that the summary repeats, where this MicroPython is not installed."""
    try:
        micropythons.find(name)
    except micropythons.NotInstalled as missing:
        pytest.skip(str(missing))
