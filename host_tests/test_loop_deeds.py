"""What the loop does with a shot, a prime and a rewind, and when something fails."""

import pytest

from firmware import drop, faults, inhibits, journal_ring, shot, states, tone
from firmware.image import Inputs, Outputs
from firmware.syringe import PRIMED
from host_tests import moments
from host_tests.inside import numbers, say
from tools.journal.kinds import DROP

# --- the shot -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trigger", "contact", "cause"),
    [(0, 1, drop.RELEASED), (1, 0, drop.CONTACT_LOST), (0, 0, drop.RELEASED)],
)
def test_a_drop_is_given_up_once_for_what_ended_it_and_its_way_out_is_timed(
    trigger: int, contact: int, cause: int
) -> None:
    rig = moments.in_phase("dose", 10)
    rig.trigger, rig.contact = trigger, contact
    rig.tick()
    assert rig.loop.drop.cause == cause
    assert rig.loop.gate.withdrawing_ticks == 1
    rig.trigger = rig.contact = 0
    for tick in range(2, 10):
        rig.tick()
        assert (rig.loop.gate.withdrawing_ticks, rig.loop.shot.ticks) == (tick, tick)
    assert rig.loop.drop.cause == cause


def test_a_burst_whose_disinfection_has_expired_ends_between_two_drops() -> None:
    wanted = {"mode": "burst", "burst_count": 3, "rate_mhz": 500}
    for stands in (True, False):
        rig = moments.in_phase("wait", 2, moments.shooting(wanted))
        if not stands:
            rig.loop.treatment.disinfection.forget()
        rig.tick()
        assert moments.phase_of(rig) == ("wait" if stands else "withdraw")
        assert rig.loop.drop.cause == 0
    rig = moments.in_phase("dose", 2, moments.shooting(wanted))
    rig.loop.treatment.disinfection.forget()
    rig.tick()
    assert moments.phase_of(rig) == "dose"  # a drop that has begun is finished


def test_after_a_shot_the_minute_begins_anew_and_the_tone_says_how_it_went() -> None:
    for trigger, sound in ((1, tone.DONE), (0, tone.ABORTED)):
        rig = moments.in_phase("dose", 10)
        rig.trigger = trigger
        rig.loop.controls.armed_us = 0
        rig.until("ARMED")
        assert rig.loop.controls.armed_us == (rig.now_us - 2_000) & 0x3FFFFFFF
        assert rig.loop.tone.code == sound
        assert (rig.outputs.needle_enable, rig.loop.needle.homed) == (1, 1)


# --- prime and rewind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("trigger", "contact"), [(0, 0), (1, 1), (0, 1)])
def test_a_prime_ends_in_the_tick_in_which_it_is_let_go_or_something_is_touched(trigger: int, contact: int) -> None:
    rig = moments.in_state("PRIME")
    assert rig.outputs.dose_chunk_steps > 0
    rig.trigger, rig.contact = trigger, contact
    ticks = rig.loop.prime.ticks
    rig.tick()
    assert (rig.state, rig.outputs.dose_chunk_steps) == ("IDLE", 0)
    assert (rig.loop.tone.code, rig.loop.prime.ticks, rig.loop.syringe.primed) == (tone.ABORTED, ticks, 0)


def test_a_prime_that_is_done_is_remembered_with_the_resistance_it_found() -> None:
    rig = moments.in_state("PRIME")
    rig.until("IDLE", ms=30_000)
    loop = rig.loop
    assert loop.syringe.primed == PRIMED
    assert loop.fluid.resistance_pa_per_nl == loop.prime.resistance_pa_per_nl > 1
    assert loop.tone.code == tone.DONE


def let_all_pass(inputs: Inputs, outputs: Outputs, state: int) -> int:
    """In place of the gate's check, to see what it is asked for."""
    return 0


