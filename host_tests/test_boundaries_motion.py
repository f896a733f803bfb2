"""The gate one below, at, and one above its limits of speed and depth, in every state that moves."""

import pytest

from firmware import limits
from host_tests.boundary_bench import (
    AROUND,
    CASES,
    DEPTHS_UM,
    moves_of,
    new,
    outcome,
    put_needle,
)
from host_tests.figures import RecordFigure
from host_tests.gate_bench import Bench

# --- speed --------------------------------------------------------------------------------------------------------


def grown(state: str, dose_way: int, needle_way: int, to_steps: int) -> Bench:
    """A gate that has let pass ever longer chunks, up to `to_steps`."""
    bench = new(state, dose_nl=200_000, depth_um=13_000)
    put_needle(bench, 6_000)
    for steps in (*range(to_steps % 10, to_steps, 10), to_steps):
        assert bench.check(dose_way * steps, needle_way * steps) == (dose_way * steps, needle_way * steps)
        assert bench.found == []
    return bench


@pytest.mark.parametrize("before_steps", [0, 1, 9, 10, 11, 20, 29, 30, 31, 39, 40])
@pytest.mark.parametrize("state", ["SHOT", "PRIME", "SERVICE", "REWIND", "HOMING"])
def test_a_chunk_grows_by_the_ramp_and_to_the_top_speed_or_the_planner_is_broken(
    state: str, before_steps: int, record_figure: RecordFigure
) -> None:
    most = min(before_steps + limits.RAMP_STEPS, limits.CHUNK_MAX_STEPS)
    cases = 0
    for dose_way, needle_way in moves_of(state):
        for steps in {1, before_steps - 10, before_steps, *(most + around for around in AROUND)}:
            if steps > 0:
                bench = grown(state, dose_way, needle_way, before_steps)
                good = steps <= most
                chunk = (dose_way * steps, needle_way * steps)
                assert outcome(bench, *chunk) == ((chunk, []) if good else ((0, 0), ["gate"]))
                cases += 1
    record_figure(CASES, cases)


@pytest.mark.parametrize("axis", ["dose", "needle"])
def test_after_a_reversal_a_stop_or_a_withheld_chunk_the_axis_starts_from_rest(
    axis: str, record_figure: RecordFigure
) -> None:
    one, other = (1, 0) if axis == "dose" else (0, 1)
    for before_steps in (-40, -20, -10, -1, 1, 10, 20, 40):
        way = 1 if before_steps > 0 else -1
        for why in ("reversal", "stop", "withheld", "fault", "stop loop"):
            for around in AROUND:
                bench = grown("SHOT", one * way, other * way, abs(before_steps))
                steps = way * (limits.RAMP_STEPS + around)
                if why == "reversal":
                    steps = -steps
                elif why == "stop":
                    bench.check()
                elif why == "withheld":
                    setattr(bench.inputs, f"{axis}_withheld", 1)
                else:
                    bench.inputs.late_us = 2_000 if why == "fault" else 0
                    bench.inputs.stop_closed = 0 if why == "stop loop" else 1
                    bench.check(before_steps * one, before_steps * other)
                    bench.inputs.late_us, bench.inputs.stop_closed = 0, 1
                chunk = (steps * one, steps * other)
                left, found = outcome(bench, *chunk)
                assert found == ["gate"] * (around > 0), (before_steps, why)
                assert left == ((0, 0) if found else chunk), (before_steps, why)
                record_figure(CASES, 1)


# --- depth --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth_um", DEPTHS_UM)
def test_no_chunk_ends_deeper_than_ordered_and_its_overshoot(depth_um: int, record_figure: RecordFigure) -> None:
    for steps in (1, 5, 10):
        for around in AROUND:
            bench = new(depth_um=depth_um)
            chunk_um = steps * limits.NEEDLE_UM_PER_STEP
            counted_um = depth_um + limits.DEPTH_OVERSHOOT_UM - chunk_um + around
            bench.needle.counted_um = bench.needle.measured_um = counted_um
            assert outcome(bench, 0, steps) == ((0, 0 if around > 0 else steps), [])
            assert outcome(bench, 0, -1) == ((0, -1), [])
            record_figure(CASES, 2)


@pytest.mark.parametrize("depth_um", DEPTHS_UM)
def test_a_needle_that_is_deeper_is_a_fault_by_count_and_by_sensor(depth_um: int, record_figure: RecordFigure) -> None:
    deepest_um = depth_um + limits.DEPTH_OVERSHOOT_UM
    for around in AROUND:
        for steps in (-1, 0):
            bench = new(depth_um=depth_um)
            bench.needle.counted_um = bench.needle.measured_um = deepest_um + around
            deeper = ((0, 0), ["depth_exceeded"])
            assert outcome(bench, 0, steps) == (deeper if around > 0 else ((0, steps), []))
            bench = new(depth_um=depth_um)
            bench.needle.measured_um = deepest_um + depth_um // 200 + around  # gain of the sensor
            bench.needle.counted_um = deepest_um - 10
            assert outcome(bench, 0, steps) == (deeper if around > 0 else ((0, steps), []))
            record_figure(CASES, 2)


def test_no_chunk_runs_the_needle_against_its_stop(record_figure: RecordFigure) -> None:
    stop_um = limits.NEEDLE_PARKED_UM - limits.DEPTH_OVERSHOOT_UM
    for steps in (1, 5, 10):
        for around in AROUND:
            bench = new()
            counted_um = stop_um + steps * limits.NEEDLE_UM_PER_STEP + around
            bench.needle.counted_um = bench.needle.measured_um = counted_um
            assert outcome(bench, 0, -steps) == ((0, 0 if around < 0 else -steps), [])
            assert outcome(bench, 0, 1) == ((0, 1), [])
            record_figure(CASES, 2)


def test_a_needle_beyond_its_stop_may_come_back(record_figure: RecordFigure) -> None:
    stop_um = limits.NEEDLE_PARKED_UM - limits.DEPTH_OVERSHOOT_UM
    for beyond_um in (1, 50, 500):
        for steps in (1, 10):
            bench = new()
            bench.needle.counted_um = bench.needle.measured_um = stop_um - beyond_um
            assert outcome(bench, 0, steps) == ((0, steps), [])
            assert outcome(bench, 0, -steps) == ((0, 0), [])
            record_figure(CASES, 2)


@pytest.mark.parametrize("way", [-1, 1])
def test_sensor_and_count_apart_are_a_fault_at_the_third_tick_in_a_row(way: int, record_figure: RecordFigure) -> None:
    ticks = limits.NEEDLE_DISAGREEMENT_TICKS
    for around in AROUND:
        for good_at in range(ticks + 2):  # a tick in which they agree; the last: none
            bench = new()
            found: list[bool] = []
            for tick in range(ticks + 1):
                apart_um = 0 if tick == good_at else way * (limits.NEEDLE_DISAGREEMENT_UM + around)
                bench.needle.counted_um = 400
                bench.needle.measured_um = 400 + apart_um
                found.append("needle_disagrees" in outcome(bench)[1])
            bad = [around > 0 and tick != good_at for tick in range(ticks + 1)]
            assert found == [tick >= ticks - 1 and all(bad[tick - ticks + 1 : tick + 1]) for tick in range(ticks + 1)]
            record_figure(CASES, 1)
