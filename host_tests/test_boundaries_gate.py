"""The gate one below, at, and one above its limits: readings, faults, and who may move what.

A case is one call of the gate with one value. Expectations are calculated here, from the limits alone.
"""

import pytest

from firmware import inhibits, limits
from firmware.interlocks import NOTHING_STEPS, Gate
from host_tests.boundary_bench import (
    AROUND,
    CASES,
    STATES,
    WATCHED,
    moves_of,
    new,
    outcome,
    put_needle,
    stand_at,
)
from host_tests.figures import RecordFigure
from host_tests.gate_bench import Bench
from host_tests.inside import numbers

# --- what nothing depends on --------------------------------------------------------------------------------------

READINGS = (
    ("pressure_counts", limits.SENSOR_LOW_COUNTS, limits.SENSOR_HIGH_COUNTS, "pressure_sensor"),
    ("needle_counts", limits.SENSOR_LOW_COUNTS, limits.SENSOR_HIGH_COUNTS, "needle_sensor"),
    ("supply_counts", limits.SUPPLY_LOW_COUNTS, limits.SUPPLY_HIGH_COUNTS, "supply"),
    ("late_us", 0, limits.LATE_TICK_US, "late_tick"),
    ("dose_withheld", 0, 1, "dose_count"),
    ("needle_withheld", 0, 1, "needle_count"),
    ("dose_miscount_steps", 0, 0, "dose_count"),
    ("needle_miscount_steps", 0, 0, "needle_count"),
    ("dose_driver_bad", 0, 0, "driver"),
    ("needle_driver_bad", 0, 0, "driver"),
)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("name", "least", "most", "fault"), READINGS, ids=[row[0] for row in READINGS])
def test_a_reading_outside_its_range_is_a_fault_where_something_may_move(
    name: str, least: int, most: int, fault: str, state: str, record_figure: RecordFigure
) -> None:
    cases = 0
    negative = name.endswith("miscount_steps")
    values = {least - 1, least, least + 1, most - 1, most, most + 1}
    for value in sorted(value for value in values if value >= 0 or negative):
        for dose_steps, needle_steps in (*moves_of(state), (0, 0)):
            bench = new(state)
            setattr(bench.inputs, name, value)
            good = least <= value <= most
            left, found = outcome(bench, dose_steps, needle_steps)
            assert found == ([] if good or state not in WATCHED else [fault]), (value, state)
            assert left == ((dose_steps, needle_steps) if not found else (0, 0))
            powered = state != "FAULT" and not found
            assert bench.powered == (powered, powered)
            cases += 1
    record_figure(CASES, cases)


@pytest.mark.parametrize("state", WATCHED)
def test_a_late_tick_is_a_fault_only_after_one_in_which_something_could_move(
    state: str, record_figure: RecordFigure
) -> None:
    """Flash is written at rest: whoever then arms or homes does so in a late tick, by fresh readings."""
    bench = new(state)
    for before, expected in (("IDLE", []), ("READY", []), (state, ["late_tick"])):
        bench.inputs.late_us = 0
        bench.state = before
        assert outcome(bench, 0, 0)[1] == []
        bench.state = state
        bench.inputs.late_us = 80_000
        assert outcome(bench, 0, 0)[1] == expected, before
        record_figure(CASES, 1)


@pytest.mark.parametrize("state", STATES)
def test_an_open_stop_loop_ends_motion_and_power_in_every_state(state: str, record_figure: RecordFigure) -> None:
    cases = 0
    for closed in (0, 1):
        for dose_steps, needle_steps in (*moves_of(state), (0, 0)):
            bench = new(state)
            bench.inputs.stop_closed = closed
            left, found = outcome(bench, dose_steps, needle_steps)
            assert left == ((dose_steps, needle_steps) if closed else (0, 0))
            assert bench.powered == ((closed, closed) if state != "FAULT" else (0, 0))
            assert found == []  # the loop itself makes a fault of it
            cases += 1
    record_figure(CASES, cases)


FOUND = {
    "pressure_sensor": {"pressure_counts": 0},
    "needle_sensor": {"needle_counts": 0},
    "supply": {"supply_counts": 0},
    "dose_count": {"dose_miscount_steps": 1},
    "needle_count": {"needle_miscount_steps": -1},
    "driver": {"dose_driver_bad": 1},
    "late_tick": {"late_us": 2_000},
}


def spoil(bench: Bench, fault: str) -> None:
    """Let the gate find this fault in its next check."""
    for name, value in FOUND.get(fault, {}).items():
        setattr(bench.inputs, name, value)
    if fault == "over_pressure":
        bench.fluid.pressure_pa = limits.PRESSURE_FAULT_PA + 1
        bench.check()
    elif fault == "depth_exceeded":
        bench.needle.counted_um = bench.needle.measured_um = 1_051
    elif fault == "needle_disagrees":
        bench.needle.measured_um -= limits.NEEDLE_DISAGREEMENT_UM + 1
        for _ in range(limits.NEEDLE_DISAGREEMENT_TICKS - 1):
            bench.check()


SPOILT = (*FOUND, "over_pressure", "depth_exceeded", "needle_disagrees", "dose_exceeded", "gate", "gate of needle")


