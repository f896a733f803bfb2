"""The import law and the other rules of device code that a syntax tree can show.

Read from syntax trees, not by importing: a violation shows even in code that no test runs. `make check` calls
tree_violations(); host_tests/test_imports.py does so too, and proves on bad snippets that each rule can fail.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

DEVICE_FOLDERS = ("drivers", "firmware", "protocol")
DEVICE_PROGRAMS = ("boot.py", "main.py")

# Who may import what: dotted names, each standing for itself and everything below it. `micropython.const` allows
# `from micropython import const` and nothing else of that module.
MAY_IMPORT = {
    # Knows its board by os.uname(), and needs nothing that may be damaged: not even the pin tables.
    "boot.py": ("machine", "os"),
    "main.py": ("drivers", "firmware", "protocol", "gc", "micropython"),
    "drivers": ("drivers", "machine", "esp32", "esp", "network", "socket", "tls", "vfs", "micropython")
    + ("array", "binascii", "errno", "gc", "hashlib", "io", "json", "os", "struct", "sys", "time"),
    # collections.abc and typing are there for annotations alone: a real import of them fails on every MicroPython.
    "firmware": ("firmware", "array", "collections.abc", "typing.Any", "micropython.const"),
    # Meanings and bounds, never the loop.
    "protocol": ("protocol", "array", "binascii", "hashlib", "json", "micropython.const", "struct")
    + tuple(f"firmware.{name}" for name in ("calibration", "faults", "inhibits", "limits", "settings", "units")),
}

# What a driver may call while it is being imported: nothing that touches hardware or reads a clock.
HARMLESS_CALLS = ("array", "bytearray", "bytes", "const", "dict", "frozenset", "len", "list", "range", "tuple")

DYNAMIC_IMPORTS = ("__import__", "eval", "exec", "execfile", "importlib")
SIMULATOR_WORDS = ("simulat", "host_tests", "test_env", "under_test")


def device_files(root: Path = ROOT) -> "list[Path]":
    """Every Python file that goes to the device, sorted."""
    found = [root / name for name in DEVICE_PROGRAMS if (root / name).exists()]
    for folder in DEVICE_FOLDERS:
        found += sorted((root / folder).rglob("*.py"))
    return found


def violations(place: str, source: str) -> "list[str]":
    """What `source` does against the law, as `place:line: sentence`; `place` is its path from the root of the tree."""
    tree = ast.parse(source, place)
    part = place.split("/")[0]
    found = [*import_violations(part, tree), *device_violations(tree)]
    if part in ("drivers", "protocol"):
        found += import_time_violations(tree)
    if part == "firmware":
        found += float_violations(tree)
    return [f"{place}:{line}: {sentence}" for line, sentence in sorted(set(found))]


def import_violations(part: str, tree: ast.Module) -> "Iterator[tuple[int, str]]":
    """Imports that MAY_IMPORT does not list for `part`, wherever in the file they stand."""
    allowed = MAY_IMPORT[part]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if not is_below(alias.name, allowed):
                    yield node.lineno, f"{part} may not import {alias.name}"
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                module = f"{part}.{module}".rstrip(".") if node.level == 1 else f"..{module}"
            for alias in node.names:
                if alias.name == "*":
                    yield node.lineno, f"star import of {module}"
                if not is_below(f"{module}.{alias.name}", allowed):
                    yield node.lineno, f"{part} may not import {module}.{alias.name}"


def is_below(name: str, allowed: "tuple[str, ...]") -> bool:
    """True if the dotted `name` is one of `allowed` or lies below one."""
    return any(name == each or name.startswith(each + ".") for each in allowed)


def device_violations(tree: ast.Module) -> "Iterator[tuple[int, str]]":
    """What no file on the device may do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.lineno, "assert disappears under -O: raise, refuse or latch a fault"
        elif isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield node.lineno, "except without a type hides every mistake"
            if all(isinstance(statement, (ast.Pass, ast.Continue)) for statement in node.body):
                yield node.lineno, "exception swallowed"
        for word in identifiers(node):
            if word in DYNAMIC_IMPORTS:
                yield getattr(node, "lineno", 0), f"{word} gets round the import law"
            if word == "platform":
                yield getattr(node, "lineno", 0), "the device does not ask for its platform"
            if any(part in word.lower() for part in SIMULATOR_WORDS):
                yield getattr(node, "lineno", 0), f"{word}: the device does not know that it can be simulated"


def identifiers(node: ast.AST) -> "list[str]":
    """The names that one node reads, writes, defines or imports."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.alias):
        return node.name.split(".")
    return []


def import_time_violations(tree: ast.Module) -> "Iterator[tuple[int, str]]":
    """Calls that run when the module is imported, but for harmless ones: hardware is built by whoever asks for it."""
    for call in import_time_calls(tree):
        name = call.func.id if isinstance(call.func, ast.Name) else ast.unparse(call.func)
        if name not in HARMLESS_CALLS:
            yield call.lineno, f"{name}() is called at import"


def import_time_calls(node: ast.AST) -> "Iterator[ast.Call]":
    """The calls below `node` that an import of the module carries out: not those in the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for part in (*child.decorator_list, child.args):
                yield from import_time_calls(ast.Expression(part) if isinstance(part, ast.expr) else part)
        elif not isinstance(child, ast.Lambda):
            yield from import_time_calls(child)


def float_violations(tree: ast.Module) -> "Iterator[tuple[int, str]]":
    """Floating point: it allocates on the chip, and the firmware's arithmetic is to be exact everywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (float, complex)):
            yield node.lineno, f"{node.value} is no integer"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            yield node.lineno, "/ gives a float: use // or mul_div"
        elif isinstance(node, ast.Name) and node.id in ("float", "complex"):
            yield node.lineno, f"{node.id} in the firmware"


def tree_violations(root: Path = ROOT) -> "list[str]":
    """The violations in every device file below `root`."""
    found: list[str] = []
    for path in device_files(root):
        found += violations(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    return found
