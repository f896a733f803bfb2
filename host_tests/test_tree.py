"""What is true of the tree as a whole: its links, its packages, its docstrings, the sizes of its files."""

import ast
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Made by tools, ignored by git.
NOT_OURS = {".git", ".venv", "build", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}
TEXT_SUFFIXES = {"", ".css", ".csv", ".html", ".in", ".json", ".lock", ".md", ".mjs", ".py", ".toml", ".txt", ".yml"}

# Folders of Python files that are no package: an interpreter finds their files by the names of its own modules.
NO_PACKAGES = ("tools/simulator/chip", "tools/simulator/cpython", "host_tests/micropython/quiet_chip")

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
# Longer than that, each for a reason.
LONG_FILES: "dict[str, str]" = {
    "firmware/interlocks.py": "the gate is read as one piece; its imports alone are thirty lines",
    "firmware/loop.py": "the machine's day is read from top to bottom; so are its imports and its parts",
}
LONG_FUNCTIONS: "dict[str, str]" = {
    "tools/sim_command.py:sim": "its parameters are the flags of the command",
    "tools/trace_command.py:record": "the same",
    "tools/mutate_workers.py:run_jobs": "what a worker does stands in it, and shares its queues",
}

# A path on one person's machine, an address on a network, or the host of a package registry. In pieces, so that this
# file does not find itself.
MACHINE_PATH = r"(?<![\w.])/(?:work|root|home|Users|opt|mnt|var/folders)/[\w.]"
ADDRESS = r"(?<![\w.=])(?!127\.|0\.0\.0\.0)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.])"
REGISTRY = "|".join(
    re.escape(".".join(parts))
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("debian", "org"),
        ("ubuntu", "com"),
    )
)
INDEX_OPTION = "--(?:extra-)?index-[u]rl|--find-[l]inks|--trusted-[h]ost"
NOT_IN_ANY_FILE = re.compile(f"{MACHINE_PATH}|{ADDRESS}|{REGISTRY}|{INDEX_OPTION}")


@functools.cache
def all_files() -> "tuple[Path, ...]":
    """Every file of the project, sorted."""
    found: list[Path] = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        found += [Path(folder) / name for name in files if name not in NOT_OURS]  # .git: a file where trees are many
    return tuple(sorted(found))


def our_files(*suffixes: str) -> "list[Path]":
    """The files of the project with one of these suffixes; all its text files, if none is given."""
    return [path for path in all_files() if path.suffix in (suffixes or TEXT_SUFFIXES)]


def name_of(path: Path) -> str:
    """The path from the root, with slashes."""
    return path.relative_to(ROOT).as_posix()


# --- links --------------------------------------------------------------------------------------------------------


