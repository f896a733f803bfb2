"""On a real MicroPython the loop's tick runs with the heap locked, the plant alive between ticks."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from firmware import shot, states
from host_tests.figures import RecordFigure

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "host_tests/micropython/loop_on_a_locked_heap.py"


def findings_of(root: Path) -> "dict[str, str]":
    """What the program prints about the firmware under `root`, by the first word of each line."""
    beside = Path(sys.executable).parent / "micropython"
    micropython = str(beside) if os.access(beside, os.X_OK) else shutil.which("micropython")
    if micropython is None:
        pytest.skip("no micropython beside this Python or on the PATH: nothing says whether the loop allocates")
    command = [micropython, str(root / PROGRAM), str(root)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr + run.stdout
    return dict(line.split(" ", 1) for line in run.stdout.splitlines())


@pytest.fixture(scope="module")
def findings() -> "dict[str, str]":
    """What the sessions of the real firmware showed."""
    return findings_of(ROOT)


def test_a_tick_allocates_nothing(findings: "dict[str, str]", record_figure: RecordFigure) -> None:
    assert findings["locked"] == "ok"
    record_figure("ticks on a locked heap", int(findings["ticks"]))
    record_figure("interpreters", "MicroPython Unix port")


def test_the_locked_ticks_went_through_every_state_and_phase(findings: "dict[str, str]") -> None:
    assert set(findings["states"].split()) == set(states.NAMES) - {"BOOT"}
    assert set(findings["phases"].split()) == set(shot.PHASES)


def test_the_locked_ticks_delivered_aborted_and_failed(findings: "dict[str, str]") -> None:
    assert {"delivered", "aborted", "fault"} == set(findings["results"].split())
    assert "occlusion" in findings["faults"]
    assert "no_pressure" in findings["faults"]


def spoilt(source: str, function: str, statement: str) -> str:
    """The source with a statement more at the start of the first function of that name, after its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            first = node.body[1]
            lines = source.splitlines(keepends=True)
            lines.insert(first.lineno - 1, " " * first.col_offset + statement + "\n")
            return "".join(lines)
    raise AssertionError(f"no function {function}")


@pytest.mark.parametrize(
    ("module", "function", "statement"),
    [("motion", "forward", "wanted_steps / 3"), ("interlocks", "check", "[inputs]"), ("relax", "step", "self.step")],
    ids=["a float", "a list", "a bound method"],
)
def test_an_allocation_in_the_tick_is_found(tmp_path: Path, module: str, function: str, statement: str) -> None:
    """The same program must fail when one function of the firmware takes something from the heap."""
    for folder in ("firmware", "tools/simulator", "host_tests/micropython"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = tmp_path / "firmware" / f"{module}.py"
    file.write_text(spoilt(file.read_text(encoding="utf-8"), function, statement), encoding="utf-8")
    assert findings_of(tmp_path)["locked"] == "MemoryError"
