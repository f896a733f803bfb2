"""Exercises the whole simulated chip and prints the time after each step: the same lines on every interpreter."""

import sys

sys.path.insert(0, sys.argv[1])

from tools.simulator import interpreter
from tools.simulator.world import PowerOff, World


class _Screws:
    """A plant without physics: two positions."""

    pressure_kpa = 12.25
    contact = False

    def __init__(self) -> None:
        self.dose = 0
        self.needle_um = -1000.0
        self.home = False

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Moves them."""
        self.dose += dose_steps
        self.needle_um += 5 * needle_steps
        self.home = self.needle_um <= -2000
        print("frame", dt_us, dose_steps, needle_steps)


class _Hand:
    """Something happens every 3.7 ms."""

    next_us = 0

    def step(self, world: World) -> None:
        """Trigger, contact and stop in turn."""
        turn = self.next_us // 3700
        print("hand", world.now_us, turn)
        world.set_trigger(turn & 1, 1 - (turn & 1))
        world.set_contact(turn >> 1 & 1, turn >> 1 & 1)
        world.set_stop(0 if turn % 7 == 5 else 1)
        self.next_us += 3700
        if turn == 30:
            world.power_off()


def play(chip_name: str) -> None:
    """Real drivers, both axes, until the hand cuts the supply."""
    plant = _Screws()
    world = World(plant, chip_name, _Hand())
    device = interpreter.Device()
    device.module("boot")
    board = device.module("drivers.board").Board()
    clock = device.module("drivers.clock").Clock()
    image = device.module("firmware.image")
    inputs = image.Inputs()
    outputs = image.Outputs()
    clock.start()
    tick = 0
    while True:
        late_us = clock.wait()
        board.sample(inputs)
        print(tick, world.now_us, late_us, inputs.dose_steps, inputs.needle_steps, inputs.needle_counts, inputs.home)
        outputs.dose_enable = outputs.needle_enable = 1 if tick < 25 else 0
        outputs.dose_chunk_steps = tick % 41
        outputs.needle_chunk_steps = -(tick % 13)
        board.apply(outputs)
        board.step_background()
        tick += 1


for name in ("esp32s3", "esp32"):
    try:
        play(name)
    except PowerOff:
        print("off")
