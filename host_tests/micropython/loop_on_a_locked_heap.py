"""Runs sessions of the loop against the plant with the heap locked in every tick, and open between ticks for the plant.

Called by tools/allocations.py: THIS_FILE ROOT TICKS locked|counted. Whole rounds of sessions until that many ticks have
run, each with other noise. "counted" leaves the heap open and adds up the bytes that the ticks take, the frames of
large functions included, where the interpreter counts them. Prints one line per finding, and how far it is.
"""

# It runs on MicroPython only.
# pyright: basic, reportAttributeAccessIssue=false, reportMissingModuleSource=false
# ruff: noqa: I001 - where modules come from is set first
import sys

sys.path.insert(0, sys.argv[1])

import micropython
from firmware import drop, faults, shot, states
from firmware.image import Inputs, Outputs
from firmware.loop import DoseLoop
from firmware.provisioning import Provisioning
from tools.simulator import perfect_books, provisioning
from tools.simulator.plant import Plant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

TICK_US = 2000
WANTED = int(sys.argv[2])
COUNTED = sys.argv[3] == "counted"
AREAS_MM2 = {"1ml": 17.349445, "5ml": 118.822888, "10ml": 191.134497}


class Bench:
    """Loop and plant, and a hand that holds controls for some ticks."""

    def __init__(self, syringe: str, mode: str, dose_nl: int, more: "dict[str, float]") -> None:
        params = {"um_per_dose_step": 0.3125, "um_per_needle_step": 5.0, "syringe_area_mm2": AREAS_MM2[syringe]}
        params.update(more)
        self.plant = Plant(params, 1 + totals[0])
        self.inputs = Inputs()
        self.outputs = Outputs()
        self.loop = DoseLoop(self.inputs, self.outputs)
        self.loop.propose(
            {
                "syringe": syringe,
                "dose_nl": dose_nl,
                "depth_um": 1000,
                "mode": mode,
                "burst_count": 3,
                "rate_mhz": 0,
                "needle": "30G 4mm",
                "points": 0,
                "zone": "body",
            }
        )
        self.now_us = 0x3FFFFFFF - 3000000
        provisioning.admit(self.loop, Provisioning(), self.now_us)
        self.trigger = self.contact = self.confirm = 0
        self.home_switch_open = False
        self.inputs.stop_closed = 1
        self.inputs.supply_counts = 3170

    def sample(self) -> None:
        """What the board does; the plant may allocate."""
        plant = self.plant
        inputs = self.inputs
        plant.contact = self.contact == 1
        inputs.trigger_no = self.trigger
        inputs.trigger_nc = 1 - self.trigger
        inputs.contact_a = inputs.contact_b = self.contact
        inputs.confirm = self.confirm
        inputs.home = 1 if plant.home and not self.home_switch_open else 0
        inputs.pressure_counts = min(max(round((plant.pressure_kpa + 50) * 4), 0), 4095)
        inputs.needle_counts = min(max(round((plant.needle_um + 3000) / 4), 0), 4095)

    def ticks(self, count: int) -> None:
        """So many ticks, each on a locked heap."""
        loop = self.loop
        inputs = self.inputs
        outputs = self.outputs
        for _ in range(count):
            self.sample()
            now_us = self.now_us
            if COUNTED:
                before = micropython.mem_total()
                loop.tick(now_us)
                totals[1] += micropython.mem_total() - before
            else:
                micropython.heap_lock()
                try:
                    loop.tick(now_us)
                finally:
                    micropython.heap_unlock()
            perfect_books.keep(loop)
            self.now_us = now_us + TICK_US & 0x3FFFFFFF
            seen_states.add(states.NAMES[loop.state])
            seen_phases.add(shot.PHASES[loop.shot.phase])
            dose_steps = outputs.dose_chunk_steps if outputs.dose_enable else 0
            needle_steps = outputs.needle_chunk_steps if outputs.needle_enable else 0
            inputs.dose_steps += outputs.dose_chunk_steps
            inputs.needle_steps += outputs.needle_chunk_steps
            if not outputs.needle_enable and not self.plant.home:
                needle_steps = -40
            self.plant.advance(TICK_US, dose_steps, needle_steps)
        totals[0] += count

    def until(self, state: int, most: int = 15000) -> None:
        """Ticks until that state, or FAULT."""
        while self.loop.state != state and self.loop.state != states.FAULT and most:
            self.ticks(1)
            most -= 1

    def press_confirm(self) -> None:
        """A short press."""
        self.confirm = 1
        self.ticks(50)
        self.confirm = 0
        self.ticks(10)

    def arm(self) -> None:
        """Homing, prime and arming."""
        self.until(states.IDLE)
        self.home_switch_open = True
        self.press_confirm()
        self.home_switch_open = False
        self.until(states.IDLE)
        self.ticks(300)
        self.trigger = 1
        self.until(states.PRIME, 50)
        self.until(states.IDLE)
        self.trigger = 0
        self.ticks(20)
        if self.loop.state == states.READY:
            self.press_confirm()

    def shoot(self, hold: int = 15000) -> None:
        """A press on skin, held for so many ticks or until the shot is over."""
        self.contact = 1
        self.ticks(50)
        self.trigger = 1
        self.until(states.SHOT, 50)
        while self.loop.state == states.SHOT and hold:
            self.ticks(1)
            hold -= 1
        self.trigger = 0
        self.ticks(200)
        self.contact = 0
        self.ticks(100)
        results.append(drop.RESULTS[self.loop.drop.result])

    def stop(self) -> None:
        """The emergency stop, and back to IDLE; a look at SERVICE."""
        self.inputs.stop_closed = 0
        self.ticks(100)
        self.inputs.stop_closed = 1
        self.ticks(10)
        self.press_confirm()
        self.loop.raise_event(states.SERVICE_OPENED)
        self.ticks(10)
        self.press_confirm()


