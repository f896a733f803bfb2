"""The row Code: who has no code can do nothing, and wrong ones cost time."""

from collections.abc import Callable

import pytest

from firmware import inhibits, limits, states
from firmware import settings as rules
from firmware.menu_table import ROWS
from firmware.operators import NOBODY
from host_tests.desk import Desk, armed, entry, fresh, locked, ready, set_up
from tools.simulator.provisioning import CODE

WRONG = 314_159


def refused(device: Desk) -> "list[str]":
    """Why the code was not taken, in words."""
    return rules.refusal_names(device.panel.menu.refusals)


def test_a_device_that_was_switched_on_is_locked_and_asks_for_a_code() -> None:
    device = locked()
    assert device.lines() == [
        "LOCKED     knob: code",
        "LOCKED",
        "Enter your code:",
        "push the knob.",
        "locked",
        "PRODUCT",
        "SETTINGS",
    ]


def test_while_locked_the_menu_is_the_code_and_nothing_else() -> None:
    device = locked()
    device.push()
    assert device.lines() == ["MENU 1/22       --:--", "Code", "--", "0 to 999999", "", "push: change"]
    device.turn(5)
    assert device.lines()[0].startswith("MENU 1/22")
    device.turn(-5)
    assert device.lines()[0].startswith("MENU 1/22")


def test_turning_in_vain_while_locked_rattles() -> None:
    device = locked()
    device.push()
    device.run(200)
    heard: list[int] = []
    device.keys.knob_detents = 1
    for _ in range(100):
        device.tick()
        heard.append(device.panel.look.tone_hz)
    assert 1100 in heard


def test_the_code_is_dialled_digit_by_digit_from_zero() -> None:
    device = locked()
    device.push()
    device.push()
    for place, digit in enumerate(f"{CODE:06d}"):
        assert device.lines()[2:4] == [f"{CODE // 10 ** (6 - place) * 10 ** (6 - place):06d}", " " * (2 * place) + "^^"]
        device.turn(int(digit))
        if place < 5:
            device.push()
    assert device.lines()[2] == "271828"
    assert device.state == "LOCKED"
    device.confirm_shortly()
    assert device.state == "IDLE"
    assert device.loop.operators.current == 0
    assert device.lines()[:3] == ["MENU 2/22       --:--", "Product", "--"]


