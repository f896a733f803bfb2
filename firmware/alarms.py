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
    | faults.MEMORY
)
_LOW = faults.STOP_PRESSED | faults.NO_PRESSURE | faults.BUBBLE
# All others are HIGH, and so is a fault that somebody adds and forgets here.

TITLE = const(0)  # parts of a row; the title has at most 10 characters, the others 21
HAPPENED = const(1)
DID = const(2)
TO_DO = const(3)
TO_DO_MORE = const(4)

# In every fault both motors lose their power in the same tick, and the spring takes the needle home. Whether it got
# there is not promised where that very thing is in doubt.
ROWS = (
    b"STOP|STOP was pressed.|Motors have no power.|Lift. Release STOP.|Then press CONFIRM.",
    b"TRIGGER|Trigger may be broken|Stopped. Needle back.|Let go. Press CONFIRM|Again? Do not use it.",
    b"CONTACT|One skin switch only.|Stopped. Needle back.|Lift. Press CONFIRM.|Hold it flat on skin.",
    b"PRESSURE?|Pressure not measured|Stopped. Needle back.|Lift. Switch off, on.|Again? Do not use it.",
    b"NO DEPTH|Depth not measured.|Motors have no power.|Lift. Switch off, on.|Again? Do not use it.",
    b"DEPTH?|Depth is not certain.|Motors have no power.|Lift. Check the skin.|Then press CONFIRM.",
    b"TOO DEEP|Needle went too deep.|Motors have no power.|Lift. Check the skin.|Do not use. Service.",
    b"NEEDLE OUT|Needle not back home.|Motors have no power.|Lift. No fingers near|needle. Then CONFIRM.",
    b"PRESSURE!|Pressure is too high.|Stopped. Needle back.|Lift. It may squirt.|Wait. Press CONFIRM.",
    b"BLOCKED|Needle is blocked.|Stopped. Needle back.|Lift. It may squirt.|New needle. CONFIRM.",
    b"NO LIQUID|Syringe empty or open|Stopped. Needle back.|Check syringe, leaks.|Then press CONFIRM.",
    b"AIR|Air is in the liquid.|Stopped. Needle back.|Press CONFIRM. Then|prime: push air out.",
    b"TOO MUCH|More liquid than set.|Stopped. Needle back.|Lift. Check the skin.|Then press CONFIRM.",
    b"DOSE?|Dose is not certain.|Stopped. Needle back.|Lift. Press CONFIRM.|Again? Do not use it.",
    b"NEEDLE|Needle moved wrongly.|Motors have no power.|Lift. Press CONFIRM.|Again? Do not use it.",
    b"TOO SLOW|Computer was too slow|Stopped. Needle back.|Lift. Switch off, on.|Again? Do not use it.",
    b"TOO LONG|It took too long.|Stopped. Needle back.|Lift. Check needle.|Then press CONFIRM.",
    b"SUPPLY|Wrong supply voltage.|Stopped. Needle back.|Check the 12 V supply|Then press CONFIRM.",
    b"MOTOR|Motor has an error.|Motors have no power.|Wait. Press CONFIRM.|Again? Do not use it.",
    b"INTERNAL|Internal error found.|Stopped. Needle back.|Lift. Switch off, on.|Again? Do not use it.",
    b"MEMORY|A value has changed.|Stopped. Needle back.|Lift. Switch off, on.|Again? Do not use it.",
)
"""Phrases (look.py), in the order of the bits of faults.py."""


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
