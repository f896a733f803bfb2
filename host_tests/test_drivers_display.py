"""The glass shows the letters it is given, in slices that fit between two ticks, and heals by itself."""

import pytest

from drivers import font
from host_tests.panel_bench import CHIPS, LETTERS, ROWS, Bench, Look
from tools.simulator.panel_wiring import DISPLAY_ADDRESS

LARGE = 1
LIGHT = 2
HEALED_TICKS = 1500  # 3 s


def dots(letter: int) -> "list[list[int]]":
    """A small letter: 8 lines of 5 dots."""
    at = (letter - font.FIRST) * font.WIDTH
    return [[font.SMALL[at + x] >> y & 1 for x in range(font.WIDTH)] for y in range(8)]


def doubled(small: "list[list[int]]") -> "list[list[int]]":
    """Scale2x as its inventor describes it, dot by dot."""
    height, width = len(small), len(small[0])

    def at(x: int, y: int) -> int:
        return small[y][x] if 0 <= x < width and 0 <= y < height else 0

    large = [[0] * (2 * width) for _ in range(2 * height)]
    for y in range(height):
        for x in range(width):
            a, b, c, d = at(x, y - 1), at(x + 1, y), at(x - 1, y), at(x, y + 1)
            p = small[y][x]
            large[2 * y][2 * x] = a if c == a and c != d and a != b else p
            large[2 * y][2 * x + 1] = b if a == b and a != c and b != d else p
            large[2 * y + 1][2 * x] = c if d == c and d != b and c != a else p
            large[2 * y + 1][2 * x + 1] = d if b == d and b != a and d != c else p
    return large


def picture(look: Look) -> "list[str]":
    """The whole glass as it should look."""
    canvas = [[0] * 128 for _ in range(64)]
    row = 0
    while row < ROWS:
        style = look.style[row]
        text = look.text[row * LETTERS : (row + 1) * LETTERS]
        scale = 2 if style & LARGE else 1
        for place, letter in enumerate(text[: LETTERS if scale == 1 else 10]):
            shape = dots(letter) if scale == 1 else [[0] * 10, *doubled(dots(letter))[:15]]
            for y, line in enumerate(shape[: 64 - 8 * row]):
                for x, dot in enumerate(line):
                    canvas[8 * row + y][1 + 6 * scale * place + x] = dot
        if style & LIGHT:
            for y in range(8 * row, min(8 * (row + scale), 64)):
                canvas[y] = [1 - dot for dot in canvas[y]]
        row += scale
    return ["".join(".#"[dot] for dot in line) for line in canvas]


def _every_kind(look: Look) -> None:
    look.write(0, " !\"#$%&'()*+,-./01234")
    look.write(1, "56789:;<=>?@ABCDEFGHI", LIGHT)
    look.write(2, "1.25 mm gy", LARGE)
    look.write(3, "this is not shown")
    look.write(4, "JKLMNOPQRSTUVWXYZ[\\]^")
    look.write(5, "80.0 uljpq", LARGE | LIGHT)
    look.write(6, "nor is this", LIGHT)
    look.write(7, "_`abcdefghijklmnopqrs")


@pytest.mark.parametrize("chip", CHIPS)
def test_glass_shows_the_text_small_large_and_light(chip: str) -> None:
    bench = Bench(chip)
    _every_kind(bench.look)
    bench.settle()
    assert bench.glass() == picture(bench.look)


def test_every_letter_gets_to_the_glass_small_and_large() -> None:
    bench = Bench()
    letters = "".join(map(chr, range(font.FIRST, font.LAST)))
    for style, count in ((0, LETTERS), (LARGE, 10)):
        for first in range(0, len(letters), 4 * count):
            for row in range(0, ROWS, 2):
                start = first + row // 2 * count
                bench.look.write(row, letters[start : start + count], style)
            bench.cycle(200)
            assert bench.glass() == picture(bench.look)


def test_nothing_is_seen_of_what_the_glass_held_at_power_up() -> None:
    bench = Bench()
    while bench.keys.panel_bad:
        assert not bench.world.display.lit
        bench.cycle()
    assert bench.glass() == picture(bench.look)


@pytest.mark.parametrize("chip", CHIPS)
def test_a_call_takes_one_transaction_of_32_bytes_and_a_millisecond_at_most(chip: str) -> None:
    bench = Bench(chip)
    _every_kind(bench.look)
    bench.cycle(400, armed=True)
    bench.look.red = 255
    bench.look.tone_hz = 800
    bench.look.contrast = 1
    for row in range(ROWS):
        bench.look.write(row, "x" * LETTERS, row & 2)
    bench.cycle(400, armed=True)
    assert max(us for us, _, _ in bench.calls) <= 1000
    assert max(transactions for _, transactions, _ in bench.calls) == 1
    assert max(size for _, _, size in bench.calls) == 32
    assert bench.glass() == picture(bench.look)
    assert bench.world.bus.heap_copies == 0


def test_first_picture_stands_after_a_fifth_of_a_second() -> None:
    bench = Bench()
    _every_kind(bench.look)
    ticks = 0
    while bench.keys.panel_bad:
        bench.cycle()
        ticks += 1
    # Slices, each drawn and then sent; all rows looked at; contrast, settings, styles, settings with display on.
    assert ticks == 2 * 48 + 8 + 4


def test_a_text_that_never_stands_still_is_shown_all_the_same() -> None:
    bench = Bench()
    for tick in range(200):
        bench.look.text[tick * 5 % len(bench.look.text)] ^= 1
        bench.cycle()
    assert bench.keys.panel_bad == 0
    assert bench.world.display.lit
    bench.cycle(200)
    assert bench.glass() == picture(bench.look)


