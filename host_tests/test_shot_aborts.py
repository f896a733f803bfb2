"""A shot that is given up, or ended by a fault, in each of its phases: what plan, plunger and record become."""

import copy
from typing import Any

import pytest

from firmware import drop, faults, limits, shot
from firmware.image import Inputs
from firmware.shot import Shot
from host_tests import moments
from host_tests.inside import numbers
from host_tests.rig import Rig

BURST = {"mode": "burst", "burst_count": 3, "rate_mhz": 500}
PHASES = [name for name in shot.PHASES if name not in ("idle", "withdraw")]
TICKS = {"touch_off": 5, "extend": 5, "dose": 20, "relax": 3, "retract": 2, "turn": 2, "weigh": 3, "wait": 5}


def in_phase(phase: str) -> Rig:
    """In a phase of a drop: a burst waits, a single drop is weighed, and after one that was given up there is a
    touch-off."""
    if phase == "touch_off":
        rig = in_phase("dose")
        moments.let_go(rig)
        rig.contact = 1
        rig.run(100)
        rig.trigger = 1
        rig.until("SHOT", ms=100)
        return moments.in_phase(phase, TICKS[phase], rig)
    single = phase in ("retract", "weigh")
    return moments.in_phase(phase, TICKS[phase], moments.shooting({} if single else BURST))


def closed_by(rig: Rig, result: int, found: int, in_skin_ticks: int) -> "dict[str, Any]":
    """The record as the estimate would close it here and now."""
    planned: Shot = copy.deepcopy(rig.loop.shot)
    position_steps = rig.inputs.dose_steps
    if planned.phase == shot.DOSE:
        planned.estimate.turn(position_steps)
    planned.estimate.close(planned.drop, result, position_steps, found, in_skin_ticks)
    return numbers(planned.drop)


# --- given up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", [drop.RELEASED, drop.CONTACT_LOST])
@pytest.mark.parametrize("phase", PHASES)
def test_giving_up_ends_burst_and_anchor_and_sends_the_needle_home(phase: str, cause: int) -> None:
    rig = in_phase(phase)
    planned = rig.loop.shot
    was_open = planned.drop.result == drop.OPEN
    planned.abort(cause, rig.inputs.dose_steps)
    assert (planned.phase, planned.ticks) == (shot.WITHDRAW, 0)
    assert planned.left_in_burst == 0
    assert planned.scale.fresh == 0
    assert planned.drop.cause == (cause if was_open else 0)
    assert was_open == (phase != "wait")
    homeward = copy.deepcopy(planned.needle)
    homeward.go(limits.NEEDLE_PARKED_UM)
    assert numbers(planned.needle) == numbers(homeward)


@pytest.mark.parametrize("slack_steps", [0, 30])
def test_what_is_stored_while_dosing_is_taken_back_from_where_the_plunger_is(slack_steps: int) -> None:
    rig = in_phase("dose")
    planned = rig.loop.shot
    planned.scale.slack_steps = slack_steps
    expected = copy.deepcopy(planned)
    expected.relax.begin(rig.inputs.dose_steps, slack_steps, 0)
    expected.estimate.turn(rig.inputs.dose_steps)
    planned.abort(drop.RELEASED, rig.inputs.dose_steps)
    assert numbers(planned.relax) == numbers(expected.relax)
    assert numbers(planned.estimate) == numbers(expected.estimate)
    assert planned.relax.done == 0


@pytest.mark.parametrize("phase", ["relax", "retract"])
def test_taking_back_that_has_begun_goes_on(phase: str) -> None:
    for done in (0, 1):
        rig = in_phase(phase)
        planned = rig.loop.shot
        planned.relax.done = done
        relax, estimate = numbers(planned.relax), numbers(planned.estimate)
        planned.abort(drop.RELEASED, rig.inputs.dose_steps)
        assert numbers(planned.relax) == relax
        assert numbers(planned.estimate) == estimate


