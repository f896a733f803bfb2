"""The gate one below, at, and one above its limits of pressure, volume, reservation and time."""

import pytest

from firmware import limits
from firmware.calibration import SYRINGES, Calibration
from host_tests.boundary_bench import (
    AROUND,
    CASES,
    DOSES_NL,
    FED,
    STATES,
    new,
    outcome,
    stand_at,
)
from host_tests.figures import RecordFigure

# --- pressure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syringe", SYRINGES)
@pytest.mark.parametrize("state", FED)
def test_nothing_advances_above_the_ceiling(state: str, syringe: str, record_figure: RecordFigure) -> None:
    for around in AROUND:
        for dose_steps in (-10, -1, 1, 10):
            bench = new(state, syringe, dose_nl=200_000)
            bench.fluid.pressure_pa = limits.PRESSURE_CEILING_PA + around
            gone = around > 0 and dose_steps > 0
            assert outcome(bench, dose_steps) == ((0 if gone else dose_steps, 0), [])
            record_figure(CASES, 1)


@pytest.mark.parametrize("state", STATES)
def test_pressure_that_stays_above_the_fault_is_a_fault_at_its_second_sample(
    state: str, record_figure: RecordFigure
) -> None:
    for first in AROUND:
        for second in AROUND:
            for third in AROUND:
                bench = new(state)
                found: list[list[str]] = []
                for around in (first, second, third):
                    bench.fluid.pressure_pa = limits.PRESSURE_FAULT_PA + around
                    found.append(outcome(bench)[1])
                pairs = ((0, first), (first, second), (second, third))
                high = [min(pair) > 0 and state in FED for pair in pairs]
                assert found == [["over_pressure"] if each else [] for each in high]
                record_figure(CASES, 1)


def test_once_the_pressure_has_fallen_below_the_ceiling_the_feed_goes_on(record_figure: RecordFigure) -> None:
    for around in AROUND:
        bench = new(dose_nl=200_000)
        bench.fluid.pressure_pa = limits.PRESSURE_FAULT_PA + 1
        assert outcome(bench) == ((0, 0), [])
        bench.fluid.pressure_pa = limits.PRESSURE_CEILING_PA + around
        assert outcome(bench, 5) == ((5 if around <= 0 else 0, 0), [])
        record_figure(CASES, 1)


# --- volume -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dose_nl", DOSES_NL)
@pytest.mark.parametrize("syringe", SYRINGES)
def test_what_has_left_and_is_still_to_come_stays_within_the_dose_and_its_tolerance(
    syringe: str, dose_nl: int, record_figure: RecordFigure
) -> None:
    cases = 0
    pl_per_step = Calibration(syringe).pl_per_step
    most_pl = dose_nl * 1_000 + max(dose_nl * 50, limits.CHUNK_MAX_STEPS * pl_per_step)
    for tissue_pa in (0, 5_000, 80_000, limits.TISSUE_MAX_PA - 1, limits.TISSUE_MAX_PA, limits.TISSUE_MAX_PA + 1):
        for steps in (1, 10):
            for around in AROUND:
                bench = new(syringe=syringe, dose_nl=dose_nl)
                compliance = bench.fluid.compliance_pl_per_kpa
                sure = compliance - compliance // 4  # it may be a quarter smaller than known
                kept_pl = sure * min(tissue_pa, limits.TISSUE_MAX_PA) // 1_000
                bench.fluid.tissue_pa = tissue_pa
                bench.fluid.displaced_pl = most_pl + kept_pl - steps * pl_per_step + around
                assert outcome(bench, steps) == ((0 if around > 0 else steps, 0), []), (tissue_pa, steps)
                cases += 1
    for around in AROUND:
        for steps in AROUND:
            bench = new(syringe=syringe, dose_nl=dose_nl)
            bench.fluid.delivered_pl = most_pl + around
            exceeded = around > 0 and steps > 0
            assert outcome(bench, steps) == ((0 if exceeded else steps, 0), ["dose_exceeded"] if exceeded else [])
            cases += 1
    record_figure(CASES, cases)


@pytest.mark.parametrize("state", FED)
def test_the_plunger_never_advances_beyond_what_is_reserved(state: str, record_figure: RecordFigure) -> None:
    for position_steps in (-7, 0, 1_000, 150_000):
        for reserved_steps in (0, 1, 10, 5_000):
            for steps in (-1, 1, 10):
                for around in AROUND:
                    bench = new(state)
                    bench.gate.reserve(position_steps, reserved_steps)
                    stand_at(bench, position_steps + reserved_steps - steps + around)
                    gone = steps > 0 and around > 0
                    assert outcome(bench, steps) == ((0 if gone else steps, 0), [])
                    bench.gate.revoke()
                    assert bench.check(steps) == (0 if steps > 0 else steps, 0)
                    record_figure(CASES, 2)


# --- time ---------------------------------------------------------------------------------------------------------

LASTING = (
    ("HOMING", limits.HOMING_MOST_TICKS, (0, -1)),
    ("PRIME", limits.PRIME_MAX_TICKS + 1, (1, 0)),
    ("REWIND", limits.REWIND_MOST_TICKS, (-1, 0)),
)


@pytest.mark.parametrize(("state", "most_ticks", "chunk"), LASTING, ids=[row[0] for row in LASTING])
def test_a_motion_that_no_hand_ends_is_ended_by_the_gate(
    state: str, most_ticks: int, chunk: "tuple[int, int]", record_figure: RecordFigure
) -> None:
    bench = new(state)
    for tick in range(1, most_ticks + 2):
        left, found = outcome(bench, *chunk)
        assert (left, found) == ((chunk, []) if tick <= most_ticks else ((0, 0), ["phase_time"])), tick
    record_figure(CASES, 3)


@pytest.mark.parametrize("between", ["IDLE", "READY", "LOCKED", "ARMED", "SERVICE"])
@pytest.mark.parametrize(("state", "most_ticks", "chunk"), LASTING, ids=[row[0] for row in LASTING])
def test_its_time_begins_anew_with_each_motion(
    state: str, most_ticks: int, chunk: "tuple[int, int]", between: str, record_figure: RecordFigure
) -> None:
    bench = new(state)
    for _ in range(most_ticks):
        bench.check()
    bench.state = between
    bench.check()
    bench.state = state
    for _ in range(most_ticks):
        bench.check()
        assert bench.found == []
    bench.check(*chunk)
    assert bench.found == ["phase_time"]
    record_figure(CASES, 3)
