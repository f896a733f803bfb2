"""A finger on the trigger, a pause, and one tone after another."""

import pytest

from firmware import alarms, signals, states, tone
from firmware.signals import Signals
from tools.signal_patterns import TICK_MS

# --- hush ------------------------------------------------------------


def test_a_finger_on_the_trigger_silences_at_once_and_shows_the_steady_look_of_a_shot() -> None:
    player = Signals()
    steady = Signals()
    steady.show(states.SHOT, alarms.NONE)
    steady.step()
    player.show(states.ARMED, alarms.NONE)
    player.step()
    assert player.tone_hz > 0  # of power-on, as a tone may be
    player.hush()
    for _ in range(3):
        assert player.tone_hz == 0
        assert (player.red, player.green, player.blue) == (steady.red, steady.green, steady.blue)
        player.step()
        player.hush()
    player.step()
    player.step()
    assert player.tone_hz == 0  # the tone is gone, and does not go on afterwards
    assert player.red == 0  # and the look is that of ARMED again


@pytest.mark.parametrize(
    "state", [state for state in range(len(states.NAMES)) if states.NAMES[state] not in ("ARMED", "SHOT")]
)
def test_a_finger_silences_nothing_where_no_shot_can_follow(state: int) -> None:
    player = Signals()
    player.show(state, alarms.HIGH if state == states.FAULT else alarms.NONE)
    player.step()
    heard = player.tone_hz
    assert heard > 0
    player.hush()
    player.step()
    assert player.tone_hz == heard


# --- pause ------------------------------------------------------------


def in_fault(priority: int) -> Signals:
    """An alarm, silenced after its first pulse has begun."""
    player = Signals()
    player.show(states.FAULT, priority)
    player.step()
    player.pause()
    return player


def silent_ticks(player: Signals, priority: int, most: int = signals.PAUSE_TICKS + 10) -> int:
    """How long it stays silent."""
    for tick in range(most):
        player.show(states.FAULT, priority)
        player.step()
        if player.tone_hz:
            return tick
    raise AssertionError("silent for ever")


@pytest.mark.parametrize("priority", [alarms.LOW, alarms.MEDIUM, alarms.HIGH])
def test_a_pause_lasts_two_minutes_while_the_lamp_goes_on(priority: int) -> None:
    player = in_fault(priority)
    lit = 0
    for _ in range(1_000):
        player.show(states.FAULT, priority)
        player.step()
        lit += max(player.red, player.green, player.blue) > 0
    assert lit >= 400
    assert (1_000 + silent_ticks(player, priority)) * TICK_MS == 120_000


def test_a_new_or_higher_alarm_ends_the_pause_a_lower_one_does_not() -> None:
    assert silent_ticks(in_fault(alarms.MEDIUM), alarms.HIGH) == 0
    assert silent_ticks(in_fault(alarms.MEDIUM), alarms.LOW) == signals.PAUSE_TICKS
    again = in_fault(alarms.MEDIUM)
    again.show(states.IDLE, alarms.NONE)
    assert again.pause_ticks == 0
    assert silent_ticks(again, alarms.MEDIUM) == 0
    more = in_fault(alarms.MEDIUM)
    more.sound(tone.FAULT)  # the loop found another fault
    assert silent_ticks(more, alarms.MEDIUM) == 0


def test_a_pause_can_be_ended_and_without_an_alarm_there_is_none() -> None:
    player = in_fault(alarms.HIGH)
    player.resume()
    assert silent_ticks(player, alarms.HIGH) == 0
    idle = Signals()
    idle.show(states.IDLE, alarms.NONE)
    idle.pause()
    assert idle.pause_ticks == 0
    assert silent_ticks(idle, alarms.HIGH) == 0


# --- one tone and another ------------------------------------------------------------


def heard(codes: "list[int]", apart: int) -> "list[int]":
    """The pitches heard when one tone after the other begins, so many ticks apart."""
    player = Signals()
    for _ in range(signals.TEST_TICKS):
        player.step()
    pitches: list[int] = []
    for tick in range(400):
        if tick % apart == 0 and tick // apart < len(codes):
            player.sound(codes[tick // apart])
        player.step()
        if player.tone_hz and (not pitches or pitches[-1] != player.tone_hz):
            pitches.append(player.tone_hz)
    return pitches


def test_a_click_cuts_no_other_tone_short_and_every_other_tone_cuts_a_click() -> None:
    assert heard([tone.DONE, tone.CLICK], 20) == [1_320, 1_980]
    assert heard([tone.CLICK, tone.DONE], 2) == [2_000, 1_320, 1_980]
    assert heard([tone.ABORTED, tone.DONE], 20) == [1_760, 1_320, 1_980]


def test_every_detent_of_a_turning_knob_clicks() -> None:
    player = Signals()
    for _ in range(signals.TEST_TICKS):
        player.step()
    begun = 0
    quiet = True
    for tick in range(12 * 10):
        if tick % 12 == 0:  # 24 ms
            player.sound(tone.CLICK)
        player.step()
        begun += quiet and player.tone_hz > 0
        quiet = player.tone_hz == 0
    assert begun == 10
