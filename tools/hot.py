"""Which functions of the device are hot: run in a tick, or might be. Derived from main.py, not listed.

Roots are the names that the body of main.py's endless loop uses. From there on a function is hot as soon as a hot one
names it: as what it calls, as an attribute it reads (a property), as a class it builds (its __init__). Which object the
attribute belongs to is not asked, so the answer holds too many functions rather than too few: a method counts as hot
because another class has a hot one of the same name. A device file may not reach a function in any other way: it has
no getattr, and a callback is a name too. What a person sets off at the panel, and what is written
to the flash, while nothing is armed, is not hot.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.import_law import DEVICE_FOLDERS, ROOT

NOT_HOT = {"use_keys", "keep_books"}


class Function(NamedTuple):
    """One function of the device by its file, from the root, and its name within."""

    place: str
    name: str


def hot_functions(root: Path = ROOT) -> "frozenset[Function]":
    """Every function of the device below `root` that a tick may run."""
    written: dict[str, list[tuple[Function, set[str]]]] = {}
    for folder in DEVICE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            others = aliases(tree)
            for name, node in functions_in(tree, ""):
                function = Function(path.relative_to(root).as_posix(), name)
                parts = name.split(".")
                # A class that is named may be built.
                known_as = parts[-2] if parts[-1] == "__init__" else parts[-1]
                written.setdefault(known_as, []).append((function, used_names(node, others)))
    found: set[Function] = set()
    waiting = loop_names(root / "main.py") - NOT_HOT
    seen: set[str] = set(NOT_HOT)
    while waiting:
        name = waiting.pop()
        seen.add(name)
        for function, names in written.get(name, ()):
            found.add(function)
            waiting |= names - seen
    return frozenset(found)


def loop_names(main: Path) -> "set[str]":
    """The names that the endless loops of a program use."""
    tree = ast.parse(main.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.While) and isinstance(node.test, ast.Constant):
            names |= used_names(node, aliases(tree))
    return names


def functions_in(node: ast.AST, prefix: str) -> "Iterator[tuple[str, ast.FunctionDef]]":
    """Every function below a node, also in classes and functions, with its qualified name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield prefix + child.name, child
        name = f"{prefix}{child.name}." if isinstance(child, (ast.FunctionDef, ast.ClassDef)) else prefix
        yield from functions_in(child, name)


def aliases(tree: ast.Module) -> "dict[str, str]":
    """What `import ... as ...` calls otherwise in a file: the new name, and the one at the other end."""
    return {
        name.asname: name.name.split(".")[-1]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
        if name.asname
    }


def used_names(node: ast.AST, others: "dict[str, str]") -> "set[str]":
    """Names and attributes that a piece of code reads. What it only assigns to runs nothing: there are no setters."""
    names: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and not isinstance(part.ctx, ast.Store):
            names.add(part.attr)
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            names.add(others.get(part.id, part.id))
    return names
