"""Named reasons why the device is not armed. Unlike a fault an inhibit goes as soon as its reason does."""

from micropython import const

from firmware import states
from firmware.names import words

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from firmware.loop import DoseLoop

NOT_HOMED = const(1 << 0)
NOT_PRIMED = const(1 << 1)
SETTINGS_MISSING = const(1 << 2)
SYRINGE_EMPTY = const(1 << 3)
TRIGGER_HELD = const(1 << 4)
STOP_OPEN = const(1 << 5)
SUPPLY_RANGE = const(1 << 6)
DRIVER_STATUS = const(1 << 7)
NEEDLE_NOT_PARKED = const(1 << 8)
FAULTED = const(1 << 9)
SENSOR_RANGE = const(1 << 10)
EDITING = const(1 << 11)
NEEDLE_USED = const(1 << 12)
ZONE_DONE = const(1 << 13)
PANEL_BAD = const(1 << 14)

_NAMES = (
    "not_homed",
    "not_primed",
    "settings_missing",
    "syringe_empty",
    "trigger_held",
    "stop_open",
    "supply_range",
    "driver_status",
    "needle_not_parked",
    "fault",
    "sensor_range",
    "editing",
    "needle_used",
    "zone_done",
    "panel_bad",
)


def names(mask: int) -> "list[str]":
    """The words for a mask of inhibits."""
    return words(mask, _NAMES)


def of(loop: "DoseLoop") -> int:
    """Every reason why the device is not armed, anew in each tick."""
    inputs = loop.inputs
    settings = loop.settings
    found = loop.panel_inhibits
    if loop.faults:
        found |= FAULTED
    if settings.refusals:
        found |= SETTINGS_MISSING
    elif loop.syringe.primed and not loop.syringe.drops_left(inputs.dose_steps, settings):
        found |= SYRINGE_EMPTY
    if not loop.syringe.primed:
        found |= NOT_PRIMED
    if loop.treatment.needle_used:
        found |= NEEDLE_USED
    if settings.points and not loop.treatment.points_left(settings.points):
        found |= ZONE_DONE
    if not loop.needle.homed:
        found |= NOT_HOMED
    elif not inputs.home:
        found |= NEEDLE_NOT_PARKED
    if not inputs.stop_closed:
        found |= STOP_OPEN
    if inputs.dose_driver_bad or inputs.needle_driver_bad:
        found |= DRIVER_STATUS
    if loop.state != states.ARMED and not loop.trigger.off_ticks:
        found |= TRIGGER_HELD
    return found | loop.gate.implausible(inputs)
