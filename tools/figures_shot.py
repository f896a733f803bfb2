"""The anatomy of one shot: pressure, needle and volumes against time, with the phases of the firmware named."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tools.figures_style import (
    BAD,
    CLOSED,
    ELASTIC,
    ESTIMATE,
    GOAL,
    OPEN,
    SHADES,
    TISSUE,
    TRUTH,
    WIDTH_INCHES,
    grid,
    new_figure,
)

Columns = Mapping[str, Sequence[float]]

_TAIL_MS = 40.0  # shown after the last phase ...
_TAIL_OF_A_FAULT_MS = 150.0  # ... or after a fault, when the spring pulls the needle out
_LETTER_INCHES = 0.085
_COUNTED = ("touch_off", "extend", "dose", "relax", "retract", "withdraw")  # the estimator follows the plunger


@dataclass(frozen=True)
class Span:
    """One phase of one shot; times in ms from the press."""

    name: str
    begin_ms: float
    end_ms: float


def spans(columns: Columns, phases: Sequence[str]) -> list[Span]:
    """The phases of the shot in their order, without what is idle."""
    found: list[Span] = []
    times = [t_us / 1000 for t_us in columns["t_us"]]
    tick_ms = 2.0
    for time_ms, number in zip(times, columns["phase"], strict=True):
        name = phases[int(number)]
        if name == "idle":
            continue
        if found and found[-1].name == name and time_ms - found[-1].end_ms < tick_ms:
            found[-1] = Span(name, found[-1].begin_ms, time_ms + tick_ms)
        else:
            found.append(Span(name, time_ms, time_ms + tick_ms))
    return found


def anatomy(columns: Columns, phases: Sequence[str], shot: Mapping[str, Any]) -> Figure:
    """The figure of one shot. `columns` has the names of recorder.CURVES, `shot` the keys of the JSON."""
    in_order = spans(columns, phases)
    faulted = shot["result"] == "fault"
    end_ms = (in_order[-1].end_ms if in_order else 0.0) + (_TAIL_OF_A_FAULT_MS if faulted else _TAIL_MS)
    shown = [index for index, t_us in enumerate(columns["t_us"]) if t_us / 1000 <= end_ms]
    cut: dict[str, list[float]] = {name: [column[index] for index in shown] for name, column in columns.items()}
    figure = new_figure(9.6)
    strip, pressure, needle, volume, error = figure.subplots(
        5, 1, sharex=True, gridspec_kw={"height_ratios": [0.42, 2, 1.5, 3, 1.2], "hspace": 0.02}
    )
    times = [t_us / 1000 for t_us in cut["t_us"]]
    for axes in (pressure, needle, volume, error):
        for number, span in enumerate(in_order):
            axes.axvspan(span.begin_ms, span.end_ms, color=SHADES[number % 2], linewidth=0, zorder=0)
        if faulted and in_order:
            axes.axvline(in_order[-1].end_ms, color=BAD, linewidth=1.2, linestyle=(0, (4, 2)))
        grid(axes)
        axes.set_xlim(0, end_ms)
    _name_phases(strip, in_order, end_ms, faulted)
    _draw_pressure(pressure, times, cut, in_order)
    _draw_needle(needle, times, cut, shot)
    forward = _draw_volumes(volume, times, cut, phases, shot)
    if in_order and shot["result"] != "refused":
        weighed = [span for span in in_order if span.name == "weigh"]
        _mark_report(volume, (weighed or in_order)[-1].end_ms, shot)
    _draw_error(error, times, cut, forward)
    figure.legend(*volume.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.align_ylabels([pressure, needle, volume, error])
    return figure


def _name_phases(axes: Axes, in_order: Sequence[Span], end_ms: float, faulted: bool) -> None:
    """Names side by side above the curves, each with a line down to its phase: some phases are narrower than words."""
    axes.set_axis_off()
    axes.set_ylim(0, 1)
    labels = [(span.name.replace("_", "-"), (span.begin_ms + span.end_ms) / 2, GOAL) for span in in_order]
    if faulted and in_order:
        labels.append(("FAULT", in_order[-1].end_ms, BAD))
    ms_per_inch = end_ms / (WIDTH_INCHES - 0.8)
    widths = [(len(name) + 1.5) * _LETTER_INCHES * ms_per_inch for name, _, _ in labels]
    places = apart([place for _, place, _ in labels], widths, end_ms)
    for (name, place, colour), label_place in zip(labels, places, strict=True):
        axes.annotate(
            name,
            xy=(place, 0),
            xytext=(label_place, 0.95),
            ha="center",
            va="top",
            fontsize=9,
            color=TRUTH if colour == GOAL else colour,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 0},
            annotation_clip=False,
        )


def apart(wanted: Sequence[float], widths: Sequence[float], end: float) -> list[float]:
    """Centres for labels of these widths: in order, near where they are wanted, without overlap, within 0 .. end."""
    places: list[float] = []
    free = 0.0
    for place, width in zip(wanted, widths, strict=True):
        places.append(max(place, free + width / 2))
        free = places[-1] + width / 2
    free = end
    for index in reversed(range(len(places))):
        places[index] = min(places[index], free - widths[index] / 2)
        free = places[index] - widths[index] / 2
    return places


def _draw_pressure(axes: Axes, times: Sequence[float], cut: Columns, in_order: Sequence[Span]) -> None:
    axes.plot(times, cut["pressure_kpa"], color=CLOSED, label="pressure sensor")
    inside = [span for span in in_order if span.name == "dose"]
    if inside:
        begin, end = inside[0].begin_ms, inside[-1].end_ms
        rows = [index for index, time_ms in enumerate(times) if begin <= time_ms <= end]
        axes.plot(
            [times[index] for index in rows],
            [cut["tissue_kpa"][index] for index in rows],
            color=TISSUE,
            linestyle=(0, (4, 1.5)),
            label="of it, tissue pushing back (estimate)",
        )
    axes.set_ylabel("pressure, kPa")
    low, high = min(cut["pressure_kpa"]), max(cut["pressure_kpa"])
    axes.set_ylim(low - 0.08 * (high - low), high + 0.32 * (high - low))  # above: room for the legend
    axes.legend(loc="upper left", ncols=2)


def _draw_needle(axes: Axes, times: Sequence[float], cut: Columns, shot: Mapping[str, Any]) -> None:
    """Deeper is down, as in the skin."""
    axes.plot(times, [um / 1000 for um in cut["needle_um"]], color=CLOSED)
    depth_mm = shot["depth_requested_um"] / 1000
    axes.axhline(0, color=TRUTH, linewidth=0.8)
    axes.axhline(depth_mm, color=GOAL, linewidth=1.2, linestyle=":")
    for place_mm, words in ((0, "nozzle plane"), (depth_mm, f"set depth, {depth_mm:g} mm")):
        axes.annotate(
            words,
            xy=(1, place_mm),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            fontsize=9,
        )
    axes.set_ylim(max(depth_mm * 1.35, depth_mm + 0.4), -2.4)
    axes.set_ylabel("needle, mm")


def _draw_volumes(
    axes: Axes, times: Sequence[float], cut: Columns, phases: Sequence[str], shot: Mapping[str, Any]
) -> list[int]:
    """Returns the rows in which the estimate is valid."""
    names = [phases[int(number)] for number in cut["phase"]]
    counted = [index for index, name in enumerate(names) if name in _COUNTED]
    # Once the plunger has turned round, what it counts is play, and no longer liquid.
    forward = [index for index in counted if names[index] in ("touch_off", "extend", "dose")]
    curves = (
        ("delivered = displaced - elastic (estimate)", "delivered_nl", forward, ESTIMATE, "-", 4.0),
        ("displaced (counted steps)", "displaced_nl", counted, OPEN, (0, (5, 1.5)), 1.8),
        ("elastic: stored by the pressure", "elastic_nl", counted, ELASTIC, (0, (1.2, 1.2)), 2.2),
    )
    for label, name, rows, colour, style, width in curves:
        axes.plot(
            [times[index] for index in rows],
            [cut[name][index] / 1000 for index in rows],
            color=colour,
            linestyle=style,
            linewidth=width,
            label=label,
        )
    truth = [nl / 1000 for nl in cut["true_delivered_nl"]]
    axes.plot(times, truth, color=TRUTH, linewidth=0.9, label="delivered: the simulator's truth")
    asked = shot["requested_nl"] / 1000
    axes.axhline(asked, color=GOAL, linewidth=1.2, linestyle=":", label=f"asked, {asked:g} ul")
    axes.set_ylabel("volume, ul")
    axes.set_ylim(-0.08 * asked, 1.15 * max(asked, *truth, *(cut["displaced_nl"][index] / 1000 for index in counted)))
    return forward


def _draw_error(axes: Axes, times: Sequence[float], cut: Columns, forward: Sequence[int]) -> None:
    """How far the estimate is from the truth while it decides."""
    errors = [cut["delivered_nl"][index] - cut["true_delivered_nl"][index] for index in forward]
    axes.axhline(0, color=TRUTH, linewidth=0.9)
    axes.plot([times[index] for index in forward], errors, color=CLOSED)
    axes.margins(y=0.2)
    axes.set_ylabel("estimate -\ntruth, nl")
    axes.set_xlabel("time since the press, in a burst since the drop was due, ms")


def _mark_report(axes: Axes, time_ms: float, shot: Mapping[str, Any]) -> None:
    """What the machine reports, with its own bounds."""
    reported, low, high = (shot[name] / 1000 for name in ("reported_nl", "reported_min_nl", "reported_max_nl"))
    word = "weighed" if shot["result"] == "delivered" else "reported"
    axes.errorbar(
        [time_ms],
        [reported],
        yerr=[[max(reported - low, 0)], [max(high - reported, 0)]],
        color=CLOSED,
        marker="D",
        markersize=6,
        capsize=4,
        linestyle="none",
        label=f"{word}: {reported:.3f} ul ({low:.3f} to {high:.3f})",
        zorder=5,
    )
