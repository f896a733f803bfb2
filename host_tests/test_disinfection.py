"""Disinfected skin: dries, stands, and expires by itself; nothing but a hand's confirmation makes it stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.disinfection import DRYING, NONE, STANDS, Disinfection
from firmware.ticks import later_us

S = 1_000_000
MASK = 0x3FFFFFFF
BEGINNINGS_US = (0, 5, MASK - 3 * S, MASK // 2)


def confirmed(since_us: int) -> Disinfection:
    """Said to be clean at this time."""
    skin = Disinfection()
    skin.confirm(since_us)
    return skin


def stage(since_us: int, passed_us: int) -> int:
    """So long after it was confirmed, looked at every half minute."""
    skin = confirmed(since_us)
    for us in range(0, passed_us, 30 * S):
        skin.step((since_us + us) & MASK)
    skin.step((since_us + passed_us) & MASK)
    return skin.stage


def test_nothing_is_disinfected_at_power_on_and_time_does_not_make_it_so() -> None:
    skin = Disinfection()
    assert skin.stage == NONE
    for now_us in range(0, 700 * S, 10 * S):
        skin.step(now_us)
        assert skin.stage == NONE


@pytest.mark.parametrize("since_us", BEGINNINGS_US)
@pytest.mark.parametrize(
    ("passed_us", "expected"),
    [
        (0, DRYING),
        (30 * S - 1, DRYING),
        (30 * S, STANDS),
        (600 * S - 1, STANDS),
        (600 * S, NONE),
        (900 * S, NONE),
        (3000 * S, NONE),
    ],
)
def test_it_dries_for_30_s_and_stands_until_10_minutes_after_it_was_confirmed(
    since_us: int, passed_us: int, expected: int
) -> None:
    assert stage(since_us, passed_us) == expected


def test_a_clinic_may_have_it_dry_for_longer() -> None:
    skin = Disinfection()
    skin.drying_us = 120 * S
    skin.confirm(0)
    skin.step(120 * S - 1)
    assert skin.stage == DRYING
    skin.step(120 * S)
    assert skin.stage == STANDS


@pytest.mark.parametrize("passed_s", [0, 20, 40])
def test_forgotten_is_forgotten_at_every_stage(passed_s: int) -> None:
    skin = confirmed(0)
    skin.step(passed_s * S)
    skin.forget()
    for later_s in range(passed_s, 700):
        skin.step(later_s * S)
        assert skin.stage == NONE


def test_whoever_confirms_it_again_begins_anew() -> None:
    skin = confirmed(0)
    skin.step(500 * S)
    skin.confirm(500 * S)
    assert skin.stage == DRYING
    skin.step(530 * S)
    assert skin.stage == STANDS
    skin.step(1000 * S)
    assert skin.stage == STANDS


def test_asked_whether_it_stands_it_looks_at_the_time() -> None:
    skin = confirmed(0)
    assert not skin.stands(29 * S)
    assert skin.stands(30 * S)
    assert not skin.stands(600 * S)
    assert skin.stage == NONE


@pytest.mark.parametrize(
    ("passed_us", "left_s"), [(0, 30), (1, 30), (S, 29), (S + 1, 29), (29 * S, 1), (30 * S - 1, 1)]
)
@pytest.mark.parametrize("since_us", BEGINNINGS_US)
def test_the_seconds_until_it_is_dry_are_rounded_up(since_us: int, passed_us: int, left_s: int) -> None:
    assert confirmed(since_us).drying_s((since_us + passed_us) & MASK) == left_s


@pytest.mark.law
@given(st.integers(0, MASK), st.lists(st.integers(1, 400 * S), max_size=12))
def test_it_stands_exactly_from_dry_to_expired_whatever_the_clock_and_the_pauses(
    since_us: int, pauses_us: "list[int]"
) -> None:
    skin = confirmed(since_us)
    passed_us = 0
    now_us = since_us
    for pause_us in pauses_us:
        passed_us += pause_us
        now_us = later_us(now_us, pause_us)
        skin.step(now_us)
        assert skin.stage == (DRYING if passed_us < 30 * S else STANDS if passed_us < 600 * S else NONE)
