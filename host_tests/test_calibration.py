"""Steps, counts and their physical values, against the reference machine."""

import math
from collections.abc import Callable
from typing import Any

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
    adopted,
)
from host_tests.rig import AREAS_MM2, CONTENTS_NL
from tools.simulator import provisioning

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


# --- what was measured of a device --------------------------------------------------------------------------------

NAMES = ("pl_per_step", "compliance_pl_per_kpa")
Record = dict[str, Any]


def nominal(syringe: str, name: str) -> int:
    return getattr(Calibration(syringe), name)


def test_the_simulated_device_was_measured_as_it_is_drawn() -> None:
    measured = adopted(provisioning.calibration())
    for syringe in SYRINGES:
        assert vars(Calibration(syringe, measured)) == vars(Calibration(syringe))
        assert Calibration(syringe, measured).plausible()


@pytest.mark.parametrize("syringe", SYRINGES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_value_counts_up_to_15_percent_from_nominal_and_beyond_it_nothing_does(
    syringe: str, name: str, sign: int
) -> None:
    most = nominal(syringe, name) * 15 // 100
    record = provisioning.calibration()
    record[syringe][name] += sign * most
    measured = adopted(record)
    calibration = Calibration(syringe, measured)
    assert getattr(calibration, name) == nominal(syringe, name) + sign * most
    assert calibration.content_steps == Calibration(syringe).content_steps
    assert calibration.plausible()
    record[syringe][name] += sign
    assert adopted(record) == {}


WRONG: "dict[str, Callable[[Record], object]]" = {
    "a syringe is missing": lambda record: record.pop("5ml"),
    "a value is missing": lambda record: record["5ml"].pop("pl_per_step"),
    "the other value is missing": lambda record: record["10ml"].pop("compliance_pl_per_kpa"),
    "a value with a fraction": lambda record: record["1ml"].update(pl_per_step=5422.0),
    "a value as text": lambda record: record["1ml"].update(pl_per_step="5422"),
    "a yes for a value": lambda record: record["1ml"].update(compliance_pl_per_kpa=True),
    "no value": lambda record: record["1ml"].update(compliance_pl_per_kpa=None),
    "a number for a syringe": lambda record: record.update({"1ml": 5422}),
    "a list for a syringe": lambda record: record.update({"1ml": [5422, 2550]}),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_calibration_is_taken_as_a_whole_or_not_at_all(change: "Callable[[Record], object]") -> None:
    record = provisioning.calibration()
    change(record)
    assert adopted(record) == {}


@pytest.mark.parametrize("nothing", [None, [], "{}", 3, {}])
def test_what_is_no_record_is_no_calibration(nothing: object) -> None:
    assert adopted(nothing) == {}


def test_content_that_has_changed_in_memory_is_not_plausible() -> None:
    calibration = Calibration("1ml")
    calibration.content_steps += 1
    assert not calibration.plausible()
