"""The outcome of every fault in every phase, for people: a table on the terminal, and build/faults.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tools.fault_names import known_phases

if TYPE_CHECKING:
    from tools.fault_sweep import Sweep
    from tools.simulator.faults.row import Row

_HEADINGS = (
    "group",
    "faults",
    "pairs",
    "applied",
    "noticed",
    "harmless",
    "unsafe",
    "hard-\nware",
    "overdose\nnl",
    "ticks",
)
SAFE, UNSAFE, COVERED = "safe", "UNSAFE", "by hardware"
NOT_MET, UNNOTICED, FAILED = "not met", "harmless", "error"


def phases_in_short(row: Row) -> str:
    """The phases in which it can strike; all but a few as such."""
    missing = [phase for phase in known_phases() if phase not in row.phases]
    if not missing:
        return "all"
    if len(missing) <= 2:
        return f"all but {', '.join(missing)}"
    return ", ".join(row.phases)


def verdict_of(sweep: Sweep, text: str) -> str:
    """In one word what came of a pair."""
    if text in sweep.errors:
        return FAILED
    verdict = sweep.verdicts[text]
    if verdict["applied_tick"] is None:
        return NOT_MET
    if not verdict["safe"]:
        return COVERED if text in sweep.covered else UNSAFE
    return SAFE if verdict["detected_tick"] is not None else UNNOTICED


def show(sweep: Sweep, console: Console) -> None:
    """The table by groups, and every pair that is not as it should be."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == "group" else "right")
    for row in group_rows(sweep):
        table.add_row(*row)
    console.print(table)
    for text in sweep.covered:
        why = "; ".join(sweep.verdicts[text]["reasons"])
        console.print(f"{text}, left to the hardware: {why}", markup=False, highlight=False, style="yellow")
    for text, why in not_as_they_should_be(sweep):
        console.print(f"{text}: {why}", markup=False, highlight=False, style="red")
    verdict = "all of them met, all safe" if sweep.passed else "NOT all met and safe"
    console.print(f"{len(sweep.pairs)} pairs of fault and phase: {verdict}", highlight=False)
    console.print("Judged by the truth of the simulated plant.", style="dim")


def not_as_they_should_be(sweep: Sweep) -> Iterable[tuple[str, str]]:
    """(NAME@PHASE, why) of all that failed."""
    for pair in sweep.pairs:
        word = verdict_of(sweep, pair.text)
        if word == FAILED:
            yield pair.text, sweep.errors[pair.text]
        elif word in (NOT_MET, UNSAFE):
            yield pair.text, "; ".join(sweep.verdicts[pair.text]["reasons"])


def group_rows(sweep: Sweep) -> list[list[str]]:
    """One row for each group, and one for all."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for pair in sweep.pairs:
        groups[pair.group].append(pair)
    rows = [_group_row(sweep, group, pairs) for group, pairs in groups.items()]
    if len(groups) > 1:
        rows.append(_group_row(sweep, "all", sweep.pairs))
    return rows


def _group_row(sweep: Sweep, group: str, pairs: list[Any]) -> list[str]:
    words = [verdict_of(sweep, pair.text) for pair in pairs]
    verdicts = [sweep.verdicts[pair.text] for pair in pairs if pair.text in sweep.verdicts]
    noticed = [verdict for verdict in verdicts if verdict["detected_tick"] is not None]
    overdose_nl = max((verdict["overdose_nl"] for verdict in verdicts), default=0)
    moving_ticks = max((verdict["detection_moving_ticks"] or 0 for verdict in noticed), default=0)
    return [
        group,
        str(len({pair.name for pair in pairs})),
        str(len(pairs)),
        str(len(pairs) - words.count(NOT_MET) - words.count(FAILED)),
        str(len(noticed)),
        str(words.count(UNNOTICED)),
        str(words.count(UNSAFE)),
        str(words.count(COVERED)),
        str(overdose_nl),
        str(moving_ticks),
    ]


def markdown(sweep: Sweep) -> str:
    """Faults against phases: what came of each pair."""
    words = {pair.text: verdict_of(sweep, pair.text) for pair in sweep.pairs}
    phases = [phase for phase in known_phases() if any(pair.phase == phase for pair in sweep.pairs)]
    lines = [
        "# Every fault in every phase",
        "",
        "Judged by the truth of the simulated plant. `make faults` wrote this.",
    ]
    lines += [
        "",
        "s: noticed and safe, h: harmless and unnoticed, c: not to be noticed by design, and covered by hardware,",
    ]
    lines += ["U: unsafe, n: never met, e: not played", ""]
    lines += [f"| fault | {' | '.join(phases)} |", f"|---|{'---|' * len(phases)}"]
    letters = {SAFE: "s", UNNOTICED: "h", COVERED: "c", UNSAFE: "**U**", NOT_MET: "n", FAILED: "e"}
    for name in dict.fromkeys(pair.name for pair in sweep.pairs):
        cells = [letters.get(words.get(f"{name}@{phase}", ""), "") for phase in phases]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", *(f"* {text}: {why}" for text, why in not_as_they_should_be(sweep))]
    return "\n".join(lines).rstrip() + "\n"
