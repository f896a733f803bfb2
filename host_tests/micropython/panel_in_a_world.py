"""Drives the panel in a simulated world and prints what is seen, heard, turned and sent: alike on every interpreter.

Called by host_tests/test_drivers_front_panel.py: THIS_FILE ROOT CHIP.
"""

import sys

sys.path.insert(0, sys.argv[1])

from tools.simulator.interpreter import Device
from tools.simulator.world import World


class _Plant:
    pressure_kpa = 0.0
    needle_um = -2000.0
    home = True
    contact = False

    def advance(self, dt_us: int, dose_steps: int, needle_steps: int) -> None:
        """Nothing moves."""


class _Look:
    def __init__(self) -> None:
        self.text = bytearray(b"Depth 0.80 mm, 30G gy" * 8)
        self.style = bytearray(b"\x02\x00\x01\x00\x03\x00\x00\x00")
        self.red = self.green = self.blue = self.tone_hz = 0
        self.volume = 200
        self.contrast = 0x80


class _Keys:
    def __init__(self) -> None:
        self.knob_detents = self.knob_pushed = 0
        self.panel_bad = 1
        self.minutes = -1
        self.day = 0


def _run(chip_name: str) -> None:
    world = World(_Plant(), chip_name)
    device = Device()
    front = device.module("drivers.front_panel").FrontPanel(device.module("drivers.pins").table())
    look = _Look()
    keys = _Keys()
    for tick in range(1300):
        world.chip.spend(2000 - world.now_us % 2000)
        front.sample(keys)
        if tick == 300:
            world.turn_knob(7)
            look.red = look.blue = 255
            look.tone_hz = 440
        elif tick == 500:
            world.turn_knob(-10)
            world.push_knob(1)
            world.display.power_up()
        elif tick == 700:
            look.text[50] = 65
            look.style[2] = 0
        front.show(look, keys, 2000)
        if tick % 100 == 0:
            print(tick, world.now_us, world.bus.transactions, world.bus.bytes, world.bus.failures)
            print(keys.knob_detents, keys.knob_pushed, keys.panel_bad, keys.minutes, keys.day)
            print(world.lamp(), world.buzzer())
    for line in world.display.lines():
        print(line)


_run(sys.argv[2])
