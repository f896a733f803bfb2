"""Fresh copies of the flashed files on the simulated chip, and a host that notices nothing."""

import builtins
import sys
from pathlib import Path

import pytest

from host_tests.world_bench import Hand, Screws
from tools.simulator import silicon
from tools.simulator.interpreter import Device, source_root
from tools.simulator.pads import Pin
from tools.simulator.world import PowerOff, World


def _tree(root: Path, **files: str) -> Path:
    """A source tree with these files; the simulator's own stay where they are."""
    root.mkdir(exist_ok=True)
    (root / "tools").symlink_to(Path(source_root()) / "tools", target_is_directory=True)
    (root / "firmware").symlink_to(Path(source_root()) / "firmware", target_is_directory=True)
    (root / "drivers").mkdir()
    (root / "drivers" / "__init__.py").write_text('"""Drivers."""\n')
    for name, text in files.items():
        (root / (name.replace("__", "/") + ".py")).write_text(text)
    return root


def test_every_device_has_its_own_modules_and_the_host_keeps_its_own() -> None:
    before = dict(sys.modules)
    first, second = Device(), Device()
    assert first.module("firmware.loop") is not second.module("firmware.loop")
    assert first.modules["loop"] is first.module("firmware.loop")
    assert first.module("firmware.loop").DoseLoop.__module__ == "firmware.loop"
    assert {name for name in sys.modules if sys.modules[name] is not before.get(name)} <= {"random", "array", "json"}
    assert builtins.open is open
    assert builtins.__import__ is __import__


def test_device_code_sees_the_chip_where_the_host_has_its_own() -> None:
    device = Device()
    silicon.power_on("esp32")
    assert device.module("time").ticks_us() == (1 << 30) - 3_000_000 + silicon.TICKS_US
    assert device.module("os").uname().machine.endswith("ESP32")
    assert device.module("micropython").const(3) == 3


def test_an_import_at_run_time_finds_the_fakes_too(tmp_path: Path) -> None:
    late = "def pins():\n    import machine\n    from drivers import other\n    return machine.Pin, other.N\n"
    root = _tree(tmp_path, drivers__late=late, drivers__other="N = 7\n")
    device = Device(str(root))
    assert device.module("drivers.late").pins() == (Pin, 7)


def test_what_the_device_does_not_have_cannot_be_imported(tmp_path: Path) -> None:
    root = _tree(tmp_path, drivers__wrong="import typing\n", drivers__relative="from . import wrong\n")
    device = Device(str(root))
    for name in ("drivers.wrong", "drivers.nowhere", "pathlib", "drivers.relative"):
        with pytest.raises(ImportError):
            device.module(name)


def test_the_device_opens_files_of_its_flash_only(tmp_path: Path) -> None:
    root = _tree(tmp_path / "tree", drivers__reader="def read(p):\n    with open(p) as f:\n        return f.read()\n")
    flash = tmp_path / "flash"
    flash.mkdir()
    (flash / "settings.json").write_text("{}")
    chip = silicon.power_on("esp32s3")
    device = Device(str(root))
    reader = device.module("drivers.reader")
    with pytest.raises(OSError, match=r"settings\.json"):
        reader.read("settings.json")
    chip.flash_root = str(flash)
    assert reader.read("settings.json") == reader.read("/settings.json") == "{}"
    with pytest.raises(OSError, match="settings"):
        reader.read("../flash/settings.json")


def test_boot_and_main_run_until_the_supply_is_cut(tmp_path: Path) -> None:
    world = World(Screws(), hand=Hand((500_000, lambda world: world.power_off())))
    with pytest.raises(PowerOff):
        Device().run(world, str(tmp_path))
    assert world.now_us == 500_000
    assert abs(world.frames - 250) <= 5
    assert world.chip.flags == []


@pytest.mark.parametrize("chip_name", ["esp32s3", "esp32"])
def test_the_flashed_files_configure_nothing_that_a_reviewer_would_object_to(chip_name: str, tmp_path: Path) -> None:
    world = World(Screws(), chip_name, Hand((3_000_000, lambda world: world.power_off())))
    with pytest.raises(PowerOff):
        Device().run(world, str(tmp_path))
    assert world.chip.flags == []
    assert (world.dose_driver.microsteps, world.needle_driver.microsteps) == (16, 8)
