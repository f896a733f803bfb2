"""The first tick and field in which two traces differ are found, and said in words."""

from dataclasses import replace

import pytest

from host_tests.trace_bench import made_up
from tools.simulator.recorder import INPUT_NAMES, OUTPUT_NAMES
from tools.simulator.trace_lines import FIELDS
from tools.trace_diff import around, compare

ONE = made_up("one", 8)


def test_traces_with_the_same_ticks_are_the_same() -> None:
    assert compare(ONE, made_up("other", 8)) is None


@pytest.mark.parametrize("field", FIELDS[1:])
@pytest.mark.parametrize("tick", [0, 3, 7])
def test_any_field_that_differs_in_any_tick_is_found(field: str, tick: int) -> None:
    found = compare(ONE, made_up("other", 8, **{field: (tick, "-1")}))
    assert found is not None
    assert (found.tick, found.fields) == (tick, (field,))


def test_the_first_of_several_differences_is_told_with_place_state_phase_and_values() -> None:
    other = made_up("other", 8, tone=(6, "3"), dose_chunk_steps=(5, "40"))
    found = compare(ONE, other)
    assert found is not None
    said = " ".join(found.sentences)
    assert "tick 5, 0.010000 s after power-on, in SHOT, phase dose, drop 1." in said
    assert "Output dose_chunk_steps is 524 in one and 40 in other." in said
    assert "tone" not in said


@pytest.mark.parametrize("field", OUTPUT_NAMES)
def test_outputs_that_differ_after_the_same_inputs_are_the_firmwares_own(field: str) -> None:
    found = compare(ONE, made_up("other", 8, **{field: (2, "-1")}))
    assert found is not None
    assert "the firmware decided differently" in found.sentences[-1]


@pytest.mark.parametrize("field", INPUT_NAMES)
def test_inputs_that_differ_came_from_outside_the_firmware(field: str) -> None:
    found = compare(ONE, made_up("other", 8, **{field: (2, "-1"), "tone": (2, "-1")}))
    assert found is not None
    assert found.fields == (field, "tone")
    assert "outside the firmware" in found.sentences[-1]


def test_a_field_that_may_differ_is_passed_over() -> None:
    other = made_up("other", 8, t_us=(1, "0"), tone=(4, "-1"))
    found = compare(ONE, other, ("t_us",))
    assert found is not None
    assert found.tick == 4
    assert compare(ONE, other, ("t_us", "tone")) is None


def test_a_trace_that_ends_earlier_differs_where_it_ends() -> None:
    short = replace(made_up("short", 5), complete=False)
    for pair in ((ONE, short), (short, ONE)):
        found = compare(*pair)
        assert found is not None
        assert (found.tick, found.fields) == (5, ())
        assert found.sentences[0].startswith("All 5 ticks of short are the same in one")
        assert "broken off" in found.sentences[0]
        assert "3 ticks more" in found.sentences[0]


def test_a_column_that_only_one_trace_has_is_a_difference_and_the_others_are_compared() -> None:
    fewer = replace(ONE, name="fewer", fields=FIELDS[:-1], lines=tuple(line.rpartition(",")[0] for line in ONE.lines))
    found = compare(ONE, fewer)
    assert found is not None
    assert (found.sentences, found.tick) == (("Only one has tone.",), None)
    assert compare(ONE, fewer, ("tone",)) is None


def test_around_the_difference_both_values_stand_where_they_differ() -> None:
    other = made_up("other", 8, lamp=(5, "9"), phase=(6, "relax"))
    found = compare(ONE, other)
    assert found is not None
    headings, rows = around(ONE, other, found, 2)
    assert headings[:4] == ("tick", "state", "phase", "lamp")
    assert [row[0] for row in rows] == ["3", "4", "5", "6", "7"]
    assert [row[3] for row in rows] == ["328", "428", "528 / 9", "628", "728"]
    assert rows[3][2] == "dose / relax"
    assert [row[-1] for row in rows] == ["", "", "<--", "", ""]


def test_around_the_end_of_a_shorter_trace_nothing_stands_for_what_is_not_there() -> None:
    short = made_up("short", 7)
    found = compare(ONE, short)
    assert found is not None
    _, rows = around(ONE, short, found, 1)
    assert [row[1] for row in rows] == ["SHOT", "SHOT / -"]
