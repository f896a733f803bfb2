"""A train of RMT pulses, worked out once: when its edges fall, and how long it lasts.

A train starts from the idle level and returns to it. Times are microseconds from its start, rounded down.
"""

DURATION_MASK = 0x7FFF  # 15 bits: ESP-IDF's rmt_symbol_word_t keeps no more, and nobody checks


def _count_by(times: list[int], t_us: int) -> int:
    """How many of the sorted `times` are <= t_us."""
    low = 0
    high = len(times)
    while low < high:
        middle = (low + high) // 2
        if times[middle] <= t_us:
            low = middle + 1
        else:
            high = middle
    return low


class Train:
    """Edges of one train. `rises` and `falls` in us from the start; `rise_count`, `fall_count`, `length_us`."""

    def __init__(self, segments: list[tuple[int, int]], resolution_hz: int, idle_level: int) -> None:
        """`segments`: (level, duration in ticks of `resolution_hz`), none of duration 0."""
        self.segments = segments
        self.resolution_hz = resolution_hz
        self.idle_level = idle_level
        self.rises: list[int] = []
        self.falls: list[int] = []
        self.symbols = (len(segments) + 1) // 2
        level = idle_level
        at = 0
        for new_level, ticks in segments:
            self._edge(level, new_level, at)
            level = new_level
            at += ticks
        self._edge(level, idle_level, at)
        self.length_us = at * 1_000_000 // resolution_hz
        self.rise_count = len(self.rises)
        self.fall_count = len(self.falls)
        self._filtered: "dict[int, Train]" = {}

    def _edge(self, level: int, new_level: int, at_ticks: int) -> None:
        if level != new_level:
            times = self.rises if new_level else self.falls
            times.append(at_ticks * 1_000_000 // self.resolution_hz)

    def rises_in(self, t_us: int) -> int:
        """Rising edges in the first `t_us`."""
        return _count_by(self.rises, t_us)

    def falls_in(self, t_us: int) -> int:
        """Falling edges in the first `t_us`."""
        return _count_by(self.falls, t_us)

    def level_at(self, t_us: int) -> int:
        """Level `t_us` after the start."""
        if t_us < 0:
            return self.idle_level
        edges = self.rises_in(t_us) + self.falls_in(t_us)
        return self.idle_level ^ (edges & 1)

    def without_glitches(self, shortest_ns: int) -> "Train":
        """As a filter passes it on that ignores levels shorter than `shortest_ns`."""
        if shortest_ns not in self._filtered:
            self._filtered[shortest_ns] = self._filter(shortest_ns * self.resolution_hz // 1_000_000_000)
        return self._filtered[shortest_ns]

    def _filter(self, shortest: int) -> "Train":
        kept: list[tuple[int, int]] = []
        level = self.idle_level
        for new_level, ticks in self.segments:
            if ticks >= shortest:
                level = new_level
            if kept and kept[-1][0] == level:
                kept[-1] = (level, kept[-1][1] + ticks)
            else:
                kept.append((level, ticks))
        return Train(kept, self.resolution_hz, self.idle_level)


def segments_of(
    levels: "list[int] | tuple[int, ...]", durations: "list[int] | tuple[int, ...]"
) -> list[tuple[int, int]]:
    """What the RMT hardware plays: it keeps 15 bits of each duration and stops for good at the first 0."""
    segments: list[tuple[int, int]] = []
    for index in range(len(levels)):
        ticks = durations[index] & DURATION_MASK
        if ticks == 0:
            break
        segments.append((levels[index], ticks))
    return segments
