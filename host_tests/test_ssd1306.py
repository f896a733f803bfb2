"""The display's controller: addressing, what the glass shows, and what a driver must not forget."""

import pytest

from tools.simulator.ssd1306 import COLUMNS, LINES, Ssd1306

UPRIGHT = (0xA1, 0xC8)
PUMP = (0x8D, 0x14)


def commands(display: Ssd1306, *codes: int) -> None:
    """One transaction of nothing but commands."""
    display.write(bytes((0x00, *codes)), 0)


def data(display: Ssd1306, *content: int) -> None:
    """One transaction of nothing but data."""
    display.write(bytes((0x40, *content)), 0)


def clear(display: Ssd1306) -> None:
    """Zeros everywhere, by whole pages."""
    for page in range(8):
        commands(display, 0xB0 + page, 0x00, 0x10)
        data(display, *bytes(COLUMNS))
    commands(display, 0xB0)


@pytest.fixture
def display() -> Ssd1306:
    """On, upright, cleared, pointer at page 0 and column 0."""
    display = Ssd1306()
    commands(display, *UPRIGHT, *PUMP, 0xAF)
    clear(display)
    return display


def lit(display: Ssd1306) -> "list[tuple[int, int]]":
    """Every dot that can be seen."""
    return [(x, y) for y in range(LINES) for x in range(COLUMNS) if display.pixel(x, y)]


# --- addressing -------------------------------------------------------------------------------------------------------


def test_page_addressing_writes_from_the_column_on_and_stays_in_its_page(display: Ssd1306) -> None:
    commands(display, 0xB3, 0x05, 0x12)
    data(display, 1, 2, 3)
    data(display, 4)
    assert display.ram[3 * 128 + 0x25 :][:5] == bytes((1, 2, 3, 4, 0))


def test_page_addressing_starts_the_line_again_after_its_last_column(display: Ssd1306) -> None:
    commands(display, 0xB2, 0x0E, 0x17)
    data(display, 1, 2, 3)
    assert display.ram[2 * 128 + 126 : 3 * 128] == bytes((1, 2))
    assert display.ram[2 * 128] == 3
    assert not any(display.ram[3 * 128 :])


def test_one_transaction_can_hold_three_commands_and_data(display: Ssd1306) -> None:
    display.write(bytes((0x80, 0xB1, 0x80, 0x08, 0x80, 0x11, 0x40, 7, 8)), 0)
    assert display.ram[128 + 0x18 :][:3] == bytes((7, 8, 0))


def test_a_single_data_byte_may_be_followed_by_a_command(display: Ssd1306) -> None:
    display.write(bytes((0xC0, 9, 0x80, 0xB1, 0xC0, 10)), 0)
    assert (display.ram[0], display.ram[128 + 1]) == (9, 10)


def test_horizontal_addressing_goes_on_in_the_next_page_of_its_window(display: Ssd1306) -> None:
    commands(display, 0x20, 0, 0x21, 10, 12, 0x22, 6, 7)
    data(display, *range(1, 8))
    assert display.ram[6 * 128 + 10 :][:3] == bytes((7, 2, 3))  # around once
    assert display.ram[7 * 128 + 10 :][:3] == bytes((4, 5, 6))


def test_vertical_addressing_goes_down_the_pages_first(display: Ssd1306) -> None:
    commands(display, 0x20, 1, 0x21, 10, 11, 0x22, 2, 4)
    data(display, *range(1, 8))
    columns = [[display.ram[page * 128 + column] for page in (2, 3, 4)] for column in (10, 11)]
    assert columns == [[7, 2, 3], [4, 5, 6]]


def test_the_whole_glass_is_1024_bytes_in_horizontal_addressing(display: Ssd1306) -> None:
    commands(display, 0x20, 0, 0x21, 0, 127, 0x22, 0, 7)
    data(display, *([0xFF] * 1024))
    assert len(lit(display)) == 8192


@pytest.mark.parametrize("codes", [(0xB0,), (0x00,), (0x10,)])
def test_page_commands_are_refused_in_other_modes(display: Ssd1306, codes: "tuple[int, ...]") -> None:
    commands(display, 0x20, 0)
    with pytest.raises(NotImplementedError, match="page addressing only"):
        commands(display, *codes)


@pytest.mark.parametrize("codes", [(0x21, 0, 127), (0x22, 0, 7)])
def test_windows_are_refused_in_page_mode(display: Ssd1306, codes: "tuple[int, ...]") -> None:
    with pytest.raises(NotImplementedError):
        commands(display, *codes)


def test_arguments_may_come_in_transactions_of_their_own(display: Ssd1306) -> None:
    commands(display, 0x81)
    commands(display, 0x33)
    assert display.contrast == 0x33
    display.write(bytes((0x80, 0x81, 0x80, 0x44)), 0)
    assert display.contrast == 0x44
    commands(display, 0xAE)
    assert not display.on


def test_data_between_a_command_and_its_argument_is_refused(display: Ssd1306) -> None:
    commands(display, 0x81)
    with pytest.raises(NotImplementedError, match="between a command and its argument"):
        data(display, 1)


# --- what is seen -----------------------------------------------------------------------------------------------------


def test_bit_0_is_the_top_line_of_a_page(display: Ssd1306) -> None:
    commands(display, 0xB1, 0x05, 0x10)
    data(display, 0x81)
    assert lit(display) == [(5, 8), (5, 15)]


def test_without_its_charge_pump_the_glass_stays_dark() -> None:
    display = Ssd1306()
    commands(display, *UPRIGHT, 0xA5, 0xAF)
    assert lit(display) == []
    commands(display, *PUMP)
    assert lit(display) == []  # it starts with the next display-on
    commands(display, 0xAF)
    assert len(lit(display)) == 8192
    commands(display, 0x8D, 0x10)
    assert lit(display) == []


