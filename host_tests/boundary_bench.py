"""The gate in the middle of what a state does, with any orders, to be tried around its limits."""

from collections.abc import Iterator

from firmware import states
from firmware.calibration import Calibration
from host_tests.gate_bench import Bench

STATES = states.NAMES
WATCHED = ("HOMING", "ARMED", "SHOT", "PRIME", "REWIND", "SERVICE")  # sensors and counts are judged there
FED = ("SHOT", "PRIME", "SERVICE")  # the plunger may advance there
DEPTHS_UM = (100, 600, 1_000, 4_000, 5_970, 13_000)
DOSES_NL = (500, 5_000, 10_000, 50_000, 200_000)
AROUND = (-1, 0, 1)
CASES = "boundary cases"


def new(state: str = "SHOT", syringe: str = "1ml", depth_um: int = 1_000, dose_nl: int = 10_000) -> Bench:
    """A gate in the middle of what the state does, with these orders."""
    bench = Bench(state)
    bench.fluid.use(Calibration(syringe), 130)
    bench.gate.depth_um = depth_um
    bench.order(dose_nl * 1_000)
    bench.fluid.pressure_pa = 10_000
    bench.fluid.delivered_pl = 0
    if state == "SHOT":
        bench.needle.counted_um = bench.needle.measured_um = depth_um
    elif state not in WATCHED or state in ("ARMED", "SERVICE"):
        bench.lift_off()
    return bench


def stand_at(bench: Bench, position_steps: int) -> None:
    """The plunger has come to this counted position."""
    bench.inputs.dose_steps = position_steps
    bench.inputs.dose_withheld = 1  # for a tick in which nobody knows where the count has to be
    bench.check()
    bench.inputs.dose_withheld = 0


def put_needle(bench: Bench, um: int) -> None:
    """The needle is there, and a homing begins there."""
    bench.needle.counted_um = bench.needle.measured_um = um
    bench.gate.begin_homing()


def moves_of(state: str) -> "Iterator[tuple[int, int]]":
    """The directions (plunger, needle) that a state allows, one axis at a time."""
    yield from {
        "SHOT": [(1, 0), (-1, 0), (0, -1), (0, 1)],
        "PRIME": [(1, 0), (-1, 0)],
        "SERVICE": [(1, 0), (-1, 0)],
        "REWIND": [(-1, 0)],
        "HOMING": [(0, -1)],
    }.get(state, [])


def outcome(bench: Bench, dose_steps: int = 0, needle_steps: int = 0) -> "tuple[tuple[int, int], list[str]]":
    """What is left of a chunk, and the faults."""
    return bench.check(dose_steps, needle_steps), bench.found
