"""The sessions' part of `mesogun powercut`: each story in a process of its own; and ledgers that have to be wrong."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

from rich.console import Console

from tools import crew
from tools.powercut.parts import FAILURES, Part, Plan
from tools.wasm32 import ROOT

_SHIMS = ROOT / "tools" / "simulator" / "cpython"  # CPython has no module `micropython`
STORIES = ("single drops", "burst", "let go", "stopped", "to and fro")
QUICK = ("burst",)
# Ledgers that have to be found wrong, by one story that shows it.
WRONG = {
    "without the mark": "burst",
    "with the mark after motion": "burst",
    "with open drops of nothing in the mark": "burst",
    "without a reservation": "single drops",
    "with the reservation closed early": "single drops",
    "with the journal last": "single drops",
}


def play(plan: Plan, console: Console) -> Part:
    """Cut the power at every tick of every story."""
    stories = QUICK if plan.quick else STORIES
    jobs = [(story, "") for story in stories] + [(story, name) for name, story in WRONG.items() if not plan.quick]
    part = Part(dict.fromkeys(("tick_cuts", *FAILURES[:4]), 0))
    part.details = {"stories": {}, "wrong_ledgers": {}}
    for index, found in crew.all_done(run, jobs, plan.workers, console, "sessions, power cut"):
        story, name = jobs[index]
        if isinstance(found, str):
            part.findings.append(f"{story} {name}: {found}")
        elif name:
            part.details["wrong_ledgers"][name] = found
            if not found["wrong"]:
                part.findings.append(f"a ledger {name} was not found wrong: the cuts prove nothing")
        else:
            part.details["stories"][story] = found
            for count in part.counts:
                part.counts[count] += found[count]
            if found["wrongly_uncertain"]:
                part.findings.append(f"{story}: {found['wrongly_uncertain']} times more was recorded than was possible")
    return part


def run(story: str, name: str) -> dict[str, Any]:
    """One story, with the right ledger or a wrong one; its counts."""
    if str(_SHIMS) not in sys.path:
        sys.path.insert(0, str(_SHIMS))
    from tools.powercut import tick_cuts, tick_stories

    counts = tick_cuts.cut(story, tick_stories.WRONG[name] if name else None)
    return {**dataclasses.asdict(counts), "wrong": counts.wrong}
