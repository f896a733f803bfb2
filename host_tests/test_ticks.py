"""Time that wraps every 2^30 us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.ticks import elapsed_us, later_us
from host_tests.chip_int import ChipInt

TURN_US = 1 << 30
CLOCKS = st.integers(0, TURN_US - 1)
SPANS = st.integers(-TURN_US // 2, TURN_US // 2 - 1)


def test_two_milliseconds_across_the_wrap_are_two_milliseconds() -> None:
    assert elapsed_us(1_500, TURN_US - 500) == 2_000
    assert elapsed_us(TURN_US - 500, 1_500) == -2_000


def test_a_clock_that_stands_has_not_moved() -> None:
    assert elapsed_us(TURN_US - 1, TURN_US - 1) == 0


def test_half_a_turn_counts_as_past() -> None:
    assert elapsed_us(TURN_US // 2, 0) == -TURN_US // 2
    assert elapsed_us(TURN_US // 2 - 1, 0) == TURN_US // 2 - 1


@pytest.mark.law
@given(CLOCKS, SPANS)
def test_what_is_later_by_a_span_has_that_span_elapsed(then_us: int, span_us: int) -> None:
    later = later_us(then_us, span_us)
    assert 0 <= later < TURN_US
    assert elapsed_us(later, then_us) == span_us


@pytest.mark.law
@given(CLOCKS, CLOCKS, st.integers(0, TURN_US - 1))
def test_a_shift_of_both_clocks_changes_no_difference(now_us: int, then_us: int, shift_us: int) -> None:
    shifted = elapsed_us((now_us + shift_us) % TURN_US, (then_us + shift_us) % TURN_US)
    assert shifted == elapsed_us(now_us, then_us)


EDGES_US = (0, 1, TURN_US // 2 - 1, TURN_US // 2, TURN_US // 2 + 1, TURN_US - 1)


@pytest.mark.parametrize("now_us", EDGES_US)
@pytest.mark.parametrize("other_us", EDGES_US)
def test_at_every_edge_of_the_turn_the_arithmetic_is_right_and_small(now_us: int, other_us: int) -> None:
    apart_us = int(elapsed_us(ChipInt(now_us), ChipInt(other_us)))
    assert -TURN_US // 2 <= apart_us < TURN_US // 2
    assert (apart_us - (now_us - other_us)) % TURN_US == 0
    for span_us in (other_us % (TURN_US // 2), -(other_us % (TURN_US // 2))):
        assert later_us(ChipInt(now_us), ChipInt(span_us)) == (now_us + span_us) % TURN_US


@pytest.mark.law
@given(CLOCKS, CLOCKS, SPANS)
def test_no_step_of_the_arithmetic_is_large(now_us: int, then_us: int, span_us: int) -> None:
    elapsed_us(ChipInt(now_us), ChipInt(then_us))
    later_us(ChipInt(now_us), ChipInt(span_us))
