"""Reading JSON from flash: what is read, and what is said of a file that cannot be, on both interpreters."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from host_tests.board_bench import CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.world import World

ROOT = Path(__file__).resolve().parent.parent
BROKEN = {
    "empty": b"",
    "cut short": b'{"dose_nl": 10',
    "bytes that are no text": b"\xff\xfe\x00{",
    "two objects": b"{} {}",
    "no JSON": b"dose_nl = 10",
}
OTHER = {"a list": (b"[1, 2]", "list"), "a number": (b"7", "int"), "null": (b"null", "NoneType")}


def _store() -> Any:
    World(CountingPlant())
    return Device().module("drivers.store")


def _read(path: Path) -> dict[str, object]:
    store = _store()
    store.__builtins__["open"] = open  # the host's files, not the simulated flash
    return store.read_json(str(path))


def _complaint(path: Path) -> str:
    store = _store()
    store.__builtins__["open"] = open
    with pytest.raises(store.StoreError) as error:
        store.read_json(str(path))
    return str(error.value)


def test_an_object_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"syringe": "1ml", "dose_nl": 10000, "name": "\u00b5l"}\n', encoding="utf-8")
    assert _read(path) == {"syringe": "1ml", "dose_nl": 10000, "name": "\u00b5l"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert _complaint(path) == f"{path}: no such file"


def test_a_directory_is_unreadable(tmp_path: Path) -> None:
    assert _complaint(tmp_path).startswith(f"{tmp_path}: unreadable, ")


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_damaged_file_is_named_and_said_to_be_no_json(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert _complaint(path).startswith(f"{path}: not JSON, ")


@pytest.mark.parametrize(("content", "kind"), OTHER.values(), ids=OTHER.keys())
def test_anything_but_an_object_is_refused(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert _complaint(path) == f"{path}: a JSON object was expected, not {kind}"


@pytest.mark.parametrize(("size", "accepted"), [(4096, True), (4097, False)])
def test_4096_bytes_are_the_most(tmp_path: Path, size: int, accepted: bool) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"{}" + b" " * (size - 2))
    if accepted:
        assert _read(path) == {}
    else:
        assert _complaint(path) == f"{path}: longer than 4096 bytes"


def test_deep_nesting_is_a_complaint_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"[" * 4096)
    assert _complaint(path).startswith(f"{path}: not JSON, ")


def test_micropython_says_the_same(tmp_path: Path) -> None:
    beside = Path(sys.executable).parent / "micropython"
    micropython = str(beside) if os.access(beside, os.X_OK) else shutil.which("micropython")
    if micropython is None:
        pytest.skip("no micropython beside this Python or on the PATH: the store was tried on CPython only")
    files = {**BROKEN, **{name: content for name, (content, _) in OTHER.items()}, "long": b"{}" + b" " * 4095}
    files["good"] = b'{"dose_nl": 10000}'
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    program = "import sys\nsys.path.insert(0, sys.argv[1])\nfrom drivers.store import StoreError, read_json\n"
    program += "for path in sys.argv[2:]:\n    try:\n        print(read_json(path))\n"
    program += "    except StoreError as error:\n        print(error)\n"
    paths = [str(tmp_path / name) for name in [*files, "missing"]]
    script = tmp_path / "read.py"
    script.write_text(program, encoding="utf-8")
    command = [micropython, str(script), str(ROOT), *paths]
    lines = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.splitlines()
    said = dict(zip([*files, "missing"], lines, strict=True))
    for name in BROKEN:
        assert said[name].startswith(f"{tmp_path / name}: not JSON, ")
    for name, (_, kind) in OTHER.items():
        assert said[name] == f"{tmp_path / name}: a JSON object was expected, not {kind}"
    assert said["long"] == f"{tmp_path / 'long'}: longer than 4096 bytes"
    assert said["missing"] == f"{tmp_path / 'missing'}: no such file"
    assert said["good"] == "{'dose_nl': 10000}"
