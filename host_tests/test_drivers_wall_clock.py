"""Time of day and date: known while the clock answers and never stood still, unknown otherwise."""

import datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from host_tests.panel_bench import CHIPS, SECOND, Bench, settled
from tools.simulator.panel_wiring import CLOCK_ADDRESS

WALL_CLOCK: Any = Bench().module("drivers.wall_clock")


@pytest.mark.parametrize("chip", CHIPS)
def test_clock_tells_the_minutes_of_the_day_and_goes_on(chip: str) -> None:
    bench = Bench(chip)
    bench.cycle(20)
    assert bench.keys.minutes == 9 * 60
    bench.cycle(61 * SECOND)
    assert bench.keys.minutes == 9 * 60 + 1


@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (11, 59), (12, 0), (13, 5), (23, 59)])
@pytest.mark.parametrize("twelve_hours", [False, True])
def test_every_hour_is_understood_in_24_and_in_12_hours(hour: int, minute: int, twelve_hours: bool) -> None:
    bench = settled("esp32s3")
    clock = bench.world.clock_chip
    if twelve_hours:
        clock.write(bytes((2, 0x52)), bench.world.now_us)  # 12 o'clock at night
    clock.set(2026, 11, 22, hour, minute, 0, bench.world.now_us)
    bench.cycle(3 * SECOND)
    assert bench.keys.minutes == 60 * hour + minute


@pytest.mark.parametrize("chip", CHIPS)
def test_clock_tells_the_day_and_the_next_one_from_midnight_on(chip: str) -> None:
    bench = settled(chip)
    assert (bench.keys.day, bench.keys.minutes) == (20261122, 9 * 60)
    bench.world.clock_chip.set(2026, 12, 31, 23, 59, 57, bench.world.now_us)
    seen: list[tuple[int, int]] = []
    for _ in range(6 * SECOND):
        bench.cycle()
        if seen[-1:] != [(bench.keys.day, bench.keys.minutes)]:
            seen.append((bench.keys.day, bench.keys.minutes))
    assert seen == [(20261122, 9 * 60), (20261231, 1439), (20270101, 0)]


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)))
@example(datetime.date(2000, 1, 1))
@example(datetime.date(2028, 2, 29))
@example(datetime.date(2099, 12, 31))
def test_every_day_of_the_century_is_understood(date: datetime.date) -> None:
    registers = bytes((0, 0, 1, *(int(f"{part:02}", 16) for part in (date.day, date.month, date.year - 2000))))
    assert told(registers) == (date.year * 10_000 + date.month * 100 + date.day, 0)


def test_time_and_day_are_unknown_once_the_clock_stood_still() -> None:
    bench = settled("esp32s3")
    bench.cycle(2 * SECOND)
    assert (bench.keys.day, bench.keys.minutes) == (20261122, 9 * 60)
    bench.world.clock_chip.stopped = True
    bench.cycle(3 * SECOND)
    assert (bench.keys.day, bench.keys.minutes) == (0, -1)


def test_time_and_day_are_unknown_while_the_clock_does_not_answer_and_the_panel_is_well() -> None:
    bench = settled("esp32s3")
    bench.cycle(2 * SECOND)
    bench.world.bus.silent.add(CLOCK_ADDRESS)
    bench.cycle(3 * SECOND)
    assert (bench.keys.day, bench.keys.minutes) == (0, -1)
    assert bench.keys.panel_bad == 0
    bench.world.bus.silent.clear()
    bench.cycle(3 * SECOND)
    assert (bench.keys.day, bench.keys.minutes) == (20261122, 9 * 60)


@pytest.mark.parametrize(("minutes", "hours"), [(0x60, 0), (0x0A, 0), (0, 0x24), (0, 0x1A), (0, 0x40), (0, 0x53)])
def test_registers_that_hold_no_time_are_no_time(minutes: int, hours: int) -> None:
    assert told(bytes((minutes, hours, 7, 0x22, 0x11, 0x26))) == (20261122, -1)


@pytest.mark.parametrize(
    "date",
    [
        *("00 11 26", "32 11 26", "1a 11 26", "31 04 26", "31 06 26", "31 09 26", "31 11 26"),
        *("22 00 26", "22 13 26", "22 0a 26", "22 91 26", "22 81 00"),  # the last two: of the century after this one
        *("22 11 a0", "22 11 2f", "29 02 26", "30 02 28", "00 00 00", "ff ff ff"),
    ],
)
def test_registers_that_hold_no_day_of_this_century_are_no_day(date: str) -> None:
    assert told(bytes.fromhex("30 09 07" + date)) == (0, 9 * 60 + 30)


class Registers:
    """A clock that never stopped, with these registers from the minutes on; each read is counted."""

    def __init__(self, registers: bytes) -> None:
        self.registers = registers
        self.reads = 0

    def readfrom_mem_into(self, _address: int, register: int, buffer: bytearray) -> None:
        """Status, or the time."""
        self.reads += 1
        if register == 1:
            buffer[:] = self.registers[: len(buffer)]


def told(registers: bytes) -> "tuple[int, int]":
    """Day and minutes of the day, as the driver understands these registers; both of one read, after the status."""
    bus = Registers(registers)
    wall_clock = WALL_CLOCK.WallClock(bus)
    wall_clock.day = wall_clock.minutes = 5
    for _ in range(2):
        wall_clock.step()
    assert bus.reads == 2
    return wall_clock.day, wall_clock.minutes


@pytest.mark.parametrize("chip", CHIPS)
def test_reading_the_clock_loses_no_detent(chip: str) -> None:
    bench = settled(chip)
    for part in range(40):
        bench.world.turn_knob(7)
        bench.cycle(90 + part)
    assert bench.keys.knob_detents == 280