def test_one_changed_letter_costs_one_slice_within_ten_ticks() -> None:
    bench = Bench()
    bench.settle()
    del bench.calls[:]
    bench.look.write(6, "X")
    bench.cycle(10)
    assert [size for _, _, size in bench.calls if size > 27] == [32]
    assert bench.glass() == picture(bench.look)


def test_a_large_letter_costs_two_slices() -> None:
    bench = Bench()
    bench.look.write(2, "10.0", LARGE)
    bench.settle()
    del bench.calls[:]
    bench.look.write(2, "10.1", LARGE)
    bench.cycle(12)
    assert bench.glass() == picture(bench.look)
    assert [size for _, _, size in bench.calls if size > 27] == [32, 32]


def test_a_row_that_was_covered_comes_back() -> None:
    bench = Bench()
    bench.look.write(2, "LARGE", LARGE)
    bench.look.write(3, "below")
    bench.settle()
    bench.look.write(2, "small")
    bench.cycle(60)
    assert bench.glass() == picture(bench.look)
    assert any("#" in line for line in bench.glass()[24:32])


def test_large_text_in_the_row_below_large_text_is_covered_by_it() -> None:
    bench = Bench()
    bench.look.write(0, "ONE", LARGE)
    bench.look.write(1, "TWO", LARGE)
    bench.look.write(2, "three")
    bench.settle()
    assert bench.glass() == picture(bench.look)


def test_large_text_in_the_last_row_is_seen_by_its_upper_half() -> None:
    bench = Bench()
    bench.look.write(7, "LAST", LARGE)
    bench.settle()
    assert bench.glass() == picture(bench.look)


@pytest.mark.parametrize("letter", [0, 31, 127, 255])
def test_what_is_no_letter_shows_as_a_box(letter: int) -> None:
    bench = Bench()
    bench.settle()
    bench.look.text[0] = letter
    bench.cycle(10)
    bench.look.text[0] = font.LAST
    assert bench.glass() == picture(bench.look)


def test_contrast_is_set_and_follows() -> None:
    bench = Bench()
    bench.settle()
    assert bench.world.display.contrast == 0xCF
    bench.look.contrast = 0x10
    bench.cycle(2)
    assert bench.world.display.contrast == 0x10


def test_a_glass_that_lost_its_supply_heals() -> None:
    bench = Bench()
    _every_kind(bench.look)
    bench.settle()
    bench.world.display.power_up()
    assert bench.glass() != picture(bench.look)
    bench.cycle(HEALED_TICKS)
    assert bench.glass() == picture(bench.look)
    assert bench.world.display.contrast == bench.look.contrast


def test_every_dot_that_was_disturbed_heals() -> None:
    bench = Bench()
    _every_kind(bench.look)
    bench.settle()
    ram = bench.world.display.ram
    for index in range(len(ram)):
        ram[index] ^= 0xFF
    bench.cycle(HEALED_TICKS)
    assert bench.glass() == picture(bench.look)


def test_healing_takes_a_thirtieth_of_the_bus_at_most() -> None:
    bench = Bench()
    bench.settle()
    del bench.calls[:]
    bench.cycle(HEALED_TICKS)
    busy_us = sum(us for us, _, _ in bench.calls)
    assert 0 < busy_us < HEALED_TICKS * 2000 / 30


def test_a_glass_that_does_not_answer_is_bad_and_is_asked_twice_a_second() -> None:
    bench = Bench()
    bench.settle()
    bench.cycle()
    assert bench.keys.panel_bad == 0
    bench.world.bus.silent.add(DISPLAY_ADDRESS)
    bench.look.write(0, "new")
    bench.cycle(10)
    assert bench.keys.panel_bad == 1
    bench.cycle()
    assert bench.keys.panel_bad == 1
    failures = bench.world.bus.failures
    bench.cycle(5000)
    assert bench.world.bus.failures - failures in (19, 20, 21)


def test_a_glass_that_answers_again_is_drawn_anew() -> None:
    bench = Bench()
    bench.world.bus.silent.add(DISPLAY_ADDRESS)
    _every_kind(bench.look)
    bench.cycle(300)
    assert bench.keys.panel_bad == 1
    bench.world.bus.silent.clear()
    bench.cycle(400)
    assert bench.keys.panel_bad == 0
    assert bench.glass() == picture(bench.look)


@pytest.mark.parametrize("after_ticks", range(0, 105, 15))
def test_a_glass_that_falls_silent_while_it_is_drawn_is_drawn_all_the_same(after_ticks: int) -> None:
    bench = Bench()
    _every_kind(bench.look)
    bench.cycle(after_ticks)
    bench.world.bus.silent.add(DISPLAY_ADDRESS)
    bench.cycle(10)
    bench.world.display.power_up()
    bench.world.bus.silent.clear()
    bench.cycle(400)
    assert bench.keys.panel_bad == 0
    assert bench.glass() == picture(bench.look)


def test_a_bus_that_hangs_ends_in_bad_and_never_in_an_exception() -> None:
    bench = Bench()
    bench.settle()
    bench.world.bus.stuck = True
    bench.look.write(0, "new")
    bench.cycle(2000)
    assert bench.keys.panel_bad == 1
    assert max(us for us, _, _ in bench.calls) < 25_000  # a tenth of the watchdog's time
    bench.world.bus.stuck = False
    bench.cycle(400)
    assert bench.keys.panel_bad == 0
    assert bench.glass() == picture(bench.look)
