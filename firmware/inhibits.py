"""Named reasons why the device is not armed. Unlike a fault an inhibit goes as soon as its reason does."""

from micropython import const

from firmware.names import words

NOT_HOMED = const(1 << 0)
NOT_PRIMED = const(1 << 1)
SETTINGS_REFUSED = const(1 << 2)
SYRINGE_EMPTY = const(1 << 3)
TRIGGER_HELD = const(1 << 4)
STOP_OPEN = const(1 << 5)
SUPPLY_RANGE = const(1 << 6)
DRIVER_STATUS = const(1 << 7)
NEEDLE_NOT_PARKED = const(1 << 8)
FAULTED = const(1 << 9)
SENSOR_RANGE = const(1 << 10)

_NAMES = (
    "not_homed",
    "not_primed",
    "settings_refused",
    "syringe_empty",
    "trigger_held",
    "stop_open",
    "supply_range",
    "driver_status",
    "needle_not_parked",
    "fault",
    "sensor_range",
)


def names(mask: int) -> "list[str]":
    """The words for a mask of inhibits."""
    return words(mask, _NAMES)
