"""A chip that never allocates, so that every byte on the heap is the drivers'. Integers, and nothing else.

`take_over` puts it where `import machine`, `esp32`, `time` and `os` find it. RMT and PCNT know of each other: a train
is counted when it is sent, signed by the level of DIR. Time passes 30 us with every look at it, and wraps five seconds
after the start. No sum here is larger than 31 bits, not even on its way: the chip's own clock allocates nothing either.
"""

import sys

_HALF = 0x20000000  # of the clock's turn
_levels = [0] * 49  # by GPIO number
_counters: "list[PCNT]" = []


class Pin:
    """Remembers its level."""

    IN = 1
    OUT = 3
    PULL_DOWN = 1
    PULL_UP = 2

    def __init__(self, number: int, mode: int = 0, pull: int = -1, value: int = 0) -> None:
        self.number = number
        _levels[number] = value

    def init(self, mode: int = 0, pull: int = -1, value: int = 0) -> None:
        """Sets the level."""
        _levels[self.number] = value

    def __call__(self, level: int = -1) -> int:
        if level >= 0:
            _levels[self.number] = level
        return _levels[self.number]


class ADC:
    """Always reads the same."""

    ATTN_11DB = 3

    def __init__(self, pin: Pin, atten: int = 0) -> None:
        self.counts = 1234

    def read_u16(self) -> int:
        """12 bits spread over 16."""
        return self.counts << 4 | self.counts >> 8


class UART:
    """Nobody at the other end of the wire: every request to a motor driver times out."""

    def __init__(self, number: int, baudrate: int, tx: Pin, rx: Pin, timeout: int) -> None:
        self.sent = 0

    def any(self) -> int:
        """Nothing has come."""
        return 0

    def readinto(self, buffer: bytearray) -> None:
        """Nothing has come."""

    def write(self, data: bytearray) -> None:
        """Nobody hears it."""
        self.sent += 1


class I2C:
    """Everybody answers every write; the expander's three contacts turn like a knob, and the clock says 00:00."""

    def __init__(self, number: int, scl: Pin, sda: Pin, freq: int, timeout: int) -> None:
        self.sent = 0
        self.turned = 0

    def writeto(self, address: int, data: bytes) -> int:
        """Counts the bytes."""
        self.sent = self.sent + len(data) & 0xFFFFF
        return len(data)

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        """A new state of the knob at every fourth look."""
        for at in range(len(buffer)):
            buffer[at] = 0
        if address == 0x20:
            self.turned = self.turned + 1 & 511
            state = self.turned >> 2 & 3 if self.turned < 256 else 0
            buffer[0] = 0xFF ^ (state ^ state >> 1)


class PWM:
    """Keeps what it is told."""

    def __init__(self, pin: Pin, freq: int, duty_u16: int) -> None:
        self.hz = freq
        self.duty = duty_u16

    def freq(self, hz: int) -> None:
        """Sets it."""
        self.hz = hz

    def duty_u16(self, duty: int) -> None:
        """Sets it."""
        self.duty = duty


class WDT:
    """Never bites."""

    def __init__(self, timeout: int) -> None:
        self.fed = 0

    def feed(self) -> None:
        """Counts."""
        self.fed += 1


class PCNT:
    """A 16-bit count."""

    INCREMENT = 1
    IGNORE = 0
    NORMAL = 0
    REVERSE = 1

    def __init__(self, unit: int, pin: Pin, mode_pin: Pin, value: int, **how: int) -> None:
        self.count = value
        self.direction = mode_pin.number
        _counters.append(self)

    def start(self) -> None:
        """Counts already."""

    def value(self, new: int = -1) -> int:
        """The count; value(0) clears it afterwards."""
        was = self.count
        if new == 0:
            self.count = 0
        return was


class RMT:
    """Sends in no time, to the counter that was made last before it."""

    def __init__(self, pin: Pin, resolution_hz: int, idle_level: bool) -> None:
        self.counter = _counters[-1]

    def write_pulses(self, durations: "tuple[int, ...] | list[int]", data: "bool | list[bool]") -> None:
        """Counts the pulses; levels given one by one are all low."""
        if isinstance(data, list):
            return
        counter = self.counter
        count = counter.count + (1 if _levels[counter.direction] else -1) * (len(durations) >> 1)
        counter.count = ((count + 32768) & 0xFFFF) - 32768

    def active(self) -> bool:
        """It is over."""
        return False

    def deinit(self) -> None:
        """Nothing to free."""


class RTC:
    """Keeps what was written last, where it was written from."""

    def __init__(self) -> None:
        self.kept = b""

    def memory(self, data: object = None) -> object:
        """The buffer itself: nothing is copied, because that would allocate."""
        if data is None:
            return self.kept
        self.kept = data
        return None


class NVS:
    """Holds nothing."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def get_blob(self, name: str, buffer: bytearray) -> int:
        """There is none."""
        raise OSError(-0x1102, name)


class _State:
    hz = 160_000_000
    now_us = 0x3FFFFFFF - 5_000_000
    machine = ""


def freq(hz: int = 0) -> int:
    """As machine.freq()."""
    if hz:
        _State.hz = hz
    return _State.hz


def ticks_us() -> int:
    """As time.ticks_us()."""
    _State.now_us = ticks_add(_State.now_us, 30)
    return _State.now_us


def ticks_add(ticks: int, delta: int) -> int:
    """As time.ticks_add()."""
    # The turn is halved, and the half put back by its one bit.
    return (ticks - _HALF + delta & 0x3FFFFFFF) ^ _HALF


def ticks_diff(end: int, start: int) -> int:
    """As time.ticks_diff()."""
    return (end - start & 0x3FFFFFFF ^ _HALF) - _HALF


def sleep_us(us: int) -> None:
    """As time.sleep_us()."""
    _State.now_us = ticks_add(_State.now_us, us)


def reset_cause() -> int:
    """A power-on."""
    return 1


def uname() -> "type[_State]":
    """As os.uname(), the board only."""
    return _State


def take_over(machine: str) -> None:
    """From now on this module is machine, esp32, time and os, on a board of that name."""
    _State.machine = machine
    for name in ("machine", "esp32", "time", "os"):
        sys.modules[name] = sys.modules[__name__]
