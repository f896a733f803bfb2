"""The real drivers on the simulated chip, without firmware: a board on a bench, and a plant that only counts steps."""

from typing import Any

from tools.simulator.interpreter import Device
from tools.simulator.world import World

CHIPS = ("esp32s3", "esp32")
TICK_US = 2000


class CountingPlant:
    """Screws that turn and nothing else: sums of the steps that reached them."""

    def __init__(self) -> None:
        self.pressure_kpa = 0.0
        self.needle_um = -2000.0
        self.home = True
        self.contact = False
        self.dose_steps = 0
        self.needle_steps = 0

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Steps arrive."""
        self.dose_steps += dose_steps
        self.needle_steps += needle_steps


class Bench:
    """A powered board. `cycle` is one tick of main.py without the loop: commands are whatever `outputs` says."""

    def __init__(self, chip_name: str = "esp32s3") -> None:
        self.plant = CountingPlant()
        self.world = World(self.plant, chip_name)
        self.device = Device()
        self.pins: Any = self.module("drivers.pins").table()
        self.module("boot")
        self.board: Any = self.module("drivers.board").Board()
        image = self.module("firmware.image")
        self.inputs: Any = image.Inputs()
        self.outputs: Any = image.Outputs()
        self._due_us = self.world.now_us
        # On the small board PCNT's pull-up lifts STEP once while it is set up, with the drivers off.
        self._rises_before = dict.fromkeys(self.chip.pins, 0)
        self._rises_before = {pin: self.rises(pin) for pin in self.chip.pins}

    @property
    def chip(self) -> Any:
        """The simulated chip."""
        return self.world.chip

    def module(self, name: str) -> Any:
        """The device's own copy of a module."""
        return self.device.module(name)

    def level(self, pin: int) -> int:
        """What a meter would show at a GPIO: 0 or 1."""
        return self.chip.pins[pin].net.read()

    def rises(self, pin: int) -> int:
        """Rising edges that a pin's net has seen since the board was set up."""
        return self.chip.pins[pin].net.rises_by(self.world.now_us) - self._rises_before[pin]

    def wait_us(self, us: int) -> None:
        """Time passes."""
        self.chip.spend(us)

    def cycle(self, ticks: int = 1) -> None:
        """Ticks of 2 ms: sample, apply."""
        for _ in range(ticks):
            self._due_us = max(self._due_us + TICK_US, self.world.now_us)
            self.wait_us(self._due_us - self.world.now_us)
            self.board.sample(self.inputs)
            self.board.apply(self.outputs)

    def power(self, dose: int = 1, needle: int = 1) -> None:
        """Enable axes, and let two ticks go by."""
        self.outputs.dose_enable = dose
        self.outputs.needle_enable = needle
        self.move(0, 0)
        self.cycle(2)

    def move(self, dose_steps: int, needle_steps: int = 0) -> None:
        """The chunks of the ticks to come."""
        self.outputs.dose_chunk_steps = dose_steps
        self.outputs.needle_chunk_steps = needle_steps

    def set_up_drivers(self, slices: int = 300) -> None:
        """Background slices until both motor drivers are well, or all slices are used."""
        for _ in range(slices):
            self.cycle()
            self.board.step_background()
            if not self.inputs.dose_driver_bad and not self.inputs.needle_driver_bad:
                return
