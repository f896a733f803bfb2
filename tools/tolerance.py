"""Statistical tolerance intervals, as standards for injectors judge dose accuracy by: mean -/+ k SD.

With 95 % confidence at least 97.5 % of all drops of this kind lie inside. The factor k grows as the series gets
shorter; for the usual n = 60 it is 2.668. Two-sided, for a normal distribution, by Howe's formula (1969).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95
CONTENT = 0.975
SERIES = 60
"""Drops of one series."""


@dataclass(frozen=True)
class Interval:
    """The tolerance interval of `n` values, in their unit: mean, standard deviation, factor, lower and upper end."""

    n: int
    mean: float
    sd: float
    k: float
    low: float
    high: float

    def shifted(self, origin: float, scale: float) -> Interval:
        """The same interval of (value - origin) * scale, for scale > 0: errors in percent, for example."""
        mean, low, high = ((value - origin) * scale for value in (self.mean, self.low, self.high))
        return Interval(self.n, mean, self.sd * scale, self.k, low, high)


def interval(values: Sequence[float]) -> Interval | None:
    """The tolerance interval, or None for fewer than two values."""
    if len(values) < 2:
        return None
    mean = statistics.fmean(values)
    sd = statistics.stdev(values)
    k = factor(len(values))
    return Interval(len(values), mean, sd, k, mean - k * sd, mean + k * sd)


def factor(n: int) -> float:
    """k for a series of `n` >= 2 drops, to three decimals, as tables have it."""
    if n < 2:
        raise ValueError(f"{n} drops have no spread")
    inside = statistics.NormalDist().inv_cdf((1 + CONTENT) / 2)
    lowest = chi_square_quantile(1 - CONFIDENCE, n - 1)
    return round(inside * math.sqrt((n - 1) * (1 + 1 / n) / lowest), 3)


def chi_square_quantile(probability: float, degrees: int) -> float:
    """The value that a chi-square variable of so many degrees of freedom stays below with this probability."""
    low, high = 0.0, 10.0 * degrees + 50
    for _ in range(100):
        middle = (low + high) / 2
        if _chi_square_share(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _chi_square_share(value: float, degrees: int) -> float:
    """The probability of less than `value`: the series of the incomplete gamma function."""
    a, x = degrees / 2, value / 2
    if x <= 0:
        return 0.0
    term = total = 1 / a
    step = a
    while term > total * 1e-12:
        step += 1
        term *= x / step
        total += term
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))
