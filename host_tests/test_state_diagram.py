"""The drawing of the states: nothing covers anything else, and its colours say what the gate really lets move."""

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from firmware import states
from host_tests.gate_bench import Bench
from tools import state_diagram
from tools.state_diagram import BOXES, HEIGHT, KINDS, MOVING, WAYS, WIDTH, diagram, label_corners, transitions

Corners = tuple[float, float, float, float]
LABELS = {pair: label_corners(WAYS[pair], words) for pair, words in transitions(states).items()}


def overlap(one: Corners, other: Corners) -> bool:
    """Whether two areas share a point."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def pieces(points: "tuple[tuple[int, int], ...]") -> "list[Corners]":
    """A line as small areas along it."""
    found: list[Corners] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        for part in range(21):
            x, y = x0 + (x1 - x0) * part / 20, y0 + (y1 - y0) * part / 20
            found.append((x - 1, y - 1, x + 1, y + 1))
    return found


def test_no_box_and_no_label_covers_another_and_all_lie_in_the_picture() -> None:
    areas = {**{name: box.corners for name, box in BOXES.items()}, **LABELS}
    assert [(one, other) for one, other in combinations(areas, 2) if overlap(areas[one], areas[other])] == []
    inside = (0, 0, WIDTH, HEIGHT)
    for left, top, right, bottom in areas.values():
        assert inside[0] <= left < right <= inside[2]
        assert inside[1] <= top < bottom <= inside[3]


def test_no_line_goes_through_a_label() -> None:
    crossed = [
        (pair, other)
        for pair, way in WAYS.items()
        for other, label in LABELS.items()
        if any(overlap(piece, label) for piece in pieces(way.points))
    ]
    assert crossed == []


@pytest.mark.parametrize("pair", WAYS)
def test_an_arrow_begins_at_its_state_and_ends_at_the_other(pair: "tuple[str, str]") -> None:
    for (x, y), name in zip((WAYS[pair].points[0], WAYS[pair].points[-1]), pair, strict=True):
        left, top, right, bottom = BOXES[name].corners
        assert left <= x <= right
        assert top <= y <= bottom
        assert x in (left, right) or y in (top, bottom)


@pytest.mark.parametrize("name", states.NAMES)
def test_a_state_has_the_colour_of_what_moves_if_the_gate_lets_anything_move(name: str) -> None:
    moved = False
    for dose_steps, needle_steps in ((3, 0), (-3, 0), (0, 3), (0, -3)):
        for on_skin in (0, 1):
            bench = Bench(name)
            bench.gate.trigger_both = 1
            bench.gate.contact_both, bench.gate.contacts_open = on_skin, 1 - on_skin
            moved |= bench.check(dose_steps, needle_steps) != (0, 0)
    assert moved == (BOXES[name].kind == MOVING)


def test_it_is_an_svg_with_a_box_for_each_state_and_the_words_of_all_colours() -> None:
    root = ET.fromstring(diagram(states))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for name in states.NAMES:
        assert texts.count(name) == 1
    for _, _, words in KINDS.values():
        assert words in texts
    assert texts.count("FAULTED") == 1


def changed(state: int, event: int, following: int) -> SimpleNamespace:
    """firmware.states with one other transition."""

    def after(of: int, by: int) -> int:
        return following if (of, by) == (state, event) else states.after(of, by)

    return SimpleNamespace(NAMES=states.NAMES, EVENTS=states.EVENTS, FAULTED=states.FAULTED, after=after)


def test_a_transition_without_a_place_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"LOCKED.*SHOT"):
        diagram(changed(states.LOCKED, states.PRESSED, states.SHOT))


def test_a_place_without_a_transition_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"BOOT.*SELF_TEST"):
        diagram(changed(states.BOOT, states.STARTED, states.BOOT))


def test_it_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    assert state_diagram.write(tmp_path / "states.svg").read_text(encoding="utf-8") == diagram(states)
