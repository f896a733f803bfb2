"""Stand-ins for what main.py runs, and a device that runs them in a world."""

from types import SimpleNamespace
from typing import Any

import pytest

from firmware.states import IDLE
from host_tests.board_bench import CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.silicon import PowerOff
from tools.simulator.world import World


class ScriptedLoop:
    """Stands where DoseLoop stands, notes what it is given, and does as the test says in each tick."""

    def __init__(self, inputs: Any, outputs: Any) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.disarmed = True
        self.state = IDLE
        self.journal = None
        self.ledger = SimpleNamespace(mark_due=0)
        self.times_us: list[int] = []
        self.late_us: list[int] = []
        ScriptedLoop.latest = self

    latest: "ScriptedLoop"
    on_tick: Any = None

    def provision(self, *_entered: Any) -> None:
        """Takes what it is given."""

    def tick(self, now_us: int) -> None:
        """Notes the time, and does as the test says."""
        self.times_us.append(now_us)
        self.late_us.append(self.inputs.late_us)
        type(self).on_tick(self, len(self.times_us))


class QuietPanel:
    """Stands where Panel stands: nothing on the display, nothing to hear; counts what it is asked for."""

    latest: "QuietPanel"

    def __init__(self, loop: Any, keys: Any) -> None:
        self.keys = keys
        self.menu = SimpleNamespace(is_open=0)
        self.look = SimpleNamespace(text=bytearray(b" " * 168), style=bytearray(8), contrast=200, volume=1, tone_hz=0)
        self.look.red = self.look.green = self.look.blue = 0
        self.used: list[int] = []
        self.steps: list[int] = []
        self._loop = loop
        QuietPanel.latest = self

    def use_keys(self) -> None:
        """Counts."""
        self.used.append(len(self._loop.times_us))

    def step(self, now_us: int) -> None:
        """Counts."""
        self.steps.append(len(self._loop.times_us))


class QuietBooks:
    """Stands where Bookkeeping stands: keeps nothing; counts what it is asked for."""

    latest: "QuietBooks"

    def __init__(self, loop: Any, slots: Any, files: Any, mark: Any) -> None:
        self.marks: list[int] = []
        self.steps: list[int] = []
        self._loop = loop
        QuietBooks.latest = self

    def open_books(self, reset_cause: int, has_key: bool, is_intact: bool) -> None:
        """Notes what it is told."""
        self.begun = (reset_cause, has_key, is_intact)

    def keep_mark(self) -> None:
        """Counts."""
        self.marks.append(len(self._loop.times_us))

    def keep_books(self, keys: Any, in_menu: int) -> None:
        """Counts."""
        self.steps.append(len(self._loop.times_us))


class Bed:
    """A device with ScriptedLoop and QuietPanel, and a world that loses power in the tick that `on_tick` chooses."""

    def __init__(self, chip: str = "esp32s3") -> None:
        self.world = World(CountingPlant(), chip)
        self.device = Device()
        self.main: Any = self.device.module("main")
        self.main.DoseLoop = ScriptedLoop
        self.main.Panel = QuietPanel
        self.main.Bookkeeping = QuietBooks
        self.pins: Any = self.device.module("drivers.pins").table()

    def run(self, on_tick: Any) -> ScriptedLoop:
        """boot.py and main.py until on_tick ends it; the loop that ran."""
        ScriptedLoop.on_tick = staticmethod(on_tick)
        self.device.run(self.world)
        raise AssertionError("main.run() does not return")

    def until_off(self, ticks: int, on_tick: Any = None) -> ScriptedLoop:
        """So many ticks, then the supply is cut."""

        def step(loop: ScriptedLoop, tick: int) -> None:
            if on_tick is not None:
                on_tick(loop, tick)
            if tick >= ticks:
                self.world.power_off()

        with pytest.raises(PowerOff):
            self.run(step)
        return ScriptedLoop.latest

    def levels(self) -> "list[int]":
        """EN of both axes, as a meter shows them."""
        return [self.world.chip.pins[pin].net.read() for pin in (self.pins.DOSE_EN, self.pins.NEEDLE_EN)]
