"""The panel's bus and what hangs on it."""

from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import AT_REST, EVERY, SOME
from tools.simulator.faults.row import Row
from tools.simulator.panel_wiring import CLOCK_ADDRESS, DISPLAY_ADDRESS

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any


class BusStuck(Fault):
    """SDA or SCL is held low, for `for_us` (0: for good)."""

    def __init__(self, for_us: int = 0) -> None:
        super().__init__()
        self._for_us = for_us
        self._struck_us = 0
        self._failures = 0

    def strike(self, loop: "Any") -> None:
        """Now."""
        super().strike(loop)
        self._struck_us = self.world.now_us
        self._failures = self.world.bus.failures
        self.world.bus.stuck = True

    def after_tick(self, loop: "Any") -> None:
        """Met with the first transaction that failed."""
        bus = self.world.bus
        if bus.failures > self._failures:
            self.applied = True
        if self._for_us and self.world.now_us - self._struck_us > self._for_us:
            bus.stuck = False


class Silent(Fault):
    """What has this address answers no more."""

    def __init__(self, address: int) -> None:
        super().__init__()
        self._address = address
        self._failures = 0

    def strike(self, loop: "Any") -> None:
        """Now."""
        super().strike(loop)
        self._failures = self.world.bus.failures
        self.world.bus.silent.add(self._address)

    def after_tick(self, loop: "Any") -> None:
        """Met with the first transaction that failed."""
        if self.world.bus.failures > self._failures:
            self.applied = True


class ClockLost(Fault):
    """The wall clock lost its battery: it says that it stood still. Or it says another date: `year` ..."""

    def __init__(self, year: int = 0) -> None:
        super().__init__()
        self._year = year

    def strike(self, loop: "Any") -> None:
        """Now."""
        super().strike(loop)
        self.world.bus.listener = self._listen
        clock = self.world.clock_chip
        if self._year:
            clock.set(self._year, 1, 1, 0, 0)
        else:
            clock.lose_battery(self.world.now_us)

    def _listen(self, _start_us: int, _end_us: int, address: int, _count: int) -> None:
        if self.struck and address == CLOCK_ADDRESS:
            self.applied = True


def rows() -> "list[Row]":
    """The bus and both chips on it."""
    found: "list[Row]" = []
    for name, says, where, make, given in (
        ("bus_stuck", "The panel's bus is held low.", EVERY, BusStuck, ()),
        ("bus_stuck_shortly", "The panel's bus is held low for 50 ms.", AT_REST, BusStuck, (50_000,)),
        ("display_silent", "The display answers no more.", EVERY, Silent, (DISPLAY_ADDRESS,)),
        ("wall_clock_silent", "The wall clock answers no more.", SOME, Silent, (CLOCK_ADDRESS,)),
        ("wall_clock_lost", "The wall clock lost its battery, and says so.", SOME, ClockLost, ()),
        ("wall_clock_wrong", "The wall clock says 2001, and that it never stopped.", SOME, ClockLost, (2001,)),
    ):
        found.append(Row("panel", name, says, where, make, *given))
    return found
