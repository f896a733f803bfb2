"""The simulated panel is the same, to the last bit, on CPython and on two MicroPythons."""

import subprocess

import pytest

from host_tests.micropython import panel_story
from host_tests.micropythons import MICROPYTHONS, need
from tools import micropythons


@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_the_panel_tells_the_same_story_on_every_interpreter(interpreter: str) -> None:
    need(interpreter)
    there = micropythons.tree_there(interpreter)
    command = micropythons.command(interpreter, "host_tests.micropython.panel_story", [there])
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    here = panel_story.story()
    assert told.stdout.splitlines() == here
    assert len(here) == 16


def test_the_story_is_that_of_a_panel_that_works() -> None:
    lines = panel_story.story()
    assert lines[0].endswith("[60, 104]")
    assert lines[8].endswith("[32, 60, 104]")
    # A, B, push and CONFIRM, all closed and all open; then the same behind the expander, with five pins more.
    assert {"0000", "1111"} <= set(lines[1].split())
    assert {"f80", "ff1"} <= set(lines[9].split())
    assert lines[3].startswith("01000006010128")
    assert lines[3].endswith("00000002290228")
    for failed in (lines[5], lines[13]):
        assert failed.startswith("silent 19 ")
        assert ", stuck 19 " in failed
        assert ", none 0 " in failed
    assert lines[7] == lines[15] == ""
