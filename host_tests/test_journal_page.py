"""The page of the journal, the table of its kinds and the firmware's own constants say the same."""

import ast
import re
from collections.abc import Iterator

from tools.import_law import ROOT, device_files
from tools.journal import kinds
from tools.journal.kinds import KINDS

PAGE = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
RECORDING = {"record", "texts", "_record"}


def table(heading: str) -> "list[list[str]]":
    """The cells of the first table below a heading, without its head."""
    rows = re.findall(r"^\|(.+)\|$", PAGE.split(heading)[1], re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def test_every_kind_stands_in_the_page_as_it_is_in_the_table() -> None:
    told = [row for row in table("### Kinds") if row[0].isdigit()]
    expected = [
        [str(number), f"`{kind.name}`", ", ".join(f"`{field}`" for field in kind.fields), kind.when]
        for number, kind in KINDS.items()
    ]
    assert told == expected


def test_kinds_are_numbered_without_gaps_and_wide_from_sixteen_on() -> None:
    assert list(KINDS) == list(range(23))
    assert [number for number, kind in KINDS.items() if len(kind.fields) > 2] == list(range(17, 23))
    assert all(len(kind.fields) <= 6 for kind in KINDS.values())


def constants(tree: ast.Module) -> "dict[str, int]":
    """The whole numbers that a file of the device gives a name."""
    found: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            values = [argument.value for argument in node.value.args if isinstance(argument, ast.Constant)]
            if values and isinstance(values[0], int):
                found[node.targets[0].id] = values[0]
    return found


def recorded(tree: ast.Module) -> "Iterator[str]":
    """The names that are handed over as a kind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RECORDING:
            for argument in node.args[:2]:
                name = argument.attr if isinstance(argument, ast.Attribute) else getattr(argument, "id", "")
                if name.isupper():
                    yield name


def disagreements(source: str) -> "list[str]":
    """Kinds that a file of the device records under a number that is not theirs."""
    tree = ast.parse(source)
    numbers = {"TAKEN": kinds.TAKEN, "ILLEGAL": kinds.ILLEGAL, "FAULTS": kinds.FAULTS} | constants(tree)
    return [name for name in recorded(tree) if numbers.get(name) != getattr(kinds, name.lstrip("_"), None)]


def test_the_firmware_records_every_kind_under_its_own_number() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in device_files()}
    assert {name: bad for name, source in sources.items() if (bad := disagreements(source))} == {}
    assert {name for source in sources.values() for name in recorded(ast.parse(source))} >= {
        "TAKEN",
        "ILLEGAL",
        "_LOST",
    }


def test_a_kind_under_another_number_is_found() -> None:
    line = "journal.record(now_us, _DROP, 1, 2)\n"
    assert disagreements("_DROP = const(19)\n" + line) == []
    assert disagreements("_DROP = const(18)\n" + line) == ["_DROP"]
    assert disagreements(line) == ["_DROP"]
    assert disagreements("_DROPS = const(19)\njournal.record(0, _DROPS, 1, 2)\n") == ["_DROPS"]
