"""The loop when a chunk was withheld, contacts disagree, or a drop was given up."""

import pytest

from firmware import faults, inhibits
from firmware.image import Inputs
from host_tests import moments
from host_tests.rig import Rig, settings


def moved(rig: Rig, ms: int) -> int:
    """Steps of both axes in that time."""
    steps: list[int] = []
    rig.watch = lambda rig: steps.append(abs(rig.outputs.dose_chunk_steps) + abs(rig.outputs.needle_chunk_steps))
    rig.run(ms)
    rig.watch = None
    return sum(steps)


# --- the needle after a shot that was given up --------------------------------------------------------------------


def test_a_needle_that_the_spring_must_bring_home_has_to_be_homed_again() -> None:
    rig = moments.in_phase("dose", 2, moments.shooting({"depth_um": 13_000}))
    rig.trigger = 0
    rig.run(400)
    assert rig.plant.home
    assert rig.outputs.needle_enable == 0
    assert (rig.state, inhibits.names(rig.loop.inhibits)) == ("IDLE", ["not_homed"])
    rig.contact = 0
    rig.run(100)
    rig.confirm_shortly()
    assert rig.until("READY", ms=500) == "READY"


def test_after_an_aborted_drop_the_next_one_is_as_good_as_any() -> None:
    for phase, ticks in (("extend", 3), ("extend", 20), ("dose", 3), ("dose", 30), ("retract", 2), ("weigh", 5)):
        rig = moments.in_phase(phase, ticks)
        moments.let_go(rig)
        before_nl, before_surface_nl = rig.plant.delivered_nl, rig.plant.surface_nl
        rig.press()
        assert rig.plant.delivered_nl - before_nl == pytest.approx(10_000, rel=0.02), (phase, ticks)
        assert rig.plant.surface_nl - before_surface_nl < 100, (phase, ticks)


def test_a_smaller_dose_after_an_aborted_larger_one_is_just_as_good() -> None:
    rig = moments.in_phase("dose", 30)
    moments.let_go(rig)
    rig.confirm_shortly()
    assert rig.loop.propose(settings(dose_nl=1_000)) == 0
    rig.run(20)
    rig.arm()
    before_nl = rig.plant.delivered_nl
    rig.press()
    assert rig.plant.delivered_nl - before_nl == pytest.approx(1_000, abs=60)


# --- a chunk that the board withheld ------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", ["dose", "needle"])
def test_after_a_withheld_chunk_the_axis_starts_from_rest(axis: str) -> None:
    phase = "dose" if axis == "dose" else "extend"
    rig = moments.in_phase(phase, 0, moments.shooting({"depth_um": 5_000, "dose_nl": 50_000}))
    chunk = f"{axis}_chunk_steps"
    for _ in range(200):
        if getattr(rig.outputs, chunk) >= 30:
            break
        rig.tick()
    assert getattr(rig.outputs, chunk) >= 30

    def withheld(inputs: Inputs) -> None:
        setattr(inputs, f"{axis}_withheld", 1)

    rig.meddle = withheld
    rig.tick()
    assert 0 < getattr(rig.outputs, chunk) <= 10
    rig.meddle = None
    rig.tick()
    assert rig.state == "SHOT"
    assert getattr(rig.outputs, chunk) > 10


@pytest.mark.parametrize("axis", ["dose", "needle"])
def test_a_chunk_withheld_twice_in_a_row_is_a_fault(axis: str) -> None:
    rig = moments.in_phase("dose", 5)

    def withheld_twice(inputs: Inputs) -> None:
        setattr(inputs, f"{axis}_withheld", 2)

    rig.meddle = withheld_twice
    rig.tick()
    assert faults.names(rig.loop.faults) == [f"{axis}_count"]


# --- contacts that disagree ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["IDLE", "READY", "ARMED", "SHOT", "PRIME", "REWIND"])
@pytest.mark.parametrize(("name", "fault"), [("trigger_nc", "trigger_contacts"), ("contact_a", "skin_contacts")])
def test_contacts_that_disagree_for_more_than_20_ms_are_a_fault_in_every_state(
    state: str, name: str, fault: str
) -> None:
    rig = moments.in_state(state)

    def other(inputs: Inputs) -> None:
        setattr(inputs, name, 1 - getattr(inputs, name))

    rig.meddle = other
    rig.run(30)
    assert rig.state == "FAULT"
    assert faults.names(rig.loop.faults) == [fault]


def test_a_press_right_at_a_disagreement_of_the_skin_contacts_is_no_shot() -> None:
    rig = moments.armed()
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.run(8)

    def half(inputs: Inputs) -> None:
        inputs.contact_b = 0

    rig.meddle = half
    rig.tick()
    rig.meddle = None
    assert moved(rig, 300) == 0
    assert rig.state == "ARMED"
