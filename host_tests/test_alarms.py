"""Every fault has a priority and plain words that fit the display; of several the most urgent is shown first."""

# Faults are made by hand.
# pyright: reportPrivateUsage=false

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import alarms, faults
from firmware.look import LARGE, SMALL, Look
from host_tests import moments

SIGNALS = (Path(__file__).resolve().parent.parent / "docs" / "signals.md").read_text(encoding="utf-8")
NAMES = faults.names((1 << 30) - 1)
PRIORITIES = ("NONE", "LOW", "MEDIUM", "HIGH")
PARTS = (alarms.TITLE, alarms.HAPPENED, alarms.DID, alarms.TO_DO, alarms.TO_DO_MORE)
masks = st.integers(0, (1 << len(NAMES)) - 1)


def words(row: bytes) -> "list[str]":
    """The parts of a row."""
    return row.decode("ascii").split("|")


def shown(mask: int) -> "list[int]":
    """The bits in the order in which they are shown."""
    found: list[int] = []
    while (bit := alarms.in_order(mask, len(found))) >= 0:
        found.append(bit)
    return found


def test_every_fault_has_a_row_and_no_row_is_left_over() -> None:
    assert len(alarms.ROWS) == len(NAMES)


@pytest.mark.parametrize("row", alarms.ROWS, ids=NAMES)
def test_a_row_says_title_what_happened_what_was_done_and_what_to_do_within_the_display(row: bytes) -> None:
    parts = words(row)
    assert len(parts) == len(PARTS)
    assert 1 <= len(parts[alarms.TITLE]) <= 10
    assert parts[alarms.TITLE].upper() == parts[alarms.TITLE]
    for part in PARTS[1:]:
        assert 1 <= len(parts[part]) <= 21
    assert all(" " <= letter <= "~" for part in parts for letter in part)


def test_titles_and_what_happened_tell_all_faults_apart() -> None:
    for part in (alarms.TITLE, alarms.HAPPENED):
        assert len({words(row)[part] for row in alarms.ROWS}) == len(NAMES)


def test_words_say_what_the_loop_does_in_a_fault() -> None:
    """Both motors without power, at once; needle unknown and to be homed."""
    rig = moments.armed()
    rig.stop = 1
    rig.run(4)
    assert (rig.state, rig.outputs.dose_enable, rig.outputs.needle_enable) == ("FAULT", 0, 0)
    for row in alarms.ROWS:
        parts = words(row)
        assert parts[alarms.DID] in ("Stopped. Needle back.", "Motors have no power.")


@pytest.mark.parametrize("bit", range(len(NAMES)), ids=NAMES)
def test_words_say_how_the_fault_is_left(bit: int) -> None:
    rig = moments.armed()
    rig.loop._fail(1 << bit)
    rig.run(100)
    rig.confirm_shortly()
    to_do = b" ".join(alarms.ROWS[bit].split(b"|")[alarms.TO_DO :])
    assert (b"CONFIRM" in to_do) == (rig.state != "FAULT")
    if faults.needs_technician(1 << bit):
        assert to_do.endswith(b"Do not use. Service.")
    elif faults.needs_restart(1 << bit):
        assert b"Switch off, on." in to_do


def test_nothing_is_promised_of_a_needle_that_is_not_under_control() -> None:
    doubtful = {"stop_pressed", "needle_sensor", "needle_disagrees", "depth_exceeded", "not_home"}
    doubtful |= {"needle_count", "driver"}
    promised = {name for name, row in zip(NAMES, alarms.ROWS, strict=True) if b"Needle back" in row}
    assert promised == set(NAMES) - doubtful


def test_the_page_gives_each_fault_the_priority_of_the_code_and_a_reason() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (LOW|MEDIUM|HIGH) \| (.{20,}) \|$", SIGNALS, re.MULTILINE)
    assert [(name, PRIORITIES.index(priority)) for name, priority, _ in rows] == [
        (name, alarms.priority(1 << bit)) for bit, name in enumerate(NAMES)
    ]


def test_no_fault_is_no_alarm_and_a_fault_nobody_knows_is_the_most_urgent() -> None:
    assert alarms.priority(0) == alarms.NONE
    assert alarms.in_order(0, 0) == -1
    assert alarms.priority(1 << len(NAMES)) == alarms.HIGH


@pytest.mark.law
@given(masks)
def test_the_most_urgent_is_shown_first_then_the_lowest_bit_and_none_is_left_out(mask: int) -> None:
    order = shown(mask)
    assert sorted(order) == [bit for bit in range(len(NAMES)) if mask >> bit & 1]
    keys = [(-alarms.priority(1 << bit), bit) for bit in order]
    assert keys == sorted(keys)
    assert alarms.priority(mask) == (alarms.priority(1 << order[0]) if order else alarms.NONE)


@pytest.mark.parametrize("row", alarms.ROWS, ids=NAMES)
def test_every_part_fits_where_it_is_shown(row: bytes) -> None:
    look = Look()
    for part in PARTS:
        look.begin(part, LARGE if part == alarms.TITLE else SMALL)
        look.part(row, part)
        assert bytes(look.text[part * 21 : part * 21 + 21]).decode().rstrip() == words(row)[part]
    assert not look.cut
