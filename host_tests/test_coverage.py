"""`make test` demands that every branch of the firmware is run, and can see it run inside the simulator."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

SESSION = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tools.simulator.interpreter import Device
Device().module("firmware.loop")
"""


def test_make_test_fails_below_full_coverage() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nCOVERAGE_FLOOR ?= 100\n" in makefile
    assert "--cov-fail-under=$(COVERAGE_FLOOR)" in makefile
    assert "branch = true" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_simulators_fresh_copies_of_the_firmware_are_counted(tmp_path: Path) -> None:
    coverage = [sys.executable, "-m", "coverage"]
    data = f"--data-file={tmp_path / 'data'}"
    (tmp_path / "session.py").write_text(SESSION, encoding="utf-8")
    run = [*coverage, "run", data, "--source=firmware", str(tmp_path / "session.py")]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    report = [*coverage, "json", data, "--quiet", "-o", str(tmp_path / "report.json")]
    subprocess.run(report, cwd=ROOT, check=True, capture_output=True)
    files = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["files"]
    assert files["firmware/loop.py"]["summary"]["covered_lines"] > 20


@pytest.mark.no_cover
def test_a_test_that_needs_no_coverage_is_not_slowed_down_by_it() -> None:
    """Nor in a worker of pytest-xdist: conftest.py has to do with that. The laws run five times as long if it fails."""
    assert "coverage" not in str(type(sys.gettrace()))
