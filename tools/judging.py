"""Judges a cell of the accuracy grid: what was measured in each series, against every goal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tools import goals
from tools.grid import Cell, command_line
from tools.simulation import Order
from tools.tolerance import SERIES, interval


@dataclass(frozen=True)
class Series:
    """What one series showed. Percent of the dose; `ended` counts the results; `error` says why it was not played."""

    seed: int
    ended: dict[str, int]
    mean_percent: float = 0.0
    sd_percent: float = 0.0
    low_percent: float = 0.0
    high_percent: float = 0.0
    first_percent: float = 0.0
    worst_percent: float = 0.0
    misreported_nl: float = 0.0
    surface_nl: float = 0.0
    depth_error_um: float = 0.0
    outside_bounds: int = 0
    reasons: tuple[str, ...] = ()
    virtual_s: float = 0.0
    error: str = ""


@dataclass(frozen=True)
class Check:
    """One goal: what was measured (the worst of all series), what was wanted, and whether it was met."""

    name: str
    measured: str
    goal: str
    met: bool


@dataclass(frozen=True)
class Judgement:
    """A cell with all its series and checks."""

    cell: Cell
    series: tuple[Series, ...]
    checks: tuple[Check, ...]
    again: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Every goal was met."""
        return all(check.met for check in self.checks)

    def as_object(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "name": self.cell.name,
            "verdict": "met" if self.met else "missed",
            **asdict(self.cell),
            "goal_percent": self.cell.goal_percent,
            "checks": [asdict(check) for check in self.checks],
            "series": [asdict(series) for series in self.series],
            "again": list(self.again),
        }


def measure(order: Order, summary: dict[str, Any] | str) -> Series:
    """One series from the summary of its session, or from the sentence that says why there is none."""
    if isinstance(summary, str):
        return Series(order.seed, {}, error=summary)
    shots = summary["shots"]
    ended = dict(Counter(shot["result"] for shot in shots))
    reasons = tuple(sorted({reason for shot in shots for reason in shot["reasons"]}))
    good = [shot for shot in shots if shot["result"] == "delivered"]
    errors = [(shot["delivered_nl"] / shot["requested_nl"] - 1) * 100 for shot in good]
    found = interval(errors)
    if found is None:
        return Series(order.seed, ended, reasons=reasons, virtual_s=summary["virtual_s"])
    return Series(
        seed=order.seed,
        ended=ended,
        mean_percent=found.mean,
        sd_percent=found.sd,
        low_percent=found.low,
        high_percent=found.high,
        first_percent=errors[0],
        worst_percent=max(errors, key=abs),
        misreported_nl=max(abs(shot["reported_nl"] - shot["delivered_nl"]) for shot in good),
        surface_nl=max(shot["surface_nl"] for shot in shots),
        depth_error_um=max(abs(shot["depth_max_um"] - shot["depth_requested_um"]) for shot in good),
        outside_bounds=sum(not inside_bounds(shot) for shot in shots if shot["result"] != "refused"),
        reasons=reasons,
        virtual_s=summary["virtual_s"],
    )


def inside_bounds(shot: dict[str, Any]) -> bool:
    """Whether the truth lies within what the device reports."""
    return shot["reported_min_nl"] <= shot["delivered_nl"] <= shot["reported_max_nl"]


def judge(cell: Cell, orders: Sequence[Order], series: Sequence[Series]) -> Judgement:
    """Every goal of this cell, by the worst of its series."""
    checks = [Check("played", sentence, "", False) for sentence in sorted({s.error for s in series if s.error})]
    played = [each for each in series if not each.error]
    if played:
        checks += [_refused(played)] if cell.to_be_refused else _checks(cell, played)
    return Judgement(cell, tuple(series), tuple(checks), tuple(command_line(order) for order in orders))


def _refused(played: Sequence[Series]) -> Check:
    met = all(set(each.ended) == {"refused"} and "dose_below_resolution" in each.reasons for each in played)
    return Check("ended", _endings(played), "refused: dose below resolution", met)


def _checks(cell: Cell, played: Sequence[Series]) -> list[Check]:
    goal = cell.goal_percent
    low, high = min(each.low_percent for each in played), max(each.high_percent for each in played)
    told, told_goal = max(each.misreported_nl for each in played), goals.report_error_nl(cell.dose_nl)
    skin, skin_goal = max(each.surface_nl for each in played), goals.surface_nl(cell.dose_nl)
    depth = max(each.depth_error_um for each in played)
    outside = sum(each.outside_bounds for each in played)
    all_delivered = all(each.ended == {"delivered": SERIES} for each in played)
    spread = all(each.ended.get("delivered", 0) > 1 for each in played)
    return [
        Check("ended", _endings(played), f"all {SERIES} delivered", all_delivered),
        Check("interval, %", f"{low:+.2f} .. {high:+.2f}", f"-/+ {goal:g}", spread and -goal <= low and high <= goal),
        Check("|reported - delivered|, nl", f"{told:.0f}", f"<= {told_goal:g}", spread and told <= told_goal),
        Check("on the skin, nl", f"{skin:.0f}", f"<= {skin_goal:g}", skin <= skin_goal),
        Check("depth error, um", f"{depth:.0f}", f"<= {goals.DEPTH_ERROR_UM:g}", depth <= goals.DEPTH_ERROR_UM),
        Check("truth outside bounds", f"{outside}", "0", outside == 0),
    ]


def _endings(played: Sequence[Series]) -> str:
    total: Counter[str] = Counter()
    for each in played:
        total.update(each.ended)
    reasons = sorted({reason for each in played for reason in each.reasons})
    return ", ".join([f"{count} {result}" for result, count in sorted(total.items())] + reasons)
