"""The example scenarios, played; and the player itself: moments, expectations, and what it says of unmet ones."""

from pathlib import Path
from typing import Any

import pytest

from host_tests.figures import RecordFigure
from tools.ordering import read_order
from tools.simulation import Outcome, simulate

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.txt"))


def play(text: str, tmp_path: Path) -> Outcome:
    """The outcome of a scenario given as text."""
    file = tmp_path / "scenario.txt"
    file.write_text(text, encoding="utf-8")
    return simulate(read_order(str(file), {}, [], "", False))


def results(outcome: Outcome) -> list[Any]:
    """Result and reasons of every shot."""
    return [(shot["result"], shot["reasons"]) for shot in outcome.summary["shots"]]


@pytest.mark.parametrize("chip", ["esp32s3", "esp32"])
@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_every_expectation_of_the_examples_is_met(file: Path, chip: str, record_figure: RecordFigure) -> None:
    outcome = simulate(read_order(str(file), {"chip": chip}, [], "", False))
    assert outcome.failures == []
    assert outcome.met > 0
    assert outcome.remarks == []
    record_figure("expectations of scenarios", outcome.met)


def test_there_are_examples() -> None:
    assert len(SCENARIOS) >= 15


def test_an_expectation_that_is_not_met_is_reported_with_its_line_and_what_was_seen_instead(tmp_path: Path) -> None:
    outcome = play("wait 1s\n\n=> ARMED within 200ms\n=> IDLE\n", tmp_path)
    assert outcome.met == 1
    (failure,) = outcome.failures
    assert failure.startswith("line 3: => ARMED within 200ms: IDLE not_homed not_primed")
    assert failure.endswith("after 200 ms")


def test_an_expectation_for_a_span_fails_as_soon_as_it_ends(tmp_path: Path) -> None:
    outcome = play("wait 1s\n=> inhibit not_homed for 2s\n", tmp_path)
    assert outcome.failures == []
    outcome = play("=> no inhibit not_homed for 2s\n", tmp_path)
    assert len(outcome.failures) == 1
    assert "after 2000 ms" not in outcome.failures[0]


def test_a_moment_that_has_passed_is_a_failure(tmp_path: Path) -> None:
    outcome = play("wait 1s\n@500ms touch\n", tmp_path)
    assert outcome.failures == ["line 2: @500ms touch: its moment passed 500 ms ago"]


def test_absolute_moments_count_from_power_on_and_relative_ones_from_the_line_before(tmp_path: Path) -> None:
    outcome = play("@300ms press\n+100ms release\n@1s press\n+50ms release\n", tmp_path)
    assert [shot["start_us"] for shot in outcome.summary["shots"]] == [0, 700_000]


def test_a_press_that_primes_is_no_shot(tmp_path: Path) -> None:
    text = (
        "=> IDLE within 1s\nconfirm 100ms\n=> no inhibit not_homed within 5s\n+600ms press\n=> PRIME\n+200ms release\n"
    )
    assert results(play(text, tmp_path)) == []


def test_a_press_that_does_nothing_is_refused_with_what_the_display_said_before_it(tmp_path: Path) -> None:
    outcome = play("=> IDLE within 1s\ntouch\n+150ms press\n+100ms release\n", tmp_path)
    assert results(outcome) == [("refused", ["not_homed", "not_primed"])]


def test_a_press_on_a_device_that_nobody_armed_is_refused_as_not_armed(tmp_path: Path) -> None:
    outcome = play("prepare\nconfirm 100ms\n=> READY\ntouch\n+150ms press\n+100ms release\n", tmp_path)
    assert results(outcome) == [("refused", ["not_armed"])]


def test_prepare_that_does_not_reach_armed_is_a_failure(tmp_path: Path) -> None:
    outcome = play("plant syringe_nl 0\nprepare\n", tmp_path)
    (failure,) = outcome.failures
    assert failure.startswith("line 2: prepare: not armed: FAULT")


def test_a_device_without_settings_says_so(tmp_path: Path) -> None:
    outcome = play("no settings\nwait 1s\n=> inhibit settings_missing\n", tmp_path)
    assert (outcome.met, outcome.failures) == (1, [])
