"""A desk at which everything can happen: hands at every contact, sensors that lie, chunks that are not made or not
counted, minutes that pass. Powered on as main.py does it; whatever the loop and the panel get to see can be taped.
"""

from dataclasses import dataclass, field
from typing import Any

from firmware import settings as rules
from firmware.image import Inputs, Keys, Outputs
from firmware.loop import DoseLoop
from firmware.menu_rows import Row
from firmware.menu_table import ROWS
from firmware.panel import Panel
from firmware.provisioning import Provisioning
from host_tests.desk import Desk, entry
from host_tests.rig import TICK_US
from tools.simulator import provisioning

MOVES_BY_ITSELF = ("SHOT", "PRIME", "HOMING", "REWIND")
INPUT_NAMES = tuple(vars(Inputs()))
KEY_NAMES = tuple(vars(Keys()))
_JUMP_US = 100_000_000  # at rest; disinfection has to be looked at every seven minutes
_FLOW_US = 200_000  # after that nothing flows any more
EXPIRED = 1  # places of products
SHALLOW = 2
START_US = (1 << 30) - 3_000_000


def record() -> "dict[str, Any]":
    """What the clinic has entered: the demo product, one that has expired, and one for shallow skin."""
    entered = provisioning.record()
    demo = entered["products"][0]
    entered["products"] += [
        demo | {"name": "OLD ONE", "expires_yyyymmdd": 20200101},
        demo | {"name": "SHALLOW", "deepest_um": 1500, "most_nl": 100_000},
    ]
    return entered


@dataclass
class Answer:
    """What CONFIRM has answered in the menu in this tick."""

    row: Row
    value: int
    changed: bool  # it was another one before


@dataclass
class AxisTrouble:
    """What is wrong with one axis: ticks for which its chunks are withheld, steps that the next one is miscounted by,
    and whether its counter stands still."""

    withhold_ticks: int = 0
    miscount_steps: int = 0
    frozen: bool = False
    withheld: int = 0
    wrong_steps: int = 0  # counted less expected


@dataclass
class Tape:
    """What loop and panel got, tick by tick, and nothing of what they made of it."""

    rows: "list[tuple[int, ...]]" = field(default_factory=list[tuple[int, ...]])  # now_us, keys, inputs

    def __deepcopy__(self, memo: object) -> "Tape":
        return Tape(self.rows.copy())


