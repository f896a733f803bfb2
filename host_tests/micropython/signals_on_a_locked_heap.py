"""Plays lamp and tone, and writes texts of the display, with the heap locked; then again with every byte counted.

Called by tools/allocations.py: THIS_FILE ROOT TICKS. At least so many ticks. Prints one line per finding.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
# ruff: noqa: I001 - where modules come from is set first
import sys

sys.path.insert(0, sys.argv[1])

import gc
import micropython
from firmware import alarms, reasons, states
from firmware.look import SMALL, Look
from firmware.signals import Signals
from firmware.tone import Tone

ROUND_TICKS = 20000
WANTED = int(sys.argv[2])
# All that was ever taken. Where nothing is freed while a program runs, what is taken now says the same.
taken_bytes = getattr(micropython, "mem_total", gc.mem_alloc)

player = Signals()
loop = Tone()
look = Look()


def run(ticks: int) -> int:
    """So many ticks; how many were audible."""
    audible = 0
    for tick in range(ticks):
        play(tick)
        if tick % 50 == 0:
            write(tick // 50)
        if player.tone_hz:
            audible += 1
    return audible


def play(tick: int) -> None:
    """Every state, priority and tone by turns, with hushes and pauses."""
    state = tick // 500 % 10
    player.volume = tick // 700 % 5 + 1
    player.night = tick // 900 % 2
    if tick % 90 == 0:
        loop.sound(tick // 90 % 8)
    if tick % 4700 == 4600:
        player.pause()
    elif tick % 4700 == 0:
        player.resume()
    player.show(state, tick // 5000 % 4 if state == states.FAULT else alarms.NONE)
    player.listen(loop)
    if tick % 500 > 480:
        player.hush()
    player.step()
    loop.step()


def write(number: int) -> None:
    """Texts of a fault and of an inhibit."""
    look.begin(1, SMALL)
    look.part(alarms.ROWS[alarms.in_order(1 << number % 20, 0)], number % 5)
    look.begin(2, SMALL)
    look.part(reasons.INHIBITS[reasons.in_order(1 << number % 15, 0)], number % 3)


def locked_rounds() -> int:
    """Rounds on a locked heap until the wanted ticks have run; how many were audible."""
    done = 0
    audible = 0
    while done < WANTED:
        micropython.heap_lock()
        try:
            audible += run(ROUND_TICKS)
        finally:
            micropython.heap_unlock()
        done += ROUND_TICKS
        print("progress", done)
    print("ticks", done)
    return audible


# Every global exists before the heap is locked: a new one may make room for more.
audible = -1
failed = "ok"
before = after = 0
run(50)
try:
    audible = locked_rounds()
except MemoryError:
    failed = "MemoryError"
print("locked", failed)
before = taken_bytes()
run(ROUND_TICKS)
after = taken_bytes()
print("bytes", after - before)
print("audible", audible)
