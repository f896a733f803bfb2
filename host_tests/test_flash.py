"""The simulated flash: the same files in memory and in a folder, and a change happens as a whole, in its own time."""

from pathlib import Path
from typing import Any

import pytest

from tools.simulator import flash, silicon
from tools.simulator.chip import os as device_os
from tools.simulator.flash import device_open
from tools.simulator.silicon import Chip, PowerOff


@pytest.fixture(params=["memory", "folder"])
def chip(request: pytest.FixtureRequest, tmp_path: Path) -> Chip:
    made = silicon.power_on("esp32s3")
    if request.param == "folder":
        made.flash_root = str(tmp_path)
    return made


def put(path: str, content: Any, mode: str = "wb") -> None:
    with device_open(path, mode) as file:
        assert file.write(content) == len(content)


def get(path: str, mode: str = "rb") -> Any:
    with device_open(path, mode) as file:
        return file.read()


def test_what_is_written_is_read(chip: Chip) -> None:
    put("/a", b"12")
    put("a", b"3", "ab")
    put("/b", "\u00e4\n", "w")
    assert get("/a") == b"123"
    assert get("//b", "r") == "\u00e4\n"
    assert get("./b") == "\u00e4\n".encode()


def test_appending_to_a_file_that_is_not_there_makes_it(chip: Chip) -> None:
    put("/new", b"1", "ab")
    assert get("/new") == b"1"


def test_folders_hold_files_and_go_only_when_they_are_empty(chip: Chip) -> None:
    device_os.mkdir("/journal")
    put("/journal/1", b"one")
    put("/top", b"")
    assert device_os.listdir() == ["journal", "top"]
    assert device_os.listdir("/journal") == ["1"]
    assert list(device_os.ilistdir("/")) == [("journal", 0x4000, 0), ("top", 0x8000, 0)]
    assert device_os.stat("/journal/1")[6] == 3
    for wrong in (
        lambda: device_os.rmdir("/journal"),
        lambda: device_os.mkdir("/journal"),
        lambda: put("/journal", b""),
        lambda: put("/nowhere/1", b""),
        lambda: get("/journal"),
        lambda: device_os.mkdir("/nowhere/else"),
        lambda: device_os.listdir("/nowhere"),
    ):
        with pytest.raises(OSError, match=r"journal|nowhere"):
            wrong()
    device_os.rename("/journal/1", "/one")
    device_os.rmdir("/journal")
    device_os.remove("/top")
    assert device_os.listdir() == ["one"]


@pytest.mark.parametrize("path", ["../a", "/b/../../a"])
def test_no_path_leads_out(chip: Chip, path: str) -> None:
    for wrong in (lambda: get(path), lambda: put(path, b""), lambda: device_os.remove(path)):
        with pytest.raises(OSError, match="a"):
            wrong()


def test_what_is_not_there_has_the_number_that_the_device_asks_for(chip: Chip) -> None:
    for wrong in (lambda: get("/a"), lambda: device_os.remove("/a"), lambda: device_os.stat("/a")):
        with pytest.raises(OSError, match="a") as error:
            wrong()
        assert error.value.errno == 2


def test_modes_that_device_code_does_not_use_are_refused(chip: Chip) -> None:
    with pytest.raises(ValueError, match="mode r\\+b"):
        device_open("/a", "r+b")
    with device_open("/a", "wb") as file:
        pass
    with pytest.raises(ValueError, match="closed"):
        file.write(b"")


@pytest.mark.parametrize(("after_us", "there"), [(0, b"old"), (39_000, b"old"), (41_000, b"new"), (79_000, b"new")])
def test_a_file_changes_in_the_middle_of_its_time_and_as_a_whole(chip: Chip, after_us: int, there: bytes) -> None:
    put("/a", b"old")
    begun_us = chip.now_us

    def cut() -> int:
        if chip.now_us >= begun_us + after_us:
            chip.cut_power()
        return begun_us + after_us

    chip.outside = cut
    chip.expect(begun_us + after_us)
    with pytest.raises(PowerOff):
        put("/a", b"new")
    assert flash.files().read("/a") == there


def test_changes_take_their_time_and_reading_takes_none(chip: Chip) -> None:
    put("/a", b"old")
    get("/a")
    assert chip.now_us == flash.COMMIT_US
    device_os.rename("/a", "/b")
    device_os.remove("/b")
    assert chip.now_us == 3 * flash.COMMIT_US
