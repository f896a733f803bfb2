"""Mutants: which ones there are, what people may say of them, and that a test that fails kills one."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from host_tests.figures import RecordFigure
from tools import mutate_kernel, mutate_tables
from tools.mutate import Findings
from tools.mutate_edits import Mutant
from tools.mutate_kernel import KERNEL, SLOW_TESTS, kernel_mutants, source_of
from tools.mutate_operators import mutants_of
from tools.mutate_verdicts import VerdictError, check, load
from tools.mutate_workers import run_jobs

ROOT = Path(__file__).resolve().parent.parent


def made(source: str) -> "set[tuple[str, str]]":
    """Every mutant of these lines, as (operator, the line it becomes)."""
    return {(mutant.operator, mutant.now) for mutant in mutants_of("x.py", source.encode())}


def body(line: str) -> "set[tuple[str, str]]":
    """The same, of a line in a function."""
    return made(f"def f(a, b, c):\n    {line}\n")


# --- operators ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("if a < b: c()", {("comparison", "if a <= b: c()"), ("condition forced", "if True: c()")}),
        ("if a >= b: c()", {("comparison", "if a > b: c()"), ("condition forced", "if False: c()")}),
        ("return a == b", {("comparison", "return a != b"), ("return value", "return 0")}),
        ("if a not in b: c()", {("comparison", "if a in b: c()")}),
        ("return 0 <= a < 9", {("comparison", "return 0 < a < 9"), ("comparison", "return 0 <= a <= 9")}),
        ("return 7", {("number", "return 8"), ("number", "return 6")}),
        ("return a + b", {("arithmetic", "return a - b")}),
        ("return (a) // (b)", {("arithmetic", "return (a) * (b)")}),
        ("return -a", {("arithmetic", "return a")}),
        ("a.n += b", {("arithmetic", "a.n -= b"), ("arithmetic", "a.n = b"), ("statement deleted", "pass")}),
        ("a.n |= b", {("bits", "a.n &= b"), ("bits", "a.n = b")}),
        ("return a & b | c", {("bits", "return a | b | c"), ("bits", "return a & b & c")}),
        ("return a << b", {("bits", "return a >> b")}),
        ("return a and b or c", {("and, or", "return a or b or c"), ("and, or", "return a and b and c")}),
        ("return a and b", {("condition dropped", "return True and b"), ("condition dropped", "return a and True")}),
        ("return a or b", {("condition dropped", "return False or b")}),
        ("return not a", {("not", "return a")}),
        ("return min(a, b)", {("min, max", "return max(a, b)")}),
        ("a.step(b, c)", {("arguments exchanged", "a.step(c, b)"), ("statement deleted", "pass")}),
        ("a.done = False", {("flag", "a.done = True"), ("statement deleted", "pass")}),
        ("a.n = b if c else 2", {("condition forced", "a.n = b if True else 2")}),
        ('a.n = "x"', {("word", 'a.n = ""')}),
    ],
)
def test_a_line_becomes_every_small_mistake(line: str, expected: "set[tuple[str, str]]") -> None:
    assert body(line) >= expected


def test_an_early_return_is_deleted_and_the_last_one_is_not() -> None:
    found = made("def f(a):\n    if a:\n        return 1\n    return 2\n")
    assert ("statement deleted", "pass") in found
    assert len([now for operator, now in found if operator == "statement deleted"]) == 1


def test_what_says_yes_or_no_says_the_opposite() -> None:
    assert ("return value", "return not (a)") in made("def f(a) -> bool:\n    return a\n")


def test_tables_lose_rows_and_exchange_neighbours() -> None:
    assert made('T = {1: "a", 2: "b"}\n') >= {("table", 'T = { 2: "b"}'), ("table", 'T = {1: "b", 2: "a"}')}
    assert made("T = (a, b, c)\n") >= {("table", "T = (b, a, c)"), ("table", "T = (a, b, )")}
    assert made('T = b"one|two|three"\n') >= {("word", "T = b'two|one|three'"), ("word", "T = b'one|three|two'")}


def test_numbers_of_a_table_move_by_one_and_large_ones_far() -> None:
    nows = {now for _, now in made("LIMIT = const(2000)\n")}
    assert nows == {f"LIMIT = const({number})" for number in (2001, 1999, 4000, 1000)}
    assert {now for _, now in made("LIMIT = const(1 << 3)\n")} >= {"LIMIT = const(1 << 4)", "LIMIT = const(0 << 3)"}


@pytest.mark.parametrize(
    "source",
    ['"""Words."""\n', "import a\n", "from a import b\n", "TYPE_CHECKING = False\n", "def f(a: 'A' = 1) -> 'B': ...\n"],
)
def test_words_imports_and_types_are_left_alone(source: str) -> None:
    assert made(source) == set()


def test_types_only_code_is_left_alone() -> None:
    assert made("TYPE_CHECKING = const(False)\nif TYPE_CHECKING:\n    A = 1\n    from a import b\n") == set()


def test_a_mutant_is_named_by_its_line_without_comment() -> None:
    (mutant,) = (
        each for each in mutants_of("x.py", b"class A:\n  def f(s):\n    s.n = 3  # three\n") if "4" in each.now
    )
    assert mutant.key == ("x.py", "A.f", "s.n = 3", "s.n = 4")
    assert (mutant.line, mutant.statement) == (3, 3)


# --- the kernel ---------------------------------------------------------------------------------------------------


def test_every_mutant_of_the_kernel_can_be_compiled_and_no_two_are_the_same() -> None:
    for file in KERNEL:
        source = source_of(file)
        after = [mutant.applied(source) for mutant in kernel_mutants((file,))]
        assert after
        assert len({*after, source}) == len(after) + 1
        for text in after[::7]:
            ast.parse(text)


def test_a_function_of_the_kernel_that_is_gone_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KERNEL, "firmware/ticks.py", ("elapsed_us", "gone_us"))
    with pytest.raises(ValueError, match=r"has no gone_us: change KERNEL"):
        kernel_mutants(("firmware/ticks.py",))


def test_the_tests_that_are_named_are_there() -> None:
    for name in (
        *mutate_kernel.TESTS,
        *SLOW_TESTS,
        *(own for names in mutate_kernel.OWN_TESTS.values() for own in names),
    ):
        assert list((ROOT / "host_tests").glob(f"test_{name}.py")), name
    assert set(mutate_kernel.slow_test_files()) < set(mutate_kernel.test_files())


# --- verdicts -----------------------------------------------------------------------------------------------------

ENTRY = """
[[equivalent]]
file = "x.py"
function = "f"
was = "return a < b"
now = {now}
{more}
"""
SOURCE = b"def f(a, b):\n    return a < b\n"


def loaded(tmp_path: Path, text: str) -> "list[Any]":
    """The entries of such a file."""
    place = tmp_path / "mutation.toml"
    place.write_text(text, encoding="utf-8")
    return load(place)


def test_an_entry_fits_the_mutants_there_are(tmp_path: Path) -> None:
    mutants = mutants_of("x.py", SOURCE)
    check(loaded(tmp_path, ENTRY.format(now='["return a <= b", "return 0"]', more='reason = "so"')), mutants)
    stale = loaded(tmp_path, ENTRY.format(now='"return a > b"', more='reason = "so"'))
    with pytest.raises(VerdictError, match="fits 0 mutants, not 1"):
        check(stale, mutants)
    check(stale, mutants_of("y.py", SOURCE))  # another file's are not in question
    with pytest.raises(VerdictError, match="fits 1 mutants, not 2"):
        check(loaded(tmp_path, ENTRY.format(now='"return 0"', more='reason = "so"\ntimes = 2')), mutants)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format(now='"return 0"', more=""), "a reason is missing"),
        (ENTRY.format(now='"return 0"', more='why = "so"'), "an entry has"),
        (ENTRY.format(now='"return 0"', more='reason = "so"') * 2, "said twice"),
        ("[[perhaps]]\n", "tables are"),
        ("[[equivalent\n", "mutation.toml"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(VerdictError, match=said):
        loaded(tmp_path, text)


def test_every_entry_of_the_project_fits_the_firmware() -> None:
    check(load(), kernel_mutants())


# --- killing ------------------------------------------------------------------------------------------------------


def jobs(function: str, tests: "Sequence[str]", *edits: "tuple[str, str]") -> "list[dict[str, Any]]":
    """ticks.py, each edit in turn."""
    source = source_of("firmware/ticks.py").decode()
    return [
        {
            "file": "firmware/ticks.py",
            "function": function,
            "source": source.replace(old, new),
            "tests": [[f"host_tests/test_ticks.py::{test}", 2.0] for test in tests],
            "own": len(tests),
        }
        for old, new in edits
    ]


TEST = "test_two_milliseconds_across_the_wrap_are_two_milliseconds"
EDITS = (
    ("now_us - then_us", "now_us + then_us"),
    ("now_us - then_us", "now_us - then_us + 0"),
    ("    difference =", "    while True: pass\n    difference ="),
    ("    difference =", "    raise SystemExit(0)\n    difference ="),
)


@pytest.mark.no_cover
@pytest.mark.parametrize("way", [("warm", '["host_tests/test_ticks.py"]'), ("cold",)], ids=["warm", "cold"])
def test_a_mutant_is_killed_by_a_failing_test_or_its_time_and_an_equivalent_one_survives(
    way: "tuple[str, ...]",
) -> None:
    outcomes = dict(run_jobs(jobs("elapsed_us", [TEST], *EDITS), 2, *way))
    assert [outcomes[index] for index in range(4)] == ["killed", "survived", "time", "killed"]


@pytest.mark.no_cover
def test_a_constant_reaches_whoever_uses_it() -> None:
    changed = jobs("", [TEST], ("const(0x3FFFFFFF)", "const(0x1FFFFFFF)"), ("const(0x20000000)", "const(no_such)"))
    assert dict(run_jobs(changed, 1, "cold")) == {0: "killed", 1: "killed"}


def test_survivors_are_told_with_their_reason_and_shown_in_their_place(tmp_path: Path) -> None:
    mutants = kernel_mutants(("firmware/ticks.py",))[:4]
    found = Findings(mutants, ["survived", "killed", "time", "survived"], 5, 1.0)
    equivalent = {mutants[3].key: "it is the same"}
    told = mutate_tables.report(found, equivalent, {})
    assert (told["mutants"], told["killed"], told["killed_by_time"]) == (3, 2, 1)
    assert [each["reason"] for each in told["survivors"]] == [mutate_tables.NO_REASON]
    assert [each["reason"] for each in told["equivalent"]] == ["it is the same"]
    left: list[Mutant] = mutate_tables.survivors(found, equivalent)
    assert left == mutants[:1]
    paths = mutate_tables.write(told, left, tmp_path)
    assert json.loads(paths[0].read_text(encoding="utf-8")) == told
    page = paths[1].read_text(encoding="utf-8")
    assert f"- {source_of('firmware/ticks.py').decode().splitlines()[left[0].line - 1]}" in page
    wrong = Findings(mutants, ["killed"] * 4, 5, 1.0)
    assert mutate_tables.wrongly(wrong, equivalent) == [mutants[3]]


@pytest.mark.no_cover
def test_a_sample_of_mutants_and_the_cruel_ones_are_killed(tmp_path: Path, record_figure: RecordFigure) -> None:
    command = [
        sys.executable,
        "-c",
        "from tools.cli import app; app()",
        "mutate",
        "--quick",
        "--json",
        "--workers",
        "1",
    ]
    seed = ["--seed", "1"] if os.environ.get("CI") else []
    done = subprocess.run(
        [*command, "--output", str(tmp_path), *seed], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout)
    assert told["killed"] == told["mutants"] > 20
    record_figure("mutants of a sample", told["mutants"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--file", "firmware/menu.py"], "not of the kernel"), (["--workers", "0"], "workers")],
)
def test_what_cannot_be_mutated_is_said_in_one_line(arguments: "list[str]", said: str) -> None:
    command = [sys.executable, "-c", "from tools.cli import app; app()", "mutate", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
