"""The watchdog bites after 250 ms without a cycle, and gives a console an hour."""

import pytest

from host_tests.board_bench import CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.silicon import WDT_RESET, SimulatedReset
from tools.simulator.world import World


def test_fed_every_tick_it_stays_quiet() -> None:
    world = World(CountingPlant())
    watchdog = Device().module("drivers.watchdog").Watchdog()
    for _ in range(1000):
        world.chip.spend(2000)
        watchdog.feed()


@pytest.mark.parametrize(("hang_us", "bites"), [(240_000, False), (251_000, True)])
def test_a_hang_of_250_ms_restarts_the_chip(hang_us: int, bites: bool) -> None:
    world = World(CountingPlant())
    watchdog = Device().module("drivers.watchdog").Watchdog()
    watchdog.feed()
    if not bites:
        world.chip.spend(hang_us)
        return
    with pytest.raises(SimulatedReset) as reset:
        world.chip.spend(hang_us)
    assert reset.value.cause == WDT_RESET


@pytest.mark.parametrize(("minutes", "bites"), [(59, False), (61, True)])
def test_console_has_an_hour(minutes: int, bites: bool) -> None:
    world = World(CountingPlant())
    module = Device().module("drivers.watchdog")
    module.Watchdog()
    module.leave_the_console_in_peace()
    world.chip.on_end = None  # nobody asks the plant how it spent the hour, frame by frame
    if bites:
        with pytest.raises(SimulatedReset):
            world.chip.spend(minutes * 60_000_000)
    else:
        world.chip.spend(minutes * 60_000_000)
