"""Why the device is not armed, and why a value was refused: a title and what to do, in plain words.

One row for each bit of inhibits.py and of the refusals in settings.py, in the order of the bits.
"""

from micropython import const

TITLE = const(0)  # what stands where in a row
TO_DO = const(1)
TO_DO_MORE = const(2)

_CYCLE = b"Switch off and on."
_AGAIN = b"Again? Do not use it."
_SUPPLY = b"Check the 12 V supply"

INHIBITS = (
    (b"SET NEEDLE", b"Press CONFIRM: needle", b"moves to its place."),
    (b"PRIME", b"In air, hold trigger", b"until the good tone."),
    (b"SETTINGS", b"Choose every setting", b"with the knob."),
    (b"EMPTY", b"Choose NEW SYRINGE in", b"the menu."),
    (b"LET GO", b"Let go of the trigger", b"and wait."),
    (b"STOP", b"STOP is pressed.", b"Release it."),
    (b"SUPPLY", _SUPPLY, b"and its plug."),
    (b"MOTOR", b"Wait a minute. If it", b"stays: do not use it."),
    (b"NEEDLE OUT", b"No fingers near it.", _CYCLE),
    (b"FAULT", b"Read the fault first.", b"Then press CONFIRM."),
    (b"SENSOR", _CYCLE, _AGAIN),
    (b"EDITING", b"Finish the value:", b"push the knob."),
    (b"NEW NEEDLE", b"Put in a fresh needle", b"Menu: NEW NEEDLE."),
    (b"DONE", b"All points are done.", b"Choose the next zone."),
    (b"DISPLAY", _CYCLE, _AGAIN),
)

REFUSALS = (
    (b"NOT CHOSEN", b"Choose a value for", b"each setting."),
    (b"BAD DATA", b"A value is missing or", b"is no whole number."),
    (b"UNKNOWN", b"A setting has a name", b"that is not known."),
    (b"SYRINGE", b"Only 1, 5 and 10 ml", b"syringes fit."),
    (b"TOO SMALL", b"This syringe cannot", b"give so little."),
    (b"TOO MUCH", b"One drop is at most", b"200 ul."),
    (b"DEPTH", b"Depth: 0.1 to 13 mm,", b"in steps of 0.005 mm."),
    (b"MODE", b"Choose single or", b"burst."),
    (b"BURST", b"One burst is 1 to 20", b"drops."),
    (b"RATE", b"0.05 to 20 drops a s,", b"less with big drops."),
    (b"NEEDLE", b"This needle is not in", b"the list."),
    (b"TOO DEEP", b"This needle is too", b"short for this depth."),
    (b"POINTS", b"Points of a zone:", b"0 to 999."),
    (b"ARMED", b"Settings change only", b"when not armed."),
)

# What to do first when several reasons stand: what endangers, what only service can cure, then the steps of setting up.
_FIRST = b"\x09\x05\x06\x07\x0a\x0e\x08\x0b\x02\x0c\x03\x00\x01\x0d\x04"


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
