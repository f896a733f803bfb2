"""The gate alone: what it lets through, what it removes, which faults it finds."""

import itertools

import pytest

from firmware import states
from firmware.fluid import Fluid
from firmware.image import Outputs
from firmware.interlocks import Gate
from firmware.motion import Ramp
from firmware.needle import Needle
from firmware.settings import Settings
from host_tests.figures import RecordFigure
from host_tests.gate_bench import DEPTH_UM, Bench
from host_tests.rig import settings

WATCHED_STATES = ("ARMED", "SHOT", "PRIME", "REWIND", "HOMING")

# --- who may move what --------------------------------------------------------------------------------------------


def allowed(axis: str, forward: bool, state: str, trigger: int, contact: int, lifted: int, withdrawing: int) -> bool:
    """The safety rules once more: advance needs state, trigger and contact; withdraw does not."""
    if state == "SHOT":
        return bool(trigger and contact and not withdrawing) if forward else withdrawing <= 75
    if axis == "needle":
        return state == "HOMING" and not forward
    if state in ("PRIME", "SERVICE"):
        return bool(lifted and (trigger or not forward))
    return state == "REWIND" and not forward and bool(lifted)


def test_each_state_lets_through_what_the_rules_allow_and_nothing_else(record_figure: RecordFigure) -> None:
    cases = 0
    circumstances = itertools.product(states.NAMES, (0, 1), (0, 1), (0, 1), (0, 1, 75, 76), (7, 1, -1, -7))
    for state, trigger, contact, lifted, withdrawing, steps in circumstances:
        bench = Bench(state)
        if not lifted:
            bench.needle.counted_um = bench.needle.measured_um = DEPTH_UM - 100
            bench.gate.begin_homing()
        bench.gate.trigger_both = trigger
        bench.gate.contact_both = contact
        bench.gate.contacts_open = lifted
        bench.gate.withdrawing_ticks = withdrawing
        left = bench.check(steps, steps)
        case = (state, trigger, contact, lifted, withdrawing, steps)
        assert bench.found == [], case
        for axis, chunk in zip(("dose", "needle"), left, strict=True):
            through = allowed(axis, steps > 0, state, trigger, contact, lifted, withdrawing)
            assert chunk == (steps if through else 0), (axis, *case)
            cases += 1
    record_figure("cases of the gate", cases)


@pytest.mark.parametrize("axis", ["dose_enable", "needle_enable"])
def test_a_motor_without_power_gets_no_steps(axis: str) -> None:
    bench = Bench()
    outputs = Outputs()
    outputs.dose_enable = outputs.needle_enable = 1
    setattr(outputs, axis, 0)
    outputs.dose_chunk_steps = 5
    outputs.needle_chunk_steps = -5
    bench.gate.check(bench.inputs, outputs, states.SHOT)
    assert (outputs.dose_chunk_steps, outputs.needle_chunk_steps) == ((0, -5) if axis == "dose_enable" else (5, 0))


@pytest.mark.parametrize("state", states.NAMES)
@pytest.mark.parametrize("steps", [7, -7])
def test_an_open_stop_loop_takes_steps_and_power_in_every_state(state: str, steps: int) -> None:
    bench = Bench(state)
    bench.inputs.stop_closed = 0
    assert bench.check(steps, steps) == (0, 0)
    assert bench.powered == (0, 0)


@pytest.mark.parametrize("late_us", [0, 5000])
@pytest.mark.parametrize("steps", [7, -7])
def test_in_fault_nothing_moves_and_nothing_is_powered(steps: int, late_us: int) -> None:
    bench = Bench("FAULT")
    bench.inputs.late_us = late_us
    assert bench.check(steps, steps) == (0, 0)
    assert bench.powered == (0, 0)
    assert bench.found == []  # it has been latched; a fault on top of it helps nobody


def test_a_gate_without_orders_lets_nothing_advance() -> None:
    gate = Gate(Fluid(), Needle(Ramp()))
    assert (gate.trigger_both, gate.contact_both, gate.contacts_open) == (0, 0, 0)
    assert (gate.depth_um, gate.most_pl) == (0, 0)
    orders = Settings()
    assert not orders.take(settings(dose_nl=7_000, depth_um=1500))
    gate.withdrawing_ticks = 9
    gate.begin(orders)
    assert (gate.depth_um, gate.most_pl, gate.withdrawing_ticks) == (1500, 7_350_000, 0)


