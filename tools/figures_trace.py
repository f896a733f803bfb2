"""A picture of any fields of a trace against time, one above the other, phases shaded and named."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from tools.figures_style import CLOSED, WIDTH_INCHES, grid, new_figure
from tools.trace_files import TraceError
from tools.trace_window import Window

_MOST_FIELDS = 12
_LETTER_INCHES = 0.085
_FRAME_INCHES = 1.1  # left and right of the curves
_TICK_MS = 2.0
# Light, so that curves stand out; neighbours in a drop differ in lightness too.
_TINTS = {
    "touch_off": "#fde7c8",
    "extend": "#d7e9f7",
    "dose": "#bfe3d0",
    "relax": "#f7d9e5",
    "retract": "#d3d9ee",
    "turn": "#eeeeda",
    "weigh": "#d8d8d8",
    "wait": "#f4f4f4",
    "withdraw": "#f6c7bd",
}
_OTHER = "#e6e0ee"
_DPI = 130

Stretch = tuple[str, float, float]
"""A phase, and its begin and end in ms."""


def stretches(window: Window) -> list[Stretch]:
    """The phases of the window in their order, each as long as it lasted; none while the firmware is idle."""
    phases = window.trace.column("phase", window.begin, window.end)
    found: list[Stretch] = []
    before = "idle"
    for time_ms, phase in zip(window.times_ms(), phases, strict=True):
        if phase != "idle":
            if phase == before:
                found[-1] = (phase, found[-1][1], time_ms + _TICK_MS)
            else:
                found.append((phase, time_ms, time_ms + _TICK_MS))
        before = phase
    return found


def figure(window: Window) -> Figure:
    """The figure. Raises TraceError if that is too much for one."""
    fields = [field for field in window.fields if field not in ("phase", "tick", "t_us")]
    if not fields or len(fields) > _MOST_FIELDS:
        raise TraceError(f"{len(fields)} fields in a picture: 1 to {_MOST_FIELDS}; the phase is shown anyway")
    times = window.times_ms()
    drawn = new_figure(1.1 + 1.25 * len(fields))
    rows: list[Axes] = list(drawn.subplots(len(fields), 1, sharex=True, squeeze=False)[:, 0])
    phases = stretches(window)
    for axes, field in zip(rows, fields, strict=True):
        for phase, begin_ms, end_ms in phases:
            axes.axvspan(begin_ms, end_ms, color=_TINTS.get(phase, _OTHER), linewidth=0, zorder=0)
        _draw(axes, times, window.trace.column(field, window.begin, window.end))
        axes.set_ylabel(field.replace("_", "\n", 1), rotation=0, ha="right", va="center", fontsize=9)
        axes.set_xlim(times[0], times[-1] + _TICK_MS)
        grid(axes)
    _name_phases(rows[0], phases, times[-1] + _TICK_MS - times[0])
    rows[-1].set_xlabel("time since power-on, ms")
    names = list(dict.fromkeys(phase for phase, _, _ in phases))
    if names:
        patches = [Patch(facecolor=_TINTS.get(name, _OTHER), edgecolor="#999999", label=name) for name in names]
        drawn.legend(handles=patches, loc="outside lower center", ncols=len(names), title="phase of the drop")
    return drawn


def draw(window: Window, path: Path) -> None:
    """Write the picture. Raises TraceError for a picture that cannot be, OSError for a file that cannot."""
    try:
        figure(window).savefig(path, dpi=_DPI)
    except ValueError as error:
        if isinstance(error, TraceError):
            raise
        raise TraceError(f"{path}: {error}") from error  # matplotlib names the endings that it knows


def _draw(axes: Axes, times: Sequence[float], texts: Sequence[str]) -> None:
    """A value holds until the next tick: steps, no slopes. Words get a line of their own each."""
    try:
        values = [float(text) for text in texts]
    except ValueError:
        words = list(dict.fromkeys(texts))
        values = [float(words.index(text)) for text in texts]
        axes.set_yticks(range(len(words)), words)
    axes.plot(times, values, color=CLOSED, drawstyle="steps-post", linewidth=1.2)
    axes.margins(y=0.12)


def _name_phases(axes: Axes, phases: Sequence[Stretch], shown_ms: float) -> None:
    """The name of a phase above it, where it is wide enough; the colours are explained below in any case."""
    ms_per_inch = shown_ms / (WIDTH_INCHES - _FRAME_INCHES)
    for phase, begin_ms, end_ms in phases:
        if end_ms - begin_ms > len(phase) * _LETTER_INCHES * ms_per_inch:
            axes.annotate(
                phase,
                xy=((begin_ms + end_ms) / 2, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=8,
            )
