"""The supply: too low, too high, falling, gone for a moment or for longer; resets that come with it."""

from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import EVERY
from tools.simulator.faults.row import Row
from tools.simulator.silicon import HARD_RESET, PWRON_RESET, SimulatedReset

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any


class Supply(Fault):
    """The motor supply is `mv`, for `for_us` (0: for good), after a ramp of `mv_per_s` (0: at once)."""

    def __init__(self, mv: int, for_us: int = 0, mv_per_s: int = 0) -> None:
        super().__init__()
        self._mv = mv
        self._for_us = for_us
        self._mv_per_s = mv_per_s
        self._before_mv = 0
        self._struck_us = 0

    def strike(self, loop: "Any") -> None:
        """From now on."""
        super().strike(loop)
        self._before_mv = self.world.supply_mv
        self._struck_us = self.world.now_us
        self._set()

    def after_tick(self, loop: "Any") -> None:
        """Along the ramp."""
        self._set()
        mv: int = loop.inputs.supply_counts * 15_500 // 4095
        if abs(mv - self._before_mv) > 1000:
            self.applied = True

    def _set(self) -> None:
        us = self.world.now_us - self._struck_us
        mv = self._mv
        if self._for_us and us >= self._for_us:
            mv = self._before_mv
        elif self._mv_per_s:
            gone_mv = self._mv_per_s * (us // 1000) // 1000
            mv = max(self._before_mv - gone_mv, self._mv)
        self.world.supply_mv = mv


class MotorSupply(Fault):
    """The motor supply is gone behind the point where it is measured: a fuse."""

    def after_tick(self, loop: "Any") -> None:
        """Met once a motor should hold and does not, or a driver is silent."""
        for axis in (self.world.dose, self.world.needle):
            if axis.enabled and not axis.powered:
                self.applied = True
        if loop.inputs.dose_driver_bad or loop.inputs.needle_driver_bad:
            self.applied = True

    def break_it(self) -> None:
        """Cut it."""
        world = self.world
        world.follow()
        for axis in (world.dose, world.needle):
            axis.settle(world.now_us)
            axis.supplied = False
            axis.driver.supply(False)


class Reset(Fault):
    """The chip resets: a brownout, which reads as a power-on, or a panic."""

    met_by_restart = True

    def __init__(self, brownout: bool) -> None:
        super().__init__()
        self._cause = PWRON_RESET if brownout else HARD_RESET

    def strike(self, loop: "Any") -> None:
        """Now."""
        super().strike(loop)
        self.world.chip.stop(SimulatedReset(self._cause, "injected"))


class PowerCut(Fault):
    """All power is gone, and comes back after `for_us`."""

    met_by_restart = True

    def __init__(self, for_us: int) -> None:
        super().__init__()
        self.dark_us = for_us

    def strike(self, loop: "Any") -> None:
        """Now: the next passing of time ends the program."""
        super().strike(loop)
        self.world.power_off()


def rows() -> "list[Row]":
    """What a supply can do."""
    found: "list[Row]" = []
    for name, says, make, given in (
        ("supply_low", "The supply is at 8 V.", Supply, (8000,)),
        ("supply_high", "The supply is at 15.4 V.", Supply, (15_400,)),
        ("supply_falls", "The supply falls by 5 V a second, to 6 V.", Supply, (6000, 0, 5000)),
        ("supply_dips", "The supply is at 7 V for 6 ms.", Supply, (7000, 6000)),
        ("motor_supply_lost", "A fuse: the motors lose their supply.", MotorSupply, ()),
        ("brownout", "The chip resets, and takes it for a power-on.", Reset, (True,)),
        ("chip_resets", "The chip resets.", Reset, (False,)),
        ("power_cut", "All power is gone, and comes back after 2 s.", PowerCut, (2_000_000,)),
    ):
        found.append(Row("power", name, says, EVERY, make, *given))
    return found
