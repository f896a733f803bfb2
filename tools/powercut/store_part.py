"""The store's part of `mesogun powercut`: which steps are cut how often, in which processes, and what the sums are."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from rich.console import Console

from tools import crew, micropythons
from tools.powercut.parts import Part, Plan
from tools.wasm32 import ROOT

_PROGRAM = "tools.powercut.cuts"
# So many that both directories are compacted and every block is written again, twice over.
_STEPS = 90
_QUICK_PAIRS = (1, 3, 46)  # a first write, the journal's first, and one that compacts the directory
_LEVELS = ("cuts", "pairs", "triples")
_SUMS = ("wrong", "damaged", "bad_blocks", "not_written", "decayed_bits", "decayed_older", "decayed_lost")
# Stores that have to be found wrong. The fourth, one file without anything else, survives all cuts.
WRONG = ("removing", "piecewise", "hasty")


class Failed(Exception):
    """What the program said when it ended before its time."""


def play(plan: Plan, console: Console) -> Part:
    """Cut everything. Raises Failed, or micropythons.NotInstalled."""
    micropythons.find("micropython")
    jobs = list(_jobs(plan))
    part = Part(dict.fromkeys((*_LEVELS, "lost_configs"), 0))
    sums: dict[str, int] = dict.fromkeys(_SUMS, 0)
    wrong_stores = dict.fromkeys((*WRONG, "single"), 0)
    for index, found in crew.all_done(run, [(job,) for job in jobs], plan.workers, console, "store, power cut"):
        job = jobs[index]
        if isinstance(found, str):
            raise Failed(found)
        if job["store"]:
            wrong_stores[job["store"]] += found["wrong"]
            continue
        for name in part.counts:
            part.counts[name] += found[name]
        for name in sums:
            sums[name] += found[name] if job["task"] != "cuts" or name != "not_written" else 0
        part.findings += found["findings"]
        if found["damaged"] and job["task"] == "cuts":
            part.findings.append(f"{found['damaged']} slots were damaged by cuts of steps from {job['first']} on")
    part.findings += [f"the cuts do not find that {name} is wrong" for name in WRONG if not wrong_stores[name]]
    if wrong_stores["single"]:
        part.findings.append("littlefs does not replace a file as a whole any more")
    part.details = {**sums, "wrong_stores": wrong_stores}
    return part


def _jobs(plan: Plan) -> list[dict[str, Any]]:
    """What one process does, as the program wants it; the longest first."""
    jobs: list[dict[str, Any]] = []

    def add(task: str, first: int, count: int = 1, levels: int = 1, store: str = "") -> None:
        every = plan.triples_every
        names = {"task": task, "store": store, "first": first, "last": first + count, "levels": levels}
        jobs.append({**names, "triples_every": every, "seed": plan.seed + first})

    if plan.quick:
        for step in _QUICK_PAIRS:
            add("cuts", step, levels=2)
        add("cuts", 0, 12)
    else:
        for step in range(_STEPS):
            add("cuts", step, levels=3)
    for step in (20,) if plan.quick else range(0, _STEPS, 10):
        add("bad_blocks", step)
        add("decay", step)
    for store in (*WRONG, "single"):
        add("cuts", 0, 8 if plan.quick else 12, store=store)
    return jobs


def run(job: dict[str, Any]) -> dict[str, Any]:
    """One process; what it found. Raises Failed."""
    command = micropythons.command("micropython", _PROGRAM, [str(ROOT), json.dumps(job)])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        said = ((done.stdout + done.stderr).strip().splitlines() or ["no word"])[-1]
        raise Failed(f"{job['task']} from step {job['first']} on: {said}")
    return json.loads(lines[-1])
