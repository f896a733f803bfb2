"""Whole shots into the plant's skin: what they deliver, report and find, phase by phase."""

import pytest

from firmware import drop, shot
from host_tests import moments
from host_tests.moments import armed, compliance
from host_tests.rig import Rig


def result_of(rig: Rig) -> str:
    """How the newest drop ended."""
    return drop.RESULTS[rig.loop.drop.result]


# --- a good drop --------------------------------------------------------------------------------------------------


def test_a_shot_goes_through_its_phases_in_order() -> None:
    rig = moments.shooting()
    story = moments.phases_of_shot(rig)
    in_order = [phase for tick, phase in enumerate(story) if tick == 0 or story[tick - 1] != phase]
    assert [phase for phase in in_order if phase != "touch_off"] == [
        "extend",
        "dose",
        "relax",
        "retract",
        "turn",
        "weigh",
    ]


def test_after_an_aborted_drop_a_shot_touches_off_anew() -> None:
    rig = moments.in_phase("dose", 10)
    moments.let_go(rig)
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    assert moments.phases_of_shot(rig)[:30].count("touch_off") > 10
    assert result_of(rig) == "delivered"


# Wide enough for one drop of any plant: how good a series is, the accuracy grid says.
GRID = [
    ("1ml", 1_000, 0.10),
    ("1ml", 10_000, 0.02),
    ("1ml", 50_000, 0.01),
    ("5ml", 10_000, 0.10),
    ("5ml", 50_000, 0.05),
    ("10ml", 50_000, 0.06),
]


@pytest.mark.parametrize(("syringe", "dose_nl", "tolerance"), GRID)
@pytest.mark.parametrize("share", [0.85, 1.15])
def test_a_drop_is_what_was_asked_for_and_the_report_is_true(
    syringe: str, dose_nl: int, tolerance: float, share: float
) -> None:
    rig = armed({"syringe": syringe, "dose_nl": dose_nl}, compliance(syringe, share))
    for _ in range(3):
        before_nl, before_surface_nl = rig.plant.delivered_nl, rig.plant.surface_nl
        record = rig.press()
        delivered_nl = rig.plant.delivered_nl - before_nl
        assert result_of(rig) == "delivered"
        assert delivered_nl == pytest.approx(dose_nl, rel=tolerance)
        assert abs(record.reported_nl - delivered_nl) <= max(0.02 * delivered_nl, 50)
        assert record.reported_min_nl <= delivered_nl <= record.reported_max_nl
        assert rig.plant.surface_nl - before_surface_nl <= max(0.01 * dose_nl, 50)
    assert rig.loop.drop.number == 3


@pytest.mark.parametrize("depth_um", [100, 1500, 13_000])
def test_the_needle_goes_to_its_depth_and_home(depth_um: int) -> None:
    rig = armed({"depth_um": depth_um})
    depths: list[float] = []
    rig.watch = lambda rig: depths.append(rig.plant.depth_um)
    rig.press()
    assert max(depths) == pytest.approx(depth_um, abs=50)
    assert rig.plant.home
    assert rig.plant.depth_um == 0


def test_nothing_is_fed_before_the_needle_is_at_depth() -> None:
    rig = moments.shooting({"depth_um": 2000})
    while rig.loop.shot.phase != shot.DOSE:
        rig.tick()
        assert rig.outputs.dose_chunk_steps <= 0
    assert rig.plant.depth_um == pytest.approx(2000, abs=30)


def test_a_drop_is_recorded_before_anything_moves() -> None:
    rig = moments.armed()
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    while rig.state != "SHOT":
        rig.tick()
    assert result_of(rig) == "open"
    assert (rig.loop.drop.requested_nl, rig.loop.drop.depth_um) == (10_000, 1000)
    assert rig.outputs.dose_chunk_steps == rig.outputs.needle_chunk_steps == 0


def test_a_shot_that_has_not_begun_proposes_nothing() -> None:
    sequence = moments.ready().loop.shot
    sequence.step(0, 0)
    assert (sequence.dose_steps, sequence.needle_steps, sequence.fault) == (0, 0, 0)


# --- a tissue that is not like the others -------------------------------------------------------------------------


def test_a_shot_off_the_nozzle_plane_is_as_deep_as_the_skin_allows() -> None:
    rig = armed(params={"skin_um": 40})
    depths: list[float] = []
    rig.watch = lambda rig: depths.append(rig.plant.depth_um)
    rig.press()
    assert max(depths) == pytest.approx(960, abs=50)
    assert result_of(rig) == "delivered"


def test_what_runs_onto_the_skin_is_not_reported_as_delivered() -> None:
    """A slow needle leaves the skin with pressure behind it, if the way out is short."""
    rig = armed(
        {"depth_um": 100, "syringe": "5ml", "dose_nl": 50_000}, {"needle_kpa_s_per_nl": 1.2e-3, "tissue_kpa": 80}
    )
    record = rig.press()
    assert result_of(rig) == "delivered"
    assert abs(record.reported_nl - rig.plant.delivered_nl) <= 0.02 * rig.plant.delivered_nl
