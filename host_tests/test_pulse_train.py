"""Trains: which pulses leave the pin, and when."""

import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator import silicon
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin
from tools.simulator.pulse_train import Train, segments_of
from tools.simulator.rmt import RMT
from tools.simulator.silicon import Chip

STEP = 5


@pytest.fixture
def s3() -> Chip:
    return silicon.power_on("esp32s3")


@pytest.fixture
def esp32() -> Chip:
    return silicon.power_on("esp32")


def channel(pin: int = STEP, **more: int) -> RMT:
    return RMT(pin=Pin(pin), resolution_hz=1_000_000, **more)


def emitted(chip: Chip, pin: int = STEP) -> int:
    return chip.pins[pin].net.rises_by(chip.now_us)


def test_the_three_ways_to_write_a_train_make_the_same_pulses(s3: Chip) -> None:
    for duration, data in (
        ([10, 30, 10, 30, 10, 30], 1),
        ((10, 30, 10, 30, 10, 30), True),
        ([10, 30, 10, 30, 10, 30], [1, 0, 1, 0, 1, 0]),
    ):
        rmt = channel()
        before = emitted(s3)
        rmt.write_pulses(duration, data)
        device_time.sleep_us(200)
        assert emitted(s3) - before == 3
        rmt.deinit()
    rmt = channel()
    before = emitted(s3)
    rmt.write_pulses(20, [1, 0, 1, 0, 1])
    device_time.sleep_us(200)
    assert emitted(s3) - before == 3


def test_a_train_starts_when_the_call_returns_and_pulses_leave_one_by_one(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 90] * 5)
    start = s3.now_us
    for at_us, pulses in ((0, 1), (99, 1), (100, 2), (399, 4), (400, 5), (1000, 5)):
        s3.now_us = start + at_us
        assert emitted(s3) == pulses
        assert Pin(STEP).net.read() == (1 if at_us in (0, 100, 400) else 0)


def test_a_call_costs_more_for_a_longer_train(s3: Chip) -> None:
    rmt = channel()
    for durations, us in ((80, 69), (2, 10), (3, 12)):
        device_time.sleep_ms(10)
        before = s3.now_us
        rmt.write_pulses([10] * durations)
        assert s3.now_us - before == us


@pytest.mark.parametrize("ending", [0, 32768, 65536])
def test_a_duration_beyond_15_bits_that_is_left_with_zero_silently_ends_the_train(s3: Chip, ending: int) -> None:
    rmt = channel()
    rmt.write_pulses([10, 10, 10, ending, 10, 10, 10, 10])
    device_time.sleep_ms(1)
    assert emitted(s3) == 2
    assert not rmt.active()


def test_a_duration_beyond_15_bits_loses_its_upper_bits(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 32768 + 40, 10, 10])
    start = s3.now_us
    s3.now_us = start + 50
    assert emitted(s3) == 2


def test_a_list_that_was_changed_is_sent_as_it_is_now(s3: Chip) -> None:
    rmt = channel()
    durations = [10, 10, 10, 10]
    rmt.write_pulses(durations)
    device_time.sleep_ms(1)
    durations[1] = 0
    rmt.write_pulses(durations)
    device_time.sleep_ms(1)
    assert emitted(s3) == 2 + 1


@pytest.mark.parametrize("duration", [array.array("H", [10, 10]), b"\x0a\x0a", range(4)])
def test_durations_must_be_a_list_or_a_tuple(s3: Chip, duration: "list[int]") -> None:
    with pytest.raises(TypeError, match="tuple or list"):
        channel().write_pulses(duration)


def test_impossible_trains_are_refused(s3: Chip) -> None:
    rmt = channel()
    with pytest.raises(ValueError, match="No pulses"):
        rmt.write_pulses([])
    with pytest.raises(ValueError, match="same length"):
        rmt.write_pulses([10, 10], [1])


def test_the_resolution_scales_time(s3: Chip) -> None:
    rmt = RMT(pin=Pin(STEP), resolution_hz=10_000_000)
    rmt.write_pulses([100, 900] * 4)
    device_time.sleep_us(250)
    assert emitted(s3) == 3
    assert rmt.clock_div() == 8
    assert RMT.source_freq() == 80_000_000


def test_a_train_longer_than_the_memory_is_flagged(s3: Chip) -> None:
    rmt = channel()
    rmt.write_pulses([10, 10] * 47)
    device_time.sleep_ms(2)
    assert s3.flags == []
    rmt.write_pulses([10, 10] * 48)
    assert "longer than the channel's memory" in s3.flags[0]


@given(st.lists(st.integers(0, 40_000), min_size=1, max_size=30), st.booleans(), st.integers(0, 400_000))
def test_edges_of_a_train_agree_with_a_walk_through_it(durations: "list[int]", first: bool, at_us: int) -> None:
    levels = [(index + first) & 1 for index in range(len(durations))]
    train = Train(segments_of(levels, durations), 1_000_000, 0)
    level = rises = falls = start_us = 0
    for new_level, duration in [*((levels[i], durations[i] & 0x7FFF) for i in range(len(levels))), (0, 0)]:
        if start_us > at_us:
            break
        new_level = new_level if duration else 0  # the end: back to idle
        rises += new_level > level
        falls += new_level < level
        level = new_level
        start_us += duration
        if duration == 0:
            break
    assert (train.rises_in(at_us), train.falls_in(at_us), train.level_at(at_us)) == (rises, falls, level)
