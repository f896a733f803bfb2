"""The gate one below, at, and one above what it takes for the needle or the plunger not to be where it has to be."""

import pytest

from firmware import inhibits, limits
from host_tests.boundary_bench import AROUND, CASES, STATES, WATCHED, moves_of, new, outcome, put_needle, stand_at
from host_tests.figures import RecordFigure

AWAY = ("SHOT", "HOMING")  # where the needle may be away from home
TICKS = limits.NEEDLE_DISAGREEMENT_TICKS

# --- home ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("homed", [0, 1])
@pytest.mark.parametrize("state", STATES)
def test_a_needle_that_is_not_home_where_it_has_to_be_is_left_to_its_spring(
    state: str, homed: int, record_figure: RecordFigure
) -> None:
    bench = new(state)
    bench.needle.homed = homed
    bench.inputs.home = 0
    for tick in range(1, TICKS + 2):
        _, found = outcome(bench)
        late = tick >= TICKS and state not in AWAY
        fault = tick == TICKS and late and homed and state in WATCHED
        assert found == (["not_home"] if fault else []), tick
        assert bench.needle.homed == (homed and not late)
        if not late:
            assert bench.powered == ((1, 1) if state != "FAULT" else (0, 0))
            assert tick < TICKS or state in AWAY or state == "FAULT"
        elif fault:
            assert bench.powered == (0, 0)
        elif state != "FAULT":
            assert bench.powered == (1, 0 if tick == TICKS else 1)  # who asks for power again is given three ticks
        if state == "FAULT":
            bench.needle.homed = homed
            break
        record_figure(CASES, 1)


@pytest.mark.parametrize("state", ["IDLE", "READY", "ARMED", "PRIME", "REWIND", "SERVICE"])
def test_a_switch_may_bounce_for_two_ticks_as_often_as_it_likes(state: str) -> None:
    bench = new(state)
    bench.needle.homed = 1
    for _ in range(5):
        for home in (0, 0, 1):
            bench.inputs.home = home
            assert outcome(bench) == ((0, 0), [])
            assert (bench.powered, bench.needle.homed) == ((1, 1), 1)
    bench.enables = (1, 0)
    bench.inputs.home = 0
    for _ in range(10):
        assert outcome(bench) == ((0, 0), [])  # without power nobody holds it
        assert bench.needle.homed == 1


@pytest.mark.parametrize("away", AWAY)
def test_the_ticks_away_from_home_begin_when_the_needle_has_to_be_there(away: str) -> None:
    bench = new("ARMED")
    bench.needle.homed = 1
    bench.inputs.home = 0
    for _ in range(TICKS - 1):
        bench.check()
    bench.state = away
    bench.gate.begin_homing()
    bench.check()
    bench.state = "ARMED"
    for _ in range(TICKS - 1):
        assert outcome(bench) == ((0, 0), [])
    assert outcome(bench) == ((0, 0), ["not_home"])


@pytest.mark.parametrize("state", ["LOCKED", "IDLE", "READY", "SERVICE"])
def test_who_asks_for_power_again_is_given_three_ticks_again(state: str) -> None:
    bench = new(state)
    bench.needle.homed = 0
    bench.inputs.home = 0
    powered: list[int] = []
    for _ in range(3 * TICKS):
        assert outcome(bench)[1] == []
        powered.append(bench.powered[1])
    assert powered == ([1] * (TICKS - 1) + [0]) * 3


# --- the sensor ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["SHOT", "HOMING"])
@pytest.mark.parametrize("way", [-1, 1])
def test_much_at_once_is_a_fault_at_once(state: str, way: int, record_figure: RecordFigure) -> None:
    for around in AROUND:
        bench = new(state)
        put_needle(bench, 0)
        bench.needle.measured_um += way * (limits.NEEDLE_ASTRAY_UM + around)
        inward = way > 0 or state == "SHOT"  # outward is where a homing goes
        assert outcome(bench)[1] == (["needle_disagrees"] if around > 0 and inward else [])
        record_figure(CASES, 1)


def test_a_needle_that_goes_inward_while_it_is_homed_is_found_by_its_sensor(record_figure: RecordFigure) -> None:
    for outmost_um in (5_000, 0, -1_500):
        for around in AROUND:
            bench = new("HOMING")
            put_needle(bench, 5_000)
            bench.needle.measured_um = outmost_um
            bench.check()
            assert bench.found == []
            bench.needle.measured_um = outmost_um + limits.NEEDLE_DISAGREEMENT_UM + around
            found: list[bool] = []
            for _ in range(TICKS):
                bench.check()
                found.append(bench.found == ["needle_disagrees"])
            assert found == [False] * (TICKS - 1) + [around > 0]
            record_figure(CASES, TICKS)