@pytest.mark.parametrize("code", [WRONG, 0, 999_999, CODE + 1, CODE // 10])
def test_a_wrong_code_is_refused_with_words_and_can_be_corrected(code: int) -> None:
    device = locked()
    device.dial("Code", code)
    assert refused(device) == ["code_wrong"]
    assert device.lines()[-2:] == ["Nobody has this code.", "Try again."]
    assert device.state == "LOCKED"
    device.leave()
    device.dial("Code", CODE)
    assert device.state == "IDLE"


def test_the_code_is_not_kept_where_somebody_could_read_it() -> None:
    device = locked()
    device.dial("Code", CODE)
    device.go_to("Code")
    assert device.lines()[2] == "--"
    device.push()
    assert device.lines()[2] == "000000"
    assert "now --" in device.lines()
    assert CODE not in device.panel.menu.values.values()


def test_five_wrong_codes_lock_everybody_out_for_five_minutes_and_the_page_says_so() -> None:
    device = locked()
    device.dial("Code", WRONG)
    for _ in range(3):
        device.confirm_shortly()
    assert refused(device) == ["code_wrong"]
    device.confirm_shortly()
    assert refused(device) == ["locked_out"]
    assert device.lines()[-2:] == ["Five wrong codes:", "locked for 5 minutes."]
    device.leave()
    device.dial("Code", CODE)
    assert refused(device) == ["locked_out"]
    assert device.state == "LOCKED"
    device.loop.operators.locked_out_ticks = 1000  # two seconds before the end
    device.confirm_shortly()
    assert device.state == "LOCKED"
    device.run(2000)
    device.confirm_shortly()
    assert device.state == "IDLE"


def test_the_five_minutes_are_counted_in_ticks_of_the_panel() -> None:
    device = locked()
    device.dial("Code", WRONG)
    for _ in range(4):
        device.confirm_shortly()
    left_ticks = device.loop.operators.locked_out_ticks
    assert limits.LOCK_OUT_TICKS - 100 < left_ticks < limits.LOCK_OUT_TICKS
    device.run(2000)
    assert left_ticks - device.loop.operators.locked_out_ticks == 1000


def test_while_locked_neither_confirm_nor_trigger_moves_anything() -> None:
    device = locked()
    moved: list[int] = []
    device.watch = lambda _: moved.append(device.outputs.dose_chunk_steps or device.outputs.needle_chunk_steps)
    device.confirm_shortly()
    device.hold_confirm()
    device.run(600)
    device.trigger = 1
    device.run(600)
    device.contact = 1
    device.run(600)
    assert device.state == "LOCKED"
    assert not any(moved)
    assert (device.outputs.dose_enable, device.outputs.needle_enable) == (0, 0)


@pytest.mark.parametrize("made", [set_up, ready], ids=["IDLE", "READY"])
def test_log_out_locks_and_the_next_code_goes_on_where_it_was(made: "Callable[[], Desk]") -> None:
    device = made()
    before = device.state
    device.do("Log out")
    assert device.state == "LOCKED"
    assert device.loop.operators.current == NOBODY
    assert not device.panel.menu.is_open
    assert device.lines()[:2] == ["LOCKED     knob: code", "LOCKED"]
    assert inhibits.LOCKED & device.loop.inhibits
    device.dial("Code", CODE)
    device.run(600)
    assert device.state == before
    assert device.loop.settings.refusals == 0


def test_log_out_is_a_question_that_a_push_answers_with_no() -> None:
    device = fresh()
    device.go_to("Log out")
    device.push()
    assert device.lines()[0] == "push: no CONFIRM: yes"
    assert device.lines()[-2:] == ["the next one needs a", "code of their own"]
    device.push()
    assert device.state == "IDLE"
    assert device.loop.operators.current == 0


def test_nobody_is_logged_out_while_armed() -> None:
    device = armed()
    device.loop.log_out()
    assert device.state == "ARMED"
    assert device.loop.operators.current == 0


def test_a_wrong_code_of_whoever_is_logged_in_logs_nobody_out() -> None:
    device = ready()
    device.dial("Code", WRONG)
    assert refused(device) == ["code_wrong"]
    device.leave()
    device.leave()
    device.run(100)
    assert device.state == "READY"


def test_after_a_fault_the_device_goes_through_locked_and_on_by_itself_for_whoever_is_logged_in() -> None:
    device = armed()
    device.stop = 1
    device.until("FAULT", ms=10)
    device.stop = 0
    device.run(100)
    seen: list[str] = []
    device.watch = lambda _: seen.append(device.state)
    device.confirm_shortly()
    assert list(dict.fromkeys(seen)) == ["FAULT", "LOCKED", "IDLE"]
    assert seen.count("LOCKED") == 1
    assert device.lines()[0] == "NOT ARMED  knob: menu"


def test_after_a_fault_a_device_that_nobody_is_logged_in_at_stays_locked() -> None:
    device = locked()
    device.stop = 1
    device.until("FAULT", ms=10)
    device.stop = 0
    device.run(100)
    device.confirm_shortly()
    device.run(500)
    assert device.state == "LOCKED"


def test_a_device_without_codes_says_that_they_come_by_usb() -> None:
    device = locked()
    device.loop.treatment.products = ()
    device.loop.treatment.stale = 1
    device.run(10)
    assert device.lines()[1:4] == ["NO CODES", "Codes and products", "come by USB."]


def test_service_says_where_the_liquid_goes_and_the_menu_is_closed() -> None:
    device = fresh()
    device.push()
    device.loop.raise_event(states.SERVICE_OPENED)
    device.run(20)
    assert device.state == "SERVICE"
    assert device.lines()[:5] == ["please wait", "SERVICE", "", "Into a vial only,", "never on skin."]
    assert not device.panel.menu.is_open


def test_the_code_is_the_first_row() -> None:
    assert entry("Code") == 0
    assert [ROWS[0].step(place) for place in range(ROWS[0].places)] == [100_000, 10_000, 1_000, 100, 10, 1]
