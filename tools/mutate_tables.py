"""What `mesogun mutate` found: tables on the screen, JSON, and a page that shows each survivor in its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.syntax import Syntax

from tools.mutate import KILLED, SURVIVED, TIME, Findings
from tools.mutate_edits import Mutant
from tools.mutate_kernel import source_of
from tools.mutate_verdicts import Key
from tools.tables import Rows, markdown, terminal

MOST_SURVIVORS = 3
NO_REASON = "none: a test is missing"
_AROUND = 3  # lines shown before and after a mutant
_MOST_SHOWN = 20


def report(found: Findings, equivalent: dict[Key, str], known: dict[Key, str]) -> dict[str, Any]:
    """The object of mutation.json. `mutants` are those that some test can kill: the equivalent ones stand apart."""
    apart = [mutant for mutant in found.mutants if mutant.key in equivalent]
    return {
        "mutants": len(found.mutants) - len(apart),
        "killed": len(found.those(KILLED, TIME)) - len(wrongly(found, equivalent)),
        "killed_by_time": len(found.those(TIME)),
        "survivors": [_entry(mutant, known.get(mutant.key, NO_REASON)) for mutant in survivors(found, equivalent)],
        "equivalent": [_entry(mutant, equivalent[mutant.key]) for mutant in apart],
        "by_operator": _by(found, equivalent, "operator"),
        "by_file": _by(found, equivalent, "file"),
        "tests": found.tests,
        "seconds": round(found.seconds, 1),
    }


def survivors(found: Findings, equivalent: dict[Key, str]) -> list[Mutant]:
    """The mutants that no test kills and nobody has argued to be equivalent."""
    return [mutant for mutant in found.those(SURVIVED) if mutant.key not in equivalent]


def wrongly(found: Findings, equivalent: dict[Key, str]) -> list[Mutant]:
    """The mutants that are called equivalent, and that a test kills."""
    return [mutant for mutant in found.those(KILLED, TIME) if mutant.key in equivalent]


def _entry(mutant: Mutant, reason: str) -> dict[str, Any]:
    return {
        "file": mutant.file,
        "line": mutant.line,
        "function": mutant.function,
        "operator": mutant.operator,
        "mutation": f"{mutant.was} -> {mutant.now}",
        "reason": reason,
    }


def _by(found: Findings, equivalent: dict[Key, str], name: str) -> dict[str, dict[str, int]]:
    """Counts for each operator or file."""
    counted: dict[str, dict[str, int]] = {}
    for mutant, outcome in zip(found.mutants, found.outcomes, strict=True):
        row = counted.setdefault(getattr(mutant, name), {"mutants": 0, "killed": 0, "survived": 0, "equivalent": 0})
        if mutant.key in equivalent:
            row["equivalent"] += 1
        else:
            row["mutants"] += 1
            row["survived" if outcome == SURVIVED else "killed"] += 1
    return dict(sorted(counted.items()))


def _rows(counted: dict[str, dict[str, int]]) -> Rows:
    """A row each, and the sum."""
    total = {name: sum(row[name] for row in counted.values()) for name in HEADINGS}
    return [(name, *map(str, row.values())) for name, row in [*counted.items(), ("all", total)]]


HEADINGS = ("mutants", "killed", "survived", "equivalent")


def show(told: dict[str, Any], left: Sequence[Mutant], console: Console) -> None:
    """Both tables, and every survivor as a difference."""
    for name in ("by_file", "by_operator"):
        what = name.removeprefix("by_")
        console.print(terminal(f"mutants by {what}", (what, *HEADINGS), _rows(told[name])))
    for mutant, entry in list(zip(left, told["survivors"], strict=True))[:_MOST_SHOWN]:
        console.print(f"{entry['file']}:{entry['line']} {entry['operator']}: {entry['reason']}", highlight=False)
        console.print(Syntax("\n".join(difference(mutant)), "diff", theme="ansi_dark", background_color="default"))
    if len(left) > _MOST_SHOWN:
        console.print(f"and {len(left) - _MOST_SHOWN} more survivors in mutation.md", highlight=False)
    console.print(
        f"{told['mutants']} mutants, {told['killed']} killed ({told['killed_by_time']} by their time limit), "
        f"{len(told['survivors'])} survived; {len(told['equivalent'])} more are equivalent; "
        f"{told['tests']} tests, {told['seconds']:.0f} s",
        highlight=False,
    )


def difference(mutant: Mutant) -> list[str]:
    """The lines of a mutant as a diff, with what stands around them."""
    source = source_of(mutant.file)
    before, after = source.decode().splitlines(), mutant.applied(source).decode().splitlines()
    first = mutant.line - 1
    same = 0
    while same < len(before) - mutant.line and before[-1 - same] == after[-1 - same]:
        same += 1
    last, new_last = len(before) - same, len(after) - same
    lines = [f"  {line}" for line in before[max(first - _AROUND, 0) : first]]
    lines += [f"- {line}" for line in before[first:last]] + [f"+ {line}" for line in after[first:new_last]]
    return lines + [f"  {line}" for line in before[last : last + _AROUND]]


def write(told: dict[str, Any], left: Sequence[Mutant], folder: Path) -> list[Path]:
    """Write mutation.json and mutation.md; returns their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "mutation.json", folder / "mutation.md"]
    written[0].write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    written[1].write_text("\n".join(page(told, left)) + "\n", encoding="utf-8")
    return written


def page(told: dict[str, Any], left: Sequence[Mutant]) -> list[str]:
    """The lines of mutation.md."""
    lines = ["# Mutants of the safety kernel", ""]
    lines += [f"{told['mutants']} mutants, {told['killed']} killed, {len(left)} survived.", ""]
    for name in ("by_file", "by_operator"):
        lines += [*markdown((name.removeprefix("by_"), *HEADINGS), _rows(told[name])), ""]
    lines += ["## Survivors", ""]
    for mutant, entry in zip(left, told["survivors"], strict=True):
        where = f"### {entry['file']}:{entry['line']} {entry['function']}"
        lines += [where, "", entry["reason"], "", "```diff", *difference(mutant), "```", ""]
    lines += ["## Equivalent", "", "No test can tell these from the original.", ""]
    rows: Rows = [
        (f"{each['file']}:{each['line']}", f"`{each['mutation']}`", each["reason"]) for each in told["equivalent"]
    ]
    return [*lines, *markdown(("place", "mutation", "argument"), rows)]