def test_a_homing_begins_where_the_needle_is_whatever_was_before() -> None:
    bench = new("HOMING")
    put_needle(bench, 0)
    bench.needle.measured_um = limits.NEEDLE_DISAGREEMENT_UM + 1
    for _ in range(TICKS - 1):
        assert outcome(bench)[1] == []
    bench.gate.begin_homing()
    bench.needle.measured_um += limits.NEEDLE_DISAGREEMENT_UM + 1
    for _ in range(TICKS - 1):
        assert outcome(bench)[1] == []
    assert outcome(bench)[1] == ["needle_disagrees"]


@pytest.mark.parametrize("state", ["PRIME", "SERVICE", "REWIND", "ARMED"])
def test_where_the_needle_is_parked_its_switch_alone_says_so(state: str) -> None:
    bench = new(state)
    bench.needle.measured_um += limits.NEEDLE_ASTRAY_UM + 50
    for _ in range(2 * TICKS):
        assert outcome(bench) == ((0, 0), [])


# --- the count ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_a_count_that_is_not_what_was_let_through_is_a_fault_where_something_may_move(
    state: str, record_figure: RecordFigure
) -> None:
    for dose_steps in (*(dose for dose, _ in moves_of(state) if dose), 0):
        for withheld in (0, 1):
            for around in AROUND:
                bench = new(state)
                stand_at(bench, 1_000)
                assert outcome(bench, dose_steps) == ((dose_steps, 0), [])
                bench.inputs.dose_steps += around
                bench.inputs.dose_withheld = withheld
                bad = around != 0 and not withheld and state in WATCHED
                assert outcome(bench)[1] == (["dose_count"] if bad else [])
                record_figure(CASES, 1)


# --- memory -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pl_per_step", "compliance_pl_per_kpa", "resistance_pa_per_nl"])
@pytest.mark.parametrize("state", ["SHOT", "PRIME", "SERVICE"])
def test_nothing_advances_by_a_number_that_has_changed_by_itself(
    state: str, name: str, record_figure: RecordFigure
) -> None:
    for bit in range(20):
        for dose_steps in AROUND:
            bench = new(state, dose_nl=200_000)
            assert bench.fluid.intact()
            setattr(bench.fluid, name, getattr(bench.fluid, name) ^ 1 << bit)
            assert not bench.fluid.intact()
            bad = dose_steps > 0
            assert outcome(bench, dose_steps) == ((0 if bad else dose_steps, 0), ["memory"] if bad else [])
            record_figure("flipped bits", 1)


def test_a_sensor_that_never_rests_is_out_of_range(record_figure: RecordFigure) -> None:
    for around in AROUND:
        bench = new("IDLE")
        bench.fluid.unrest_pa = limits.UNREST_MOST_PA + around
        assert bench.gate.implausible(bench.inputs) == (inhibits.SENSOR_RANGE if around > 0 else 0)
        record_figure(CASES, 1)


# --- what a drop counts from ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("around", AROUND)
def test_what_a_drop_is_counted_from_moves_only_while_the_needle_is_out(
    around: int, record_figure: RecordFigure
) -> None:
    bench = new("SHOT")
    bench.needle.counted_um = bench.needle.measured_um = around
    assert outcome(bench)[1] == []
    bench.fluid.origin_steps += 1
    assert outcome(bench)[1] == (["gate"] if around > 0 else [])
    record_figure(CASES, 1)


@pytest.mark.parametrize("around", AROUND)
def test_a_needle_counted_beyond_where_it_waits_is_not_home_whatever_the_switch_says(
    around: int, record_figure: RecordFigure
) -> None:
    bench = new("ARMED")
    bench.needle.homed = bench.inputs.home = 1
    bench.needle.counted_um = bench.needle.measured_um = limits.NEEDLE_WAITING_UM + around
    disagrees = ["needle_disagrees"] if around > 0 else []
    assert outcome(bench)[1] == disagrees
    bench.inputs.supply_counts = 0
    assert sorted(outcome(bench)[1]) == sorted([*disagrees, "supply"])
    record_figure(CASES, 1)
