"""What the display says when the records are in trouble, and what holding CONFIRM then ends."""

import pytest

from firmware import ledger
from host_tests.desk import Desk, fresh, locked, ready


def uncertain(desk: Desk, sure_drops: int = 2, most_drops: int = 33, most_nl: int = 363_165) -> Desk:
    """As after a boot that found a reservation open."""
    book = desk.loop.ledger
    book.found = ledger.UNMARKED
    book.troubles = ledger.DROPS_UNCERTAIN
    book.sure_drops, book.most_drops, book.most_nl = sure_drops, most_drops, most_nl
    desk.run(10)
    return desk


def test_the_display_says_how_many_drops_at_least_and_at_most_and_how_much() -> None:
    desk = uncertain(ready())
    assert desk.state == "IDLE"
    lines = desk.lines()
    assert lines[:5] == [
        "NOT ARMED  knob: menu",
        "UNCERTAIN",
        "2-33 drops, <364 ul",
        "HOLD CONFIRM 1 s",
        "drops_uncertain",
    ]


def test_of_drops_that_are_certain_there_is_one_number() -> None:
    assert uncertain(ready(), 3, 3, 33_000).lines()[2] == "3 drops, <34 ul"


def test_the_longest_of_it_fits_the_display() -> None:
    assert uncertain(ready(), 32, 33, 9_998_999).lines()[2] == "32-33 drops, <9999 ul"


def test_whoever_has_not_logged_in_is_asked_for_the_code_first_and_cannot_end_it() -> None:
    desk = uncertain(locked())
    lines = desk.lines()
    assert lines[1] == "LOCKED"
    assert "UNCERTAIN" in lines
    desk.hold_confirm()
    assert desk.loop.ledger.found


def test_holding_confirm_while_it_is_shown_ends_it_and_a_short_press_does_not() -> None:
    desk = uncertain(ready())
    desk.confirm_shortly()
    assert desk.loop.ledger.found
    desk.hold_confirm(900)
    assert desk.loop.ledger.found
    desk.hold_confirm()
    assert (desk.loop.ledger.found, desk.loop.ledger.troubles) == (0, 0)
    desk.run(20)
    assert desk.state == "READY"


def test_it_has_to_be_held_while_it_is_shown_and_not_before() -> None:
    desk = ready()
    desk.push()  # the menu hides it
    uncertain(desk)
    assert desk.panel.menu.is_open
    desk.confirm = 1
    desk.run(600)
    desk.leave()
    desk.run(600)
    desk.confirm = 0
    desk.run(20)
    assert desk.loop.ledger.found
    desk.hold_confirm()
    assert not desk.loop.ledger.found


def test_what_comes_first_is_named_first_and_confirm_is_for_nothing_else() -> None:
    desk = uncertain(ready())
    desk.stop = 1
    desk.run(10)
    desk.hold_confirm()
    assert desk.loop.ledger.found
    assert not desk.loop.drops_named


def test_uncertain_drops_come_before_the_skin_and_a_hold_ends_one_of_them() -> None:
    desk = uncertain(fresh())
    desk.disinfects = False
    desk.loop.treatment.disinfection.forget()
    desk.run(20)
    assert (desk.loop.drops_named, desk.loop.zone_named) == (True, False)
    desk.hold_confirm()
    assert not desk.loop.ledger.found
    assert desk.loop.treatment.disinfection.stage == 0


@pytest.mark.parametrize(
    ("trouble", "title", "word", "ended"),
    [
        (ledger.SAVING, "SAVING", "saving", False),
        (ledger.JOURNAL_FULL, "MEMORY", "journal_full", False),
        (ledger.STORE_BAD, "DAMAGED", "store_bad", True),
        (ledger.FILES_CHANGED, "CHANGED", "files_changed", False),
        (ledger.NO_KEYS, "NO KEYS", "no_keys", False),
    ],
)
def test_each_trouble_has_words_of_its_own_and_only_what_a_clinician_may_end_can_be_held_away(
    trouble: int, title: str, word: str, ended: bool
) -> None:
    desk = ready()
    desk.loop.ledger.troubles = trouble
    desk.run(10)
    lines = desk.lines()
    assert (lines[1], lines[4]) == (title, word)
    assert ("HOLD" in lines[3]) == ended
    assert desk.state == "IDLE"
    desk.hold_confirm()
    assert (desk.loop.ledger.troubles == 0) is ended


def test_of_several_troubles_the_hardest_is_shown() -> None:
    desk = uncertain(ready())
    desk.loop.ledger.troubles = ledger.DROPS_UNCERTAIN | ledger.FILES_CHANGED | ledger.SAVING
    assert desk.lines()[1] == "CHANGED"
    desk.hold_confirm()
    assert desk.loop.ledger.found
    desk.loop.ledger.troubles = ledger.DROPS_UNCERTAIN | ledger.JOURNAL_FULL
    assert desk.lines()[1] == "UNCERTAIN"
