"""The letters of the panel: what must be told apart is drawn apart."""

import pytest

from drivers import font

EVERY = range(font.FIRST, font.LAST + 1)
TAILS = "gjpqy,;"


def columns(letter: str) -> bytes:
    """The five columns of a letter."""
    at = (ord(letter) - font.FIRST) * font.WIDTH
    return font.SMALL[at : at + font.WIDTH]


def difference(one: str, other: str) -> int:
    """Dots that differ."""
    return sum((a ^ b).bit_count() for a, b in zip(columns(one), columns(other), strict=True))


def test_there_is_a_letter_for_each_code_and_no_two_are_alike() -> None:
    assert len(font.SMALL) == font.WIDTH * len(EVERY)
    assert len({columns(chr(code)) for code in EVERY}) == len(EVERY)


@pytest.mark.parametrize(
    "pair", ["0O", "0D", "0Q", "08", "1l", "1I", "lI", "5S", "2Z", "8B", "6G", "17", "38", "69", "uv"]
)
def test_letters_that_are_easily_confused_differ_in_several_dots(pair: str) -> None:
    assert difference(*pair) >= (1 if pair == "0O" else 3)


def test_the_dot_in_the_zero_is_what_an_o_lacks() -> None:
    assert columns("0")[2] & ~columns("O")[2]


def test_only_tails_reach_the_last_line() -> None:
    assert {chr(code) for code in EVERY if any(column & 0x80 for column in columns(chr(code)))} == set(TAILS)


def test_only_the_space_is_empty() -> None:
    assert [chr(code) for code in EVERY if not any(columns(chr(code)))] == [" "]
