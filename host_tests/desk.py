"""A rig with a panel: the knob turns by detents, the display is read as lines of text."""

# Time is made to pass for the skin alone.
# pyright: reportPrivateUsage=false

import copy
import functools
from typing import Any

from firmware import zones
from firmware.image import Keys
from firmware.look import COLUMNS, LARGE, LARGE_COLUMNS, ROWS
from firmware.menu_table import ROWS as ENTRIES
from firmware.operators import NOBODY
from firmware.panel import Panel
from firmware.provisioning import Provisioning
from host_tests.rig import Rig, plant_params, settings
from tools.simulator import provisioning
from tools.simulator.plant import Plant

_PAGE_TICKS = 2 * ROWS  # until every row was written anew
CHOICES = {
    "Product": 0,
    "Syringe": 0,
    "Needle": 2,
    "Zone": zones.NAMES.index("body"),
    "Dose": 10_000,
    "Depth": 1000,
    "Mode": 0,
}


def entry(name: str) -> int:
    """The place of a row in the menu, by its name; deeds have both their lines: "New needle"."""
    for index, row in enumerate(ENTRIES):
        if row.name.replace(b"|", b" ").decode() == name:
            return index
    raise KeyError(name)


class Desk(Rig):
    """A Rig whose settings are chosen at its panel: with `wanted` None nothing is, the product neither.

    `record`: what the clinic has entered, if it is not what the simulated one has.
    """

    def __init__(
        self,
        plant: "Any",
        wanted: "dict[str, Any] | None" = None,
        record: "dict[str, Any] | None" = None,
        **more: "Any",
    ) -> None:
        super().__init__(plant, wanted, **more)
        if record is not None:
            entered = Provisioning()
            assert entered.adopt(record)
            self.loop.provision(entered, provisioning.digest, provisioning.calibration())
        if wanted is None:
            self.loop.treatment.product = None
        self.keys = Keys()
        self.keys.panel_bad = 0
        self.keys.day = provisioning.TODAY_YYYYMMDD
        self.panel = Panel(self.loop, self.keys)

    def tick(self) -> None:
        """As main.py: the keys while disarmed, then the panel, unless there is a shot."""
        now_us = self.now_us & 0x3FFFFFFF
        super().tick()
        if self.loop.disarmed:
            self.panel.use_keys()
        if self.state != "SHOT":
            self.panel.step(now_us)

    def lines(self) -> "list[str]":
        """What is on the display, row by row; rows under a large one are not on it."""
        for _ in range(_PAGE_TICKS):
            self.tick()
        look = self.panel.look
        shown: list[str] = []
        covered = False
        for row in range(ROWS):
            large = look.style[row] & LARGE
            if covered:
                covered = False
                continue
            width = LARGE_COLUMNS if large else COLUMNS
            shown.append(bytes(look.text[row * COLUMNS : row * COLUMNS + width]).decode().rstrip())
            covered = bool(large)
        assert not look.cut, shown
        return shown

    def turn(self, detents: int) -> None:
        """The knob, a detent every 20 ms."""
        by = 1 if detents > 0 else -1
        for _ in range(abs(detents)):
            self.keys.knob_detents += by
            self.run(20)

    def push(self, ms: int = 100) -> None:
        """The knob, shortly; a second and more leaves."""
        self.keys.knob_pushed = 1
        self.run(ms)
        self.keys.knob_pushed = 0
        self.run(20)

    def leave(self) -> None:
        """Hold the knob."""
        self.push(1100)

    def go_to(self, name: str) -> None:
        """Open the menu, if it is not, and turn to this row."""
        menu = self.panel.menu
        if not menu.is_open:
            self.push()
        self.turn(entry(name) - menu.index)
        assert menu.index == entry(name)

    def dial(self, name: str, value: int) -> None:
        """Turn a row to this value, and CONFIRM; whether it was taken is to be seen."""
        self.go_to(name)
        self.push()
        menu = self.panel.menu
        row = ENTRIES[entry(name)]
        for _ in range(row.places):
            step = row.step(menu.place)
            self.turn(value // step % 10 - menu.value // step % 10 if row.places > 1 else value - menu.value)
            if row.places > 1:
                self.push()
        self.confirm_shortly()

    def do(self, name: str) -> None:
        """Answer a question of the menu with yes."""
        self.go_to(name)
        self.push()
        self.confirm_shortly()

    def choose_all(self) -> None:
        """The one product, and 10 ul at 1 mm of the body with a 1 ml syringe and a needle of 13 mm, single."""
        for name, value in CHOICES.items():
            self.dial(name, value)
        self.leave()

    def skin_ages(self, s: int) -> None:
        """As if the skin had been disinfected so much earlier."""
        skin = self.loop.treatment.disinfection
        skin._since_us = (skin._since_us - s * 1_000_000) & 0x3FFFFFFF
        self.run(4)

    def hold_confirm(self, ms: int = 1100) -> None:
        """A second and more confirms what the display names."""
        self.confirm = 1
        self.run(ms)
        self.confirm = 0
        self.run(20)


def locked(record: "dict[str, Any] | None" = None) -> Desk:
    """A device just switched on, past its self-test: nobody has logged in, nothing is chosen."""
    return copy.deepcopy(_locked()) if record is None else _locked_with(record)


def fresh() -> Desk:
    """A device just switched on, a doctor logged in, nothing chosen, past its self-test."""
    return copy.deepcopy(_fresh())


def chosen() -> Desk:
    """A device whose settings are all chosen at the panel, with a fresh needle, the menu closed."""
    return copy.deepcopy(_chosen())


def set_up(**changes: object) -> Desk:
    """A device with settings in force and a fresh needle, past its self-test."""
    made = Desk(Plant(plant_params(), 1), settings(**changes))
    taken = made.loop.settings
    for name, value in CHOICES.items():
        made.panel.menu.values[ENTRIES[entry(name)].key] = value
    made.panel.menu.values["zone"] = zones.NAMES.index(taken.zone)
    made.panel.menu.values["points"] = taken.points
    made.until("IDLE")
    return made


def ready(**changes: object) -> Desk:
    """Homed and primed. Made once for the same settings, and copied: copies share nothing."""
    return copy.deepcopy(_ready(tuple(changes.items())))


def armed(**changes: object) -> Desk:
    """Armed, off the skin."""
    return copy.deepcopy(_armed(tuple(changes.items())))


def _locked_with(record: "dict[str, Any] | None") -> Desk:
    made = Desk(Plant(plant_params(), 1), record=record)
    made.loop.operators.current = NOBODY
    made.until("LOCKED")
    made.run(700)  # the test of lamp and buzzer is over
    return made


@functools.cache
def _locked() -> Desk:
    return _locked_with(None)


@functools.cache
def _fresh() -> Desk:
    made = Desk(Plant(plant_params(), 1))
    made.until("IDLE")
    return made


@functools.cache
def _chosen() -> Desk:
    made = fresh()
    made.choose_all()
    made.do("New needle")
    made.leave()
    return made


@functools.cache
def _ready(changes: "tuple[tuple[str, object], ...]") -> Desk:
    made = set_up(**dict(changes))
    made.confirm_shortly()
    made.until("IDLE")
    made.run(600)
    made.prime()
    made.run(700)  # the test of lamp and buzzer is over, and its own tone
    return made


@functools.cache
def _armed(changes: "tuple[tuple[str, object], ...]") -> Desk:
    made = ready(**dict(changes))
    made.arm()
    made.run(400)
    return made


def stopped() -> Desk:
    """Armed, after a drop of 50 ul that the finger gave up after 0.3 s."""
    made = armed(dose_nl=50_000)
    made.contact = 1
    made.run(100)
    made.trigger = 1
    made.until("SHOT")
    made.run(300)
    made.trigger = 0
    made.until("ARMED")
    return made
