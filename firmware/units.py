"""Units of the device and arithmetic that stays inside a small integer of the chip (-2^30 .. 2^30 - 1).

Suffixes: _um micrometre, _nl nanolitre, _pl picolitre (1 nl = 1000 pl), _us microsecond, _pa pascal, _kpa kilopascal,
_steps microsteps, _counts raw ADC counts (12 bit), _ticks control ticks of 2 ms, _mhz millihertz. 1 um x 1 mm2 = 1 nl
exactly.
"""


def per_thousand(factor: int, value: int) -> int:
    """factor * value / 1000, rounded down, without the large product.

    Small as long as |factor * value / 1000| and |factor * 999| stay below 2^30: factor within +-1 000 000.
    Serves nl/kPa x Pa -> nl, pl/kPa x Pa -> pl, and Pa per nl x pl -> Pa.
    """
    return factor * (value // 1000) + factor * (value % 1000) // 1000


def within(value: int, low: int, high: int) -> int:
    """The value, or the bound it passes. For estimates only: a value that a person chose is refused, never bounded."""
    return low if value < low else high if value > high else value
