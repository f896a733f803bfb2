"""The time of day: known while the clock answers and never stood still, unknown otherwise."""

from typing import Any

import pytest

from host_tests.panel_bench import CHIPS, SECOND, Bench, settled
from tools.simulator.panel_wiring import CLOCK_ADDRESS


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


def test_time_is_unknown_once_the_clock_stood_still() -> None:
    bench = settled("esp32s3")
    bench.cycle(2 * SECOND)
    bench.world.clock_chip.stopped = True
    bench.cycle(3 * SECOND)
    assert bench.keys.minutes == -1


def test_time_is_unknown_while_the_clock_does_not_answer_and_the_panel_is_well() -> None:
    bench = settled("esp32s3")
    bench.cycle(2 * SECOND)
    bench.world.bus.silent.add(CLOCK_ADDRESS)
    bench.cycle(3 * SECOND)
    assert bench.keys.minutes == -1
    assert bench.keys.panel_bad == 0
    bench.world.bus.silent.clear()
    bench.cycle(3 * SECOND)
    assert bench.keys.minutes == 9 * 60


@pytest.mark.parametrize(("minutes", "hours"), [(0x60, 0), (0x0A, 0), (0, 0x24), (0, 0x1A), (0, 0x40), (0, 0x53)])
def test_registers_that_hold_no_time_are_no_time(minutes: int, hours: int) -> None:
    clock: Any = Bench().module("drivers.wall_clock")

    class Bus:
        """Answers with those registers."""

        def readfrom_mem_into(self, _address: int, register: int, buffer: bytearray) -> None:
            """Status: has not stopped."""
            for at in range(len(buffer)):
                buffer[at] = {1: minutes, 2: hours}.get(register + at, 0)

    wall_clock = clock.WallClock(Bus())
    wall_clock.minutes = 5
    for _ in range(2):
        wall_clock.step()
    assert wall_clock.minutes == clock.UNKNOWN


@pytest.mark.parametrize("chip", CHIPS)
def test_reading_the_clock_loses_no_detent(chip: str) -> None:
    bench = settled(chip)
    for part in range(40):
        bench.world.turn_knob(7)
        bench.cycle(90 + part)
    assert bench.keys.knob_detents == 280
