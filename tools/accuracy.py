"""`make accuracy`: plays the accuracy grid and judges every cell, into build/accuracy.json and build/accuracy.md."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from tools import grid
from tools.crew import WORKERS, play_all
from tools.judging import Judgement, Series, judge, measure
from tools.session_files import NOTE
from tools.tolerance import CONFIDENCE, CONTENT, SERIES, factor

PLANTS = (grid.OWN_PLANT, grid.UNFAVOURABLE_PLANT)


@dataclass(frozen=True)
class Plan:
    """What to play: plants, cells whose name contains one of the `cells` words, series of 60 drops in each."""

    plants: tuple[str, ...] = PLANTS
    cells: str = ""
    series: int = 5
    quick: bool = False
    workers: int = WORKERS

    def picked(self) -> list[grid.Cell]:
        """The cells to play."""
        whole = grid.chosen(grid.cells(self.plants), self.cells)
        return grid.quick(whole) if self.quick else whole

    def runs(self) -> list[grid.Run]:
        """The series to play."""
        return list(grid.runs(self.picked(), grid.cells(self.plants), 1 if self.quick else self.series))


@dataclass
class Findings:
    """What came of it: `complete` is False if somebody broke it off."""

    plan: Plan
    judgements: list[Judgement] = field(default_factory=list[Judgement])
    complete: bool = False
    wall_s: float = 0.0

    @property
    def missed(self) -> list[Judgement]:
        """Cells that missed a goal."""
        return [judgement for judgement in self.judgements if not judgement.met]

    def as_object(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "note": NOTE,
            "complete": self.complete,
            "cells": len(self.judgements),
            "cells_met": len(self.judgements) - len(self.missed),
            "confidence": CONFIDENCE,
            "content": CONTENT,
            "n": SERIES,
            "k": factor(SERIES),
            "plants": [plant_name(plant) for plant in self.plan.plants],
            "series_per_cell": 1 if self.plan.quick else self.plan.series,
            "wall_s": round(self.wall_s, 1),
            "grid": [judgement.as_object() for judgement in self.judgements],
        }


def plant_name(plant: str) -> str:
    """How tables call a plant: by its file."""
    return Path(plant.rpartition(":")[0]).stem or "own"


def play(plan: Plan, console: Console) -> Findings:
    """Play every series and judge every cell; a keyboard interrupt leaves the cells that were played completely."""
    started_s = time.monotonic()
    runs = plan.runs()
    found = Findings(plan)
    series: dict[int, Series] = {}
    try:
        for index, summary in play_all([run.order for run in runs], plan.workers, console, "series"):
            series[index] = measure(runs[index].order, summary)
        found.complete = True
    except KeyboardInterrupt:
        console.print("broken off: only cells that were played completely are judged")
    for cell in plan.picked():
        mine = [index for index, run in enumerate(runs) if run.cell == cell]
        if all(index in series for index in mine):
            orders = [runs[index].order for index in mine]
            found.judgements.append(judge(cell, orders, [series[index] for index in mine]))
    found.wall_s = time.monotonic() - started_s
    return found


def write(found: Findings, folder: Path) -> list[Path]:
    """Write accuracy.json and accuracy.md; returns their paths. Raises OSError."""
    from tools import accuracy_tables

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "accuracy.json", folder / "accuracy.md"]
    written[0].write_text(json.dumps(found.as_object(), indent=1) + "\n", encoding="utf-8")
    written[1].write_text(accuracy_tables.page(found), encoding="utf-8")
    return written
