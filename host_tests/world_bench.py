"""A powered board with configured pins: what drivers would do, by hand. Screws for a plant, a list for a hand."""

from collections.abc import Callable
from typing import Any

from tools.simulator import silicon
from tools.simulator.chip import machine
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin
from tools.simulator.pulse_counter import PCNT
from tools.simulator.rmt import RMT
from tools.simulator.silicon import NEVER_US
from tools.simulator.world import World

CHIPS = ("esp32s3", "esp32")
TRAIN = [5, 45]  # one step


class Screws:
    """A plant without physics: where the screws are, and every frame it was given."""

    def __init__(self, needle_um: float = -2000.0) -> None:
        self.pressure_kpa = 0.0
        self.needle_um = needle_um
        self.contact = False
        self.dose = 0
        self.frames: list[tuple[int, int, int]] = []

    @property
    def home(self) -> bool:
        """The switch, 10 um before the end stop."""
        return self.needle_um <= -1990

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Turn both screws."""
        self.frames.append((dt_us, dose_steps, needle_steps))
        self.dose += dose_steps
        self.needle_um += 5 * needle_steps

    @property
    def time_us(self) -> int:
        """Sum of all frames."""
        return sum(frame[0] for frame in self.frames)


class Hand:
    """Does what it is told at given times."""

    def __init__(self, *moves: "tuple[int, Callable[[World], None]]") -> None:
        self._moves = list(moves)
        self.times: list[int] = []
        self.next_us = moves[0][0] if moves else NEVER_US

    def step(self, world: World) -> None:
        """The next move."""
        self.times.append(world.now_us)
        self._moves.pop(0)[1](world)
        self.next_us = self._moves[0][0] if self._moves else NEVER_US


class Bench:
    """A powered board with configured pins: what a driver would do, by hand."""

    def __init__(
        self, chip_name: str = "esp32s3", hand: "Hand | None" = None, needle_um: float = -2000.0, **params: Any
    ) -> None:
        self.plant = Screws(needle_um)
        self.world = World(self.plant, chip_name, hand, params)
        pins = self.pins = self.world.pins
        self.dose_count = PCNT(
            0, pin=Pin(pins.DOSE_STEP_COUNT), mode_pin=Pin(pins.DOSE_DIR), rising=PCNT.INCREMENT, mode_low=PCNT.REVERSE
        )
        self.needle_count = PCNT(
            1,
            pin=Pin(pins.NEEDLE_STEP_COUNT),
            mode_pin=Pin(pins.NEEDLE_DIR),
            rising=PCNT.INCREMENT,
            mode_low=PCNT.REVERSE,
        )
        self.dose_count.start()
        self.needle_count.start()
        self.dose_dir = Pin(pins.DOSE_DIR, Pin.OUT, value=1)
        self.needle_dir = Pin(pins.NEEDLE_DIR, Pin.OUT, value=1)
        self.dose_en = Pin(pins.DOSE_EN, Pin.OUT, value=1)
        self.needle_en = Pin(pins.NEEDLE_EN, Pin.OUT, value=1)
        self.dose = RMT(pin=Pin(pins.DOSE_STEP), resolution_hz=1_000_000)
        self.needle = RMT(pin=Pin(pins.NEEDLE_STEP), resolution_hz=1_000_000)
        self.pressure = machine.ADC(Pin(pins.PRESSURE_ADC))
        self.position = machine.ADC(Pin(pins.NEEDLE_ADC))
        self.supply = machine.ADC(Pin(pins.SUPPLY_ADC))

    def power(self) -> None:
        """EN of both axes low."""
        self.dose_en(0)
        self.needle_en(0)

    def work_for_ever(self) -> None:
        """A chunk every two milliseconds."""
        while True:
            self.dose.write_pulses(TRAIN * 20)
            device_time.sleep_us(1500)
            self.pressure.read_u16()

    def settle(self) -> None:
        """Ten milliseconds, looking every two."""
        for _ in range(5):
            device_time.sleep_us(2000 - silicon.ADC_US)
            self.pressure.read_u16()
