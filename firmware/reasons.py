"""Why the device is not armed, and why a value was refused: a title and what to do, in plain words.

One phrase (look.py) for each bit of inhibits.py and of the refusals in settings.py, in the order of the bits.
"""

from micropython import const

TITLE = const(0)  # parts of a row; the title has at most 10 characters, the others 21
TO_DO = const(1)
TO_DO_MORE = const(2)

INHIBITS = (
    b"SET NEEDLE|Press CONFIRM: needle|moves to its place.",
    b"PRIME|In air, hold trigger|until the good tone.",
    b"SETTINGS|Choose every setting|with the knob.",
    b"EMPTY|Syringe is used up.|Menu: New syringe.",
    b"LET GO|Let go of the trigger|and wait.",
    b"STOP|STOP is pressed.|Release it.",
    b"SUPPLY|Check the 12 V supply|and its plug.",
    b"MOTOR|Wait a minute. If it|stays: do not use it.",
    b"NEEDLE OUT|No fingers near it.|Switch off and on.",
    b"RECORDS|Read what is wrong.|Switch off and on.",
    b"SENSOR|Switch off and on.|Again? Do not use it.",
    b"EDITING|Press CONFIRM to take|it, hold knob: leave.",
    b"NEW NEEDLE|Put in a fresh needle|Menu: New needle.",
    b"DONE|All points are done.|Menu: New zone.",
    b"DISPLAY|Switch off and on.|Again? Do not use it.",
    b"NO CODES|Codes and products|come by USB.",
    b"LOCKED|Enter your code:|push the knob.",
    b"CONTACTS|Let go of trigger and|skin. Stays? Service.",
    b"CALIBRATE|Wrong calibration.|Do not use it.",
    b"PRODUCT|Choose what is in the|syringe: menu.",
    b"EXPIRED|This product is out|of date. Take another",
    b"DATE?|The clock has stopped|It has to be set.",
    b"NOT SO|This product may not|go to this depth.",
    b"BLUNT|Put in a fresh needle|Menu: New needle.",
    b"DISINFECT|Skin clean:|HOLD CONFIRM 1 s",
    b"DRYING|Wait|Touch nothing.",
    b"ZONE FULL|No more liquid here.|Menu: New zone.",
    b"SESSION|The most for one day|has been given.",
    b"ENOUGH|No more of this one|for this patient.",
    b"ARM AGAIN|Press CONFIRM to arm|for more drops.",
)
"""Of inhibits.py."""

TROUBLES = (
    b"SAVING|Records are not saved|Stays? Do not use it.",
    b"MEMORY|The journal is full.|Export it by USB.",
    b"UNCERTAIN| |HOLD CONFIRM 1 s",
    b"DAMAGED|Totals may be too low|HOLD CONFIRM 1 s",
    b"CHANGED|Records are missing.|Do not use. Service.",
    b"NO KEYS|Keys come by USB.|Do not use. Service.",
)
"""Of ledger.py: pages show the highest of them instead of the row for records."""

REFUSALS = (
    b"NOT CHOSEN|Choose a value for|each setting.",
    b"BAD DATA|A value is missing or|is no whole number.",
    b"UNKNOWN|A setting has a name|that is not known.",
    b"SYRINGE|Only 1, 5 and 10 ml|syringes fit.",
    b"TOO SMALL|This syringe cannot|give so little.",
    b"TOO MUCH|One drop is at most|200 ul.",
    b"DEPTH|Depth: 0.1 to 13 mm,|in steps of 0.005 mm.",
    b"MODE|Choose single or|burst.",
    b"BURST|One burst is 1 to 20|drops.",
    b"RATE|0.05 to 20 drops a s,|less with big drops.",
    b"NEEDLE|This needle is not in|the list.",
    b"TOO DEEP|This needle is too|short for this depth.",
    b"POINTS|Points of a zone:|0 to 999.",
    b"ARMED|Settings change only|when not armed.",
    b"PLAN|Area 1 to 900 cm2,|spacing 1 to 20 mm.",
    b"ZONE|This zone is not in|the list.",
    b"ZONE DEPTH|Too deep for this|zone.",
    b"ZONE DOSE|One drop is too big|for this zone.",
    b"TOO MANY|Too many points for|this zone.",
    b"WRONG|Nobody has this code.|Try again.",
    b"WAIT|Five wrong codes:|locked for 5 minutes.",
)
"""Of settings.py."""

DISINFECT = const(24)  # pages name the zone in this row of INHIBITS
DRYING = const(25)  # ... and the seconds in this one
RECORDS = const(9)  # ... and the trouble instead of this one

# What to do first when several reasons stand: what endangers, what only service can cure, then the steps of setting up.
_FIRST = const(
    b"\x05\x11\x06\x07\x0a\x0e\x08\x12\x0f\x10\x09\x0b\x13\x02\x14"
    b"\x15\x16\x1b\x1c\x1a\x0d\x0c\x17\x18\x00\x03\x01\x19\x1d\x04"
)


def in_order(mask: int, place: int) -> int:
    """Which inhibit of a mask is shown at this place (0 first), as an index into INHIBITS; -1 when there are no more.

    In the order in which a person can do something about them.
    """
    for bit in _FIRST:
        if mask >> bit & 1:
            if not place:
                return bit
            place -= 1
    return -1
