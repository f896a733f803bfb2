"""Texts of the display that belong together lie in one bytes object, with bars between: half the heap of one each."""

_BAR = b"|"


def copy(phrase: bytes, part: int, text: bytearray, at: int, width: int) -> None:
    """Write part 0, 1, ... of a phrase to `text[at : at + width]`, filled up with blanks. Allocates nothing."""
    begin = 0
    for _ in range(part):
        begin = phrase.find(_BAR, begin) + 1
    end = phrase.find(_BAR, begin)
    if end < 0:
        end = len(phrase)
    for index in range(width):
        text[at + index] = phrase[begin + index] if begin + index < end else 32
