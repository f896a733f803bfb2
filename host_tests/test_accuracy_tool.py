"""`mesogun accuracy`: what it plays, writes and shows; a missed goal is never hidden."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from host_tests.grid_bench import CELL, judged, series
from tools import accuracy_tables
from tools.accuracy import Findings, Plan, play, write
from tools.cli import app
from tools.crew import play_all
from tools.grid import OWN_PLANT
from tools.judging import Judgement
from tools.simulation import Order

pytestmark = pytest.mark.no_cover

BROKEN_PLANT = '''
class Broken:
    """Works until the needle has been primed."""

    def __init__(self, params, seed):
        self.pressure_kpa = self.delivered_nl = self.surface_nl = self.depth_um = 0.0
        self.needle_um = -2000.0
        self.home = True
        self.contact = False
        self.ticks = 0

    def advance(self, dt_us, dose_steps, needle_steps):
        self.ticks += 1
        if self.ticks > 200:
            raise RuntimeError("the jar has cracked")
'''


def quiet() -> Console:
    """A console nobody reads."""
    return Console(quiet=True)


# --- the tables ---------------------------------------------------------------------------------------------------


def findings(*judgements: Judgement) -> Findings:
    """A complete run with these cells."""
    return Findings(Plan((OWN_PLANT,)), list(judgements), complete=True)


def test_missed_goals_stand_in_every_table() -> None:
    found = findings(judged(series()), judged(series(surface_nl=500.0)))
    assert accuracy_tables.overview(found)[0][-2:] == ("1 of 2", "MISSED")
    assert accuracy_tables.missed_checks(found) == [("own", CELL.name, "on the skin, nl", "500", "<= 100")]
    page = accuracy_tables.page(found)
    assert "1 of 2 cells met every goal" in page
    assert "500 (!)" in page
    assert page.count("| MISSED |") == 2
    printed = io.StringIO()
    accuracy_tables.show(found, Console(width=100, file=printed))
    assert "MISSED" in printed.getvalue()
    assert "500" in printed.getvalue()


def test_the_interval_in_the_overview_is_the_worst_of_all_cells() -> None:
    drops = [{**each, "delivered_nl": 10_000.0 + 2 * (each["delivered_nl"] - 10_000.0)} for each in series()]
    (row,) = accuracy_tables.overview(findings(judged(series()), judged(drops)))
    assert row[:4] == ("own", "1ml", "10 ul", "-2.69 .. +2.69")


def test_every_cell_has_its_row_with_first_and_worst_drop() -> None:
    found = findings(judged(series(delivered_nl=9_700.0, reported_nl=9_700, reported_min_nl=9_600)))
    (row,) = accuracy_tables.every_cell(found)
    assert dict(zip(accuracy_tables.EVERY_CELL, row, strict=True)) | {"interval %": ""} == {
        "plant": "own",
        "cell": CELL.name,
        "interval %": "",
        "goal %": "-/+ 2",
        "first %": "-3.00",
        "worst %": "-3.00",
        "report nl": "50",
        "skin nl": "0",
        "depth um": "0",
        "outside": "0",
        "ended": "120 delivered",
        "verdict": "met",
    }


def test_a_markdown_table_is_not_broken_by_the_names_of_its_goals() -> None:
    page = accuracy_tables.page(findings(judged(series(reported_nl=10_300))))
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert any("\\|reported - delivered\\|" in row for row in rows)
    tables = re.split(r"\n(?!\|)", page)
    for table in (part.strip().splitlines() for part in tables if part.strip().startswith("|")):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table}) == 1


# --- playing ------------------------------------------------------------------------------------------------------


def test_a_plan_is_played_judged_and_written(tmp_path: Path) -> None:
    plan = Plan((OWN_PLANT,), cells="1ml-10ul-30G-1cP-10kPa-C-15,5ml-1ul-30G-1cP-10kPa-C-15", series=1, workers=1)
    found = play(plan, quiet())
    assert [judgement.cell.name for judgement in found.judgements] == [cell.name for cell in plan.picked()]
    paths = write(found, tmp_path / "new")
    written = json.loads(paths[0].read_text(encoding="utf-8"))
    assert (written["complete"], written["cells"], written["n"], written["k"]) == (True, 2, 60, 2.668)
    assert written["grid"][0]["series"][0]["ended"] == {"delivered": 60}
    assert written["grid"][0]["again"][0].startswith("mesogun sim --shots 60 --syringe 1ml")
    assert written["grid"][1]["checks"][0]["measured"] == "3 refused, dose_below_resolution"
    assert paths[1].read_text(encoding="utf-8").startswith("# Accuracy in the simulator")


def test_an_interrupt_leaves_the_cells_that_were_played(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Any:
        yield 0, "RuntimeError: not of interest here"
        raise KeyboardInterrupt

    monkeypatch.setattr("tools.accuracy.play_all", interrupted)
    found = play(Plan((OWN_PLANT,), cells="1ml-10ul-30G-1cP-10kPa", series=1), quiet())
    assert not found.complete
    assert len(found.judgements) == 1
    assert "Broken off" in accuracy_tables.page(found)


def test_many_sessions_are_played_in_processes_and_none_is_lost() -> None:
    orders = [Order(shots=1, seed=seed) for seed in (1, 2, 3)]
    played = dict(play_all(orders, 2, quiet(), "sessions"))
    assert [each["seed"] for _, each in sorted(played.items()) if isinstance(each, dict)] == [1, 2, 3]


def accuracy(*arguments: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, ["accuracy", "--workers", "1", *arguments])


def test_a_plant_that_breaks_is_a_missed_cell_and_the_command_ran(tmp_path: Path) -> None:
    (tmp_path / "jar.py").write_text(BROKEN_PLANT, encoding="utf-8")
    result = accuracy(
        *("--plant", f"{tmp_path / 'jar.py'}:Broken", "--cells", "1ml-10ul-30G-1cP-10kPa-C-15"),
        *("--series", "1", "--output", str(tmp_path)),
    )
    assert result.exit_code == 0, result.output
    written = json.loads((tmp_path / "accuracy.json").read_text(encoding="utf-8"))
    assert (written["cells"], written["cells_met"], written["plants"]) == (1, 0, ["jar"])
    assert "the jar has cracked" in written["grid"][0]["checks"][0]["measured"]
    assert "MISSED" in result.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--cells", "3ml"], "no cell has such a name"),
        (["--series", "0"], "at least one"),
        (["--workers", "0"], "at least one"),
        (["--plant", "no_such_file.py:Plant"], "no such plant file"),
        (["--plant", "plant.py"], "FILE.py:Class"),
        (["--fly"], "--fly"),
    ],
)
def test_malformed_input_gets_one_line_on_stderr_and_exit_status_2(arguments: list[str], word: str) -> None:
    result = accuracy(*arguments)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert word in result.stderr
