"""The dots of the display as characters of a terminal: two, four or eight dots a character.

A picture is 64 lines of 128 letters, "#" is lit, as Ssd1306.lines() gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tools.simulator.ssd1306 import Ssd1306

HALF_BLOCKS = "half blocks"
QUADRANTS = "quadrants"
BRAILLE = "braille"

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"  # upper left 1, upper right 2, lower left 4, lower right 8
_BRAILLE = 0x2800
_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of each line: left dot, right dot


def half_blocks(picture: Sequence[str]) -> list[str]:
    """128 x 32 characters; dots are square where a character is twice as high as wide."""
    pairs = zip(picture[::2], picture[1::2], strict=True)
    return ["".join(_half(*dots) for dots in zip(upper, lower, strict=True)) for upper, lower in pairs]


def _half(upper: str, lower: str) -> str:
    if upper == "#":
        return "█" if lower == "#" else "▀"
    return "▄" if lower == "#" else " "


def quadrants(picture: Sequence[str]) -> list[str]:
    """64 x 32 characters; dots are twice as high as wide."""
    rows: list[str] = []
    for upper, lower in zip(picture[::2], picture[1::2], strict=True):
        row = ""
        for x in range(0, len(upper), 2):
            bits = (upper[x] == "#") + 2 * (upper[x + 1] == "#") + 4 * (lower[x] == "#") + 8 * (lower[x + 1] == "#")
            row += _QUADRANTS[bits]
        rows.append(row)
    return rows


def braille(picture: Sequence[str]) -> list[str]:
    """64 x 16 characters; dots are as square as with half blocks, but do not touch."""
    rows: list[str] = []
    for top in range(0, len(picture), 4):
        row = ""
        for x in range(0, len(picture[0]), 2):
            bits = 0
            for y, (left, right) in enumerate(_BRAILLE_BITS):
                line = picture[top + y]
                bits += left * (line[x] == "#") + right * (line[x + 1] == "#")
            row += chr(_BRAILLE + bits)
        rows.append(row)
    return rows


DRAWN: dict[str, Callable[[Sequence[str]], list[str]]] = {
    HALF_BLOCKS: half_blocks,
    QUADRANTS: quadrants,
    BRAILLE: braille,
}
SIZES = {HALF_BLOCKS: (128, 32), QUADRANTS: (64, 32), BRAILLE: (64, 16)}
"""Columns and rows of each."""


def fitting(columns: int, rows: int) -> list[str]:
    """Which of them fit, the most legible first."""
    return [form for form, (wide, high) in SIZES.items() if wide <= columns and high <= rows]


class Eye:
    """Looks at the glass again only if its memory or its supply has changed, and once a second whatever happens."""

    def __init__(self) -> None:
        self._known: tuple[bool, bytes] | None = None
        self._looks = 0
        self._picture: tuple[str, ...] = ()

    def see(self, display: Ssd1306) -> tuple[str, ...]:
        """Its 64 lines now; a second is 25 looks."""
        now = (display.lit, bytes(display.ram))
        self._looks += 1
        if now != self._known or self._looks % 25 == 0:
            self._known = now
            self._picture = tuple(display.lines())
        return self._picture
