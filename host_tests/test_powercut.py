"""No cut of the power loses what was acknowledged; and the cuts find stores that are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from host_tests.figures import RecordFigure
from host_tests.micropythons import need
from tools.cli import app
from tools.powercut import parts, store_part
from tools.powercut.parts import CUTS, FAILURES, Outcome, Part, Plan
from tools.simulator.nor_flash import (
    BADNESSES,
    BLOCK_BYTES,
    HALF,
    RAISES_ON_ERASE,
    RAISES_ON_PROGRAM,
    RAISES_ONCE,
    REFUSES_ERASE,
    REFUSES_PROGRAM,
    STAYS_AS_IT_IS,
    STORES_WRONG,
    TEARS,
    TORN,
    UNTOUCHED,
    NorFlash,
)

QUIET = Console(quiet=True)
PLAN = Plan(quick=True, workers=1, triples_every=1, seed=1)


def job(**changes: Any) -> "dict[str, Any]":
    """What one process does."""
    whole = {"task": "cuts", "store": "", "first": 0, "last": 6, "levels": 1, "triples_every": 1, "seed": 1}
    return {**whole, **changes}


@pytest.fixture
def unix_port() -> None:
    need("micropython")


# --- the store ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unix_port")
def test_no_cut_at_any_operation_loses_anything(record_figure: RecordFigure) -> None:
    cuts = 0
    for first, last in ((0, 16), (44, 50)):  # the first writes; and when the directory is compacted
        found = store_part.run(job(first=first, last=last))
        assert found["findings"] == []
        assert (found["wrong"], found["lost_configs"], found["damaged"]) == (0, 0, 0)
        cuts += found["cuts"]
    assert cuts > 500
    record_figure("power cuts", cuts)


@pytest.mark.usefixtures("unix_port")
def test_no_second_and_no_third_cut_does() -> None:
    found = store_part.run(job(first=3, last=4, levels=3, triples_every=4))
    assert found["findings"] == []
    assert found["pairs"] > 5 * found["cuts"]
    assert found["triples"] > found["pairs"]


@pytest.mark.usefixtures("unix_port")
def test_no_bad_block_loses_anything() -> None:
    found = store_part.run(job(task="bad_blocks", first=7, last=8, more_steps=3))
    assert found["findings"] == []
    assert found["bad_blocks"] == 16 * len(BADNESSES)
    assert found["not_written"] > 20


@pytest.mark.usefixtures("unix_port")
def test_a_bit_that_decays_is_never_taken_for_something_else() -> None:
    found = store_part.run(job(task="decay", first=12, last=13))
    assert found["findings"] == []
    assert found["decayed_older"] > 10
    assert found["damaged"] > 10


@pytest.mark.usefixtures("unix_port")
@pytest.mark.parametrize("store", store_part.WRONG)
def test_the_cuts_find_a_store_that_is_wrong(store: str) -> None:
    found = store_part.run(job(store=store))
    assert found["wrong"] > 20
    assert found["lost_configs"] > 10
    assert found["findings"]


@pytest.mark.usefixtures("unix_port")
def test_a_program_that_fails_is_told_in_one_line() -> None:
    with pytest.raises(store_part.Failed, match="cuts from step 0 on: TypeError"):
        store_part.run(job(levels="three"))


# --- the command --------------------------------------------------------------------------------------------------


def part(**counts: int) -> Part:
    return Part(counts)


def test_parts_are_added_up_and_what_nobody_counts_is_0() -> None:
    outcome = Outcome(PLAN, {"store": part(cuts=3, pairs=4), "session": part(cuts=1, tick_cuts=5)}, 1.0)
    assert outcome.counts == {**dict.fromkeys((*CUTS, *FAILURES), 0), "cuts": 4, "pairs": 4, "tick_cuts": 5}
    assert outcome.passed


@pytest.mark.parametrize("name", FAILURES)
def test_anything_that_was_lost_repeated_or_moved_fails(name: str) -> None:
    assert not Outcome(PLAN, {"store": part(cuts=3), "session": Part({name: 1})}, 1.0).passed


def test_a_finding_of_any_part_fails() -> None:
    assert not Outcome(PLAN, {"store": Part({}, ["something"])}, 1.0).passed


def test_the_file_has_the_names_that_programs_look_for(tmp_path: Path) -> None:
    outcome = parts.run({"store": lambda _plan, _console: part(cuts=3)}, PLAN, QUIET)
    written = json.loads(parts.write(outcome, tmp_path / "build").read_text())
    assert written["cuts"] == 3
    assert {*CUTS, *FAILURES, "findings", "passed", "details", "seed", "triples_every"} <= set(written)


@pytest.mark.parametrize("option", ["--workers", "--triples-every"])
def test_numbers_below_1_are_refused_in_one_line(option: str) -> None:
    done = CliRunner().invoke(app, ["powercut", option, "0"])
    assert done.exit_code == 2
    assert done.stderr == "mesogun powercut: --workers and --triples-every: at least one\n"


# --- the flash under it -------------------------------------------------------------------------------------------


def flash(fill: int = 0xFF) -> NorFlash:
    """Two blocks."""
    return NorFlash(bytearray([fill]) * (2 * BLOCK_BYTES))


def read(device: NorFlash, block: int = 0, length: int = 4) -> bytes:
    buffer = bytearray(length)
    assert device.readblocks(block, buffer) == 0
    return bytes(buffer)


def test_a_program_only_clears_bits_and_an_erase_sets_those_of_a_block() -> None:
    device = flash(0b1100_1111)
    assert device.writeblocks(1, b"\x7f\x0f", 2) == 0
    assert read(device, 1) == bytes((0xCF, 0xCF, 0x4F, 0x0F))
    assert device.ioctl(6, 1) == 0
    assert read(device, 1) == b"\xff" * 4
    assert read(device, 0) == b"\xcf" * 4
    assert (device.operations, list(device.erases)) == (2, [0, 1])
    assert (device.ioctl(4, 0), device.ioctl(5, 0)) == (2, BLOCK_BYTES)


@pytest.mark.parametrize(("tear", "there"), [(UNTOUCHED, b"\xff" * 4), (HALF, b"12\xff\xff")])
def test_a_cut_leaves_an_operation_undone_or_half_done_and_the_flash_dead(tear: int, there: bytes) -> None:
    device = flash()
    device.cut(1, tear, 0)
    assert device.writeblocks(1, b"0") == 0
    assert device.writeblocks(0, b"1234") < 0
    assert device.writeblocks(0, b"5678") < 0
    assert device.ioctl(6, 1) < 0
    assert device.readblocks(0, bytearray(1)) < 0
    assert device.dead
    assert device.content[:4] == there
    assert device.content[BLOCK_BYTES] == ord("0")


def test_a_torn_program_ends_anywhere_and_the_place_where_it_was_holds_anything() -> None:
    ends: set[bytes] = set()
    for seed in range(200):
        device = flash()
        device.cut(0, TORN, seed)
        assert device.writeblocks(0, b"\x11\x22\x33\x44") < 0
        there = bytes(device.content[:4])
        done = next((place for place in range(4) if there[place] != (place + 1) * 0x11), 3)
        assert there[done] & (done + 1) * 0x11 == (done + 1) * 0x11  # only bits that were to be cleared may be
        assert there[done + 1 :] == b"\xff" * (3 - done)
        ends.add(there)
    assert len(ends) > 20


@pytest.mark.parametrize("tear", TEARS)
def test_a_torn_erase_has_erased_a_part_from_the_front(tear: int) -> None:
    device = flash(0)
    device.cut(0, tear, 5)
    assert device.ioctl(6, 1) < 0
    block = device.content[BLOCK_BYTES:]
    erased = block.count(0xFF)
    assert block == b"\xff" * erased + bytes(BLOCK_BYTES - erased)
    assert (erased == 0, erased == BLOCK_BYTES // 2) == (tear == UNTOUCHED, tear == HALF)


def test_power_that_goes_after_the_last_operation_goes_before_it_is_read_back() -> None:
    device = flash()
    device.cut(1, UNTOUCHED, 0)
    assert device.writeblocks(0, b"1") == 0
    assert not device.dead
    assert device.readblocks(0, bytearray(1)) < 0
    assert device.dead


@pytest.mark.parametrize("badness", BADNESSES)
def test_a_bad_block_fails_in_its_own_way_and_the_others_do_not(badness: int) -> None:
    device = flash(0xFE)
    device.spoil(1, badness)
    said: list[object] = []
    for deed in (lambda: device.writeblocks(1, b"\xfe\xfc"), lambda: device.ioctl(6, 1), lambda: device.ioctl(6, 0)):
        try:
            said.append(deed())
        except OSError:
            said.append("raised")
    there = bytes(device.content[BLOCK_BYTES : BLOCK_BYTES + 2])
    expected: dict[int, tuple[list[object], bytes]] = {
        RAISES_ONCE: (["raised", 0, 0], b"\xff\xff"),
        RAISES_ON_PROGRAM: (["raised", 0, 0], b"\xff\xff"),
        RAISES_ON_ERASE: ([0, "raised", 0], b"\xfe\xfc"),
        REFUSES_PROGRAM: ([-5, 0, 0], b"\xff\xff"),
        REFUSES_ERASE: ([0, -5, 0], b"\xfe\xfc"),
        STORES_WRONG: ([0, 0, 0], b"\xff\xff"),
        STAYS_AS_IT_IS: ([0, 0, 0], b"\xfe\xfc"),
    }
    assert (said, there) == expected[badness]
    assert read(device) == b"\xff" * 4


def test_a_block_that_stores_something_else_says_that_it_is_written() -> None:
    device = flash()
    device.spoil(0, STORES_WRONG)
    assert device.writeblocks(0, b"\xff\xff") == 0
    assert read(device)[:2] != b"\xff\xff"
