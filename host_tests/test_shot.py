"""Whole shots into the plant's skin: what they deliver, report and find, phase by phase."""

from itertools import pairwise

import pytest

from firmware import drop, shot
from host_tests import moments
from host_tests.moments import armed, compliance
from host_tests.rig import Rig

BURST = {"mode": "burst", "burst_count": 4, "dose_nl": 5_000}


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


# --- bursts -------------------------------------------------------------------------------------------------------


def test_a_burst_delivers_each_of_its_drops() -> None:
    rig = armed(BURST)
    ends: list[tuple[int, int]] = []

    def watch(rig: Rig) -> None:
        record = rig.loop.drop
        if record.result == drop.DELIVERED and (not ends or ends[-1][0] != record.number):
            ends.append((record.number, record.reported_nl))

    rig.watch = watch
    rig.press()
    assert [number for number, _ in ends] == [1, 2, 3, 4]
    assert all(reported_nl == pytest.approx(5_000, rel=0.03) for _, reported_nl in ends)
    assert rig.plant.delivered_nl == pytest.approx(20_000, rel=0.02)


def test_between_the_drops_of_a_burst_the_needle_waits_out_of_the_skin_and_goes_home_at_the_end() -> None:
    rig = armed(BURST, {"needle_noise_um": 0})
    waiting: list[float] = []

    def watch(rig: Rig) -> None:
        if moments.phase_of(rig) in ("weigh", "wait") and rig.loop.shot.left_in_burst:
            waiting.append(rig.plant.needle_um)

    rig.watch = watch
    rig.press()
    assert len(waiting) > 30
    assert all(place_um == pytest.approx(-500, abs=30) for place_um in waiting)
    assert rig.plant.home


@pytest.mark.parametrize("rate_mhz", [500, 2_000])
def test_the_drops_of_a_burst_start_at_its_rate(rate_mhz: int) -> None:
    rig = armed({**BURST, "rate_mhz": rate_mhz})
    starts: list[int] = []

    def watch(rig: Rig) -> None:
        if rig.loop.drop.number > len(starts):
            starts.append(rig.ticks)

    rig.watch = watch
    rig.press()
    assert [after - before for before, after in pairwise(starts)] == pytest.approx([500_000 / rate_mhz] * 3, abs=1)


def test_a_burst_that_is_let_go_ends_with_the_drop_in_work() -> None:
    rig = armed(BURST)
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    while rig.loop.drop.number < 2 or moments.phase_of(rig) != "dose":
        rig.tick()
    moments.let_go(rig)
    assert (rig.loop.drop.number, result_of(rig)) == (2, "aborted")
    assert rig.state == "ARMED"


def test_a_fault_between_the_drops_of_a_burst_keeps_what_was_weighed() -> None:
    rig = armed({**BURST, "rate_mhz": 1_000})
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig = moments.in_phase("wait", 3, rig)
    rig.stop = 1
    rig.run(20)
    assert rig.state == "FAULT"
    assert (rig.loop.drop.number, result_of(rig)) == (1, "delivered")


def test_a_shot_that_has_not_begun_proposes_nothing() -> None:
    sequence = moments.ready().loop.shot
    sequence.step(0, 0)
    assert (sequence.dose_steps, sequence.needle_steps, sequence.fault) == (0, 0, 0)


@pytest.mark.parametrize("phase", ["wait", "weigh"])
def test_a_burst_that_is_let_go_between_drops_keeps_what_is_known_of_the_last(phase: str) -> None:
    rig = armed({**BURST, "rate_mhz": 1_000})
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig = moments.in_phase(phase, 3, rig)
    moments.let_go(rig)
    assert result_of(rig) == ("delivered" if phase == "wait" else "aborted")
    assert rig.loop.drop.reported_min_nl <= rig.plant.delivered_nl <= rig.loop.drop.reported_max_nl
    assert rig.plant.home


def test_a_burst_is_no_longer_than_the_syringe() -> None:
    rig = armed({"mode": "burst", "burst_count": 20, "dose_nl": 150_000})
    rig.press()
    record = rig.loop.drop
    assert result_of(rig) == "delivered"
    assert record.number == 6  # 900 of 1000 ul; a seventh is not in it
    assert rig.plant.delivered_nl == pytest.approx(900_000, rel=0.01)
    assert rig.state == "IDLE"


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
