"""Settings one below, at, and one above every bound, for every syringe, needle and zone: taken, or refused with exactly
the reasons there are. Expectations are calculated here, from the limits alone.
"""

import itertools
from typing import Any

import pytest

from firmware import limits, needles, settings, zones
from firmware.calibration import SYRINGES, Calibration
from firmware.settings import Settings, refusal_names, refusals_of, shortest_slot_us
from host_tests.figures import RecordFigure
from host_tests.rig import settings as whole

AROUND = (-1, 0, 1)
CASES = "boundary cases"
LEAST_DOSE_NL = {"1ml": 272, "5ml": 1_857, "10ml": 2_987}  # 50 steps, rounded up


def reasons(wanted: "dict[str, Any]") -> "set[str]":
    """Why these are refused; a refusal takes nothing."""
    kept = Settings()
    before = dict(vars(kept))
    refusals = kept.take(wanted)
    assert refusals == refusals_of(wanted)
    assert (vars(kept) == before) == bool(refusals)
    return set(refusal_names(refusals))


def test_the_smallest_dose_of_a_syringe_is_fifty_steps() -> None:
    for syringe in SYRINGES:
        pl_per_step = Calibration(syringe).pl_per_step
        assert settings.least_dose_nl(syringe) == LEAST_DOSE_NL[syringe] == -(-50 * pl_per_step // 1_000)


@pytest.mark.parametrize("zone", zones.NAMES)
@pytest.mark.parametrize("syringe", SYRINGES)
def test_a_dose_lies_between_what_the_syringe_resolves_and_what_machine_and_zone_allow(
    syringe: str, zone: str, record_figure: RecordFigure
) -> None:
    zone_most = zones.Zone(zone).dose_most_nl
    for limit in (LEAST_DOSE_NL[syringe], zone_most, limits.DOSE_MAX_NL):
        for dose_nl in (limit + around for around in AROUND):
            expected: set[str] = set()
            if dose_nl < LEAST_DOSE_NL[syringe]:
                expected.add("dose_below_resolution")
            if dose_nl > limits.DOSE_MAX_NL:
                expected.add("dose_above_limit")
            elif dose_nl > zone_most:
                expected.add("dose_above_zone")
            assert reasons(whole(syringe=syringe, zone=zone, dose_nl=dose_nl, depth_um=100)) == expected
            record_figure(CASES, 1)


@pytest.mark.parametrize("zone", zones.NAMES)
@pytest.mark.parametrize("needle", needles.NEEDLES)
def test_a_depth_lies_within_machine_needle_and_zone(needle: str, zone: str, record_figure: RecordFigure) -> None:
    zone_um, needle_um = zones.Zone(zone).deepest_um, needles.deepest_um(needle)
    for limit in (limits.DEPTH_MIN_UM, zone_um, needle_um, limits.NEEDLE_DEEPEST_UM):
        for depth_um in (limit + around for around in (-5, -1, 0, 1, 5)):
            expected: set[str] = set()
            if not limits.DEPTH_MIN_UM <= depth_um <= limits.NEEDLE_DEEPEST_UM or depth_um % 5:
                expected.add("depth_out_of_range")
            elif depth_um > needle_um:
                expected.add("depth_beyond_needle")
            if zone_um < depth_um <= limits.NEEDLE_DEEPEST_UM:
                expected.add("depth_beyond_zone")
            assert reasons(whole(needle=needle, zone=zone, depth_um=depth_um, dose_nl=5_000)) == expected
            record_figure(CASES, 1)


@pytest.mark.parametrize("zone", zones.NAMES)
def test_the_plan_of_a_zone_has_its_most_points(zone: str, record_figure: RecordFigure) -> None:
    zone_most = zones.Zone(zone).points_most
    for limit in (0, zone_most, limits.POINTS_MAX):
        for points in (limit + around for around in AROUND):
            expected: set[str] = set()
            if not 0 <= points <= limits.POINTS_MAX:
                expected.add("points_out_of_range")
            elif points > zone_most:
                expected.add("points_above_zone")
            assert reasons(whole(zone=zone, points=points, depth_um=100)) == expected
            record_figure(CASES, 1)


@pytest.mark.parametrize("mode", settings.MODES)
def test_a_burst_has_its_most_drops_and_a_rate_its_bounds(mode: str, record_figure: RecordFigure) -> None:
    for limit in (1, limits.BURST_MAX):
        for count in (limit + around for around in AROUND):
            expected: set[str] = set() if 1 <= count <= limits.BURST_MAX else {"burst_count_out_of_range"}
            assert reasons(whole(mode=mode, burst_count=count)) == expected
            record_figure(CASES, 1)
    for limit in (0, limits.RATE_MIN_MHZ, limits.RATE_MAX_MHZ):
        for rate_mhz in (limit + around for around in AROUND):
            good = rate_mhz == 0 or limits.RATE_MIN_MHZ <= rate_mhz <= limits.RATE_MAX_MHZ
            wanted = whole(mode=mode, rate_mhz=rate_mhz, depth_um=100, dose_nl=300)
            fast = good and mode == "burst" and rate_mhz > 10_000  # no axis is as fast
            assert reasons(wanted) == (set() if good and not fast else {"rate_beyond_axes"}), rate_mhz
            record_figure(CASES, 1)


@pytest.mark.parametrize(
    ("syringe", "dose_nl", "depth_um"),
    [
        (syringe, dose_nl, depth_um)
        for syringe, dose_nl, depth_um in itertools.product(
            SYRINGES, (300, 5_000, 50_000, 200_000), (100, 4_000, 13_000)
        )
        if dose_nl >= LEAST_DOSE_NL[syringe]
    ],
)
def test_no_burst_is_faster_than_its_axes(
    syringe: str, dose_nl: int, depth_um: int, record_figure: RecordFigure
) -> None:
    steps = 2 * ((depth_um + 500) // 5) + dose_nl * 1_000 // Calibration(syringe).pl_per_step
    slot_us = (steps // 40 + 12 + 12) * 2_000
    assert shortest_slot_us(depth_um, dose_nl, Calibration(syringe).pl_per_step) == slot_us
    fastest_mhz = 1_000_000_000 // (slot_us - 2_000)  # a slot is whole ticks, rounded up
    for rate_mhz in (fastest_mhz - 1, fastest_mhz, fastest_mhz + 1):
        for mode in settings.MODES:
            slot_ticks = -(-(1_000_000_000 // rate_mhz) // 2_000)
            good = mode == "single" or slot_ticks * 2_000 >= slot_us
            if limits.RATE_MIN_MHZ <= rate_mhz <= limits.RATE_MAX_MHZ:
                wanted = whole(syringe=syringe, dose_nl=dose_nl, depth_um=depth_um, mode=mode, rate_mhz=rate_mhz)
                assert reasons(wanted) == (set() if good else {"rate_beyond_axes"}), rate_mhz
                record_figure(CASES, 1)


@pytest.mark.parametrize("depth_um", [100, 1_000, 13_000])
def test_a_burst_at_exactly_its_shortest_slot_is_taken_and_a_tick_less_is_not(depth_um: int) -> None:
    slot_us = shortest_slot_us(depth_um, 5_000, 5_422)
    for slot, taken in ((slot_us, True), (slot_us - 2_000, False)):
        rate_mhz = -(-1_000_000_000 // slot)
        assert -(-(1_000_000_000 // rate_mhz) // 2_000) * 2_000 == slot, "a rate that has exactly this slot"
        wanted = whole(dose_nl=5_000, depth_um=depth_um, mode="burst", rate_mhz=rate_mhz)
        assert reasons(wanted) == (set() if taken else {"rate_beyond_axes"})


def test_what_a_drop_can_come_to_is_its_dose_and_tolerance_rounded_up(record_figure: RecordFigure) -> None:
    for syringe, dose_nl in itertools.product(SYRINGES, (3_000, 4_338, 10_000, 50_000, 200_000)):
        kept = Settings()
        assert kept.take(whole(syringe=syringe, dose_nl=dose_nl)) == 0
        pl_per_step = Calibration(syringe).pl_per_step
        most_pl = dose_nl * 1_000 + max(dose_nl * 50, 40 * pl_per_step)
        leaves_nl = most_pl // 1_000 + 1
        stores_pl = Calibration(syringe).compliance_pl_per_kpa
        stiff_pl = (stores_pl - stores_pl // 4) * 150
        assert kept.drop_most_nl() == (leaves_nl * 1_000 + stiff_pl + 40 * pl_per_step) // 1_000 + 1
        assert kept.drop_most_steps() == (leaves_nl * 1_000 + pl_per_step // 2) // pl_per_step
        assert kept.drop_most_steps() * pl_per_step >= most_pl - pl_per_step
        record_figure(CASES, 1)


def test_the_deepest_is_the_least_of_machine_needle_and_zone(record_figure: RecordFigure) -> None:
    for needle, zone in itertools.product(needles.NEEDLES, zones.NAMES):
        kept = Settings()
        assert kept.take(whole(needle=needle, zone=zone, depth_um=100, dose_nl=1_000)) == 0
        least_um = min(13_000, needles.deepest_um(needle), zones.Zone(zone).deepest_um)
        assert kept.deepest_um == least_um
        record_figure(CASES, 1)


def test_settings_that_were_never_taken_are_none() -> None:
    fresh = vars(Settings())
    for name in ("dose_nl", "depth_um", "deepest_um", "punctures_most", "burst_count", "slot_us", "points", "_seal"):
        assert fresh[name] == 0
    assert (fresh["syringe"], fresh["needle"], fresh["zone"]) == ("", "", "")
    assert refusal_names(fresh["refusals"]) == ["setting_not_chosen"]
    assert fresh["zone_limits"].label == b"face"
    assert fresh["calibration"].syringe == "1ml"


def test_everything_that_was_chosen_is_in_force() -> None:
    kept = Settings()
    chosen = whole(syringe="5ml", needle="32G 6mm", zone="scalp", dose_nl=20_000, depth_um=3_000)
    chosen.update(mode="burst", burst_count=7, rate_mhz=300, points=40)
    assert kept.take(chosen) == 0
    assert (kept.syringe, kept.needle, kept.zone, kept.calibration.syringe) == ("5ml", "32G 6mm", "scalp", "5ml")
    assert kept.zone_limits.label == b"scalp"
    assert (kept.dose_nl, kept.depth_um, kept.burst_count, kept.points) == (20_000, 3_000, 7, 40)
    assert kept.slot_us == 3_333_333
    assert kept.deepest_um == 4_000
    assert kept.punctures_most == needles.punctures_most("32G 6mm") == 80
    assert kept.take(chosen | {"rate_mhz": 1_001}) == 0
    assert kept.slot_us == 999_000
    assert kept.take(chosen) == 0
    assert kept.refusals == 0
    assert kept.take(chosen | {"mode": "single", "rate_mhz": 0}) == 0
    assert (kept.burst_count, kept.slot_us) == (1, 0)


@pytest.mark.parametrize("name", settings.NAMES)
def test_a_value_that_is_missing_is_not_chosen_and_the_others_are_judged_all_the_same(name: str) -> None:
    wanted = whole()
    del wanted[name]
    assert reasons(wanted) == {"setting_not_chosen"}
    bad = {"syringe": "2ml", "needle": "x", "zone": "x", "mode": "x", "dose_nl": 200_001, "depth_um": 99}
    bad.update(burst_count=0, rate_mhz=49, points=-1)
    words = {
        "syringe": "syringe_unknown",
        "needle": "needle_unknown",
        "zone": "zone_unknown",
        "mode": "mode_unknown",
        "dose_nl": "dose_above_limit",
        "depth_um": "depth_out_of_range",
        "burst_count": "burst_count_out_of_range",
        "rate_mhz": "rate_beyond_axes",
        "points": "points_out_of_range",
    }
    del bad[name]
    expected = {words[other] for other in bad} | {"setting_not_chosen"}
    if name != "needle":
        expected.discard("depth_out_of_range")  # without a needle that is known there is no depth to judge
    assert reasons(bad) == expected


@pytest.mark.parametrize("name", ["syringe", "needle", "zone", "mode", "dose_nl", "depth_um"])
def test_a_rate_is_judged_by_the_axes_only_where_everything_else_is_known(name: str) -> None:
    wanted = whole(mode="burst", rate_mhz=20_000)
    assert reasons(wanted) == {"rate_beyond_axes"}
    del wanted[name]
    assert reasons(wanted) == {"setting_not_chosen"}
    bad = "x" if name in ("syringe", "needle", "zone", "mode") else -5
    unknown = whole(mode="burst", rate_mhz=20_000) | {name: bad}
    assert "rate_beyond_axes" not in reasons(unknown)


def test_everything_beyond_a_zone_is_told_at_once() -> None:
    beyond = {"depth_um": 700, "dose_nl": 20_001, "points": 21}
    words = {"depth_um": "depth_beyond_zone", "dose_nl": "dose_above_zone", "points": "points_above_zone"}
    inside = {"depth_um": 500, "dose_nl": 20_000, "points": 20}
    for count in range(4):
        for names in itertools.combinations(beyond, count):
            wanted = whole(zone="eyelid", **(inside | {name: beyond[name] for name in names}))
            assert reasons(wanted) == {words[name] for name in names}


@pytest.mark.parametrize("name", ["dose_nl", "depth_um", "burst_count", "rate_mhz", "points"])
def test_what_is_no_whole_number_is_malformed(name: str) -> None:
    for value in ("1", 1.0, None, True, False, b"1"):
        assert reasons(whole(**{name: value})) == {"settings_malformed"}
    nonsense: list[Any] = [None, [], "", 1]
    for wanted in nonsense:
        assert refusal_names(refusals_of(wanted)) == ["settings_malformed"]
    assert reasons(whole(**{name: True, "more": 1})) == {"settings_unknown_name"}
