"""The plots of docs/dose-loop.md, from curves of real sessions."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tools import goals
from tools.figures_shot import Columns, spans
from tools.figures_style import BAD, CLOSED, ELASTIC, GOAL, OPEN, SHADES, TISSUE, TRUTH, grid, new_figure
from tools.simulation import Order

_TOUCHED_KPA = 0.4  # firmware/touch_off.py
_TURNED_KPA = -0.4
_NOMINAL_NL_PER_KPA = 2.55  # compliance of a 1 ml syringe with its drive
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": CLOSED, "marker": "o"},
    {"color": OPEN, "marker": "s"},
    {"color": TISSUE, "marker": "^"},
)


@dataclass(frozen=True)
class Drop:
    """One drop. `columns` has the names of recorder.CURVES, `shot` the keys of the JSON; `before_nl` left before it."""

    order: Order
    columns: Columns
    phases: Sequence[str]
    shot: Mapping[str, Any]
    before_nl: float

    @property
    def times_ms(self) -> list[float]:
        """Since the press."""
        return [t_us / 1000 for t_us in self.columns["t_us"]]

    def rows_of(self, *names: str) -> list[int]:
        """The rows in which the shot was in one of these phases."""
        return [index for index, number in enumerate(self.columns["phase"]) if self.phases[int(number)] in names]

    def span_ms(self, name: str) -> tuple[float, float]:
        """Begin and end of the first phase with this name."""
        found = next(span for span in spans(self.columns, self.phases) if span.name == name)
        return found.begin_ms, found.end_ms


def picked(column: Sequence[float], rows: Sequence[int], factor: float = 1.0) -> list[float]:
    """These rows of a column."""
    return [column[row] * factor for row in rows]


# --- C, R and the tissue ------------------------------------------------------------------------------------------


def needles(drops: Mapping[str, Drop], resistances: Mapping[str, float]) -> Figure:
    """Pressure while a dose is fed, through needles with different R C; the tissue's pressure as it is estimated."""
    figure = new_figure(6.2)
    rows = figure.subplots(2, 2)
    for axes, (name, drop) in zip(rows.flat, drops.items(), strict=True):
        fed = drop.rows_of("dose", "relax")
        begin_ms = drop.span_ms("dose")[0]
        times = [drop.times_ms[row] - begin_ms for row in fed]
        dosing = [index for index, row in enumerate(fed) if row in set(drop.rows_of("dose"))]
        tissue = picked(drop.columns["tissue_kpa"], fed)
        axes.axvspan(0, times[dosing[-1]], color=SHADES[0], linewidth=0, zorder=0)
        axes.axhline(drop.order.params["tissue_kpa"], color=TRUTH, linewidth=0.9, label="tissue, truth")
        axes.plot(times, picked(drop.columns["pressure_kpa"], fed), color=CLOSED, label="pressure sensor")
        axes.plot(
            [times[index] for index in dosing],
            [tissue[index] for index in dosing],
            color=TISSUE,
            linestyle=(0, (4, 1.5)),
            label="tissue, estimate",
        )
        needle, product = name.split("-")
        time_ms = resistances[name] * _NOMINAL_NL_PER_KPA * 1000
        axes.set_title(f"{needle}, {product.replace('cP', ' cP')}: R C = {time_ms:.1f} ms", loc="left", fontsize=10)
        axes.set_ylim(bottom=min(-6.0, axes.get_ylim()[0]))
        grid(axes)
    for axes in rows[:, 0]:
        axes.set_ylabel("pressure, kPa")
    for axes in rows[-1]:
        axes.set_xlabel("time since the feed began, ms")
    figure.legend(*rows[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


# --- relax and leave ----------------------------------------------------------------------------------------------


def leaving(drops: Mapping[str, Drop]) -> Figure:
    """The last part of two drops: pressure, needle, plunger and liquid, in one time."""
    figure = new_figure(7.4)
    rows = figure.subplots(4, len(drops), sharex="col", sharey="row")
    for column, (name, drop) in enumerate(drops.items()):
        pressure, needle, plunger, volume = (rows[index][column] for index in range(4))
        turned_ms = drop.span_ms("relax")[0]
        shown = [row for row, t_ms in enumerate(drop.times_ms) if -8 <= t_ms - turned_ms <= 50]
        times = [drop.times_ms[row] - turned_ms for row in shown]
        columns = drop.columns
        _shade((pressure, needle, plunger, volume), drop, turned_ms, (times[0], times[-1]))
        out_ms = next(t for t, row in zip(times, shown, strict=True) if t > 0 and columns["true_depth_um"][row] <= 0)
        pressure.plot(times, picked(columns["pressure_kpa"], shown), color=CLOSED)
        needle.plot(times, picked(columns["true_depth_um"], shown, 0.001), color=CLOSED)
        stand_nl = columns["displaced_nl"][drop.rows_of("relax")[0]]
        plunger.plot(times, [columns["displaced_nl"][row] - stand_nl for row in shown], color=OPEN)
        volume.plot(times, picked(columns["true_delivered_nl"], shown), color=TRUTH, label="in the skin")
        volume.plot(
            times,
            picked(columns["true_surface_nl"], shown),
            color=ELASTIC,
            linestyle=(0, (4, 1.5)),
            label="on the skin",
        )
        asked_nl = drop.shot["requested_nl"]
        volume.axhline(asked_nl, color=GOAL, linewidth=1.2, linestyle=":", label=f"asked, {asked_nl} nl")
        for axes in (pressure, needle, plunger, volume):
            axes.axvline(out_ms, color=BAD, linewidth=1.1, linestyle=(0, (4, 2)), label="needle has left the skin")
            axes.set_xlim(times[0], times[-1])
            grid(axes)
        pressure.set_title(name, loc="left", fontsize=10)
        volume.set_xlabel("time since the plunger was to turn, ms")
    rows[1][0].invert_yaxis()
    for row, words in zip(
        rows, ("pressure,\nkPa", "depth,\nmm", "plunger since\nthe turn, nl", "truth, nl"), strict=True
    ):
        row[0].set_ylabel(words)
    figure.align_ylabels([row[0] for row in rows])
    figure.legend(*rows[3][0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def _shade(all_axes: Sequence[Axes], drop: Drop, zero_ms: float, limits_ms: tuple[float, float]) -> None:
    """The phases in turn light and dark, within limits; times count from `zero_ms`."""
    low, high = limits_ms
    for number, span in enumerate(spans(drop.columns, drop.phases)):
        begin, end = max(span.begin_ms - zero_ms, low), min(span.end_ms - zero_ms, high)
        for axes in all_axes if begin < end else ():
            axes.axvspan(begin, end, color=SHADES[number % 2], linewidth=0, zorder=0)


# --- the scale ----------------------------------------------------------------------------------------------------


def scale(drop: Drop) -> Figure:
    """Pressure against plunger position: the loop that one drop makes, and its lower edge enlarged."""
    figure = new_figure(4.6)
    whole, near = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.15]})
    for axes in (whole, near):
        _draw_loop(axes, drop)
    weighed = drop.shot["reported_nl"] / 1000
    low = min(drop.columns["displaced_nl"][row] for row in drop.rows_of("turn", "weigh")) / 1000
    for kpa, words in ((_TOUCHED_KPA, "touched"), (_TURNED_KPA, "turned")):
        near.axhline(kpa, color=GOAL, linewidth=1.1, linestyle=(0, (5, 2)))
        near.annotate(
            f"{words}: {kpa:+g} kPa",
            xy=(1, kpa),
            xycoords=("axes fraction", "data"),
            ha="right",
            xytext=(-4, 4 if kpa > 0 else -12),
            textcoords="offset points",
            fontsize=9,
        )
    near.plot([weighed], [0], color=BAD, marker="D", markersize=7, linestyle="none", label=f"weight: {weighed:.3f} ul")
    near.set_xlim(low - 0.03, weighed + 0.24)
    near.set_ylim(-5, 5)
    near.set_title("near zero, enlarged", loc="left", fontsize=10)
    whole.set_ylabel("pressure, kPa")
    whole.set_title("one drop", loc="left", fontsize=10)
    figure.legend(*near.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure


def _draw_loop(axes: Axes, drop: Drop) -> None:
    columns = drop.columns
    for name, phases, colour, style in (
        ("feed", ("extend", "dose"), CLOSED, "-"),
        ("relax, leave", ("relax", "retract"), ELASTIC, (0, (5, 1.5))),
        ("turn, in air", ("turn",), OPEN, (0, (1.2, 1.2))),
        ("touch again", ("weigh",), TISSUE, "-"),
    ):
        rows = drop.rows_of(*phases)
        if name != "feed":
            rows = [rows[0] - 1, *rows]
        axes.plot(
            picked(columns["displaced_nl"], rows, 0.001),
            picked(columns["pressure_kpa"], rows),
            color=colour,
            linestyle=style,
            label=name,
        )
    axes.axhline(0, color=TRUTH, linewidth=0.7)
    axes.set_xlabel("plunger position, ul since the last touch")
    grid(axes, "both")


# --- learning -----------------------------------------------------------------------------------------------------


def learning(found: Mapping[int, Mapping[str, Sequence[float]]]) -> Figure:
    """The error of each drop from the first on; `found` maps a dose in nl to percents by the name of the plant."""
    figure = new_figure(4.4)
    columns = figure.subplots(1, len(found))
    for axes, (dose_nl, plants) in zip(columns, found.items(), strict=True):
        goal = goals.INSIDE_PERCENT[("1ml", dose_nl)]
        axes.axhspan(-goal, goal, color="#e8e8e8", linewidth=0, zorder=0, label="goal of the whole interval")
        for (name, errors), look in zip(plants.items(), _LOOKS, strict=True):
            axes.plot(range(1, len(errors) + 1), errors, label=name, markersize=4, linewidth=1.0, **look)
        axes.axhline(0, color=TRUTH, linewidth=0.8)
        axes.set_title(f"{dose_nl / 1000:g} ul", loc="left", fontsize=10)
        axes.set_xlabel("drop number")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        grid(axes)
    columns[0].set_ylabel("delivered - asked, %")
    figure.legend(*columns[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


# --- finding ------------------------------------------------------------------------------------------------------


def finding(good: Drop, drops: Mapping[str, Drop]) -> Figure:
    """Drops that go wrong, each beside a good one: when it happened, and when the machine stopped."""
    figure = new_figure(4.2)
    columns = figure.subplots(1, len(drops), sharey=True)
    for axes, (name, drop) in zip(columns, drops.items(), strict=True):
        for each, label, look in (
            (good, "a good drop", {"color": GOAL, "linestyle": (0, (1.2, 1.2)), "linewidth": 1.2}),
            (drop, "this drop", {"color": CLOSED}),
        ):
            rows = each.rows_of("extend", "dose", "relax", "retract", "turn", "weigh")
            times = picked(each.times_ms, rows)
            axes.plot(times, picked(each.columns["pressure_kpa"], rows), label=label, **look)
        struck_ms, found_ms = struck_at_ms(drop), spans(drop.columns, drop.phases)[-1].end_ms
        axes.axvline(struck_ms, color=OPEN, linewidth=1.3, linestyle=(0, (4, 2)), label="it happens")
        axes.axvline(found_ms, color=BAD, linewidth=1.3, label="found, all stops")
        word = "".join(drop.shot["reasons"][:1])
        axes.set_title(f"{name}:\n{word}, after {found_ms - struck_ms:.0f} ms", loc="left", fontsize=10)
        axes.set_xlabel("time since the press, ms")
        grid(axes)
    columns[0].set_ylabel("pressure, kPa")
    figure.legend(*columns[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def struck_at_ms(drop: Drop) -> float:
    """When the fault struck: at the volume it was ordered for; the end of the syringe, when the pressure falls."""
    columns = drop.columns
    ordered = drop.order.params
    threshold_nl = ordered.get("bubble_after_nl", ordered.get("occluded_after_nl"))
    if threshold_nl is None:
        high_kpa = 0.97 * max(columns["pressure_kpa"])
        return max(t for t, kpa in zip(drop.times_ms, columns["pressure_kpa"], strict=True) if kpa >= high_kpa)
    out_nl = [a + b for a, b in zip(columns["true_delivered_nl"], columns["true_surface_nl"], strict=True)]
    return next(t for t, nl in zip(drop.times_ms, out_nl, strict=True) if drop.before_nl + nl >= threshold_nl)
