"""The record of what the panel shows: rows of text, written from left to right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.look import COLUMNS, INVERTED, LARGE, ROWS, SMALL, Look


def row_of(look: Look, row: int) -> str:
    """All 21 characters of a row."""
    return bytes(look.text[row * COLUMNS : (row + 1) * COLUMNS]).decode()


def test_a_new_look_is_dark_silent_and_blank() -> None:
    look = Look()
    assert bytes(look.text) == b" " * (ROWS * COLUMNS)
    assert (look.red, look.green, look.blue, look.tone_hz) == (0, 0, 0, 0)


def test_a_row_that_begins_loses_what_was_in_it_and_no_other_row_does() -> None:
    look = Look()
    for row in range(ROWS):
        look.line(row, SMALL, b"x" * COLUMNS)
    look.begin(3, LARGE | INVERTED)
    assert [row_of(look, row).strip() for row in range(ROWS)] == ["x" * 21] * 3 + [""] + ["x" * 21] * 4
    assert look.style[3] == LARGE | INVERTED


@given(st.integers(-999_999, 999_999), st.integers(0, 3), st.integers(1, 3))
def test_a_number_reads_as_people_write_it(value: int, decimals: int, digits: int) -> None:
    look = Look()
    look.begin(0, SMALL)
    look.number(value, decimals, digits)
    whole, rest = divmod(abs(value), 10**decimals)
    expected = ("-" if value < 0 else "") + f"{whole:0{digits}d}" + (f".{rest:0{decimals}d}" if decimals else "")
    assert row_of(look, 0).rstrip() == expected
    assert not look.cut


def test_words_follow_numbers_and_blanks_can_be_left() -> None:
    look = Look()
    look.line(2, SMALL, b"used ")
    look.number(12, 2)
    look.skip(2)
    look.put(b"ml")
    assert row_of(look, 2).rstrip() == "used 0.12  ml"


@pytest.mark.parametrize(("style", "fits"), [(SMALL, 21), (LARGE, 10)])
def test_what_does_not_fit_is_left_out_and_noted(style: int, fits: int) -> None:
    look = Look()
    look.line(ROWS - 1, style, b"x" * fits)
    assert not look.cut
    look.line(ROWS - 1, style, b"x" * (fits + 1))
    assert look.cut
    assert row_of(look, ROWS - 1).rstrip() == "x" * fits


@given(st.lists(st.text("abc", max_size=12), min_size=1, max_size=5), st.data(), st.integers(0, 7), st.integers(0, 9))
def test_a_part_of_a_phrase_stands_behind_what_is_there_and_nothing_else_is_touched(
    parts: "list[str]", data: st.DataObject, row: int, begun: int
) -> None:
    look = Look()
    look.text[:] = b"x" * (ROWS * COLUMNS)
    look.begin(row, SMALL)
    look.put(b"-" * begun)
    part = data.draw(st.integers(0, len(parts) - 1))
    look.part("|".join(parts).encode(), part)
    expected = "x" * COLUMNS * row + ("-" * begun + parts[part]).ljust(COLUMNS) + "x" * COLUMNS * (ROWS - 1 - row)
    assert bytes(look.text).decode() == expected
    assert not look.cut
    look.put(b"+")
    assert row_of(look, row)[begun] == "+"


def test_a_part_that_does_not_fit_is_cut_and_noted() -> None:
    look = Look()
    look.begin(0, LARGE)
    look.part(b"|0123456789A|", 1)
    assert row_of(look, 0).rstrip() == "0123456789"
    assert look.cut
