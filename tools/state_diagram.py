"""Draws the states of the device: docs/states.svg, made from firmware/states.py. `python -m tools.state_diagram` writes
it, and so does `mesogun pictures`.

Which arrows there are, and what stands at them, comes from the table alone. Written here is only where each box, line
and label has its place; a transition without a place, or a place without a transition, is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.simulator.interpreter import Device

FILE = Path(__file__).resolve().parent.parent / "docs" / "states.svg"
WIDTH, HEIGHT = 1100, 640
LETTER = 8.4
"""Width of a letter of a label, in the units of the picture: 14 of height, in a font of fixed width."""

OFF, STILL, MOVING, FAULT = "off", "still", "moving", "fault"
KINDS = {
    OFF: ("#eeeeee", "#777777", "motors off"),
    STILL: ("#dcebf7", "#0072b2", "nothing moves; motors hold, once homed"),
    MOVING: ("#fdeccb", "#b37400", "moves, as far as the gate lets it"),
    FAULT: ("#fbdcd8", "#b3261e", "fault: power off at once, latched"),
}
"""What a state is: colour of its box, colour of its frame, and the words of the legend."""


@dataclass(frozen=True)
class Box:
    """A state: its middle, its width, what kind of state it is, and a line for people who do not know it."""

    x: int
    y: int
    width: int
    kind: str
    says: str
    height: int = 54

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return (
            self.x - self.width / 2,
            self.y - self.height / 2,
            self.x + self.width / 2,
            self.y + self.height / 2,
        )


@dataclass(frozen=True)
class Way:
    """An arrow: its corners, and where its label begins, ends or has its middle (`anchor`: start, end, middle)."""

    points: tuple[tuple[int, int], ...]
    x: int
    y: int
    anchor: str = "middle"


BOXES = {
    "BOOT": Box(90, 52, 130, OFF, "one tick"),
    "SELF_TEST": Box(90, 170, 130, OFF, "sensors plausible?"),
    "LOCKED": Box(110, 310, 170, STILL, "nobody is logged in"),
    "IDLE": Box(400, 310, 200, STILL, "an inhibit stands"),
    "HOMING": Box(315, 170, 150, MOVING, "needle outward"),
    "READY": Box(760, 310, 130, STILL, "no inhibit"),
    "ARMED": Box(1015, 310, 130, STILL, "a press shoots"),
    "SHOT": Box(1015, 170, 130, MOVING, "drops into skin"),
    "PRIME": Box(600, 450, 130, MOVING, "liquid into air"),
    "REWIND": Box(600, 170, 130, MOVING, "for a new syringe"),
    "SERVICE": Box(290, 450, 140, MOVING, "nothing opens it yet"),
    "FAULT": Box(90, 450, 120, FAULT, "latched"),
}
WAYS = {
    ("BOOT", "SELF_TEST"): Way(((90, 79), (90, 143)), 98, 115, "start"),
    ("SELF_TEST", "LOCKED"): Way(((70, 197), (70, 283)), 78, 245, "start"),
    ("LOCKED", "IDLE"): Way(((195, 296), (300, 296)), 246, 288),
    ("IDLE", "LOCKED"): Way(((300, 324), (195, 324)), 249, 344),
    ("READY", "LOCKED"): Way(((800, 283), (800, 60), (180, 60), (180, 283)), 600, 52),
    ("IDLE", "HOMING"): Way(((325, 283), (325, 197)), 317, 245, "end"),
    ("HOMING", "IDLE"): Way(((355, 197), (355, 283)), 363, 229, "start"),
    ("IDLE", "READY"): Way(((500, 296), (695, 296)), 598, 288),
    ("READY", "IDLE"): Way(((695, 324), (500, 324)), 598, 344),
    ("READY", "ARMED"): Way(((825, 296), (950, 296)), 890, 288),
    ("ARMED", "READY"): Way(((950, 324), (825, 324)), 888, 344),
    ("ARMED", "IDLE"): Way(((1015, 337), (1015, 540), (428, 540), (428, 337)), 720, 532),
    ("ARMED", "SHOT"): Way(((1000, 283), (1000, 197)), 992, 245, "end"),
    ("SHOT", "ARMED"): Way(((1030, 197), (1030, 283)), 1038, 245, "start"),
    ("IDLE", "REWIND"): Way(((480, 283), (575, 197)), 528, 262, "start"),
    ("REWIND", "IDLE"): Way(((545, 197), (450, 283)), 500, 229, "end"),
    ("READY", "REWIND"): Way(((745, 283), (645, 197)), 700, 229, "start"),
    ("IDLE", "PRIME"): Way(((480, 337), (575, 423)), 532, 372, "start"),
    ("PRIME", "IDLE"): Way(((545, 423), (450, 337)), 500, 402, "end"),
    ("READY", "PRIME"): Way(((745, 337), (645, 423)), 700, 402, "start"),
    ("IDLE", "SERVICE"): Way(((310, 337), (310, 423)), 302, 375, "end"),
    ("SERVICE", "IDLE"): Way(((325, 423), (325, 337)), 333, 375, "start"),
    ("FAULT", "LOCKED"): Way(((90, 423), (90, 337)), 98, 385, "start"),
}
_FAULTED = Way(((90, 540), (90, 477)), 104, 520, "start")
_STYLE = """
    text { font-family: Helvetica, Arial, sans-serif; fill: #1a1a1a; text-anchor: middle; }
    .state { font-size: 16px; font-weight: bold; }
    .says { font-size: 13px; }
    .event { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 14px; }
    .way { fill: none; stroke: #444444; stroke-width: 1.6; marker-end: url(#head); }
    .fault { stroke: #b3261e; stroke-dasharray: 6 4; }
"""


def transitions(states: Any) -> dict[tuple[str, str], list[str]]:
    """The events that lead from one state to another one, without FAULTED: that leads to FAULT from everywhere."""
    found: dict[tuple[str, str], list[str]] = {}
    for state, name in enumerate(states.NAMES):
        for event, word in enumerate(states.EVENTS):
            following = states.after(state, event)
            if following != state and event != states.FAULTED:
                found.setdefault((name, states.NAMES[following]), []).append(word)
    return found


def label_corners(way: Way, words: list[str]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what stands at an arrow: a line for each event."""
    width = LETTER * max(len(word) for word in words)
    left = {"start": way.x, "end": way.x - width, "middle": way.x - width / 2}[way.anchor]
    return left, way.y - 12, left + width, way.y + 4 + 17 * (len(words) - 1)


def diagram(states: Any) -> str:
    """The picture of the module firmware.states as SVG. KeyError for a state or a transition that has no place here,
    ValueError for a place that no transition needs."""
    arrows = transitions(states)
    if spare := [*(BOXES.keys() - set(states.NAMES)), *(WAYS.keys() - arrows.keys())]:
        raise ValueError(f"tools/state_diagram.py has a place for what is not in firmware/states.py: {spare}")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="The states of the device and the events between them">',
        "  <title>The states of the device, and the events that lead from one to the other</title>",
        f"  <style>{_STYLE}  </style>",
        '  <marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 1 L10 5 L0 9 z" fill="#444444"/></marker>',
        f'  <rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for (before, following), words in arrows.items():
        lines.append(f'  <g data-from="{before}" data-to="{following}">')
        lines += _arrow(WAYS[before, following], words)
        lines.append("  </g>")
    lines += [f'  <path class="way fault" d="{_path(_FAULTED)}"/>']
    lines += [_text("event", _FAULTED.x, _FAULTED.y, "FAULTED", "start")]
    lines += [_text("says", _FAULTED.x, _FAULTED.y + 18, "from every state, at once", "start")]
    for name in states.NAMES:
        lines += _box(name, BOXES[name])
    lines += _legend()
    return "\n".join([*lines, "</svg>", ""])


def _path(way: Way) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in way.points)


def _arrow(way: Way, words: list[str]) -> Iterator[str]:
    yield f'    <path class="way" d="{_path(way)}"/>'
    for row, word in enumerate(words):
        yield "  " + _text("event", way.x, way.y + 17 * row, word, way.anchor)


def _text(kind: str, x: float, y: float, words: str, anchor: str = "middle") -> str:
    place = "" if anchor == "middle" else f' style="text-anchor: {anchor}"'
    return f'  <text class="{kind}" x="{x:g}" y="{y:g}"{place}>{words}</text>'


def _box(name: str, box: Box) -> Iterator[str]:
    left, top, _, _ = box.corners
    fill, frame, _ = KINDS[box.kind]
    yield (
        f'  <rect x="{left:g}" y="{top:g}" width="{box.width}" height="{box.height}" rx="6" fill="{fill}" '
        f'stroke="{frame}" stroke-width="2"/>'
    )
    yield _text("state", box.x, box.y - 3, name)
    yield _text("says", box.x, box.y + 17, box.says)


def _legend() -> Iterator[str]:
    for (fill, frame, words), x in zip(KINDS.values(), (25, 160, 500, 800), strict=True):
        yield f'  <rect x="{x}" y="597" width="22" height="18" rx="3" fill="{fill}" stroke="{frame}" stroke-width="2"/>'
        yield _text("says", x + 31, 611, words, "start")


def write(path: Path = FILE) -> Path:
    """Draw the states as they are now into a file; returns its path."""
    path.write_text(diagram(Device().modules["states"]), encoding="utf-8")
    return path


if __name__ == "__main__":
    print(write())
