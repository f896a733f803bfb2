"""Every bound of the device once more, beside the firmware's own table: one that moves has to be moved twice.

What each of them does one below, at and one above is tried where it is kept (test_boundaries_*.py).
"""

import pytest

from firmware import limits, zones
from firmware.calibration import SYRINGES, Calibration

BOUNDS = {
    "TICK_US": 2_000,
    "LATE_TICK_US": 1_000,
    "CHUNK_MAX_STEPS": 40,
    "RAMP_STEPS": 10,
    "DOSE_TRAVEL_UM": 60_000,
    "NEEDLE_UM_PER_STEP": 5,
    "NEEDLE_PARKED_UM": -2_000,
    "NEEDLE_WAITING_UM": -500,
    "NEEDLE_DEEPEST_UM": 13_000,
    "HOMING_CHUNK_STEPS": 10,
    "HOMING_MOST_STEPS": 3_200,
    "HOMING_MOST_TICKS": 500,
    "REWIND_MOST_TICKS": 10_000,
    "BACKLASH_MOST_STEPS": 300,
    "DEPTH_MIN_UM": 100,
    "DEPTH_OVERSHOOT_UM": 50,
    "NEEDLE_DISAGREEMENT_UM": 100,
    "NEEDLE_ASTRAY_UM": 250,
    "UNREST_MOST_PA": 3_000,
    "NEEDLE_DISAGREEMENT_TICKS": 3,
    "DOSE_MIN_STEPS": 50,
    "DOSE_MAX_NL": 200_000,
    "OVERDOSE_PERCENT": 5,
    "PRIME_MAX_NL": 200_000,
    "PRIME_MAX_TICKS": 10_000,
    "SESSION_MAX_NL": 20_000_000,
    "PRIME_OPEN_TICKS": 250,
    "PRESSURE_CEILING_PA": 400_000,
    "PRESSURE_FAULT_PA": 450_000,
    "FEED_PRESSURE_PA": 340_000,
    "TISSUE_MAX_PA": 150_000,
    "REFERENCE_PA": 700,
    "SENSOR_LOW_COUNTS": 8,
    "SENSOR_HIGH_COUNTS": 4_087,
    "SUPPLY_LOW_COUNTS": 2_378,
    "SUPPLY_HIGH_COUNTS": 3_963,
    "PRESS_TICKS": 5,
    "DISAGREE_TICKS": 10,
    "WITHDRAW_TICKS": 75,
    "ARMED_US": 60_000_000,
    "QUIET_TICKS": 30_000,
    "CONFIRM_TICKS": 10,
    "LET_GO_TICKS": 3,
    "HOLD_TICKS": 500,
    "DISINFECTED_US": 600_000_000,
    "DRYING_LEAST_S": 30,
    "DRYING_MOST_S": 120,
    "WRONG_CODES_MAX": 5,
    "LOCK_OUT_TICKS": 150_000,
    "SELF_TEST_TICKS": 25,
    "BURST_MAX": 20,
    "RATE_MIN_MHZ": 50,
    "RATE_MAX_MHZ": 20_000,
    "POINTS_MAX": 999,
    "AREA_MIN_MM2": 100,
    "AREA_MAX_MM2": 90_000,
    "SPACING_MIN_UM": 1_000,
    "SPACING_MAX_UM": 20_000,
    "PROOF_TICKS": 12,
    "DROP_TICKS": 15_000,
    "RESERVE_US": 1_000_000,
}

# name: (deepest um, most nl of a drop, most nl and most points in all)
ZONES = {
    "face": (2_000, 50_000, 5_000_000, 250),
    "eyelid": (600, 20_000, 400_000, 20),
    "neck": (2_000, 50_000, 5_000_000, 200),
    "hands": (2_000, 50_000, 2_000_000, 100),
    "scalp": (4_000, 50_000, 5_000_000, 300),
    "chin": (13_000, 200_000, 10_000_000, 50),
    "stretch": (2_000, 50_000, 10_000_000, 500),
    "body": (13_000, 200_000, 20_000_000, 999),
    "pain": (13_000, 100_000, 10_000_000, 200),
}


def test_no_bound_has_moved() -> None:
    assert {name: value for name, value in vars(limits).items() if name.isupper()} == BOUNDS


def test_no_zone_has_become_deeper_or_larger() -> None:
    assert list(zones.NAMES) == list(ZONES)
    for name, row in ZONES.items():
        zone = zones.Zone(name)
        assert (zone.deepest_um, zone.dose_most_nl, zone.most_nl, zone.points_most) == row
        assert zone.label == name.encode()


def test_a_zone_that_does_not_exist_has_no_limits() -> None:
    for name in ("", "Face", "leg"):
        with pytest.raises(ValueError, match="not in tuple"):
            zones.Zone(name)


def test_every_zone_lies_within_the_machine() -> None:
    for deepest_um, dose_most_nl, most_nl, points_most in ZONES.values():
        assert limits.DEPTH_MIN_UM < deepest_um <= limits.NEEDLE_DEEPEST_UM
        assert 0 < dose_most_nl <= limits.DOSE_MAX_NL
        assert dose_most_nl <= most_nl <= limits.SESSION_MAX_NL
        assert 0 < points_most <= limits.POINTS_MAX


@pytest.mark.parametrize("syringe", SYRINGES)
def test_more_than_the_dose_is_five_per_cent_or_one_chunk(syringe: str) -> None:
    pl_per_step = Calibration(syringe).pl_per_step
    chunk_pl = 40 * pl_per_step
    for dose_nl in (1, 272, 4_337, 4_338, 10_000, 29_705, 29_706, 50_000, 200_000):
        tolerance_pl = limits.overdose_pl(dose_nl * 1_000, pl_per_step)
        assert tolerance_pl == max(dose_nl * 50, chunk_pl)
    at = chunk_pl // 5 * 100
    assert limits.overdose_pl(at - 100, pl_per_step) == chunk_pl
    assert limits.overdose_pl(at + 100, pl_per_step) == chunk_pl // 5 * 5 + 5
