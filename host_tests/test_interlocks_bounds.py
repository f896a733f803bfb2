"""The gate alone: bounds of pressure, depth and volume."""

import pytest

from firmware import limits
from host_tests.gate_bench import DEPTH_UM, DOSE_PL, Bench

# --- pressure -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["SHOT", "PRIME"])
def test_above_the_ceiling_the_plunger_only_goes_back(state: str) -> None:
    bench = Bench(state)
    bench.order(100_000_000)
    bench.fluid.pressure_pa = bench.fluid.tissue_pa = 400_000
    assert bench.check(5) == (5, 0)
    bench.fluid.pressure_pa = 400_250
    assert bench.check(5) == bench.check(1) == (0, 0)
    assert bench.check(-5) == (-5, 0)
    assert bench.found == []


@pytest.mark.parametrize("state", ["SHOT", "PRIME"])
def test_pressure_that_goes_on_rising_is_a_fault_at_the_second_sample(state: str) -> None:
    bench = Bench(state)
    bench.fluid.pressure_pa = 450_000
    bench.check()
    assert bench.found == []
    bench.fluid.pressure_pa = 450_250
    bench.check()
    assert bench.found == []  # one sample may be noise
    bench.check()
    assert bench.found == ["over_pressure"]


def test_two_high_samples_with_a_good_one_between_are_no_fault() -> None:
    bench = Bench()
    for pressure_pa in (460_000, 380_000, 460_000, 380_000):
        bench.fluid.pressure_pa = pressure_pa
        bench.check()
        assert bench.found == []


# --- depth --------------------------------------------------------------------------------------------------------


def test_a_chunk_beyond_the_depth_and_its_overshoot_is_removed() -> None:
    bench = Bench()
    bench.needle.counted_um = bench.needle.measured_um = DEPTH_UM
    assert bench.check(0, 10) == (0, 10)  # to 1050 um
    assert bench.check(0, 0) == (0, 0)
    assert bench.check(0, 11) == (0, 0)
    assert bench.check(0, -10) == (0, -10)
    bench.needle.counted_um = DEPTH_UM + 50
    assert bench.check(0, 1) == (0, 0)


def test_a_chunk_against_the_stop_where_the_count_would_be_lost_is_removed() -> None:
    bench = Bench()
    bench.needle.counted_um = bench.needle.measured_um = limits.NEEDLE_PARKED_UM
    assert bench.check(0, -10) == (0, -10)
    assert bench.check(0, -11) == (0, 0)
    assert bench.check(0, 10) == (0, 10)


def test_a_needle_counted_or_measured_beyond_its_depth_is_a_fault() -> None:
    bench = Bench()
    bench.needle.counted_um = DEPTH_UM + 50
    bench.needle.measured_um = DEPTH_UM + 55  # the sensor's gain is good to half a per cent
    bench.check()
    assert bench.found == []
    bench.needle.counted_um = DEPTH_UM + 55
    bench.check()
    assert bench.found == ["depth_exceeded"]
    bench.needle.counted_um = DEPTH_UM
    bench.needle.measured_um = DEPTH_UM + 56
    bench.check()
    assert bench.found == ["depth_exceeded"]


@pytest.mark.parametrize("apart_um", [101, -101])
def test_sensor_and_count_apart_for_three_ticks_are_a_fault(apart_um: int) -> None:
    bench = Bench()
    bench.needle.counted_um = 500
    bench.needle.measured_um = 500 + apart_um
    for _ in range(2):
        bench.check()
        assert bench.found == []
    bench.check()
    assert bench.found == ["needle_disagrees"]


def test_sensor_and_count_apart_by_no_more_than_a_tenth_of_a_millimetre_or_for_two_ticks_are_noise() -> None:
    bench = Bench()
    bench.needle.counted_um = 500
    for apart_um in (100, 100, 100, -100, -100, -100, 101, -101, 100, -150, 150, 0):
        bench.needle.measured_um = 500 + apart_um
        bench.check()
        assert bench.found == []


# --- volume -------------------------------------------------------------------------------------------------------


def last_chunk(bench: Bench) -> int:
    """The largest chunk, up to 10 steps, that the gate lets through."""
    for steps in range(10, 0, -1):
        bench.check()
        if bench.check(steps) == (steps, 0):
            return steps
    return 0


@pytest.mark.parametrize("dose_pl", [1_000_000, DOSE_PL, 200_000_000])
def test_what_was_displaced_and_the_chunk_stay_below_the_dose_and_its_tolerance(dose_pl: int) -> None:
    bench = Bench()
    bench.order(dose_pl)
    most_pl = dose_pl + max(dose_pl // 20, 40 * 5422)
    for left_steps in range(11):
        bench.fluid.displaced_pl = most_pl - left_steps * 5422
        assert last_chunk(bench) == left_steps
        bench.fluid.displaced_pl -= 5421
        assert last_chunk(bench) == left_steps


def test_only_what_the_tissues_own_pressure_surely_keeps_back_may_be_displaced_beyond_it() -> None:
    bench = Bench()
    most_pl = DOSE_PL + DOSE_PL // 20
    for tissue_pa, kept_kpa in ((80_000, 80), (300_000, limits.TISSUE_MAX_PA // 1000)):
        bench.fluid.tissue_pa = tissue_pa
        surely_kept_pl = 2550 * 3 // 4 * kept_kpa  # the compliance may be a quarter smaller than known
        bench.fluid.displaced_pl = most_pl + surely_kept_pl - 5422 - 100
        assert last_chunk(bench) == 1
        bench.fluid.displaced_pl += 300
        assert last_chunk(bench) == 0
        assert bench.check(-5) == (-5, 0)


def test_more_than_the_dose_and_its_tolerance_is_a_fault() -> None:
    bench = Bench()
    bench.fluid.pressure_pa = bench.fluid.tissue_pa
    bench.fluid.delivered_pl = DOSE_PL + DOSE_PL // 20
    bench.check(1)
    assert bench.found == []
    bench.fluid.delivered_pl += 1
    for steps in (0, -5):
        bench.check(steps)
        assert bench.found == []  # taking back goes on
    bench.check(1)
    assert bench.found == ["dose_exceeded"]
