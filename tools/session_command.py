"""`mesogun session`: an export of the journal into the record of a session, as a clinic files it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tools.journal import exports, session_records
from tools.journal.checking import BEGINNING, Checker
from tools.journal.exports import Export, ExportError
from tools.journal.keys import KeyMissing, first_key
from tools.journal.session_records import Filed
from tools.journal.sessions import Session, sessions
from tools.tables import Rows, terminal

EXAMPLES = """
Which sessions there are, and the record of the only one, or of patient 12:

  mesogun session build/journal.jsonl

  mesogun session build/journal.jsonl --patient 12

All of them, for the archive:

  mesogun session build/journal.jsonl --all --into archive

Of each an HTML page to print and sign, a CSV with a line for each drop, and a JSON with everything. What the journal
says is checked first: nothing from the first record on that is not as the device wrote it gets into a record.
"""


def session(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export: `mesogun journal export` writes one.")],
    patient: Annotated[int | None, typer.Option(metavar="N", help="Only the sessions of this patient.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All sessions in which anything was given.")] = False,
    into: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path("build/sessions"),
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Holds the journal's first key, 64 hexadecimal digits.", show_default="the simulator's"
        ),
    ] = None,
) -> None:
    """Write the record of a session: HTML, CSV, JSON. Status 1 if the journal is not whole."""
    try:
        found = exports.read(file)
        filed = _filed(found, key)
        chosen = [each for each in filed if patient is None or each.session.patient == patient]
        if not chosen:
            known = ", ".join(dict.fromkeys(str(each.session.patient) for each in filed)) or "nobody"
            who = "nobody was" if patient is None else f"patient {patient} was not"
            raise ExportError(f"{who} treated in {file}; treated were: {known}")
        if len(chosen) > 1 and not every and patient is None:
            _list(file, [each.session for each in chosen])
            return
        for each in chosen:
            for path in session_records.write(into, each):
                print(path)
        for sentence in chosen[0].forged:
            print(f"NOT WHOLE: {sentence}")
        if chosen[0].forged:
            raise typer.Exit(1)
    except (ExportError, KeyMissing, OSError) as error:
        print(f"mesogun session: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None


def _filed(found: Export, key: Path | None) -> list[Filed]:
    """The sessions in which anything was given, of all records before the first bad one."""
    begins = not found.records or found.records[0].sequence == 1
    findings = Checker(first_key(key, found.device)).check(found.records, found.head, BEGINNING if begins else None)
    forged: list[str] = []
    records = found.records
    if findings:
        records = records[: findings[0].place]
        missing = len(found.records) - len(records)
        left_out = f" It and all after it are left out, {missing} records." if missing else ""
        forged = [f"{findings[0].text[0].upper()}{findings[0].text[1:]}.{left_out}"]
    listed = sessions(records)
    return [Filed(each, listed, found.device, forged, not begins) for each in listed if each.is_treatment]


def _list(file: Path, listed: list[Session]) -> None:
    rows: Rows = [
        (
            str(each.patient),
            each.day.isoformat() if each.day else "unknown",
            ", ".join(each.zones),
            f"{each.delivered} of {len(each.drops)}",
        )
        for each in listed
    ]
    Console().print(terminal(str(file), ("patient", "date", "zones", "drops delivered"), rows))
    print("Which one? --patient N, or --all.")
