"""`make accuracy-long`: how many good shots raise a false alarm, and how many faults are found within the same shot.

Writes build/finding.json and build/finding.md. Whatever went wrong is listed with the line that plays it again.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from tools import good_shots
from tools.accuracy import PLANTS, plant_name
from tools.crew import WORKERS, play_all
from tools.fault_cases import NAMED, SAME_SHOT, VERDICTS, Case, cases, verdict
from tools.goals import INSIDE_PERCENT
from tools.good_shots import MOST_SHOTS, Tally
from tools.grid import command_line
from tools.session_files import NOTE


@dataclass(frozen=True)
class Plan:
    """How much: `good` shots in sessions of at most `session_shots`, each fault `repeats` times per combination."""

    good: int = 100_000
    session_shots: int = MOST_SHOTS
    repeats: int = 3
    doses: tuple[tuple[str, int], ...] = tuple(INSIDE_PERCENT)
    plants: tuple[str, ...] = PLANTS
    workers: int = WORKERS

    @classmethod
    def quick(cls, plants: Sequence[str] = PLANTS, workers: int = WORKERS) -> Plan:
        """A minute's worth."""
        return cls(400, 20, 1, (("1ml", 10_000),), tuple(plants), workers)


@dataclass
class Fault:
    """How one kind of fault fared on one plant: a count for each of VERDICTS, and how often it was named right."""

    kind: str
    plant: str
    verdicts: Counter[str] = field(default_factory=Counter[str])
    named: int = 0
    not_found: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(self.verdicts.values())

    @property
    def met(self) -> bool:
        """Every one was found within the same shot."""
        return self.cases > 0 and self.verdicts[SAME_SHOT] == self.cases

    def as_object(self) -> dict[str, Any]:
        """For the JSON file."""
        counts = {name.replace(" ", "_"): self.verdicts[name] for name in VERDICTS}
        share = self.verdicts[SAME_SHOT] / self.cases if self.cases else 0.0
        return {
            "fault": self.kind,
            "plant": plant_name(self.plant),
            "cases": self.cases,
            "share_in_the_same_shot": round(share, 4),
            **counts,
            "named_right": self.named,
            "others": self.not_found,
        }


@dataclass
class Findings:
    """What came of it: `complete` is False if somebody broke it off."""

    plan: Plan
    tallies: dict[str, Tally] = field(default_factory=dict[str, Tally])
    faults: dict[tuple[str, str], Fault] = field(default_factory=dict[tuple[str, str], Fault])
    complete: bool = False
    wall_s: float = 0.0

    @property
    def good(self) -> int:
        """Good shots that were delivered."""
        return sum(tally.good for tally in self.tallies.values())

    @property
    def alarms(self) -> int:
        """Sessions of good shots that a fault ended."""
        return sum(len(tally.alarms) for tally in self.tallies.values())

    def as_object(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "note": NOTE,
            "complete": self.complete,
            "good_shots": self.good,
            "false_alarms": self.alarms,
            "seeds": len(set[int]().union(*(tally.seeds for tally in self.tallies.values()))),
            "wall_s": round(self.wall_s, 1),
            "good": [
                {"plant": plant_name(plant), **vars(tally), "seeds": len(tally.seeds)}
                for plant, tally in self.tallies.items()
            ],
            "faults": [fault.as_object() for fault in self.faults.values()],
        }


def play(plan: Plan, console: Console) -> Findings:
    """Faults first, then good shots until there are enough; a keyboard interrupt leaves what was played."""
    started_s = time.monotonic()
    found = Findings(plan, {plant: Tally() for plant in plan.plants})
    found.faults = {(kind, plant): Fault(kind, plant) for kind in NAMED for plant in plan.plants}
    try:
        _play_faults(plan, found, console)
        _play_good_shots(plan, found, console)
        found.complete = True
    except KeyboardInterrupt:
        console.print("broken off: the figures are those of what was played")
    found.wall_s = time.monotonic() - started_s
    return found


def _play_faults(plan: Plan, found: Findings, console: Console) -> None:
    played: list[Case] = list(cases(plan.plants, plan.repeats, plan.doses))
    for index, summary in play_all([each.order for each in played], plan.workers, console, "faults"):
        each = played[index]
        fault = found.faults[each.kind, each.order.plant]
        when, named = (summary, False) if isinstance(summary, str) else verdict(each, summary)
        fault.verdicts[when] += 1
        fault.named += named
        if when != SAME_SHOT:
            ended = "" if isinstance(summary, str) else _ended(summary)
            fault.not_found.append({"found": when, "ended": ended, "again": command_line(each.order)})


def _ended(summary: dict[str, Any]) -> str:
    return ", ".join(f"{shot['n']} {shot['result']}" for shot in summary["shots"] if shot["result"] != "delivered")


def _play_good_shots(plan: Plan, found: Findings, console: Console) -> None:
    """Sessions that end early have to be made up for; if a round brings nothing, more of them will not either."""
    numbers = _seeds()
    while found.good < plan.good:
        before = found.good
        count = -(-(plan.good - found.good) // plan.session_shots)
        orders = [
            good_shots.order(seed, plan.plants[seed % len(plan.plants)], plan.session_shots)
            for seed, _ in zip(numbers, range(count))  # noqa: B905 - seeds never end
        ]
        for index, summary in play_all(orders, plan.workers, console, "good shots"):
            found.tallies[orders[index].plant].add(orders[index], summary)
        if found.good == before:
            break


def _seeds() -> Iterator[int]:
    seed = 0
    while True:
        seed += 1
        yield seed


def write(found: Findings, folder: Path) -> list[Path]:
    """Write finding.json and finding.md; returns their paths. Raises OSError."""
    from tools import finding_tables

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "finding.json", folder / "finding.md"]
    written[0].write_text(json.dumps(found.as_object(), indent=1) + "\n", encoding="utf-8")
    written[1].write_text(finding_tables.page(found), encoding="utf-8")
    return written
