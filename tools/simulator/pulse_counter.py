"""esp32.PCNT: a 16-bit counter with two channels, each an edge input and a level input that steers it.

MicroPython 1.29 ports/esp32/esp32_pcnt.c on the legacy driver of ESP-IDF 5.5.2: a new unit is paused, start() is
needed; each pin it is given becomes an input with pull-up, and loses its output; min, max, thresholds clear the count;
the count restarts at 0 on reaching a limit. A limit of 0 means none, as MicroPython's documentation says.
"""

from tools.simulator import silicon
from tools.simulator.counter_channel import DECREMENT, HOLD, IGNORE, INCREMENT, NORMAL, REVERSE, Channel
from tools.simulator.pads import Pin
from tools.simulator.silicon import COUNTER_US

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_UNSET = object()


def _wrap16(count: int) -> int:
    return ((count + 0x8000) & 0xFFFF) - 0x8000


class PCNT:
    """PCNT(id, **init arguments): the one object of that unit. ValueError for a unit the chip does not have."""

    IGNORE = IGNORE
    INCREMENT = INCREMENT
    DECREMENT = DECREMENT
    NORMAL = NORMAL
    REVERSE = REVERSE
    HOLD = HOLD

    def __new__(cls, id: int, **_kwargs: object) -> "PCNT":
        """Return the one object of that unit."""
        chip = silicon.chip
        if not 0 <= id < chip.model.pcnt_units:
            raise ValueError("invalid id")
        if id not in chip.counters:
            unit = object.__new__(cls)
            unit.power_up(id)
            chip.counters[id] = unit
        return chip.counters[id]

    def __init__(self, id: int, **arguments: "Any") -> None:
        self.init(**arguments)

    def power_up(self, unit: int) -> None:
        """Paused, at 0, connected to nothing."""
        self._chip = silicon.chip
        self.unit = unit
        self._count = 0
        self._min = 0
        self._max = 0
        self._unlimited = True
        self._filter_ns = 0
        self._paused = True
        self._channels = (Channel(), Channel())
        self._first = self._channels[0]
        self._second: "Channel | None" = None  # set once it is used
        self.broken: "Callable[[int], int] | None" = None  # fault: what it makes of the edges since the last look

    def init(
        self,
        *,
        channel: int = 0,
        pin: object = _UNSET,
        rising: object = _UNSET,
        falling: object = _UNSET,
        mode_pin: object = _UNSET,
        mode_low: object = _UNSET,
        mode_high: object = _UNSET,
        min: object = _UNSET,
        max: object = _UNSET,
        filter: object = _UNSET,
        threshold0: object = _UNSET,
        threshold1: object = _UNSET,
        value: object = _UNSET,
    ) -> None:
        """As PCNT.init(): pins, then actions (those left out fall back to their defaults), filter, clear, limits."""
        if not 0 <= channel <= 1:
            raise ValueError("channel")
        self._chip.spend(COUNTER_US)
        self._settle()
        if channel:
            self._second = self._channels[1]
        self._set_pins(self._channels[channel], pin, mode_pin)
        self._set_actions(self._channels[channel], rising, falling, mode_low, mode_high)
        if filter is not _UNSET:
            self._set_filter(filter)
        if value is not _UNSET and value != 0:
            raise ValueError("value")
        if min is not _UNSET:
            self._min = _within(min, -32768, 0, "minimum")
        if max is not _UNSET:
            self._max = _within(max, 0, 32767, "maximum")
        self._unlimited = self._min == 0 == self._max
        _within(threshold0, -32768, 32767, "threshold0")
        _within(threshold1, -32768, 32767, "threshold1")
        for given in (min, max, threshold0, threshold1, value):
            if given is not _UNSET:
                self._count = 0

    def value(self, *clear: int) -> int:
        """Return the count, -32768..32767; value(0) also clears it afterwards."""
        chip = self._chip
        now = chip.now_us + COUNTER_US
        if now < chip.deadline_us:
            chip.now_us = now
        else:
            chip.pass_time(COUNTER_US)
        if clear and clear[0] != 0:
            raise ValueError("value")
        counted = self._first.take(chip.now_us)
        if self._second is not None:
            counted += self._second.take(chip.now_us)
        if self.broken is not None:
            counted = self.broken(counted)
        if counted:
            self._add(counted)
        count = self._count
        if clear:
            self._count = 0
        return count

    def start(self) -> None:
        """Count from now on."""
        self._chip.spend(COUNTER_US)
        self._pause(False)

    def stop(self) -> None:
        """Pause."""
        self._chip.spend(COUNTER_US)
        self._pause(True)

    def deinit(self) -> None:
        """Paused, at 0, counting nothing."""
        self._chip.spend(COUNTER_US)
        for channel in self._channels:
            channel.connect(None, None, 0)
        self.power_up(self.unit)

    def irq(self, *_args: object, **_kwargs: object) -> None:
        """Not simulated: the device polls."""
        raise NotImplementedError("PCNT.irq is not simulated: poll value()")

    def miss(self, counts: int) -> None:
        """Fault: the counter does not see that many pulses."""
        self._add(-counts)

    def __repr__(self) -> str:
        return "PCNT({})".format(self.unit)

    # --- within -----------------------------------------------------------------------------------------------------

    def _set_pins(self, channel: Channel, pin: object, mode_pin: object) -> None:
        if pin is _UNSET and mode_pin is _UNSET:
            return
        if pin is _UNSET:
            raise ValueError("pin")
        edge_pin = None if pin is None else Pin(pin)  # type: ignore[arg-type]
        level_pin = None if mode_pin is _UNSET or mode_pin is None else Pin(mode_pin)  # type: ignore[arg-type]
        for given in (edge_pin, level_pin):
            if given is not None:
                given.listen()
        channel.connect(edge_pin, level_pin, self._filter_ns)

    def _set_actions(self, channel: Channel, rising: object, falling: object, low: object, high: object) -> None:
        if rising is _UNSET and falling is _UNSET and low is _UNSET and high is _UNSET:
            return
        channel.rising = _within(rising, 0, 2, "rising")
        channel.falling = _within(falling, 0, 2, "falling")
        channel.mode_low = _within(low, 0, 2, "mode_low")
        channel.mode_high = _within(high, 0, 2, "mode_high")
        channel.skip(self._chip.now_us)
        channel.steer()

    def _set_filter(self, cycles: object) -> None:
        self._filter_ns = _within(cycles, 0, 1023, "filter") * 25 // 2  # of the 80 MHz clock
        for channel in self._channels:
            channel.filter(self._filter_ns)

    def _settle(self) -> None:
        for channel in self._channels:
            self._add(channel.take(self._chip.now_us))

    def _pause(self, paused: bool) -> None:
        self._settle()
        for channel in self._channels:
            channel.paused = paused
            channel.skip(self._chip.now_us)
            channel.steer()

    def _add(self, counted: int) -> None:
        count = self._count + counted
        if self._unlimited and -0x8000 <= count <= 0x7FFF:
            self._count = count
            return
        if self._max and count >= self._max:
            count %= self._max
        elif self._min and count <= self._min:
            count = -(-count % -self._min)
        self._count = _wrap16(count)


def _within(value: object, low: int, high: int, name: str) -> int:
    if value is _UNSET:
        return 0
    if not isinstance(value, int):
        raise TypeError("can't convert {} to int".format(type(value).__name__))
    if not low <= value <= high:
        raise ValueError(name)
    return value
