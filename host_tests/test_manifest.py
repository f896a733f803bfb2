"""The manifest of the device's files, and what the device makes of it at power-on."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from host_tests.commands import command
from tools import manifest
from tools.import_law import device_files
from tools.simulator import flash as simulated_flash
from tools.simulator import silicon
from tools.simulator.interpreter import Device
from tools.simulator.plant import Plant
from tools.simulator.session import Session

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(name="flash")
def flash_with_a_small_tree(tmp_path: Path) -> Path:
    """A device's flash with some files and the manifest of them."""
    for path, content in {
        "boot.py": "safe = 1\n",
        "main.py": "import firmware.loop\n",
        "firmware/__init__.py": "",
        "firmware/loop.mpy": "M\x06\x00\x1e",
        "drivers/board.mpy": "M" * 5000,
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content)
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "manifest").write_text(manifest.text(str(tmp_path)))
    return tmp_path


def intact(flash: Path) -> bool:
    """What the device says of it."""
    chip = silicon.power_on("esp32s3")
    chip.flash_root = str(flash)
    said: Any = Device().module("drivers.manifest").fits()
    assert isinstance(said, bool)
    return said


def test_it_names_every_program_of_the_device_tree_and_nothing_else() -> None:
    lines = manifest.text(str(ROOT)).splitlines()
    assert [line.split()[1][1:] for line in lines] == sorted(
        path.relative_to(ROOT).as_posix() for path in device_files()
    )
    for line in lines:
        digest, path = line.split()
        assert digest == hashlib.sha256((ROOT / path[1:]).read_bytes()).hexdigest()


def test_a_tree_as_its_manifest_says_is_intact_whatever_else_lies_on_the_flash(flash: Path) -> None:
    assert intact(flash)
    (flash / "journal").mkdir()
    (flash / "journal" / "00000000").write_bytes(b"x" * 64)
    (flash / "notes.txt").write_text("not a program")
    assert intact(flash)


def _append(flash: Path) -> None:
    with (flash / "main.py").open("a") as file:
        file.write("#")


def _swap(flash: Path) -> None:
    boot = (flash / "boot.py").read_text()
    (flash / "boot.py").write_text((flash / "main.py").read_text())
    (flash / "main.py").write_text(boot)


WRONG: "dict[str, Callable[[Path], object]]" = {
    "a line more": _append,
    "a file gone": lambda flash: (flash / "firmware" / "loop.mpy").unlink(),
    "a folder gone": lambda flash: shutil.rmtree(flash / "drivers"),
    "an empty file": lambda flash: (flash / "drivers" / "board.mpy").write_text(""),
    "two exchanged": _swap,
    "a source beside what was compiled of it": lambda flash: (flash / "firmware" / "loop.py").write_text("x = 1\n"),
    "a program more at the top": lambda flash: (flash / "machine.py").write_text("x = 1\n"),
    "a compiled program more": lambda flash: (flash / "drivers" / "old.mpy").write_text("M"),
    "no manifest": lambda flash: (flash / "manifest").unlink(),
    "an empty manifest": lambda flash: (flash / "manifest").write_text(""),
    "a manifest that ends in a line": lambda flash: (flash / "manifest").write_text(
        (flash / "manifest").read_text()[:-9]
    ),
    "no manifest but words": lambda flash: (flash / "manifest").write_text("all is well\n"),
    "digits that are none": lambda flash: (flash / "manifest").write_text("zz" * 32 + " /boot.py\n"),
}


@pytest.mark.parametrize("what", WRONG)
def test_anything_else_is_not_intact(flash: Path, what: str) -> None:
    WRONG[what](flash)
    assert not intact(flash)


@pytest.mark.parametrize("place", [0, 1023, 1024, 2500, 4999])
def test_no_bit_of_a_program_flips_unseen(place: int, tmp_path: Path) -> None:
    content = bytearray(b"\x5a" * 5000)
    (tmp_path / "main.py").write_bytes(content)
    (tmp_path / "manifest").write_text(manifest.text(str(tmp_path)))
    silicon.power_on("esp32s3").flash_root = str(tmp_path)
    device: Any = Device().module("drivers.manifest")
    for bit in range(8):
        content[place] ^= 1 << bit
        (tmp_path / "main.py").write_bytes(content)
        assert not device.fits()
        content[place] ^= 1 << bit
    (tmp_path / "main.py").write_bytes(content)
    assert device.fits()


def test_the_command_writes_it_and_checks_a_folder_against_it(flash: Path) -> None:
    written = command("manifest", str(flash))
    assert written.stdout == (flash / "manifest").read_text()
    assert command("manifest", str(flash), "--check").exit_code == 0
    _append(flash)
    checked = command("manifest", str(flash), "--check")
    assert checked.exit_code == 1
    assert "/main.py" in checked.stdout
    (flash / "manifest").unlink()
    missing = command("manifest", str(flash), "--check")
    assert missing.exit_code == 2
    assert "mesogun manifest" in missing.stderr


def _played(monkeypatch: pytest.MonkeyPatch, change: "Callable[[str], str]", story: str) -> "list[str]":
    """What a story expects in vain of a device that was flashed with such a manifest."""

    def put(device: Device) -> None:
        simulated_flash.files().write(manifest.FILE, change(manifest.text(str(ROOT))).encode())

    monkeypatch.setattr(Device, "put_manifest", put)
    session = Session({"scenario": story, "no_login": True}, Plant)
    session.run()
    assert session.met + len(session.failures) >= 3
    return session.failures


def test_a_program_that_is_not_what_its_manifest_says_does_not_arm(monkeypatch: pytest.MonkeyPatch) -> None:
    story = "=> LOCKED within 3s\n=> inhibit records\n=> inhibit files_changed\nset code to 271828\nhold knob\n"
    story += "=> display CHANGED\nconfirm 100ms\n=> inhibit files_changed for 500ms\n=> not READY\n"
    assert _played(monkeypatch, lambda text: text.replace("/firmware/drop.py", "/firmware/drop.mpy"), story) == []
    digit = {"0": "1"}
    assert _played(monkeypatch, lambda text: digit.get(text[0], "0") + text[1:], story) == []


def test_a_program_as_its_manifest_says_does(monkeypatch: pytest.MonkeyPatch) -> None:
    story = "=> LOCKED within 3s\n=> no inhibit records\n=> no inhibit files_changed\n"
    assert _played(monkeypatch, lambda text: text, story) == []
