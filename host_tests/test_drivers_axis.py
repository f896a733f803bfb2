"""An axis moves only while every step so far is accounted for, and never without power."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.board_bench import CHIPS, Bench

FAULTS = ("a lost pulse", "a pulse too many", "a glitch on the net")


def _spoil(bench: Bench, fault: str, axis: str = "dose") -> None:
    counter = bench.chip.counters[0 if axis == "dose" else 1]
    if fault == "a lost pulse":
        counter.miss(1)
    elif fault == "a pulse too many":
        counter.miss(-1)
    else:
        getattr(bench.world, axis).glitch(3)


@pytest.mark.parametrize("chip", CHIPS)
@given(chunks=st.lists(st.integers(-40, 40), max_size=40))
@settings(max_examples=30)
@pytest.mark.law
def test_whatever_is_commanded_with_power_is_counted_and_turns_the_screw(chip: str, chunks: "list[int]") -> None:
    bench = Bench(chip)
    bench.power()
    for steps in chunks:
        bench.move(steps, -steps)
        bench.cycle()
        assert bench.inputs.dose_withheld == bench.inputs.needle_withheld == 0
        assert bench.inputs.dose_miscount_steps == bench.inputs.needle_miscount_steps == 0
    bench.move(0)
    bench.cycle(2)
    assert bench.inputs.dose_steps == sum(chunks)
    assert bench.inputs.needle_steps == -sum(chunks)
    assert bench.plant.dose_steps == sum(chunks)
    assert bench.plant.needle_steps == -sum(chunks)
    assert bench.chip.flags == []


@pytest.mark.parametrize("chip", CHIPS)
@given(
    commands=st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(-40, 40), st.integers(-40, 40)), max_size=40)
)
@settings(max_examples=40)
@pytest.mark.law
def test_an_axis_without_enable_gets_no_pulse(chip: str, commands: "list[tuple[bool, bool, int, int]]") -> None:
    bench = Bench(chip)
    for dose_on, needle_on, dose_steps, needle_steps in commands:
        bench.outputs.dose_enable = int(dose_on)
        bench.outputs.needle_enable = int(needle_on)
        bench.move(dose_steps, needle_steps)
        before = bench.rises(bench.pins.DOSE_STEP), bench.rises(bench.pins.NEEDLE_STEP)
        bench.cycle()
        bench.wait_us(1600)
        dose_rises = bench.rises(bench.pins.DOSE_STEP) - before[0]
        needle_rises = bench.rises(bench.pins.NEEDLE_STEP) - before[1]
        assert dose_rises == (abs(dose_steps) if dose_on else 0)
        assert needle_rises == (abs(needle_steps) if needle_on else 0)


def test_chunk_is_withheld_while_the_last_train_runs_and_released_after() -> None:
    bench = Bench()
    bench.power()
    bench.move(40)
    bench.board.apply(bench.outputs)
    bench.wait_us(700)
    bench.board.apply(bench.outputs)
    assert bench.board._dose.withheld_ticks == 1
    bench.wait_us(300)
    bench.board.apply(bench.outputs)
    assert bench.board._dose.withheld_ticks == 2
    bench.wait_us(1500)
    bench.board.apply(bench.outputs)
    assert bench.board._dose.withheld_ticks == 0
    bench.wait_us(1600)
    assert bench.rises(bench.pins.DOSE_STEP) == 80


@pytest.mark.parametrize("chip", CHIPS)
def test_the_first_look_finds_nothing_counted_nothing_withheld_nothing_wrong(chip: str) -> None:
    bench = Bench(chip)
    bench.wait_us(2000)
    bench.board.sample(bench.inputs)
    inputs = bench.inputs
    assert (inputs.dose_steps, inputs.dose_withheld, inputs.dose_miscount_steps) == (0, 0, 0)
    assert (inputs.needle_steps, inputs.needle_withheld, inputs.needle_miscount_steps) == (0, 0, 0)


def test_a_chunk_for_an_axis_without_power_counts_as_withheld() -> None:
    bench = Bench()
    bench.power(dose=0)
    bench.move(5)
    bench.cycle(4)
    assert bench.inputs.dose_withheld == 3
    bench.move(0)
    bench.cycle(2)
    assert bench.inputs.dose_withheld == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_the_16_bit_counter_is_kept_far_from_its_ends_on_a_long_way(sign: int) -> None:
    bench = Bench()
    bench.power()
    bench.move(40 * sign)
    largest = 0
    for _ in range(1000):
        bench.cycle()
        largest = max(largest, abs(bench.chip.counters[0].value()))
    bench.move(0)
    bench.cycle(2)
    assert bench.inputs.dose_steps == 40_000 * sign
    assert bench.inputs.dose_miscount_steps == bench.inputs.dose_withheld == 0
    assert 15_000 <= largest <= 16_040


def test_a_train_under_way_is_no_miscount() -> None:
    bench = Bench()
    bench.power()
    bench.move(40)
    bench.board.apply(bench.outputs)
    bench.wait_us(700)
    bench.board.sample(bench.inputs)
    assert 0 < bench.inputs.dose_steps < 40
    assert bench.inputs.dose_miscount_steps == 0


def test_rmt_that_never_says_done_withholds_for_ever() -> None:
    bench = Bench()
    bench.power()
    bench.move(10)
    bench.cycle()
    bench.board._dose._train._active = lambda: True
    bench.cycle(6)
    assert bench.inputs.dose_withheld == 5
    assert bench.rises(bench.pins.DOSE_STEP) == 10


def test_a_tick_without_a_chunk_ends_the_row_of_withheld_ticks() -> None:
    bench = Bench()
    bench.power()
    bench.move(40)
    bench.board.apply(bench.outputs)
    bench.board.apply(bench.outputs)
    assert bench.board._dose.withheld_ticks == 1
    bench.move(0)
    bench.board.apply(bench.outputs)
    assert bench.board._dose.withheld_ticks == 0


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("axis", ["dose", "needle"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_count_is_reported_at_once_and_nothing_moves_until_power_was_off(
    chip: str, axis: str, fault: str
) -> None:
    bench = Bench(chip)
    step_pin = getattr(bench.pins, axis.upper() + "_STEP")

    def miscount() -> int:
        return getattr(bench.inputs, axis + "_miscount_steps")

    def withheld() -> int:
        return getattr(bench.inputs, axis + "_withheld")

    bench.power()
    bench.move(20, 20)
    bench.cycle()
    _spoil(bench, fault, axis)
    bench.cycle()
    wrong = {"a lost pulse": -1, "a pulse too many": 1, "a glitch on the net": 3}[fault]
    assert miscount() == wrong
    rises = bench.rises(step_pin)
    bench.cycle(5)
    assert miscount() == wrong
    assert withheld() == 5
    assert bench.rises(step_pin) == rises
    bench.power(0, 0)
    assert miscount() == 0
    bench.power()
    bench.move(7, 7)
    bench.cycle()
    bench.move(0, 0)
    bench.cycle()
    assert bench.rises(step_pin) == rises + 7
    assert miscount() == withheld() == 0


def test_an_axis_that_rested_for_ten_minutes_moves_at_once() -> None:
    """Longer than half a period of the microsecond counter, after which a time difference changes its sign."""
    bench = Bench()
    bench.power()
    bench.move(10)
    bench.cycle()
    bench.move(0)
    bench.cycle(2)
    bench.wait_us(600_000_000)
    bench.move(10)
    bench.cycle()
    bench.move(0)
    bench.cycle()
    assert bench.inputs.dose_steps == 20
    assert bench.inputs.dose_withheld == 0


def test_a_miscount_of_one_axis_does_not_hold_the_other() -> None:
    bench = Bench()
    bench.power()
    _spoil(bench, "a lost pulse")
    bench.move(10, -10)
    bench.cycle(4)
    assert bench.inputs.dose_withheld == 3
    assert bench.inputs.needle_withheld == 0
    bench.wait_us(1600)
    assert bench.rises(bench.pins.NEEDLE_STEP) == 40
    assert bench.rises(bench.pins.DOSE_STEP) == 0


@pytest.mark.parametrize("chip", CHIPS)
@given(after_us=st.integers(0, 1500))
@settings(max_examples=30)
def test_power_off_in_mid_train_stops_the_screw_at_once_and_the_axis_comes_back_exact(chip: str, after_us: int) -> None:
    bench = Bench(chip)
    bench.power()
    bench.move(40, 40)
    bench.board.apply(bench.outputs)
    bench.wait_us(after_us)
    bench.outputs.dose_enable = bench.outputs.needle_enable = 0
    bench.move(0, 0)
    bench.board.apply(bench.outputs)
    assert bench.level(bench.pins.DOSE_EN) == 1
    stopped: Any = bench.rises(bench.pins.DOSE_STEP), bench.rises(bench.pins.NEEDLE_STEP)
    for _ in range(3):
        bench.cycle()
        assert bench.inputs.dose_miscount_steps == bench.inputs.needle_miscount_steps == 0
        bench.board.step_background()
    assert (bench.rises(bench.pins.DOSE_STEP), bench.rises(bench.pins.NEEDLE_STEP)) == stopped
    assert bench.inputs.dose_steps == stopped[0]
    assert abs(bench.plant.dose_steps - stopped[0]) <= 1
    bench.power()
    bench.move(-30, -30)
    bench.cycle()
    bench.move(0, 0)
    bench.cycle()
    assert bench.inputs.dose_steps == stopped[0] - 30
    assert bench.inputs.needle_steps == stopped[1] - 30
    assert bench.inputs.dose_withheld == bench.inputs.dose_miscount_steps == 0
    assert bench.chip.flags == []
