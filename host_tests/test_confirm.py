"""The CONFIRM button."""

from firmware import limits
from firmware.confirm import Confirm


def events(*runs: "tuple[int, int]") -> "list[str]":
    """What is reported while the button is pressed (1) or not (0) for so many ticks each."""
    confirm = Confirm()
    said: list[str] = []
    for pressed, ticks in runs:
        for _ in range(ticks):
            confirm.step(pressed)
            said += ["short"] * bool(confirm.short) + ["held"] * bool(confirm.held)
    return said


def test_a_short_press_counts_when_it_is_let_go() -> None:
    assert events((0, 10), (1, 50)) == []
    assert events((0, 10), (1, 50), (0, 100)) == ["short"]


def test_a_bounce_of_less_than_20_ms_is_no_press() -> None:
    assert events((1, 9), (0, 5), (1, 9), (0, 100)) == []
    assert events((1, 10), (0, 5)) == ["short"]


def test_a_hold_counts_after_a_second_and_once() -> None:
    assert events((1, 499)) == []
    assert events((1, 500)) == ["held"]
    assert events((1, 100_000)) == ["held"]


def test_a_hold_is_no_short_press_when_it_is_let_go() -> None:
    assert events((1, 500), (0, 100)) == ["held"]
    assert events((1, 499), (0, 100)) == ["short"]


def test_a_worn_button_that_opens_for_a_moment_is_one_press() -> None:
    assert events((1, 50), (0, 2), (1, 50), (0, 2), (1, 50), (0, 100)) == ["short"]
    assert events((1, 300), (0, 2), (1, 200)) == ["held"]
    assert events((1, 300), (0, 3), (1, 300)) == ["short"]
    assert events((1, 10), (0, 1)) == events((1, 10), (0, 2)) == []
    assert events((1, 10), (0, 2), (1, 490)) == ["held"]


def test_a_touch_too_short_for_a_press_is_forgotten_as_soon_as_it_opens() -> None:
    assert events((1, 9), (0, 1), (1, 1), (0, 5)) == []
    assert events((1, 9), (0, 1), (1, 499)) == []
    assert events((1, 9), (0, 1), (1, 500)) == ["held"]


def test_closed_for_a_moment_now_and_then_is_no_press() -> None:
    assert events(*[(1, 9), (0, 1)] * 100, (0, 100)) == []


def test_a_press_that_is_void_counts_for_nothing_and_the_next_one_does() -> None:
    for ticks in (1, 9, 10, 100, 499):
        confirm = Confirm()
        for _ in range(ticks):
            confirm.step(1)
        confirm.void()
        for pressed in (*[1] * 600, *[0] * 10):
            confirm.step(pressed)
            assert not confirm.short
            assert not confirm.held
        for pressed in (*[1] * 20, *[0] * 3):
            confirm.step(pressed)
        assert confirm.short


def test_between_two_presses_there_is_nothing_to_void() -> None:
    confirm = Confirm()
    confirm.void()
    for pressed in (*[1] * 20, 0, 0, 0):
        confirm.step(pressed)
    assert confirm.short
    confirm.void()
    assert not confirm.short
    for pressed in (*[1] * 500,):
        confirm.step(pressed)
    assert confirm.held


def test_each_press_counts_for_itself() -> None:
    assert events((1, 20), (0, 5), (1, 500), (0, 5), (1, 20), (0, 5)) == ["short", "held", "short"]


def test_a_button_that_was_never_pressed_remembers_nothing() -> None:
    assert set(vars(Confirm()).values()) == {0}


def test_a_button_that_was_let_go_remembers_nothing() -> None:
    confirm = Confirm()
    for pressed in (*[1] * 50, *[0] * 4):
        confirm.step(pressed)
    assert [name for name, value in vars(confirm).items() if value] == ["quiet"]
    assert vars(confirm).keys() == vars(Confirm()).keys()


def test_however_long_it_is_held_it_counts_to_a_second_and_a_tick() -> None:
    confirm = Confirm()
    for _ in range(1_000):
        confirm.step(1)
    assert max(vars(confirm).values()) == limits.HOLD_TICKS + 1
    confirm.void()
    assert max(vars(confirm).values()) == limits.HOLD_TICKS + 1


def test_a_quiet_button_need_not_be_stepped_until_it_is_pressed() -> None:
    confirm = Confirm()
    for pressed in (0, 1, 1, 0, *[1] * 50, 0, 0, 0):
        confirm.step(pressed)
        if confirm.quiet:
            before = dict(vars(confirm))
            confirm.step(0)
            assert vars(confirm) == before
    assert confirm.short
    assert not confirm.quiet
    confirm.step(0)
    assert (confirm.short, confirm.quiet) == (0, True)
