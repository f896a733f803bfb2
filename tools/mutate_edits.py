"""An edit of one stretch of a source file: what a mutant is made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_COMMENT = re.compile(r"  # .*$")


@dataclass(frozen=True)
class Mutant:
    """One edit: the bytes start..end of the file become `text`. `function` is "" at module level.

    `was` and `now` are the line of the edit, several joined, before and after; with `file` and `function` they name it.
    `statement` is the first line of its statement, `name` what that assigns at module level.
    """

    file: str
    function: str
    name: str
    statement: int
    line: int
    operator: str
    was: str
    now: str
    start: int
    end: int
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a mutant is called, wherever in the file it stands."""
        return self.file, self.function, self.was, self.now

    def applied(self, source: bytes) -> bytes:
        """The mutated file."""
        return source[: self.start] + self.text.encode() + source[self.end :]


class Edits(ast.NodeVisitor):
    """Notes edits of a file, and where in it each stands; what to edit is for others to say."""

    def __init__(self, file: str, source: bytes) -> None:
        self.file = file
        self.source = source
        self.found: list[Mutant] = []
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.inside: list[str] = []
        self.name = ""
        self.statement = 0

    # --- places in the text ---------------------------------------------------------------------------------------

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """First byte of a node, and the byte after its last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr) -> str:
        """A node as it stands."""
        start, end = self.span(node)
        return self.source[start:end].decode()

    def note(self, operator: str, start: int, end: int, text: str) -> None:
        """One more mutant."""
        first = self.source.rfind(b"\n", 0, start) + 1
        last = self.source.find(b"\n", end)
        before, after = self.source[first:start].decode(), _COMMENT.sub("", self.source[end:last].decode())
        was, now = (" ".join((before + part + after).split()) for part in (self.source[start:end].decode(), text))
        line = self.source.count(b"\n", 0, start) + 1
        where = (self.file, ".".join(self.inside), self.name, self.statement, line)
        self.found.append(Mutant(*where, operator, was, now, start, end, text))

    def replace(self, operator: str, node: ast.expr | ast.stmt, text: str) -> None:
        """A node becomes `text`."""
        self.note(operator, *self.span(node), text)

    def between(self, operator: str, left: ast.expr, right: ast.expr, sign: str, *others: str) -> None:
        """The sign between two nodes becomes another."""
        start, end = self.span(left)[1], self.span(right)[0]
        start = self.source.index(sign.encode(), start, end)
        for other in others:
            self.note(operator, start, start + len(sign), other)

    def exchange(self, operator: str, nodes: Sequence[ast.expr]) -> None:
        """Each of the nodes with the one after it."""
        for one, other in pairwise(nodes):
            (start, one_end), (other_start, end) = self.span(one), self.span(other)
            middle = self.source[one_end:other_start].decode()
            self.note(operator, start, end, self.text(other) + middle + self.text(one))

    def rows(self, spans: Sequence[tuple[int, int]]) -> None:
        """Each of these missing, and its comma."""
        for start, end in spans:
            comma = self.source.find(b",", end)
            gap = self.source[end:comma] if comma >= 0 else b"-"
            self.note("table", start, end if gap.strip() else comma + 1, "")
