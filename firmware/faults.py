"""Latched faults. A fault ends every motion, is shown by name, and never clears itself."""

from micropython import const

from firmware.names import words

STOP_PRESSED = const(1 << 0)
TRIGGER_CONTACTS = const(1 << 1)
SKIN_CONTACTS = const(1 << 2)
PRESSURE_SENSOR = const(1 << 3)
NEEDLE_SENSOR = const(1 << 4)
NEEDLE_DISAGREES = const(1 << 5)
DEPTH_EXCEEDED = const(1 << 6)
NOT_HOME = const(1 << 7)
OVER_PRESSURE = const(1 << 8)
OCCLUSION = const(1 << 9)
NO_PRESSURE = const(1 << 10)
BUBBLE = const(1 << 11)
DOSE_EXCEEDED = const(1 << 12)
DOSE_COUNT = const(1 << 13)
NEEDLE_COUNT = const(1 << 14)
LATE_TICK = const(1 << 15)
PHASE_TIME = const(1 << 16)
SUPPLY = const(1 << 17)
DRIVER = const(1 << 18)
GATE = const(1 << 19)

_NAMES = (
    "stop_pressed",
    "trigger_contacts",
    "skin_contacts",
    "pressure_sensor",
    "needle_sensor",
    "needle_disagrees",
    "depth_exceeded",
    "not_home",
    "over_pressure",
    "occlusion",
    "no_pressure",
    "bubble",
    "dose_exceeded",
    "dose_count",
    "needle_count",
    "late_tick",
    "phase_time",
    "supply",
    "driver",
    "gate",
)


def names(mask: int) -> "list[str]":
    """The words for a mask of faults."""
    return words(mask, _NAMES)
