"""The integer ramp."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.motion import Ramp, braked_steps

TOP_STEPS = 40
RAMP_STEPS = 10


def stopping_distance(chunk_steps: int) -> int:
    """Steps from a chunk to standstill, this chunk included, braking by 10 a tick."""
    return sum(range(chunk_steps, 0, -RAMP_STEPS))


def test_forty_steps_need_a_hundred_to_stop() -> None:
    assert [stopping_distance(chunk) for chunk in (10, 20, 30, 40)] == [10, 30, 60, 100]


@pytest.mark.parametrize("distance_steps", range(110))
def test_a_braked_chunk_is_the_largest_that_can_still_stop_in_time(distance_steps: int) -> None:
    can_stop = [chunk for chunk in range(TOP_STEPS + 1) if stopping_distance(chunk) <= distance_steps]
    assert braked_steps(distance_steps) == max(can_stop)


def test_from_far_away_the_axis_goes_at_full_speed() -> None:
    assert {braked_steps(distance_steps) for distance_steps in range(100, 4_000)} == {TOP_STEPS}


@pytest.mark.parametrize("before_steps", range(-TOP_STEPS, TOP_STEPS + 1))
def test_the_next_chunk_is_what_is_wanted_but_for_the_ramp_and_the_top_speed(before_steps: int) -> None:
    for wanted_steps in range(TOP_STEPS + RAMP_STEPS + 1):
        ramp = Ramp()
        ramp.chunk_steps = before_steps
        forward = min(max(before_steps, 0) + RAMP_STEPS, TOP_STEPS, wanted_steps)
        assert ramp.forward(wanted_steps) == ramp.chunk_steps == forward
        ramp.chunk_steps = before_steps
        backward = -min(max(-before_steps, 0) + RAMP_STEPS, TOP_STEPS, wanted_steps)
        assert ramp.backward(wanted_steps) == ramp.chunk_steps == backward


@pytest.mark.parametrize("before_steps", [-TOP_STEPS, -1, 0, 1, TOP_STEPS])
def test_toward_goes_the_way_that_the_distance_says(before_steps: int) -> None:
    for distance_steps in range(-110, 111):
        ramp = Ramp()
        ramp.chunk_steps = before_steps
        chunk = ramp.toward(distance_steps)
        ramp.chunk_steps = before_steps
        braked = braked_steps(abs(distance_steps))
        assert chunk == (ramp.backward(braked) if distance_steps < 0 else ramp.forward(braked))


def test_a_short_way_is_made_at_once() -> None:
    assert Ramp().toward(7) == 7
    assert Ramp().toward(-7) == -7
    assert Ramp().toward(0) == 0


def drive(distance_steps: int) -> "list[int]":
    """The chunks of a whole move."""
    ramp = Ramp()
    chunks: list[int] = []
    while distance_steps:
        chunks.append(ramp.toward(distance_steps))
        assert chunks[-1] != 0
        distance_steps -= chunks[-1]
    return chunks


@pytest.mark.law
@given(st.integers(-4000, 4000))
def test_a_move_arrives_exactly_and_never_jumps(distance_steps: int) -> None:
    chunks = drive(distance_steps)
    sizes = [0, *map(abs, chunks), 0]
    assert sum(chunks) == distance_steps
    assert max(sizes) <= TOP_STEPS
    assert all(abs(after - before) <= RAMP_STEPS for before, after in pairwise(sizes))
    assert all((chunk > 0) == (distance_steps > 0) for chunk in chunks)


def test_a_long_move_reaches_top_speed() -> None:
    assert drive(400).count(TOP_STEPS) >= 5


@pytest.mark.law
@given(st.lists(st.tuples(st.sampled_from(["forward", "backward", "toward", "stop"]), st.integers(0, 300))))
def test_whatever_is_wanted_a_chunk_grows_by_ten_at_most(wishes: "list[tuple[str, int]]") -> None:
    ramp = Ramp()
    before = 0
    for way, wanted in wishes:
        chunk = 0
        if way == "forward":
            chunk = ramp.forward(wanted)
            assert 0 <= chunk <= wanted
        elif way == "backward":
            chunk = ramp.backward(wanted)
            assert -wanted <= chunk <= 0
        elif way == "toward":
            chunk = ramp.toward(wanted - 150)
            assert min(wanted - 150, 0) <= chunk <= max(wanted - 150, 0)
        else:
            ramp.stop()
        same_way = before if before * chunk > 0 else 0
        assert abs(chunk) <= min(abs(same_way) + RAMP_STEPS, TOP_STEPS)
        before = chunk


def test_a_reversal_starts_from_rest() -> None:
    ramp = Ramp()
    for _ in range(4):
        ramp.forward(40)
    assert ramp.chunk_steps == 40
    assert ramp.backward(40) == -10
    assert ramp.forward(40) == 10
