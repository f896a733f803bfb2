"""The STEP pin of one axis: at most 40 pulses a tick, made by the RMT peripheral and ending by themselves.

A train fits the channel's own memory (48 symbols on the ESP32-S3, 64 on the ESP32; one pulse is one symbol), so it
needs no refill interrupt, and it stops whatever happens to Python. Every train starts low, which is the set-up time of
DIR, and ends with its last pulse.
"""

from time import ticks_diff, ticks_us

from esp32 import RMT
from machine import Pin
from micropython import const

_MAX_STEPS = const(40)
_TRAIN_US = const(1500)
_HIGH_US = const(10)
_RESOLUTION_HZ = const(1_000_000)


def durations_us() -> tuple:
    """One tuple per chunk size 0..40: low, high, low, high ... in us, n pulses spread evenly over at most 1500 us.

    Made once and shared by both axes: write_pulses reads them and keeps nothing. Entry 0 is empty and never sent.
    All values are between 27 (the low of 40 pulses) and 1490: none is 0 or beyond 15 bits, which would end the train.
    """
    trains: list = [()]
    for steps in range(1, _MAX_STEPS + 1):
        trains.append((_TRAIN_US // steps - _HIGH_US, _HIGH_US) * steps)
    return tuple(trains)


class PulseTrain:
    """Owns the STEP pin and its RMT channel. One train at a time: `start` only when not `busy`.

    in_flight: a train was started, and no `busy` has seen its end yet.
    """

    def __init__(self, step_pin: int, trains: tuple) -> None:
        self._step = Pin(step_pin)
        self._trains = trains
        self._started_us = ticks_us()
        self.in_flight = False
        self._connect()

    def start(self, steps: int) -> None:
        """Sends `steps` pulses, 1..40; IndexError above. Only when not `busy`: write_pulses would block."""
        self._write(self._trains[steps], False)
        self._started_us = ticks_us()
        self.in_flight = True

    def busy(self) -> bool:
        """True while pulses may still come: RMT says so, or the time of the longest train is not over."""
        if not self.in_flight:
            return False
        if ticks_diff(ticks_us(), self._started_us) < _TRAIN_US or self._active():
            return True
        self.in_flight = False
        return False

    def cut(self) -> None:
        """Takes STEP from RMT and holds it low, at once. The train plays to its end unconnected; then `reconnect`."""
        self._step.init(Pin.OUT, value=0)
        self.is_cut = True

    def reconnect(self) -> None:
        """Gives STEP a new RMT channel after a cut; nothing happens while the cut train still plays. Allocates.

        Never while powered: deinit leaves the pin floating for a moment.
        """
        if self.is_cut and not self.busy():
            self._rmt.deinit()
            self._connect()

    def _connect(self) -> None:
        # PCNT turns the pull-up of the pins it listens on on; STEP must rest low whenever nobody drives it.
        self._step.init(Pin.OUT, Pin.PULL_DOWN, value=0)
        self._rmt = RMT(pin=self._step, resolution_hz=_RESOLUTION_HZ, idle_level=False)
        self._write = self._rmt.write_pulses
        self._active = self._rmt.active
        self.is_cut = False
        # write_pulses allocates only for a train longer than any before. The longest there is, all of it low, makes
        # room now without a single edge on STEP.
        self._write([1] * (2 * _MAX_STEPS), [False] * (2 * _MAX_STEPS))
        self._started_us = ticks_us()
        self.in_flight = True
