"""Mutates the safety kernel and sees which mutants the tests kill."""

from __future__ import annotations

import ast
import functools
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tools.mutate_edits import Mutant
from tools.mutate_kernel import OWN_TESTS, ROOT, slow_test_files, source_of, test_files
from tools.mutate_worker import UNKNOWN_S, Job
from tools.mutate_workers import Record, record, run_jobs

KILLED, TIME, SURVIVED = "killed", "time", "survived"
LEAST_S = 1.0
"""A test gets five times what it took while its lines were recorded, and this, until it counts as endless."""
GLANCE_S = 1.0
"""So much of tests tries whether a mutant that is called equivalent is none."""

Tick = Callable[[str, int, int], None]


@dataclass
class Findings:
    """What came of each mutant, in the order of the files."""

    mutants: list[Mutant]
    outcomes: list[str]
    tests: int = 0
    seconds: float = 0.0
    equivalent: list[int] = field(default_factory=list[int])

    def those(self, *outcomes: str) -> list[Mutant]:
        """The mutants with one of these outcomes."""
        return [mutant for mutant, outcome in zip(self.mutants, self.outcomes, strict=True) if outcome in outcomes]


def mutate(
    mutants: Sequence[Mutant],
    equivalent: Sequence[bool],
    workers: int,
    tick: Tick,
    patience_s: float = 0.0,
) -> Findings:
    """Try every mutant; of those called equivalent only whether a glance kills them.

    `patience_s`: tests worth so many seconds are run for a mutant, 0: all there are. First each in the process that has
    all tests collected; what survives there, and what is calculated at import, with everything imported anew.
    """
    began_s = time.monotonic()
    files = test_files()
    known = record(files, workers, functools.partial(tick, "tests without mutants"))
    jobs = [
        _job(mutant, _order(mutant, known, GLANCE_S if equal else patience_s), known)
        for mutant, equal in zip(mutants, equivalent, strict=True)
    ]
    outcomes = [SURVIVED] * len(jobs)
    warm = [index for index, mutant in enumerate(mutants) if mutant.function and jobs[index]["tests"]]
    _try(warm, jobs, outcomes, workers, functools.partial(tick, "mutants"), "warm", json.dumps(files))
    cold = [index for index, outcome in enumerate(outcomes) if outcome == SURVIVED and jobs[index]["tests"]]
    cold = [index for index in cold if not (equivalent[index] and mutants[index].function)]
    _try(cold, jobs, outcomes, workers, functools.partial(tick, "mutants, all imported anew"), "cold")
    return Findings(list(mutants), outcomes, len(known.seconds), time.monotonic() - began_s)


def mutate_unrecorded(mutants: Sequence[Mutant], workers: int, tick: Tick) -> Findings:
    """For few mutants, of which none is equivalent: they meet the tests file by file, those about them first."""
    began_s = time.monotonic()
    files = test_files()
    quick = [file for file in files if file not in slow_test_files()]
    jobs: list[Job] = []
    for mutant in mutants:
        own = [file for file in quick if _is_own(f"{file}::", mutant)]
        others = [file for file in quick if file not in own] + slow_test_files()
        jobs.append(_job(mutant, own + others, None))
    outcomes = [SURVIVED] * len(jobs)
    warm = [index for index, mutant in enumerate(mutants) if mutant.function]
    _try(warm, jobs, outcomes, workers, functools.partial(tick, "mutants"), "warm", json.dumps(files))
    cold = [index for index, mutant in enumerate(mutants) if not mutant.function]
    _try(cold, jobs, outcomes, workers, functools.partial(tick, "mutants, all imported anew"), "cold")
    return Findings(list(mutants), outcomes, 0, time.monotonic() - began_s)


def _try(
    chosen: Sequence[int],
    jobs: Sequence[Job],
    outcomes: list[str],
    workers: int,
    tick: Callable[[int, int], None],
    *way: str,
) -> None:
    """Run these jobs and note their outcomes."""
    if not chosen:
        return
    for done, (index, outcome) in enumerate(run_jobs([jobs[index] for index in chosen], workers, *way), start=1):
        outcomes[chosen[index]] = outcome
        tick(done, len(chosen))


def _job(mutant: Mutant, tests: Sequence[str], known: Record | None) -> Job:
    return {
        "file": mutant.file,
        "function": mutant.function,
        "source": mutant.applied(source_of(mutant.file)).decode(),
        "tests": [[test, LEAST_S + 5 * known.seconds[test] if known else UNKNOWN_S] for test in tests],
        "own": sum(_is_own(test, mutant) for test in tests),
    }


def _order(mutant: Mutant, known: Record, patience_s: float) -> list[str]:
    """The tests that can kill a mutant, the most promising first: those of its own file, then the quick ones."""
    if mutant.function:
        found = known.running(mutant.file, range(mutant.statement, mutant.line + 1))
    else:
        found = set[str]()
    if not found:  # of module level, or a function that only the import calls
        found = {test for file, lines in _users(mutant) for test in known.running(file, lines)}
        found |= {test for test in known.seconds if _is_own(test, mutant)}
    ordered = sorted(found, key=lambda test: (not _is_own(test, mutant), known.seconds[test], test))
    if not patience_s:
        return ordered
    total_s = 0.0
    for count, test in enumerate(ordered):
        total_s += known.seconds[test]
        if total_s > patience_s:
            return ordered[:count]
    return ordered


def _is_own(test: str, mutant: Mutant) -> bool:
    """Whether a test is about the mutant's file."""
    stem = mutant.file.rsplit("/", 1)[-1].removesuffix(".py")
    others = tuple(f"host_tests/test_{name}.py" for name in OWN_TESTS.get(mutant.file, ()))
    return test.startswith((f"host_tests/test_{stem}", *others))


def _users(mutant: Mutant) -> list[tuple[str, list[int]]]:
    """By file of the firmware, the lines where what a statement of module level assigns is used; all, if nothing is."""
    found: list[tuple[str, list[int]]] = []
    for path in sorted((ROOT / "firmware").glob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        lines = _lines_with(file, mutant.name) if mutant.name else []
        if not mutant.name and file == mutant.file:
            lines = list(range(1, source_of(file).count(b"\n") + 1))
        found.append((file, lines))
    return found


@functools.cache
def _lines_with(file: str, name: str) -> list[int]:
    """Where a name is read, plainly or from its module."""
    found: set[int] = set()
    for statement in ast.walk(ast.parse(source_of(file))):
        if not isinstance(statement, ast.stmt) or isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        for node in ast.walk(statement):
            if isinstance(node, (ast.Name, ast.Attribute)) and name == getattr(node, "id", getattr(node, "attr", "")):
                found.update((statement.lineno, node.lineno))
    return sorted(found)
