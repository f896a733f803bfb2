"""Latched faults at the loop: they stay until the cause is gone, the needle home and CONFIRM pressed."""

import pytest

from firmware import faults, inhibits
from firmware.image import Inputs
from host_tests import moments
from host_tests.rig import Rig


def stopped(rig: Rig) -> Rig:
    """After a press of the emergency stop, released again."""
    rig.stop = 1
    rig.run(300)
    rig.stop = 0
    rig.run(100)
    return rig


def test_a_fault_stays_when_its_cause_is_gone() -> None:
    rig = stopped(moments.armed())
    rig.run(3_000)
    assert rig.state == "FAULT"
    assert faults.names(rig.loop.faults) == ["stop_pressed"]


def test_a_fault_is_left_by_confirm_with_the_cause_gone_and_the_needle_home() -> None:
    rig = stopped(moments.armed())
    rig.confirm_shortly()
    assert rig.state == "IDLE"
    assert rig.loop.faults == 0


def test_confirm_does_not_leave_a_fault_while_its_cause_lasts() -> None:
    rig = moments.armed()
    rig.stop = 1
    rig.run(300)
    rig.confirm_shortly()
    assert rig.state == "FAULT"


def test_confirm_does_not_leave_a_fault_with_the_needle_out() -> None:
    rig = stopped(moments.armed())

    def home_switch_open(inputs: Inputs) -> None:
        inputs.home = 0

    rig.meddle = home_switch_open
    rig.confirm_shortly()
    assert rig.state == "FAULT"


@pytest.mark.parametrize("control", ["trigger_no", "contact_a"])
def test_confirm_does_not_leave_a_fault_while_two_contacts_disagree(control: str) -> None:
    rig = moments.armed()

    def one_closed(inputs: Inputs) -> None:
        setattr(inputs, control, 1)

    rig.meddle = one_closed
    rig.run(100)
    assert rig.state == "FAULT"
    rig.confirm_shortly()
    assert rig.state == "FAULT"
    rig.meddle = None
    rig.run(20)
    rig.confirm_shortly()
    assert rig.state == "IDLE"


def test_after_a_fault_the_device_must_be_homed_and_primed_again() -> None:
    rig = stopped(moments.armed())
    rig.confirm_shortly()
    assert inhibits.names(rig.loop.inhibits) == ["not_homed", "not_primed"]
    rig.make_ready()
    rig.arm()
    rig.press()
    assert rig.loop.drop.reported_nl == pytest.approx(10_000, abs=500)


def test_two_faults_of_the_same_tick_are_both_latched() -> None:
    rig = moments.shooting()

    def one_contact_lost(inputs: Inputs) -> None:
        inputs.contact_b = 0

    rig.meddle = one_contact_lost
    rig.run(20)
    assert rig.state == "SHOT"
    rig.stop = 1
    rig.tick()
    assert faults.names(rig.loop.faults) == ["stop_pressed", "skin_contacts"]


def test_a_new_press_in_fault_moves_nothing() -> None:
    rig = stopped(moments.armed())
    moved: list[int] = []
    rig.watch = lambda rig: moved.append(abs(rig.outputs.dose_chunk_steps) + abs(rig.outputs.needle_chunk_steps))
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.run(400)
    assert rig.state == "FAULT"
    assert sum(moved) == 0
    assert rig.outputs.dose_enable == rig.outputs.needle_enable == 0
