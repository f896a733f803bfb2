"""Traces in files: what every tick of a session sensed, commanded and was doing, for people and for other programs.

A trace is a CSV table, UTF-8, with a newline (\\n) after each line; gzip'd unless its name ends with .csv:

    # mesogun trace 1
    # order {"interpreter": "cpython", "shots": 2, ...}      what was played, one JSON object
    tick,t_us,state,phase,drop,trigger_no, ... ,tone          names of the columns
    0,2003,BOOT,idle,0,0, ... ,0                              one line a tick, tick 0 first, none left out
    # end {"ticks": 5121, "trace_sha256": "..."}              only if the session came to its end

`zcat`, and any reader of tables that skips lines with #, read it. Whole numbers, but for the words of `state` and
`phase`; units are in the names, `*_counts` are raw 12-bit readings. t_us counts from power-on; the columns after `drop`
are Inputs and Outputs of firmware/image.py. The number in the first line grows when a program that reads version 1
would misread the file; columns may come and go without that.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from tools.simulation import Order
from tools.simulator.trace_lines import FIELDS

VERSION = 1
MARK = "# mesogun trace "
_ORDER = "# order "
_END = "# end "
_GZIP = b"\x1f\x8b"

# Columns that are not in the file but follow from one: name -> (column, factor, offset), as the sensors are wired.
DERIVED = {"pressure_kpa": ("pressure_counts", 0.25, -50.0), "needle_um": ("needle_counts", 4.0, -3000.0)}


class TraceError(ValueError):
    """A file that is no trace, or a question it cannot answer; the message says why in one line."""


class TraceWriter:
    """A trace file that is being written; use it in `with`, and call `end`. Raises OSError."""

    def __init__(self, path: Path, order: Order, interpreter: str) -> None:
        self._raw = path.open("wb")
        self._text: TextIO
        if path.suffix == ".csv":
            self._text = io.TextIOWrapper(self._raw, encoding="utf-8", newline="\n")
        else:
            # Neither name nor date: the same session gives the same file.
            zipped = gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, mtime=0, compresslevel=6)
            self._text = io.TextIOWrapper(zipped, encoding="utf-8", newline="\n")
        played = json.dumps({"interpreter": interpreter, **asdict(order)})
        self._text.write(f"{MARK}{VERSION}\n{_ORDER}{played}\n{','.join(FIELDS)}\n")
        self.ticks = 0

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._text.close()
        self._raw.close()

    def tick(self, line: str) -> None:
        """One line of values."""
        self._text.write(line + "\n")
        self.ticks += 1

    def end(self, summary: dict[str, Any]) -> None:
        """The session came to its end; `summary` has the keys of `mesogun sim --json`."""
        ended = {"ticks": summary["ticks"], "trace_sha256": summary["trace_sha256"]}
        self._text.write(f"{_END}{json.dumps(ended)}\n")


@dataclass(frozen=True)
class Trace:
    """A trace that was read. `fields` name the columns; `lines` are the ticks as they stand in the file; `name` is how
    it was called; `order` what was played; `complete` is False if the session did not come to its end.
    """

    name: str
    fields: tuple[str, ...]
    lines: tuple[str, ...]
    order: dict[str, Any]
    complete: bool

    def values(self, index: int) -> dict[str, str]:
        """The values of one line by the names of their columns, `index` from 0."""
        return dict(zip(self.fields, self.lines[index].split(","), strict=True))

    def column(self, field: str, begin: int, end: int) -> list[str]:
        """The values of a column in the lines begin .. end - 1; derived ones too. Raises TraceError."""
        if field in DERIVED:
            source, factor, offset = DERIVED[field]
            return [f"{int(text) * factor + offset:g}" for text in self.column(source, begin, end)]
        if field not in self.fields:
            known = ", ".join((*self.fields, *DERIVED))
            raise TraceError(f"{self.name} has no field {field}: it has {known}")
        place = self.fields.index(field)
        return [line.split(",")[place] for line in self.lines[begin:end]]


def read(path: Path) -> Trace:
    """The trace in a file. Raises TraceError."""
    lines, whole = _lines(path)
    if not lines or not lines[0].startswith(MARK):
        raise TraceError(f"{path}: no trace of mesogun (its first line does not begin with {MARK.strip()})")
    version = lines[0][len(MARK) :]
    if version != str(VERSION):
        raise TraceError(f"{path}: a trace of version {version}; this program reads version {VERSION}")
    notes = [line for line in lines if line.startswith("#")]
    table = [line for line in lines if not line.startswith("#")]
    if not table:
        raise TraceError(f"{path}: the names of the columns are missing")
    fields = tuple(table[0].split(","))
    rows = tuple(table[1:])
    order = _order(path, notes)
    ended = any(note.startswith(_END) for note in notes)
    if not whole and rows:
        rows = rows[:-1]  # half a line
    for number, row in enumerate(rows):
        if row.count(",") != len(fields) - 1 or not row.startswith(f"{number},"):
            raise TraceError(f"{path}: damaged, or not one line a tick, at tick {number}")
    return Trace(str(path), fields, rows, order, whole and ended)


def _lines(path: Path) -> tuple[list[str], bool]:
    """The lines of a file, and whether it ends where it should. A file cut short gives what is there of it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TraceError(f"{path}: cannot be read: {error.strerror or error}") from error
    whole = True
    if raw.startswith(_GZIP):
        unzip = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            raw = unzip.decompress(raw)
        except zlib.error as error:
            raise TraceError(f"{path}: damaged: {error}") from error
        whole = unzip.eof
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TraceError(f"{path}: no trace of mesogun (not UTF-8)") from error
    return text.splitlines(), whole and text.endswith("\n")


def _order(path: Path, notes: list[str]) -> dict[str, Any]:
    for note in notes:
        if note.startswith(_ORDER):
            try:
                found: Any = json.loads(note[len(_ORDER) :])
            except ValueError as error:
                raise TraceError(f"{path}: what was played cannot be read: {error}") from error
            return dict(found)
    return {}