class UnrulyDesk(Desk):
    """`falsified` stands over what the board has sampled; `dose` and `needle` are the troubles of the axes.

    `answer` is what the menu was told in the last tick, `wrong_code` whether it was one.
    """

    ticks: int

    def __init__(self, plant: "Any") -> None:
        super().__init__(plant, None)
        self.inputs = Inputs()
        self.outputs = Outputs()
        self.loop = DoseLoop(self.inputs, self.outputs)
        entered = Provisioning()
        assert entered.adopt(record())
        self.loop.provision(entered, provisioning.digest, provisioning.calibration())
        self.keys = Keys()
        self.keys.panel_bad = 0
        self.keys.minutes = 540
        self.keys.day = provisioning.TODAY_YYYYMMDD
        self.panel = Panel(self.loop, self.keys)
        self.disinfects = False
        self.now_us = START_US
        self.falsified: dict[str, int] = {}
        self.dose = AxisTrouble()
        self.needle = AxisTrouble()
        self.late_us = 0
        self.answer: Answer | None = None
        self.wrong_code = False
        self.tape: Tape | None = None
        self.law: Any = None  # sees every tick of the loop, before its chunks run

    def sample(self) -> None:
        """As the board does, and then what is falsified."""
        super().sample()
        inputs = self.inputs
        inputs.dose_withheld = self.dose.withheld
        inputs.needle_withheld = self.needle.withheld
        inputs.dose_miscount_steps = self.dose.wrong_steps
        inputs.needle_miscount_steps = self.needle.wrong_steps
        inputs.late_us = self.late_us
        for name, value in self.falsified.items():
            setattr(inputs, name, value)

    def tick(self) -> None:
        """As main.py: a tick that may be late, and the panel."""
        if self.late_us:
            self.plant.advance(self.late_us, 0, 0)
            self.now_us += self.late_us
        now_us = self.now_us & 0x3FFFFFFF
        self.plant.contact = bool(self.contact)
        self.sample()
        if self.tape is not None:
            keys = vars(self.keys).values()
            self.tape.rows.append((now_us, *keys, *vars(self.inputs).values()))
        loop = self.loop
        loop.tick(now_us)
        if self.law:
            self.law.after_tick()
        self.late_us = 0
        self.now_us += TICK_US
        self.ticks += 1
        self.keep_books()
        self.apply()
        self._answered()
        if self.state != "SHOT":
            self.panel.step(now_us)

    def _answered(self) -> None:
        """The menu uses the keys; what CONFIRM answers there is kept in `answer`."""
        self.answer = None
        self.wrong_code = False
        if not self.loop.disarmed:
            return
        menu = self.panel.menu
        asked = None
        if menu.editing and self.loop.confirm.short:
            asked = Answer(menu.row, menu.value, bool(menu.row.key) and menu.values[menu.row.key] != menu.value)
        refused_before = menu.refusals
        self.panel.use_keys()
        if asked and not menu.editing:
            self.answer = asked
        self.wrong_code = bool(menu.refusals & rules.CODE_WRONG and not refused_before)

    def apply(self) -> None:
        """As the board: a chunk may be withheld, miscounted, or not be counted at all; without power it is not made."""
        outputs = self.outputs
        inputs = self.inputs
        powered = not self.stop
        dose_on = bool(outputs.dose_enable and powered)
        needle_on = bool(outputs.needle_enable and powered)
        dose_steps, counted = _released(self.dose, outputs.dose_chunk_steps, bool(outputs.dose_enable))
        inputs.dose_steps += counted
        needle_steps, counted = _released(self.needle, outputs.needle_chunk_steps, bool(outputs.needle_enable))
        inputs.needle_steps += counted
        if not dose_on or self.syringe_out:
            dose_steps = 0
        if not needle_on:
            needle_steps = 0 if self.plant.home else -40
        self.plant.advance(TICK_US, dose_steps, needle_steps)

    def pass_time(self, us: int) -> None:
        """So long nothing is done. At rest time jumps; what moves by itself is watched tick by tick, for at most 0.4 s.

        A device that is armed does not jump over the end of its minute.
        """
        watched = 200
        while us > 0:
            jump_us = 0
            if self.state not in MOVES_BY_ITSELF:
                jump_us = min(us, 20_000_000 if self.state == "ARMED" else _JUMP_US) - TICK_US
            elif not watched:
                return
            else:
                watched -= 1
            if jump_us > 0:
                self.plant.advance(min(jump_us, _FLOW_US), 0, 0 if self.outputs.needle_enable else -40)
                self.now_us += jump_us
                us -= jump_us
            self.tick()
            us -= TICK_US

    def touch(self, first: int, second: int) -> None:
        """The nozzle on the skin, or half of it."""
        self.contact = first | second
        self.lone("contact_a", first, self.contact)
        self.lone("contact_b", second, self.contact)

    def finger(self, opens: int, closes: int) -> None:
        """The trigger: 1 where a contact says that it is pressed; one alone is worn."""
        self.trigger = opens
        self.lone("trigger_nc", 1 - closes, 1 - opens)

    def lone(self, name: str, value: int, expected: int) -> None:
        """An input that is not as the others have it."""
        self.falsified.pop(name, None)
        if value != expected:
            self.falsified[name] = value

    def hands_off(self) -> None:
        """Nothing is touched, nothing is falsified any more."""
        self.falsified.clear()
        self.dose = AxisTrouble()
        self.needle = AxisTrouble()
        self.trigger = self.contact = self.stop = self.confirm = 0
        self.keys.knob_pushed = self.keys.panel_bad = 0

    def scroll(self, name: str) -> None:
        """As go_to, the knob faster than a hand: one tick for each row."""
        menu = self.panel.menu
        if not menu.is_open:
            self.push(30)
        for _ in range(2 * len(ROWS)):
            if menu.index == entry(name) or not menu.is_open:
                return
            self.keys.knob_detents += 1 if entry(name) > menu.index else -1
            self.tick()

    def push(self, ms: int = 40) -> None:
        """The knob, shortly; a second and more leaves."""
        self.keys.knob_pushed = 1
        self.run(ms)
        self.keys.knob_pushed = 0
        self.run(8)

    def spin(self, by: int) -> None:
        """A detent in each tick."""
        for _ in range(abs(by)):
            self.keys.knob_detents += 1 if by > 0 else -1
            self.tick()

    def choose(self, name: str, value: int) -> None:
        """Turn a row to this value, and CONFIRM; whether it was taken is to be seen."""
        self.scroll(name)
        self.push()
        menu = self.panel.menu
        row = menu.row
        for _ in range(row.places if menu.editing and row.name.decode() == name else 0):
            step = row.step(menu.place)
            self.spin(value // step % 10 - menu.value // step % 10 if row.places > 1 else value - menu.value)
            if row.places > 1:
                self.push()
        self.tap_confirm()

    def tap_confirm(self, ms: int = 30) -> None:
        """As short as counts."""
        self.confirm = 1
        self.run(ms)
        self.confirm = 0
        self.run(16)

    def answer_yes(self, name: str) -> None:
        """A deed of the menu."""
        self.scroll(name)
        self.push()
        self.tap_confirm()

    def close_menu(self) -> None:
        """Hold the knob until the menu is closed."""
        for _ in range(2):
            if self.panel.menu.is_open:
                self.push(1010)


def _released(trouble: AxisTrouble, chunk_steps: int, enabled: bool) -> "tuple[int, int]":
    """What of a chunk the motor gets, and what of it is counted."""
    if not enabled:
        trouble.withheld = trouble.withheld + 1 if chunk_steps else 0
        trouble.wrong_steps = 0  # what was counted so far is the new beginning
        return 0, 0
    if not chunk_steps:
        trouble.withheld = 0
        return 0, 0
    if trouble.wrong_steps or trouble.withhold_ticks:
        trouble.withhold_ticks = max(trouble.withhold_ticks - 1, 0)
        trouble.withheld += 1
        return 0, 0
    trouble.withheld = 0
    counted_steps = 0 if trouble.frozen else chunk_steps + trouble.miscount_steps
    trouble.miscount_steps = 0
    trouble.wrong_steps = counted_steps - chunk_steps
    return chunk_steps, counted_steps
