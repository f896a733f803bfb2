"""The syringe in the machine, counted in dose steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.calibration import SYRINGES, Calibration
from firmware.settings import Settings
from firmware.syringe import Syringe
from host_tests.rig import CONTENTS_NL, settings


def chosen(syringe: str, dose_nl: int) -> Settings:
    """Settings in force."""
    taken = Settings()
    assert taken.take(settings(syringe=syringe, dose_nl=dose_nl)) == 0
    return taken


@pytest.mark.parametrize("syringe", SYRINGES)
def test_a_full_syringe_holds_a_little_less_than_its_content(syringe: str) -> None:
    drops = Syringe().drops_left(0, chosen(syringe, 20_000))
    assert 0.95 * CONTENTS_NL[syringe] <= drops * 20_000 < 0.99 * CONTENTS_NL[syringe]


@given(st.sampled_from(SYRINGES), st.integers(0, 200_000), st.integers(3_000, 200_000))
def test_the_drops_that_are_left_fit_into_what_is_left(syringe: str, used_steps: int, dose_nl: int) -> None:
    calibration = Calibration(syringe)
    drops = Syringe().drops_left(used_steps, chosen(syringe, dose_nl))
    left_nl = CONTENTS_NL[syringe] - used_steps * calibration.pl_per_step / 1000
    assert drops >= 0
    assert drops == 0 or drops * dose_nl < left_nl


def test_the_way_back_is_what_was_used() -> None:
    loaded = Syringe()
    assert loaded.back_steps(5_000) == -loaded.used_steps(5_000) == -5_000
    assert loaded.back_steps(0) == 0


def test_a_syringe_that_nobody_primed_is_not() -> None:
    assert not Syringe().primed
