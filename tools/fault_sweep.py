"""Every fault in every phase: what to play, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.crew import WORKERS, all_done
from tools.fault_batches import play_batch
from tools.fault_names import catalogue
from tools.fault_tables import markdown
from tools.ordering import WAITING_RATE_MHZ
from tools.simulation import Order
from tools.simulator.faults.row import Row

Verdict = dict[str, Any]

SHOTS = 3
QUICK_EVERY = 23  # of the pairs
BATCH = 30  # pairs of one phase that are played together


@dataclass(frozen=True)
class Pair:
    """One fault in one phase."""

    group: str
    name: str
    phase: str

    @property
    def text(self) -> str:
        """As --fault takes it."""
        return f"{self.name}@{self.phase}"


@dataclass
class Plan:
    """What to run. `only` picks faults by parts of NAME@PHASE; `every` takes one pair in so many. `shots` a session."""

    plant: str = ""
    only: tuple[str, ...] = ()
    every: int = 1
    workers: int = WORKERS
    shots: int = SHOTS

    def pairs(self) -> list[Pair]:
        """All of them, in the order of the catalogue."""
        found = [pair for row in catalogue() for pair in pairs_of(row)]
        if self.only:
            found = [pair for pair in found if any(word in pair.text for word in self.only)]
        return found[:: self.every]


@dataclass
class Sweep:
    """What was found. `errors`: sessions that could not be played, with the reason."""

    plan: Plan
    pairs: list[Pair]
    verdicts: dict[str, Verdict] = field(default_factory=dict[str, Verdict])
    errors: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def not_applied(self) -> list[str]:
        """Pairs whose fault was never met."""
        return [text for text, verdict in self.verdicts.items() if verdict["applied_tick"] is None]

    @property
    def not_safe(self) -> list[str]:
        """Pairs that were met, and not safe, whatever covers them."""
        return [
            text
            for text, verdict in self.verdicts.items()
            if not verdict["safe"] and verdict["applied_tick"] is not None
        ]

    @property
    def unsafe(self) -> list[str]:
        """Those of them that no measure of the hardware covers."""
        return [text for text in self.not_safe if not covered_by(text)]

    @property
    def covered(self) -> list[str]:
        """Those of them that cannot be noticed by design, and that the hardware covers."""
        return [text for text in self.not_safe if covered_by(text)]

    @property
    def passed(self) -> bool:
        """All were met, and all were safe."""
        return not self.errors and not self.unsafe and not self.not_applied


def pairs_of(row: Row) -> Iterator[Pair]:
    """One for each of its phases that the firmware has."""
    for phase in row.phases:
        yield Pair(row.group, row.name, phase)


def covered_by(text: str) -> str:
    """The measure of the hardware for NAME@PHASE, in a sentence; "" if it has to be noticed."""
    name = text.partition("@")[0]
    return next((row.hardware for row in catalogue() if row.name == name), "")


def order_of(pair: Pair, plant: str, shots: int = SHOTS) -> Order:
    """A short session that comes through the phase, and goes on after it."""
    order = Order(shots=shots, fault=pair.text, plant=plant)
    if pair.phase == "wait":  # a phase of bursts only
        order.mode, order.rate_mhz = "burst", WAITING_RATE_MHZ
    return order


def run(plan: Plan, console: Console) -> Sweep:
    """Play them all."""
    sweep = Sweep(plan, plan.pairs())
    play(sweep, console)
    return sweep


def play(sweep: Sweep, console: Console) -> None:
    """Play the pairs of a sweep, and note what came of them."""
    plan = sweep.plan
    batches = list(batches_of(sweep.pairs))
    orders = [(order_of(batch[0], plan.plant, plan.shots), tuple(pair.name for pair in batch)) for batch in batches]
    # Apart: what forks must have no other threads, and the bar is one.
    for index, heard in all_done(play_batch, orders, plan.workers, console, "batches of faults", apart=True):
        for pair in batches[index]:
            verdict = heard if isinstance(heard, str) else heard[pair.name]
            if isinstance(verdict, str):
                sweep.errors[pair.text] = verdict
            else:
                sweep.verdicts[pair.text] = verdict


def batches_of(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Pairs of the same phase, some at a time."""
    for phase in dict.fromkeys(pair.phase for pair in pairs):
        same = [pair for pair in pairs if pair.phase == phase]
        for first in range(0, len(same), BATCH):
            yield same[first : first + BATCH]


def as_json(sweep: Sweep) -> dict[str, Any]:
    """The object of build/faults.json."""
    verdicts = list(sweep.verdicts.values())
    judged = [verdict for text, verdict in sweep.verdicts.items() if text not in sweep.covered]
    covered = [sweep.verdicts[text] for text in sweep.covered]
    return {
        "plant": sweep.plan.plant or "own",
        "faults": len({pair.name for pair in sweep.pairs}),
        "phases": sorted({pair.phase for pair in sweep.pairs}),
        "pairs": len(sweep.pairs),
        "applied": len(verdicts) - len(sweep.not_applied),
        "safe": sum(1 for verdict in verdicts if verdict["safe"]),
        "unsafe": [{"fault": text, "reasons": sweep.verdicts[text]["reasons"]} for text in sorted(sweep.unsafe)],
        "covered_by_hardware": [
            {"fault": text, "reasons": sweep.verdicts[text]["reasons"], "measure": covered_by(text)}
            for text in sorted(sweep.covered)
        ],
        "not_applied": sorted(sweep.not_applied),
        "errors": sweep.errors,
        "noticed": sum(1 for verdict in verdicts if verdict["detected_tick"] is not None),
        "worst_overdose_nl": worst(judged, "overdose_nl"),
        "worst_overdose_steps": worst(judged, "overdose_steps"),
        "worst_overdose_covered_by_hardware_nl": worst(covered, "overdose_nl"),
        "worst_deeper_um": worst(verdicts, "deeper_um"),
        "worst_in_skin_us": worst(verdicts, "in_skin_us"),
        "worst_detection_ticks": worst(verdicts, "detection_ticks"),
        "worst_detection_moving_ticks": worst(verdicts, "detection_moving_ticks"),
        "verdicts": [sweep.verdicts[pair.text] for pair in sweep.pairs if pair.text in sweep.verdicts],
    }


def worst(verdicts: Sequence[Verdict], key: str) -> int:
    """The largest figure of that kind; 0 if there is none."""
    return max((verdict[key] or 0 for verdict in verdicts), default=0)


def write(sweep: Sweep, folder: Path) -> list[Path]:
    """build/faults.json and build/faults.md."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"faults.json": json.dumps(as_json(sweep), indent=1) + "\n", "faults.md": markdown(sweep)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]
