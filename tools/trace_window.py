"""The part of a trace that somebody wants to look at: some columns over a range of ticks."""

from __future__ import annotations

from dataclasses import dataclass

from tools.tables import Rows
from tools.trace_files import Trace, TraceError

CURVES = ("pressure_kpa", "needle_um", "dose_steps", "dose_chunk_steps", "needle_chunk_steps")
"""Drawn, if nothing is asked for."""
USUAL_FIELDS = ("state", "phase", *CURVES)
"""In the table, if nothing is asked for."""


@dataclass(frozen=True)
class Window:
    """`fields` of `trace` over its ticks begin .. end - 1, at least one."""

    trace: Trace
    fields: tuple[str, ...]
    begin: int
    end: int

    @property
    def headings(self) -> tuple[str, ...]:
        """The names of the columns of `rows`."""
        return ("tick", "ms", *(field for field in self.fields if field != "tick"))

    def rows(self) -> Rows:
        """Ticks as text: number, milliseconds since power-on, and the fields."""
        columns = [self.trace.column(field, self.begin, self.end) for field in ("tick", "t_us", *self.headings[2:])]
        columns[1] = [f"{int(t_us) / 1000:.1f}" for t_us in columns[1]]
        return list(zip(*columns, strict=True))

    def times_ms(self) -> list[float]:
        """When each tick was, since power-on."""
        return [int(t_us) / 1000 for t_us in self.trace.column("t_us", self.begin, self.end)]


def window(trace: Trace, fields: tuple[str, ...], first: str | None, last: str | None, drop: int | None) -> Window:
    """The window from `first` to `last` (ticks, or times as "2.5s"; None: all), or of one drop. Raises TraceError."""
    if drop is not None and (first or last):
        raise TraceError("--drop and --from or --to: one or the other")
    if not trace.lines:
        raise TraceError(f"{trace.name} has no ticks")
    for field in fields:
        trace.column(field, 0, 0)  # TraceError now, and not in the middle of a picture
    if drop is not None:
        return Window(trace, fields, *_ticks_of_drop(trace, drop))
    begin = _place(trace, "--from", first) if first else 0
    end = _place(trace, "--to", last) + 1 if last else len(trace.lines)
    if end <= begin:
        raise TraceError(f"--to {last} is before --from {first or 0}")
    return Window(trace, fields, begin, end)


def _ticks_of_drop(trace: Trace, drop: int) -> tuple[int, int]:
    """The ticks in which this drop is the newest and the firmware is at it."""
    drops = trace.column("drop", 0, len(trace.lines))
    phases = trace.column("phase", 0, len(trace.lines))
    mine = [tick for tick, number in enumerate(drops) if number == str(drop) and phases[tick] != "idle"]
    if not mine:
        last = max((int(number) for number in drops), default=0)
        raise TraceError(f"--drop {drop}: {trace.name} has drops 1 to {last}" if last else f"{trace.name} has no drop")
    return mine[0], mine[-1] + 1


def _place(trace: Trace, flag: str, text: str) -> int:
    """The tick that is meant; a time means the first tick that is not before it."""
    try:
        if not text.endswith("s"):
            tick = int(text)
        else:
            wanted_us = float(text[:-1]) * 1e6
            times = trace.column("t_us", 0, len(trace.lines))
            tick = next((index for index, t_us in enumerate(times) if int(t_us) >= wanted_us), len(times))
    except ValueError:
        raise TraceError(f"{flag} {text}: neither a tick nor a time such as 2.5s") from None
    if not 0 <= tick < len(trace.lines):
        last_s = int(trace.column("t_us", len(trace.lines) - 1, len(trace.lines))[0]) / 1e6
        raise TraceError(f"{flag} {text}: {trace.name} has ticks 0 to {len(trace.lines) - 1}, {last_s:.3f} s")
    return tick


def shortened(rows: Rows, most: int) -> Rows:
    """At most so many rows: what is too much is left out of the middle, and a row says how much."""
    if len(rows) <= most:
        return rows
    head = (most + 1) // 2
    tail = most - head
    gap = (f"... {len(rows) - most} more", *("..." for _ in rows[0][1:]))
    return [*rows[:head], gap, *rows[len(rows) - tail :]]
