"""The screws of the project's plant: which steps turn them, and where nut and needle then are."""

from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator.drive_train import Carriage, Motor, Screw


def _turned(motor: Motor, *chunks: int, dt_us: int = 2000) -> "list[int]":
    return [motor.turn(dt_us, steps) for steps in chunks]


def test_a_ramp_of_ten_steps_a_tick_loses_nothing() -> None:
    motor = Motor()
    ramp = [10, 20, 30, 40, 40, 40, 30, 20, 10]
    assert _turned(motor, *ramp) == ramp
    assert motor.lost_steps == 0


def test_growth_beyond_the_ramp_loses_the_whole_chunk_and_starts_from_rest() -> None:
    motor = Motor()
    assert _turned(motor, 10, 22, 35, 13, 12) == [10, 22, 0, 0, 12]
    assert motor.lost_steps == 48


def test_no_speed_is_reached_from_rest_at_once() -> None:
    assert _turned(Motor(), 13, 0, 12, 0, 24) == [0, 0, 12, 0, 0]


def test_top_speed_has_a_fifth_of_tolerance_and_no_more() -> None:
    at_speed = (10, 20, 30, 40)
    assert _turned(Motor(), *at_speed, 48)[-1] == 48
    assert _turned(Motor(), *at_speed, 49)[-1] == 0
    fast = Motor()
    _turned(fast, *at_speed)
    assert fast.turn(1700, 40) == 40
    assert fast.turn(1600, 40) == 0


def test_slowing_and_stopping_are_free() -> None:
    assert _turned(Motor(), 10, 20, 30, 40, 3, 0, 10) == [10, 20, 30, 40, 3, 0, 10]


def test_the_other_direction_starts_from_rest() -> None:
    assert _turned(Motor(), 10, 20, -12, -22) == [10, 20, -12, -22]
    assert _turned(Motor(), 10, 20, -13) == [10, 20, 0]


def test_one_chunk_seen_in_parts_is_no_jerk() -> None:
    motor = Motor()
    _turned(motor, 10, 20)
    assert _turned(motor, 8, 8, 8, 6, dt_us=500) == [8, 8, 8, 6]
    assert motor.turn(500, 0) == 0  # a pause inside one tick is no rest
    assert motor.turn(2000, 38) == 38


def test_a_long_step_of_time_allows_a_long_ramp() -> None:
    assert Motor().turn(8000, 160) == 160
    assert Motor().turn(8000, 200) == 0


def test_outward_the_spring_carries_the_needle_without_a_ramp() -> None:
    needle = Motor(spring_helps_back=True)
    assert _turned(needle, -40, -40, 0, 13) == [-40, -40, 0, 0]
    assert needle.turn(2000, -49) == 0


@given(chunks=st.lists(st.integers(-60, 60), max_size=50))
@pytest.mark.law
def test_every_step_is_either_made_or_lost(chunks: "list[int]") -> None:
    motor = Motor()
    made = _turned(motor, *chunks)
    assert all(done in (0, asked) for done, asked in zip(made, chunks, strict=True))
    assert sum(map(abs, made)) + motor.lost_steps == sum(map(abs, chunks))


def test_screw_error_repeats_with_every_turn_and_has_its_amplitude() -> None:
    screw = Screw(0.3125, 1.0, 1000, 0.3)
    errors = [screw.move(1) - screw.ideal_um for _ in range(6400)]
    assert isclose(max(errors) - min(errors), 2.0, abs_tol=1e-3)
    assert all(isclose(errors[n], errors[n + 3200], abs_tol=1e-9) for n in range(3200))


def test_screw_error_is_smooth_where_its_pieces_meet() -> None:
    screw = Screw(0.3125, 1.0, 1000, 0.0)
    places = [screw.move(1) for _ in range(3200)]
    paces = [after - before for before, after in pairwise(places)]
    slope = 2 * 3.1416 / 1000  # of a sine of 1 um over 1000 um
    assert isclose(max(paces), 0.3125 * (1 + slope), abs_tol=1e-3)
    assert isclose(min(paces), 0.3125 * (1 - slope), abs_tol=1e-3)


def test_screw_starts_at_zero_whatever_its_phase() -> None:
    for phase in (0.0, 0.2, 0.4, 0.6, 0.8):
        assert isclose(Screw(0.3125, 1.5, 1000, phase).move(0), 0, abs_tol=1e-12)


def test_a_stalled_screw_goes_on_from_where_it_stopped() -> None:
    screw = Screw(0.3125, 0.0, 1000, 0.0)
    screw.move(100)
    screw.slip(10)
    assert isclose(screw.move(0), 21.25, rel_tol=1e-6)


def test_carriage_has_five_um_of_play_behind_the_motor() -> None:
    carriage = Carriage(5.0)
    assert carriage.move(100) == -1500
    assert carriage.move(-1) == -1500
    assert carriage.move(-1) == -1505
    assert carriage.move(1) == -1505
    assert carriage.move(1) == -1500


def test_carriage_ends_at_both_ends_and_forgets_the_steps_beyond() -> None:
    carriage = Carriage(5.0)
    assert carriage.move(-100) == -2000
    assert isclose(carriage.move(10), -1955, rel_tol=1e-6)  # 5 um of it taken by the play
    assert carriage.move(10_000) == 13_000
    assert carriage.move(-11) == 12_950


def test_home_switch_closes_just_before_the_end() -> None:
    carriage = Carriage(5.0)
    assert carriage.home
    carriage.move(5)
    assert carriage.home
    carriage.move(1)
    assert not carriage.home
    carriage.move(-100)
    assert carriage.home
