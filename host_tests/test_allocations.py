"""On real MicroPythons the loop's tick runs with the heap locked, the plant alive between ticks."""

import ast
import shutil
from pathlib import Path

import pytest

from firmware import shot, states
from host_tests.figures import RecordFigure
from host_tests.micropythons import MICROPYTHONS, need
from tools.allocations import Failed, findings

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_a_tick_allocates_nothing_in_any_state_and_phase_of_good_and_bad_days(
    interpreter: str, record_figure: RecordFigure
) -> None:
    """One test, for a round of sessions takes seconds."""
    need(interpreter)
    found = findings("loop", interpreter, 1, "locked")
    assert found["locked"] == "ok"
    assert set(found["states"].split()) == set(states.NAMES) - {"BOOT"}
    assert set(found["phases"].split()) == set(shot.PHASES)
    assert {"delivered", "aborted", "fault"} == set(found["results"].split())
    assert {"occlusion", "no_pressure"} <= set(found["faults"].split())
    record_figure("ticks on a locked heap", int(found["ticks"]))
    record_figure("interpreters", MICROPYTHONS[interpreter])


def test_not_even_the_frames_of_the_tick_come_from_the_heap() -> None:
    """The same, seen from outside: what test_frames.py reads in the compiled code, a MicroPython counts in bytes."""
    need("micropython")
    assert findings("loop", "micropython", 1, "counted")["bytes"] == "0"


def spoilt(source: str, function: str, statement: str) -> str:
    """The source with a statement more at the start of the first function of that name, after its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            first = node.body[1]
            lines = source.splitlines(keepends=True)
            lines.insert(first.lineno - 1, " " * first.col_offset + statement + "\n")
            return "".join(lines)
    raise AssertionError(f"no function {function}")


SPOILT = {
    "a float": ("motion", "forward", "wanted_steps / 3"),
    "a list": ("interlocks", "check", "[inputs]"),
    "a bound method": ("relax", "step", "self.step"),
    # The result would be small again; the product is not.
    "a large integer": ("interlocks", "check", "(inputs.stop_closed + 0x3FFFFFF) * 16 // 16"),
}


@pytest.mark.parametrize(
    ("interpreter", "what", "locked"),
    [
        *(("micropython", what, "MemoryError") for what in ("a float", "a list", "a bound method")),
        *(("wasm32", what, "MemoryError") for what in ("a float", "a large integer")),
    ],
)
def test_an_allocation_in_the_tick_is_found(tmp_path: Path, interpreter: str, what: str, locked: str) -> None:
    """The same program must fail when one function of the firmware takes something from the heap."""
    need(interpreter)
    module, function, statement = SPOILT[what]
    for folder in ("firmware", "tools/simulator", "host_tests/micropython"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("tools", "host_tests"):
        shutil.copy(ROOT / package / "__init__.py", tmp_path / package)
    file = tmp_path / "firmware" / f"{module}.py"
    file.write_text(spoilt(file.read_text(encoding="utf-8"), function, statement), encoding="utf-8")
    assert findings("loop", interpreter, 1, "locked", root=tmp_path)["locked"] == locked


def test_a_program_that_breaks_off_is_no_finding(tmp_path: Path) -> None:
    need("micropython")
    folder = tmp_path / "host_tests" / "micropython"
    folder.mkdir(parents=True)
    (folder / "loop_on_a_locked_heap.py").write_text("print('ticks 7')\nraise ValueError('broken')\n", encoding="utf-8")
    with pytest.raises(Failed, match="loop on micropython: ValueError: broken"):
        findings("loop", "micropython", 1, "locked", root=tmp_path)