totals = [0, 0]  # ticks, bytes
seen_states = set()
seen_phases = set()
results = []
found = []


def good_and_bad_days() -> "Generator[None]":
    """What a device goes through in its life; gives way now and then, for memory to be freed."""
    for syringe, mode, dose_nl in (("1ml", "single", 10000), ("5ml", "burst", 20000), ("10ml", "single", 50000)):
        bench = Bench(syringe, mode, dose_nl, {})
        bench.arm()
        yield
        bench.shoot()
        yield
        bench.shoot(45)  # let go in the middle
        yield
        bench.shoot()
        yield
        bench.contact = 0
        bench.press_confirm()  # disarmed
        bench.loop.rewind_asked = 1
        bench.confirm = 1
        bench.until(states.REWIND, 2000)
        bench.confirm = 0
        bench.until(states.IDLE)
        yield
        bench.stop()
    troubles: list[dict[str, float]] = [
        {"occluded_after_nl": 3000},
        {"bubble_nl": 5000, "bubble_after_nl": 3000},
        {"syringe_nl": 0},
    ]
    for trouble in troubles:
        bench = Bench("1ml", "single", 10000, trouble)
        bench.arm()
        yield
        if bench.loop.state == states.ARMED:
            bench.shoot()
        yield
        found.append("+".join(faults.names(bench.loop.faults)))


def say(failed: str) -> None:
    """The findings."""
    print("locked", failed)
    print("ticks", totals[0])
    print("bytes", totals[1])
    print("states", " ".join(sorted(seen_states)))
    print("phases", " ".join(sorted(seen_phases)))
    print("results", " ".join(sorted(set(results))))
    print("faults", " ".join(sorted(set("+".join(found).split("+")))))


def step() -> bool:
    """A piece of a session; False when all is done and said."""
    try:
        for _ in day:
            print("progress", totals[0])
            return True
    except MemoryError:
        say("MemoryError")
        return False
    if totals[0] < WANTED:
        return begin_day()
    say("ok")
    return False


def begin_day() -> bool:
    """A new round, with other noise."""
    global day
    day = good_and_bad_days()
    return True


begin_day()
if __name__ == "__main__":
    while step():
        pass
