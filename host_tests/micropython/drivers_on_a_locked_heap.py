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
from drivers.watchdog import Watchdog
from firmware.image import Inputs, Outputs

ROUND_TICKS = 3000
WANTED = int(sys.argv[2])
# All that was ever taken. Where nothing is freed while a program runs, what is taken now says the same.
taken_bytes = getattr(micropython, "mem_total", gc.mem_alloc)

board = Board()
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
    return released


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
print("steps", inputs.dose_steps, inputs.needle_steps)
