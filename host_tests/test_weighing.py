"""Weighing: turn and touch after a drop, and the turn alone between the drops of a burst."""

from typing import Any

import pytest

from firmware import drop, faults
from firmware.weighing import Weighing
from host_tests import moments
from host_tests.moments import armed
from host_tests.rig import Rig

BURST = {"mode": "burst", "burst_count": 3, "dose_nl": 5_000}


def phases_by_drop(rig: Rig) -> "dict[int, list[str]]":
    """Presses; the phases of each drop, in their order."""
    seen: dict[int, list[str]] = {}

    def watch(rig: Rig) -> None:
        phases = seen.setdefault(rig.loop.drop.number, [])
        phase = moments.phase_of(rig)
        if rig.state == "SHOT" and (not phases or phases[-1] != phase):
            phases.append(phase)

    rig.watch = watch
    rig.press()
    return seen


def test_between_the_drops_of_a_burst_the_turn_is_all_and_the_last_touches_off() -> None:
    seen = phases_by_drop(armed(BURST))
    assert "weigh" not in seen[1] + seen[2]
    assert seen[3][-2:] == ["turn", "weigh"]


def test_after_a_burst_the_next_drop_starts_from_a_touch() -> None:
    rig = armed(BURST)
    rig.press()
    scale = rig.loop.scale
    assert (scale.fresh, scale.behind) == (1, 0)
    assert scale.position_steps == rig.inputs.dose_steps


def test_a_turn_that_has_to_be_crept_to_is_checked_for_air_by_a_touch() -> None:
    # Tissue that gives liquid back leaves the plunger in its slack, which the first drop cannot know.
    rig = armed(BURST, {"needle_kpa_s_per_nl": 2.6e-4}, plant="unfavourable")
    seen = phases_by_drop(rig)
    assert "weigh" in seen[1]
    assert drop.RESULTS[rig.loop.drop.result] == "delivered"
    assert rig.plant.delivered_nl == pytest.approx(15_000, rel=0.05)


class Turned:
    """A touch-off that has just turned, after so many crept steps."""

    done = 1
    failed = 0
    position_steps = 0
    pressure_pa = -700
    threshold_pa = -400

    def __init__(self, crept_steps: int) -> None:
        self.crept_steps = crept_steps
        self.calls: list[str] = []

    def step(self, position_steps: int, pressure_pa: int) -> int:
        return 0

    def forward(self, position_steps: int, slack_steps: int, pa_per_step: int) -> None:
        self.calls.append("forward")


@pytest.mark.parametrize(("crept_steps", "calls"), [(0, []), (-2, []), (-3, ["forward"])])
def test_two_crept_steps_are_still_sure(crept_steps: int, calls: "list[str]") -> None:
    shot = moments.ready().loop.shot
    touch: Any = Turned(crept_steps)
    weighing = Weighing(shot.fluid, shot.scale, touch, shot.softness, shot.estimate, shot.leak, shot.drop)
    weighing.in_burst = True
    weighing.turn(0)
    assert weighing.turned
    assert weighing.in_burst == (not calls)
    assert touch.calls == calls


def failing(rig: Rig, times: int) -> Rig:
    """A rig whose touches fail so many times before one may succeed."""
    touch = rig.loop.touch
    forward = touch.forward
    left = [times]

    def forward_in_vain(position_steps: int, slack_steps: int, pa_per_step: int) -> None:
        forward(position_steps, slack_steps, pa_per_step)
        if left[0]:
            left[0] -= 1
            touch.failed = 1

    touch.forward = forward_in_vain
    return rig


@pytest.mark.parametrize("times", [0, 1, 2])
def test_a_touch_that_fails_is_tried_again(times: int) -> None:
    rig = failing(armed(), times)
    record = rig.press()
    assert drop.RESULTS[record.result] == "delivered"
    assert record.reported_nl == pytest.approx(rig.plant.delivered_nl, abs=200)


def test_the_third_touch_that_fails_is_no_pressure() -> None:
    rig = failing(armed(), 3)
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("FAULT", ms=3_000)
    assert rig.loop.faults == faults.NO_PRESSURE


def test_a_turn_that_comes_two_steps_late_is_no_reason_for_doubt() -> None:
    rig = armed(BURST)
    scale = rig.loop.scale
    honest = scale.expected_turn_steps
    scale.expected_turn_steps = lambda weight_pl, pressure_pa, fluid: honest(weight_pl, pressure_pa, fluid) + 1
    seen = phases_by_drop(rig)
    assert "weigh" not in seen[1] + seen[2]


def test_the_last_drop_of_a_burst_is_weighed_from_turn_to_turn() -> None:
    rig = armed(BURST)
    before_nl = 0.0

    def watch(rig: Rig) -> None:
        nonlocal before_nl
        if rig.loop.drop.number < 3:
            before_nl = rig.plant.delivered_nl

    rig.watch = watch
    record = rig.press()
    assert record.reported_nl == pytest.approx(rig.plant.delivered_nl - before_nl, abs=50)


def test_a_weight_without_support_closes_the_drop_of_a_burst_as_a_fault() -> None:
    rig = armed(BURST)
    rig.loop.shot.estimate.contradicts = lambda weight_pl: True
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("FAULT", ms=2_000)
    record = rig.loop.drop
    assert (record.number, drop.RESULTS[record.result], record.cause) == (1, "fault", drop.FAULTED)
    assert rig.loop.faults == faults.NO_PRESSURE
    assert record.reported_min_nl <= rig.plant.delivered_nl <= record.reported_max_nl


def test_what_runs_out_in_the_air_of_a_burst_is_not_in_the_drop() -> None:
    rig = armed(BURST, {"needle_kpa_s_per_nl": 2.6e-4, "tissue_kpa": 80})
    told_nl: list[int] = []

    def watch(rig: Rig) -> None:
        if rig.loop.drop.result == drop.DELIVERED and len(told_nl) < rig.loop.drop.number:
            told_nl.append(rig.loop.drop.reported_nl)

    rig.watch = watch
    rig.press()
    assert len(told_nl) == 3
    assert sum(told_nl) == pytest.approx(rig.plant.delivered_nl, abs=100)
    assert rig.plant.surface_nl > 0


@pytest.mark.parametrize(("dose_nl", "spare_nl"), [(10_000, 200), (20_000, 400)])
def test_no_report_is_surer_than_two_percent(dose_nl: int, spare_nl: int) -> None:
    rig = armed({"dose_nl": dose_nl})
    rig.press()
    record = rig.loop.drop
    assert drop.RESULTS[record.result] == "delivered"
    assert record.reported_nl - record.reported_min_nl == pytest.approx(spare_nl, rel=0.03)
    assert record.reported_max_nl - record.reported_nl == pytest.approx(spare_nl, rel=0.03)
