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
MEMORY = const(1 << 20)

# How a fault is left: most end with CONFIRM, the cause gone and the needle home. After these something may be wrong
# that nobody sees any more: the device has to be switched off and on, and pass its self-test ...
_RESTART = const(PRESSURE_SENSOR | NEEDLE_SENSOR | LATE_TICK | GATE | MEMORY)
# ... or be looked at by a technician.
_TECHNICIAN = const(DEPTH_EXCEEDED)

WORDS = (
    b"stop_pressed|trigger_contacts|skin_contacts|pressure_sensor|needle_sensor|needle_disagrees"
    b"|depth_exceeded|not_home|over_pressure|occlusion|no_pressure|bubble|dose_exceeded|dose_count"
    b"|needle_count|late_tick|phase_time|supply|driver|gate|memory"
)
"""The word for each bit; phrases.copy writes one."""


def names(mask: int) -> "list[str]":
    """The words for a mask of faults."""
    return words(mask, WORDS)


def needs_restart(mask: int) -> bool:
    """Whether CONFIRM does not end these faults: the device has to be switched off and on, or a technician to look."""
    return mask & (_RESTART | _TECHNICIAN) != 0


def needs_technician(mask: int) -> bool:
    """Whether the device must not be used before a technician has looked at it."""
    return mask & _TECHNICIAN != 0
