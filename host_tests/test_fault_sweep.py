"""`mesogun faults`: what it lists, plays and writes; nothing that failed is hidden."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tools import fault_sweep, fault_tables
from tools.cli import app
from tools.fault_sweep import Pair, Plan, Sweep

pytestmark = pytest.mark.no_cover


def faults(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, ["faults", *arguments])


def verdict(**changes: Any) -> dict[str, Any]:
    """What a session says of a fault that was met, noticed and safe; any of it changed."""
    whole: dict[str, Any] = {
        "applied_tick": 100,
        "detected_tick": 103,
        "detection_ticks": 3,
        "detection_moving_ticks": 2,
        "safe": True,
        "reasons": [],
        "overdose_nl": 10,
        "overdose_steps": 1,
        "deeper_um": 5,
        "in_skin_us": 9_000,
    }
    return whole | changes


def swept(**verdicts: dict[str, Any]) -> Sweep:
    """A sweep of pairs of the phase `dose`, by the names of their faults."""
    sweep = Sweep(Plan(), [Pair("sensors", name, "dose") for name in verdicts])
    sweep.verdicts = {f"{name}@dose": said for name, said in verdicts.items()}
    return sweep


def test_the_list_has_name_phases_and_a_sentence_of_each() -> None:
    listed = json.loads(faults("--json").stdout)
    assert len(listed) >= 60
    for row in listed:
        assert set(row) == {"name", "phases", "sentence"}
    shown = faults().stdout
    assert "pressure_stuck_at_zero" in shown
    assert f"{len(listed)} faults" in shown


def test_what_is_picked_is_listed_and_nothing_else() -> None:
    listed = json.loads(faults("--json", "--only", "supply_low,power_cut@dose").stdout)
    assert [row["name"] for row in listed] == ["supply_low", "power_cut"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--only", "no_such_fault"), "no NAME@PHASE has such a word"),
        (("--run", "--workers", "0"), "--workers 0: at least one"),
        (("--run", "--plant", "nowhere.py:Plant"), "no such plant file"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: tuple[str, ...], says: str) -> None:
    result = faults(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


def test_it_plays_what_is_picked_and_writes_what_came_of_it(tmp_path: Path) -> None:
    only = "pressure_stuck_at_zero@self_test,supply_low@self_test"
    result = faults("--run", "--only", only, "--workers", "1", "--output", str(tmp_path))
    assert result.exit_code == 0, result.stdout
    assert "2 pairs of fault and phase: all of them met, all safe" in result.stdout
    written = json.loads((tmp_path / "faults.json").read_text())
    assert (written["faults"], written["pairs"], written["applied"], written["safe"]) == (2, 2, 2, 2)
    assert written["unsafe"] == written["not_applied"] == []
    assert "| supply_low | s |" in (tmp_path / "faults.md").read_text()


def test_the_figures_are_the_worst_of_all() -> None:
    figures = fault_sweep.as_json(swept(a=verdict(), b=verdict(overdose_nl=77, detection_ticks=None)))
    assert figures["worst_overdose_nl"] == 77
    assert figures["worst_overdose_steps"] == 1
    assert figures["worst_detection_ticks"] == 3
    assert figures["worst_in_skin_us"] == 9_000
    assert figures["worst_deeper_um"] == 5
    assert figures["worst_overdose_covered_by_hardware_nl"] == 0


def test_what_is_left_to_the_hardware_has_a_worst_figure_of_its_own() -> None:
    gains = verdict(safe=False, reasons=["too much"], overdose_nl=839)
    figures = fault_sweep.as_json(swept(good=verdict(overdose_nl=77), dose_gains_steps=gains))
    assert (figures["worst_overdose_nl"], figures["worst_overdose_covered_by_hardware_nl"]) == (77, 839)


def test_what_was_unsafe_is_named_with_its_reasons_and_fails_the_run() -> None:
    sweep = swept(good=verdict(), bad=verdict(safe=False, reasons=["the needle was in the skin"]))
    assert sweep.unsafe == ["bad@dose"]
    assert not sweep.passed
    assert fault_sweep.as_json(sweep)["unsafe"] == [{"fault": "bad@dose", "reasons": ["the needle was in the skin"]}]
    assert "bad@dose: the needle was in the skin" in fault_tables.markdown(sweep)
    assert "| bad | **U** |" in fault_tables.markdown(sweep)


def test_what_was_never_met_is_not_safe_and_fails_the_run() -> None:
    never = verdict(applied_tick=None, detected_tick=None, safe=False, reasons=["it was never met"])
    sweep = swept(good=verdict(), never=never)
    assert sweep.not_applied == ["never@dose"]
    assert sweep.unsafe == []
    assert not sweep.passed
    figures = fault_sweep.as_json(sweep)
    assert (figures["applied"], figures["safe"], figures["not_applied"]) == (1, 1, ["never@dose"])


def test_what_could_not_be_played_fails_the_run() -> None:
    sweep = swept(good=verdict())
    sweep.pairs.append(Pair("memory", "worse", "dose"))
    sweep.errors["worse@dose"] = "RuntimeError: broken"
    assert not sweep.passed
    assert fault_sweep.as_json(sweep)["errors"] == {"worse@dose": "RuntimeError: broken"}
    assert list(fault_tables.not_as_they_should_be(sweep)) == [("worse@dose", "RuntimeError: broken")]


def test_a_fault_that_nobody_noticed_is_told_apart() -> None:
    sweep = swept(quiet=verdict(detected_tick=None, detection_ticks=None), loud=verdict())
    assert sweep.passed
    assert fault_tables.group_rows(sweep) == [["sensors", "2", "2", "2", "1", "1", "0", "0", "10", "2"]]
