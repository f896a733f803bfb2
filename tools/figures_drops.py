"""The drops of a session: the error of each, and the closed loop against the open loop as two distributions."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tools import goals
from tools.figures_style import BAD, CLOSED, GOAL, OPEN, TRUTH, grid, new_figure
from tools.tolerance import Interval, interval

Shots = Sequence[Mapping[str, Any]]

_BINS = 48


def delivered(shots: Shots) -> list[Mapping[str, Any]]:
    """The drops that the device calls delivered."""
    return [shot for shot in shots if shot["result"] == "delivered"]


def errors_percent(shots: Shots) -> list[float]:
    """Delivered (the simulator's truth) against asked, in percent, of each delivered drop."""
    return [(shot["delivered_nl"] / shot["requested_nl"] - 1) * 100 for shot in delivered(shots)]


def error_of_each_drop(shots: Shots, syringe: str, loop: str = "closed") -> Figure:
    """Above: delivered against asked. Below: reported against delivered. `loop` is "closed" or "open".

    `shots` must not be empty.
    """
    figure = new_figure(5.4)
    dose, report = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 2]})
    asked_nl = shots[0]["requested_nl"]
    look: dict[str, Any] = {"linestyle": "none", "markersize": 4.5}
    look |= {"color": CLOSED, "marker": "o"} if loop == "closed" else {"color": OPEN, "marker": "s"}
    _draw_errors(dose, shots, goals.INSIDE_PERCENT.get((syringe, asked_nl)) if loop == "closed" else None, look)
    _draw_misreports(report, shots, goals.report_error_nl(asked_nl), look)
    for axes in (dose, report):
        axes.axhline(0, color=TRUTH, linewidth=0.9)
        grid(axes)
        axes.set_xlim(0.3, len(shots) + 0.7)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
        axes.legend(loc="upper left", ncols=3)
    figure.align_ylabels([dose, report])
    return figure


def _draw_errors(axes: Axes, shots: Shots, goal_percent: float | None, look: Mapping[str, Any]) -> None:
    errors = errors_percent(shots)
    axes.plot([shot["n"] for shot in delivered(shots)], errors, label="a drop", **look)
    shown = [0.0, *errors]
    found = interval(errors)
    if found:
        label = f"tolerance interval, k = {found.k:.3f}, n = {found.n}: {found.low:+.2f} to {found.high:+.2f} %"
        axes.axhspan(found.low, found.high, color=look["color"], alpha=0.14, linewidth=0, label=label)
        shown += [found.low, found.high]
    if goal_percent is not None:
        shown += _draw_goal(axes, goal_percent, "%")
    axes.set_ylabel("delivered - asked, %")
    _room_above(axes, shown)
    _mark_the_others(axes, shots)


def _draw_misreports(axes: Axes, shots: Shots, allowed_nl: float, look: Mapping[str, Any]) -> None:
    good = delivered(shots)
    misreported = [shot["reported_nl"] - shot["delivered_nl"] for shot in good]
    axes.plot([shot["n"] for shot in good], misreported, fillstyle="none", **look)
    axes.set_ylabel("reported - delivered, nl")
    axes.set_xlabel("drop number")
    _room_above(axes, misreported + _draw_goal(axes, allowed_nl, "nl"))


def _draw_goal(axes: Axes, goal: float, unit: str) -> list[float]:
    """Two lines; returns where."""
    style: dict[str, Any] = {"color": GOAL, "linewidth": 1.2, "linestyle": (0, (5, 2))}
    axes.axhline(goal, label=f"goal: inside -/+ {goal:g} {unit}", **style)
    axes.axhline(-goal, **style)
    return [goal, -goal]


def _room_above(axes: Axes, values: Sequence[float]) -> None:
    """Limits that leave a strip for the legend."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    axes.set_ylim(low - 0.08 * span, high + 0.3 * span)


def _mark_the_others(axes: Axes, shots: Shots) -> None:
    """Presses that ended otherwise stand at the lower edge."""
    for result, marker in (("aborted", "v"), ("fault", "X"), ("refused", "|")):
        numbers = [shot["n"] for shot in shots if shot["result"] == result]
        if numbers:
            low = axes.get_ylim()[0]
            axes.plot(
                numbers,
                [low] * len(numbers),
                color=BAD,
                marker=marker,
                markersize=8,
                linestyle="none",
                clip_on=False,
                label=f"{result} ({len(numbers)})",
            )


def distributions(closed: Shots, peer: Shots) -> Figure:
    """Both as histograms on one scale of volume, each over its tolerance interval; a mark for every drop."""
    figure = new_figure(5.0)
    rows = figure.subplots(2, 1, sharex=True, sharey=True)
    volumes = [[shot["delivered_nl"] / 1000 for shot in delivered(shots)] for shots in (closed, peer)]
    edges = bin_edges([*volumes[0], *volumes[1]])
    asked = closed[0]["requested_nl"] / 1000 if closed else 0.0
    names = ("closed loop", "open loop (counts steps)")
    line = None
    for axes, name, drops, colour, hatch in zip(rows, names, volumes, (CLOSED, OPEN), ("", "////"), strict=True):
        line = axes.axvline(asked, color=GOAL, linewidth=1.2, linestyle=":", label=f"asked, {asked:g} ul")
        axes.hist(drops, bins=list(edges), color=colour, alpha=0.75, edgecolor="white", hatch=hatch, linewidth=0.5)
        axes.set_ylabel("drops")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        grid(axes)
        axes.set_title(_caption(name, interval(drops)), loc="left", fontsize=10)
    highest = rows[0].get_ylim()[1]
    for axes, drops, colour in zip(rows, volumes, (CLOSED, OPEN), strict=True):
        _draw_interval(axes, interval(drops), -0.13 * highest, colour)
        axes.set_ylim(-0.26 * highest, highest * 1.02)
        axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= highest])
    rows[1].set_xlabel("delivered volume of one drop (the simulator's truth), ul")
    if line is not None:
        figure.legend(handles=[line], loc="outside lower center")
    return figure


def bin_edges(values: Sequence[float]) -> list[float]:
    """Common bins for both histograms, a little beyond all values."""
    if not values:
        return [0.0, 1.0]
    low, high = min(values), max(values)
    margin = (high - low) * 0.06 or max(abs(high) * 0.01, 0.001)
    return [float(edge) for edge in np.linspace(low - margin, high + margin, _BINS + 1)]


def _caption(name: str, found: Interval | None) -> str:
    if found is None:
        return f"{name}: too few drops for an interval"
    return (
        f"{name}: mean {found.mean:.3f} ul, SD {found.sd * 1000:.0f} nl; "
        f"tolerance interval {found.low:.3f} to {found.high:.3f} ul (k = {found.k:.3f}, n = {found.n})"
    )


def _draw_interval(axes: Axes, found: Interval | None, height: float, colour: str) -> None:
    """A bar with ends below the histogram, the mean as a diamond."""
    if found is None or not math.isfinite(found.low):
        return
    axes.axhline(0, color=TRUTH, linewidth=0.8)
    axes.errorbar(
        [found.mean],
        [height],
        xerr=[[found.mean - found.low], [found.high - found.mean]],
        color=colour,
        marker="D",
        markersize=5,
        capsize=5,
        linewidth=2,
    )
