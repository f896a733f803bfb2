"""No cell of the accuracy grid passes that missed a goal, and none fails that met them all."""

from typing import Any

import pytest

from host_tests.grid_bench import CELL, REFUSED_CELL, judged, series
from host_tests.report_bench import shot
from tools.judging import judge, measure


def test_a_cell_of_good_series_is_met() -> None:
    judgement = judged(series())
    assert judgement.met
    assert [check.name for check in judgement.checks] == [
        "ended",
        "interval, %",
        "|reported - delivered|, nl",
        "on the skin, nl",
        "depth error, um",
        "truth outside bounds",
    ]
    # SD of sixty times -/+ 0.5 %, k = 2.668
    assert judgement.checks[1].measured == "-1.35 .. +1.35"


@pytest.mark.parametrize(
    ("values", "missed"),
    [
        ({"result": "fault", "reasons": ["bubble"]}, ["ended"]),
        ({"result": "refused"}, ["ended"]),
        ({"delivered_nl": 9_000.0, "reported_nl": 9_000, "reported_min_nl": 8_950}, ["interval, %"]),
        ({"reported_nl": 10_251}, ["|reported - delivered|, nl"]),
        ({"surface_nl": 101.0}, ["on the skin, nl"]),
        ({"depth_max_um": 1_051.0}, ["depth error, um"]),
        ({"depth_max_um": 949.0}, ["depth error, um"]),
        ({"reported_max_nl": 10_049}, ["truth outside bounds"]),
        ({"reported_min_nl": 10_051}, ["truth outside bounds"]),
    ],
)
def test_one_drop_beyond_a_goal_in_one_series_misses_that_goal(values: dict[str, Any], missed: list[str]) -> None:
    judgement = judged(series(**values))
    assert not judgement.met
    assert [check.name for check in judgement.checks if not check.met] == missed


@pytest.mark.parametrize("values", [{"surface_nl": 100.0}, {"depth_max_um": 1_050.0}, {"reported_nl": 10_250}])
def test_a_drop_that_just_reaches_a_goal_meets_it(values: dict[str, Any]) -> None:
    assert judged(series(**values)).met


def test_the_first_drop_counts() -> None:
    judgement = judged(series(delivered_nl=9_700.0, reported_nl=9_700, reported_min_nl=9_600))
    assert judgement.series[1].first_percent == pytest.approx(-3)
    assert judgement.series[1].low_percent < judgement.series[0].low_percent


def test_a_dose_that_is_not_refused_misses_its_cell() -> None:
    refused = [shot(n, result="refused", reasons=["dose_below_resolution"], delivered_nl=0.0) for n in (1, 2, 3)]
    assert judged(refused, REFUSED_CELL).met
    assert not judged([*refused[:2], shot(3)], REFUSED_CELL).met
    assert not judged([{**each, "reasons": ["not_primed"]} for each in refused], REFUSED_CELL).met


def test_a_series_that_could_not_be_played_is_a_missed_goal() -> None:
    order = CELL.order(1)
    judgement = judge(CELL, [order], [measure(order, "RuntimeError: the jar has cracked")])
    assert not judgement.met
    assert judgement.checks[0].measured == "RuntimeError: the jar has cracked"
