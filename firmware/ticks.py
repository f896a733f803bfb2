"""Time of the chip: microseconds that wrap every 2^30 (17.9 min). Compared only through `elapsed_us`."""

from micropython import const

_MASK = const(0x3FFFFFFF)
_HALF = const(0x20000000)


def elapsed_us(now_us: int, then_us: int) -> int:
    """now - then across the wrap, in -2^29 .. 2^29 - 1 microseconds: right for spans shorter than 8.9 minutes."""
    difference = (now_us - then_us) & _MASK
    return difference if difference < _HALF else difference - _MASK - 1


def later_us(now_us: int, span_us: int) -> int:
    """The tick value `span_us` (|span| < 2^29) after `now_us`."""
    return ((now_us - _HALF + span_us) & _MASK) ^ _HALF  # the plain sum could leave the small integers


def since_us(now_us: int, then_us: int) -> int:
    """now - then for a `then` that is surely past, 0 .. 2^30 - 1 microseconds: right for less than 17.9 minutes."""
    return (now_us - then_us) & _MASK
