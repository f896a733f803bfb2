"""The tables of faults found and false alarms, for the terminal and as a Markdown page."""

from __future__ import annotations

from rich.console import Console

from tools.accuracy import plant_name
from tools.fault_cases import VERDICTS
from tools.finding import Findings
from tools.tables import Rows, markdown, terminal

FAULTS = ("fault", "plant", "cases", "same shot", "later", "never", "early", "n/a", "named", "verdict")
GOOD = ("plant", "good shots", "seeds", "false alarms", "cut short", "outside", "wrong report", "skin") + (("verdict",))
ALARMS = ("plant", "shot", "alarm", "again")
OTHERS = ("fault", "plant", "found", "ended", "again")


def fault_rows(found: Findings) -> Rows:
    """A row for each fault and plant."""
    return [
        (
            fault.kind,
            plant_name(fault.plant),
            str(fault.cases),
            *(str(fault.verdicts[name]) for name in VERDICTS),
            str(fault.named),
            "met" if fault.met else "MISSED",
        )
        for fault in found.faults.values()
    ]


def good_rows(found: Findings) -> Rows:
    """A row for each plant."""
    return [
        (
            plant_name(plant),
            f"{tally.good:,}",
            f"{len(tally.seeds):,}",
            str(len(tally.alarms)),
            str(len(tally.unfinished)),
            str(tally.outside_bounds),
            str(tally.misreported),
            str(tally.on_the_skin),
            "MISSED" if tally.alarms or tally.unfinished else "met",
        )
        for plant, tally in found.tallies.items()
    ]


def alarm_rows(found: Findings) -> Rows:
    """A row for each session of good shots that did not go through."""
    return [
        (plant_name(plant), str(kept.get("shot", "-")), kept["why"], kept["again"])
        for plant, tally in found.tallies.items()
        for kept in [*tally.alarms, *tally.unfinished]
    ]


def other_rows(found: Findings) -> Rows:
    """A row for each fault that was not found within the same shot."""
    return [
        (fault.kind, plant_name(fault.plant), other["found"], other["ended"], other["again"])
        for fault in found.faults.values()
        for other in fault.not_found
    ]


def show(found: Findings, console: Console) -> None:
    """Both tables; what went wrong is in the page."""
    console.print(terminal("Faults, found in the simulator", FAULTS, fault_rows(found)))
    console.print(terminal("Good shots in the simulator", GOOD, good_rows(found)))
    console.print(f"{found.alarms} false alarms in {found.good:,} good shots, in {found.wall_s / 60:.1f} min")
    if not found.complete:
        console.print("Broken off.", style="red")
    console.print("Figures of the simulator, not of a device.", style="dim")


def page(found: Findings) -> str:
    """Everything as a Markdown page."""
    return "\n".join(
        [
            "# Faults found, and false alarms, in the simulator",
            "",
            "Made by `make accuracy-long`. Figures of a simulator, not of a device; not a certified medical product.",
            "" if found.complete else "\n**Broken off: these are the figures of what was played.**",
            f"{found.alarms} false alarms in {found.good:,} good shots.",
            "",
            *markdown(GOOD, good_rows(found)),
            "",
            "Cut short: sessions in which not all shots were delivered, and no fault says why. The rest are shots, "
            "judged by `make accuracy` and only shown here: outside, the truth was outside the reported bounds; wrong "
            "report, by more than 2 % and 50 nl; skin, more than 1 % and 50 nl stayed there.",
            "",
            "A fault is found in the same shot if that shot ends as a fault; early if a fault ended a shot before "
            "it struck, which is a false alarm; n/a if it never struck; named if it got the right word.",
            "",
            *markdown(FAULTS, fault_rows(found)),
            "",
            "## Good sessions that did not go through",
            "",
            *(markdown(ALARMS, alarm_rows(found)) if alarm_rows(found) else ["None."]),
            "",
            "## Faults that were not found within the same shot",
            "",
            *(markdown(OTHERS, other_rows(found)) if other_rows(found) else ["None."]),
            "",
        ]
    )
