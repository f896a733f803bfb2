"""The wall clock: BCD, both ways to count hours, leap years, and what it says about a date that it does not know."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator.calendar import date_of, day_number
from tools.simulator.ds3231 import DAY_S, Ds3231

S = 1_000_000


@pytest.fixture
def clock() -> Ds3231:
    return Ds3231()


def time(clock: Ds3231, at_s: float) -> str:
    """Registers 0 to 6 as hexadecimal digits, as somebody would read them who set the pointer first."""
    clock.write(b"\x00", int(at_s * S))
    return clock.read(7, int(at_s * S)).hex(" ")


# --- time -------------------------------------------------------------------------------------------------------------


def test_it_wakes_up_on_a_sunday_morning_and_knows_the_date(clock: Ds3231) -> None:
    assert time(clock, 0) == "00 00 09 07 22 11 26"
    assert not clock.stopped


def test_it_runs_with_virtual_time(clock: Ds3231) -> None:
    assert time(clock, 59.9) == "59 00 09 07 22 11 26"
    assert time(clock, 60) == "00 01 09 07 22 11 26"
    assert time(clock, 15 * 3600) == "00 00 00 01 23 11 26"
    assert time(clock, 15 * 3600 + 38 * DAY_S) == "00 00 00 04 31 12 26"


@given(st.integers(0, 199 * 365 + 48), st.integers(0, DAY_S - 1))
def test_every_second_of_two_centuries_is_the_calendars(days: int, second: int) -> None:
    # The chip takes 2100 for a leap year: up to its end of February it agrees with everybody else.
    clock = Ds3231()
    clock.lose_battery(0)
    shown = bytes.fromhex(time(clock, days * DAY_S + second))
    real = datetime.datetime(2000, 1, 1) + datetime.timedelta(days, second)
    if real < datetime.datetime(2100, 3, 1):
        wanted = (real.second, real.minute, real.hour, real.isoweekday(), real.day, real.month, real.year % 100)
        plain = bytearray(shown)
        plain[5] &= 0x7F
        assert tuple(int(f"{byte:x}") for byte in plain) == wanted
    assert (shown[5] & 0x80 != 0) == (days >= 36525)


def test_it_takes_2100_for_a_leap_year() -> None:
    assert date_of(day_number(100, 2, 28) + 1) == (100, 2, 29)
    assert date_of(day_number(101, 2, 28) + 1) == (101, 3, 1)


def test_a_date_that_does_not_exist_is_refused(clock: Ds3231) -> None:
    for date in ((2026, 2, 29), (2026, 4, 31), (2026, 13, 1), (2026, 0, 1), (2026, 1, 0), (1999, 1, 1), (2200, 1, 1)):
        with pytest.raises(ValueError, match="no such date"):
            clock.set(*date, 0, 0)
    with pytest.raises(ValueError, match="no such time"):
        clock.set(2026, 1, 1, 24, 0)


def test_it_can_be_set_by_a_watchmaker(clock: Ds3231) -> None:
    clock.set(2028, 2, 28, 23, 59, 58, now_us=5 * S)
    assert time(clock, 5) == "58 59 23 01 28 02 28"
    assert time(clock, 7) == "00 00 00 02 29 02 28"


# --- over the bus -----------------------------------------------------------------------------------------------------


def test_it_is_set_by_seven_registers(clock: Ds3231) -> None:
    clock.write(bytes.fromhex("00 30 59 23 03 31 12 99"), 10 * S)
    assert time(clock, 39.9) == "59 59 23 03 31 12 99"
    assert time(clock, 40) == "00 00 00 04 01 81 00"  # the century bit


def test_twelve_hours_have_a_morning_and_an_afternoon(clock: Ds3231) -> None:
    clock.write(b"\x02\x49", 0)  # 9 AM
    hours = [bytes.fromhex(time(clock, hour * 3600))[2] for hour in range(16)]
    assert hours[:4] == [0x49, 0x50, 0x51, 0x72]  # 12 PM is noon
    assert hours[14:] == [0x71, 0x52]  # 11 PM, then 12 AM
    clock.write(b"\x02\x52", 0)
    clock.write(b"\x02\x13", 0)
    assert bytes.fromhex(time(clock, 0))[2] == 0x13


def test_writing_minutes_leaves_the_second_under_way_alone_and_writing_seconds_starts_a_new_one(clock: Ds3231) -> None:
    clock.write(b"\x01\x30", int(2.7 * S))
    assert time(clock, 3) == "03 30 09 07 22 11 26"
    clock.write(b"\x00\x00", int(3.7 * S))
    assert time(clock, 4.6) == "00 30 09 07 22 11 26"
    assert time(clock, 4.7) == "01 30 09 07 22 11 26"


def test_the_day_of_the_week_is_a_counter_of_its_own(clock: Ds3231) -> None:
    clock.write(b"\x03\x07", 0)
    clock.write(b"\x04\x23", 0)
    assert time(clock, 0) == "00 00 09 07 23 11 26"
    clock.write(b"\x03\x05", 0)
    assert time(clock, DAY_S) == "00 00 09 06 24 11 26"


def test_the_pointer_goes_on_and_wraps_after_the_last_register(clock: Ds3231) -> None:
    clock.write(b"\x11", 0)
    assert clock.read(4, 0) == b"\x19\x00\x00\x00"  # 25 degrees, then seconds and minutes
    assert clock.read(1, 0) == b"\x09"


@pytest.mark.parametrize(
    "wrong",
    [
        "00 60",
        "00 0a",
        "01 7a",
        "02 24",
        "02 40",
        "02 53",
        "03 00",
        "03 08",
        "04 00",
        "04 31",
        "05 13",
        "06 a0",
    ],
)
def test_what_is_no_time_is_refused(clock: Ds3231, wrong: str) -> None:
    with pytest.raises(ValueError, match="no"):
        clock.write(bytes.fromhex(wrong), 0)


def test_there_are_nineteen_registers(clock: Ds3231) -> None:
    with pytest.raises(NotImplementedError, match="no register 0x13"):
        clock.write(b"\x13", 0)


# --- status -----------------------------------------------------------------------------------------------------------


def test_a_clock_that_lost_its_battery_says_so_until_it_is_told_otherwise(clock: Ds3231) -> None:
    clock.lose_battery(7 * S)
    assert clock.stopped
    assert time(clock, 8) == "01 00 00 06 01 01 00"
    clock.write(b"\x0f", 9 * S)
    assert clock.read(1, 9 * S) == b"\x88"
    clock.write(b"\x0f\x08", 9 * S)
    assert not clock.stopped
    clock.write(b"\x0f\xff", 9 * S)
    assert not clock.stopped  # OSF can be cleared, never set
    clock.write(b"\x0f", 9 * S)
    assert clock.read(1, 9 * S) == b"\x08"


def test_a_session_can_say_that_the_date_is_unknown(clock: Ds3231) -> None:
    clock.stopped = True
    clock.write(b"\x0f", 0)
    assert clock.read(1, 0) == b"\x88"
    clock.stopped = False
    clock.write(b"\x0f", 0)
    assert clock.read(1, 0) == b"\x08"


def test_other_registers_keep_what_is_written_and_the_temperature_does_not(clock: Ds3231) -> None:
    clock.write(b"\x07\x01\x02\x03\x04", 0)
    clock.write(b"\x10\x05\x7f\x7f", 0)
    clock.write(b"\x07", 0)
    assert clock.read(4, 0) == b"\x01\x02\x03\x04"
    clock.write(b"\x10", 0)
    assert clock.read(3, 0) == b"\x05\x19\x00"


@pytest.mark.parametrize("control", [0x1D, 0x1E, 0x3C, 0x5C, 0x9C])
def test_alarms_conversions_and_stopping_on_the_battery_are_refused(clock: Ds3231, control: int) -> None:
    clock.write(b"\x0e\x1c", 0)
    with pytest.raises(NotImplementedError):
        clock.write(bytes((0x0E, control)), 0)
