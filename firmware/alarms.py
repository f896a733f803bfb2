"""Every fault as an alarm: how urgent it is, and in plain words what happened, what the device did and what to do.

Priorities by harm and haste, argued in docs/signals.md: HIGH where the skin may have got more, or deeper, than
ordered, or needle or pressure are not under control; MEDIUM where a part can no longer be trusted, although motion has
ended; LOW where nothing gets worse by waiting.
"""

from micropython import const

from firmware import faults

NONE = const(0)
LOW = const(1)
MEDIUM = const(2)
HIGH = const(3)

_MEDIUM = (
    faults.TRIGGER_CONTACTS
    | faults.SKIN_CONTACTS
    | faults.PRESSURE_SENSOR
    | faults.NEEDLE_SENSOR
    | faults.OCCLUSION
    | faults.DOSE_COUNT
    | faults.NEEDLE_COUNT
    | faults.LATE_TICK
    | faults.PHASE_TIME
    | faults.SUPPLY
    | faults.DRIVER
    | faults.GATE
)
_LOW = faults.STOP_PRESSED | faults.NO_PRESSURE | faults.BUBBLE
# All others are HIGH, and so is a fault that somebody adds and forgets here.

TITLE = const(0)  # what stands where in a row
HAPPENED = const(1)
DID = const(2)
TO_DO = const(3)
TO_DO_MORE = const(4)

# Said more than once. In every fault both motors lose their power in the same tick, and the spring takes the needle
# home. Whether it got there is not promised where that very thing is in doubt.
_BACK = b"Stopped. Needle back."
_OFF = b"Motors have no power."
_LIFT = b"Lift. Press CONFIRM."
_CHECK = b"Lift. Check the skin."
_THEN = b"Then press CONFIRM."
_AGAIN = b"Again? Do not use it."

ROWS = (  # in the order of the bits of faults.py
    (b"STOP", b"STOP was pressed.", _OFF, b"Lift. Release STOP.", _THEN),
    (b"TRIGGER", b"Trigger may be broken", _BACK, b"Let go. Press CONFIRM", _AGAIN),
    (b"CONTACT", b"One skin switch only.", _BACK, _LIFT, b"Hold it flat on skin."),
    (b"PRESSURE?", b"Pressure not measured", _BACK, _LIFT, _AGAIN),
    (b"NO DEPTH", b"Depth not measured.", _OFF, _LIFT, _AGAIN),
    (b"DEPTH?", b"Depth is not certain.", _OFF, _CHECK, _THEN),
    (b"TOO DEEP", b"Needle went too deep.", _OFF, _CHECK, _THEN),
    (b"NEEDLE OUT", b"Needle not back home.", _OFF, b"Lift. No fingers near", b"needle. Then CONFIRM."),
    (b"PRESSURE!", b"Pressure is too high.", _BACK, b"Lift. It may squirt.", b"Wait. Press CONFIRM."),
    (b"BLOCKED", b"Needle is blocked.", _BACK, b"Lift. It may squirt.", b"New needle. CONFIRM."),
    (b"NO LIQUID", b"Syringe empty or open", _BACK, b"Check syringe, leaks.", _THEN),
    (b"AIR", b"Air is in the liquid.", _BACK, b"Press CONFIRM. Then", b"prime: push air out."),
    (b"TOO MUCH", b"More liquid than set.", _BACK, _CHECK, _THEN),
    (b"DOSE?", b"Dose is not certain.", _BACK, _LIFT, _AGAIN),
    (b"NEEDLE", b"Needle moved wrongly.", _OFF, _LIFT, _AGAIN),
    (b"TOO SLOW", b"Computer was too slow", _BACK, _LIFT, _AGAIN),
    (b"TOO LONG", b"It took too long.", _BACK, b"Lift. Check needle.", _THEN),
    (b"SUPPLY", b"Wrong supply voltage.", _BACK, b"Check the 12 V supply", _THEN),
    (b"MOTOR", b"Motor has an error.", _OFF, b"Wait. Press CONFIRM.", _AGAIN),
    (b"INTERNAL", b"Internal error found.", _BACK, _LIFT, _AGAIN),
)


def priority(mask: int) -> int:
    """The highest priority among a mask of faults; NONE of none."""
    if mask & ~(_MEDIUM | _LOW):
        return HIGH
    if mask & _MEDIUM:
        return MEDIUM
    return LOW if mask else NONE


def in_order(mask: int, place: int) -> int:
    """Which fault of a mask is shown at this place (0 first), as an index into ROWS; -1 when there are no more.

    The highest priority first, then the lowest bit.
    """
    for wanted in range(HIGH, NONE, -1):
        for bit in range(len(ROWS)):
            if mask >> bit & 1 and priority(1 << bit) == wanted:
                if not place:
                    return bit
                place -= 1
    return -1
