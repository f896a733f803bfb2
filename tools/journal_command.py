"""`mesogun journal`: the journal of a device exported, checked, shown; and how long its flash lasts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.journal import exports, wear
from tools.journal.checking import BEGINNING, Checker, Finding, Head
from tools.journal.exports import Export, ExportError
from tools.journal.keys import KeyMissing, first_key, read_head
from tools.journal.records import Record
from tools.journal.words import in_words, moment
from tools.micropythons import NotInstalled
from tools.tables import Rows, terminal

EXAMPLES = """
The journal of a simulated device into a file, and is it whole?

  mesogun sim --shots 5 --flash build/flash

  mesogun journal export build/flash build/journal.jsonl

  mesogun journal verify build/journal.jsonl

Nothing after record 812, whose code was noted at the device, may be missing:

  mesogun journal verify build/journal.jsonl --head 812:9f86d081884c7d659a2feaa0c55ad015

What happened, as a table, without the drops:

  mesogun journal show build/journal.jsonl --without drop

How long the flash lasts (minutes):

  mesogun journal wear

`mesogun session build/journal.jsonl` makes a record of it that a clinic can file.
"""
NOT_WHOLE = 1

journal = typer.Typer(help="The tamper-evident journal of a device: exported, checked, shown.", no_args_is_help=True)

_File = Annotated[Path, typer.Argument(metavar="FILE", help="An export.")]
_Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="Holds the journal's first key, 64 hexadecimal digits.",
        show_default="that of the simulator",
    ),
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@journal.command()
def export(
    flash: Annotated[Path, typer.Argument(metavar="FLASH", help="The folder of a simulated device's flash.")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    device: Annotated[str, typer.Option(metavar="ID", help="The device's own number.")] = exports.SIMULATED,
) -> None:
    """Write all records of a device, and its head, to one file. Nothing is checked, nothing on the flash changes."""

    def write() -> None:
        found = exports.from_flash(flash, device)
        exports.write(output, found)
        print(f"{output}: {_size(found)}")
        if found.head:
            print(f"head {found.head.sequence}:{found.head.code.hex()}")

    _in_one_line("export", write)


@journal.command()
def verify(
    file: _File,
    key: _Key = None,
    head: Annotated[
        str | None, typer.Option(metavar="NUMBER:CODE", help="The newest record, as it is known from elsewhere.")
    ] = None,
    after: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An earlier export that this one goes on from.")
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Whether every record is as the device wrote it; if not, the first bad one and what was done to it (status 1)."""

    def check() -> None:
        found = exports.read(file)
        known = read_head(head) if head else found.head
        before = _before(found, exports.read(after) if after else None)
        findings = Checker(first_key(key, found.device)).check(found.records, known, before)
        if as_json:
            print(json.dumps(_verdict(found, findings, before)))
        else:
            _tell(found, findings, before, head is not None)
        if findings:
            raise typer.Exit(NOT_WHOLE)

    _in_one_line("verify", check)


@journal.command()
def show(
    file: _File,
    only: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Only records of this kind; repeat it.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(metavar="KIND", help="None of this kind; repeat it.")] = None,
    last: Annotated[int, typer.Option(metavar="N", min=0, help="Only the last N; 0 is all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a record.")] = False,
) -> None:
    """What the records say, one a line. They are not checked: `verify` does that."""

    def display() -> None:
        known = {record.name for record in exports.read(file).records}
        for name in [*(only or []), *(without or [])]:
            if name not in known:
                raise ExportError(f"no record of kind {name} in {file}; there are: {', '.join(sorted(known))}")
        records = [
            record
            for record in exports.read(file).records
            if (not only or record.name in only) and record.name not in (without or [])
        ][-last:]
        if as_json:
            for record in records:
                print(json.dumps(_described(record)))
        else:
            rows: Rows = [
                (str(record.sequence), moment(record), str(record.boot), record.name, in_words(record))
                for record in records
            ]
            Console().print(terminal(str(file), ("n", "when", "boot", "kind", "what"), rows))

    _in_one_line("show", display)


