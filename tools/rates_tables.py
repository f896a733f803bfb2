"""The fastest rates as a table on the screen and on a page, as JSON, and as a picture."""

# pyright: reportUnknownMemberType=false
# matplotlib does not say what its keyword arguments are.

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from tools.rates import Rate
from tools.rates_planner import Plan
from tools.session_files import NOTE
from tools.tables import Rows, markdown, terminal

HEADINGS = ("syringe", "dose ul", "rate Hz", "planner takes Hz", "interval %", "goal %", "limit", "verdict")
_DPI = 130


def rows(rates: Sequence[Rate]) -> Rows:
    """One row a cell."""
    return [
        (
            rate.syringe,
            f"{rate.dose_nl / 1000:g}",
            f"{rate.rate_hz:.2f}" if rate.rate_hz else "-",
            f"{rate.accepted_hz:.2f}" if rate.accepted_hz else "refused",
            "-" if rate.low_percent is None else f"{rate.low_percent:+.2f} .. {rate.high_percent:+.2f}",
            "-" if rate.goal_percent is None else f"-/+ {rate.goal_percent:g}",
            rate.limit,
            _verdict(rate),
        )
        for rate in rates
    ]


def _verdict(rate: Rate) -> str:
    if rate.accepted_hz and not rate.rate_hz:
        return "MISSED"
    return {None: "-", True: "met", False: "MISSED"}[rate.accuracy_kept]


def in_order(rates: Sequence[Rate], plan: Plan) -> list[Rate]:
    """As the plan has them: they come as they are done."""
    cells = plan.cells()
    return sorted(rates, key=lambda rate: cells.index((rate.syringe, rate.dose_nl)))


def show(rates: Sequence[Rate], plan: Plan, console: Console) -> None:
    """Print the table."""
    title = f"fastest bursts at {plan.depth_um / 1000:g} mm, {plan.series_drops} drops each"
    console.print(terminal(title, HEADINGS, rows(rates)))
    console.print("Figures of the simulator, not of a device.", style="dim")


def write(rates: Sequence[Rate], plan: Plan, folder: Path) -> list[Path]:
    """Write rates.json, rates.md and rates.png; returns their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"rates.{ending}" for ending in ("json", "md", "png")]
    found = {
        "note": NOTE,
        "depth_um": plan.depth_um,
        "seed": plan.seed,
        "params": plan.params,
        "drops": plan.series_drops,
        "rates": [{**asdict(rate), "accuracy_kept": rate.accuracy_kept} for rate in rates],
    }
    written[0].write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    written[1].write_text(page(rates, plan), encoding="utf-8")
    draw(rates, plan, written[2])
    return written


def page(rates: Sequence[Rate], plan: Plan) -> str:
    """The table as a page, and under it what stood in the way of a faster rate."""
    lines = [
        "# The fastest bursts",
        "",
        f"`mesogun rates`, {time.strftime('%Y-%m-%d')}. Depth {plan.depth_um / 1000:g} mm, {plan.series_drops} drops",
        "each. The interval is mean -/+ k SD of a drop's error. The limit is what takes most of a drop's time.",
        "Figures of the simulator, not of a device.",
        "",
        *markdown(HEADINGS, rows(rates)),
        "",
        "![Rate against dose, a curve for each syringe](rates.png)",
        "",
        "What happens a little faster:",
        "",
    ]
    lines += [
        f"* {rate.syringe}, {rate.dose_nl / 1000:g} ul: {rate.why_not_faster}" for rate in rates if rate.why_not_faster
    ]
    return "\n".join(lines) + "\n"


def draw(rates: Sequence[Rate], plan: Plan, path: Path) -> None:
    """Rate against dose, a curve for each syringe; thin, what the planner would take."""
    # matplotlib takes a second to load: only who draws waits for it.
    from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

    from tools.figures_style import CLOSED, GOAL, OPEN, TISSUE, grid, new_figure

    figure = new_figure(4.6)
    axes = figure.subplots()
    looks = zip(plan.syringes, (CLOSED, OPEN, TISSUE), ("o", "s", "^"), strict=False)
    for syringe, colour, marker in looks:
        mine = [rate for rate in rates if rate.syringe == syringe and rate.rate_hz]
        doses = [rate.dose_nl / 1000 for rate in mine]
        axes.plot(doses, [rate.rate_hz for rate in mine], color=colour, marker=marker, label=f"{syringe} syringe, kept")
        axes.plot(doses, [rate.accepted_hz for rate in mine], color=colour, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.plot([], [], color=GOAL, linewidth=0.9, linestyle=(0, (4, 2)), label="the planner takes")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(FixedLocator([dose_nl / 1000 for dose_nl in plan.doses_nl]))
    axes.yaxis.set_major_locator(FixedLocator([0.2, 0.5, 1, 2, 3, 5, 8, 10, 15, 20]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.set_xlabel("dose, ul")
    axes.set_ylabel("fastest burst, drops a second")
    grid(axes, "both")
    axes.legend(loc="lower left")
    figure.savefig(path, dpi=_DPI)
