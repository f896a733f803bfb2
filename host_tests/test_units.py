"""Arithmetic that stays small on the chip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.units import per_thousand, within
from host_tests.chip_int import LARGEST, SMALLEST, ChipInt, TooLarge

FACTORS = st.integers(-1_000_000, 1_000_000)
INTEGERS = st.integers(SMALLEST, LARGEST)


@given(FACTORS, INTEGERS)
def test_per_thousand_is_the_product_divided_and_rounded_down(factor: int, value: int) -> None:
    assert per_thousand(factor, value) == factor * value // 1000


@pytest.mark.law
@given(FACTORS, INTEGERS)
def test_per_thousand_stays_small_as_long_as_its_result_does(factor: int, value: int) -> None:
    # Rounding of the whole thousands may go one factor beyond the result.
    if abs(factor) * (abs(value) // 1000 + 1) + abs(factor) <= LARGEST:
        assert per_thousand(ChipInt(factor), ChipInt(value)) == factor * value // 1000


def test_the_plain_product_would_not_stay_small() -> None:
    compliance_pl_per_kpa, pressure_pa = ChipInt(48_000), ChipInt(400_000)
    with pytest.raises(TooLarge):
        assert compliance_pl_per_kpa * pressure_pa // 1000
    assert per_thousand(compliance_pl_per_kpa, pressure_pa) == 19_200_000


def test_pressure_of_one_kilopascal_stores_one_compliance() -> None:
    assert per_thousand(2550, 1000) == 2550
    assert per_thousand(2550, -1000) == -2550


@given(INTEGERS, INTEGERS, INTEGERS)
def test_within_is_the_nearest_value_between_two_bounds(value: int, one: int, other: int) -> None:
    low, high = min(one, other), max(one, other)
    assert within(value, low, high) == sorted((low, value, high))[1]