@journal.command(name="wear")
def wear_(
    records: Annotated[int, typer.Option(metavar="N", min=1000, help="So many are written.")] = wear.RECORDS,
    as_json: _AsJson = False,
) -> None:
    """How long the flash lasts: days of 2,000 drops on the file system of the chip, erases counted (minutes)."""

    def measure() -> None:
        found: list[wear.Wear] = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=as_json or not console.is_terminal) as bar:
            for drops in (wear.USUAL_DROPS, wear.WORST_DROPS):
                task = bar.add_task(f"records, {drops} drops a time", total=records)
                told: wear.Told = lambda done, _, task=task: bar.update(task, completed=done)  # noqa: E731
                found.append(wear.measure(records, drops, told))
        usual, worst = found
        if as_json:
            print(json.dumps({"usual": usual.figures(), "worst": worst.figures(), "misses": usual.misses()}))
        else:
            names = list(usual.figures())
            rows: Rows = [
                (name.replace("_", " "), str(usual.figures()[name]), str(worst.figures()[name])) for name in names
            ]
            Console().print(terminal("Wear of the flash", ("figure", "usual", "each drop armed singly"), rows))
        for miss in usual.misses():
            print(f"mesogun journal wear: {miss}", file=sys.stderr)
        if usual.misses():
            raise typer.Exit(1)

    _in_one_line("wear", measure)


# --- words ----------------------------------------------------------------------------------------------------------


def _size(found: Export) -> str:
    count = len(found.records)
    return f"{count} {'record' if count == 1 else 'records'} of device {found.device}"


def _before(found: Export, earlier: Export | None) -> Head | None:
    """What the first record of an export has to follow; None if nobody knows."""
    if not found.records or found.records[0].sequence == 1:
        return BEGINNING
    wanted = found.records[0].sequence - 1
    for record in earlier.records if earlier else ():
        if record.sequence == wanted:
            return Head(wanted, record.code)
    if earlier:
        raise ExportError(f"the earlier export has no record {wanted}, which this one goes on from")
    return None


def _verdict(found: Export, findings: list[Finding], before: Head | None) -> dict[str, Any]:
    return {
        "device": found.device,
        "records": len(found.records),
        "whole": not findings,
        "begins_with_record": found.records[0].sequence if found.records else None,
        "first_record_is_believed": before is None,
        "findings": [
            {"sequence": finding.sequence, "place": finding.place, "what": finding.what, "text": finding.text}
            for finding in findings
        ],
    }


def _tell(found: Export, findings: list[Finding], before: Head | None, head_known: bool) -> None:
    for finding in findings:
        print(f"NOT WHOLE: {finding.text} ({finding.what})")
    if before is None:
        number = found.records[0].sequence
        print(f"It begins with record {number}, which is believed: give the export before it with --after to check it.")
    if findings:
        good = findings[0].place
        print(f"{good} of {_size(found)} before that are as the device wrote them.")
    else:
        print(f"Whole: {_size(found)}, every one as it was written.")
        if not head_known:
            print("Whether newer ones were cut off shows only against a head known from elsewhere (--head).")


def _described(record: Record) -> dict[str, Any]:
    written = record.written
    return {
        "sequence": record.sequence,
        "segment": record.segment,
        "boot": record.boot,
        "written": written.isoformat(timespec="minutes") if written else None,
        "uptime_ms": record.uptime_ms,
        "kind": record.name,
        **record.said(),
    }


def _in_one_line(command: str, do: Callable[[], None]) -> None:
    """Do it; what cannot be done is said in one line, exit status 2."""
    try:
        do()
    except (ExportError, KeyMissing, NotInstalled, wear.Failed, OSError) as error:
        print(f"mesogun journal {command}: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
