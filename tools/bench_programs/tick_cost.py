"""What a tick costs: a recorded session fed to the device again and again, the clock read before and after each tick.

Between two passes the reference work is timed, whose cost on the chip is known (docs/bench.md), so that both see the
same machine. Prints the nanoseconds of every tick in a shot, of the reference work, and of the fakes' own part.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false, reportUnusedExpression=false

import json
import sys
from array import array

sys.path.insert(0, sys.argv[1])

from tools.bench_programs.chip import COLUMNS, WIDTH, Bench, host_time, quiet_chip, read_session

with open(sys.argv[2]) as file:
    plan = json.loads(file.read())
# About 0.1 ms each: short enough to be left alone by other programs now and then.
_SAMPLES = 15
_ROUNDS = 150
_PASSES_OF_A_LOOP = 4000


class Reference:
    """25 lines of integer work of the kind that a tick does: attributes, comparisons, additions, one division."""

    def __init__(self) -> None:
        self.counts = 210
        self.zero = 200
        self.pressure = 0
        self.mean = 0
        self.steps = 0
        self.target = 4000
        self.chunk = 0
        self.ticks = 0
        self.state = 3
        self.faults = 0
        self.stored = 0
        self.delivered = 0

    def tick(self, now_us: int) -> int:
        """One round; 25 lines are run."""
        counts = self.counts
        if counts < 8 or counts > 4087:
            self.faults |= 1
        pressure = (counts - self.zero) * 250
        self.mean += (pressure - self.mean) >> 3
        self.pressure = pressure
        self.ticks += 1
        steps = self.steps + self.chunk
        self.steps = steps
        stored = pressure * 51 // 20000
        self.stored = stored
        delivered = steps * 5 - stored
        self.delivered = delivered
        left = self.target - delivered
        chunk = self.chunk
        if self.state == 3 and not self.faults:
            wanted = left >> 3
            if wanted > chunk + 10:
                wanted = chunk + 10
            if wanted > 40:
                wanted = 40
            if wanted < 0:
                wanted = 0
            self.chunk = wanted
        else:
            self.chunk = 0
        if delivered >= self.target:
            self.steps = 0
        self.counts = 210 + (now_us & 15)
        return (now_us + 2000) & 0x3FFFFFFF


def lower_mean(samples: list) -> float:
    """The mean of the lower two thirds: the rest may have been disturbed by other programs."""
    samples.sort()
    kept = samples[: len(samples) * 2 // 3]
    return sum(kept) / len(kept)


def reference_ns() -> "tuple[float, float]":
    """Nanoseconds of one round of Reference.tick, loop taken off, and of one empty pass of a loop."""
    work = Reference()
    rounds, passes = [], []
    now_us = 0
    for _ in range(_SAMPLES):
        began = host_time.time_ns()
        for _ in range(_ROUNDS):
            now_us = work.tick(now_us)
        middle = host_time.time_ns()
        for _ in range(_PASSES_OF_A_LOOP):
            pass
        ended = host_time.time_ns()
        rounds.append((middle - began) / _ROUNDS)
        passes.append((ended - middle) / _PASSES_OF_A_LOOP)
    one_pass = lower_mean(passes)
    return lower_mean(rounds) - one_pass, one_pass


def fakes_ns(axes: int) -> float:
    """Nanoseconds of the fakes in a tick in which so many axes move: on a chip these calls reach the hardware."""
    pin = quiet_chip.Pin(1)
    adc = quiet_chip.ADC(pin)
    counter = quiet_chip.PCNT(0, pin, pin, 0)
    rmt = quiet_chip.RMT(quiet_chip.Pin(5), 1, False)
    train = (27, 10) * 40
    rounds = 200
    began = host_time.time_ns()
    for _ in range(rounds):
        pin(), pin(), pin(), pin(), pin(), pin(), pin()
        pin(1), pin(1)
        adc.read_u16(), adc.read_u16(), adc.read_u16()
        counter.value(), counter.value()
        for _ in range(axes):
            # DIR, the count again, the train; and in the next tick whether it is over.
            pin(1), counter.value(), rmt.write_pulses(train, False), quiet_chip.ticks_us()
            quiet_chip.ticks_us(), quiet_chip.ticks_diff(5, 3), rmt.active()
    return (host_time.time_ns() - began) / rounds


def clock_ns() -> float:
    """What two readings of the clock cost that have nothing between them."""
    began = host_time.time_ns()
    for _ in range(1000):
        host_time.time_ns()
    return (host_time.time_ns() - began) / 1000


def play(settings: dict, session: array, spent: list) -> None:
    """One pass over a session, from power-on; nanoseconds of each tick go into `spent`."""
    bench = Bench(settings)
    board = bench.board
    loop = bench.loop
    inputs = bench.inputs
    outputs = bench.outputs
    time_ns = host_time.time_ns
    for tick in range(len(spent)):
        at = tick * WIDTH
        bench.feed(session, at)
        now_us = bench.now_us
        began = time_ns()
        board.sample(inputs)
        loop.tick(now_us)
        if loop.ledger.mark_due:
            bench.keep_mark()
        board.apply(outputs)
        spent[tick] = time_ns() - began
        bench.mend()
        wrong = bench.differs(session, at)
        if wrong:
            raise ValueError(f"tick {tick}: {COLUMNS[wrong - 1]} is not what was recorded")


def main() -> None:
    """All passes over all sessions; one JSON object."""
    sessions = []
    axes = []  # that move, in each tick of a shot
    for each in plan["sessions"]:
        session, ticks = read_session(each["file"])
        in_shot = [tick for tick in range(ticks) if session[tick * WIDTH + WIDTH - 1]]
        sessions.append((each["settings"], session, in_shot, [0] * ticks))
        for tick in in_shot:
            at = tick * WIDTH + COLUMNS.index("dose_chunk_steps")
            axes.append((session[at] != 0) + (session[at + 1] != 0))
    passes, references = [], []
    for number in range(plan["passes"] + 1):
        before = reference_ns()
        took = []
        for settings, session, in_shot, spent in sessions:
            play(settings, session, spent)
            took += [spent[tick] for tick in in_shot]
        after = reference_ns()
        if number:  # the first one warms up
            references.append([(before[0] + after[0]) / 2, (before[1] + after[1]) / 2])
            passes.append(took)
        print("progress", number + 1, plan["passes"] + 1)
    found = {"passes_ns": passes, "references_ns": references, "clock_ns": clock_ns(), "axes": axes}
    found["fakes_ns"] = [fakes_ns(moving) for moving in range(3)]
    print("result", json.dumps(found))


main()
