"""Quantities as people write them become whole numbers of base units, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator.quantities import VOLUME, duration_us, number, quantity


@given(st.integers(0, 10**9), st.sampled_from([("us", 1), ("ms", 1000), ("s", 10**6), ("min", 60 * 10**6)]))
def test_whole_times_are_read_exactly(number: int, unit: "tuple[str, int]"):
    assert duration_us(f"{number} {unit[0]}") == number * unit[1]


@given(st.integers(0, 10**12))
def test_a_decimal_volume_is_read_to_the_last_nanolitre(volume_nl: int):
    assert quantity(f"{volume_nl // 1000}.{volume_nl % 1000:03d} ul", {"nl": 1, "ul": 1000}, "volume") == volume_nl


@pytest.mark.parametrize("text", ["", "ul", "10", "10 gallons", "1.2.3 ul", "1. ul", "-1 ul", "0.0001 ul", "1e3 ul"])
def test_what_is_no_whole_number_of_nanolitres_is_refused(text: str):
    with pytest.raises(ValueError, match=r"volume|finer"):
        quantity(text, VOLUME, "volume")


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("-3", -3), ("2.5", 2.5), ("1e3", 1000.0)])
def test_a_number_is_whole_if_it_can_be(text: str, value: float):
    assert number(text) == value
    assert type(number(text)) is type(value)


@pytest.mark.parametrize("text", ["", "soft", "nan", "inf", "-inf", "1e999"])
def test_what_is_no_finite_number_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - float() says it in its own words
        number(text)
