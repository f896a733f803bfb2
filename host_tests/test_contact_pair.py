"""Two contacts that must agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import limits
from firmware.contact_pair import ContactPair

BOTH_ON = (1, 1)
BOTH_OFF = (0, 0)
FIRST_ONLY = (1, 0)
SECOND_ONLY = (0, 1)


def after(*runs: "tuple[tuple[int, int], int]") -> ContactPair:
    """A pair that has seen each of these for so many ticks."""
    pair = ContactPair()
    for contacts, ticks in runs:
        for _ in range(ticks):
            pair.step(*contacts)
    return pair


def test_a_pair_that_was_never_read_is_off_in_every_respect() -> None:
    assert set(vars(ContactPair()).values()) == {0}


def test_a_pair_has_all_its_memory_from_the_start() -> None:
    assert vars(ContactPair()).keys() == vars(after((BOTH_ON, 6), (BOTH_OFF, 1), (FIRST_ONLY, 11))).keys()


def test_a_press_counts_when_both_have_agreed_for_ten_milliseconds() -> None:
    early = after((BOTH_OFF, 1), (BOTH_ON, 4))
    assert (early.on, early.rose, early.both) == (0, 0, 1)
    pressed = after((BOTH_OFF, 1), (BOTH_ON, 5))
    assert (pressed.on, pressed.rose, pressed.both) == (1, 1, 1)


def test_a_press_rises_once() -> None:
    pair = after((BOTH_ON, 6))
    assert (pair.on, pair.rose) == (1, 0)


def test_a_release_counts_at_once() -> None:
    pair = after((BOTH_ON, 20), (BOTH_OFF, 1))
    assert (pair.on, pair.both, pair.off_ticks) == (0, 0, 1)


@pytest.mark.parametrize("differing", [FIRST_ONLY, SECOND_ONLY])
def test_a_disagreement_ends_agreement_in_the_same_tick(differing: "tuple[int, int]") -> None:
    pair = after((BOTH_ON, 20), (differing, 1))
    assert (pair.both, pair.off_ticks, pair.broken) == (0, 0, 0)


@pytest.mark.parametrize("differing", [FIRST_ONLY, SECOND_ONLY])
def test_a_disagreement_longer_than_twenty_milliseconds_is_broken(differing: "tuple[int, int]") -> None:
    assert after((differing, 10)).broken == 0
    assert after((differing, 11)).broken == 1
    assert after((differing, 100_000)).broken == 1


def test_a_pair_that_agrees_again_is_whole_again() -> None:
    assert after((FIRST_ONLY, 50), (BOTH_OFF, 1)).broken == 0
    assert after((FIRST_ONLY, 10), (BOTH_OFF, 1), (SECOND_ONLY, 10)).broken == 0
    assert after((FIRST_ONLY, 50), (BOTH_ON, 1), (SECOND_ONLY, 10)).broken == 0
    assert after((FIRST_ONLY, 50), (BOTH_ON, 1), (SECOND_ONLY, 11)).broken == 1


def test_a_press_broken_by_a_disagreement_starts_its_ten_milliseconds_anew() -> None:
    pair = after((BOTH_ON, 4), (FIRST_ONLY, 8), (BOTH_ON, 1))
    assert (pair.on, pair.rose) == (0, 0)
    assert after((BOTH_ON, 4), (FIRST_ONLY, 8), (BOTH_ON, 5)).rose == 1


def test_a_press_broken_by_a_release_starts_its_ten_milliseconds_anew() -> None:
    for pressed_ticks in (1, 4, 5, 50):
        for ticks, on in ((1, 0), (4, 0), (5, 1)):
            pair = after((BOTH_ON, pressed_ticks), (BOTH_OFF, 1), (BOTH_ON, ticks))
            assert (pair.on, pair.rose) == (on, on)


def test_however_long_the_contacts_differ_what_is_counted_stays_small() -> None:
    assert max(vars(after((FIRST_ONLY, 40_000))).values()) <= limits.QUIET_TICKS


def test_a_held_control_does_not_rise_again_after_a_glitch() -> None:
    pair = after((BOTH_ON, 20), (FIRST_ONLY, 3))
    rises = 0
    for _ in range(50):
        pair.step(*BOTH_ON)
        rises += pair.rose
    assert pair.on == 1
    assert rises == 0


def test_time_off_is_counted_up_to_a_minute() -> None:
    assert after((BOTH_OFF, 250)).off_ticks == 250
    assert after((BOTH_OFF, limits.QUIET_TICKS + 10)).off_ticks == limits.QUIET_TICKS


@pytest.mark.law
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=60))
def test_whatever_the_contacts_do_agreement_is_this_ticks_and_a_press_is_five_ticks(
    story: "list[tuple[int, int]]",
) -> None:
    pair = ContactPair()
    for tick, contacts in enumerate(story):
        pair.step(*contacts)
        assert pair.both == (contacts == BOTH_ON)
        assert bool(pair.off_ticks) == (contacts == BOTH_OFF)
        if pair.rose:
            assert story[tick - 4 : tick + 1] == [BOTH_ON] * 5
        if pair.broken:
            assert all(first != second for first, second in story[tick - 10 : tick + 1])


@pytest.mark.law
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=60))
def test_a_steady_pair_need_not_be_stepped_while_both_stay_on(story: "list[tuple[int, int]]") -> None:
    pair = after(*((contacts, 3) for contacts in story), (BOTH_ON, 6))
    assert pair.steady == 1
    before = dict(vars(pair))
    pair.step(*BOTH_ON)
    assert vars(pair) == before
    pair.step(*FIRST_ONLY)
    assert not pair.steady
