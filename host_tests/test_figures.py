"""The summary at the end of a run shows what passed tests recorded, from every worker, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

from host_tests.figures import FigureBook, skipped_lines

ROOT = Path(__file__).resolve().parent.parent

TESTS = """
import pytest

@pytest.mark.law
@pytest.mark.parametrize("n", range(5))
def test_a_law(n, record_figure):
    record_figure("cells", 1000)
    record_figure("interpreters", ("CPython", "MicroPython")[n % 2])

def test_what_fails_is_not_counted(record_figure):
    record_figure("cells", 7)
    assert False

def test_a_figure_of_its_own(record_figure):
    record_figure("good shots", 12)

@pytest.mark.skip(reason="to be seen")
def test_skipped():
    pass
"""


def test_whole_numbers_are_added_and_words_counted_once() -> None:
    book = FigureBook()
    for value in (20, 22):
        book.note("cells", value)
    for value in ("CPython", "MicroPython", "CPython"):
        book.note("interpreters", value)
    assert book.lines(1.25) == [
        "laws                  0",
        "cells                42",
        "faults                0",
        "interpreters          2  CPython, MicroPython",
        "seconds             1.2",
    ]


def test_many_words_are_counted_and_not_listed() -> None:
    book = FigureBook()
    for number in range(5):
        book.note("interpreters", f"interpreter {number}")
    assert "interpreters          5" in book.lines(0)


def run_pytest(folder: Path, *flags: str) -> "subprocess.CompletedProcess[str]":
    """Runs TESTS in a process of its own, with this project's conftest and settings."""
    (folder / "conftest.py").write_text("from host_tests.conftest import *\n", encoding="utf-8")
    (folder / "test_inner.py").write_text(TESTS, encoding="utf-8")
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    settings += ["-o", f"pythonpath={ROOT}", "-o", f"cache_dir={folder / 'cache'}"]
    command = [sys.executable, "-m", "pytest", *settings, *flags]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_figures_come_from_every_worker(tmp_path: Path) -> None:
    seconds = tmp_path / "new" / "seconds.json"
    lines = run_pytest(tmp_path, "-n", "2", "test_inner.py", "--seconds-file", str(seconds)).stdout.splitlines()
    shown = lines[next(n for n, line in enumerate(lines) if "figures of this run" in line) + 1 :]
    assert shown[:5] == [
        "laws                  1",
        "cells             5,000",
        "faults                0",
        "interpreters          2  CPython, MicroPython",
        "good shots           12",
    ]
    assert shown[5].startswith("seconds ")
    assert shown[6] == "NOT RUN: 1 test: to be seen"
    assert "1 failed, 6 passed, 1 skipped" in lines[-1]
    written = json.loads(seconds.read_text(encoding="utf-8"))
    assert f"{written['seconds']:.1f}" == shown[5].split()[1]
    assert (written["passed"], written["failed"], written["error"]) == (6, 1, 0)


def test_a_reason_to_skip_is_told_once_with_how_many_tests_it_cost() -> None:
    assert skipped_lines(["no node", "no board", "no node"]) == [
        "NOT RUN: 2 tests: no node",
        "NOT RUN: 1 test: no board",
    ]
    assert skipped_lines([]) == []


def test_a_skipped_test_fails_a_run_that_forbids_it(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, "test_inner.py::test_skipped").returncode == 0
    strict = run_pytest(tmp_path, "test_inner.py::test_skipped", "--forbid-skips")
    assert strict.returncode == 1
    assert "not allowed here, skipped" in strict.stdout