def test_rewinding_ends_where_a_full_syringe_begins_and_in_the_tick_of_a_touch() -> None:
    for left_steps in (-2, -1, 0, 1):
        rig = moments.in_state("REWIND")
        rig.inputs.dose_steps -= rig.inputs.dose_steps + left_steps
        back_steps = rig.loop.syringe.back_steps(rig.inputs.dose_steps)
        rig.loop.gate.check = let_all_pass
        rig.sample()
        rig.loop.tick(rig.now_us & 0x3FFFFFFF)
        assert rig.outputs.dose_chunk_steps == min(back_steps, 0)
        assert rig.state == ("REWIND" if back_steps < 0 else "IDLE")
    rig = moments.in_state("REWIND")
    rig.contact = 1
    rig.loop.gate.check = let_all_pass
    rig.tick()
    assert (rig.state, rig.outputs.dose_chunk_steps) == ("IDLE", 0)  # the gate need not remove anything


# --- failing ------------------------------------------------------------------------------------------------------


def test_a_fault_ends_power_motion_and_everything_that_was_known_and_is_written_down_once() -> None:
    rig = moments.in_phase("dose", 20)
    loop = rig.loop
    written = rig.journal.written
    say(rig, dose_driver_bad=1)
    rig.tick()
    assert rig.state == "FAULT"
    outputs = rig.outputs
    assert (outputs.dose_chunk_steps, outputs.needle_chunk_steps) == (0, 0)
    assert (outputs.dose_enable, outputs.needle_enable) == (0, 0)
    assert loop.faults == loop.shot.fault == faults.DRIVER
    assert (loop.needle.homed, loop.syringe.primed, loop.scale.fresh) == (0, 0, 0)
    assert loop.treatment.disinfection.stage == 0
    assert loop.tone.code == tone.FAULT
    assert loop.shot.phase == shot.IDLE
    assert (loop.drop.result, loop.drop.cause) == (drop.FAULT, drop.FAULTED)
    assert [rig.journal.newest(back)[1:] for back in (2, 1, 0)] == [
        (journal_ring.FAULTS, states.SHOT, faults.DRIVER),
        (journal_ring.TAKEN, states.SHOT, states.FAULTED),
        (DROP, 1, 10_000),
    ]
    assert rig.journal.written >= written + 3


def test_faults_add_up_and_only_new_ones_are_written_down() -> None:
    rig = moments.in_state("PRIME")
    loop = rig.loop
    fail = loop._fail  # type: ignore[reportPrivateUsage]
    loop.outputs.dose_chunk_steps = loop.outputs.needle_chunk_steps = 5
    fail(faults.DRIVER)
    assert (loop.outputs.dose_chunk_steps, loop.outputs.needle_chunk_steps) == (0, 0)
    assert loop.drop.result == drop.NONE
    for found, news in ((faults.DRIVER, 0), (faults.SUPPLY | faults.DRIVER, 1), (faults.SUPPLY, 0)):
        written = rig.journal.written
        fail(found)
        assert rig.journal.written == written + news + 1  # the event itself is not for FAULT
    assert loop.faults == faults.DRIVER | faults.SUPPLY


def test_a_fault_outside_a_shot_leaves_the_last_drop_as_it_was() -> None:
    rig = moments.armed()
    rig.press()
    record = numbers(rig.loop.drop)
    rig.loop.shot.fault = 0
    rig.stop = 1
    rig.tick()
    assert rig.state == "FAULT"
    assert numbers(rig.loop.drop) == record
    assert rig.loop.shot.fault == 0


def test_an_unfit_device_is_one_whose_sensors_supply_contacts_or_calibration_are() -> None:
    unfit = inhibits.SUPPLY_RANGE | inhibits.SENSOR_RANGE | inhibits.CONTACTS_DISAGREE | inhibits.CALIBRATION_BAD
    for bit in range(30):
        assert inhibits.unfit(1 << bit) == bool(unfit & 1 << bit)
    assert not inhibits.unfit(0)
