"""On real MicroPythons the cycle of the drivers runs with the heap locked: wait, sample, apply, feed, a slice."""

import shutil
from pathlib import Path

import pytest

from host_tests.figures import RecordFigure
from host_tests.micropythons import MICROPYTHONS, need
from tools.allocations import BOARDS, findings

ROOT = Path(__file__).resolve().parent.parent
TICKS = 9000


@pytest.fixture(
    scope="module", params=[(name, board) for name in MICROPYTHONS for board in BOARDS], ids=lambda at: " ".join(at)
)
def found(request: pytest.FixtureRequest) -> "dict[str, str]":
    """What the program printed on one interpreter and one board, by the first word of each line."""
    interpreter, board = request.param
    need(interpreter)
    return findings("drivers", interpreter, TICKS, board)


def test_cycle_runs_on_a_locked_heap(found: "dict[str, str]", record_figure: RecordFigure) -> None:
    assert found["locked"] == "ok"
    record_figure("ticks of the drivers on a locked heap", int(found["ticks"]))


def test_cycle_takes_not_one_byte_from_the_heap_not_even_for_a_frame(found: "dict[str, str]") -> None:
    assert found["bytes"] == "0"


def test_the_measured_cycle_really_moved_both_axes(found: "dict[str, str]") -> None:
    dose_steps, needle_steps = map(int, found["steps"].split())
    assert abs(dose_steps) > 16_000  # far enough for the 16-bit counter to be recentred
    assert abs(needle_steps) > 16_000
    assert found["released"] == str(TICKS)
    assert found["miscount"] == "0 0"


def test_the_measured_cycle_really_showed_and_sampled_the_panel(found: "dict[str, str]") -> None:
    panel_bad, minutes, knob_detents = map(int, found["panel"].split())
    assert panel_bad == 0
    assert minutes == 0
    assert abs(knob_detents) > TICKS // 30


FLOAT = "int(1.5 - self._home())"
LARGE_INTEGER = "1 - self._home() + (inputs.late_us + 0x3FFFFFFF) * 0"
LARGE_FRAME = "1 - self._home(); a = b = c = d = e = f = g = h = 0"


@pytest.mark.parametrize(
    ("interpreter", "wasteful", "locked", "takes"),
    [
        ("micropython", FLOAT, "MemoryError", True),
        ("micropython", LARGE_FRAME, "ok", True),
        ("micropython", LARGE_INTEGER, "ok", False),  # which is why there is another interpreter
        ("wasm32", FLOAT, "MemoryError", True),
        ("wasm32", LARGE_INTEGER, "MemoryError", True),
    ],
    ids=("a float", "a large frame", "a large integer goes unseen", "a float on wasm32", "a large integer on wasm32"),
)
def test_an_allocating_driver_is_found(
    tmp_path: Path, interpreter: str, wasteful: str, locked: str, takes: bool
) -> None:
    """The same program must fail when one line of one driver takes something from the heap."""
    need(interpreter)
    for folder in ("drivers", "firmware", "host_tests/micropython"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    controls = tmp_path / "drivers" / "controls.py"
    text = controls.read_text(encoding="utf-8")
    assert "1 - self._home()" in text
    controls.write_text(text.replace("1 - self._home()", wasteful), encoding="utf-8")
    found = findings("drivers", interpreter, 3000, BOARDS[0], root=tmp_path)
    assert found["locked"] == locked
    assert (int(found["bytes"]) > 0) == takes
