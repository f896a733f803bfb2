"""Writes requirements/*.lock from the ranges in pyproject.toml: exact versions, the hash of every wheel we may meet.

`make lock` runs it with the uv that requirements/lock.lock pins. uv resolves once for every Python and platform that
the project supports; from its answer only names, versions, markers and hashes are kept. Source archives are left out,
so that nothing is ever compiled on the user's machine; so are addresses, so that a lock is good with any package index.
"""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, TypedDict, cast

import tomli
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
LOCK_FOLDER = ROOT / "requirements"
SCRATCH_FOLDER = ROOT / "build" / "lock"

# lock file -> the dependency groups of pyproject.toml it holds, and whether the project's own dependencies are in it
LOCKS = {
    "dev": (("build", "dev"), True),
    "run": (("build",), True),
    "lock": (("lock",), False),
}

HEADER = "# Written by `make lock` from pyproject.toml: do not edit.\n"


class Wheel(TypedDict):
    """A file of uv's answer."""

    url: str
    hashes: dict[str, str]


class NamedPackage(TypedDict):
    """A version of a package in uv's answer."""

    name: str
    version: str
    wheels: list[Wheel]


class Package(NamedPackage, total=False):
    """The same, with where it is needed: everywhere, if it has no marker."""

    marker: str


class Machine(NamedTuple):
    """A Python on a platform that the project promises to install on."""

    python_minor: int
    platform: str
    processor: str
    tag_start: str

    def needs(self, package: Package) -> bool:
        """True if the marker of `package` holds on this machine."""
        environment = {
            "implementation_name": "cpython",
            "platform_machine": self.processor,
            "platform_python_implementation": "CPython",
            "python_full_version": f"3.{self.python_minor}.0",
            "python_version": f"3.{self.python_minor}",
            "sys_platform": self.platform,
        }
        return "marker" not in package or Marker(package["marker"]).evaluate(environment)

    def takes(self, wheel: Wheel) -> bool:
        """True if pip would install `wheel` on this machine."""
        for tag in parse_wheel_filename(wheel["url"].rsplit("/", 1)[1])[3]:
            if tag.abi == "none":
                python_fits = tag.interpreter == "py3"
            elif tag.abi == "abi3":
                python_fits = int(tag.interpreter.removeprefix("cp3")) <= self.python_minor
            else:
                python_fits = tag.interpreter == tag.abi == f"cp3{self.python_minor}"
            made_for_it = tag.platform.startswith(self.tag_start) and tag.platform.endswith(
                (self.processor, "universal2")
            )
            if python_fits and (tag.platform == "any" or made_for_it):
                return True
        return False


MACHINES = [
    Machine(minor, platform, processor, tag_start)
    for minor in (10, 11, 12, 13, 14)
    for platform, processor, tag_start in (
        ("linux", "x86_64", "manylinux"),
        ("linux", "aarch64", "manylinux"),
        ("darwin", "x86_64", "macosx"),
        ("darwin", "arm64", "macosx"),
    )
]


def lock_lines(package: Package) -> "list[str]":
    """One package as a requirement with hashes; empty if no machine needs it.

    Raises SystemExit if a machine that needs the package would find no wheel of it.
    """
    digests: set[str] = set()
    needing = [machine for machine in MACHINES if machine.needs(package)]
    for machine in needing:
        fitting = [wheel for wheel in package["wheels"] if machine.takes(wheel)]
        if not fitting:
            raise SystemExit(f"no wheel of {package['name']} {package['version']} for {machine}")
        digests.update(wheel["hashes"]["sha256"] for wheel in fitting)
    if not needing:
        return []
    marker = "" if len(needing) == len(MACHINES) else f" ; {package.get('marker')}"
    return [
        f"{package['name']}=={package['version']}{marker}",
        *(f"    --hash=sha256:{each}" for each in sorted(digests)),
    ]


def resolve(name: str, groups: "tuple[str, ...]", with_project: bool) -> "list[Package]":
    """Asks uv for one lock and returns its packages; the versions of the dev lock bind the others."""
    answer = SCRATCH_FOLDER / f"pylock.{name}.toml"
    answer.unlink(missing_ok=True)
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.10"]
    command += ["--only-binary", ":all:", "--format", "pylock.toml", "--output-file", str(answer)]
    for group in groups:
        command += ["--group", group]
    if with_project:
        command += ["pyproject.toml"]
    if name != "dev":
        command += ["--constraint", str(LOCK_FOLDER / "dev.lock")]
    subprocess.run(command, cwd=ROOT, check=True)
    return cast("list[Package]", tomli.loads(answer.read_text(encoding="utf-8"))["packages"])


def lock_wasm32() -> None:
    """Writes requirements/package-lock.json anew from package.json, with the npm of .venv's node.

    .npmrc there keeps addresses out of it; the old lock would keep the old version in.
    """
    lock = LOCK_FOLDER / "package-lock.json"
    lock.unlink(missing_ok=True)
    node = (ROOT / ".venv" / "bin" / "node").resolve()
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    options = ["--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([node, npm, "install", *options], cwd=LOCK_FOLDER, check=True)
    print(f"{lock.relative_to(ROOT)}: written")


def main() -> None:
    """Writes every lock anew, with the newest versions that pyproject.toml and package.json allow."""
    SCRATCH_FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (groups, with_project) in LOCKS.items():
        requirements = [lines for lines in map(lock_lines, resolve(name, groups, with_project)) if lines]
        text = HEADER + "".join(" \\\n".join(lines) + "\n" for lines in requirements)
        path = LOCK_FOLDER / f"{name}.lock"
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(requirements)} requirements")
    lock_wasm32()


if __name__ == "__main__":
    main()
