"""A journal in a file: one JSON object a line, the first about the whole, then one for each record.

    {"format": "mesogun journal", "version": 1, "device": "026d65736f67", "sequence": 812, "code": "9f.."}
    {"segment": 12, "record": "2c03.."}

`sequence` and `code` are the head: the newest record's number and code. The bytes of a record stand as they lie on the
flash, in hexadecimal: what they mean is never exported, so it cannot contradict them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.journal.checking import Head
from tools.journal.records import RECORD_BYTES, Record

FORMAT = "mesogun journal"
VERSION = 1
SIMULATED = "026d65736f67"  # machine.unique_id() of the simulated chip
FOLDER = "journal"  # on the flash of a device


class ExportError(Exception):
    """What is wrong with a file or a folder, in one line."""


@dataclass(frozen=True)
class Export:
    """The journal of one device, as it was taken off it. `head` is None where there is no record."""

    device: str
    head: Head | None
    records: tuple[Record, ...]


def from_flash(folder: Path, device: str) -> Export:
    """The journal of a flash that lies as a folder on this PC. Raises ExportError, OSError."""
    if not (folder / FOLDER).is_dir():
        raise ExportError(f"{folder} holds no folder {FOLDER}/: it is not the flash of a device that has recorded")
    records: list[Record] = []
    for path in sorted((folder / FOLDER).iterdir()):
        if not path.name.isdigit():
            raise ExportError(f"{path} is no segment of a journal: their names are numbers")
        content = path.read_bytes()
        places = range(0, len(content), RECORD_BYTES)
        records += [Record(int(path.name), content[place : place + RECORD_BYTES]) for place in places]
    head = Head(records[-1].sequence, records[-1].code) if records else None
    return Export(device, head, tuple(records))


def write(path: Path, export: Export) -> None:
    """Raises OSError."""
    path.write_text("".join(f"{json.dumps(line)}\n" for line in _lines(export)), encoding="utf-8")


def _lines(export: Export) -> Iterator[dict[str, Any]]:
    first: dict[str, Any] = {"format": FORMAT, "version": VERSION, "device": export.device}
    if export.head:
        first |= {"sequence": export.head.sequence, "code": export.head.code.hex()}
    yield first
    for record in export.records:
        yield {"segment": record.segment, "record": record.raw.hex()}


def read(path: Path) -> Export:
    """What write() wrote. Raises ExportError, OSError."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    objects = [_parsed(path, number, line) for number, line in enumerate(lines, 1)]
    if not objects or objects[0].get("format") != FORMAT:
        raise ExportError(f"{path} is no export of a journal: `mesogun journal export` writes one")
    first = objects[0]
    if first.get("version") != VERSION:
        raise ExportError(f"{path} has version {first.get('version')}, and this program reads version {VERSION}")
    number = 1
    try:
        head = Head(int(first["sequence"]), bytes.fromhex(first["code"])) if "sequence" in first else None
        records: list[Record] = []
        for line in objects[1:]:
            number += 1
            records.append(Record(int(line["segment"]), bytes.fromhex(line["record"])))
        return Export(str(first["device"]), head, tuple(records))
    except (KeyError, TypeError, ValueError):
        raise ExportError(f"{path}, line {number}: what it should say is not there, or is no number") from None


def _parsed(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ExportError(f"{path}, line {number}: no JSON object")
    return found  # pyright: ignore[reportUnknownVariableType] - keys of JSON objects are strings
