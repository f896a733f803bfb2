"""`mesogun allocations`: what it runs, and how it says that something was allocated."""

import json

import pytest
from typer.testing import CliRunner, Result

from host_tests.micropythons import need
from tools import allocations_command
from tools.allocations import Failed, Progress, findings
from tools.cli import app
from tools.micropythons import NotInstalled


def run(*arguments: str) -> Result:
    """Runs the command in this process."""
    return CliRunner().invoke(app, ["allocations", *arguments])


def test_ticks_of_the_loop_and_of_the_drivers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    need("micropython")

    def found(part: str, interpreter: str, ticks: int, *more: str, progress: Progress) -> "dict[str, str]":
        """The drivers are really run; a round of the loop takes its time, and is run in test_allocations.py."""
        if part == "loop":
            return {"locked": "ok", "ticks": "7"}
        return findings(part, interpreter, ticks, *more, progress=progress)

    monkeypatch.setattr(allocations_command, "findings", found)
    result = run("--ticks", "4000", "--interpreter", "micropython", "--json")
    assert result.exit_code == 0
    assert [tuple(row.values()) for row in json.loads(result.stdout)] == [
        ("loop.tick", "micropython", 7, "nothing"),
        ("board.sample and apply", "micropython", 6000, "nothing"),
    ]


def test_an_allocation_gives_exit_status_1_and_shows_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(part: str, *_arguments: object, **_more: object) -> "dict[str, str]":
        return {"locked": "MemoryError"} if part == "loop" else {"locked": "ok", "ticks": "5000"}

    monkeypatch.setattr(allocations_command, "findings", found)
    result = run()
    assert result.exit_code == 1
    assert result.stdout.count("MemoryError") == 2
    assert result.stdout.count("5,000") == 2


@pytest.mark.parametrize(
    ("arguments", "error", "word"),
    [
        (["--ticks", "0"], None, "at least one"),
        (["--interpreter", "cpython"], None, "it is micropython or wasm32"),
        ([], NotInstalled("it is not there"), "it is not there"),
        ([], Failed("loop on wasm32: KeyError: 7"), "loop on wasm32: KeyError: 7"),
    ],
)
def test_what_cannot_be_done_gets_one_line_and_exit_status_2(
    arguments: "list[str]", error: "Exception | None", word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> "dict[str, str]":
        assert error is not None
        raise error

    monkeypatch.setattr(allocations_command, "findings", fail)
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert word in result.stderr
