"""Quantities as people write them, `10 ul` or `0.4mm`, as whole numbers of base units: exact, nothing is rounded."""

TIME = {"us": 1, "ms": 1000, "s": 1_000_000, "min": 60_000_000}
VOLUME = {"nl": 1, "ul": 1000, "ml": 1_000_000}
LENGTH = {"um": 1, "mm": 1000}
RATE = {"mhz": 1, "hz": 1000, "/s": 1000}
AREA = {"mm2": 1, "cm2": 100}
COUNT = {"": 1, "drops": 1}


def quantity(text: str, units: "dict[str, int]", what: str) -> int:
    """The whole number of base units in texts like `10 ul`, `0.4mm`, `120ms`: exact, nothing is rounded.

    Raises ValueError with a sentence when the unit is unknown or the value is not a whole number of base units.
    """
    text = "".join(text.split())
    end = 0
    while end < len(text) and text[end] in "0123456789.":
        end += 1
    number, unit = text[:end], text[end:]
    whole, dot, fraction = number.partition(".")
    if not whole or (dot and not fraction) or "." in fraction:
        raise ValueError("%s is no %s" % (text or "nothing", what))
    if unit not in units:
        raise ValueError("%s needs a unit: %s" % (what, ", ".join(sorted(name for name in units if name))))
    scaled = int(whole + fraction) * units[unit]
    divisor = 10 ** len(fraction)
    if scaled % divisor:
        raise ValueError("%s is finer than this machine counts" % text)
    return scaled // divisor


def duration_us(text: str) -> int:
    """Microseconds in texts like `120ms`, `0.5 s`, `2min`. Raises ValueError."""
    return quantity(text, TIME, "time")


def number(text: str) -> "int | float":
    """An int if the text is one, else a finite float. Raises ValueError."""
    try:
        return int(text)
    except ValueError:
        value = float(text)
    if value != value or value - value != 0.0:
        raise ValueError("not finite")
    return value
