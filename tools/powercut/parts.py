"""What `mesogun powercut` adds up: parts that cut the power of different things, and count in the same names."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

# How often the power was cut.
CUTS = ("cuts", "pairs", "triples", "tick_cuts")
# What must never come of it.
FAILURES = ("repeated_drops", "forgotten_drops", "under_recorded", "moved_before_acknowledge", "lost_configs")


@dataclass(frozen=True)
class Plan:
    """`triples_every`: one triple in so many is played, drawn by `seed`; 1 is all of them."""

    quick: bool
    workers: int
    triples_every: int
    seed: int


@dataclass
class Part:
    """`counts`: those of CUTS and FAILURES that it knows of; `findings`: sentences, each a reason to fail; `details`
    goes into the file as it is."""

    counts: dict[str, int]
    findings: list[str] = field(default_factory=lambda: list[str]())
    details: dict[str, Any] = field(default_factory=lambda: dict[str, Any]())


@dataclass
class Outcome:
    """All parts together."""

    plan: Plan
    parts: dict[str, Part]
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """Sums, by all names of CUTS and FAILURES; 0 where no part counts."""
        return {name: sum(part.counts.get(name, 0) for part in self.parts.values()) for name in (*CUTS, *FAILURES)}

    @property
    def findings(self) -> list[str]:
        """The sentences of all parts."""
        return [sentence for part in self.parts.values() for sentence in part.findings]

    @property
    def passed(self) -> bool:
        """Nothing was lost, repeated or moved, and nothing else was found."""
        return not self.findings and not any(self.counts[name] for name in FAILURES)

    def as_json(self) -> dict[str, Any]:
        """What build/powercut.json holds."""
        return {
            **self.counts,
            "passed": self.passed,
            "findings": self.findings,
            "quick": self.plan.quick,
            "triples_every": self.plan.triples_every,
            "seed": self.plan.seed,
            "seconds": round(self.seconds, 1),
            "details": {name: part.details for name, part in self.parts.items()},
        }


def run(parts: dict[str, Callable[[Plan, Console], Part]], plan: Plan, console: Console) -> Outcome:
    """Play one after another. Raises what they raise."""
    begun_s = time.monotonic()
    played = {name: play(plan, console) for name, play in parts.items()}
    return Outcome(plan, played, time.monotonic() - begun_s)


def write(outcome: Outcome, folder: Path) -> Path:
    """The file, for programs."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "powercut.json"
    path.write_text(json.dumps(outcome.as_json(), indent=1) + "\n", encoding="utf-8")
    return path
