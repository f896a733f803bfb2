"""Hands that err and parts that fail: what the panel and the device then must not do."""

# Faults are made by hand.
# pyright: reportPrivateUsage=false

import pytest

from firmware import faults, inhibits, states
from host_tests.desk import Desk, armed, chosen, ready


def words(device: Desk) -> "list[str]":
    """Why it is not armed."""
    return inhibits.names(device.loop.inhibits)


# --- CONFIRM answers what stood there when it went down -----------------------------------------------------------


def test_confirm_that_went_down_on_a_question_does_not_arm_when_the_question_is_gone() -> None:
    device = ready()
    device.go_to("New patient")
    device.push()
    device.confirm = 1
    device.run(60)
    device.push()  # no
    device.confirm = 0
    device.run(40)
    assert device.state == "READY"
    assert device.loop.treatment.patient == 1


def test_confirm_that_went_down_before_a_question_was_open_does_not_answer_it() -> None:
    device = ready()
    device.go_to("New patient")
    device.confirm = 1
    device.run(60)
    device.push()
    device.confirm = 0
    device.run(40)
    assert device.loop.treatment.patient == 1
    assert device.panel.menu.editing
    device.confirm_shortly()
    assert device.loop.treatment.patient == 2


def test_neither_does_it_while_the_device_is_not_ready_anyway() -> None:
    device = chosen()
    device.go_to("New patient")
    device.confirm = 1
    device.run(60)
    device.push()
    device.confirm = 0
    device.run(40)
    assert device.loop.treatment.patient == 1
    device.confirm = 1
    device.run(60)
    device.push()  # no
    device.push()  # and asked anew
    device.confirm = 0
    device.run(40)
    assert device.loop.treatment.patient == 1


def test_confirm_held_before_a_new_syringe_is_asked_for_rewinds_nothing() -> None:
    device = ready()
    device.go_to("New syringe")
    device.confirm = 1
    device.run(300)
    device.push()
    device.run(3000)
    assert device.state == "IDLE"
    device.confirm = 0
    device.run(40)
    device.confirm = 1
    device.until("REWIND", ms=1200)


def test_a_value_turned_under_confirm_is_not_taken_unseen() -> None:
    device = ready()
    device.go_to("Dose")
    device.push()
    device.confirm = 1
    device.run(100)
    device.keys.knob_detents = 1
    device.confirm = 0
    device.run(40)
    assert device.loop.settings.dose_nl == 10_000
    assert device.lines()[2] == "011.000 ul"
    device.confirm_shortly()
    assert device.loop.settings.dose_nl == 11_000


def test_confirm_that_was_to_disarm_does_not_arm_again_when_the_time_is_up_first() -> None:
    device = armed()
    device.loop.controls.armed_us = device.now_us - 59_900_000 & 0x3FFFFFFF
    device.confirm = 1
    device.until("READY", ms=1000)
    device.run(60)
    device.confirm = 0
    device.run(60)
    assert device.state == "READY"


@pytest.mark.parametrize("early_ticks", range(6))
def test_confirm_let_go_about_when_the_time_is_up_leaves_the_device_disarmed(early_ticks: int) -> None:
    device = armed()
    device.loop.controls.armed_us = device.now_us - 59_900_000 + 2000 * early_ticks & 0x3FFFFFFF
    device.confirm = 1
    device.run(100)
    device.confirm = 0
    device.run(40)
    assert device.state == "READY"


def test_confirm_that_went_down_while_not_ready_does_not_arm() -> None:
    device = ready()
    device.contact = device.trigger = 1
    device.run(100)
    assert words(device) == ["trigger_held"]
    device.confirm = 1
    device.run(100)
    device.trigger = 0
    device.run(100)
    assert device.state == "READY"
    device.confirm = 0
    device.run(40)
    assert device.state == "READY"


def test_confirm_that_went_down_before_a_fault_does_not_clear_it_unread() -> None:
    device = armed()
    device.confirm = 1
    device.run(60)
    device.loop._fail(faults.BUBBLE)
    device.run(60)
    device.confirm = 0
    device.run(40)
    assert device.state == "FAULT"
    device.confirm_shortly()
    assert device.state == "IDLE"


