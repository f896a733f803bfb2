"""What lamp and buzzer do, tick by tick, when the table of firmware/signals.py is played; and that in words.

`python -m tools.signal_patterns` prints the tables of docs/signals.md; a test compares the page with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tools.simulator.interpreter import Device

TICK_MS = 2
LOOK_MS = 10_000  # longer than three periods of any look
ALARM_MS = 50_000  # longer than two intervals of any alarm
TONE_MS = 1_000  # longer than any tone
PRIORITIES = ("HIGH", "MEDIUM", "LOW")
TONES = ("DONE", "ABORTED", "ARMED", "REFUSED", "CLICK", "STARTED")
"""Of firmware/tone.py, those that sound by themselves."""
STATES = ("LOCKED", "IDLE", "READY", "ARMED", "SHOT", "HOMING", "PRIME", "REWIND", "SERVICE")
"""Of firmware/states.py, those whose look lasts: BOOT and SELF_TEST are over before the lamp's test is."""
_COLOURS = ("dark", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


@dataclass(frozen=True)
class Run:
    """So long the same."""

    value: int
    begin_ms: int
    length_ms: int

    @property
    def end_ms(self) -> int:
        """When it is over."""
        return self.begin_ms + self.length_ms


@dataclass
class Played:
    """A value for each tick."""

    lights: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    hz: list[int] = field(default_factory=list[int])
    loudness: list[int] = field(default_factory=list[int])

    @property
    def colours(self) -> list[int]:
        """1 red + 2 green + 4 blue, as a lamp shows it that knows only on and off."""
        return [sum(bit for bit, light in zip((1, 2, 4), lights, strict=True) if light) for lights in self.lights]

    @property
    def notes(self) -> list[Run]:
        """What sounds, without the silence; `value` is Hz."""
        return [run for run in runs(self.hz) if run.value]

    @property
    def pulses(self) -> list[Run]:
        """What a buzzer says that knows only on and off."""
        return [run for run in runs([1 if hz else 0 for hz in self.hz]) if run.value]


def runs(values: Sequence[int]) -> list[Run]:
    """A value for each tick, as runs of the same one."""
    found: list[Run] = []
    for tick, value in enumerate(values):
        if found and found[-1].value == value:
            found[-1] = Run(value, found[-1].begin_ms, found[-1].length_ms + TICK_MS)
        else:
            found.append(Run(value, tick * TICK_MS, TICK_MS))
    return found


def play(signals: Any, length_ms: int, *, state: int, priority: int = 0, code: int = 0, **settings: int) -> Played:
    """Plays that from its beginning, with the modules firmware.signals; `settings` are volume and night.

    After the lamp's test and the tone of power-on, but for BOOT (0), which is played from power-on.
    """
    player = signals.Signals()
    for name, value in settings.items():
        setattr(player, name, value)
    if state:
        for _ in range(signals.TEST_TICKS):
            player.show(0, 0)
            player.step()
    player.sound(code)
    played = Played()
    for _ in range(length_ms // TICK_MS):
        player.show(state, priority)
        player.step()
        played.lights.append((player.red, player.green, player.blue))
        played.hz.append(player.tone_hz)
        played.loudness.append(player.loudness)
    return played


class Patterns:
    """All patterns of a device, played by their names."""

    def __init__(self) -> None:
        device = Device()
        self.signals: Any = device.module("firmware.signals")
        self._states: Any = device.module("firmware.states")
        self._alarms: Any = device.module("firmware.alarms")
        self._tone: Any = device.module("firmware.tone")

    def look(self, state: str) -> Played:
        """A state without an alarm."""
        return play(self.signals, LOOK_MS, state=getattr(self._states, state))

    def alarm(self, priority: str) -> Played:
        """A fault of that priority."""
        return play(self.signals, ALARM_MS, state=self._states.FAULT, priority=getattr(self._alarms, priority))

    def tone(self, code: str) -> Played:
        """A tone while nothing else sounds."""
        return play(self.signals, TONE_MS, state=self._states.IDLE, code=getattr(self._tone, code))


def light_in_words(played: Played) -> str:
    """Colour, and milliseconds of light and dark of one period."""
    found = runs(played.colours)
    if len(found) == 1:
        return f"{_COLOURS[found[0].value]}, steady"
    found = found[1:-1]  # these are whole
    length = _period(found)
    # Begins with what comes after the longest dark.
    places = [place for place in range(1, length + 1) if found[place].value]
    begin = max(places, key=lambda place: (found[place - 1].length_ms, found[place].length_ms))
    period = found[begin : begin + length]
    colour = _COLOURS[max(run.value for run in period)]
    return f"{colour}, " + ", ".join(f"{'on' if run.value else 'off'} {run.length_ms}" for run in period) + " ms"


def _period(found: Sequence[Run]) -> int:
    """After how many runs they begin again."""
    kinds = [(run.value, run.length_ms) for run in found]
    return next(n for n in range(1, len(kinds)) if kinds[n:] == kinds[:-n])


def sound_in_words(played: Played) -> str:
    """Pulses, gaps and pitches, in ms and Hz; of an alarm one burst, and the silence before the next."""
    pulses = played.pulses
    gaps = [after.begin_ms - before.end_ms for before, after in pairwise(pulses)]
    rest = next((place for place, gap in enumerate(gaps) if gap > 2000), None)
    burst = pulses if rest is None else pulses[: rest + 1]
    pitches = list(dict.fromkeys(note.value for note in played.notes))
    words = f"{_list([pulse.length_ms for pulse in burst])} ms"
    if len(burst) > 1:
        words += f", gaps {_list(gaps[: len(burst) - 1])} ms"
    words += f", {', '.join(map(str, pitches))} Hz"
    return words if rest is None else f"{words}; again after {gaps[rest] / 1000:g} s"


def _list(lengths: Sequence[int]) -> str:
    """3 x 200 if all are the same, else all of them."""
    if len(lengths) > 1 and len(set(lengths)) == 1:
        return f"{len(lengths)} x {lengths[0]}"
    return ", ".join(map(str, lengths))


def tables(patterns: Patterns) -> str:
    """Three tables in Markdown."""
    lines = ["| priority | lamp | tone |", "|---|---|---|"]
    for name in PRIORITIES:
        played = patterns.alarm(name)
        lines.append(f"| `{name}` | {light_in_words(played)} | {sound_in_words(played)} |")
    lines += ["", "| state without an alarm | lamp |", "|---|---|"]
    lines += [f"| `{name}` | {light_in_words(patterns.look(name))} |" for name in STATES]
    lines += ["", "| information | tone |", "|---|---|"]
    lines += [f"| `{name}` | {sound_in_words(patterns.tone(name))} |" for name in TONES]
    return "\n".join(lines)


if __name__ == "__main__":
    print(tables(Patterns()))
