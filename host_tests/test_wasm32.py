"""The 32-bit MicroPython: it is as narrow as the chip, it copies what a program needs, and it tells how it ended."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.micropythons import need
from tools import wasm32
from tools.simulation import Order, SimulationError, simulate


@pytest.fixture(autouse=True)
def installed() -> None:
    """Skips all of it where it is not there."""
    need("wasm32")


@pytest.fixture
def run(tmp_path: Path) -> "Callable[..., subprocess.CompletedProcess[str]]":
    """Runs a program of its own; `files` are copied along."""

    def start(
        source: str, *arguments: str, files: "list[tuple[Path, str]] | None" = None
    ) -> "subprocess.CompletedProcess[str]":
        (tmp_path / "programs").mkdir(exist_ok=True)
        (tmp_path / "programs" / "__init__.py").touch()
        (tmp_path / "programs" / "one.py").write_text(source, encoding="utf-8")
        command = wasm32.command("programs.one", list(arguments), files, tmp_path)
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    return start


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_small_integers_and_the_clock_are_as_narrow_as_on_the_chip(run: Run) -> None:
    done = run(
        "import micropython, time\n"
        "def fits(a, b):\n"
        "    micropython.heap_lock()\n"
        "    try:\n"
        "        a + b\n"
        "        return True\n"
        "    except MemoryError:\n"
        "        return False\n"
        "    finally:\n"
        "        micropython.heap_unlock()\n"
        "print(fits((1 << 30) - 2, 1), fits((1 << 30) - 1, 1), fits(-(1 << 30) + 1, -1), fits(-(1 << 30), -1))\n"
        "print(time.ticks_add((1 << 30) - 1, 1))\n"
    )
    assert done.stdout.split() == ["True", "False", "True", "False", "0"]
    assert (done.returncode, done.stderr) == (0, "")


def test_a_program_gets_its_arguments_its_files_and_nothing_of_this_machine(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("as written", encoding="utf-8")
    done = run(
        "import os, sys\nprint(sys.argv[1:], __file__)\nprint(open('/post/letter').read())\nprint(os.listdir('/'))\n",
        "it's",
        'a "word"',
        files=[(tmp_path / "letter", "/post/letter")],
    )
    first, second, third = done.stdout.splitlines()
    assert first == f"""["it's", 'a "word"'] {wasm32.TREE}/programs/one.py"""
    assert second == "as written"
    assert "post" in third
    assert "usr" not in third


def test_what_ends_a_program_is_told_on_stderr(run: Run) -> None:
    done = run("def work():\n    return [][1]\nprint('begun')\nwork()\n")
    assert (done.returncode, done.stdout) == (1, "begun\n")
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("IndexError: list index out of range\n")


def test_memory_is_freed_between_the_steps_of_a_program(run: Run) -> None:
    """Twelve steps of 16 MB each, of which only the last may stay."""
    done = run(
        "import gc\nleft = 12\nmost = 0\n"
        "def step():\n"
        "    global left, most\n"
        "    left -= 1\n"
        "    block = bytearray(16 << 20)\n"
        "    most = max(most, gc.mem_alloc())\n"
        "    if not left:\n"
        "        print(most >> 20)\n"
        "    return left > 0\n"
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 80


def test_lines_come_while_the_program_still_runs(tmp_path: Path) -> None:
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "__init__.py").touch()
    source = "print('begun')\nfor _ in range(1 << 30):\n    pass\n"
    (tmp_path / "busy" / "one.py").write_text(source, encoding="utf-8")
    command = wasm32.command("busy.one", [], root=tmp_path)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert process.poll() is None
        process.kill()


def test_progress_reaches_the_caller_drop_by_drop() -> None:
    seen: list[tuple[int, int, float]] = []
    simulate(Order(shots=3), "wasm32", lambda done, wanted: seen.append((done, wanted, time.monotonic())))
    assert [entry[:2] for entry in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[0][2] < seen[2][2]


def test_physics_of_its_own_run_there_too_with_the_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "softness.py").write_text("KPA = 7\n", encoding="utf-8")
    (tmp_path / "skin.py").write_text(
        "from softness import KPA\nfrom tools.simulator.plant import Plant\n"
        "class Skin(Plant):\n"
        "    def __init__(self, params, seed):\n"
        "        params['tissue_kpa'] = KPA\n"
        "        super().__init__(params, seed)\n",
        encoding="utf-8",
    )
    there = simulate(Order(shots=1, plant=f"{tmp_path / 'skin.py'}:Skin"), "wasm32")
    assert there.summary["trace_sha256"] == simulate(Order(shots=1, params={"tissue_kpa": 7})).summary["trace_sha256"]


def test_a_plant_that_cannot_be_loaded_there_is_told_in_one_line() -> None:
    plant = "host_tests/plants/unfavourable.py:UnfavourablePlant"
    with pytest.raises(SimulationError, match="cannot be loaded on MicroPython: no module named 'dataclasses'"):
        simulate(Order(shots=1, plant=plant), "wasm32")


def test_every_file_of_the_device_is_copied() -> None:
    plan = json.loads(wasm32.command("tools.simulator.run", [])[2])
    copied = {there for _, there in plan["files"]}
    for folder in ("firmware", "drivers", "tools/simulator"):
        for path in (wasm32.ROOT / folder).rglob("*.py"):
            assert f"{wasm32.TREE}/{path.relative_to(wasm32.ROOT).as_posix()}" in copied
