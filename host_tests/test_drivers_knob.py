"""The knob: every detent counts once and in its direction, whatever its contacts do and whatever a poll misses."""

import itertools
import random
from typing import Any

import pytest

from host_tests.panel_bench import CHIPS, Bench
from tools.simulator import knob as simulated_knob
from tools.simulator.interpreter import Device

KNOB: Any = Device().module("drivers.knob")

# Contacts closed, state by state, clockwise from rest.
STATES = (0, KNOB.A, KNOB.A | KNOB.B, KNOB.B)
POLL_US = 2000
REST = [0] * 20


def polls(*states: int) -> "list[int]":
    """Readings of the contacts, one per state number."""
    return [STATES[state % 4] for state in states]


def turned(readings: "list[int]") -> int:
    """Detents counted from rest to rest."""
    detents = KNOB.Detents()
    for reading in [*REST, *readings, *REST]:
        detents.step(reading)
    return detents.turned


def readings_of_a_turn(
    detents: int, state_us: int, bounce_us: int, first_us: int, chance: random.Random
) -> "list[int]":
    """A turn as polls see it: in the first `bounce_us` of each state the contact that moved shows anything."""
    states = 4 * abs(detents)
    way = 1 if detents > 0 else -1
    readings: list[int] = []
    for time_us in range(first_us, states * state_us + bounce_us, POLL_US):
        number = min(time_us // state_us + 1, states)
        if time_us - (number - 1) * state_us < bounce_us and chance.random() < 0.5:
            number -= 1
        readings.append(STATES[way * number % 4])
    return readings


@pytest.mark.parametrize("way", [1, -1])
def test_four_states_to_rest_are_a_detent(way: int) -> None:
    assert turned(polls(*(way * state for state in (1, 1, 1, 2, 2, 2, 3, 3, 3)))) == way


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("state_us", [2500, 3000, 3700, 6000, 12_000, 100_000])
def test_ten_detents_with_bounce_are_ten_at_any_speed(state_us: int, way: int) -> None:
    chance = random.Random(state_us)
    for first_us in range(0, POLL_US, 100):
        bounce_us = min(2000, state_us - 1000)
        assert turned(readings_of_a_turn(10 * way, state_us, bounce_us, first_us, chance)) == 10 * way


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("polls_a_state", [1, 2, 3])
def test_one_lost_state_anywhere_costs_nothing(polls_a_state: int, way: int) -> None:
    for lost in range(1, 12):
        states = [way * state for state in range(1, 13) if state != lost for _ in range(polls_a_state)]
        assert turned(polls(*states)) == 3 * way, lost


@pytest.mark.parametrize("way", [1, -1])
def test_one_missed_poll_anywhere_costs_nothing(way: int) -> None:
    whole = readings_of_a_turn(3 * way, 6000, 2000, 300, random.Random(7))
    for missed in range(len(whole)):
        assert turned(whole[:missed] + whole[missed + 1 :]) == 3 * way


@pytest.mark.parametrize("way", [1, -1])
def test_several_lost_states_never_turn_a_turn_round(way: int) -> None:
    """At most every other state is lost; what cannot be told is left out, never counted in the other direction."""
    for seen in itertools.product((True, False), repeat=8):
        if any(not (first or second) for first, second in itertools.pairwise(seen)):
            continue
        states = [way * (number + 1) for number in range(8) if seen[number]]
        assert 0 <= way * turned(polls(*states)) <= 2


@pytest.mark.parametrize("contact", [KNOB.A, KNOB.B])
def test_a_contact_that_bounces_is_no_detent(contact: int) -> None:
    chance = random.Random(contact)
    assert turned([contact if chance.random() < 0.5 else 0 for _ in range(1000)]) == 0


@pytest.mark.parametrize("other", [1, 2, 3])
def test_a_knob_that_is_turned_a_bit_and_back_is_no_detent(other: int) -> None:
    way_there = [state for state in range(1, other + 1) for _ in range(20)]
    assert turned(polls(*way_there, *reversed(way_there))) == 0


def test_a_leap_out_of_rest_that_goes_nowhere_is_no_detent() -> None:
    assert turned(polls(2)) == 0
    assert turned(polls(*[2] * 20, *[3] * 20)) == 0


@pytest.mark.parametrize("way", [1, -1])
def test_turning_on_after_a_leap_that_could_not_be_told_counts_from_the_next_rest(way: int) -> None:
    halfway = polls(*[2] * 20)
    detent = polls(*(way * state for state in (3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8)))
    assert turned(halfway + detent) == way


@pytest.mark.parametrize("start", [1, 2, 3])
def test_a_knob_between_two_detents_at_power_up_counts_from_its_rest_on(start: int) -> None:
    detents = KNOB.Detents()
    for reading in polls(*[start] * 20, *range(start + 1, 9)) + REST:
        detents.step(reading)
    assert detents.turned == 1


def test_detents_that_nobody_saw_do_not_count() -> None:
    detents = KNOB.Detents()
    for reading in REST + polls(1, 2, 3):
        detents.step(reading)
    detents.lose()
    for reading in REST:
        detents.step(reading)
    assert detents.turned == 0


@pytest.mark.parametrize("edge_us", [24_000, 12_000, 6000, 4500, 3000])
@pytest.mark.parametrize("chip", CHIPS)
def test_ten_detents_of_the_real_thing_are_ten(monkeypatch: pytest.MonkeyPatch, chip: str, edge_us: int) -> None:
    """The knob of the simulator turns with edges of 6 ms and bounces for 2; half of that time is twice the speed."""
    monkeypatch.setattr(simulated_knob, "EDGE_US", edge_us)
    monkeypatch.setattr(simulated_knob, "DETENT_US", 4 * edge_us)
    bench = Bench(chip)
    bench.settle()
    ticks = 40 * edge_us // POLL_US + 50
    for detents, whole in ((10, 10), (-10, 0), (-10, -10), (3, -7)):
        bench.world.turn_knob(detents)
        bench.cycle(ticks)
        assert bench.keys.knob_detents == whole


@pytest.mark.parametrize("chip", CHIPS)
def test_a_turn_there_and_back_in_one_go_is_none(chip: str) -> None:
    bench = Bench(chip)
    bench.settle()
    bench.world.turn_knob(5)
    bench.world.turn_knob(-5)
    bench.cycle(200)
    assert bench.keys.knob_detents == 0


@pytest.mark.parametrize("chip", CHIPS)
def test_push_is_what_the_contact_says(chip: str) -> None:
    bench = Bench(chip)
    bench.settle()
    assert bench.keys.knob_pushed == 0
    bench.world.push_knob(1)
    bench.cycle(5)
    assert bench.keys.knob_pushed == 1
    bench.world.push_knob(0)
    bench.cycle(5)
    assert bench.keys.knob_pushed == 0
