"""Every inhibit and every refusal has plain words that fit the display, and the numbers in them are the limits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import inhibits, ledger, limits, reasons, settings
from firmware.calibration import SYRINGES
from firmware.names import words as words_of

EVERY_BIT = (1 << 30) - 1
INHIBITS = tuple(inhibits.names(EVERY_BIT))
REFUSALS = tuple(settings.refusal_names(EVERY_BIT))
TROUBLES = tuple(words_of(EVERY_BIT, ledger.WORDS))
ROWS = reasons.INHIBITS + reasons.TROUBLES + reasons.REFUSALS


def words(row: bytes) -> "list[str]":
    """The parts of a row."""
    return row.decode("ascii").split("|")


def numbers(name: str) -> "list[float]":
    """The numbers in the row of a refusal."""
    row = next(row for row, names in zip(reasons.REFUSALS, REFUSALS, strict=True) if name in names.split("|"))
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", " ".join(words(row)[1:]))]


def test_every_bit_has_a_row() -> None:
    assert (len(reasons.INHIBITS), len(reasons.REFUSALS)) == (len(INHIBITS), len(REFUSALS))
    assert len(reasons.TROUBLES) == len(TROUBLES)


@pytest.mark.parametrize("row", ROWS, ids=[*INHIBITS, *TROUBLES, *REFUSALS])
def test_a_row_says_title_and_what_to_do_within_the_display(row: bytes) -> None:
    title, *to_do = words(row)
    assert 1 <= len(title) <= 10
    assert title.upper() == title
    assert len(to_do) == 2
    assert all(1 <= len(line) <= 21 for line in to_do)
    assert all(" " <= letter <= "~" for part in words(row) for letter in part)


def test_titles_tell_all_inhibits_apart_and_all_refusals() -> None:
    for rows in (reasons.INHIBITS + reasons.TROUBLES, reasons.REFUSALS):
        assert len({words(row)[0] for row in rows}) == len(rows)


def test_the_numbers_in_the_words_are_the_limits() -> None:
    assert numbers("dose_above_limit") == [limits.DOSE_MAX_NL / 1000]
    assert numbers("depth_out_of_range") == [
        limits.DEPTH_MIN_UM / 1000,
        limits.NEEDLE_DEEPEST_UM / 1000,
        limits.NEEDLE_UM_PER_STEP / 1000,
    ]
    assert numbers("burst_count_out_of_range") == [1, limits.BURST_MAX]
    assert numbers("rate_beyond_axes") == [limits.RATE_MIN_MHZ / 1000, limits.RATE_MAX_MHZ / 1000]
    assert [f"{number:g}ml" for number in numbers("syringe_unknown")] == list(SYRINGES)


@pytest.mark.law
@given(st.integers(0, (1 << len(INHIBITS)) - 1))
def test_every_inhibit_of_a_mask_is_shown_once_and_always_in_the_same_order(mask: int) -> None:
    order: list[int] = []
    while (bit := reasons.in_order(mask, len(order))) >= 0:
        order.append(bit)
    assert sorted(order) == [bit for bit in range(len(INHIBITS)) if mask >> bit & 1]
    whole = [reasons.in_order((1 << len(INHIBITS)) - 1, place) for place in range(len(INHIBITS))]
    assert order == [bit for bit in whole if bit in order]


def test_what_endangers_comes_first_then_the_records_and_the_settings_before_the_prime_that_needs_them() -> None:
    whole = [INHIBITS[reasons.in_order((1 << len(INHIBITS)) - 1, place)] for place in range(len(INHIBITS))]
    assert whole[0] == "stop_open"
    steps = ["locked", "records", "settings_missing", "needle_used", "not_homed", "not_primed"]
    assert [name for name in whole if name in steps] == steps
