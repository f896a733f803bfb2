"""The panel: what it says and sounds, what knob and CONFIRM do, and what they never do."""

# Faults are made by hand, and rows are asked for one by one.
# pyright: reportPrivateUsage=false

import pytest

from firmware import alarms, faults, inhibits
from firmware.look import COLUMNS, ROWS
from host_tests.desk import Desk, armed, ready


def lamp(device: Desk) -> "tuple[int, int, int]":
    """Red, green, blue as lit, 0 or 1."""
    look = device.panel.look
    return (int(look.red > 0), int(look.green > 0), int(look.blue > 0))


def heard(device: Desk, ms: int) -> "set[int]":
    """The pitches heard in that time."""
    pitches: set[int] = set()
    for _ in range(ms // 2):
        device.tick()
        pitches.add(device.panel.look.tone_hz)
    return pitches - {0}


# --- signals ------------------------------------------------------------------------------------------------------


def test_a_fault_sounds_its_alarm_until_a_push_pauses_it_and_the_page_says_so() -> None:
    device = armed()
    device.loop._fail(faults.DEPTH_EXCEEDED)
    assert heard(device, 4000)
    device.push()
    assert heard(device, 10_000) == set()
    assert device.lines()[0] == "FAULT quiet"
    assert alarms.priority(device.loop.faults) == alarms.HIGH
    seen: set[tuple[int, int, int]] = set()
    for _ in range(1000):
        device.tick()
        seen.add(lamp(device))
    assert seen == {(0, 0, 0), (1, 0, 0)}


def test_arming_has_a_tone_of_its_own_and_going_on_after_a_drop_has_not() -> None:
    device = ready()
    device.confirm = 1
    device.run(100)
    device.confirm = 0
    assert heard(device, 500)
    drop_tone = device.press().number
    assert drop_tone == 1
    device.run(1000)
    assert heard(device, 1000) == set()


def test_a_finger_on_the_trigger_silences_the_panel_before_the_shot_begins() -> None:
    device = armed()
    device.panel.signals.sound(6)
    assert heard(device, 20)
    device.contact = 1
    device.trigger = 1
    ticks = 0
    while device.state != "SHOT":
        device.tick()
        ticks += 1
        if device.state != "SHOT":
            assert device.panel.look.tone_hz == 0
            assert lamp(device) == (1, 1, 1)
    assert ticks >= 4
    assert (device.panel.look.tone_hz, lamp(device)) == (0, (1, 1, 1))


def test_a_click_a_refusal_and_silence_can_be_told_apart() -> None:
    device = ready()
    device.keys.knob_detents = 1
    clicked = heard(device, 100)
    device.go_to("Code")
    device.run(100)
    device.keys.knob_detents = -1
    refused = heard(device, 100)
    device.keys.knob_pushed = 1
    device.run(100)
    device.keys.knob_pushed = 0
    assert heard(device, 100) == clicked
    device.run(100)
    assert clicked
    assert refused
    assert clicked != refused


def test_what_is_taken_clicks_and_what_is_refused_rattles() -> None:
    device = ready()
    device.go_to("Dose")
    device.run(100)
    device.keys.knob_detents = 1
    click = heard(device, 100)
    device.keys.knob_detents = -1
    assert heard(device, 100) == click
    device.push()
    device.run(100)
    device.confirm = 1
    device.run(100)
    device.confirm = 0
    assert heard(device, 100) == click
    device.run(500)
    device.push()
    device.panel.menu.value = 271
    device.run(100)
    device.confirm = 1
    device.run(100)
    device.confirm = 0
    assert heard(device, 100) - click


def test_a_device_that_is_no_longer_ready_says_nothing() -> None:
    device = ready()
    device.contact = device.trigger = 1
    assert heard(device, 300) == set()
    assert device.state == "IDLE"


def test_a_drop_that_is_done_is_heard_and_disarming_is_not() -> None:
    device = armed()
    device.contact = device.trigger = 1
    device.until("SHOT")
    device.until("ARMED")
    assert heard(device, 500)  # the finger still holds the trigger: it waits for this very tone
    device.trigger = device.contact = 0
    device.run(500)
    device.confirm = 1
    device.run(100)
    device.confirm = 0
    assert heard(device, 500) == set()
    assert device.state == "READY"


def test_look_is_as_loud_and_as_bright_as_the_signals_are() -> None:
    device = ready()
    signals = device.panel.signals
    look = device.panel.look
    bright = look.contrast
    device.dial("Night", 1)
    device.run(3000)
    assert look.contrast == signals.contrast < bright
    device.loop._fail(faults.DEPTH_EXCEEDED)
    volumes: set[int] = set()
    for _ in range(1000):
        device.tick()
        volumes.add(look.volume)
        assert look.volume == signals.loudness
    assert len(volumes) > 1


def test_the_next_fault_is_shown_from_its_worst_on_wherever_the_knob_was() -> None:
    device = armed()
    device.loop._fail(faults.STOP_PRESSED | faults.OVER_PRESSURE)
    device.run(10)
    device.turn(1)
    assert device.lines()[1] == "STOP"
    device.confirm_shortly()
    assert device.state == "IDLE"
    device.loop._fail(faults.STOP_PRESSED | faults.OVER_PRESSURE)
    assert device.lines()[:2] == ["FAULT 1 turn:more", "PRESSURE!"]


def test_the_last_row_goes_round_drop_zone_and_syringe() -> None:
    device = armed()
    device.press()
    device.panel._turn = device.panel._turn_ticks = 0
    first_words: list[str] = []
    for _ in range(5):
        device.run(984)
        first_words.append(device.lines()[4].split()[0].split("/")[-1])
        device.run(984)
    assert first_words == ["last", "min", "used", "last", "min"]


# --- what it never does -------------------------------------------------------------------------------------------


def test_while_a_value_is_open_confirm_arms_nothing_and_the_device_is_not_ready() -> None:
    device = ready()
    device.go_to("Dose")
    assert device.state == "READY"
    device.push()
    device.run(10)
    assert (device.state, inhibits.names(device.loop.inhibits)) == ("IDLE", ["editing"])
    device.confirm_shortly()
    device.run(500)
    assert device.state == "READY"
    assert device.panel.menu.is_open
    device.confirm_shortly()
    assert device.state == "ARMED"
    assert not device.panel.menu.is_open


def test_the_knob_does_nothing_while_armed() -> None:
    device = armed()
    before = dict(vars(device.loop.settings))
    device.turn(5)
    device.push()
    device.push(1200)
    device.turn(-3)
    assert not device.panel.menu.is_open
    assert device.lines()[0].startswith("ARMED")
    assert dict(vars(device.loop.settings)) == before
    device.confirm_shortly()
    device.run(100)
    assert device.lines()[0].startswith("READY")


def test_a_display_that_does_not_answer_keeps_the_device_from_arming_and_disarms_it() -> None:
    device = armed()
    device.keys.panel_bad = 1
    device.run(10)
    assert (device.state, inhibits.names(device.loop.inhibits)) == ("IDLE", ["panel_bad"])


def test_a_step_writes_one_row_and_no_other() -> None:
    device = ready()
    look = device.panel.look
    for _ in range(3 * ROWS):
        before = bytes(look.text)
        look.text[:] = b"#" * len(before)
        device.tick()
        touched = {index // COLUMNS for index, code in enumerate(look.text) if code != ord("#")}
        assert len(touched) <= 1
        look.text[:] = before


def test_pauses_are_no_part_of_the_pace() -> None:
    device = armed()
    for _ in range(3):
        device.press()
    device.run(1000)
    worked_ms = device.loop.treatment.worked_ms
    pace = device.loop.treatment.points_per_minute()
    assert pace == pytest.approx(3 * 60_000 / worked_ms, abs=1)
    device.confirm_shortly()
    paused_ms = device.loop.treatment.worked_ms
    device.run(20_000)
    assert device.loop.treatment.worked_ms == paused_ms
    assert paused_ms >= worked_ms


def test_work_is_counted_through_a_shot_and_across_the_wrap_of_the_clock() -> None:
    device = armed()
    before_ms, before_us = device.loop.treatment.worked_ms, device.now_us
    device.press()
    worked_ms = device.loop.treatment.worked_ms - before_ms
    assert worked_ms == pytest.approx((device.now_us - before_us) / 1000, abs=3)
