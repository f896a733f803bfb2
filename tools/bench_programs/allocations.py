"""In how many ticks anything is taken from the heap: a recorded session fed to the device, over and over.

A tick that allocates raises MemoryError, because the heap is locked. Where the interpreter counts every byte it ever
gave (the Unix port does), that count is compared too: it also shows the frames of large functions, which go back soon.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
# ruff: noqa: I001 - where modules come from is set first
import gc
import json
import sys
from array import array

sys.path.insert(0, sys.argv[1])

import micropython
from tools.bench_programs.chip import WIDTH, Bench, read_session

with open(sys.argv[2]) as file:
    plan = json.loads(file.read())
sessions = [(each["settings"], read_session(each["file"])) for each in plan["sessions"]]
mem_total = getattr(micropython, "mem_total", None)
found = {"passes": 0, "ticks": 0, "allocating": 0, "counts_bytes": mem_total is not None, "first": -1, "bytes": 0}


def noted(tick: int, taken: int) -> None:
    """An allocation in this tick."""
    found["allocating"] += 1
    found["bytes"] += taken
    if found["first"] < 0:
        found["first"] = tick


def play(bench: Bench, session: array, count: int) -> None:
    """So many ticks of one pass over a session, from power-on; ends at a tick that wanted memory."""
    board = bench.board
    inputs = bench.inputs
    outputs = bench.outputs
    loop = bench.loop
    before = after = 0
    for tick in range(count):
        bench.feed(session, tick * WIDTH)
        now_us = bench.now_us
        found["ticks"] += 1
        if mem_total:
            before = mem_total()
        micropython.heap_lock()
        try:
            board.sample(inputs)
            loop.tick(now_us)
            if loop.ledger.mark_due:
                bench.keep_mark()
            board.apply(outputs)
        except MemoryError:
            micropython.heap_unlock()
            noted(tick, 0)
            return  # what the tick left half done is no basis for the next one
        micropython.heap_unlock()
        if mem_total:
            after = mem_total()
        if after != before:
            noted(tick, after - before)
        bench.mend()


def step() -> bool:
    """Another pass; False after the last one, when the result has been printed."""
    gc.collect()
    settings, (session, ticks) = sessions[found["passes"] % len(sessions)]
    play(Bench(settings), session, min(ticks, plan["ticks"] - found["ticks"]))
    found["passes"] += 1
    print("progress", found["ticks"], plan["ticks"])
    if found["ticks"] < plan["ticks"]:
        return True
    print("result", json.dumps(found))
    return False


if __name__ == "__main__":
    while step():
        pass
