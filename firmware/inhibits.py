"""Named reasons why the device is not armed. Unlike a fault an inhibit goes as soon as its reason does."""

from micropython import const

from firmware import disinfection, states
from firmware.names import words
from firmware.syringe import PRIMED

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
RECORDS = const(1 << 9)  # the ledger's troubles
SENSOR_RANGE = const(1 << 10)
EDITING = const(1 << 11)
NEEDLE_USED = const(1 << 12)
ZONE_DONE = const(1 << 13)
PANEL_BAD = const(1 << 14)
NOT_PROVISIONED = const(1 << 15)
LOCKED = const(1 << 16)
CONTACTS_DISAGREE = const(1 << 17)
CALIBRATION_BAD = const(1 << 18)
PRODUCT_MISSING = const(1 << 19)
PRODUCT_EXPIRED = const(1 << 20)
DATE_UNKNOWN = const(1 << 21)
PRODUCT_DEPTH = const(1 << 22)
NEEDLE_BLUNT = const(1 << 23)
NOT_DISINFECTED = const(1 << 24)
DRYING = const(1 << 25)
ZONE_TOTAL = const(1 << 26)
SESSION_TOTAL = const(1 << 27)
PRODUCT_TOTAL = const(1 << 28)
RESERVATION_USED = const(1 << 29)

# With one of these the self-test does not end.
_UNFIT = const(SUPPLY_RANGE | SENSOR_RANGE | CONTACTS_DISAGREE | CALIBRATION_BAD)

WORDS = (
    b"not_homed|not_primed|settings_missing|syringe_empty|trigger_held|stop_open|supply_range|driver_status|"
    b"needle_not_parked|records|sensor_range|editing|needle_used|zone_done|panel_bad|not_provisioned|locked|"
    b"contacts_disagree|calibration_bad|product_missing|product_expired|date_unknown|product_depth|needle_blunt|"
    b"not_disinfected|drying|zone_total|session_total|product_total|reservation_used"
)
"""The word for each bit, wherever people or programs read it; phrases.copy writes one."""


def names(mask: int) -> "list[str]":
    """The words for a mask of inhibits."""
    return words(mask, WORDS)


def unfit(mask: int) -> bool:
    """Whether the self-test cannot end with these."""
    return mask & _UNFIT != 0


def of(loop: "DoseLoop") -> int:
    """Every reason why the device is not armed, anew in each tick."""
    inputs = loop.inputs
    treatment = loop.treatment
    if treatment.stale:
        treatment.judge(inputs.dose_steps)
    found = loop.panel_inhibits | treatment.inhibits | loop.gate.implausible(inputs)
    stage = treatment.disinfection.stage
    if stage != disinfection.STANDS:
        found |= DRYING if stage == disinfection.DRYING else NOT_DISINFECTED
    if loop.operators.current < 0:
        found |= LOCKED
    if loop.ledger.troubles:
        found |= RECORDS
    if loop.syringe.primed != PRIMED:
        found |= NOT_PRIMED
    if not loop.needle.homed:
        found |= NOT_HOMED
    elif not inputs.home:
        found |= NEEDLE_NOT_PARKED
    if not inputs.stop_closed:
        found |= STOP_OPEN
    if inputs.dose_driver_bad or inputs.needle_driver_bad:
        found |= DRIVER_STATUS
    if loop.state != states.ARMED:
        if not loop.trigger.off_ticks:
            found |= TRIGGER_HELD
    elif not loop.ledger.left or loop.gate.furthest_steps - inputs.dose_steps < treatment.drop_most_steps:
        found |= RESERVATION_USED
    if loop.trigger.broken or loop.contact.broken:
        found |= CONTACTS_DISAGREE
    return found
