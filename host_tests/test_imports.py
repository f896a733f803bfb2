"""The import law holds in every file of the device, and its checker finds each kind of violation."""

from pathlib import Path

import pytest

from tools.import_law import DEVICE_FOLDERS, DEVICE_PROGRAMS, device_files, tree_violations, violations


@pytest.mark.law
def test_the_device_obeys_the_import_law() -> None:
    assert tree_violations() == []


def test_the_law_is_applied_to_all_that_goes_to_the_device() -> None:
    names = {path.name for path in device_files()}
    assert set(DEVICE_PROGRAMS) <= names
    assert len(names) > 10


def test_files_below_folders_of_the_device_are_found_wherever_they_lie(tmp_path: Path) -> None:
    (tmp_path / "firmware" / "deep").mkdir(parents=True)
    (tmp_path / "firmware" / "deep" / "hidden.py").write_text("import time\n", encoding="utf-8")
    (tmp_path / "main.py").write_text("import tools.simulator\n", encoding="utf-8")
    assert tree_violations(tmp_path) == [
        "main.py:1: main.py may not import tools.simulator",
        "main.py:1: simulator: the device does not know that it can be simulated",
        "firmware/deep/hidden.py:1: firmware may not import time",
    ]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("firmware/dose.py", "import time"),
        ("firmware/dose.py", "import machine"),
        ("firmware/dose.py", "from drivers.clock import Clock"),
        ("firmware/dose.py", "from drivers import clock"),
        ("firmware/dose.py", "import micropython"),
        ("firmware/dose.py", "from micropython import heap_lock"),
        ("firmware/dose.py", "from typing import TYPE_CHECKING"),
        ("firmware/dose.py", "def late() -> None:\n    import json"),
        ("firmware/dose.py", "from .. import tools"),
        ("firmware/dose.py", "from ..drivers import clock"),
        ("firmware/dose.py", "import firmware_of_another_device"),
        ("drivers/clock.py", "from firmware.ticks import difference_us"),
        ("drivers/clock.py", "import firmware"),
        ("drivers/clock.py", "from main import run"),
        ("drivers/clock.py", "import random"),
        ("protocol/topics.py", "from firmware.loop import DoseLoop"),
        ("protocol/topics.py", "from firmware import loop"),
        ("protocol/topics.py", "import socket"),
        ("protocol/topics.py", "from drivers import mqtt_link"),
        ("boot.py", "from firmware import limits"),
        ("main.py", "import machine"),
        ("main.py", "import time"),
        ("main.py", "from tools.simulator import world"),
        ("main.py", "import host_tests"),
    ],
)
def test_an_import_the_law_does_not_list_is_found(place: str, source: str) -> None:
    assert any("may not import" in line for line in violations(place, source))


IN_A_LOOP = "def read_all() -> None:\n    for line in lines:\n        "


@pytest.mark.parametrize(
    ("place", "source", "sentence"),
    [
        ("firmware/dose.py", "from firmware.units import *", "star import"),
        ("drivers/clock.py", "def load() -> None:\n    __import__('firmware')", "gets round the import law"),
        ("drivers/clock.py", "def load() -> None:\n    exec('import firmware')", "gets round the import law"),
        ("drivers/clock.py", "import sys\nreal = sys.platform == 'esp32'", "does not ask for its platform"),
        ("drivers/clock.py", "from sys import platform", "does not ask for its platform"),
        ("main.py", "if simulator:\n    run()", "can be simulated"),
        ("main.py", "def run(simulated: bool) -> None:\n    return None", "can be simulated"),
        ("main.py", "if board.is_simulation:\n    run()", "can be simulated"),
        ("main.py", "TEST_ENV = 1", "can be simulated"),
        ("firmware/dose.py", "def add(volume_nl: int) -> None:\n    assert volume_nl > 0", "assert disappears"),
        (
            "drivers/store.py",
            IN_A_LOOP + "try:\n            read()\n        except OSError:\n            pass",
            "swallowed",
        ),
        (
            "drivers/store.py",
            IN_A_LOOP + "try:\n            read()\n        except OSError:\n            continue",
            "swallowed",
        ),
        (
            "drivers/store.py",
            IN_A_LOOP + "try:\n            read()\n        except:\n            repair()",
            "hides every",
        ),
    ],
)
def test_what_no_file_of_the_device_may_do_is_found(place: str, source: str, sentence: str) -> None:
    (only,) = violations(place, source)
    assert sentence in only


@pytest.mark.parametrize(
    "source",
    [
        "from machine import Pin\nstep = Pin(5)",
        "import machine\nstep = machine.Pin(5)",
        "import esp32\nclass Train:\n    rmt = esp32.RMT(0)",
        "from machine import Pin\ndef drive(pin: Pin = Pin(5)) -> None:\n    pin(1)",
        "import time\nSTART_US = time.ticks_us()",
        "from drivers.board import Board\nboard = Board()",
        "from machine import ADC\nif True:\n    sensors = [ADC(n) for n in range(3)]",
        "import machine\nwatchdog: 'machine.WDT' = machine.WDT(timeout=50)",
    ],
)
def test_hardware_built_while_a_driver_is_imported_is_found(source: str) -> None:
    assert any("called at import" in line for line in violations("drivers/board.py", source))


@pytest.mark.parametrize(
    "source",
    [
        "RATIO = 0.5",
        "def mean(a: int, b: int) -> int:\n    return (a + b) / 2",
        "def halve(a: int) -> int:\n    a /= 2\n    return a",
        "def read(text: str) -> int:\n    return int(float(text))",
        "LIMIT_NL = 1e6",
    ],
)
def test_floating_point_in_the_firmware_is_found(source: str) -> None:
    assert len(violations("firmware/dose.py", source)) == 1


def test_a_violation_names_its_file_and_line() -> None:
    assert violations("firmware/dose.py", "LIMIT = 3\n\nimport time\n") == [
        "firmware/dose.py:3: firmware may not import time"
    ]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        (
            "firmware/dose.py",
            "from array import array\nfrom micropython import const\nfrom firmware.units import mul_div",
        ),
        ("firmware/dose.py", "from . import units\nfrom .ticks import difference_us"),
        ("firmware/dose.py", "_STEP = const(10)\n\ndef half(a: int) -> int:\n    return a // 2"),
        ("drivers/step_counter.py", "import esp32\n\ndef build() -> object:\n    return esp32.PCNT(0)"),
        ("drivers/step_counter.py", "from micropython import const\n_LIMIT = const(32767)\n_RING = bytearray(8)"),
        (
            "drivers/store.py",
            IN_A_LOOP + "try:\n            read()\n        except OSError:\n            raise Damaged from None",
        ),
        ("protocol/topics.py", "from firmware import limits\nfrom firmware.units import NL_PER_UL"),
        ("main.py", "from drivers.board import Board\nfrom firmware.loop import DoseLoop\nimport gc\nboard = Board()"),
        ("boot.py", "from machine import Pin\nPin(5, Pin.OUT, value=0)"),
    ],
)
def test_lawful_code_passes(place: str, source: str) -> None:
    assert violations(place, source) == []


def test_a_folder_is_judged_by_a_rule_of_its_own() -> None:
    for folder in DEVICE_FOLDERS:
        assert violations(f"{folder}/x.py", "import host_tests") != []