def test_confirm_pressed_in_a_shot_still_disarms_after_it() -> None:
    device = armed()
    device.contact = 1
    device.run(100)
    device.trigger = 1
    device.until("SHOT")
    device.confirm = 1
    device.run(60)
    device.trigger = 0
    device.until("ARMED")
    device.confirm = 0
    device.run(20)
    assert device.state == "READY"


def test_taking_a_value_with_two_quick_presses_does_not_arm() -> None:
    device = ready()
    device.go_to("Dose")
    device.push()
    device.confirm_shortly()
    device.run(200)
    device.confirm_shortly()
    device.run(500)
    assert (device.state, words(device)) == ("READY", [])
    device.confirm_shortly()
    assert device.state == "ARMED"


def test_a_second_press_that_outlasts_the_half_second_does_not_arm_either() -> None:
    device = ready()
    device.go_to("Dose")
    device.push()
    device.confirm_shortly()
    device.run(400)
    device.confirm = 1
    device.run(300)
    device.confirm = 0
    device.run(40)
    assert device.state == "READY"


def test_where_confirm_arms_from_the_menu_the_menu_says_so() -> None:
    device = ready()
    device.go_to("Dose")
    assert device.lines()[-2] == "CONFIRM: arm"
    device.push()
    assert "CONFIRM: arm" not in device.lines()
    device.leave()
    device.loop.treatment.unprime()
    device.run(20)
    assert "CONFIRM: arm" not in device.lines()


# --- the knob's push ----------------------------------------------------------------------------------------------


def test_a_push_that_began_before_the_alarm_does_not_silence_it() -> None:
    device = ready()
    device.keys.knob_pushed = 1
    device.run(60)
    device.loop._fail(faults.DEPTH_EXCEEDED)
    device.run(40)
    device.keys.knob_pushed = 0
    device.run(40)
    assert device.panel.signals.pause_ticks == 0
    device.push()
    assert device.panel.signals.pause_ticks > 0


def test_a_push_that_began_before_arming_opens_no_menu_after_it() -> None:
    device = ready()
    device.confirm = 1
    device.run(60)
    device.keys.knob_pushed = 1
    device.run(30)
    device.confirm = 0
    device.until("ARMED", ms=40)
    device.run(200)
    device.keys.knob_pushed = 0  # not sampled while armed
    device.confirm_shortly()
    device.run(100)
    assert device.state == "READY"
    assert not device.panel.menu.is_open


@pytest.mark.parametrize("ticks", [1, 10, 499, 600])
def test_a_knob_pushed_through_arming_is_forgotten(ticks: int) -> None:
    device = ready()
    device.keys.knob_pushed = 1
    for _ in range(ticks):
        device.tick()
    device.keys.knob_pushed = 0
    device.reserve()
    device.loop.raise_event(states.CONFIRMED)
    device.run(40)
    assert device.state == "ARMED"
    device.confirm_shortly()
    device.run(100)
    assert not device.panel.menu.is_open


# --- a panel that fails -------------------------------------------------------------------------------------------


def test_what_the_display_cannot_show_is_not_answered() -> None:
    device = ready()
    device.go_to("Dose")
    device.push()
    device.turn(1)
    device.keys.panel_bad = 1
    device.confirm_shortly()
    device.turn(3)
    device.push()
    device.push()
    device.confirm_shortly()
    assert device.loop.settings.dose_nl == 10_000
    device.keys.panel_bad = 0
    device.run(40)
    assert not device.panel.menu.is_open
    assert device.state == "READY"


def test_a_knob_under_a_dead_display_makes_no_sound_as_if_it_did_something() -> None:
    device = ready()
    device.keys.panel_bad = 1
    device.run(10)
    device.keys.knob_detents = 1
    for _ in range(100):
        device.tick()
        assert device.panel.look.tone_hz == 0


def test_a_new_syringe_asked_for_on_a_dead_display_rewinds_nothing() -> None:
    device = ready()
    device.go_to("New syringe")
    device.push()
    device.keys.panel_bad = 1
    device.run(10)
    device.confirm = 1
    device.run(3000)
    assert device.state == "IDLE"


def test_an_alarm_can_be_paused_although_the_display_is_dead() -> None:
    device = ready()
    device.keys.panel_bad = 1
    device.loop._fail(faults.STOP_PRESSED)
    device.run(10)
    device.push()
    assert device.panel.signals.pause_ticks > 0
