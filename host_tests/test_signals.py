"""The public figures of IEC 60601-1-8, each measured from the alarms as they are played."""

import pytest

from firmware import alarms, signals, states
from host_tests.signal_bench import (
    CYAN,
    PRIORITIES,
    RED,
    VOLUMES,
    YELLOW,
    alarm,
    burst,
    gaps,
    interburst_ms,
    rhythm,
    steep_ms,
)
from tools.signal_patterns import ALARM_MS, play

# --- alarms, to the ear ------------------------------------------------------------


@pytest.mark.parametrize(("name", "pulses"), [("HIGH", {10}), ("MEDIUM", {3}), ("LOW", {1, 2})])
def test_a_burst_has_as_many_pulses_as_its_priority_asks_for(name: str, pulses: "set[int]") -> None:
    assert len(burst(alarm(name))) in pulses


def test_a_high_burst_is_two_groups_of_three_and_two() -> None:
    found = gaps(burst(alarm("HIGH")))
    x_ms = found[0]
    pulse_ms = burst(alarm("HIGH"))[0].length_ms
    assert 50 <= x_ms <= 125
    assert found[:4] == found[5:] == [x_ms, x_ms, 2 * x_ms + pulse_ms, x_ms]
    assert 350 <= found[4] <= 1_300


@pytest.mark.parametrize("name", ["MEDIUM", "LOW"])
def test_pulses_of_medium_and_low_are_evenly_spaced(name: str) -> None:
    found = set(gaps(burst(alarm(name))))
    assert len(found) == 1
    assert 125 <= found.pop() <= 250


@pytest.mark.parametrize(("name", "least_ms", "most_ms"), [("HIGH", 75, 200), ("MEDIUM", 125, 250), ("LOW", 125, 250)])
def test_a_pulse_is_long_enough_and_not_too_long_with_or_without_its_swelling(
    name: str, least_ms: int, most_ms: int
) -> None:
    played = alarm(name)
    for pulse in played.pulses[:-1]:
        assert least_ms <= steep_ms(played, pulse)[1] <= pulse.length_ms <= most_ms


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize("name", PRIORITIES)
def test_a_pulse_rises_in_a_tenth_to_a_fifth_of_its_length(name: str, volume: int) -> None:
    played = alarm(name, volume=volume)
    for pulse in played.pulses[:-1]:
        rise_ms, _ = steep_ms(played, pulse)
        assert pulse.length_ms / 10 <= rise_ms <= pulse.length_ms / 5


@pytest.mark.parametrize(
    ("name", "least_ms", "most_ms"), [("HIGH", 2_500, 15_000), ("MEDIUM", 2_500, 30_000), ("LOW", 15_001, 60_000)]
)
def test_bursts_come_again_after_the_interval_of_their_priority(name: str, least_ms: int, most_ms: int) -> None:
    (found,) = interburst_ms(alarm(name))
    assert least_ms <= found <= most_ms


def test_the_more_urgent_the_faster() -> None:
    spacings = {name: burst(alarm(name))[0].length_ms + gaps(burst(alarm(name)))[0] for name in PRIORITIES}
    assert spacings["HIGH"] < spacings["MEDIUM"] <= spacings["LOW"]
    intervals = [max(interburst_ms(alarm(name))) for name in ("HIGH", "MEDIUM", "LOW")]
    assert intervals == sorted(set(intervals))


@pytest.mark.parametrize("name", PRIORITIES)
def test_an_alarm_has_one_pitch_with_room_for_four_harmonics(name: str) -> None:
    (hz,) = {note.value for note in alarm(name).notes}
    assert 150 <= hz <= 1_000
    assert len([n for n in range(2, 30) if 300 <= n * hz <= 4_000]) >= 4


@pytest.mark.parametrize("name", PRIORITIES)
def test_an_alarm_sounds_and_shows_from_the_tick_on_in_which_it_is_there(name: str) -> None:
    played = alarm(name, 10)
    assert played.hz[0] > 0
    assert max(played.lights[0]) >= signals.ALARM_LIGHT_NIGHT


# --- alarms, to the eye ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "colour", "least_hz", "most_hz"), [("HIGH", RED, 1.4, 2.8), ("MEDIUM", YELLOW, 0.4, 0.8)]
)
def test_an_alarm_lamp_flashes_in_its_colour_at_its_rate(
    name: str, colour: int, least_hz: float, most_hz: float
) -> None:
    played = alarm(name)
    assert set(played.colours) == {0, colour}
    ((on_ms, off_ms),) = rhythm(played, "lamp")
    assert least_hz <= 1000 / (on_ms + off_ms) <= most_hz
    assert 0.2 <= on_ms / (on_ms + off_ms) <= 0.6


def test_the_lamp_of_a_low_alarm_is_steady_cyan() -> None:
    assert set(alarm("LOW").colours) == {CYAN}


def test_a_fault_without_a_priority_is_shown_as_the_most_urgent() -> None:
    played = play(signals, ALARM_MS, state=states.FAULT, priority=alarms.NONE)
    assert played == alarm("HIGH")
