"""What there is to see of the device at one moment, as rows of a terminal: first what a person at the device sees and
hears, then the keys, and below a line what nobody sees.

Colours are never alone: what they say stands beside them in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tools.simulator.provisioning import CODE
from tools.training.glass import DRAWN, SIZES

if TYPE_CHECKING:
    from tools.training.hand import TrainingHand

COLUMNS = 80
ROWS = 24
"""The smallest terminal that will do."""

_COLOURS = ("dark", "red", "green", "yellow", "blue", "magenta", "cyan", "white")  # by red 1, green 2, blue 4
_FULL = 200  # of 255, how bright a lamp is
_HALF = 64
_DIM_CONTRAST = 64  # of 255
_TONES = {
    "done": "done",
    "aborted": "ended early",
    "fault": "fault",
    "click": "click",
    "refused": "refused",
    "armed": "armed",
    "started": "switched on",
}
_CODE = f"The code of the simulated doctor: {CODE:06d}. The knob goes to it."
_NOTES = 5  # as many for the loudest tone
KEYS = (
    ("← →", "turn the knob", "Enter", "push it", "h", "hold it", "c", "CONFIRM", "C", "hold CONFIRM"),
    ("space", "trigger: press, again: let go (no key-up here)", "s", "skin on, off", "e", "STOP"),
    ("o", "old syringe out", "n", "full one in", "v", "other picture", "q", "pull the plug"),
)


@dataclass(frozen=True)
class View:
    """Light and loudness 0..255, `picture` 64 lines of 128 dots. `tone` and `alarm` are what the sound means."""

    picture: tuple[str, ...]
    contrast: int
    lamp: tuple[int, int, int]
    hz: int
    loudness: int
    tone: str
    alarm: str
    trigger_pressed: bool
    on_skin: bool
    stop_pressed: bool
    syringe_out: bool
    remark: str
    needle_um: float
    pressure_kpa: float
    delivered_nl: float
    surface_nl: float


def look_at(hand: TrainingHand, heard: tuple[int, int]) -> View:
    """This moment. `heard`: the loudest (hz, loudness) since the view before."""
    world = hand.world
    plant = world.plant
    return View(
        picture=hand.eye.see(world.display),
        contrast=world.display.contrast,
        lamp=world.lamp(),
        hz=heard[0],
        loudness=heard[1],
        tone=hand.tone,
        alarm=hand.observer.alarm,
        trigger_pressed=hand.trigger_pressed,
        on_skin=hand.on_skin,
        stop_pressed=hand.stop_pressed,
        syringe_out=world.syringe_out,
        remark=hand.remark or (_CODE if hand.observer.state == "LOCKED" else ""),
        needle_um=plant.needle_um,
        pressure_kpa=plant.pressure_kpa,
        delivered_nl=plant.delivered_nl,
        surface_nl=plant.surface_nl,
    )


def rows(view: View, form: str, columns: int) -> list[Text]:
    """The view as ROWS rows, or more if the picture in this form (glass.py) has more."""
    truth = Text.assemble(
        ("nobody sees: ", "dim"),
        _needle(view.needle_um),
        f", {'' if view.on_skin else 'no '}contact, {view.pressure_kpa:.1f} kPa,"
        f" in {view.delivered_nl / 1000:.2f} ul, on {view.surface_nl / 1000:.2f}",
    )
    return [
        *_glass(view, form, columns),
        Text.assemble(" ", lamp(view.lamp), "    ", sound(view)),
        _hands(view),
        Text(" " + view.remark, style="bold yellow"),
        *(_help(line) for line in KEYS),
        Text("─" * columns, style="dim"),
        truth,
    ]


def _glass(view: View, form: str, columns: int) -> list[Text]:
    style = "grey50 on black" if view.contrast < _DIM_CONTRAST else "bright_white on black"
    margin = (columns - SIZES[form][0]) // 2
    return [Text.assemble(" " * margin, (line, style)) for line in DRAWN[form](view.picture)]


def lamp(light: tuple[int, int, int]) -> Text:
    """A blob of its colour, and the name of it."""
    red, green, blue = light
    most = max(light)
    name = _COLOURS[(red > 0) + 2 * (green > 0) + 4 * (blue > 0)]
    if not most:
        return Text.assemble("lamp ( ) ", (f"{name:16}", "dim"))
    how = "bright " if most >= _FULL else "" if most >= _HALF else "dim "
    shown = [max(64, level * 255 // most) if level else 0 for level in light]
    return Text.assemble("lamp ", ("(●)", f"bold rgb({shown[0]},{shown[1]},{shown[2]})"), f" {how + name:16}")


def sound(view: View) -> Text:
    """Pitch, loudness as notes and as a number, and what it means."""
    meaning = f"ALARM, {view.alarm} priority" if view.alarm != "none" else _TONES.get(view.tone, "")
    if not view.hz:
        return Text.assemble("tone ", ("-  silence           ", "dim"), f"   {meaning}")
    notes = "♪" * max(1, view.loudness * _NOTES // 255)
    return Text(f"tone {notes:{_NOTES}} {view.hz:4} Hz, {view.loudness:3}/255   {meaning}")


def _hands(view: View) -> Text:
    def either(name: str, is_on: bool, on: str, off: str) -> tuple[str, str]:
        return f" {name} {on if is_on else off} ", "reverse" if is_on else ""

    return Text.assemble(
        either("trigger", view.trigger_pressed, "PRESSED", "released"),
        "  ",
        either("nozzle", view.on_skin, "ON THE SKIN", "in the air"),
        "  ",
        either("STOP", view.stop_pressed, "PRESSED", "not pressed"),
        "  ",
        either("syringe", view.syringe_out, "OUT", "in"),
    )


def _needle(needle_um: float) -> str:
    if needle_um > 0:
        return f"tip {needle_um / 1000:.3f} mm deep"
    return f"tip {-needle_um / 1000:.3f} mm back"


def _help(line: tuple[str, ...]) -> Text:
    text = Text(" ")
    for key, does in zip(line[::2], line[1::2], strict=True):
        if cell_len(text.plain) > 1:
            text.append("  ")
        text.append(key, style="bold cyan")
        text.append(f" {does}")
    return text
