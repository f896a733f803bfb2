"""Histograms and intervals in a terminal: block characters, all rows on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.tolerance import Interval

_EIGHTHS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Scale:
    """`columns` characters between two values."""

    low: float
    high: float
    columns: int

    def column(self, value: float) -> int:
        """Where a value stands, 0 .. columns - 1; values beyond the ends at the ends."""
        share = (value - self.low) / (self.high - self.low)
        return min(max(int(share * self.columns), 0), self.columns - 1)


def scale_for(values: Sequence[float], columns: int) -> Scale:
    """A scale a little wider than these values."""
    low, high = min(values), max(values)
    margin = (high - low) * 0.03 or abs(high) * 0.01 or 1.0
    return Scale(low - margin, high + margin, columns)


def bars(values: Sequence[float], scale: Scale, rows: int, tallest: int = 0) -> list[str]:
    """A histogram `rows` lines high, top line first; `tallest` (0: its own) is how many values fill a whole column."""
    counts = [0] * scale.columns
    for value in values:
        counts[scale.column(value)] += 1
    full = max(tallest, *counts, 1)
    lines: list[str] = []
    for row in reversed(range(rows)):
        line = ""
        for count in counts:
            eighths = count * rows * 8 / full - row * 8
            if count and row == 0:
                eighths = max(eighths, 1)  # a single drop shows
            line += _EIGHTHS[min(max(round(eighths), 0), 8)]
        lines.append(line.rstrip())
    return lines


def most_in_a_column(values: Sequence[float], scale: Scale) -> int:
    """How many values the fullest column holds."""
    columns = [scale.column(value) for value in values]
    return max((columns.count(column) for column in set(columns)), default=0)


def interval_bar(found: Interval, scale: Scale) -> str:
    """The interval as a line with ends, the mean as a dot."""
    first, middle, last = (scale.column(value) for value in (found.low, found.mean, found.high))
    if first == last:
        return " " * first + "●"
    line = ["─"] * (last - first + 1)
    line[0], line[-1] = "├", "┤"
    line[middle - first] = "●"
    return " " * first + "".join(line)


def axis(scale: Scale, ticks: Sequence[float], text: str) -> list[str]:
    """A line with a mark at each tick, and a line with their values in the format `text` (as "{:g}")."""
    line = ["─"] * scale.columns
    labels = [" "] * (scale.columns + 8)
    for tick in ticks:
        if not scale.low <= tick <= scale.high:
            continue
        column = scale.column(tick)
        line[column] = "┬"
        label = text.format(tick)
        start = max(column - len(label) // 2, 0)
        if "".join(labels[max(start - 1, 0) : start + len(label) + 1]).strip():
            continue  # no room beside the one before
        labels[start : start + len(label)] = label
    return ["".join(line), "".join(labels).rstrip()]


def round_ticks(scale: Scale, at_most: int) -> list[float]:
    """Round values on the scale: steps of 1, 2 or 5 times a power of ten."""
    span = scale.high - scale.low
    power = -6
    while True:
        for digit in (1, 2, 5):
            step = digit * 10.0**power
            if span / step <= at_most:
                first = int(scale.low / step) - 1
                ticks = [round((first + index) * step, 9) for index in range(at_most + 4)]
                return [tick for tick in ticks if scale.low <= tick <= scale.high]
        power += 1
