"""The figures of a bench as a table beside those of the last release, on the screen and in docs/bench.md."""

from __future__ import annotations

import json
import os
import platform
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from tools import goals
from tools.bench import KEYS, Findings
from tools.simulation import ROOT
from tools.tables import Rows, markdown, terminal
from tools.version import VERSION

PAGE = ROOT / "docs" / "bench.md"
RELEASE = ROOT / "docs" / "bench.json"
HEADINGS = ("figure", "now", "last release", "goal", "verdict")
BEGIN = "<!-- FIGURES BEGIN: `mesogun bench --update-docs` writes what is between these two lines -->"
END = "<!-- FIGURES END -->"

# key: (what it is, decimals, goal: the most, or with a minus sign the least, that is good)
_LINES: dict[str, tuple[str, int, float | None]] = {
    "tick_us_median": ("tick in a shot, Unix port, median, us", 1, None),
    "tick_us_p99": ("the same, 99 of 100 below, us", 1, None),
    "calibration_factor": ("Unix port to ESP32, factor", 0, None),
    "tick_projected_esp32_us": ("tick on the ESP32, projection, us", 0, goals.TICK_PROJECTED_US),
    "allocations_per_1e6_ticks.unix": ("ticks in 1e6 that allocate, Unix port", 0, goals.ALLOCATIONS),
    "allocations_per_1e6_ticks.wasm32": ("ticks in 1e6 that allocate, wasm32", 0, goals.ALLOCATIONS),
    "heap_live_bytes_32bit": ("live heap of the device, wasm32, bytes", 0, goals.LIVE_HEAP_BYTES),
    "import_ms": ("import of the device, Unix port, ms", 1, None),
    "sim_speed.cpython": ("simulator, x real time, CPython", 1, -goals.SIM_SPEED),
    "sim_speed.micropython": ("simulator, x real time, Unix port", 1, None),
    "sim_speed.wasm32": ("simulator, x real time, wasm32", 1, None),
    "stepping.ours_steps_per_s": ("steps/s that Python can pay for, chunks", 0, None),
    "stepping.software_steps_per_s": ("the same, a call a step", 0, None),
    "stepping.ours_jitter_us": ("jitter of the steps, chunks, us", 1, None),
    "stepping.software_jitter_us": ("the same, a call a step, us", 1, None),
    "test_seconds": ("`make test`, s", 0, goals.TEST_SECONDS),
}


def value_of(figures: Mapping[str, Any], name: str) -> float | None:
    """The figure `name`, or `name.part`; None if it is missing."""
    found: Any = figures
    for part in name.split("."):
        found = found.get(part) if found is not None else None
    return found


def verdict(name: str, value: float | None, missing: Mapping[str, str]) -> str:
    """ "met", "MISSED", "-" where nothing was asked for, or why there is no figure."""
    if value is None:
        return f"missing: {missing.get(name, 'not measured')}"
    goal = _LINES[name][2]
    if goal is None:
        return "-"
    return "met" if (value >= -goal if goal < 0 else value <= goal) else "MISSED"


def rows(found: Findings, release: Mapping[str, Any]) -> Rows:
    """One row a figure: what it is, now, then, goal, verdict."""
    shown: Rows = []
    for name, (what, decimals, goal) in _LINES.items():
        values = [value_of(figures, name) for figures in (found.figures, release)]
        texts = ["-" if value is None else f"{value:,.{decimals}f}" for value in values]
        wanted = "-" if goal is None else f">= {-goal:,.0f}" if goal < 0 else f"<= {goal:,.0f}"
        shown.append((what, *texts, wanted, verdict(name, values[0], found.missing)))
    return shown


def released() -> dict[str, Any]:
    """The committed figures: KEYS, `date`, `version`, `measured_on`; empty if there are none."""
    return json.loads(RELEASE.read_text(encoding="utf-8")) if RELEASE.exists() else {}


def show(found: Findings, console: Console) -> None:
    """Print the table."""
    before = released()
    title = "bench: figures of this machine; those of the ESP32 are a projection"
    console.print(terminal(title, HEADINGS, rows(found, before)))
    if share_said(found.details):
        console.print(share_said(found.details), style="yellow", highlight=False)
    if before:
        console.print(f"last release: {before['version']}, {before['date']}, {before['measured_on']}", highlight=False)


def share_said(details: Mapping[str, Any]) -> str:
    """A sentence if other programs took so much of the machine that speeds and times mean little; else ""."""
    share = details.get("processor_share", 1.0)
    if share >= 0.9:
        return ""
    return f"Other programs were running: this one had {share:.0%} of a processor. Speeds and `make test` suffer."


def update_docs(found: Findings, page: Path = PAGE, release: Path = RELEASE) -> list[Path]:
    """Write these figures into docs/ as those of this release; returns the files. Raises OSError, ValueError."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page}: the marked block is missing")
    committed = {"version": VERSION, "date": time.strftime("%Y-%m-%d"), "measured_on": measured_on()}
    committed |= {key: found.figures[key] for key in KEYS} | {"missing": found.missing}
    committed["remark"] = share_said(found.details)
    release.write_text(json.dumps(committed, indent=1) + "\n", encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    page.write_text(f"{head}{BEGIN}\n{block(committed)}{END}{rest.partition(END)[2]}", encoding="utf-8")
    return [page, release]


def block(committed: Mapping[str, Any]) -> str:
    """The marked block of the page for these committed figures."""
    found = Findings(figures={key: committed[key] for key in KEYS}, missing=dict(committed["missing"]))
    lines = markdown(("figure", "measured", "goal", "verdict"), [(a, b, d, e) for a, b, _, d, e in rows(found, {})])
    said = f"Version {committed['version']}, {committed['date']}, `mesogun bench` on {committed['measured_on']}."
    return "\n".join([said, committed["remark"], "", *lines, ""])


def measured_on() -> str:
    """This machine, in a few words."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(encoding="utf-8"), re.MULTILINE)
        model = named[1] if named else model
    return f"{os.cpu_count()} x {model}, {platform.system()}, CPython {platform.python_version()}"
