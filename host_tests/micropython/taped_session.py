"""Loop and panel, without board, plant or clock: fed from tapes, they do what they did. Alike on every interpreter.

Called by host_tests/test_stateful_replay.py: THIS_FILE ROOT TAPES. A tape is a line `tape NAME` and a line for each
tick of what changed: place and value, in turn; the places are now_us, those of Keys, those of Inputs. Prints, for each
tick that made a difference, its number and all that came of it.
"""

# pyright: basic
# ruff: noqa: E402 - where modules come from is set first

import sys

# One of the interpreters imports its program instead of starting it.
STARTED = sys.argv[0].endswith("taped_session.py")
if STARTED:
    sys.path.insert(0, sys.argv[1])

import binascii
import json

from firmware.image import Inputs, Keys, Outputs
from firmware.loop import DoseLoop
from firmware.panel import Panel
from firmware.provisioning import Provisioning
from firmware.states import SHOT
from tools.simulator import perfect_books, provisioning

KEYS = ("knob_detents", "knob_pushed", "panel_bad", "minutes", "day")
INPUTS = (
    ("trigger_no", "trigger_nc", "contact_a", "contact_b", "stop_closed", "home", "confirm")
    + ("pressure_counts", "needle_counts", "supply_counts", "dose_steps", "needle_steps")
    + ("dose_withheld", "needle_withheld", "dose_miscount_steps", "needle_miscount_steps")
    + ("dose_driver_bad", "needle_driver_bad", "late_us")
)


class Player:
    """A device just switched on, that gets its ticks from a tape."""

    def __init__(self, record: str) -> None:
        self.loop = DoseLoop(Inputs(), Outputs())
        entered = Provisioning()
        if not entered.adopt(json.loads(record)):
            raise ValueError("the provisioning is refused")
        self.loop.provision(entered, provisioning.digest, provisioning.calibration())
        self.panel = Panel(self.loop, Keys())
        self._values = [0] * (1 + len(KEYS) + len(INPUTS))

    def tick(self, changes: "list[int]") -> "tuple[int, ...]":
        """As main.py, with what changed since the last tick; all that came of it."""
        values = self._values
        for at in range(0, len(changes), 2):
            values[changes[at]] = changes[at + 1]
        loop = self.loop
        panel = self.panel
        for place in range(len(KEYS)):
            setattr(panel.keys, KEYS[place], values[1 + place])
        for place in range(len(INPUTS)):
            setattr(loop.inputs, INPUTS[place], values[1 + len(KEYS) + place])
        loop.tick(values[0])
        made = told(loop, panel)
        perfect_books.keep(loop)
        if loop.disarmed:
            panel.use_keys()
        if loop.state != SHOT:
            panel.step(values[0])
        return made


def told(loop: DoseLoop, panel: Panel) -> "tuple[int, ...]":
    """Everything that a tick makes: outputs, state, reasons; records; and what the panel showed before it, summed."""
    outputs = loop.outputs
    drop = loop.drop
    look = panel.look
    shown = binascii.crc32(look.style, binascii.crc32(look.text))
    return (
        loop.state,
        loop.inhibits,
        loop.faults,
        outputs.dose_chunk_steps,
        outputs.needle_chunk_steps,
        outputs.dose_enable,
        outputs.needle_enable,
        outputs.lamp,
        outputs.tone,
        drop.number,
        drop.result,
        drop.cause,
        drop.reported_nl,
        drop.reported_min_nl,
        drop.reported_max_nl,
        drop.total_most_nl,
        loop.fluid.delivered_pl,
        loop.fluid.tissue_pa,
        loop.gate.furthest_steps,
        loop.treatment.disinfection.stage,
        loop.journal.kept,
        loop.operators.current,
        look.red,
        look.green,
        look.blue,
        look.tone_hz,
        shown,
    )


def play(lines: "list[str]") -> None:
    """All tapes of a file, to standard output."""
    player: Player = None  # pyright: ignore[reportAssignmentType] - a tape comes before its ticks
    before: tuple[int, ...] = ()
    tick = 0
    for line in lines:
        words = line.split()
        if line.startswith("record "):
            record = line[7:]
        elif line.startswith("tape "):
            print(line.strip())
            player = Player(record)
            before = ()
            tick = 0
        else:
            made = player.tick([int(word) for word in words])
            if made != before:
                print(tick, *made)
                before = made
            tick += 1


if STARTED:
    with open(sys.argv[2]) as tapes:
        play(tapes)  # pyright: ignore[reportArgumentType] - an open file is lines enough, and never all in memory
