"""PCNT: sixteen bits, a direction input, limits, a filter, and what it does to the pins it is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator import silicon
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin, join
from tools.simulator.pulse_counter import PCNT
from tools.simulator.rmt import RMT
from tools.simulator.silicon import Chip

STEP = 5
COUNT = 6
DIR = 7


class Bench:
    """A STEP net with a counter on a second pin, DIR as its sign."""

    def __init__(self, **more: int) -> None:
        self.chip: Chip = silicon.power_on("esp32s3")
        join(self.chip, STEP, COUNT)
        self.counter = PCNT(0, pin=Pin(COUNT), mode_pin=Pin(DIR), rising=PCNT.INCREMENT, mode_low=PCNT.REVERSE, **more)
        self.direction = Pin(DIR, Pin.OUT, value=1)
        self.rmt = RMT(pin=Pin(STEP), resolution_hz=1_000_000)
        self.counter.start()

    def send(self, pulses: int, us: int = 1000) -> None:
        self.rmt.write_pulses([5, 15] * pulses)
        device_time.sleep_us(us)


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- counting ---------------------------------------------------------------------------------------------------------


def test_a_new_unit_is_paused(bench: Bench) -> None:
    other = PCNT(1, pin=Pin(COUNT), rising=PCNT.INCREMENT)
    bench.send(3)
    assert other.value() == 0
    other.start()
    bench.send(2)
    assert other.value() == 2
    other.stop()
    bench.send(5)
    other.start()
    assert other.value() == 2


def test_a_read_in_the_middle_of_a_train_sees_what_has_left_the_pin(bench: Bench) -> None:
    bench.rmt.write_pulses([10, 90] * 10)
    start = bench.chip.now_us
    for at_us, pulses in ((0, 1), (95, 1), (100, 2), (500, 6), (899, 9), (900, 10)):
        bench.chip.now_us = start + at_us - silicon.COUNTER_US
        assert bench.counter.value() == pulses


def test_direction_low_counts_backwards(bench: Bench) -> None:
    bench.send(7)
    bench.direction(0)
    bench.send(10)
    assert bench.counter.value() == -3


def test_a_change_of_direction_in_the_middle_of_a_train_splits_it(bench: Bench) -> None:
    bench.rmt.write_pulses([10, 90] * 10)
    device_time.sleep_us(348)
    bench.direction(0)  # at 350
    device_time.sleep_us(1000)
    assert bench.counter.value() == 4 - 6


def test_clearing_returns_the_count_before(bench: Bench) -> None:
    bench.send(7)
    assert bench.counter.value(0) == 7
    assert bench.counter.value() == 0
    with pytest.raises(ValueError, match="value"):
        bench.counter.value(1)


def test_pulses_by_the_pin_itself_count_too(bench: Bench) -> None:
    step = Pin(STEP, Pin.OUT, value=0)
    for _ in range(3):
        step(1)
        step(0)
    assert bench.counter.value() == 3


def test_falling_edges_and_the_second_channel_count_into_the_same_unit(bench: Bench) -> None:
    bench.counter.init(channel=1, pin=Pin(COUNT), falling=PCNT.INCREMENT)
    bench.send(4)
    assert bench.counter.value() == 8


def test_hold_stops_counting_while_the_mode_level_lasts(bench: Bench) -> None:
    bench.counter.init(rising=PCNT.INCREMENT, mode_low=PCNT.HOLD)
    bench.direction(0)
    bench.send(4)
    bench.direction(1)
    bench.send(2)
    assert bench.counter.value() == 2


def test_actions_left_out_fall_back_to_their_defaults(bench: Bench) -> None:
    bench.counter.init(mode_low=PCNT.REVERSE)  # rising becomes IGNORE
    bench.send(4)
    assert bench.counter.value() == 0


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=30))
def test_the_count_is_the_sum_of_signed_trains(trains: "list[tuple[bool, int]]") -> None:
    bench = Bench()
    total = 0
    for forward, pulses in trains:
        bench.direction(forward)
        bench.send(pulses)
        total += pulses if forward else -pulses
    assert bench.counter.value() == total


# --- limits -----------------------------------------------------------------------------------------------------------


def test_without_limits_sixteen_bits_wrap(bench: Bench) -> None:
    for _ in range(820):
        bench.send(40)
    assert bench.counter.value() == 820 * 40 - 65536


def test_the_count_restarts_at_zero_on_reaching_a_limit() -> None:
    bench = Bench(min=-100, max=100)
    bench.send(40)
    bench.send(40)
    bench.send(19)
    assert bench.counter.value() == 99
    bench.send(1)
    assert bench.counter.value() == 0
    bench.send(5)
    bench.direction(0)
    for _ in range(3):
        bench.send(40)
    assert bench.counter.value() == 5 - 120 + 100


@pytest.mark.parametrize("setting", [{"max": 1000}, {"min": -1000}, {"threshold0": 5}, {"threshold1": 5}, {"value": 0}])
def test_setting_a_limit_clears_the_count(bench: Bench, setting: "dict[str, int]") -> None:
    bench.send(5)
    bench.counter.init(**setting)
    assert bench.counter.value() == 0


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        ({"max": 32768}, "maximum"),
        ({"max": -1}, "maximum"),
        ({"min": 1}, "minimum"),
        ({"min": -32769}, "minimum"),
        ({"filter": 1024}, "filter"),
        ({"rising": 3}, "rising"),
        ({"value": 1}, "value"),
        ({"channel": 2}, "channel"),
    ],
)
def test_values_beyond_the_hardware_are_refused(bench: Bench, setting: "dict[str, int]", word: str) -> None:
    with pytest.raises(ValueError, match=word):
        bench.counter.init(**setting)


# --- filter -----------------------------------------------------------------------------------------------------------


def test_the_filter_ignores_pulses_shorter_than_its_clock_cycles() -> None:
    bench = Bench(filter=400)  # 5 us
    bench.rmt.write_pulses([5, 15] * 3)
    device_time.sleep_us(500)
    assert bench.counter.value() == 3
    bench.rmt.write_pulses([4, 16] * 3)
    device_time.sleep_us(500)
    assert bench.counter.value() == 3


def test_the_filter_joins_pulses_with_a_short_gap_between() -> None:
    bench = Bench(filter=400)
    bench.rmt.write_pulses([20, 2, 20, 30, 20, 30])
    device_time.sleep_us(500)
    assert bench.counter.value() == 2


# --- pins and units ---------------------------------------------------------------------------------------------------


def test_a_unit_exists_once(bench: Bench) -> None:
    bench.send(3)
    again = PCNT(0)
    assert again is bench.counter
    assert again.value() == 3


def test_an_s3_has_four_units_and_an_esp32_eight(bench: Bench) -> None:
    with pytest.raises(ValueError, match="invalid id"):
        PCNT(4)
    silicon.power_on("esp32")
    PCNT(7)
    with pytest.raises(ValueError, match="invalid id"):
        PCNT(8)


def test_configuring_switches_the_output_of_its_pins_off_and_pulls_them_up() -> None:
    chip = silicon.power_on("esp32s3")
    direction = Pin(DIR, Pin.OUT, value=0)
    PCNT(0, pin=Pin(COUNT), mode_pin=direction, rising=PCNT.INCREMENT)
    assert direction() == 1  # the latch says 0, but nothing drives
    assert chip.flags == ["GPIO7: PCNT switched its output off; configure PCNT first"]
    direction.init(Pin.OUT)
    assert direction() == 0


def test_a_pin_can_be_driven_again_and_still_be_counted() -> None:
    chip = silicon.power_on("esp32")
    counter = PCNT(0, pin=Pin(25), rising=PCNT.INCREMENT)
    counter.start()
    rmt = RMT(pin=Pin(25), resolution_hz=1_000_000)  # after PCNT, on the same pin
    rmt.write_pulses([10, 10] * 9)
    device_time.sleep_us(500)
    assert counter.value() == 9
    assert chip.flags == []


def test_a_mode_pin_needs_a_pin(bench: Bench) -> None:
    with pytest.raises(ValueError, match="pin"):
        bench.counter.init(mode_pin=Pin(DIR))


def test_deinit_pauses_clears_and_disconnects(bench: Bench) -> None:
    bench.send(3)
    bench.counter.deinit()
    bench.counter.start()
    bench.send(3)
    assert bench.counter.value() == 0


def test_a_missed_pulse_can_be_simulated(bench: Bench) -> None:
    bench.send(10)
    bench.counter.miss(2)
    assert bench.counter.value() == 8
