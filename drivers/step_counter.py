"""Counts the steps of one axis in hardware: PCNT on the STEP net, DIR as its sign.

PCNT is 16 bit. `read` extends it; `recentre` keeps it far from its ends while the axis is at rest.
"""

from esp32 import PCNT
from machine import Pin
from micropython import const

_FILTER_80MHZ_TICKS = const(40)  # pulses shorter than 0.5 us are interference: a step is high for 10 us
_RECENTRE_AT_STEPS = const(16000)
_MASK = const(0xFFFF)
_SIGN = const(0x8000)
_SPAN = const(0x10000)


class StepCounter:
    """Signed steps since boot of one axis. Construct it before the RMT channel if both use the STEP pin itself."""

    def __init__(self, unit: int, count_pin: int, dir_pin: int) -> None:
        # PCNT makes inputs with a pull-up of both pins, whatever they were. They are handed over as inputs, and taken
        # back after: STEP must rest low, and DIR must be driven by its owner. The counter goes on listening.
        Pin(count_pin, Pin.IN, Pin.PULL_DOWN)
        Pin(dir_pin, Pin.IN, Pin.PULL_DOWN)
        self._pcnt = PCNT(
            unit,
            pin=Pin(count_pin),
            mode_pin=Pin(dir_pin),
            rising=PCNT.INCREMENT,
            falling=PCNT.IGNORE,
            mode_high=PCNT.NORMAL,
            mode_low=PCNT.REVERSE,
            filter=_FILTER_80MHZ_TICKS,
            value=0,
        )
        Pin(count_pin, Pin.IN, Pin.PULL_DOWN)
        self._value = self._pcnt.value
        self._last = 0
        self.far = False  # halfway to an end of the 16-bit counter
        self.total_steps = 0
        self._pcnt.start()

    def read(self) -> int:
        """All steps since boot, signed: + with DIR high. Fewer than 32768 steps may lie between two reads."""
        raw = self._value()
        if raw == self._last:
            return self.total_steps
        moved = (raw - self._last) & _MASK
        if moved >= _SIGN:
            moved -= _SPAN
        self._last = raw
        self.far = not -_RECENTRE_AT_STEPS < raw < _RECENTRE_AT_STEPS
        self.total_steps += moved
        return self.total_steps

    def recentre(self) -> None:
        """Sets the 16-bit counter back to 0 when it is `far`. Only while no pulse can come."""
        if not self.far:
            return
        self.read()
        self._value(0)
        self._last = 0
        self.far = False
