"""Sensors that lie: what an analogue input reads instead of the truth. Counts are 12 bit."""

from tools.simulator.faults import controls
from tools.simulator.faults.controls import CLOSED, OPEN, Contact
from tools.simulator.faults.fault import Fault
from tools.simulator.faults.phases import EVERY, SOME, WORKING
from tools.simulator.faults.row import Row
from tools.simulator.noise import Noise

TYPE_CHECKING = False  # type checkers take it for True; both interpreters skip the imports
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Change = Callable[[int, int, int], int]

_FULL_SCALE_COUNTS = 4095
_ETIMEDOUT = 110


class OnSensor(Fault):
    """Between a sensor and its converter. `pin` is the name in the pin table."""

    def __init__(self, pin: str) -> None:
        super().__init__()
        self._pin = pin
        self._struck_us = 0

    def strike(self, loop: "Any") -> None:
        """From its next reading on."""
        self._struck_us = self.world.now_us
        super().strike(loop)

    def break_it(self) -> None:
        """Before the converter; one that the program has already made is found as well."""
        chip = self.world.chip
        number: int = getattr(self.world.pins, self._pin)
        self.begin(chip.analog[number])
        chip.analog[number] = self.read
        if number in chip.converters:
            chip.converters[number].lie(self.read)

    def begin(self, truth: "Callable[[], int]") -> None:
        """The sound sensor."""
        self.truth = truth

    def read(self) -> int:
        """What is read instead."""
        raise NotImplementedError


class Reading(OnSensor):
    """`change(true counts, counts at the strike, us since)` is what is read."""

    def __init__(self, pin: str, change: "Change") -> None:
        super().__init__(pin)
        self._change = change
        self._held_counts = -1

    def begin(self, truth: "Callable[[], int]") -> None:
        """What it read last, at the strike."""
        super().begin(truth)
        if self._held_counts < 0:
            self._held_counts = truth()

    def read(self) -> int:
        """A lie."""
        counts = self.truth()
        told = self._change(counts, self._held_counts, self.world.now_us - self._struck_us)
        told = min(max(told, 0), _FULL_SCALE_COUNTS)
        if told != counts:
            self.applied = True
        return told


class ConversionError(OnSensor):
    """The converter gives no value any more: the driver of the chip raises OSError."""

    def read(self) -> int:
        """Nothing."""
        self.applied = True
        raise OSError(_ETIMEDOUT, "ESP_ERR_TIMEOUT")

    def explains(self, error: BaseException) -> bool:
        """The device's program does not expect it."""
        return self.applied and isinstance(error, OSError)


def stuck(counts: int) -> "Change":
    """Always this value."""
    return lambda _truth, _held, _us: counts


def frozen() -> "Change":
    """The value at the strike, for ever."""
    return lambda _truth, held, _us: held


def offset(counts: int) -> "Change":
    """So much more (or less)."""
    return lambda truth, _held, _us: truth + counts


def drift(counts_per_s: int) -> "Change":
    """An error that grows with time."""
    return lambda truth, _held, us: truth + counts_per_s * (us // 1000) // 1000


def gain(percent: int, zero_counts: int) -> "Change":
    """A wrong scale, about the reading that means zero."""
    return lambda truth, _held, _us: zero_counts + (truth - zero_counts) * percent // 100


def noise(counts: int) -> "Change":
    """Noise of this standard deviation on top."""
    source = Noise(77, 7)
    return lambda truth, _held, _us: truth + int(source.next() * counts)


def spikes(counts: int, every_us: int, for_us: int) -> "Change":
    """This value again and again, for a moment."""
    return lambda truth, _held, us: counts if us % every_us < for_us else truth


_SENSORS = (
    # what, its pin, counts that mean zero, a value it could have, an offset, a drift a second, noise
    ("pressure", "PRESSURE_ADC", 200, 1000, 40, 20, 20),
    ("needle", "NEEDLE_ADC", 750, 1500, 50, 25, 25),
    ("supply", "SUPPLY_ADC", 0, 1500, 300, 100, 300),
)


def rows() -> "list[Row]":
    """What can be wrong with each of them, and with the home switch."""
    found: "list[Row]" = []
    for what, pin, zero, mid, by, slow, wild in _SENSORS:
        lies = [
            ("stuck_at_zero", "reads 0 counts: its wire is shorted to ground", EVERY, stuck(0)),
            ("stuck_at_full_scale", "reads 4095 counts: its wire is shorted to the supply", EVERY, stuck(4095)),
            ("stuck_at_mid", "reads %d counts, which a sound one could" % mid, EVERY, stuck(mid)),
            ("offset_up", "reads %d counts too much" % by, WORKING, offset(by)),
            ("offset_down", "reads %d counts too little" % by, WORKING, offset(-by)),
            ("drifts", "reads %d counts more every second" % slow, SOME, drift(slow)),
            ("noisy", "has noise of %d counts" % wild, SOME, noise(wild)),
            ("gain_low", "reads a quarter too little", SOME, gain(75, zero)),
            ("gain_high", "reads a quarter too much", SOME, gain(125, zero)),
            ("spikes", "reads full scale once in 50 readings", SOME, spikes(4095, 100_000, 2000)),
        ]
        if what != "supply":  # a steady supply looks the same frozen
            lies.append(("frozen", "reads what it last read", WORKING, frozen()))
        for name, says, where, change in lies:
            text = "The %s sensor %s." % (what, says)
            found.append(Row("sensors", what + "_" + name, text, where, Reading, pin, change))
        text = "The converter of the %s sensor fails: the chip's driver raises an exception." % what
        found.append(Row("sensors", what + "_conversion_fails", text, SOME, ConversionError, pin))
    for name, says, change in (
        ("stuck_open", "stays open", controls.stuck(OPEN)),
        ("stuck_closed", "stays closed: the needle seems home wherever it is", controls.stuck(CLOSED)),
        ("loose", "says the opposite for 2 ms in 20", controls.flicker(20_000, 2000)),
    ):
        found.append(Row("sensors", "home_" + name, "The home switch %s." % says, EVERY, Contact, ("HOME",), (change,)))
    return found
