"""The step counter: signed by DIR, past the end of 16 bits, past its own recentring, deaf to glitches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.board_bench import CHIPS, Bench


def _send(bench: Bench, steps: int) -> None:
    """A train on the dose axis, straight past the axis' own rules."""
    axis = bench.board._dose
    axis._dir(1 if steps > 0 else 0)
    axis._train.start(abs(steps))
    bench.wait_us(1500)


@pytest.mark.parametrize("chip", CHIPS)
@given(chunks=st.lists(st.integers(-40, 40).filter(bool), max_size=30))
@settings(max_examples=30)
@pytest.mark.law
def test_total_is_the_sum_of_all_chunks_with_their_signs(chip: str, chunks: "list[int]") -> None:
    bench = Bench(chip)
    bench.wait_us(1500)
    total = 0
    for steps in chunks:
        _send(bench, steps)
        total += steps
        assert bench.board._dose._counter.read() == total


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("recentring", [False, True])
def test_total_goes_on_past_16_bits(sign: int, recentring: bool) -> None:
    bench = Bench()
    counter = bench.board._dose._counter
    bench.wait_us(1500)
    largest = 0
    for _ in range(2000):
        _send(bench, 40 * sign)
        counter.read()
        if recentring:
            counter.recentre()
        largest = max(largest, abs(bench.chip.counters[0].value()))
    assert counter.read() == 80_000 * sign
    if recentring:
        assert largest <= 16_040
    else:
        assert largest > 32_000


@pytest.mark.parametrize("chip", CHIPS)
def test_prepared_channel_and_pins_have_not_been_counted(chip: str) -> None:
    bench = Bench(chip)
    bench.wait_us(5000)
    assert bench.board._dose._counter.read() == 0
    assert bench.board._needle._counter.read() == 0


@pytest.mark.parametrize("chip", CHIPS)
def test_counter_leaves_step_low_and_direction_driven(chip: str) -> None:
    bench = Bench(chip)
    bench.wait_us(5000)
    for pin in (bench.pins.DOSE_STEP, bench.pins.NEEDLE_STEP):
        assert bench.level(pin) == 0
    for pin in (bench.pins.DOSE_DIR, bench.pins.NEEDLE_DIR):
        assert bench.chip.pins[pin].drives


def test_axes_are_counted_apart() -> None:
    bench = Bench()
    bench.wait_us(1500)
    _send(bench, 12)
    assert bench.board._dose._counter.read() == 12
    assert bench.board._needle._counter.read() == 0


def test_a_pulse_between_reading_and_recentring_is_not_lost() -> None:
    bench = Bench()
    counter = bench.board._dose._counter
    bench.wait_us(1500)
    bench.board._dose._dir(1)
    bench.world.dose.glitch(16_500)
    assert counter.read() == 16_500
    bench.world.dose.glitch(1)
    counter.recentre()
    assert counter.read() == 16_501
    assert bench.chip.counters[0].value() == 0


@pytest.mark.parametrize("chip", CHIPS)
def test_board_built_anew_on_driven_pins_is_no_objection(chip: str) -> None:
    """As after a soft reset."""
    bench = Bench(chip)
    bench.power()
    bench.module("drivers.board").Board()
    assert bench.chip.flags == []
