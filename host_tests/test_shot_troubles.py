"""What is wrong with machine, needle or syringe is found within the shot in which it happens."""

from typing import Any

import pytest

from firmware import drop, faults, limits
from firmware.image import Inputs
from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.moments import armed
from host_tests.rig import Rig


def found(rig: Rig) -> "list[str]":
    """The faults in words."""
    return faults.names(rig.loop.faults)


def result_of(rig: Rig) -> str:
    """How the newest drop ended."""
    return drop.RESULTS[rig.loop.drop.result]


TROUBLES: "dict[str, tuple[dict[str, Any], dict[str, float], str]]" = {
    "occlusion at the start": ({}, {"occluded_after_nl": 1}, "occlusion"),
    "occlusion half way": ({}, {"occluded_after_nl": 5_000}, "occlusion"),
    "occlusion, large syringe": ({"syringe": "5ml", "dose_nl": 50_000}, {"occluded_after_nl": 25_000}, "occlusion"),
    "plunger at its end": ({"dose_nl": 50_000}, {"syringe_nl": 60_000}, "no_pressure"),
    "bubble of 5 ul": ({}, {"bubble_nl": 5_000, "bubble_after_nl": 3_000}, "bubble"),
    "bubble of 2 ul": ({}, {"bubble_nl": 2_000, "bubble_after_nl": 3_000}, "bubble"),
    "bubble in a large syringe": (
        {"syringe": "5ml", "dose_nl": 50_000},
        {"bubble_nl": 10_000, "bubble_after_nl": 20_000},
        "bubble",
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_shot_finds_what_is_wrong(name: str, record_figure: RecordFigure) -> None:
    wanted, params, fault = TROUBLES[name]
    rig = armed(wanted, params)
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT", ms=100)
    rig.until("FAULT", "ARMED", ms=10_000)
    moments.let_go(rig)
    record = rig.loop.drop
    assert found(rig) == [fault]
    record_figure("faults", fault)
    assert (record.number, result_of(rig), drop.cause_names(record.cause)) == (1, "fault", ["fault"])
    assert record.reported_min_nl <= rig.plant.delivered_nl <= record.reported_max_nl
    assert rig.plant.home


@pytest.mark.parametrize("syringe_nl", [23_000, 23_400, 23_800, 24_200])
def test_a_syringe_that_runs_dry_at_the_end_of_a_drop_is_told_by_the_weight(syringe_nl: int) -> None:
    rig = armed({}, {"needle_kpa_s_per_nl": 0.012, "tissue_kpa": 10, "syringe_nl": syringe_nl})
    record = rig.press()
    assert found(rig) == ["no_pressure"]
    assert (result_of(rig), drop.cause_names(record.cause)) == ("fault", ["fault"])
    assert rig.plant.delivered_nl < 9_500
    assert record.reported_min_nl <= rig.plant.delivered_nl <= record.reported_max_nl


def test_a_syringe_taken_out_after_the_prime_is_found() -> None:
    rig = armed({"dose_nl": 50_000})
    rig.plant.load(0)
    rig.press()
    assert found(rig) == ["no_pressure"]
    assert rig.plant.delivered_nl == 0


def test_a_needle_that_stops_short_is_found_before_anything_is_fed() -> None:
    rig = moments.shooting()
    fed: list[int] = []
    rig.watch = lambda rig: fed.append(max(rig.outputs.dose_chunk_steps, 0))

    def short(inputs: Inputs) -> None:
        inputs.needle_counts -= 20 if inputs.needle_counts > 600 else 0  # 80 um

    rig.meddle = short
    rig.until("FAULT", ms=1000)
    assert found(rig) == ["needle_disagrees"]
    assert sum(fed) == 0


def test_a_needle_that_does_not_come_back_is_found() -> None:
    rig = moments.in_phase("retract", 2)

    def stays_out(inputs: Inputs) -> None:
        inputs.home = 0

    rig.meddle = stays_out
    rig.until("FAULT", ms=1000)
    assert found(rig) == ["not_home"]


def test_a_needle_astray_on_its_way_back_is_found() -> None:
    rig = moments.in_phase("retract", 2)

    def astray(inputs: Inputs) -> None:
        inputs.needle_counts += 20

    rig.meddle = astray
    rig.until("FAULT", ms=1000)
    assert found(rig) == ["needle_disagrees"]


@pytest.mark.parametrize("phase", ["touch_off", "turn", "weigh"])
def test_a_pressure_that_never_changes_while_weighing_is_found(phase: str) -> None:
    rig = moments.in_phase("dose", 10)
    if phase == "touch_off":
        moments.let_go(rig)
        rig.contact = 1
        rig.run(100)
        rig.trigger = 1
        rig.until("SHOT", ms=100)
    rig = moments.in_phase(phase, 0, rig)
    before_nl = rig.plant.delivered_nl if phase == "touch_off" else 0

    def flat(inputs: Inputs) -> None:
        if moments.phase_of(rig) in (phase, "idle"):
            inputs.pressure_counts = 200 if phase != "turn" else 206

    rig.meddle = flat
    rig.until("FAULT", ms=30_000)
    assert found(rig) == ["no_pressure"]
    record = rig.loop.drop
    assert record.reported_min_nl <= rig.plant.delivered_nl - before_nl <= record.reported_max_nl


def test_a_plunger_that_lost_steps_at_the_end_of_the_feed_is_found_by_the_weight() -> None:
    rig = moments.in_phase("dose", 0, moments.shooting({"dose_nl": 50_000}))
    while rig.loop.fluid.delivered_pl < 44_000_000:
        rig.tick()
    rig.syringe_out = True  # the screw turns, and nothing follows
    lost_from = rig.inputs.dose_steps
    while moments.phase_of(rig) == "dose" and rig.inputs.dose_steps < lost_from + 600:
        rig.tick()
    rig.syringe_out = False
    rig.until("FAULT", "ARMED", ms=10_000)
    record = rig.loop.drop
    assert found(rig) == ["no_pressure"]
    assert result_of(rig) == "fault"
    assert record.reported_min_nl <= rig.plant.delivered_nl <= record.reported_max_nl


def test_a_weight_far_below_what_was_fed_is_no_delivered_drop() -> None:
    rig = moments.in_phase("weigh", 2)
    rig.loop.scale.position_steps += 400  # as if the plunger had come forward 2 ul less
    rig.until("FAULT", "ARMED", ms=5_000)
    record = rig.loop.drop
    assert found(rig) == ["no_pressure"]
    assert (result_of(rig), drop.cause_names(record.cause)) == ("fault", ["fault"])
    assert record.reported_min_nl <= rig.plant.delivered_nl <= record.reported_max_nl


def test_a_drop_that_takes_longer_than_half_a_minute_is_a_fault() -> None:
    rig = moments.in_phase("dose", 5, moments.shooting({"dose_nl": 200_000}))
    rig.loop.shot.drop_ticks = limits.DROP_TICKS - 2  # the first 30 s are over
    rig.run(4)
    assert found(rig) == []
    rig.run(4)
    assert found(rig) == ["phase_time"]


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(1, 9))
def test_good_shots_raise_no_fault(seed: int) -> None:
    rig = armed({"mode": "burst", "burst_count": 10}, seed=seed, plant="unfavourable" if seed % 2 else "own")
    rig.press()
    assert found(rig) == []
    assert rig.loop.drop.number == 10


@pytest.mark.parametrize("phase", ["extend", "dose", "relax"])
@pytest.mark.parametrize("let_go", [False, True])
def test_a_home_switch_that_says_home_of_a_needle_that_is_out_leaves_no_needle_in_the_skin(
    phase: str, let_go: bool
) -> None:
    rig = moments.in_phase(phase, 12 if phase == "extend" else 2)
    assert rig.plant.needle_um > -500
    rig.meddle = lambda inputs: setattr(inputs, "home", 1)
    rig.trigger = 0 if let_go else 1
    rig.run(2)
    assert found(rig) == ["needle_disagrees"]
    assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (0, 0)
    rig.run(40)
    assert rig.plant.home


def test_a_home_switch_that_never_opens_is_found_before_the_needle_reaches_the_skin() -> None:
    rig = armed()
    rig.meddle = lambda inputs: setattr(inputs, "home", 1)
    deepest_um = -2000.0

    def watch(rig: Rig) -> None:
        nonlocal deepest_um
        deepest_um = max(deepest_um, rig.plant.depth_um)

    rig.watch = watch
    rig.press()
    assert found(rig) == ["needle_disagrees"]
    assert deepest_um <= 0
    assert rig.plant.home