@pytest.mark.parametrize("phase", ["touch_off", "extend", "turn", "weigh", "wait"])
def test_where_nothing_is_stored_nothing_is_taken_back(phase: str) -> None:
    rig = in_phase(phase)
    planned = rig.loop.shot
    planned.relax.done = 0
    estimate = numbers(planned.estimate)
    planned.abort(drop.RELEASED, rig.inputs.dose_steps)
    assert planned.relax.done == 1
    assert numbers(planned.estimate) == estimate


# --- the way out --------------------------------------------------------------------------------------------------


class Withdrawal:
    """A drop that was let go while dosing, tick by tick until its shot is over; inputs as given all the time."""

    def __init__(self, rig: Rig, **said: int) -> None:
        rig.trigger = 0
        self.chunks: list[tuple[int, int]] = []

        def say(inputs: Inputs) -> None:
            for name, value in said.items():
                setattr(inputs, name, value)

        rig.meddle = say
        while rig.state == "SHOT" and self.ticks < 200:
            rig.tick()
            self.chunks.append((rig.outputs.dose_chunk_steps, rig.outputs.needle_chunk_steps))

    @property
    def ticks(self) -> int:
        """How long it took."""
        return len(self.chunks)


def test_a_withdrawal_takes_liquid_back_and_ends_when_the_needle_is_home_and_nothing_is_stored() -> None:
    rig = in_phase("dose")
    story = Withdrawal(rig)
    assert rig.state == "ARMED"
    assert rig.plant.home
    assert rig.loop.shot.relax.done
    assert sum(dose for dose, _ in story.chunks) < -20
    assert max(dose for dose, _ in story.chunks) == 0
    assert story.ticks < limits.WITHDRAW_TICKS


def test_a_needle_that_is_home_waits_for_the_plunger_and_a_plunger_for_the_needle() -> None:
    still_stored = Withdrawal(in_phase("dose"), pressure_counts=600)
    assert still_stored.ticks == limits.WITHDRAW_TICKS + 1
    not_home = Withdrawal(in_phase("dose"), home=0)
    assert not_home.ticks == limits.WITHDRAW_TICKS + 1
    assert not_home.chunks[-1] == (0, 0)
    both = Withdrawal(in_phase("extend"), home=1)
    assert both.ticks == 1


def test_what_is_not_home_after_150_ms_is_left_to_the_spring() -> None:
    rig = in_phase("dose")
    Withdrawal(rig, home=0)
    assert rig.outputs.needle_enable == 0
    assert rig.loop.needle.homed == 0


@pytest.mark.parametrize("at_home", [0, 1])
def test_the_plunger_follows_the_pressure_on_the_way_out(at_home: int) -> None:
    rig = in_phase("dose")
    planned = rig.loop.shot
    planned.abort(drop.RELEASED, rig.inputs.dose_steps)
    planned.needle.home = at_home
    for _ in range(5):
        expected = copy.deepcopy(planned)
        position_steps = rig.inputs.dose_steps
        dose_steps = expected.relax.step(position_steps, planned.fluid.pressure_pa)
        needle_steps = expected.needle.step()
        planned.step(position_steps, 0)
        assert (planned.dose_steps, planned.needle_steps) == (dose_steps, needle_steps)
        assert dose_steps < 0
        assert needle_steps < 0
        rig.inputs.dose_steps += dose_steps


def test_the_tick_that_ends_a_withdrawal_proposes_nothing_and_closes_the_record_as_aborted() -> None:
    for early in (True, False):
        rig = in_phase("dose")
        planned = rig.loop.shot
        planned.abort(drop.RELEASED, rig.inputs.dose_steps)
        rig.inputs.dose_steps -= 7  # pulled back since
        planned.fluid.pressure_pa = 30_000
        planned.needle.home = planned.relax.done = int(early)
        planned.ticks = 0 if early else limits.WITHDRAW_TICKS
        expected = closed_by(rig, drop.ABORTED, 0, 0)
        planned.step(rig.inputs.dose_steps, 0)
        assert planned.phase == shot.IDLE
        assert (planned.dose_steps, planned.needle_steps) == (0, 0)
        assert numbers(planned.drop) == expected
        assert planned.drop.result == drop.ABORTED


