"""Pulse trains: their shape, that they end by themselves, and what is left of one that was cut."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.board_bench import CHIPS, Bench
from tools.simulator.chips import MODELS

LONGEST_US = 1500
RMT_LONGEST = 32_767  # 15 bits
TMC2209_STEP_HIGH_US = 2  # with a wide margin: the datasheet asks for 100 ns
TRAINS = Bench().module("drivers.pulse_train").durations_us()


@given(steps=st.integers(1, 40))
@pytest.mark.law
def test_every_train_has_as_many_pulses_as_steps_evenly_spread(steps: int) -> None:
    train = TRAINS[steps]
    assert len(train) == 2 * steps
    assert len(set(train[0::2])) == 1
    assert len(set(train[1::2])) == 1
    assert sum(train) <= LONGEST_US
    assert LONGEST_US - sum(train) < steps


@given(steps=st.integers(1, 40))
def test_no_duration_ends_the_train_and_no_pulse_is_too_short(steps: int) -> None:
    low_us, high_us = TRAINS[steps][:2]
    assert 1 <= low_us <= RMT_LONGEST
    assert TMC2209_STEP_HIGH_US <= high_us <= RMT_LONGEST
    assert low_us >= 20  # DIR is set that long before the first edge


@pytest.mark.parametrize("chip", CHIPS)
def test_longest_train_and_its_end_mark_fit_the_memory_of_the_channel(chip: str) -> None:
    assert len(TRAINS[40]) // 2 + 1 <= MODELS[chip].rmt_words


def test_a_train_longer_than_40_is_refused_before_anything_moves() -> None:
    bench = Bench()
    train = bench.board._dose._train
    bench.wait_us(LONGEST_US)
    with pytest.raises(IndexError):
        train.start(41)
    bench.wait_us(5000)
    assert bench.rises(bench.pins.DOSE_STEP) == 0


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("steps", [1, 2, 7, 39, 40])
def test_train_is_busy_until_its_time_is_over_and_ends_by_itself(chip: str, steps: int) -> None:
    bench = Bench(chip)
    train = bench.board._dose._train
    bench.wait_us(LONGEST_US)
    assert not train.busy()
    train.start(steps)
    assert train.busy()
    bench.wait_us(LONGEST_US - 20)
    assert train.busy()
    bench.wait_us(20)
    assert not train.busy()
    bench.wait_us(100_000)
    assert bench.rises(bench.pins.DOSE_STEP) == steps
    assert bench.level(bench.pins.DOSE_STEP) == 0


@pytest.mark.parametrize("steps", [1, 13, 40])
def test_train_begins_low_and_each_pulse_is_10_us_high(steps: int) -> None:
    bench = Bench()
    train = bench.board._dose._train
    bench.wait_us(LONGEST_US)
    train.start(steps)
    started_us = bench.world.now_us
    period_us = LONGEST_US // steps
    for us, level in ((period_us - 15, 0), (period_us - 5, 1), (period_us + 5, 0)):
        bench.wait_us(us - (bench.world.now_us - started_us))
        assert bench.level(bench.pins.DOSE_STEP) == level, us
    assert bench.rises(bench.pins.DOSE_STEP) == 1


@pytest.mark.parametrize("chip", CHIPS)
def test_new_channel_first_sends_the_longest_train_without_an_edge_to_make_room(
    chip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(chip)
    module: Any = bench.module("drivers.pulse_train")
    sent: list[tuple[int, bool]] = []

    write_pulses = module.RMT.write_pulses

    def noting(channel: Any, duration: Any, data: Any) -> None:
        sent.append((len(duration), data if isinstance(data, bool) else any(data)))
        write_pulses(channel, duration, data)

    monkeypatch.setattr(module.RMT, "write_pulses", noting)
    train = bench.board._dose._train
    train.cut()
    bench.wait_us(LONGEST_US)
    train.reconnect()
    assert sent == [(80, False)]
    assert train.busy()  # with that one
    bench.wait_us(LONGEST_US)
    assert not train.busy()
    assert bench.rises(bench.pins.DOSE_STEP) == 0


@pytest.mark.parametrize("chip", CHIPS)
def test_step_and_its_count_pin_are_pulled_low_when_nobody_drives_them(chip: str) -> None:
    bench = Bench(chip)
    for name in ("DOSE_STEP", "DOSE_STEP_COUNT", "NEEDLE_STEP", "NEEDLE_STEP_COUNT"):
        pin = bench.chip.pins[getattr(bench.pins, name)]
        assert pin.pull == pin.PULL_DOWN


@pytest.mark.parametrize("chip", CHIPS)
@given(after_us=st.integers(0, 1600))
def test_no_pulse_comes_after_a_cut(chip: str, after_us: int) -> None:
    bench = Bench(chip)
    train = bench.board._dose._train
    bench.wait_us(LONGEST_US)
    train.start(40)
    bench.wait_us(after_us)
    train.cut()
    rises = bench.rises(bench.pins.DOSE_STEP)
    assert rises <= 40
    assert bench.level(bench.pins.DOSE_STEP) == 0
    bench.wait_us(5000)
    assert bench.rises(bench.pins.DOSE_STEP) == rises


@pytest.mark.parametrize("chip", CHIPS)
def test_cut_train_plays_to_its_end_before_the_pin_gets_a_new_channel(chip: str) -> None:
    bench = Bench(chip)
    train = bench.board._dose._train
    bench.wait_us(LONGEST_US)
    train.start(40)
    bench.wait_us(500)
    train.cut()
    rises = bench.rises(bench.pins.DOSE_STEP)
    train.reconnect()
    assert train.is_cut
    bench.wait_us(LONGEST_US)
    train.reconnect()
    assert not train.is_cut
    bench.wait_us(LONGEST_US)
    train.start(25)
    bench.wait_us(LONGEST_US)
    assert not train.busy()
    assert bench.rises(bench.pins.DOSE_STEP) == rises + 25


def test_a_pin_that_was_never_cut_keeps_its_channel() -> None:
    bench = Bench()
    train = bench.board._dose._train
    channel = train._rmt
    bench.wait_us(LONGEST_US)
    train.reconnect()
    assert train._rmt is channel


def test_a_hundred_cuts_use_up_no_channels() -> None:
    bench = Bench()
    train = bench.board._dose._train
    for _ in range(100):
        train.cut()
        bench.wait_us(2000)
        train.reconnect()
    assert not train.is_cut
