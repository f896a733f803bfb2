"""The mutants of a source file: every small mistake of the kinds below, each an edit of one stretch of its text.

An edit leaves everything else as it stands, comments and line breaks included, so that a mutant can be shown as what
the line was and what it became. Not mutated: docstrings, annotations, signatures, imports, `if TYPE_CHECKING`.
"""

# ruff: noqa: N802
# ast names the methods of its visitors.

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import pairwise

from tools.mutate_edits import Edits, Mutant

_COMPARED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
_CALCULATED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Div: ("/", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
    ast.BitXor: ("^", "|"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
_BITS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift)
_EXCHANGED = {"min": "max", "max": "min"}
LARGE = 100
"""A number of a table this large is doubled and halved too."""


def mutants_of(file: str, source: bytes, functions: Sequence[str] | None = None) -> list[Mutant]:
    """Every mutant of a file, or of some of its functions ("Class.method"); no two are the same."""
    finder = _Finder(file, source)
    for statement in ast.parse(source).body:
        finder.visit(statement)
    seen = {source}
    found: list[Mutant] = []
    for mutant in finder.found:
        if functions is not None and mutant.function not in functions:
            continue
        after = mutant.applied(source)
        if after not in seen:
            seen.add(after)
            found.append(mutant)
    return found


class _Finder(Edits):
    """Walks a file from top to bottom and notes every edit."""

    def __init__(self, file: str, source: bytes) -> None:
        super().__init__(file, source)
        self.returns_bool = False
        self.last: ast.stmt | None = None  # of the function: to delete a return there is to change its value

    def visit(self, node: ast.AST) -> None:
        """Knows the statement that it is in."""
        if isinstance(node, ast.stmt):
            self.statement = node.lineno
            if not self.inside:
                target = node.targets[0] if isinstance(node, ast.Assign) else None
                self.name = target.id if isinstance(target, ast.Name) else ""
        super().visit(node)

    # --- statements -----------------------------------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Its body, under its name."""
        self.inside.append(node.name)
        for statement in node.body:
            self.visit(statement)
        self.inside.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Its body, under its name."""
        self.inside.append(node.name)
        kept = self.returns_bool, self.last
        self.returns_bool = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
        self.last = node.body[-1]
        for statement in node.body:
            self.visit(statement)
        self.returns_bool, self.last = kept
        self.inside.pop()

    def visit_Import(self, node: ast.Import) -> None:
        """Left alone."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Left alone."""

    def visit_Delete(self, node: ast.Delete) -> None:
        """Left alone: it frees memory, and changes nothing else."""

    def visit_Expr(self, node: ast.Expr) -> None:
        """A call is deleted; a docstring is no code."""
        if isinstance(node.value, ast.Call):
            self.replace("statement deleted", node, "pass")
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Deleted, in functions: at module level the name would be missing."""
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id == "TYPE_CHECKING":
            return
        if self.inside:
            self.replace("statement deleted", node, "pass")
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Deleted; the annotation is left alone."""
        if self.inside and node.value is not None:
            self.replace("statement deleted", node, "pass")
        if node.value is not None:
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Deleted; its sign another; what was there before forgotten."""
        self.replace("statement deleted", node, "pass")
        sign, other = _CALCULATED[type(node.op)]
        operator = "bits" if isinstance(node.op, _BITS) else "arithmetic"
        self.between(operator, node.target, node.value, sign + "=", other + "=", "=")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        """Another value; an early one deleted."""
        if node is not self.last:
            self.replace("statement deleted", node, "pass")
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self.replace("return value", node.value, f"not ({self.text(node.value)})" if self.returns_bool else "0")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Deleted."""
        self.replace("statement deleted", node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        """Deleted."""
        self.replace("statement deleted", node, "pass")

    def visit_Continue(self, node: ast.Continue) -> None:
        """Deleted."""
        self.replace("statement deleted", node, "pass")

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Its body: in which order the exceptions stand says nothing."""
        for statement in node.body:
            self.visit(statement)

    def visit_If(self, node: ast.If) -> None:
        """Its condition forced."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self.force(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        """Its condition forced."""
        self.force(node.test)
        self.generic_visit(node)

    # --- expressions ----------------------------------------------------------------------------------------------

    def force(self, test: ast.expr) -> None:
        """A condition always true, and never."""
        self.replace("condition forced", test, "True")
        self.replace("condition forced", test, "False")

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Its condition forced."""
        self.force(node.test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """< is <=, == is != and so on."""
        terms = [node.left, *node.comparators]
        for index, sign in enumerate(node.ops):
            self.between("comparison", terms[index], terms[index + 1], *_COMPARED[type(sign)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """`and` is `or`; one of the conditions is not asked."""
        sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in pairwise(node.values):
            self.between("and, or", left, right, sign, other)
        for value in node.values:
            self.replace("condition dropped", value, str(sign == "and"))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """The sign, or `not`, is missing."""
        start, end = self.span(node)
        operator = "not" if isinstance(node.op, ast.Not) else "arithmetic"
        sign = 3 if isinstance(node.op, ast.Not) else 1
        self.note(operator, start, end, self.source[start + sign : end].decode().strip())
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """+ is -, | is & and so on."""
        operator = "bits" if isinstance(node.op, _BITS) else "arithmetic"
        self.between(operator, node.left, node.right, *_CALCULATED[type(node.op)])
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """min is max; neighbouring arguments exchanged."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _EXCHANGED:
            self.replace("min, max", node.func, _EXCHANGED[name])
        else:
            self.exchange("arguments exchanged", node.args)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A number one more and one less, a large one of a table twice and half; a flag the other; a word missing."""
        value = node.value
        if isinstance(value, bool):
            self.replace("flag", node, str(not value))
        elif isinstance(value, int):
            others = [value + 1, value - 1] + ([value * 2, value // 2] if not self.inside and value >= LARGE else [])
            for other in others:
                self.replace("number", node, str(other))
        elif isinstance(value, str):
            self.replace("word", node, '""' if value else '"x"')
        elif isinstance(value, bytes):
            words = value.split(b"|")
            for index in range(len(words) - 1):
                exchanged = [*words[:index], words[index + 1], words[index], *words[index + 2 :]]
                self.replace("word", node, repr(b"|".join(exchanged)))
            self.replace("word", node, repr(value[:-1] if value else b"x"))

    def visit_Tuple(self, node: ast.Tuple) -> None:
        """Neighbours exchanged; in a table, one missing."""
        self.exchange("table", node.elts)
        if not self.inside and len(node.elts) > 1:
            self.rows([self.span(element) for element in node.elts])
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """A row missing; the values of neighbouring rows exchanged."""
        keys = [key for key in node.keys if key is not None]
        self.exchange("table", node.values)
        self.rows([(self.span(key)[0], self.span(value)[1]) for key, value in zip(keys, node.values, strict=True)])
        self.generic_visit(node)
