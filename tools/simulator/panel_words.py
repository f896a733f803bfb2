"""What a scenario says of the knob: `menu dose`, `set dose to 12 ul`, `do new patient`, `turn knob -2`."""

from tools.simulator.quantities import AREA, COUNT, LENGTH, RATE, VOLUME, quantity

PANEL_VERBS = ("menu", "do", "set", "turn")

# row of the menu: units of the number that is dialled there; all other rows take a word
_DIALLED = {
    "code": COUNT,
    "dose": VOLUME,
    "depth": LENGTH,
    "burst": COUNT,
    "rate": RATE,
    "points": COUNT,
    "area": AREA,
    "spacing": LENGTH,
}


def panel_action(words: "list[str]") -> "tuple[str, str | int]":
    """(row, value) of the words of one line, which begins with one of PANEL_VERBS; raises ValueError with a sentence.

    The value is a word, or a number in the unit of the row's last digit; of `turn` it is detents, clockwise is +.
    """
    verb = words[0]
    rest = " ".join(words[1:])
    if verb == "turn":
        if words[1] != "knob" or len(words) != 3:
            raise ValueError("write `turn knob N`")
        return "knob", int(words[2])
    if verb != "set":
        return rest, 0
    row, to, text = rest.partition(" to ")
    if not to:
        raise ValueError("write `set ROW to VALUE`")
    units = _DIALLED.get(row)
    return row, text if units is None else quantity(text, units, row)
