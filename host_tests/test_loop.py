"""A device's day, as the clinician sees it: states, tones, and what a press does where."""

import pytest

from firmware import faults, inhibits
from firmware.image import Inputs
from host_tests import moments
from host_tests.rig import Rig


def moved(rig: Rig, ms: int) -> int:
    """Steps of both axes in that time."""
    steps: list[int] = []
    rig.watch = lambda rig: steps.append(abs(rig.outputs.dose_chunk_steps) + abs(rig.outputs.needle_chunk_steps))
    rig.run(ms)
    rig.watch = None
    return sum(steps)


def test_power_on_goes_through_a_self_test_to_idle_and_powers_nothing() -> None:
    rig = moments.new_rig()
    seen: list[str] = []

    def watch(rig: Rig) -> None:
        seen.append(rig.state)
        assert (rig.outputs.dose_enable, rig.outputs.needle_enable) == (0, 0)

    rig.watch = watch
    rig.until("IDLE")
    assert [state for tick, state in enumerate(seen) if state not in seen[:tick]] == ["SELF_TEST", "LOCKED", "IDLE"]
    assert len(seen) == 27  # 50 ms, and the doctor who was logged in before
    assert moved(rig, 1000) == 0


def test_a_device_without_settings_tests_itself_homes_and_stays_idle() -> None:
    rig = Rig(moments.new_rig().plant, None)
    assert rig.loop.propose({}) != 0
    rig.until("IDLE")
    rig.confirm_shortly()
    rig.run(600)
    rig.trigger = 1
    assert moved(rig, 500) == 0
    assert rig.state == "IDLE"
    assert "not_homed" not in inhibits.names(rig.loop.inhibits)


# --- homing -------------------------------------------------------------------------------------------------------


def far_out(rig: Rig, um: int) -> None:
    """Somebody has moved the needle while the device was off."""
    for _ in range(um // 100):
        rig.plant.advance(10_000, 0, 20)


def test_homing_goes_outward_slowly_until_the_switch_closes() -> None:
    rig = moments.new_rig()
    rig.until("IDLE")
    far_out(rig, 3_000)
    assert rig.plant.needle_um > 500
    chunks: list[int] = []
    rig.watch = lambda rig: chunks.append(rig.outputs.needle_chunk_steps)
    rig.confirm = 1
    rig.spring = False  # it is broken, or the needle would be home before
    rig.run(100)
    rig.confirm = 0
    rig.until("HOMING", ms=100)
    rig.until("IDLE", ms=5000)
    assert rig.plant.home
    assert min(chunks) == -10
    assert max(chunks) == 0
    assert rig.loop.needle.homed


def test_a_home_switch_that_never_closes_is_a_fault_after_the_whole_travel() -> None:
    rig = moments.new_rig()
    rig.until("IDLE")
    chunks: list[int] = []
    rig.watch = lambda rig: chunks.append(rig.outputs.needle_chunk_steps)

    def never(inputs: Inputs) -> None:
        inputs.home = 0

    rig.meddle = never
    rig.confirm_shortly()
    rig.until("FAULT", ms=5000)
    assert faults.names(rig.loop.faults) == ["not_home"]
    assert 15_000 <= -5 * sum(chunks) <= 16_500


def test_once_homed_confirm_in_idle_does_nothing() -> None:
    rig = moments.new_rig()
    rig.until("IDLE")
    rig.confirm_shortly()
    rig.until("IDLE")
    rig.confirm = 1
    rig.run(100)
    rig.confirm = 0
    assert moved(rig, 100) == 0
    assert rig.state == "IDLE"


# --- arming -------------------------------------------------------------------------------------------------------


def test_a_device_arms_by_confirm_and_disarms_by_confirm() -> None:
    rig = moments.ready()
    rig.confirm_shortly()
    assert rig.state == "ARMED"
    rig.confirm_shortly()
    assert rig.state == "READY"


def test_sixty_seconds_without_a_shot_disarm() -> None:
    rig = moments.armed()
    rig.now_us += 59_900_000
    rig.tick()
    assert rig.state == "ARMED"
    rig.now_us += 100_000
    rig.run(10)
    assert rig.state == "READY"


def test_the_sixty_seconds_start_anew_after_each_shot() -> None:
    rig = moments.armed()
    rig.now_us += 50_000_000
    rig.press()
    rig.now_us += 59_000_000
    rig.tick()
    assert rig.state == "ARMED"


def test_an_armed_device_does_not_shoot_off_the_skin() -> None:
    rig = moments.armed()
    rig.trigger = 1
    assert moved(rig, 500) == 0
    assert rig.state == "ARMED"


def test_a_trigger_held_before_contact_does_not_shoot_when_contact_comes() -> None:
    rig = moments.armed()
    rig.trigger = 1
    rig.run(100)
    rig.contact = 1
    assert moved(rig, 500) == 0
    assert (rig.state, rig.loop.drop.number) == ("ARMED", 0)


def test_a_trigger_still_held_after_a_shot_starts_no_second_one() -> None:
    rig = moments.shooting()
    rig.until("ARMED")
    assert moved(rig, 2000) == 0
    assert rig.loop.drop.number == 1


@pytest.mark.parametrize("contact", [0, 1])
def test_a_press_in_ready_is_no_shot(contact: int) -> None:
    rig = moments.ready()
    rig.contact = contact
    rig.run(100)
    rig.trigger = 1
    rig.run(200)
    assert rig.loop.drop.number == 0
    assert rig.state == "IDLE"  # held


def test_confirm_during_a_shot_changes_nothing() -> None:
    rig, undisturbed = moments.shooting(), moments.shooting()
    rig.run(40)
    undisturbed.run(40)
    rig.confirm_shortly()
    undisturbed.run(120)
    assert rig.state == undisturbed.state == "SHOT"
    assert rig.plant.delivered_nl == undisturbed.plant.delivered_nl


# --- tones --------------------------------------------------------------------------------------------------------


def heard(rig: Rig, ms: int) -> "set[int]":
    """The tones of that time."""
    tones: set[int] = set()
    rig.watch = lambda rig: tones.add(rig.outputs.tone)
    rig.run(ms)
    return tones - {0}


def test_a_delivered_drop_sounds_done_an_aborted_one_aborted_a_fault_fault() -> None:
    delivered = moments.shooting()
    assert heard(delivered, 1500) == {1}
    aborted = moments.in_phase("dose", 5)
    aborted.trigger = 0
    assert heard(aborted, 1500) == {2}
    failed = moments.in_phase("dose", 5)
    failed.stop = 1
    assert heard(failed, 1500) == {3}


def test_a_tone_ends() -> None:
    rig = moments.armed()
    rig.press()
    rig.run(400)
    assert rig.outputs.tone == 0
