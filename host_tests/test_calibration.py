"""Steps, counts and their physical values, against the reference machine."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.calibration import (
    NEEDLE_ZERO_UM,
    PA_PER_COUNT,
    PRESSURE_ZERO_PA,
    SYRINGES,
    UM_PER_COUNT,
    Calibration,
)
from host_tests.rig import AREAS_MM2, CONTENTS_NL

UM_PER_STEP = 0.3125
INNER_DIAMETERS_MM = {"1ml": 4.70, "5ml": 12.3, "10ml": 15.6}
TOTAL_COMPLIANCE_NL_PER_KPA = {"1ml": 2.55, "5ml": 29.0, "10ml": 48.0}


@pytest.mark.parametrize("syringe", SYRINGES)
def test_a_step_displaces_lead_times_area(syringe: str) -> None:
    area_mm2 = math.pi / 4 * INNER_DIAMETERS_MM[syringe] ** 2
    assert Calibration(syringe).pl_per_step == pytest.approx(1000 * UM_PER_STEP * area_mm2, abs=1)
    assert area_mm2 == pytest.approx(AREAS_MM2[syringe], rel=1e-6)


@pytest.mark.parametrize("syringe", SYRINGES)
def test_compliance_and_content_are_those_of_the_machine(syringe: str) -> None:
    calibration = Calibration(syringe)
    assert calibration.compliance_pl_per_kpa == 1000 * TOTAL_COMPLIANCE_NL_PER_KPA[syringe]
    content_nl = calibration.content_steps * calibration.pl_per_step / 1000
    assert content_nl == pytest.approx(CONTENTS_NL[syringe], rel=1e-4)
    assert calibration.syringe == syringe


def test_a_syringe_that_nobody_measured_has_no_calibration() -> None:
    with pytest.raises(KeyError):
        Calibration("2ml")


@given(st.integers(0, 4095))
def test_counts_become_what_the_sensors_mean(counts: int) -> None:
    assert counts * PA_PER_COUNT + PRESSURE_ZERO_PA == (counts * 0.25 - 50) * 1000
    assert counts * UM_PER_COUNT + NEEDLE_ZERO_UM == counts * 4 - 3000


@given(st.sampled_from(SYRINGES), st.integers(0, 200_000_000))
def test_a_volume_becomes_the_nearest_number_of_steps(syringe: str, volume_pl: int) -> None:
    calibration = Calibration(syringe)
    error_pl = calibration.steps_of_pl(volume_pl) * calibration.pl_per_step - volume_pl
    assert abs(error_pl) <= calibration.pl_per_step / 2