def test_before_its_150_ms_are_over_a_withdrawal_goes_on() -> None:
    rig = in_phase("dose")
    planned = rig.loop.shot
    planned.abort(drop.RELEASED, rig.inputs.dose_steps)
    planned.ticks = limits.WITHDRAW_TICKS - 1
    planned.step(rig.inputs.dose_steps, 0)
    assert planned.phase == shot.WITHDRAW
    assert planned.drop.result == drop.OPEN


def test_a_drop_that_was_weighed_before_it_was_given_up_stays_as_it_was_weighed() -> None:
    rig = in_phase("wait")
    record = numbers(rig.loop.drop)
    assert record["result"] == drop.DELIVERED
    Withdrawal(rig)
    assert numbers(rig.loop.drop) == record


# --- ended by a fault ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", [faults.TRIGGER_CONTACTS, faults.BUBBLE | faults.DRIVER])
@pytest.mark.parametrize("phase", PHASES)
def test_a_fault_ends_the_shot_in_the_same_tick(phase: str, found: int) -> None:
    rig = in_phase(phase)
    planned = rig.loop.shot
    was_open = planned.drop.result == drop.OPEN
    planned.scale.fresh = planned.left_in_burst = 1
    planned.dose_steps, planned.needle_steps = 3, -3
    planned.fault = faults.PHASE_TIME
    spring_ticks = planned.needle.spring_ticks()
    expected = closed_by(rig, drop.FAULT, found | faults.PHASE_TIME, spring_ticks)
    before = numbers(planned.drop)
    planned.end(rig.inputs.dose_steps, found)
    assert planned.fault == found | faults.PHASE_TIME
    assert planned.phase == shot.IDLE
    assert (planned.dose_steps, planned.needle_steps) == (0, 0)
    assert (planned.scale.fresh, planned.left_in_burst) == (0, 0)
    assert numbers(planned.drop) == ({**expected, "cause": drop.FAULTED} if was_open else before)


def test_a_fault_while_dosing_freezes_the_estimate_and_later_ones_leave_it() -> None:
    rig = in_phase("dose")
    planned = rig.loop.shot
    believed_nl = planned.fluid.delivered_pl // 1000
    assert believed_nl > 100
    planned.end(rig.inputs.dose_steps, faults.DRIVER)
    assert planned.drop.reported_nl == believed_nl
    for phase in ("relax", "retract"):
        rig = in_phase(phase)
        planned = rig.loop.shot
        planned.fluid.delivered_pl += 5_000_000
        planned.end(rig.inputs.dose_steps, faults.DRIVER)
        assert planned.drop.reported_nl < 11_000


def test_a_fault_on_the_way_out_leaves_both_causes_in_the_record() -> None:
    rig = in_phase("dose")
    planned = rig.loop.shot
    planned.abort(drop.RELEASED, rig.inputs.dose_steps)
    planned.end(rig.inputs.dose_steps, faults.DRIVER)
    assert drop.cause_names(planned.drop.cause) == ["trigger_released", "fault"]
    assert planned.drop.result == drop.FAULT


def test_needle_and_fault_tell_how_long_a_failed_drop_may_still_flow() -> None:
    bounds: list[int] = []
    for depth_um in (100, 4_000):
        rig = moments.in_phase("dose", 20, moments.shooting({"depth_um": depth_um}))

        def push(inputs: Inputs) -> None:
            inputs.pressure_counts = 600  # 100 kPa

        rig.meddle = push
        rig.tick()
        rig.loop.shot.end(rig.inputs.dose_steps, faults.BUBBLE)
        bounds.append(rig.loop.drop.reported_max_nl)
    assert bounds[1] > bounds[0]
