"""A copy of the firmware in which every calculation is looked at: each result of an operator must be small on the chip.

What matters is not where a number comes from but where it is calculated, so the syntax tree is changed: whatever
`a + b`, `-a`, `a += b` or `abs(a)` gives, inside a function, passes `small` first. Intermediate products are such
results too. Literals and constants of modules are the compiler's business; a literal that is too large is refused here.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from host_tests.chip_int import LARGEST, SMALLEST, TooLarge
from host_tests.rig import Rig

ROOT = Path(__file__).resolve().parent.parent
_CALLS = ("abs", "int", "max", "min", "sum")


def small(value: Any) -> Any:
    """The value, as it is. Raises TooLarge for an integer that the chip would have to allocate."""
    if type(value) is int and not SMALLEST <= value <= LARGEST:
        raise TooLarge(value)
    return value


def watched(source: str, file_name: str = "<firmware>") -> CodeType:
    """The source compiled so that every calculation in its functions passes `small`. TooLarge for a large literal."""
    tree = ast.parse(source, file_name)
    for index, node in enumerate(tree.body):
        tree.body[index] = _Functions().visit(node)
    return compile(ast.fix_missing_locations(tree), file_name, "exec", dont_inherit=True)


@functools.cache
def firmware() -> dict[str, ModuleType]:
    """The modules of the watched copy, by their short names. The firmware that others import stays as it is."""
    aside = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "firmware"}
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        for path in sorted((ROOT / "firmware").glob("[a-z]*.py")):
            __import__(f"firmware.{path.stem}")
        return {
            name.rpartition(".")[2]: module
            for name, module in list(sys.modules.items())
            if name.split(".")[0] == "firmware"
        }
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] == "firmware"]:
            del sys.modules[name]
        sys.modules.update(aside)


def watch(rig: Rig) -> Rig:
    """The same bench, in whatever moment it is; from now on its loop calculates with the watched copy."""
    for thing in things_of(rig.loop):
        modules = firmware()
        thing.__class__ = getattr(modules[type(thing).__module__.rpartition(".")[2]], type(thing).__name__)
    return rig


def things_of(thing: object, seen: set[int] | None = None) -> Iterator[Any]:
    """An object of the firmware, and all those that it and they hold."""
    seen = set() if seen is None else seen
    if id(thing) in seen or not type(thing).__module__.startswith("firmware."):
        return
    seen.add(id(thing))
    yield thing
    for held in list(vars(thing).values()):
        yield from things_of(held, seen)


class _Functions(ast.NodeTransformer):
    """Changes the bodies of functions, and leaves what modules and classes do when they are made."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [_Calculations().visit(statement) for statement in node.body]
        return node


class _Calculations(ast.NodeTransformer):
    """Puts `small` around every calculation."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if all(isinstance(part, (ast.BinOp, ast.Constant, ast.operator)) for part in ast.walk(node)):
            small(eval(compile(ast.Expression(node), "<literal>", "eval")))
            return node
        return _looked_at(self.generic_visit(node))

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        changed = self.generic_visit(node)
        return changed if isinstance(node.op, ast.Not) else _looked_at(changed)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        changed = self.generic_visit(node)
        return _looked_at(changed) if isinstance(node.func, ast.Name) and node.func.id in _CALLS else changed

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        small(node.value)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """a.b += c as a.b = small(a.b + c): no target of the firmware does anything when it is read."""
        read = ast.parse(ast.unparse(node.target), mode="eval").body
        value = ast.BinOp(read, node.op, self.visit(node.value))
        return ast.copy_location(ast.Assign([node.target], _looked_at(ast.copy_location(value, node))), node)


def _looked_at(node: ast.AST) -> ast.expr:
    assert isinstance(node, ast.expr)
    return ast.copy_location(ast.Call(ast.Name("_small", ast.Load()), [node], []), node)


class _Loader(SourceFileLoader):
    """Compiles anew, and leaves no file behind."""

    def get_code(self, fullname: str) -> CodeType:
        return watched(Path(self.path).read_text(encoding="utf-8"), self.path)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["_small"] = small
        super().exec_module(module)


class _Finder:
    """Finds the firmware's modules, and nothing else."""

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if fullname.split(".")[0] != "firmware":
            return None
        path = ROOT / fullname.replace(".", "/")
        if path.is_dir():
            spec = ModuleSpec(fullname, _Loader(fullname, str(path / "__init__.py")), is_package=True)
            spec.submodule_search_locations = [str(path)]
            return spec
        return ModuleSpec(fullname, _Loader(fullname, str(path.with_suffix(".py"))))
