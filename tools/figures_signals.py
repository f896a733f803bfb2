"""The picture of docs/signals.md: every pattern of lamp and tone against time, as played."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.figures_style import TRUTH, WIDTH_INCHES, styled
from tools.signal_patterns import PRIORITIES, TICK_MS, TONES, Patterns, Played

_LIGHTS = ("", "#d62728", "#2ca02c", "#f2c300", "#1f77b4", "", "#17becf", "#ffffff")  # 1 red + 2 green + 4 blue
_LAMP_S = 5.0
_ALARM_S = 26.0
_BURST_S = 3.6
_TONE_S = 0.45
_STATES = {"IDLE": "IDLE", "READY": "READY", "ARMED": "ARMED", "SHOT": "SHOT", "HOMING": "HOMING, PRIME,\nREWIND"}
_HIGH = 0.75  # of a row


def patterns(table: Patterns) -> Figure:
    """Lamp of alarms and states, tone of alarms, one burst of each, and tones that are no alarm."""
    alarms = {name: table.alarm(name) for name in PRIORITIES}
    bursts = {_pitched(name, played): played for name, played in alarms.items()}
    looks = {words: table.look(name) for name, words in _STATES.items()}
    tones = {_pitched(name, played): played for name, played in ((name, table.tone(name)) for name in TONES)}
    styled()
    figure = Figure(figsize=(WIDTH_INCHES, 10.4), layout="constrained")
    lamp, alarm, burst, tone = figure.subplots(4, 1, height_ratios=(8, 3, 3, 6.5))
    _rows(
        lamp,
        {**{f"{name} alarm": played for name, played in alarms.items()}, **looks},
        _LAMP_S,
        "lamp, against seconds; grey is dark, SHOT is white",
    )
    _rows(alarm, bursts, _ALARM_S, "tone of alarms, against seconds: burst and interval")
    _rows(burst, bursts, _BURST_S, "one burst of each, against seconds; the height is the loudness")
    _rows(tone, tones, _TONE_S, "tones that are no alarm; the height is the pitch, from 1 to 2 kHz")
    tone.set_xlabel("seconds")
    return figure


def _rows(axes: Axes, played: Mapping[str, Played], length_s: float, title: str) -> None:
    """A row for each pattern, the first on top."""
    axes.set_title(title, loc="left")
    axes.set_xlim(0, length_s)
    axes.set_ylim(-0.2, len(played))
    places = range(len(played) - 1, -1, -1)
    for place, one in zip(places, played.values(), strict=True):
        axes.axhline(place, color="#d0d0d0", linewidth=0.6)
        if title.startswith("lamp"):
            _light(axes, place, one, length_s)
        else:
            _sound(axes, place, one, length_s)
    axes.set_yticks([place + _HIGH / 2 for place in places], list(played))
    axes.tick_params(axis="y", length=0)


def _light(axes: Axes, place: int, played: Played, length_s: float) -> None:
    """Light in its colour, with an outline that shows the rhythm to everybody."""
    count = round(length_s * 1000 / TICK_MS)
    times = [tick * TICK_MS / 1000 for tick in range(count)]
    colours = played.colours[:count]
    heights = [place + (_HIGH if colour else 0) for colour in colours]
    for colour in set(colours) - {0}:
        lit = [shown == colour for shown in colours]
        axes.fill_between(times, place, place + _HIGH, where=lit, color=_LIGHTS[colour], linewidth=0, step="post")
    dark = [not colour for colour in colours]
    axes.fill_between(times, place, place + _HIGH, where=dark, color="#dddddd", linewidth=0, step="post")
    axes.plot(times, heights, color=TRUTH, linewidth=0.8, drawstyle="steps-post")


def _sound(axes: Axes, place: int, played: Played, length_s: float) -> None:
    """Alarms by their loudness, other tones by their pitch."""
    count = round(length_s * 1000 / TICK_MS)
    times = [tick * TICK_MS / 1000 for tick in range(count)]
    heights: list[float] = []
    for hz, loudness in zip(played.hz[:count], played.loudness[:count], strict=True):
        share = 0.0 if not hz else loudness / 255 if hz <= 1000 else (hz - 700) / 1300
        heights.append(place + share * _HIGH)
    axes.fill_between(times, place, heights, color="#7a7a7a", linewidth=0, step="post")
    axes.plot(times, heights, color=TRUTH, linewidth=0.8, drawstyle="steps-post")


def _pitched(name: str, played: Played) -> str:
    """The name with its pitch."""
    pitches = list(dict.fromkeys(note.value for note in played.notes))
    return f"{name}  {pitches[0]} Hz" if len(pitches) == 1 else f"{name}  {pitches[0]} to {pitches[-1]} Hz"