@pytest.mark.parametrize("one", SPOILT)
@pytest.mark.parametrize("other", SPOILT)
def test_no_fault_hides_another(one: str, other: str, record_figure: RecordFigure) -> None:
    bench = new()
    both = {one, other}
    for fault in sorted(both, key=SPOILT.index):
        if fault not in FOUND:
            spoil(bench, fault)
    for fault in both & FOUND.keys():
        spoil(bench, fault)
    if "dose_exceeded" in both:
        bench.fluid.delivered_pl = bench.gate.most_pl + 1
        bench.fluid.pressure_pa = min(bench.fluid.pressure_pa, limits.PRESSURE_CEILING_PA)
    dose_steps = 11 if "gate" in both else -1 if "over_pressure" in both else 1
    bench.check(dose_steps, -11 if "gate of needle" in both else 0)
    expected = {"gate" if fault == "gate of needle" else fault for fault in both}
    if {"over_pressure", "dose_exceeded"} == both:
        return  # above the ceiling there is no advance that could exceed a dose
    if {"over_pressure", "gate"} <= both or {"dose_exceeded", "gate"} <= both:
        expected.discard("gate")  # the long chunk is gone before it can be judged
    assert set(bench.found) >= expected - ({"over_pressure"} if "dose_exceeded" in both else set())
    assert bench.powered == (0, 0)
    record_figure(CASES, 1)


def test_a_gate_without_reservation_lets_nothing_advance_wherever_the_plunger_is(record_figure: RecordFigure) -> None:
    bench = new()
    fresh = Gate(bench.fluid, bench.needle)
    for name in ("trigger_both", "contact_both", "depth_um", "most_pl"):
        setattr(fresh, name, getattr(bench.gate, name))
    revoked = new().gate
    revoked.revoke()
    for gate in (fresh, revoked):
        for position_steps in (-(1 << 29) + 1, -(1 << 28) - 20, 0, 1 << 28):
            bench.gate = gate
            stand_at(bench, position_steps)
            assert outcome(bench, 1) == ((0, 0), [])
            record_figure(CASES, 1)


def test_a_gate_that_was_just_made_remembers_nothing() -> None:
    bench = new()
    fresh = numbers(Gate(bench.fluid, bench.needle))
    assert fresh.pop("furthest_steps") == NOTHING_STEPS
    assert set(fresh.values()) == {0}
    assert fresh.keys() == numbers(bench.gate, "furthest_steps").keys()


def test_sensors_and_supply_out_of_range_are_both_told_while_nothing_moves() -> None:
    bench = new("IDLE")
    assert bench.gate.implausible(bench.inputs) == 0
    bench.inputs.supply_counts = 0
    assert bench.gate.implausible(bench.inputs) == inhibits.SUPPLY_RANGE
    for name in ("pressure_counts", "needle_counts"):
        bench = new("IDLE")
        setattr(bench.inputs, name, 0)
        assert bench.gate.implausible(bench.inputs) == inhibits.SENSOR_RANGE
        bench.inputs.supply_counts = 0
        assert bench.gate.implausible(bench.inputs) == inhibits.SENSOR_RANGE | inhibits.SUPPLY_RANGE


# --- who may move what --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_every_combination_of_state_contacts_power_and_direction_moves_only_what_it_may(
    state: str, record_figure: RecordFigure
) -> None:
    cases = 0
    for bits in range(1 << 6):
        trigger, contact, is_open, dose_power, needle_power, withdrawing = ((bits >> bit) & 1 for bit in range(6))
        for dose_steps in AROUND:
            for needle_steps in AROUND:
                bench = new(state)
                put_needle(bench, 500)
                gate = bench.gate
                gate.trigger_both, gate.contact_both, gate.contacts_open = trigger, contact, is_open
                gate.withdrawing_ticks = withdrawing
                bench.enables = (dose_power, needle_power)
                held = trigger and contact and not withdrawing
                dose = needle = 0
                if state == "SHOT":
                    dose = held if dose_steps > 0 else 1
                    needle = held if needle_steps > 0 else 1
                elif state in ("PRIME", "SERVICE"):
                    dose = is_open and (trigger or dose_steps < 0)
                elif state == "REWIND":
                    dose = is_open and dose_steps < 0
                elif state == "HOMING":
                    needle = needle_steps < 0
                expected = (
                    dose_steps if dose and dose_power else 0,
                    needle_steps if needle and needle_power else 0,
                )
                assert bench.check(dose_steps, needle_steps) == expected, (bits, dose_steps, needle_steps)
                cases += 1
    record_figure("combinations at the gate", cases)


def test_withdrawing_lasts_no_longer_than_150_ms(record_figure: RecordFigure) -> None:
    for around in AROUND:
        for dose_steps, needle_steps in ((-1, 0), (0, -1), (-10, -10), (1, 0), (0, 1)):
            bench = new()
            bench.gate.withdrawing_ticks = limits.WITHDRAW_TICKS + around
            back = max(dose_steps, needle_steps) <= 0 and around <= 0
            assert bench.check(dose_steps, needle_steps) == ((dose_steps, needle_steps) if back else (0, 0))
            record_figure(CASES, 1)
