"""Encoder, push and CONFIRM: quadrature, bounces, and levels that are asked for by time."""

import itertools

import pytest

from host_tests.world_bench import Screws
from tools.simulator.bouncing import Contact
from tools.simulator.chip import time as device_time
from tools.simulator.chip.machine import Pin
from tools.simulator.knob import BOUNCE_US, DETENT_US, EDGE_US, PUSH_BOUNCE_US, Knob
from tools.simulator.world import World

CLOCKWISE = [(1, 0), (1, 1), (0, 1), (0, 0)]
ANTICLOCKWISE = [(0, 1), (1, 1), (1, 0), (0, 0)]


def settled(knob: Knob, from_us: int, edges: int) -> "list[tuple[int, int]]":
    """Both contacts when each edge has stopped bouncing."""
    return [
        (knob.a.closed_at(at_us), knob.b.closed_at(at_us))
        for at_us in range(from_us + BOUNCE_US, from_us + edges * EDGE_US, EDGE_US)
    ]


def edges_of(contact: Contact, from_us: int, to_us: int) -> "list[int]":
    """When the contact changes, to the microsecond."""
    found: list[int] = []
    level = contact.closed_at(from_us - 1)
    for now_us in range(from_us, to_us):
        if contact.closed_at(now_us) != level:
            level = 1 - level
            found.append(now_us)
    return found


def test_clockwise_a_leads_b() -> None:
    knob = Knob()
    knob.turn(3, 1000)
    assert settled(knob, 1000, 12) == CLOCKWISE * 3
    assert knob.turns_until_us == 1000 + 3 * DETENT_US


def test_anticlockwise_b_leads_a() -> None:
    knob = Knob()
    knob.turn(-2, 1000)
    assert settled(knob, 1000, 8) == ANTICLOCKWISE * 2


def test_a_second_turn_follows_the_first() -> None:
    knob = Knob()
    knob.turn(1, 0)
    knob.turn(-1, 10_000)
    assert settled(knob, 0, 8) == CLOCKWISE + ANTICLOCKWISE
    assert knob.turns_until_us == 2 * DETENT_US
    knob.turn(1, 100_000)
    assert knob.turns_until_us == 100_000 + DETENT_US


def test_no_turn_is_no_edge() -> None:
    knob = Knob()
    knob.turn(0, 500)
    assert edges_of(knob.a, 500, 30_000) == []


def test_bounces_stay_within_their_time_and_differ_from_edge_to_edge() -> None:
    contact = Contact(BOUNCE_US, 1)
    counts: list[int] = []
    gaps: list[int] = []
    for number in range(60):
        start_us = number * EDGE_US
        contact.move(1 - number % 2, start_us)
        edges = edges_of(contact, start_us, start_us + EDGE_US)
        assert edges[0] == start_us
        assert edges[-1] <= start_us + BOUNCE_US
        assert len(edges) % 2 == 1
        assert all(edge - start_us >= 50 for edge in edges[1:])  # it stays closed, or open, for a moment
        counts.append(len(edges))
        gaps += [later - earlier for earlier, later in itertools.pairwise(edges[1:])]
    assert set(counts) == {1, 3, 5, 7, 9}
    assert len(set(gaps)) > len(gaps) / 2
    assert max(gaps) > BOUNCE_US / 4


def test_bounces_are_the_same_in_every_run_and_not_the_same_for_every_contact() -> None:
    def edges(stream: int) -> "list[int]":
        contact = Contact(PUSH_BOUNCE_US, stream)
        for number in range(10):
            contact.move(1 - number % 2, number * 10_000)
        return edges_of(contact, 0, 100_000)

    assert edges(1) == edges(1)
    assert edges(1) != edges(2)


def test_a_contact_let_go_while_it_bounces_ends_its_bounces_first() -> None:
    contact = Contact(PUSH_BOUNCE_US, 3)
    contact.move(1, 0)
    contact.move(0, 10)
    contact.move(1, 20)
    contact.move(1, 30)
    assert contact.closed_at(3 * PUSH_BOUNCE_US) == 1


# --- in the world -----------------------------------------------------------------------------------------------------


def test_the_pins_of_the_reference_board_follow_the_knob() -> None:
    world = World(Screws())
    a, b = (Pin(number, Pin.IN, Pin.PULL_UP) for number in (world.pins.KNOB_A, world.pins.KNOB_B))
    device_time.sleep_us(1000)
    world.turn_knob(1)
    start_us = world.now_us
    seen: list[object] = []
    for edge in range(4):
        device_time.sleep_us(start_us + edge * EDGE_US + 3_000 - world.now_us)
        seen.append((a(), b()))
    assert seen == [(0, 1), (0, 0), (1, 0), (1, 1)]
    assert world.knob_turns_until_us == start_us + DETENT_US


def test_a_device_that_looks_often_sees_the_bounces() -> None:
    world = World(Screws())
    pin = Pin(world.pins.KNOB_PUSH, Pin.IN, Pin.PULL_UP)
    changes = 0
    for _ in range(10):
        for pressed in (1, 0):
            world.push_knob(pressed)
            level = pressed
            for _ in range(2000):
                device_time.sleep_us(8)
                if pin() != level:
                    level = 1 - level
                    changes += 1
            assert pin() == 1 - pressed
    assert changes > 40


def test_a_contact_at_rest_is_an_ordinary_net_again() -> None:
    world = World(Screws())
    pin = Pin(world.pins.CONFIRM, Pin.IN, Pin.PULL_UP)
    assert pin.net.live is None
    world.set_confirm(1)
    assert pin() == 0
    assert pin.net.live is not None
    device_time.sleep_us(6_000)
    assert pin() == 0
    assert pin.net.live is None
    assert pin() == 0


@pytest.mark.parametrize("chip", ["esp32s3", "esp32"])
def test_confirm_held_through_a_restart_stays_pressed_without_a_new_bounce(chip: str) -> None:
    world = World(Screws(), chip)
    world.set_confirm(1)
    device_time.sleep_us(20_000)
    world.restart(2)
    pin = Pin(world.pins.CONFIRM, Pin.IN, Pin.PULL_UP)
    for _ in range(100):
        assert pin() == 0


def test_a_bounce_goes_on_through_a_restart() -> None:
    world = World(Screws())
    for _ in range(20):
        world.set_confirm(1)
        device_time.sleep_us(100)
        world.restart(2)
        pin = Pin(world.pins.CONFIRM, Pin.IN, Pin.PULL_UP)
        device_time.sleep_us(10_000)
        assert pin() == 0
        world.set_confirm(0)
        device_time.sleep_us(10_000)
        assert pin() == 1