# --- sensors, counts, time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", WATCHED_STATES)
@pytest.mark.parametrize(
    ("name", "good", "bad", "fault"),
    [
        ("pressure_counts", 8, 7, "pressure_sensor"),
        ("pressure_counts", 4087, 4088, "pressure_sensor"),
        ("needle_counts", 8, 7, "needle_sensor"),
        ("needle_counts", 4087, 4088, "needle_sensor"),
        ("supply_counts", 2378, 2377, "supply"),
        ("supply_counts", 3963, 3964, "supply"),
        ("late_us", 1000, 1001, "late_tick"),
        ("dose_withheld", 1, 2, "dose_count"),
        ("needle_withheld", 1, 2, "needle_count"),
        ("dose_miscount_steps", 0, 1, "dose_count"),
        ("dose_miscount_steps", 0, -1, "dose_count"),
        ("needle_miscount_steps", 0, 1, "needle_count"),
        ("needle_miscount_steps", 0, -1, "needle_count"),
        ("dose_driver_bad", 0, 1, "driver"),
        ("needle_driver_bad", 0, 1, "driver"),
    ],
)
def test_a_bad_input_is_a_fault_that_takes_steps_and_power(
    state: str, name: str, good: int, bad: int, fault: str, record_figure: RecordFigure
) -> None:
    record_figure("faults", fault)
    bench = Bench(state)
    setattr(bench.inputs, name, good)
    bench.check(-5, -5)
    assert bench.found == []
    assert bench.powered == (1, 1)
    setattr(bench.inputs, name, bad)
    assert bench.check(-5, -5) == (0, 0)
    assert bench.found == [fault]
    assert bench.powered == (0, 0)


@pytest.mark.parametrize("state", ["BOOT", "SELF_TEST", "IDLE", "READY"])
def test_disarmed_a_late_tick_is_no_fault(state: str) -> None:
    bench = Bench(state)
    bench.inputs.late_us = 60_000  # a sector of flash is erased
    bench.check()
    assert bench.found == []


# --- size ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1, -1])
def test_a_chunk_may_grow_by_ten_up_to_forty_and_shrink_as_it_likes(sign: int) -> None:
    bench = Bench()
    bench.needle.counted_um = bench.needle.measured_um = 0
    bench.order(100_000_000)
    for size in (10, 20, 30, 40, 40, 3, 13, 0, 10):
        assert bench.check(sign * size, 0) == (sign * size, 0)
        assert bench.found == []


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(
    "sizes",
    [(11,), (-11,), (10, 21), (-10, -21), (10, -11), (-10, 11), (10, 20, 30, 40, 41), (-10, -20, -30, -40, -41)],
)
def test_a_chunk_that_jumps_or_is_too_long_is_a_fault_of_the_planner(axis: int, sizes: "tuple[int, ...]") -> None:
    bench = Bench()
    bench.needle.counted_um = bench.needle.measured_um = 0
    bench.order(100_000_000)
    for size in sizes[:-1]:
        bench.check(*((size, 0), (0, size))[axis])
        assert bench.found == []
    assert bench.check(*((sizes[-1], 0), (0, sizes[-1]))[axis]) == (0, 0)
    assert bench.found == ["gate"]
    assert bench.powered == (0, 0)


@pytest.mark.parametrize("axis", ["dose", "needle"])
@pytest.mark.parametrize(("steps", "found"), [(10, []), (11, ["gate"])])
def test_after_a_withheld_chunk_an_axis_starts_from_rest(axis: str, steps: int, found: "list[str]") -> None:
    bench = Bench()
    bench.needle.counted_um = bench.needle.measured_um = 0
    for size in (10, 20):
        bench.check(size, size)
        assert bench.found == []
    setattr(bench.inputs, f"{axis}_withheld", 1)
    bench.check(*((steps, 20) if axis == "dose" else (20, steps)))
    assert bench.found == found


def test_after_a_removed_chunk_an_axis_starts_from_rest() -> None:
    bench = Bench()
    assert bench.check(10) == (10, 0)
    bench.gate.contact_both = 0
    assert bench.check(20) == (0, 0)
    bench.gate.contact_both = 1
    assert bench.check(20) == (0, 0)
    assert bench.found == ["gate"]
