"""On a real MicroPython the cycle of the drivers runs with the heap locked: wait, sample, apply, feed, a slice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "host_tests" / "micropython" / "drivers_on_a_locked_heap.py"
BOARDS = ("Generic ESP32S3 module with ESP32-S3", "Generic ESP32 module with ESP32")


def _micropython() -> str:
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("micropython")
    if found is None:
        pytest.skip("no micropython beside this Python or on the PATH: nothing says whether the drivers allocate")
    return found


@pytest.fixture(scope="module", params=BOARDS, ids=("esp32s3", "esp32"))
def findings(request: pytest.FixtureRequest) -> "dict[str, str]":
    """What the program printed, by the first word of each line."""
    command = [_micropython(), str(PROGRAM), str(ROOT), request.param]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr + run.stdout
    return dict(line.split(" ", 1) for line in run.stdout.splitlines())


def test_cycle_runs_on_a_locked_heap(findings: "dict[str, str]") -> None:
    assert findings["locked"] == "ok"


def test_cycle_takes_not_one_byte_from_the_heap_not_even_for_a_frame(findings: "dict[str, str]") -> None:
    assert findings["bytes"] == "0"


def test_the_measured_cycle_really_moved_both_axes(findings: "dict[str, str]") -> None:
    dose_steps, needle_steps = map(int, findings["steps"].split())
    assert abs(dose_steps) > 16_000  # far enough for the 16-bit counter to be recentred
    assert abs(needle_steps) > 16_000
    assert findings["released"] == "3000"
    assert findings["miscount"] == "0 0"


@pytest.mark.parametrize(
    ("harmless", "wasteful", "symptom"),
    [
        ("1 - self._home()", "int(1.5 - self._home())", "locked MemoryError"),
        (
            "inputs.home = 1 - self._home()",
            "inputs.home = 1 - self._home(); a = b = c = d = e = f = g = h = 0",
            "bytes 4",
        ),
    ],
    ids=("a float", "a large frame"),
)
def test_an_allocating_driver_is_found(tmp_path: Path, harmless: str, wasteful: str, symptom: str) -> None:
    """The same program must fail when one line of one driver takes something from the heap."""
    for folder in ("drivers", "firmware", "host_tests/micropython"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    controls = tmp_path / "drivers" / "controls.py"
    text = controls.read_text(encoding="utf-8")
    assert harmless in text
    controls.write_text(text.replace(harmless, wasteful), encoding="utf-8")
    program = tmp_path / "host_tests" / "micropython" / PROGRAM.name
    command = [_micropython(), str(program), str(tmp_path), BOARDS[0]]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert symptom in run.stdout
    assert "locked ok\nbytes 0\n" not in run.stdout
