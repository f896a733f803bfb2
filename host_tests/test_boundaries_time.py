"""Everything that takes its time, one tick before, at, and one after: disinfection, and the hands of both contacts."""

import itertools

import pytest

from firmware import disinfection, limits
from firmware.disinfection import Disinfection
from host_tests.figures import RecordFigure

AROUND = (-1, 0, 1)
CASES = "boundary cases"
TURN_US = 1 << 30
STARTS_US = (0, 1, TURN_US // 2 - 1, TURN_US // 2, TURN_US - 1)
TEN_MINUTES_US = 600_000_000


def at(start_us: int, passed_us: int, drying_s: int = 30) -> Disinfection:
    """A disinfection so long after it was confirmed, looked at every minute."""
    skin = Disinfection()
    skin.drying_us = drying_s * 1_000_000
    skin.confirm(start_us)
    for look_us in (*range(60_000_000, passed_us, 60_000_000), passed_us):
        skin.step((start_us + look_us) % TURN_US)
    return skin


def test_before_it_was_confirmed_nothing_is_disinfected_however_long_one_waits() -> None:
    skin = Disinfection()
    assert vars(skin) == {"stage": disinfection.NONE, "drying_us": 30_000_000, "_since_us": 0}
    for now_us in (0, 30_000_000, 600_000_000, TURN_US - 1):
        skin.step(now_us)
        assert skin.stage == disinfection.NONE


def test_no_flipped_bit_makes_one_stage_of_another_and_no_other_number_is_one() -> None:
    stages = (disinfection.NONE, disinfection.DRYING, disinfection.STANDS)
    assert stages == (0, 0x33, 0x5A)
    for one, other in itertools.combinations(stages, 2):
        assert (one ^ other).bit_count() > 3
    for number in range(256):
        skin = at(0, 1_000)
        skin.stage = number
        skin.step(2_000)
        assert skin.stage == (disinfection.DRYING if number == disinfection.DRYING else number in stages and number)


@pytest.mark.parametrize("start_us", STARTS_US)
@pytest.mark.parametrize("drying_s", [limits.DRYING_LEAST_S, 31, limits.DRYING_MOST_S])
def test_it_stands_when_it_is_dry_and_for_ten_minutes(
    start_us: int, drying_s: int, record_figure: RecordFigure
) -> None:
    assert at(start_us, 0, drying_s).stage == disinfection.DRYING
    for around in AROUND:
        dry = at(start_us, drying_s * 1_000_000 + around, drying_s)
        assert dry.stage == (disinfection.STANDS if around >= 0 else disinfection.DRYING)
        expired = at(start_us, TEN_MINUTES_US + around, drying_s)
        assert expired.stage == (disinfection.NONE if around >= 0 else disinfection.STANDS)
        record_figure(CASES, 2)


@pytest.mark.parametrize("start_us", STARTS_US)
def test_the_seconds_until_it_is_dry_are_rounded_up(start_us: int, record_figure: RecordFigure) -> None:
    skin = at(start_us, 0)
    for second in range(1, 30):
        for around in AROUND:
            now_us = (start_us + second * 1_000_000 + around) % TURN_US
            assert skin.drying_s(now_us) == 30 - second + (around < 0)
            record_figure(CASES, 1)


@pytest.mark.parametrize("passed_us", [0, 29_999_999, 30_000_000, 599_999_999])
def test_what_ends_it_ends_it_for_good(passed_us: int) -> None:
    skin = at(1_000, passed_us)
    skin.forget()
    assert skin.stage == disinfection.NONE
    for later_us in (1, 30_000_000, 60_000_000):
        skin.step((1_000 + passed_us + later_us) % TURN_US)
        assert skin.stage == disinfection.NONE


def test_whether_it_stands_is_judged_at_the_time_that_is_asked_about() -> None:
    skin = Disinfection()
    assert not skin.stands(0)
    skin.confirm(0)
    assert not skin.stands(29_999_999)
    assert skin.stands(30_000_000)
    assert skin.stands(599_999_999)
    assert not skin.stands(600_000_000)


def test_confirmed_again_it_dries_again() -> None:
    skin = at(0, 300_000_000)
    assert skin.stage == disinfection.STANDS
    skin.confirm(300_000_000)
    assert skin.stage == disinfection.DRYING
    skin.step(329_999_999)
    assert skin.stage == disinfection.DRYING
    skin.step(330_000_000)
    assert skin.stage == disinfection.STANDS
    for minute in range(6, 15):
        skin.step(minute * 60_000_000)
        assert skin.stage == disinfection.STANDS
    skin.step(900_000_000)
    assert skin.stage == disinfection.NONE
