"""Operator codes: whose it is, and what wrong ones cost."""

import pytest

from firmware import limits
from firmware.operators import NOBODY, Operators


def operators() -> Operators:
    """Two of them: 111111 and 000000."""
    made = Operators()
    made.digests = (b"of 111111", b"of 000000")
    made.digest = lambda code: b"of %06d" % code
    return made


def test_nobody_is_logged_in_at_power_on_and_no_code_is_anybodys_before_there_are_any() -> None:
    new = Operators()
    assert new.current == NOBODY < 0
    assert not any(new.log_in(code) for code in (0, 1, 999_999))
    assert new.current == NOBODY


@pytest.mark.parametrize(("code", "place"), [(111_111, 0), (0, 1)])
def test_a_code_logs_in_whose_it_is(code: int, place: int) -> None:
    made = operators()
    assert made.log_in(code)
    assert made.current == place


def test_a_wrong_code_logs_nobody_in_and_nobody_out() -> None:
    made = operators()
    assert not made.log_in(1)
    assert made.current == NOBODY
    made.log_in(0)
    assert not made.log_in(1)
    assert made.current == 1


def test_five_wrong_codes_in_a_row_lock_everybody_out_for_five_minutes() -> None:
    made = operators()
    for _ in range(5):
        assert made.locked_out_ticks == 0
        assert not made.log_in(1)
    assert made.locked_out_ticks * limits.TICK_US == 300_000_000
    for left in range(made.locked_out_ticks, 0, -1):
        if left in (limits.LOCK_OUT_TICKS, 1):
            assert not made.log_in(0)
        made.step()
    assert made.locked_out_ticks == 0
    assert made.log_in(0)


def test_what_is_tried_while_locked_out_makes_it_no_longer() -> None:
    made = operators()
    for _ in range(20):
        made.log_in(1)
    assert made.locked_out_ticks == limits.LOCK_OUT_TICKS
    for _ in range(limits.LOCK_OUT_TICKS):
        made.step()
    for _ in range(4):
        assert not made.log_in(1)
    assert made.log_in(0)


def test_a_right_code_ends_the_row_of_wrong_ones() -> None:
    made = operators()
    for _ in range(10):
        for _ in range(4):
            made.log_in(1)
        assert made.log_in(0)
    assert made.locked_out_ticks == 0


def test_time_that_passes_without_a_lock_out_changes_nothing() -> None:
    made = operators()
    made.step()
    assert made.locked_out_ticks == 0
