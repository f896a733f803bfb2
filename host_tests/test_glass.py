"""The dots of the display as characters of a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from tools.simulator.ssd1306 import Ssd1306
from tools.training.glass import BRAILLE, DRAWN, HALF_BLOCKS, QUADRANTS, SIZES, Eye, fitting


@pytest.mark.parametrize("form", [HALF_BLOCKS, QUADRANTS, BRAILLE])
def test_every_dot_of_the_glass_is_drawn_where_it_is(form: str) -> None:
    def drawn(x: int, y: int) -> list[tuple[int, int, str]]:
        picture = ["".join("#" if (column, line) == (x, y) else "." for column in range(128)) for line in range(64)]
        rows = DRAWN[form](picture)
        assert (len(rows[0]), len(rows)) == SIZES[form]
        return [
            (column, row, cell)
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if cell not in " ⠀"
        ]

    across, down = 128 // SIZES[form][0], 64 // SIZES[form][1]
    alone: set[str] = set()
    for x in range(across):
        for y in range(down):
            ((column, row, cell),) = drawn(40 + x, 20 + y)
            assert (column, row) == (40 // across, 20 // down)
            alone.add(cell)
    assert len(alone) == across * down


def test_forms_that_fit_begin_with_the_most_legible() -> None:
    assert fitting(200, 60) == [HALF_BLOCKS, QUADRANTS, BRAILLE]
    assert fitting(80, 40) == [QUADRANTS, BRAILLE]
    assert fitting(80, 16) == [BRAILLE]
    assert fitting(63, 60) == []


def test_eye_sees_the_glass_go_dark_at_once_and_a_command_within_a_second() -> None:
    display = Ssd1306()
    display.write(b"\x00\x8d\x14\xaf", 0)
    eye = Eye()
    lit = eye.see(display)
    assert any("#" in line for line in lit)
    display.write(b"\x00\xa7", 0)  # inverted: the memory is as it was
    seen: list[Any] = [eye.see(display) for _ in range(25)]
    assert seen[-1] != lit
    display.powered = False
    assert not any("#" in line for line in eye.see(display))
