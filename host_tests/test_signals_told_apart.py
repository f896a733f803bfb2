"""No state and no tone is taken for an alarm or for another one; settings keep their floors; what power-on shows."""

from itertools import combinations

import pytest

from firmware import alarms, signals, states, tone
from firmware.signals import Signals
from firmware.tone import Tone
from host_tests.signal_bench import (
    BLUE,
    GREEN,
    PRIORITIES,
    RED,
    STATES,
    TONES,
    VOLUMES,
    WHITE,
    alarm,
    alike,
    look,
    rhythm,
    said,
)
from tools.signal_patterns import LOOK_MS, TICK_MS, play, runs

# --- what is no alarm ------------------------------------------------------------


@pytest.mark.parametrize("name", STATES)
def test_a_state_has_no_colour_of_an_alarm_and_makes_no_sound(name: str) -> None:
    played = look(name)
    assert set(played.colours) <= {0, GREEN, BLUE, WHITE}
    assert set(played.hz) == {0}


@pytest.mark.parametrize("name", STATES)
def test_no_state_flashes_as_an_alarm_does(name: str) -> None:
    for on_ms, off_ms in rhythm(look(name), "lamp"):
        if on_ms:
            rate_hz = 1000 / (on_ms + off_ms)
            alarming = 0.4 <= rate_hz <= 0.8 or 1.4 <= rate_hz <= 2.8
            assert not (alarming and 0.2 <= on_ms / (on_ms + off_ms) <= 0.6)


def test_all_that_moves_without_a_shot_looks_the_same() -> None:
    found = [play(signals, LOOK_MS, state=state) for state in (states.HOMING, states.PRIME, states.REWIND)]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("name", TONES)
def test_a_tone_that_is_no_alarm_has_neither_its_pitch_nor_the_length_of_its_pulses(name: str) -> None:
    played = said(name)
    assert played.pulses
    assert all(note.value > 1_000 for note in played.notes)
    assert all(not 75 <= pulse.length_ms <= 250 for pulse in played.pulses)
    assert played.pulses[-1].end_ms <= 500


def test_good_rises_and_ends_long_and_aborted_falls_in_short_pulses() -> None:
    good = said("DONE").notes
    bad = said("ABORTED").notes
    assert [note.value for note in good] == sorted({note.value for note in good})
    assert [note.value for note in bad] == sorted({note.value for note in bad}, reverse=True)
    assert good[-1].length_ms >= 4 * good[0].length_ms
    assert len({note.length_ms for note in bad}) == 1
    assert len(bad) == 2 * len(good)


# --- told apart ------------------------------------------------------------


def test_every_two_tones_differ_in_rhythm_alone() -> None:
    heard = {name: rhythm(alarm(name), "tone") for name in PRIORITIES}
    heard.update({f"tone {name}": rhythm(said(name), "tone") for name in TONES})
    assert [pair for pair in combinations(heard, 2) if alike(heard[pair[0]], heard[pair[1]])] == []


def test_every_two_looks_differ_in_rhythm_alone_but_for_two_steady_ones_of_other_colours() -> None:
    """SHOT is, since nothing steps it, and LOW by the standard. One of them needs a finger on the trigger."""
    seen = {name: rhythm(alarm(name), "lamp") for name in PRIORITIES}
    seen.update({name: rhythm(look(name), "lamp") for name in STATES})
    assert [pair for pair in combinations(seen, 2) if alike(seen[pair[0]], seen[pair[1]])] == [("LOW", "SHOT")]
    assert set(alarm("LOW").colours).isdisjoint(look("SHOT").colours)


# --- loudness and light ------------------------------------------------------------


