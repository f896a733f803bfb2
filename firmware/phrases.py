"""Texts of the display that belong together lie in one bytes object, with bars between: a third less heap."""

from micropython import const

ROW_CHARACTERS = const(21)
_BAR = b"|"


def copy(phrase: bytes, part: int, text: bytearray, at: int) -> None:
    """Write part 0, 1, ... of a phrase, at most 21 characters, to the row of `text` that begins at `at`; blanks after
    it."""
    begin = 0
    while part:
        begin = phrase.find(_BAR, begin) + 1
        part -= 1
    end = phrase.find(_BAR, begin)
    if end < 0:
        end = len(phrase)
    after = at + ROW_CHARACTERS
    while at < after:
        text[at] = phrase[begin] if begin < end else 32
        begin += 1
        at += 1