def anchors_of(markdown: str) -> "set[str]":
    """The anchors that headings get where the project's pages are shown."""
    headings = re.findall(r"^#+ +(.+?) *#*$", without_code(markdown), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def without_code(markdown: str) -> str:
    """The page without its blocks and spans of code, where brackets are no links."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)


def broken_links(page: Path, markdown: str) -> "list[str]":
    """The links of a page that lead to no file of the tree, or to no heading of one. The web is not asked."""
    broken: list[str] = []
    for target in re.findall(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", without_code(markdown)):
        if re.match(r"[a-z]+:", target):
            continue
        file_part, _, anchor = target.partition("#")
        linked = (page.parent / file_part).resolve() if file_part else page
        if linked != page and not (linked.is_relative_to(ROOT) and linked.exists()):
            broken.append(target)
        elif anchor and linked.suffix == ".md":
            text = markdown if linked == page else linked.read_text(encoding="utf-8")
            if anchor not in anchors_of(text):
                broken.append(target)
    return broken


def test_every_link_of_a_page_leads_somewhere() -> None:
    pages = our_files(".md")
    assert pages
    broken = {name_of(page): broken_links(page, page.read_text(encoding="utf-8")) for page in pages}
    assert {name: links for name, links in broken.items() if links} == {}


def test_a_link_that_leads_nowhere_is_found() -> None:
    page = ROOT / "docs" / "page.md"
    text = "# One two\n[a](#one-two) [b](../LICENSE) [c](https://example.com) `[d](code.md)`\n"
    assert broken_links(page, text) == []
    text += "[e](no-such-page.md) [f](#no-such-heading) [g](../../elsewhere.md) ![h](pictures/none.png)\n"
    assert broken_links(page, text) == [
        "no-such-page.md",
        "#no-such-heading",
        "../../elsewhere.md",
        "pictures/none.png",
    ]


# --- words --------------------------------------------------------------------------------------------------------


def machine_words(text: str) -> "list[str]":
    """What in `text` belongs to one machine or network."""
    return [found.group() for found in NOT_IN_ANY_FILE.finditer(text)]


def test_no_file_names_a_machine_a_registry_or_an_address() -> None:
    found = {name_of(path): machine_words(path.read_text(encoding="utf-8")) for path in our_files()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "text",
    [
        "cd /" + "home/maria/mesogun",
        "open('/" + "root/.cache')",
        "ping 10." + "1.2.3",
        "https://files.python" + "hosted.org/x.whl",
        "pip install --extra-" + "index-url x",
    ],
)
def test_a_word_of_one_machine_is_found(text: str) -> None:
    assert len(machine_words(text)) == 1


def test_ordinary_words_are_let_through() -> None:
    assert machine_words("/usr/bin/env, 127.0.0.1, micropython 1.29.0, build/session/report.html, src/other/x") == []


# --- Python files -------------------------------------------------------------------------------------------------


def long_functions(source: str) -> "Iterator[tuple[str, int]]":
    """Functions longer than the most, each with its lines, the docstring not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0]
            documented = ast.get_docstring(node) is not None
            docstring_lines = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            lines = (node.end_lineno or 0) - node.lineno + 1 - docstring_lines
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield node.name, lines


def undocumented(tree: "ast.Module | ast.ClassDef", prefix: str = "") -> "Iterator[str]":
    """Public functions, classes and methods without a docstring."""
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if ast.get_docstring(node) is None:
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node, f"{prefix}{node.name}.")


def test_no_file_is_too_long_to_read() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in our_files(".py")}
    long = {name: lines for name, lines in lengths.items() if lines >= MOST_LINES_OF_A_FILE}
    assert set(long) == set(LONG_FILES), long


def test_no_function_is_too_long_to_read() -> None:
    long = {
        f"{name_of(path)}:{function}": lines
        for path in our_files(".py")
        for function, lines in long_functions(path.read_text(encoding="utf-8"))
    }
    assert set(long) == set(LONG_FUNCTIONS), long


def test_a_long_function_is_found() -> None:
    body = "    x = 1\n" * MOST_LINES_OF_A_FUNCTION
    assert list(long_functions("def f():\n" + body)) == [("f", MOST_LINES_OF_A_FUNCTION + 1)]
    assert list(long_functions('def f():\n    """Says\n\n    much."""\n' + body[10:])) == []


def test_every_public_name_says_what_it_is() -> None:
    silent: list[str] = []
    for path in our_files(".py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if ast.get_docstring(tree) is None:
            silent.append(name_of(path))
        # The name of a test is its sentence.
        if not path.name.startswith("test_"):
            silent += [f"{name_of(path)}:{name}" for name in undocumented(tree)]
    assert silent == []


def test_a_public_name_without_a_docstring_is_found() -> None:
    source = "class A:\n    'a'\n    def b(self): ...\n    def _c(self): ...\n    def d(self): 'd'\ndef e(): ...\n"
    assert list(undocumented(ast.parse(source))) == ["A.b", "e"]


def test_every_folder_of_python_files_is_a_package_with_one_line_of_purpose() -> None:
    folders = {path.parent for path in our_files(".py")} - {ROOT}
    for folder in sorted(folders):
        if name_of(folder) in NO_PACKAGES:
            assert not (folder / "__init__.py").exists(), folder
        else:
            lines = (folder / "__init__.py").read_text(encoding="utf-8").splitlines()
            assert len(lines) == 1, folder
            assert lines[0].startswith('"""'), folder
