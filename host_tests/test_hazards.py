"""Every hazard has an interlock that exists and a test that exists, and no fault and no inhibit is without a hazard."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware import faults, inhibits, needles, settings, states, zones
from firmware.interlocks import Gate
from tools.import_law import device_files
from tools.simulator.faults import catalogue

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
EVERY_BIT = (1 << 60) - 1  # and more than there are
IDS = [f"H{number:02}" for number in range(1, 23)]
COLUMNS = ["id", "hazard", "cause", "what the device does", "interlock", "test"]
# Rules of the gate, and where each is.
GATE_RULES = {
    "gate: state": "_by_state",
    "gate: reservation": "_advance",
    "gate: volume": "_volume",
    "gate: depth": "_depth",
    "gate: origin": "_origin",
    "gate: agreement": "_astray",
    "gate: home": "_out_of_place",
    "gate: pressure": "_pressure",
    "gate: sensors": "_sensors",
    "gate: counts": "_counts",
    "gate: time": "_time",
    "gate: ramps": "_ramps",
    "gate: all off": "_remove_all",
}
LINKS = {"aioble", "aioespnow", "asyncio", "bluetooth", "espnow", "network", "socket", "ssl", "tls", "umqtt"}
FAULTS = set(faults.names(EVERY_BIT))
INHIBITS = set(inhibits.names(EVERY_BIT))
REFUSALS = set(settings.refusal_names(EVERY_BIT))
TO_COVER = FAULTS | INHIBITS | REFUSALS | set(GATE_RULES)
KNOWN = TO_COVER | set(states.NAMES)


def table(page: str, heading: str) -> "list[list[str]]":
    """The cells of the rows of the table whose first column has this heading, that row first."""
    lines = page.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith(f"| {heading} |")]
    assert len(starts) == 1, f"{len(starts)} tables with the first column {heading}"
    found: list[list[str]] = []
    for line in lines[starts[0] :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")])
    return [found[0], *found[2:]]


def in_code(cell: str) -> "list[str]":
    """What a cell has in code style."""
    return re.findall(r"`([^`]+)`", cell)


def linked_tests(cell: str) -> "list[str]":
    """What a cell links to, as pytest names it; a link whose words are not those of its test is spelt out."""
    found: list[str] = []
    for words, path, name in re.findall(r"\[([^]]+)\]\(\.\./(host_tests/\w+\.py)#(\w+)\)", cell):
        said = name.removeprefix("test_").replace("_", " ")
        found.append(f"{path}::{name}" if words == said else f"{path}::{name} is called: {words}")
    return found


def every_test() -> "set[str]":
    """`host_tests/test_x.py::test_name` of each test of the tree."""
    found: set[str] = set()
    for path in sorted((ROOT / "host_tests").glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"host_tests/{path.name}::{node.name}")
    return found


TESTS = every_test()


def wrong_rows(page: str) -> "list[str]":
    """Hazards that are missing, twice, out of order, or not told in full."""
    heading, *rows = table(page, "id")
    found = [] if heading == COLUMNS else ["columns"]
    if [row[0] for row in rows] != IDS:
        found.append("ids")
    return found + [row[0] for row in rows if len(row) != len(COLUMNS) or not all(row)]


def orphans(page: str) -> "list[str]":
    """Faults, inhibits, refusals and rules of the gate that are an interlock of no hazard."""
    named = {name for row in table(page, "id")[1:] for name in in_code(row[4])}
    return sorted(TO_COVER - named)


def unknown_interlocks(page: str) -> "list[str]":
    """Interlocks that the code does not know, and cells of them that name none."""
    rows = table(page, "id")[1:]
    empty = [row[0] for row in rows if not in_code(row[4])]
    return empty + [name for row in rows for name in in_code(row[4]) if name not in KNOWN]


def unknown_tests(page: str) -> "list[str]":
    """Tests that do not exist, and cells of them that name none."""
    rows = table(page, "id")[1:]
    empty = [row[0] for row in rows if not linked_tests(row[5])]
    return empty + [name for row in rows for name in linked_tests(row[5]) if name not in TESTS]


def wrong_rules(page: str) -> "list[str]":
    """Rules of the gate that the page does not explain, or that are none."""
    return sorted({in_code(row[0])[0] for row in table(page, "rule")[1:]} ^ set(GATE_RULES))


def wrong_zones(page: str) -> "list[str]":
    """Zones whose row is not what the code says, or that have no source."""
    rows = {in_code(row[0])[0]: row for row in table(page, "zone")[1:]}
    found = sorted(set(rows) ^ set(zones.NAMES))
    for name in zones.NAMES:
        zone = zones.Zone(name)
        due = [f"{zone.deepest_um / 1000:.1f}", str(zone.dose_most_nl // 1000), f"{zone.most_nl / 1e6:.1f}"]
        row = rows.get(name, [])
        if row and (row[1:5] != [*due, str(zone.points_most)] or not row[5]):
            found.append(name)
    return found


def wrong_needles(page: str) -> "list[str]":
    """Needles whose row is not what the code says."""
    due = [
        [f"`{name}`", f"{needles.deepest_um(name) / 1000:.1f}", str(needles.punctures_most(name))]
        for name in needles.NEEDLES
    ]
    rows = table(page, "needle")[1:]
    return [row[0] for row in rows if row not in due] + [row[0] for row in due if row not in rows]


def left_by(fault: str) -> str:
    """How the firmware leaves a fault."""
    mask = 1 << faults.names(EVERY_BIT).index(fault)
    if faults.needs_technician(mask):
        return "technician"
    return "restart" if faults.needs_restart(mask) else "CONFIRM"


def wrong_recoveries(page: str) -> "list[str]":
    """Faults that the page leaves in another way than the firmware does, or in none, or in two."""
    told = [(row[0], name) for row in table(page, "left by")[1:] for name in in_code(row[1])]
    due = {(left_by(name), name) for name in FAULTS}
    twice = {name for _, name in told if [other for _, other in told].count(name) > 1}
    return sorted({name for _, name in set(told) ^ due} | twice)


def wrong_unnoticed(page: str) -> "list[str]":
    """Faults of the catalogue that no software can notice and the page does not tell in full, and others it tells."""
    rows = {in_code(row[0])[0]: row for row in table(page, "fault")[1:]}
    due = {row.name for row in catalogue.rows() if row.hardware}
    return sorted((set(rows) ^ due) | {name for name, row in rows.items() if len(row) != 4 or not all(row)})


CHECKS: "list[Callable[[str], list[str]]]" = [
    wrong_rows,
    orphans,
    unknown_interlocks,
    unknown_tests,
    wrong_rules,
    wrong_zones,
    wrong_needles,
    wrong_recoveries,
    wrong_unnoticed,
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_page_says_what_the_code_does(check: "Callable[[str], list[str]]") -> None:
    assert check(PAGE) == []


def test_every_rule_of_the_gate_has_a_name_on_the_page() -> None:
    """Whatever else the gate has, it does for somebody outside: orders, and a judgement at rest."""
    inside = {name for name, _ in vars(Gate).items() if name.startswith("_") and not name.startswith("__")}
    assert inside == set(GATE_RULES.values())


def test_no_file_of_the_device_opens_a_radio_or_a_socket() -> None:
    """The page says so of hazards H05 and H20; whoever adds a link has to say there what guards it."""
    imported: set[str] = set()
    for path in device_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    assert {"machine", "firmware"} <= imported
    assert imported & LINKS == set()


def test_the_tests_that_are_found_are_those_of_the_tree() -> None:
    assert "host_tests/test_hazards.py::test_the_page_says_what_the_code_does" in TESTS
    assert "host_tests/test_hazards.py::every_test" not in TESTS


def without_row(name: str) -> str:
    """The page without the row of a hazard."""
    return re.sub(rf"^\| {name} \|.*\n", "", PAGE, flags=re.MULTILINE)


def with_empty_cell(column: int) -> str:
    """The page with nothing in one cell of its fifth hazard."""
    row = next(line for line in PAGE.splitlines() if line.startswith("| H05 |"))
    cells = row.split("|")
    cells[column + 1] = "  "
    return PAGE.replace(row, "|".join(cells))


ADDS = "[gate adds](../host_tests/test_laws_of_the_gate.py#test_gate_adds)"
BROKEN: "list[tuple[Callable[[str], list[str]], str, list[str]]]" = [
    (wrong_rows, without_row("H07"), ["ids"]),
    (wrong_rows, PAGE.replace("| H08 |", "| H07 |"), ["ids"]),
    (wrong_rows, PAGE.replace("| H08 |", "| H23 |"), ["ids"]),
    (wrong_rows, PAGE.replace("| id | hazard | cause |", "| id | hazard | why |"), ["columns"]),
    *[(wrong_rows, with_empty_cell(column), ["H05"]) for column in range(1, 6)],
    (unknown_interlocks, with_empty_cell(4), ["H05"]),
    (unknown_tests, with_empty_cell(5), ["H05"]),
    (orphans, without_row("H08"), ["drying"]),
    (orphans, PAGE.replace("`gate: pressure`,", ""), ["gate: pressure"]),
    (unknown_interlocks, PAGE.replace("`drying` |", "`dryed` |"), ["dryed"]),
    (unknown_interlocks, PAGE.replace("`gate: pressure`,", "`gate: mood`,"), ["gate: mood"]),
    (
        unknown_tests,
        PAGE.replace("[gate only removes](../host_tests/test_laws_of_the_gate.py#test_gate_only_removes)", ADDS),
        ["host_tests/test_laws_of_the_gate.py::test_gate_adds"],
    ),
    (
        unknown_tests,
        PAGE.replace("[gate only removes]", "[gate adds]"),
        ["host_tests/test_laws_of_the_gate.py::test_gate_only_removes is called: gate adds"],
    ),
    (wrong_rules, PAGE.replace("| `gate: home` |", "| `gate: away` |"), ["gate: away", "gate: home"]),
    (wrong_zones, PAGE.replace("| `face` | 2.0 |", "| `face` | 2.1 |"), ["face"]),
    (wrong_zones, PAGE.replace("| PMC8423195 |", "| |"), ["scalp"]),
    (wrong_zones, re.sub(r"\| `chin` .*\n", "", PAGE), ["chin"]),
    (wrong_needles, PAGE.replace("| `32G 4mm` | 4.0 | 80 |\n", ""), ["`32G 4mm`"]),
    (wrong_needles, PAGE.replace("| `32G 4mm` | 4.0 | 80 |", "| `32G 4mm` | 4.0 | 90 |"), ["`32G 4mm`"] * 2),
    (wrong_recoveries, PAGE.replace("| technician | `depth_exceeded` |", "| technician | |"), ["depth_exceeded"]),
    (wrong_recoveries, PAGE.replace("| technician | `", "| technician | `memory`, `"), ["memory"]),
    (wrong_recoveries, PAGE.replace("| restart | `", "| restart | `memory`, `"), ["memory"]),
    (wrong_unnoticed, PAGE.replace("| `syringe_leaks` |", "| `syringe_sings` |"), ["syringe_leaks", "syringe_sings"]),
    (wrong_unnoticed, re.sub(r"(\| `syringe_leaks` .*\|) [^|]* \|\n", r"\1 |\n", PAGE), ["syringe_leaks"]),
]


@pytest.mark.parametrize(("check", "page", "found"), BROKEN)
def test_a_page_that_says_something_else_is_found(
    check: "Callable[[str], list[str]]", page: str, found: "list[str]"
) -> None:
    assert page != PAGE
    assert check(page) == found


def test_every_check_is_tried_on_a_broken_page() -> None:
    assert {check for check, _, _ in BROKEN} == set(CHECKS)