def test_after_power_on_the_ram_is_noise_until_it_is_written() -> None:
    display = Ssd1306()
    commands(display, *UPRIGHT, *PUMP, 0xAF)
    assert 3000 < len(lit(display)) < 5000


def test_off_is_dark_and_keeps_the_ram(display: Ssd1306) -> None:
    data(display, 1)
    commands(display, 0xAE)
    assert lit(display) == []
    commands(display, 0xAF)
    assert lit(display) == [(0, 0)]


def test_a_display_without_supply_is_dark_and_forgets_its_settings(display: Ssd1306) -> None:
    commands(display, 0xA5)
    display.powered = False
    assert lit(display) == []
    display.power_up()
    commands(display, 0xAF)
    assert lit(display) == []


def test_inversion_and_all_on_do_not_touch_the_ram(display: Ssd1306) -> None:
    data(display, 1)
    commands(display, 0xA7)
    assert len(lit(display)) == 8191
    assert not display.pixel(0, 0)
    commands(display, 0xA6, 0xA5)
    assert len(lit(display)) == 8192
    commands(display, 0xA4)
    assert lit(display) == [(0, 0)]


def test_without_the_com_direction_the_picture_is_upside_down(display: Ssd1306) -> None:
    data(display, 1)
    commands(display, 0xC0)
    assert lit(display) == [(0, 63)]


def test_segment_remap_mirrors_what_is_written_after_it(display: Ssd1306) -> None:
    data(display, 1)
    commands(display, 0xA0)
    assert lit(display) == [(0, 0)]
    commands(display, 0x02, 0x10)
    data(display, 1)
    assert lit(display) == [(0, 0), (125, 0)]


def test_the_start_line_scrolls_the_ram_upwards(display: Ssd1306) -> None:
    commands(display, 0xB1)
    data(display, 1)
    commands(display, 0x40 + 3)
    assert lit(display) == [(0, 5)]
    commands(display, 0x40 + 9)
    assert lit(display) == [(0, 63)]


def test_the_offset_moves_the_picture_against_the_glass(display: Ssd1306) -> None:
    commands(display, 0xB1)
    data(display, 1)
    commands(display, 0xD3, 3)
    assert lit(display) == [(0, 5)]
    commands(display, 0xC0)
    assert lit(display) == [(0, 63 - 5)]


def test_a_smaller_multiplex_ratio_leaves_lines_dark(display: Ssd1306) -> None:
    commands(display, 0xA8, 31, 0xA5)
    assert {y for _, y in lit(display)} == set(range(32, 64))


@pytest.mark.parametrize(("pins", "y"), [(0x12, 1), (0x32, 0), (0x02, 2), (0x22, 3)])
def test_the_wrong_com_pins_put_a_line_elsewhere(display: Ssd1306, pins: int, y: int) -> None:
    data(display, 2)  # RAM line 1
    commands(display, 0xDA, pins)
    assert lit(display) == [(0, y)]


def test_lines_are_the_picture_in_words(display: Ssd1306) -> None:
    data(display, 1, 0, 1)
    lines = display.lines()
    assert len(lines) == 64
    assert lines[0] == "#.#" + "." * 125
    assert lines[1] == "." * 128


@pytest.mark.parametrize(("x", "y"), [(-1, 0), (128, 0), (0, 64), (0, -1)])
def test_there_is_no_pixel_beyond_the_glass(display: Ssd1306, x: int, y: int) -> None:
    with pytest.raises(ValueError, match="no such pixel"):
        display.pixel(x, y)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [0x18, 0x26, 0x2F, 0x82, 0xA2, 0xA3, 0xB8, 0xC1, 0xD0, 0xF0])
def test_unknown_commands_are_refused(display: Ssd1306, command: int) -> None:
    with pytest.raises(NotImplementedError, match=f"0x{command:02x}"):
        commands(display, command)


@pytest.mark.parametrize(
    "codes",
    [
        (0x20, 3),
        (0x8D, 0x15),
        (0xA8, 14),
        (0xA8, 64),
        (0xD3, 64),
        (0xDA, 0x13),
        (0xD9, 0x0F),
        (0xD9, 0xF0),
        (0xDB, 0x10),
        (0x20, 0, 0x21, 5, 4),
        (0x20, 0, 0x21, 0, 128),
        (0x20, 0, 0x22, 0, 8),
    ],
)
def test_illegal_arguments_are_refused(display: Ssd1306, codes: "tuple[int, ...]") -> None:
    with pytest.raises(NotImplementedError, match="is not simulated"):
        commands(display, *codes)


def test_analogue_settings_and_no_operation_are_accepted(display: Ssd1306) -> None:
    data(display, 1)
    commands(display, 0xD5, 0x80, 0xD9, 0xF1, 0xDB, 0x30, 0x2E, 0xE3, 0xDA, 0x12, 0xA8, 63, 0xD3, 0, 0x40)
    assert lit(display) == [(0, 0)]


def test_a_control_byte_has_six_zeros(display: Ssd1306) -> None:
    with pytest.raises(NotImplementedError, match="0x41 is no control byte"):
        display.write(b"\x41\x00", 0)


def test_the_display_cannot_be_read(display: Ssd1306) -> None:
    with pytest.raises(NotImplementedError):
        display.read(1, 0)


def test_whoever_looks_on_can_tell_that_something_came(display: Ssd1306) -> None:
    before = display.changes
    data(display, 1)
    commands(display, 0xE3)
    assert display.changes == before + 2
