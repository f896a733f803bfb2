"""The tables of the accuracy grid, for the terminal and as a Markdown page. Whatever was missed is shown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from tools.accuracy import Findings, plant_name
from tools.goals import INSIDE_PERCENT, REFUSED
from tools.judging import Judgement
from tools.tables import Rows, markdown, terminal
from tools.tolerance import SERIES, factor


def overview(found: Findings) -> Rows:
    """A row for each plant, syringe and dose: cells met, and the worst interval of all needles, tissues and C."""
    rows: Rows = []
    for plant in found.plan.plants:
        for syringe, dose_nl in (*INSIDE_PERCENT, REFUSED):
            box = (plant, syringe, dose_nl)
            mine = [j for j in found.judgements if (j.cell.plant, j.cell.syringe, j.cell.dose_nl) == box]
            if not mine:
                continue
            met = sum(judgement.met for judgement in mine)
            name = (plant_name(plant), syringe, f"{dose_nl / 1000:g} ul")
            verdict = "met" if met == len(mine) else "MISSED"
            rows.append((*name, *_worst(mine), f"{met} of {len(mine)}", verdict))
    return rows


def _worst(mine: Sequence[Judgement]) -> tuple[str, str]:
    if mine[0].cell.to_be_refused:
        return "refused" if all(judgement.met for judgement in mine) else "NOT refused", "refused"
    played = [each for judgement in mine for each in judgement.series if each.sd_percent]
    goal = f"-/+ {mine[0].cell.goal_percent:g}"
    if not played:
        return "nothing delivered", goal
    low, high = min(each.low_percent for each in played), max(each.high_percent for each in played)
    return f"{low:+.2f} .. {high:+.2f}", goal


def missed_checks(found: Findings) -> Rows:
    """A row for every goal that a cell missed."""
    return [
        (plant_name(judgement.cell.plant), judgement.cell.name, check.name, check.measured, check.goal)
        for judgement in found.missed
        for check in judgement.checks
        if not check.met
    ]


def every_cell(found: Findings) -> Rows:
    """A row for every cell: each measured value, and the verdict; first and worst drop beside the interval."""
    rows: Rows = []
    for judgement in found.judgements:
        measured = {check.name: check.measured + ("" if check.met else " (!)") for check in judgement.checks}
        played = [each for each in judgement.series if each.sd_percent]
        singles = [
            f"{max((getattr(each, name) for each in played), key=abs, default=0):+.2f}" if played else ""
            for name in ("first_percent", "worst_percent")
        ]
        rows.append(
            (
                plant_name(judgement.cell.plant),
                judgement.cell.name,
                measured.get("interval, %", measured.get("ended", measured.get("played", ""))),
                "refused" if judgement.cell.to_be_refused else f"-/+ {judgement.cell.goal_percent:g}",
                *singles,
                *(measured.get(name, "") for name in _OTHER_CHECKS),
                "met" if judgement.met else "MISSED",
            )
        )
    return rows


_OTHER_CHECKS = ("|reported - delivered|, nl", "on the skin, nl", "depth error, um", "truth outside bounds", "ended")
OVERVIEW = ("plant", "syringe", "dose", "interval %", "goal %", "cells met", "verdict")
MISSED = ("plant", "cell", "goal", "measured", "wanted")
EVERY_CELL = ("plant", "cell", "interval %", "goal %", "first %", "worst %") + (
    ("report nl", "skin nl", "depth um", "outside", "ended", "verdict")
)


def show(found: Findings, console: Console) -> None:
    """The overview, and every goal that was missed."""
    console.print(terminal("Accuracy in the simulator", OVERVIEW, overview(found)))
    if found.missed:
        console.print(terminal("Missed goals", MISSED, missed_checks(found)))
    met = len(found.judgements) - len(found.missed)
    console.print(f"{met} of {len(found.judgements)} cells met every goal, in {found.wall_s / 60:.1f} min")
    if not found.complete:
        console.print("Broken off: cells that were not played completely are not in it.", style="red")
    console.print("Figures of the simulator, not the accuracy of a device.", style="dim")


def page(found: Findings) -> str:
    """Everything as a Markdown page."""
    met = len(found.judgements) - len(found.missed)
    series = 1 if found.plan.quick else found.plan.series
    return "\n".join(
        [
            "# Accuracy in the simulator",
            "",
            "Made by `make accuracy`. Figures of a simulator, not the accuracy of a device. Mesogun is not a certified "
            "medical product.",
            "",
            f"{met} of {len(found.judgements)} cells met every goal. A cell is {series} series of {SERIES} drops, "
            f"the first after the prime included; its interval is mean -/+ {factor(SERIES):.3f} SD, its worst series."
            + ("" if found.complete else " **Broken off: cells that were not played completely are missing.**"),
            "",
            *markdown(OVERVIEW, overview(found)),
            "",
            "## Missed goals",
            "",
            *(markdown(MISSED, missed_checks(found)) if found.missed else ["None."]),
            "",
            "## Every cell",
            "",
            "Name of a cell: syringe, dose, needle and product, tissue, true compliance against the calibrated one. "
            "`(!)` marks a missed goal. First and worst: single drops, no goal of their own.",
            "",
            *markdown(EVERY_CELL, every_cell(found)),
            "",
        ]
    )
