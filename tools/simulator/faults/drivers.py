"""The motor drivers and their wires: direction and enable as the driver sees them, its registers, its UART."""

from tools.simulator.faults.on_axis import AXES, OnAxis
from tools.simulator.faults.phases import SOME, WORKING
from tools.simulator.faults.row import Row
from tools.simulator.tmc2209 import CHOPCONF, GCONF, GCONF_MSTEP_REG_SELECT, OT, OTPW, S2GA

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from typing import Any

_MRES_SHIFT = 24


class DriverStatus(OnAxis):
    """The driver reports an error, and switches off where the data sheet says so."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name)
        self._status = status

    def break_it(self) -> None:
        """In the driver."""
        self.driver.fault(self._status)

    def after_tick(self, loop: "Any") -> None:
        """Met once the chip has read it, or a motor that should hold does not."""
        bad: int = loop.inputs.dose_driver_bad if self.name == "dose" else loop.inputs.needle_driver_bad
        if bad or (self.axis.enabled and not self.axis.powered):
            self.applied = True


class DriverReset(OnAxis):
    """The driver alone loses its supply for a moment, and with it all its settings."""

    def strike(self, loop: "Any") -> None:
        """Once."""
        super().strike(loop)
        self.driver.supply(False)
        self.driver.supply(True)
        self.applied = not self.driver.read(CHOPCONF) >> _MRES_SHIFT & 4  # MRES was 4 or 5


class DriverMicrosteps(OnAxis):
    """A register of the driver turned over: each pulse moves twice as far."""

    def break_it(self) -> None:
        """MRES, one less."""
        driver = self.driver
        before = driver.microsteps
        driver.write(GCONF, driver.read(GCONF) | GCONF_MSTEP_REG_SELECT)
        mres = 6 if before == 8 else 5
        driver.write(CHOPCONF, driver.read(CHOPCONF) & ~(15 << _MRES_SHIFT) | mres << _MRES_SHIFT)
        self.applied = driver.microsteps == before // 2


class DriverSilent(OnAxis):
    """The UART to the driver is broken: it moves, and never answers."""

    def break_it(self) -> None:
        """The wire."""
        self.driver.answers = False

    def after_tick(self, loop: "Any") -> None:
        """Met once the chip has noticed, or simply asked: it asks only while disarmed."""
        if loop.inputs.dose_driver_bad if self.name == "dose" else loop.inputs.needle_driver_bad:
            self.applied = True


class DirectionWire(OnAxis):
    """DIR as the driver sees it: stuck at a level, or (-1) upside down. The counter sees what the chip drives."""

    def __init__(self, name: str, stuck: int) -> None:
        super().__init__(name)
        self._stuck = stuck

    def break_it(self) -> None:
        """Between chip and driver."""
        axis = self.axis
        axis.settle(self.world.now_us)
        if self._stuck < 0:
            axis.direction_inverted = True
        else:
            axis.direction_stuck = self._stuck
        axis.refresh()

    def after_tick(self, loop: "Any") -> None:
        """Met once a motor turned the other way."""
        driven = 1 if self.forward() else 0
        if self.new_pulses() and (self._stuck < 0 or driven != self._stuck) and self.axis.powered:
            self.applied = True


class EnableWire(OnAxis):
    """EN as the driver sees it: 0 is always on, 1 is always off."""

    def __init__(self, name: str, stuck: int) -> None:
        super().__init__(name)
        self._stuck = stuck

    def break_it(self) -> None:
        """Between chip and driver."""
        axis = self.axis
        axis.settle(self.world.now_us)
        axis.enable_stuck = self._stuck
        axis.refresh()

    def after_tick(self, loop: "Any") -> None:
        """Met once the chip wanted something else."""
        if self.axis.enabled != (self._stuck == 0):
            self.applied = True


_ROWS = (
    ("dir_stuck_forward", "DIR of the %s is stuck high at the driver.", WORKING, DirectionWire, (1,)),
    ("dir_stuck_back", "DIR of the %s is stuck low at the driver.", WORKING, DirectionWire, (0,)),
    ("dir_inverted", "DIR of the %s arrives upside down.", WORKING, DirectionWire, (-1,)),
    ("en_stuck_on", "EN of the %s is shorted to ground: it always has power.", WORKING, EnableWire, (0,)),
    ("en_stuck_off", "EN of the %s is broken: the pull-up keeps power off.", WORKING, EnableWire, (1,)),
    ("driver_hot", "The driver of the %s switches off: too hot.", WORKING, DriverStatus, (OT,)),
    ("driver_shorted", "The driver of the %s switches off: a short to ground.", SOME, DriverStatus, (S2GA,)),
    ("driver_warns", "The driver of the %s warns that it gets hot, and goes on.", SOME, DriverStatus, (OTPW,)),
    ("driver_reset", "The driver of the %s loses its settings.", WORKING, DriverReset, ()),
    (
        "driver_microsteps",
        "In the driver of the %s a bit turns over: pulses move twice as far.",
        WORKING,
        DriverMicrosteps,
        (),
    ),
    ("driver_silent", "The driver of the %s answers no more.", SOME, DriverSilent, ()),
)


def rows() -> "list[Row]":
    """The same for both."""
    found: "list[Row]" = []
    for axis, word in AXES:
        for name, says, where, make, given in _ROWS:
            found.append(Row("actuators", axis + "_" + name, says % word, where, make, axis, *given))
    return found
