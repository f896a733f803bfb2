"""The device's `time`: ticks wrap at 2^30 and start three seconds before a wrap; sleeping is what lets time pass.

MicroPython 1.29 extmod/modtime.c and ports/esp32/mphalport.c.
"""

from tools.simulator import silicon
from tools.simulator.silicon import TICKS_ARITHMETIC_US, TICKS_US

_MASK = (1 << 30) - 1
_HALF = 1 << 29


def ticks_us() -> int:
    """Microseconds, 0..2^30-1."""
    chip = silicon.chip
    now = chip.now_us + TICKS_US
    if now < chip.deadline_us:
        chip.now_us = now
    else:
        chip.pass_time(TICKS_US)
        now = chip.now_us
    return now + chip.ticks_offset_us & _MASK


def ticks_ms() -> int:
    """Milliseconds, 0..2^30-1."""
    chip = silicon.chip
    chip.spend(TICKS_US)
    return (chip.now_us + chip.ticks_offset_us) // 1000 & _MASK


def ticks_cpu() -> int:
    """CPU cycles, 0..2^30-1."""
    chip = silicon.chip
    chip.spend(TICKS_US)
    return (chip.now_us + chip.ticks_offset_us) * (chip.freq_hz // 1_000_000) & _MASK


def ticks_diff(end: int, start: int) -> int:
    """Signed difference, -2^29..2^29-1."""
    chip = silicon.chip
    now = chip.now_us + TICKS_ARITHMETIC_US
    if now < chip.deadline_us:
        chip.now_us = now
    else:
        chip.pass_time(TICKS_ARITHMETIC_US)
    return (end - start + _HALF & _MASK) - _HALF


def ticks_add(ticks: int, delta: int) -> int:
    """`ticks` moved by `delta`. OverflowError when `delta` is not within -2^29+1..2^29-1."""
    silicon.chip.spend(TICKS_ARITHMETIC_US)
    if not -_HALF < delta < _HALF:
        raise OverflowError("ticks interval overflow")
    return ticks + delta & _MASK


def sleep_us(us: int) -> None:
    """Busy-wait; below 5 us only the call itself takes time."""
    silicon.chip.sleep(us if us >= 5 else TICKS_US)


def sleep_ms(ms: int) -> None:
    """Sleep."""
    silicon.chip.sleep(ms * 1000 if ms > 0 else TICKS_US)


def sleep(seconds: float) -> None:
    """Sleep whole milliseconds."""
    sleep_ms(int(seconds * 1000))


def time() -> int:
    """Seconds since 2000-01-01; the clock of a chip that was just powered starts there."""
    chip = silicon.chip
    chip.spend(TICKS_US)
    return (chip.now_us - chip.boot_us) // 1_000_000
