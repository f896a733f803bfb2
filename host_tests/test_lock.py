"""The lock files agree with pyproject.toml and with each other, and pin every file by its hash."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement

from tools.lock import MACHINES, Machine, Wheel, lock_lines

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("dev", "lock", "run")


def requirements_of(name: str) -> "list[Requirement]":
    """The pinned requirements of one lock, without their hashes."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return [Requirement(line.rstrip("\\ ")) for line in text.splitlines() if re.match(r"[a-z]", line)]


def project() -> "dict[str, list[str]]":
    """What pyproject.toml asks for: dependency groups, and under `run` the project's own dependencies."""
    settings = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {**settings["dependency-groups"], "run": settings["project"]["dependencies"]}


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_one_version_and_has_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    blocks = re.split(r"(?<!\\)\n", text.strip())[1:]
    assert len(blocks) == len(requirements_of(name))
    for block in blocks:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; .*?)?( \\\n    --hash=sha256:[0-9a-f]{64})+", block), block


@pytest.mark.parametrize(
    ("name", "groups"), [("dev", ("dev", "build", "run")), ("run", ("build", "run")), ("lock", ("lock",))]
)
def test_a_lock_holds_what_pyproject_asks_for(name: str, groups: "tuple[str, ...]") -> None:
    pinned = requirements_of(name)
    for wanted in (Requirement(line) for group in groups for line in project()[group]):
        versions = [str(pin.specifier).removeprefix("==") for pin in pinned if pin.name == wanted.name]
        assert versions, f"{wanted} is not in {name}.lock: make lock"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted}: make lock"


def test_dev_holds_all_of_run_at_the_same_versions() -> None:
    run, dev = ({(pin.name, str(pin.specifier)) for pin in requirements_of(name)} for name in ("run", "dev"))
    assert run <= dev


def test_the_npm_lock_pins_a_hash_for_every_package_and_no_address() -> None:
    text = (ROOT / "requirements" / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((ROOT / "requirements" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(text)["packages"]
    assert packages.pop("")["dependencies"] == wanted
    assert {f"node_modules/{name}" for name in wanted} <= set(packages)
    for name, package in packages.items():
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/=]{88}", package["integrity"]), name
        assert "hasInstallScript" not in package, name
    assert "://" not in text
    assert "resolved" not in text


def test_what_the_commands_import_is_installed_by_make_run() -> None:
    wanted = {Requirement(line).name for line in project()["run"]}
    for path in (ROOT / "tools").glob("*.py"):
        if path.name in ("lock.py", "mutate_verdicts.py", "mutate_worker.py"):  # developers have more
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            tops = (
                {module.split(".")[0] for module in modules} - set(sys.stdlib_module_names) - {"tools", "uos"}
            )  # MicroPython's own
            assert tops <= wanted, f"{path.name}: {tops - wanted} is no dependency of the project"


LINUX = Machine(11, "linux", "x86_64", "manylinux")
MAC = Machine(11, "darwin", "arm64", "macosx")


@pytest.mark.parametrize(
    ("file_name", "taken_by"),
    [
        ("a-1-py3-none-any.whl", {LINUX, MAC}),
        ("a-1-cp311-cp311-manylinux_2_28_x86_64.whl", {LINUX}),
        ("a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", {LINUX}),
        ("a-1-cp39-abi3-manylinux_2_28_x86_64.whl", {LINUX}),
        ("a-1-cp312-abi3-manylinux_2_28_x86_64.whl", set[Machine]()),
        ("a-1-cp312-cp312-manylinux_2_28_x86_64.whl", set[Machine]()),
        ("a-1-cp311-cp311-manylinux_2_28_aarch64.whl", set[Machine]()),
        ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", set[Machine]()),
        ("a-1-cp314-cp314t-manylinux_2_28_x86_64.whl", set[Machine]()),
        ("a-1-cp311-cp311-macosx_11_0_arm64.whl", {MAC}),
        ("a-1-py2.py3-none-macosx_11_0_universal2.whl", {MAC}),
        ("a-1-cp311-cp311-win_amd64.whl", set[Machine]()),
    ],
)
def test_a_wheel_is_pinned_for_the_machines_that_take_it(file_name: str, taken_by: "set[Machine]") -> None:
    wheel = Wheel(url=f"somewhere/{file_name}", hashes={"sha256": "0"})
    assert {machine for machine in (LINUX, MAC) if machine.takes(wheel)} == taken_by


def test_a_machine_without_any_wheel_is_an_error() -> None:
    wheel = Wheel(url="somewhere/a-1-cp311-cp311-manylinux_2_28_x86_64.whl", hashes={"sha256": "0"})
    with pytest.raises(SystemExit, match="no wheel of a 1"):
        lock_lines({"name": "a", "version": "1", "wheels": [wheel]})


def test_what_no_machine_needs_is_left_out() -> None:
    assert lock_lines({"name": "a", "version": "1", "marker": "sys_platform == 'win32'", "wheels": []}) == []
    assert {machine.python_minor for machine in MACHINES} == {10, 11, 12, 13, 14}
