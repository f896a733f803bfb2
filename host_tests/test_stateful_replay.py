"""Stories that the stateful machine found, played to loop and panel on MicroPython: every tick ends as on CPython."""

import contextlib
import io
import json
import subprocess
from pathlib import Path

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from firmware.states import BOOT, NAMES, SERVICE
from host_tests.figures import RecordFigure
from host_tests.micropython import taped_session
from host_tests.micropythons import MICROPYTHONS, need
from host_tests.test_stateful_treatment import STEPS, UNHURRIED, AtWork, SettingUp
from host_tests.unruly_desk import INPUT_NAMES, KEY_NAMES, record
from host_tests.unruly_person import TAPES
from tools import micropythons

pytestmark = pytest.mark.no_cover

FOUND = 30  # stories of each kind that are drawn ...
KEPT = {"micropython": 36, "wasm32": 6}  # ... and of all of them the longest way through the states


class TapedAtWork(AtWork):
    """Keeps what was taped."""

    keeps_tapes = True


class TapedSettingUp(SettingUp):
    """Keeps what was taped."""

    keeps_tapes = True


def found() -> "list[list[tuple[int, ...]]]":
    """Stories as tapes, the most eventful first: what loop and panel got."""
    TAPES.clear()
    for person in (TapedAtWork, TapedSettingUp):
        run_state_machine_as_test(
            person,
            settings=hypothesis.settings(
                max_examples=FOUND,
                derandomize=True,  # thirty that come through every state they are to be compared in
                stateful_step_count=STEPS,
                phases=(hypothesis.Phase.generate,),
                suppress_health_check=UNHURRIED,
            ),
        )
    return [tape.rows for _, tape in sorted(TAPES, key=lambda found: -found[0])]


def written(tapes: "list[list[tuple[int, ...]]]") -> "list[str]":
    """As the program reads them: what changed from tick to tick."""
    lines = ["record " + json.dumps(record())]
    for number, rows in enumerate(tapes):
        lines.append(f"tape {number}")
        before = (0,) * len(rows[0])
        for row in rows:
            changes = [f"{place} {value}" for place, value in enumerate(row) if value != before[place]]
            lines.append(" ".join(changes))
            before = row
    return lines


def played(lines: "list[str]") -> "list[str]":
    """What the program says of them here."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        taped_session.play(lines)
    return told.getvalue().splitlines()


@pytest.fixture(scope="module", name="stories")
def stories_on_tape() -> "list[tuple[list[str], list[str]]]":
    """Found and played here once: the lines of each tape, and what came of it."""
    kept = [written([rows]) for rows in found()[: max(KEPT.values())]]
    return [(lines, played(lines)) for lines in kept]


@pytest.mark.law
@pytest.mark.parametrize("interpreter", MICROPYTHONS)
def test_found_stories_end_alike_on_every_interpreter(
    interpreter: str, stories: "list[tuple[list[str], list[str]]]", tmp_path: Path, record_figure: RecordFigure
) -> None:
    need(interpreter)
    kept = stories[: KEPT[interpreter]]
    tapes = tmp_path / "tapes.txt"
    tapes.write_text("\n".join(line for lines, _ in kept for line in lines) + "\n", encoding="utf-8")
    there = micropythons.tree_there(interpreter)
    place = "/tapes.txt" if interpreter == "wasm32" else str(tapes)
    command = micropythons.command(
        interpreter, "host_tests.micropython.taped_session", [there, place], files=[(tapes, place)]
    )
    told = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    assert told.stdout.splitlines() == [line for _, here in kept for line in here]
    record_figure("ticks alike on two interpreters", sum(len(lines) - 2 for lines, _ in kept))


def test_a_tape_that_is_played_does_what_was_taped(stories: "list[tuple[list[str], list[str]]]") -> None:
    assert (taped_session.KEYS, taped_session.INPUTS) == (KEY_NAMES, INPUT_NAMES)
    states = {line.split()[1] for _, here in stories for line in here if line[0].isdigit()}
    assert {int(state) for state in states} >= set(range(len(NAMES))) - {BOOT, SERVICE}
    assert len(stories) == max(KEPT.values())