@pytest.mark.parametrize("night", [0, 1])
@pytest.mark.parametrize("volume", VOLUMES)
def test_no_setting_takes_an_alarm_below_its_floors_nor_anything_else_up_to_them(volume: int, night: int) -> None:
    settings = {"volume": volume, "night": night}
    for name in PRIORITIES:
        played = alarm(name, **settings)
        for pulse in played.pulses[:-1]:
            assert played.loudness[pulse.end_ms // TICK_MS - 1] >= signals.ALARM_LOUDNESS_LEAST
        assert {max(lights) for lights in played.lights} <= {0, *range(signals.ALARM_LIGHT_NIGHT, 256)}
    for name in TONES:
        assert 1 <= max(said(name, **settings).loudness) < signals.ALARM_LOUDNESS_LEAST
    for name in STATES:
        assert max(max(lights) for lights in look(name, **settings).lights) <= signals.ALARM_LIGHT_NIGHT


def test_a_higher_volume_is_louder_and_never_makes_a_low_alarm_louder_than_a_high_one() -> None:
    tones = [max(said("DONE", volume=volume).loudness) for volume in VOLUMES]
    assert tones == sorted(set(tones))
    for volume in VOLUMES:
        low, medium, high = (max(alarm(name, volume=volume).loudness) for name in PRIORITIES)
        assert low <= medium <= high
    assert max(alarm("HIGH", volume=1).loudness) < max(alarm("HIGH", volume=5).loudness) == 255


def test_at_night_everything_is_dimmer_and_an_alarm_still_lights_the_display() -> None:
    player = Signals()
    found: dict[tuple[int, int], int] = {}
    for night, priority in ((0, alarms.NONE), (1, alarms.NONE), (1, alarms.LOW)):
        player.night = night
        player.show(states.IDLE, priority)
        player.step()
        found[night, priority] = player.contrast
    assert found[1, alarms.NONE] < signals.ALARM_CONTRAST_LEAST <= found[1, alarms.LOW] <= found[0, alarms.NONE]
    assert max(max(lights) for lights in look("ARMED", night=1).lights) < 64
    assert max(said("DONE", night=1).loudness) < max(said("DONE").loudness)


# --- power-on ------------------------------------------------------------


def test_at_power_on_each_colour_is_shown_once_and_the_buzzer_is_heard() -> None:
    played = play(signals, 2 * signals.TEST_TICKS * TICK_MS, state=states.BOOT)
    assert [run.value for run in runs(played.colours[: signals.TEST_TICKS])] == [RED, GREEN, BLUE]
    assert len(played.pulses) == 1


@pytest.mark.parametrize("state", [states.SELF_TEST, states.IDLE, states.READY])
def test_the_test_of_the_lamp_goes_on_while_the_device_has_become_idle(state: int) -> None:
    player = Signals()
    player.step()
    colours: list[int] = []
    for _ in range(signals.TEST_TICKS):
        player.show(state, alarms.NONE)
        player.step()
        colours.append((player.red > 0) + 2 * (player.green > 0) + 4 * (player.blue > 0))
    assert [run.value for run in runs(colours[:-1])] == [RED, GREEN, BLUE]


@pytest.mark.parametrize(
    ("state", "priority"), [(states.HOMING, alarms.NONE), (states.ARMED, alarms.NONE), (states.FAULT, alarms.HIGH)]
)
def test_the_test_of_the_lamp_holds_back_neither_an_alarm_nor_what_moves(state: int, priority: int) -> None:
    player = Signals()
    player.show(state, priority)
    player.step()
    assert (player.red > 0) == (priority == alarms.HIGH)
    assert (player.green, player.blue) != (0, 0) or priority


def test_tones_of_the_loop_are_heard_even_twice_the_same_within_200_ms() -> None:
    player = Signals()
    loop = Tone()
    for _ in range(signals.TEST_TICKS):
        player.step()
    begun = 0
    for tick in range(200):
        if tick in (0, 60):
            loop.sound(tone.REFUSED)
        player.listen(loop)
        quiet = not player.tone_hz
        player.step()
        begun += quiet and player.tone_hz > 0
        loop.step()
    assert begun == 6  # three pulses each
