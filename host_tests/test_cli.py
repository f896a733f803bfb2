"""The command `mesogun` itself: its version, its help, and what it says to a line it does not understand."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
CALL = [sys.executable, "-c", "from tools.cli import app; app()"]


def mesogun(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs the command in a process of its own."""
    return subprocess.run([*CALL, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_prints_its_version() -> None:
    done = mesogun("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"mesogun {VERSION}\n", "")


def test_alone_it_lists_its_commands() -> None:
    done = mesogun()
    assert done.returncode == 0
    files = [path.name.removesuffix("_command.py") for path in (ROOT / "tools").glob("*_command.py")]
    assert "sim" in files
    for name in files:
        assert f" {name.replace('_', '-')} " in done.stdout


@pytest.mark.parametrize(
    "arguments", [("nosuch",), ("--nosuch",), ("sim", "--nosuch"), ("sim", "--shots"), ("sim", "one.txt", "two.txt")]
)
def test_what_it_does_not_understand_gets_one_line_and_status_2(arguments: "tuple[str, ...]") -> None:
    done = mesogun(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("mesogun: ")
    assert done.stderr.count("\n") == 1
