"""One way to show rows of text: in a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

_NARROW = 16  # cells up to here are kept in one piece

Rows = list[tuple[str, ...]]


def terminal(title: str, headings: Sequence[str], rows: Rows) -> Table:
    """A table for rich; a row that ends with MISSED is red."""
    table = Table(title=title, box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column, heading in enumerate(headings):
        narrow = all(len(row[column]) <= _NARROW for row in rows)
        table.add_column(heading.replace(" ", "\n") if narrow else heading, overflow="fold", no_wrap=narrow)
    for row in rows:
        table.add_row(*map(Text, row), style="red" if row[-1] == "MISSED" else None)
    return table


def markdown(headings: Sequence[str], rows: Rows) -> list[str]:
    """The lines of a table in a Markdown page."""
    lines = [_line(headings), _line(["---"] * len(headings))]
    return lines + [_line(row) for row in rows]


def _line(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
