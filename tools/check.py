"""What `make check` runs: format, lint, types, import law, and a compilation of every device file for the chip.

Every step is run, also after one that failed; a step prints nothing but its result unless it fails. Types are checked
twice: the device code against the stubs of the chip's own modules, in MicroPython's standard library instead of
CPython's; everything else in strict mode. The checker is basedpyright, a build of pyright whose wheel carries all that
it runs: pyright's own package on PyPI fetches its program from npm when it is first called, and no hash of ours pins
what comes.
"""

import json
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

from tools import compiling, import_law

ROOT = import_law.ROOT
SCRATCH_FOLDER = ROOT / "build" / "check"
# Programs of the same environment as this Python, whatever the PATH says.
BIN = Path(sys.executable).parent


class Failed(Exception):
    """What a step found, as text for the terminal."""


def run(*command: "str | Path") -> None:
    """Runs a program in the root of the tree; raises Failed with all it printed if it does not succeed."""
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        raise Failed(done.stdout)


def check_format() -> None:
    """The format of every Python file."""
    run(BIN / "ruff", "format", "--check", ".")


def check_lint() -> None:
    """The rules of pyproject.toml."""
    run(BIN / "ruff", "check", "--quiet", ".")


def check_device_types() -> None:
    """The device code, against the types of the chip's modules and of MicroPython's standard library."""
    settings = {
        "include": [str(path) for path in import_law.device_files()],
        "executionEnvironments": [{"root": str(ROOT)}],
        # micropython-stdlib-stubs puts its standard library there, in place of CPython's.
        "typeshedPath": sysconfig.get_path("purelib"),
        "typeCheckingMode": "basic",
        "pythonVersion": "3.10",
        "reportMissingModuleSource": False,
    }
    settings_path = SCRATCH_FOLDER / "device-types.json"
    settings_path.write_text(json.dumps(settings), encoding="utf-8")
    run(BIN / "basedpyright", "--pythonpath", sys.executable, "--project", settings_path)


def check_host_types() -> None:
    """Tools and tests, in strict mode."""
    run(BIN / "basedpyright", "--pythonpath", sys.executable, "--project", "pyproject.toml")


def check_import_law() -> None:
    """The import law."""
    found = import_law.tree_violations()
    if found:
        raise Failed("\n".join(found))


def check_compilation() -> None:
    """Every device file, compiled for the chip."""
    try:
        list(compiling.compile_device(SCRATCH_FOLDER / "mpy"))
    except compiling.Failed as found:
        raise Failed(str(found)) from found


STEPS: "tuple[tuple[str, Callable[[], None]], ...]" = (
    ("format", check_format),
    ("lint", check_lint),
    ("types of the device code", check_device_types),
    ("types of tools and tests", check_host_types),
    ("import law", check_import_law),
    ("mpy-cross, every device file", check_compilation),
)


def main() -> int:
    """Runs every step and prints a line for each; returns 1 if any failed."""
    SCRATCH_FOLDER.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    for name, step in STEPS:
        started_s = time.monotonic()
        try:
            step()
        except Failed as found:
            failed.append(name)
            print(f"{found}\n")
        print(f"{name:<30} {'FAILED' if name in failed else 'ok':<6} {time.monotonic() - started_s:5.1f} s", flush=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
