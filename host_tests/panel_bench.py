"""The panel's drivers on the simulated chip, without firmware: what to show, what was done, and ticks of 2 ms."""

from typing import Any

from host_tests.board_bench import CHIPS as CHIPS
from host_tests.board_bench import TICK_US, CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.world import World

ROWS = 8
LETTERS = 21
SECOND = 500  # ticks


class Look:
    """What the firmware wants to be seen and heard."""

    def __init__(self) -> None:
        self.text = bytearray(b" " * (ROWS * LETTERS))
        self.style = bytearray(ROWS)
        self.red = 0
        self.green = 0
        self.blue = 0
        self.tone_hz = 0
        self.volume = 255
        self.contrast = 0xCF

    def write(self, row: int, text: str, style: int = 0) -> None:
        """One row of text, filled up with spaces."""
        self.text[row * LETTERS : (row + 1) * LETTERS] = text.ljust(LETTERS).encode()
        self.style[row] = style


class Keys:
    """What the hand did, as the firmware holds it."""

    def __init__(self) -> None:
        self.knob_detents = 0
        self.knob_pushed = 0
        self.panel_bad = 1
        self.minutes = -1
        self.day = 0


class Bench:
    """A powered board. `cycle` is one tick of a disarmed device; `armed` ones only show."""

    def __init__(self, chip_name: str = "esp32s3") -> None:
        self.world = World(CountingPlant(), chip_name)
        self.device = Device()
        self.pins: Any = self.module("drivers.pins").table()
        self.front: Any = self.module("drivers.front_panel").FrontPanel(self.pins)
        self.look = Look()
        self.keys = Keys()
        self.calls: list[tuple[int, int, int]] = []  # of each show: us, transactions, bytes
        self.longest_us = 0  # that sample and show took together
        self._due_us = self.world.now_us

    def module(self, name: str) -> Any:
        """The device's own copy of a module."""
        return self.device.module(name)

    def cycle(self, ticks: int = 1, armed: bool = False) -> None:
        """Ticks of 2 ms: sample unless armed, show."""
        for _ in range(ticks):
            self._due_us = max(self._due_us + TICK_US, self.world.now_us)
            self.world.chip.spend(self._due_us - self.world.now_us)
            if not armed:
                self.front.sample(self.keys)
            bus = self.world.bus
            before = self.world.now_us, bus.transactions, bus.bytes
            self.front.show(self.look, self.keys, TICK_US)
            self.calls.append((self.world.now_us - before[0], bus.transactions - before[1], bus.bytes - before[2]))
            self.longest_us = max(self.longest_us, self.world.now_us - self._due_us)

    def settle(self) -> None:
        """Until the glass is drawn and on, for which a quarter of a second must do."""
        self.cycle(125)
        assert self.keys.panel_bad == 0

    def glass(self) -> "list[str]":
        """What a person sees: '#' is lit."""
        return self.world.display.lines()


def settled(chip: str) -> Bench:
    """A bench whose panel is well."""
    bench = Bench(chip)
    bench.settle()
    return bench
