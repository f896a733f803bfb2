"""Every integer of the loop is small on the chip: every intermediate result of whole sessions, and every value kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.image import Inputs
from host_tests import moments
from host_tests.chip_int import LARGEST, SMALLEST, ChipInt, TooLarge
from host_tests.effort import share
from host_tests.rig import Rig

THICK = 2.6e-3  # kPa s/nl: ten centipoise through 30G
THIN = 2.6e-5  # water through a wide needle


def watched(rig: Rig) -> Rig:
    """From now on every number that comes in watches all that is calculated from it."""

    def every_input(inputs: Inputs) -> None:
        for name, value in vars(inputs).items():
            setattr(inputs, name, ChipInt(value))

    rig.meddle = every_input
    calibration = rig.loop.settings.calibration
    assert calibration is not None
    for thing in (rig.loop.settings, calibration):
        for name, value in vars(thing).items():
            if type(value) is int:
                setattr(thing, name, ChipInt(value))
    return rig


def integers_of(thing: object, name: str, seen: "set[int]") -> "Iterator[tuple[str, int]]":
    """Every integer that an object of the firmware and what it holds keep, by its path."""
    if id(thing) in seen or not type(thing).__module__.startswith("firmware."):
        return
    seen.add(id(thing))
    for attribute, value in vars(thing).items():
        path = f"{name}.{attribute}"
        if isinstance(value, int):
            yield path, value
        else:
            yield from integers_of(value, path, seen)


def check_kept(rig: Rig) -> None:
    """What is kept from tick to tick is small, counters that no input feeds included: looked at now and then."""
    if rig.ticks % 20:
        return
    for path, value in integers_of(rig.loop, "loop", set()):
        assert SMALLEST <= value <= LARGEST, path


def live(wanted: "dict[str, Any]", params: "dict[str, float]", plant: str = "own") -> Rig:
    """Homing, prime, a drop, one let go, another drop; each tick watched. The trouble may end it in FAULT earlier."""
    rig = watched(moments.new_rig(wanted, params, plant=plant))
    rig.watch = check_kept
    rig.make_ready()
    if rig.state == "FAULT":
        return rig
    rig.arm()
    for hold_ms in (30_000, 120, 30_000):
        if rig.state != "ARMED":
            break
        rig.contact = 1
        rig.run(100)
        rig.trigger = 1
        rig.run(14)
        for _ in range(hold_ms // 2):
            if moments.phase_of(rig) == "idle":
                break
            rig.tick()
        moments.let_go(rig)
    return rig


SESSIONS: "dict[str, tuple[dict[str, Any], dict[str, float]]]" = {
    "usual": ({}, {}),
    "smallest": ({"dose_nl": 272, "depth_um": 100}, {}),
    "largest, thick, hard": (
        {"syringe": "10ml", "dose_nl": 200_000, "depth_um": 13_000},
        {"needle_kpa_s_per_nl": 2 * THICK, "tissue_kpa": 100},
    ),
    "largest of 1 ml, stiff": ({"dose_nl": 200_000}, {"fluid_nl_per_kpa": 0.5, "tissue_kpa": 100}),
    "5 ml, burst": ({"syringe": "5ml", "dose_nl": 20_000, "mode": "burst", "burst_count": 3, "rate_mhz": 1_000}, {}),
    "wide needle": ({"dose_nl": 50_000}, {"needle_kpa_s_per_nl": THIN, "tissue_kpa": 5}),
    "occluded": ({"syringe": "10ml", "dose_nl": 200_000}, {"occluded_after_nl": 40_000}),
    "occluded in prime": ({}, {"occluded_after_nl": 1_000}),
    "missing": ({"syringe": "5ml", "dose_nl": 20_000}, {"syringe_nl": 0}),
    "bubble": ({"dose_nl": 50_000}, {"bubble_nl": 5_000, "bubble_after_nl": 20_000}),
    "nearly empty": ({"dose_nl": 200_000}, {"syringe_nl": 300_000}),
}


@pytest.mark.law
@pytest.mark.no_cover
@pytest.mark.parametrize("name", SESSIONS)
def test_every_reachable_integer_is_small(name: str) -> None:
    wanted, params = SESSIONS[name]
    live(wanted, params)


@pytest.mark.law
@pytest.mark.no_cover
@share(0.3)
@given(
    st.sampled_from(("1ml", "5ml", "10ml")),
    st.lists(st.tuples(st.integers(8, 4087), st.integers(1, 200)), min_size=1, max_size=8),
    st.integers(1, 400),
)
def test_every_integer_is_small_whatever_the_pressure_sensor_says(
    syringe: str, story: "list[tuple[int, int]]", from_tick: int
) -> None:
    rig = watched(moments.shooting({"syringe": syringe, "dose_nl": 200_000}))
    rig.run(2 * from_tick)
    honest = rig.meddle
    rig.watch = check_kept
    for pressure_counts, ticks in story:

        def lie(inputs: Inputs, counts: int = pressure_counts) -> None:
            inputs.pressure_counts = counts
            assert honest is not None
            honest(inputs)

        rig.meddle = lie
        rig.run(2 * ticks)


def test_a_large_intermediate_result_is_found_although_the_result_is_small() -> None:
    assert ChipInt(40_000) * 20_000 // 1000 == 800_000
    with pytest.raises(TooLarge):
        assert ChipInt(40_000) * 30_000 // 1000
    for spread in (
        lambda: 1 - ChipInt(SMALLEST),
        lambda: -ChipInt(SMALLEST),
        lambda: 2 * ChipInt(LARGEST),
        lambda: ChipInt(1) << 30,
        lambda: ChipInt(LARGEST) + 1,
        lambda: min(ChipInt(LARGEST), 1 << 31) + 1,
    ):
        with pytest.raises(TooLarge):
            spread()


def test_what_is_calculated_from_a_watched_number_is_watched_too() -> None:
    number = ChipInt(12)
    results = [number + 1, 1 + number, 1 - number, number - 1, number * 2, 2 * number, number // 5, 100 // number]
    results += [number % 5, 100 % number, number >> 1, number << 1, number & 4, 4 & number, number | 1, -number]
    assert [type(result) for result in results] == [ChipInt] * len(results)
    assert results == [13, 13, -11, 11, 24, 24, 2, 8, 2, 4, 6, 24, 4, 4, 13, -12]
    assert type(number * 0.5) is float
