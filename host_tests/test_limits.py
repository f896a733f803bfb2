"""The table of bounds: every one has a source, and they agree with each other and with the machine."""

import re
from pathlib import Path

import pytest

from firmware import limits
from firmware.calibration import SYRINGES, Calibration

SOURCE = Path(limits.__file__)
TABLE = re.compile(r"^([A-Z][A-Z0-9_]+) = const\(")
UNITS = (
    "_S",
    "_US",
    "_UM",
    "_PA",
    "_MV",
    "_NL",
    "_MHZ",
    "_STEPS",
    "_TICKS",
    "_COUNTS",
    "_PERCENT",
    "_STEP",
    "_MAX",
    "_MM2",
)


def bounds() -> "dict[str, int]":
    """Every bound by name."""
    return {name: value for name, value in vars(limits).items() if name.isupper()}


def test_every_bound_has_a_source_of_its_own_or_of_its_section() -> None:
    section = ""
    without: list[str] = []
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            section = line
        found = TABLE.match(line)
        if found and not re.search(r"\[[MSCE]\]", line + section) and not found.group(1).startswith("SENSOR_"):
            without.append(found.group(1))
    assert without == []


def test_every_bound_names_its_unit() -> None:
    assert [name for name in bounds() if not name.endswith(UNITS)] == []


def test_every_bound_is_small_on_the_chip() -> None:
    assert all(-(1 << 30) <= value < 1 << 30 for value in bounds().values())


def test_a_chunk_fits_the_memory_of_every_chip_and_its_tick() -> None:
    assert limits.CHUNK_MAX_STEPS <= 47  # symbols of a channel on the ESP32-S3
    assert limits.CHUNK_MAX_STEPS * 1_000_000 // limits.TICK_US == 20_000  # steps a second, the motors' top speed
    assert limits.RAMP_STEPS == 10


def test_the_feed_stays_below_the_ceiling_and_the_ceiling_below_the_fault() -> None:
    assert limits.TISSUE_MAX_PA < limits.FEED_PRESSURE_PA < limits.PRESSURE_CEILING_PA < limits.PRESSURE_FAULT_PA
    assert limits.PRESSURE_CEILING_PA == 400_000


def test_the_reference_pressure_hangs_on_the_needle() -> None:
    assert 0 < limits.REFERENCE_PA < 1500


def test_the_needle_waits_and_parks_outside_the_skin() -> None:
    assert limits.NEEDLE_PARKED_UM < limits.NEEDLE_WAITING_UM < 0 < limits.DEPTH_MIN_UM
    assert limits.DEPTH_MIN_UM % limits.NEEDLE_UM_PER_STEP == 0
    assert limits.DEPTH_OVERSHOOT_UM < limits.NEEDLE_DISAGREEMENT_UM


def test_withdrawing_ends_within_150_ms() -> None:
    assert limits.WITHDRAW_TICKS * limits.TICK_US == 150_000


def test_times_are_those_of_the_safety_rules() -> None:
    milliseconds = {
        "PRESS_TICKS": 10,
        "DISAGREE_TICKS": 20,
        "PRIME_OPEN_TICKS": 500,
        "PRIME_MAX_TICKS": 20_000,
        "HOLD_TICKS": 1_000,
    }
    assert {name: bounds()[name] * limits.TICK_US // 1000 for name in milliseconds} == milliseconds
    assert limits.ARMED_US == 60_000_000


def test_the_supply_may_be_between_nine_and_fifteen_volts() -> None:
    full_scale_mv = 5 * 3100  # behind 1:5
    assert limits.SUPPLY_LOW_COUNTS * full_scale_mv / 4095 == pytest.approx(9_000, abs=4)
    assert limits.SUPPLY_HIGH_COUNTS * full_scale_mv / 4095 == pytest.approx(15_000, abs=4)


@pytest.mark.parametrize("syringe", SYRINGES)
def test_an_overdose_is_five_percent_of_a_large_dose_and_one_chunk_of_a_small_one(syringe: str) -> None:
    pl_per_step = Calibration(syringe).pl_per_step
    assert limits.overdose_pl(200_000_000, pl_per_step) == 10_000_000
    assert limits.overdose_pl(50 * pl_per_step, pl_per_step) == 40 * pl_per_step
