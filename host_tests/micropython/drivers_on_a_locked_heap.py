"""Runs the whole cycle of the drivers with the heap locked, then again with every byte counted that is ever allocated.

Called by tools/allocations.py: THIS_FILE ROOT TICKS MACHINE. At least so many ticks, in rounds of 3000. Prints one line
per finding, and how far it is.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
# ruff: noqa: E402, I001 - where modules come from is set first
import sys

sys.path.insert(0, sys.argv[1])

import gc
import micropython
from host_tests.micropython import quiet_chip

quiet_chip.take_over(sys.argv[3])

from drivers.board import Board
from drivers.clock import Clock
from drivers.front_panel import FrontPanel
from drivers.pins import table
from drivers.watchdog import Watchdog
from firmware.image import Inputs, Outputs

ROUND_TICKS = 3000
WANTED = int(sys.argv[2])
# All that was ever taken. Where nothing is freed while a program runs, what is taken now says the same.
taken_bytes = getattr(micropython, "mem_total", gc.mem_alloc)


class Look:
    """What the panel is to show."""

    def __init__(self) -> None:
        self.text = bytearray(b"Dose 10.0 ul  READY  " * 8)
        self.style = bytearray(8)
        self.red = self.green = self.blue = self.tone_hz = 0
        self.volume = 255
        self.contrast = 200

    def change(self, tick: int) -> None:
        """Letters now and then; styles, contrast, lamp and buzzer more seldom."""
        self.text[tick % 168] = 32 + tick % 95
        if tick % 128 == 0:
            self.style[tick >> 7 & 7] = tick >> 10 & 3
            self.contrast = tick >> 7 & 255
            self.red = tick >> 7 & 255
            self.green = tick >> 8 & 1
            self.blue = tick >> 9 & 3
            self.tone_hz = 440 * (tick >> 7 & 3)


class Keys:
    """What the panel's driver writes."""

    def __init__(self) -> None:
        self.knob_detents = self.knob_pushed = self.minutes = self.day = 0
        self.panel_bad = 1


board = Board()
front = FrontPanel(table())
look = Look()
keys = Keys()
knob_a = quiet_chip.Pin(39)
knob_b = quiet_chip.Pin(40)
clock = Clock()
watchdog = Watchdog()
inputs = Inputs()
outputs = Outputs()


def run(ticks: int) -> int:
    """Long runs one way and back through every size of chunk, on both axes, with power off now and then."""
    size = 0
    sign = 1
    released = 0
    outputs.needle_enable = 1
    for tick in range(ticks):
        size = size + 1 if size < 40 else 0
        if tick % 900 == 0:
            sign = -sign
        powered = 0 if tick % 500 > 490 else 1
        outputs.dose_enable = powered
        outputs.dose_chunk_steps = sign * size if powered else 0
        outputs.needle_chunk_steps = -sign * size
        inputs.late_us = clock.wait()
        board.sample(inputs)
        released += 1 if inputs.dose_withheld == 0 else 0
        board.apply(outputs)
        watchdog.feed()
        board.step_background()
        # Turned for a while, then left alone for a while: only then the clock is read.
        knob_a(1 if tick & 8 == 0 or tick & 256 else 0)
        knob_b(1 if tick + 4 & 8 == 0 or tick & 256 else 0)
        front.sample(keys)
        show(tick)
    return released


def show(tick: int) -> None:
    """Something else on the panel."""
    look.change(tick)
    front.show(look, keys, 2000)


def locked_rounds() -> int:
    """Rounds on a locked heap until the wanted ticks have run; how many chunks were released."""
    done = 0
    released = 0
    while done < WANTED:
        micropython.heap_lock()
        try:
            released += run(ROUND_TICKS)
        finally:
            micropython.heap_unlock()
        done += ROUND_TICKS
        print("progress", done)
    print("ticks", done)
    return released


clock.start()
run(50)
# Every global exists before the heap is locked: a new one may make room for more.
released = -1
failed = "ok"
before = after = 0
try:
    released = locked_rounds()
except MemoryError:
    failed = "MemoryError"
print("locked", failed)
# The frame of a function with too many names is taken from the heap at each call, and given back. A locked heap does
# not show it; what was ever allocated does.
before = taken_bytes()
run(ROUND_TICKS)
after = taken_bytes()
print("bytes", after - before)
print("released", released)
print("miscount", inputs.dose_miscount_steps, inputs.needle_miscount_steps)
print("panel", keys.panel_bad, keys.minutes, keys.knob_detents)
print("steps", inputs.dose_steps, inputs.needle_steps)
