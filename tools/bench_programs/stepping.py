"""Steps made by a peripheral, a chunk a tick, against steps made by Python, one call a step. Same process, same clock.

The peer is a stepper class as MicroPython modules commonly have it: step() raises and lowers STEP and counts; whoever
wants a motion calls it once a step, when the clock says that the step is due. Its two pins are the same fakes as ours.
Two questions, each asked of both in turn, many times:

    how many steps does a second of this interpreter's time pay for, if nothing waits?
    at one pace for both, how far is the time between two steps from what was wanted?
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
# ruff: noqa: I001 - where modules come from is set first

import json
import sys

sys.path.insert(0, sys.argv[1])

from tools.bench_programs.chip import host_time, quiet_chip

from drivers.axis import Axis
from drivers.pulse_train import durations_us

with open(sys.argv[2]) as file:
    plan = json.loads(file.read())

TICK_US = 2000
CHUNK_STEPS = 40
time_ns = host_time.time_ns
ticks_us = host_time.ticks_us
ticks_diff = host_time.ticks_diff
ticks_add = host_time.ticks_add


class SoftwareStepper:
    """The peer."""

    def __init__(self, step: "quiet_chip.Pin | NotedPin", direction: "quiet_chip.Pin | NotedPin") -> None:
        self._step = step
        self._dir = direction
        self._way = 1
        self.position = 0

    def direction(self, way: int) -> None:
        """1 is forward, -1 back."""
        self._way = way
        self._dir(1 if way > 0 else 0)

    def step(self) -> None:
        """One step, now."""
        self._step(1)
        self._step(0)
        self.position += self._way


class NotedPin:
    """A pin that notes when it rose."""

    def __init__(self, room: int) -> None:
        self.moments = [0] * room
        self.count = 0

    def __call__(self, level: int) -> None:
        if level:
            self.moments[self.count] = time_ns()
            self.count += 1


def axis() -> Axis:
    """Ours, on the fake RMT and PCNT, ready for its first chunk."""
    del quiet_chip._counters[:]
    ours = Axis(0, 5, 6, 7, durations_us())
    quiet_chip._State.now_us = (quiet_chip._State.now_us + TICK_US) & 0x3FFFFFFF
    ours.sample()
    return ours


def our_steps_per_s(chunks: int) -> float:
    """What sampling and releasing so many whole chunks takes."""
    ours = axis()
    state = quiet_chip._State
    began = time_ns()
    for _ in range(chunks):
        state.now_us = (state.now_us + TICK_US) & 0x3FFFFFFF
        ours.sample()
        ours.move(CHUNK_STEPS)
    took_ns = time_ns() - began
    if ours.withheld_ticks or ours.sample() != chunks * CHUNK_STEPS:
        raise ValueError("a chunk was withheld")
    return chunks * CHUNK_STEPS * 1e9 / took_ns


def software_steps_per_s(steps: int) -> float:
    """What so many calls take."""
    peer = SoftwareStepper(quiet_chip.Pin(5), quiet_chip.Pin(7))
    peer.direction(1)
    began = time_ns()
    for _ in range(steps):
        peer.step()
    took_ns = time_ns() - began
    if peer.position != steps:
        raise ValueError("a step was lost")
    return steps * 1e9 / took_ns


def our_deviations_ns(ticks: int, chunk_steps: int) -> list:
    """Paced by the real clock. A train is exact to its microsecond in hardware; when it starts is up to Python."""
    ours = axis()
    starts = []
    ours._train._write = lambda durations, level: (starts.append(time_ns()), quiet_write(durations, level))
    quiet_write = ours._train._rmt.write_pulses
    state = quiet_chip._State
    due_us = ticks_add(ticks_us(), TICK_US)
    for _ in range(ticks):
        while ticks_diff(ticks_us(), due_us) < 0:
            pass
        due_us = ticks_add(due_us, TICK_US)
        state.now_us = (state.now_us + TICK_US) & 0x3FFFFFFF
        ours.sample()
        ours.move(chunk_steps)
    found = []
    for index in range(1, len(starts)):
        found += [0] * (chunk_steps - 1)
        found.append(starts[index] - starts[index - 1] - TICK_US * 1000)
    return found


def software_deviations_ns(steps: int, interval_us: int) -> list:
    """Paced by the same clock, in a loop that does nothing else."""
    step = NotedPin(steps)
    peer = SoftwareStepper(step, NotedPin(1))
    due_us = ticks_add(ticks_us(), interval_us)
    for _ in range(steps):
        while ticks_diff(ticks_us(), due_us) < 0:
            pass
        due_us = ticks_add(due_us, interval_us)
        peer.step()
    moments = step.moments
    return [moments[index] - moments[index - 1] - interval_us * 1000 for index in range(1, steps)]


def quiet_p99_us(rounds: list) -> float:
    """The size that 99 of 100 deviations stay below, in the quietest tenth of the rounds."""
    sizes = []
    for deviations_ns in rounds:
        sizes.append(sorted(abs(deviation) for deviation in deviations_ns))
    sizes.sort(key=lambda each: each[-1])
    pooled = []
    for each in sizes[: max(1, len(sizes) // 10)]:
        pooled += each
    pooled.sort()
    return pooled[len(pooled) * 99 // 100] / 1000


def main() -> None:
    """Both, in turn."""
    chunk_steps = plan["rate_hz"] * TICK_US // 1000000
    our_rates, software_rates, ours, software = [], [], [], []
    for _ in range(plan["rounds"]):
        our_rates.append(our_steps_per_s(plan["steps"] // CHUNK_STEPS))
        software_rates.append(software_steps_per_s(plan["steps"]))
    for _ in range(plan["paced_rounds"]):
        host_time.sleep_ms(5)  # who has slept is left alone for a while by the PC's scheduler
        ours.append(our_deviations_ns(plan["paced"] // chunk_steps, chunk_steps))
        host_time.sleep_ms(5)
        software.append(software_deviations_ns(plan["paced"], 1000000 // plan["rate_hz"]))
    found = {
        "ours_steps_per_s": our_rates,
        "software_steps_per_s": software_rates,
        "ours_jitter_us": quiet_p99_us(ours),
        "software_jitter_us": quiet_p99_us(software),
    }
    print("result", json.dumps(found))


main()
