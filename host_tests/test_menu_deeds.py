"""What can be done at the panel besides setting values: questions that CONFIRM answers."""

import pytest

from firmware import inhibits
from host_tests.desk import armed, chosen, fresh, ready, set_up


def test_a_question_is_answered_with_a_push_for_no() -> None:
    device = chosen()
    patient = device.loop.treatment.patient
    device.go_to("New patient")
    device.push()
    assert device.lines()[0] == "push: no CONFIRM: yes"
    device.turn(3)
    device.push()
    assert device.lines()[0].startswith("MENU")
    assert device.loop.treatment.patient == patient


def test_a_new_patient_gets_a_number_a_new_needle_and_a_zone() -> None:
    device = chosen()
    treatment = device.loop.treatment
    device.loop.drop.delivered = 5
    device.do("New patient")
    assert (treatment.patient, treatment.needle_used, treatment.points_done()) == (2, 1, 0)
    device.do("New needle")
    assert treatment.needle_used == 0


def test_a_new_zone_says_how_many_points_are_short() -> None:
    device = chosen()
    device.dial("Points", 5)
    device.loop.drop.delivered = 3
    device.go_to("New zone")
    assert "2 points short" in device.lines()
    device.loop.drop.delivered = 4
    assert "1 point short" in device.lines()
    device.do("New zone")
    assert device.loop.treatment.points_done() == 0


def test_power_off_wants_the_needle_parked_and_then_takes_power_from_the_motors() -> None:
    device = chosen()
    device.do("Power off")
    assert "Press CONFIRM: needle" in device.lines()
    device.leave()
    device.leave()
    device.confirm_shortly()
    device.until("IDLE")
    device.run(100)
    device.do("Power off")
    assert device.lines()[1] == "SWITCH OFF"
    assert (device.outputs.dose_enable, device.outputs.needle_enable) == (0, 0)
    device.run(500)
    device.turn(1)
    assert device.lines()[:2] == ["NOT ARMED  knob: menu", "SET NEEDLE"]


def test_power_off_with_the_home_switch_open_says_so() -> None:
    device = chosen()
    device.confirm_shortly()
    device.until("IDLE")
    device.meddle = lambda inputs: setattr(inputs, "home", 0)
    device.run(20)
    device.do("Power off")
    # The motor let go of it, so nobody knows where it is.
    assert "Press CONFIRM: needle" in device.lines()


def test_a_new_syringe_is_asked_for_and_confirmed_by_holding() -> None:
    device = chosen()
    device.go_to("New syringe")
    device.push()
    assert "home the needle first" in device.lines()
    device.leave()
    device.leave()
    device.confirm_shortly()
    device.until("IDLE")
    device.inputs.dose_steps += 500
    device.go_to("New syringe")
    device.push()
    assert device.lines()[-2:] == ["old one out, then", "HOLD CONFIRM"]
    device.confirm_shortly()
    assert device.state == "IDLE"
    device.confirm = 1
    device.until("REWIND", ms=2000)
    assert not device.panel.menu.is_open
    device.confirm = 0
    device.until("IDLE")


def test_a_prime_can_be_asked_for_again() -> None:
    device = ready()
    device.do("Prime again")
    device.leave()
    assert device.loop.syringe.primed == 0
    assert device.lines()[1] == "PRIME"


def test_a_question_has_nothing_to_turn() -> None:
    device = chosen()
    device.go_to("New zone")
    device.push()
    before = device.lines()
    device.turn(2)
    assert device.lines() == before
    assert device.panel.menu.value == 0


def test_motors_are_not_let_go_while_armed() -> None:
    device = armed()
    device.loop.release_motors()
    assert (device.outputs.dose_enable, device.outputs.needle_enable) == (1, 1)
    assert device.loop.needle.homed


def test_a_new_syringe_where_nothing_is_to_go_back_closes_the_question() -> None:
    device = set_up()
    device.confirm_shortly()
    device.until("IDLE")
    device.run(100)
    device.go_to("New syringe")
    device.push()
    device.confirm = 1
    device.run(900)
    heard: set[int] = set()
    for _ in range(200):
        device.tick()
        heard.add(device.panel.look.tone_hz)
    assert heard == {0, 2000}  # a click, and no rattle
    assert not device.panel.menu.editing
    assert device.state == "IDLE"


def test_a_new_syringe_that_cannot_be_had_now_says_why() -> None:
    device = set_up()
    device.go_to("New syringe")
    device.push()
    device.confirm = 1
    device.run(1200)
    assert device.panel.menu.obstacles == inhibits.NOT_HOMED
    assert "Press CONFIRM: needle" in device.lines()
    device.confirm = 0
    device.leave()
    device.leave()
    device.confirm_shortly()
    device.until("IDLE")
    device.contact = 1
    device.run(700)
    device.go_to("New syringe")
    device.push()
    assert "lift off the skin" in device.lines()
    device.confirm = 1
    device.run(1200)
    assert device.panel.menu.editing
    assert device.state == "IDLE"


def test_holding_confirm_on_a_value_takes_nothing() -> None:
    device = ready()
    device.go_to("Dose")
    device.push()
    device.turn(2)
    device.confirm = 1
    device.run(1500)
    device.confirm = 0
    device.run(40)
    assert device.panel.menu.editing
    assert device.loop.settings.dose_nl == 10_000


@pytest.mark.parametrize("name", ["New patient", "New needle", "New zone", "Prime again"])
def test_a_question_that_was_answered_is_closed_and_names_no_obstacle(name: str) -> None:
    device = chosen()
    device.do(name)
    menu = device.panel.menu
    assert (menu.is_open, menu.editing, menu.obstacles, menu.refusals) == (1, 0, 0, 0)
    assert device.lines()[0].startswith("MENU")


def test_another_prime_can_be_asked_for() -> None:
    device = ready()
    device.do("Prime again")
    device.run(600)
    assert inhibits.names(device.loop.inhibits) == ["not_primed"]


def test_a_zone_that_is_complete_or_without_plan_has_no_points_short() -> None:
    for points in (0, 5):
        device = ready(points=points)
        device.loop.drop.delivered = 5
        device.go_to("New zone")
        assert not any("short" in line for line in device.lines())


def test_a_new_syringe_asks_for_nothing_more_when_nothing_is_in_its_way() -> None:
    device = ready()
    device.go_to("New syringe")
    device.push()
    assert device.lines()[-3:] == ["", "old one out, then", "HOLD CONFIRM"]


def test_an_obstacle_is_named_until_the_question_is_left() -> None:
    device = chosen()
    device.do("Power off")
    assert "Press CONFIRM: needle" in device.lines()
    device.push()
    assert "Press CONFIRM: needle" not in device.lines()
    device.push()
    device.confirm_shortly()
    assert "Press CONFIRM: needle" in device.lines()
    device.turn(1)
    assert "motors off, needle" in device.lines()


def test_a_new_patient_is_asked_for_with_what_this_one_has_had() -> None:
    device = ready()
    device.loop.drop.total_most_nl = 12_345_678
    device.go_to("New patient")
    assert "12.34 of 20.00 ml" in device.lines()
    device.do("New patient")
    assert "0.00 of 20.00 ml" in device.lines()


def test_a_new_needle_is_asked_for_with_how_often_this_one_may_still_go_in() -> None:
    device = ready()
    device.loop.drop.number += 100
    device.go_to("New needle")
    assert "20 punctures left" in device.lines()
    device.do("New needle")
    assert "120 punctures left" in device.lines()
    unknown = fresh()
    unknown.go_to("New needle")
    assert not any("punctures" in line for line in unknown.lines())
