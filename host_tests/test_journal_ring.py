"""The ring of what is to be journalled: in order, whole, never written over, and honest about what found no room."""

import random
from collections import deque

import pytest

from firmware import states
from firmware.journal_ring import FAULTS, ILLEGAL, TAKEN, JournalRing

LOST = 4
PRODUCT = 16
DROP = 19
ROOM = 33
SLOTS = 80


def started() -> JournalRing:
    """One that knows the time."""
    ring = JournalRing()
    ring.pass_time(0)
    return ring


def record(ring: JournalRing, kind: int, *own: int, now_us: int = 0) -> None:
    """Record one, whether it has two integers or six."""
    ring.record(now_us, kind, own[0], own[1])
    if len(own) > 2:
        ring.more(*own[2:])


def unread(ring: JournalRing) -> "list[list[int]]":
    """What read() gives, from the oldest on."""
    ring.unread = ring.kept
    found: list[list[int]] = []
    integers = [99] * 8
    while ring.read(integers):
        found.append(integers.copy())
        integers = [99] * 8
    assert integers == [99] * 8
    return found


def test_records_come_out_as_they_went_in_oldest_first_and_stay_until_they_are_kept() -> None:
    ring = started()
    assert (ring.kept, unread(ring)) == (0, [])
    record(ring, ILLEGAL, 3, 4, now_us=2000)
    record(ring, DROP, 1, -2, 3, 4, 5, (1 << 30) - 1, now_us=5000)
    record(ring, FAULTS, 7, 1 << 20, now_us=5999)
    expected = [[2, ILLEGAL, 3, 4, 0, 0, 0, 0], [5, DROP, 1, -2, 3, 4, 5, (1 << 30) - 1]]
    expected.append([5, FAULTS, 7, 1 << 20, 0, 0, 0, 0])
    assert unread(ring) == expected
    assert unread(ring) == expected
    ring.keep()
    assert (ring.kept, unread(ring)) == (0, [])


def test_what_was_not_read_is_not_kept() -> None:
    ring = JournalRing()
    for number in range(5):
        record(ring, ILLEGAL, number, 0)
    ring.unread = ring.kept
    integers = [0] * 8
    ring.read(integers)
    ring.read(integers)
    ring.keep()
    assert [found[2] for found in unread(ring)] == [2, 3, 4]


def test_only_events_that_nothing_else_tells_of_are_kept_but_every_illegal_one() -> None:
    ring = JournalRing()
    for event in range(len(states.EVENTS)):
        ring.record(0, TAKEN, states.IDLE, event)
    kept = [states.EVENTS[found[3]] for found in unread(ring)]
    assert kept == ["REWINDING", "SERVICE_OPENED", "RECOVERED"]
    ring = JournalRing()
    for event in range(len(states.EVENTS)):
        ring.record(0, ILLEGAL, states.IDLE, event)
    assert [found[3] for found in unread(ring)] == list(range(len(states.EVENTS)))


def test_as_many_drops_as_promised_find_room_and_other_events_still_do_afterwards() -> None:
    ring = JournalRing()
    assert ring.room() == ROOM
    for number in range(ROOM):
        assert ring.room() == ROOM - number
        record(ring, DROP, number, 0, 0, 0, 0, 0)
    assert ring.room() == 0
    for number in range(14):
        assert ring.lost == 0
        record(ring, ILLEGAL, number, 0)
    assert (ring.lost, ring.kept) == (0, 4 * SLOTS)


def test_what_finds_no_room_is_counted_leaves_the_rest_alone_and_the_count_is_journalled() -> None:
    ring = started()
    for number in range(SLOTS - 1):
        record(ring, ILLEGAL, number, 0)
    before = unread(ring)
    record(ring, DROP, 1, 2, 3, 4, 5, 6)  # needs two slots
    assert (ring.lost, unread(ring)) == (1, before)
    record(ring, ILLEGAL, SLOTS - 1, 0)
    record(ring, ILLEGAL, SLOTS, 0)
    record(ring, DROP, 1, 2, 3, 4, 5, 6, now_us=9000)
    assert (ring.lost, unread(ring)[: SLOTS - 1]) == (3, before)
    ring.keep()
    assert ring.lost == 0
    assert unread(ring) == [[9, LOST, 3, 0, 0, 0, 0, 0]]


def test_the_count_of_what_was_lost_is_not_lost_where_nothing_could_be_kept() -> None:
    ring = JournalRing()
    for number in range(SLOTS + 2):
        record(ring, ILLEGAL, number, 0)
    ring.unread = ring.kept
    ring.keep()
    assert (ring.lost, ring.kept) == (2, 4 * SLOTS)


def test_uptime_goes_on_across_the_wraps_of_the_ticks_without_losing_a_millisecond() -> None:
    ring = started()
    passed_us = 0
    chance = random.Random(1)
    for _ in range(1000):
        passed_us += chance.randrange(1 << 30)
        ring.pass_time(passed_us & (1 << 30) - 1)
        assert ring.uptime_ms == passed_us // 1000 & (1 << 30) - 1


def test_uptime_begins_when_the_ticks_are_known_whatever_they_are_then() -> None:
    ring = JournalRing()
    record(ring, ILLEGAL, 1, 0, now_us=0)  # before the first tick
    ring.pass_time((1 << 30) - 3_000_000)
    record(ring, ILLEGAL, 2, 0, now_us=(1 << 30) - 2_990_000)
    record(ring, ILLEGAL, 3, 0, now_us=10_000)
    assert [found[0] for found in unread(ring)] == [0, 10, 3010]


def test_texts_come_out_as_they_went_in() -> None:
    ring = started()
    ring.texts(4000, PRODUCT, b"HA 1% L23", b"~~~~~~~~~~~~")
    uptime_ms, kind, *own = unread(ring)[0]
    text = b"".join(value.to_bytes(4, "little") for value in own)
    assert (uptime_ms, kind, text) == (4, PRODUCT, b"HA 1% L23   ~~~~~~~~~~~~")


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_recorded_read_and_kept_in_whatever_order_comes_out_once_and_in_order(seed: int) -> None:
    chance = random.Random(seed)
    ring = JournalRing()
    expected: deque[list[int]] = deque()
    lost = number = taken = 0
    for _ in range(3000):
        if chance.random() < 0.9:
            number += 1
            own = [number, 1, 2, 3, 4, 5] if chance.random() < 0.6 else [number, 1]
            kind = DROP if len(own) > 2 else ILLEGAL
            full = ring.kept + (8 if len(own) > 2 else 4) > 4 * SLOTS
            record(ring, kind, *own)
            lost += full
            if not full:
                expected.append([0, kind, *own] + [0] * (6 - len(own)))
            assert ring.lost == lost
        else:
            ring.unread = ring.kept
            integers = [0] * 8
            for _ in range(chance.randrange(60)):
                if not ring.read(integers):
                    break
                assert integers == expected.popleft()
                taken += 1
            ring.keep()
            if lost and ring.lost == 0:
                expected.append([0, LOST, lost, 0, 0, 0, 0, 0])
            lost = ring.lost
    assert taken > 300
    assert unread(ring) == list(expected)
