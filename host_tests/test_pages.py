"""The pages of the display: which one is shown in which state, and what it says."""

# Faults are made by hand, and rows are asked for one by one.
# pyright: reportPrivateUsage=false

import pytest

from firmware import faults, pages, states
from firmware.look import COLUMNS
from host_tests.desk import Desk, armed, ready, set_up, stopped
from host_tests.rig import plant_params, settings
from tools.simulator.plant import Plant


def test_a_device_that_is_not_armed_says_what_to_do_first_and_what_next() -> None:
    device = set_up()
    assert device.lines() == [
        "NOT ARMED  knob: menu",
        "SET NEEDLE",
        "Press CONFIRM: needle",
        "moves to its place.",
        "not_homed",  # its word, for whoever is asked on the telephone
        "PRIME",  # what comes next
        "",
    ]


def test_the_working_page_shows_dose_depth_progress_and_what_the_next_press_needs() -> None:
    device = ready(points=50)
    assert device.lines()[:4] == ["READY    CONFIRM arms", "10.000 ul", "1.000 mm", "done 0/50"]
    device.arm()
    assert device.lines()[:4] == ["ARMED   press on skin", "10.000 ul", "1.000 mm", "HOLD 0/50"]


def test_with_hundreds_of_points_the_word_or_the_plan_gives_way() -> None:
    device = ready(points=150)
    device.loop.drop.delivered = 99
    assert device.lines()[3] == "99/150"
    device.arm()
    assert device.lines()[3] == "HOLD 99"


def test_after_a_drop_the_last_row_tells_of_it_then_of_pace_then_of_the_syringe() -> None:
    device = armed(points=50)
    drop = device.press()
    device.run(20)
    error = ((drop.reported_nl - 10_000) * 2000 // 10_000 + 1) // 2 / 10
    assert device.lines()[4] == f"last {drop.reported_nl / 1000:.3f} ul {error:+.1f}%"
    device.run(2000)
    assert device.lines()[4].endswith("/min, 49 to go")
    device.run(2000)
    used_ml = device.loop.syringe.used_steps(device.inputs.dose_steps) * 5.422e-6
    words = device.lines()[4].split()
    assert (words[0], words[2]) == ("used", "left")
    assert float(words[1]) == pytest.approx(used_ml, abs=0.011)
    assert float(words[3].removesuffix("ml")) == pytest.approx(1 - used_ml, abs=0.011)


def test_a_pause_says_how_many_points_are_short() -> None:
    device = armed(points=3)
    device.press()
    device.confirm_shortly()
    shown = [device.lines()[4] for _ in range(300)]
    assert any(line.endswith("/min, 2 short") for line in shown)


def test_pace_points_and_millilitres_are_those_of_the_zone() -> None:
    device = ready(points=50)
    device.loop.drop.delivered = 30
    device.loop.treatment.worked_ms = 120_000
    device.inputs.dose_steps = 92_217
    shown = {device.lines()[4] for _ in range(300)}
    assert shown == {"15/min, 20 short", "used 0.50 left 0.50ml"}


def test_without_a_plan_only_the_pace_is_told() -> None:
    device = armed()
    device.press()
    shown = {device.lines()[4] for _ in range(300)}
    assert any(line.endswith("/min") for line in shown)


def test_before_the_first_drop_without_a_plan_there_is_no_pace_to_tell() -> None:
    device = ready()
    shown = {device.lines()[4] for _ in range(300)}
    assert all(line.startswith("used ") for line in shown)


def test_an_abandoned_drop_says_how_many_microlitres_went_in() -> None:
    device = stopped()
    drop = device.loop.drop
    assert drop.reported_nl > 1_000
    assert device.lines()[4] == f"stopped: {drop.reported_nl // 10 / 100:.2f} ul in"


@pytest.mark.parametrize(("syringe", "decimals"), [("1ml", 2), ("5ml", 2), ("10ml", 1)])
def test_millilitres_of_every_syringe_fit(syringe: str, decimals: int) -> None:
    device = Desk(Plant(plant_params(syringe), 1), settings(syringe=syringe, dose_nl=50_000))
    device.until("IDLE")
    device.loop.state = states.READY
    device.loop.inhibits = 0
    look = device.panel.look
    content_steps = device.loop.settings.calibration.content_steps
    for used_steps in (0, content_steps // 2, content_steps):
        device.inputs.dose_steps = used_steps
        device.panel._state = states.READY
        device.panel._turn = 2
        device.panel._turn_ticks = 0
        device.panel._row = 7
        device.panel._write_row()
        words = bytes(look.text[7 * COLUMNS :]).decode().split()
        assert len(words[1].split(".")[1]) == decimals
        assert float(words[1]) + float(words[3].removesuffix("ml")) == pytest.approx(float(syringe[:-2]), abs=0.11)
    assert not look.cut


@pytest.mark.parametrize(("state", "title"), [("HOMING", "NEEDLE"), ("PRIME", "PRIME"), ("REWIND", "REWIND")])
def test_what_moves_by_itself_says_so(state: str, title: str) -> None:
    device = ready()
    if state == "HOMING":
        device.loop.release_motors()
        device.run(10)
        device.meddle = lambda inputs: setattr(inputs, "home", 0)
        device.confirm_shortly()
    elif state == "PRIME":
        device.loop.treatment.unprime()
        device.run(600)
        device.trigger = 1
        device.until("PRIME", ms=100)
    else:
        device.inputs.dose_steps += 20_000  # a way to go
        device.run(10)
        device.go_to("New syringe")
        device.push()
        device.confirm = 1
        device.until("REWIND", ms=2000)
    assert device.state == state
    lines = device.lines()
    assert lines[:2] == ["keep holding" if state == "PRIME" else "please wait", title]
    assert lines[3]


def test_the_first_moments_after_power_on_show_the_self_test() -> None:
    device = Desk(Plant(plant_params(), 1))
    assert device.lines()[1] == "SELF TEST"


def test_a_fault_says_what_happened_what_was_done_and_what_to_do() -> None:
    device = armed()
    device.stop = 1
    device.until("FAULT", ms=10)
    assert device.lines() == [
        "FAULT",
        "STOP",
        "STOP was pressed.",
        "Motors have no power.",
        "stop_pressed",
        "Lift. Release STOP.",
        "Then press CONFIRM.",
    ]


def test_the_knob_turns_from_fault_to_fault_the_worst_one_first() -> None:
    device = armed()
    device.loop._fail(faults.STOP_PRESSED | faults.DEPTH_EXCEEDED)
    assert device.lines()[:2] == ["FAULT 1 turn:more", "TOO DEEP"]
    device.turn(1)
    assert device.lines()[:2] == ["FAULT 2 turn:more", "STOP"]
    device.turn(1)
    assert device.lines()[1] == "STOP"
    device.turn(-1)
    assert device.lines()[1] == "TOO DEEP"
    device.turn(-1)
    assert device.lines()[1] == "TOO DEEP"


def test_the_page_of_a_fault_that_has_gone_is_not_left_standing() -> None:
    device = armed()
    device.loop._fail(faults.STOP_PRESSED)
    device.run(200)
    device.confirm_shortly()
    assert device.state == "IDLE"
    assert device.lines()[0].startswith("NOT ARMED")


def test_the_page_of_a_fault_that_is_not_there_is_blank() -> None:
    device = armed()
    device.loop._fail(faults.STOP_PRESSED)
    look = device.panel.look
    for row in (1, 3, 4, 5, 6, 7):
        pages.fault(look, row, device.loop, 1)
        assert bytes(look.text[row * COLUMNS : (row + 1) * COLUMNS]).strip() == b""
