"""Settings are taken as a whole, or refused with every reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import settings as rules
from firmware.calibration import SYRINGES
from firmware.needles import NEEDLES, deepest_um
from firmware.settings import Settings, refusal_names, refusals_of
from host_tests.rig import settings
from tools.simulator import provisioning

NAMES = ("syringe", "needle", "dose_nl", "depth_um", "mode", "burst_count", "rate_mhz", "points")

PL_PER_STEP = {"1ml": 5422, "5ml": 37_132, "10ml": 59_729}


def reasons(wanted: Any) -> "list[str]":
    """Why it is refused, in words."""
    return refusal_names(refusals_of(wanted))


def test_whole_settings_are_taken() -> None:
    taken = Settings()
    wanted = settings(dose_nl=5_000, depth_um=1500, mode="burst", burst_count=7, rate_mhz=2_000, points=40)
    assert taken.take(wanted) == 0
    assert taken.refusals == 0
    assert (taken.syringe, taken.dose_nl, taken.depth_um, taken.burst_count) == ("1ml", 5_000, 1500, 7)
    assert (taken.needle, taken.slot_us, taken.points) == ("30G 13mm", 500_000, 40)
    assert taken.calibration is not None
    assert taken.calibration.syringe == "1ml"


def test_a_device_without_settings_says_that_they_are_not_chosen() -> None:
    assert refusal_names(Settings().refusals) == ["setting_not_chosen"]
    assert reasons({}) == ["setting_not_chosen"]
    assert reasons(None) == ["settings_malformed"]


def test_before_any_settings_nothing_is_chosen() -> None:
    fresh = Settings()
    assert (fresh.syringe, fresh.needle, fresh.dose_nl, fresh.depth_um) == ("", "", 0, 0)
    assert (fresh.burst_count, fresh.slot_us, fresh.points) == (0, 0, 0)


def test_a_single_shot_is_a_burst_of_one_as_fast_as_it_comes() -> None:
    taken = Settings()
    assert taken.take(settings(mode="single", burst_count=20, rate_mhz=0)) == 0
    assert (taken.burst_count, taken.slot_us) == (1, 0)


@pytest.mark.parametrize("missing", NAMES)
def test_settings_are_not_whole_until_each_is_chosen(missing: str) -> None:
    wanted = settings()
    del wanted[missing]
    assert reasons(wanted) == ["setting_not_chosen"]


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"dose_nl": 300_000}, "dose_above_limit"),
        ({"syringe": "5ml", "dose_nl": 1_000}, "dose_below_resolution"),
        ({"needle": "30G 4mm", "depth_um": 5_000}, "depth_beyond_needle"),
        ({"depth_um": 3}, "depth_out_of_range"),
        ({"mode": "volley"}, "mode_unknown"),
        ({"points": 1_000}, "points_out_of_range"),
        ({"rate_mhz": 20_001}, "rate_beyond_axes"),
    ],
)
def test_what_is_chosen_is_judged_before_the_rest_is(wanted: "dict[str, Any]", reason: str) -> None:
    assert set(reasons(wanted)) == {"setting_not_chosen", reason}


def test_a_depth_is_not_judged_by_a_needle_that_is_not_chosen() -> None:
    assert reasons({"depth_um": 13_000}) == ["setting_not_chosen"]
    assert reasons({"dose_nl": 272}) == ["setting_not_chosen"]


def test_an_unknown_name_is_refused() -> None:
    assert reasons(settings(dose_ul=10)) == ["settings_unknown_name"]


@pytest.mark.parametrize("wanted", [[], "10 ul", 10_000, ("syringe", "1ml")])
def test_what_is_no_table_is_refused(wanted: object) -> None:
    assert reasons(wanted) == ["settings_malformed"]


@pytest.mark.parametrize("name", ["dose_nl", "depth_um", "burst_count", "rate_mhz", "points"])
@pytest.mark.parametrize("value", [10.0, "10", None, True, [10]])
def test_a_number_that_is_no_whole_number_is_refused(name: str, value: object) -> None:
    assert reasons(settings(**{name: value})) == ["settings_malformed"]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("syringe", "2ml", "syringe_unknown"),
        ("syringe", 1, "syringe_unknown"),
        ("syringe", ["1ml"], "syringe_unknown"),
        ("mode", "volley", "mode_unknown"),
        ("mode", None, "mode_unknown"),
        ("dose_nl", -10_000, "dose_below_resolution"),
        ("dose_nl", 0, "dose_below_resolution"),
        ("dose_nl", 200_001, "dose_above_limit"),
        ("dose_nl", 10**30, "dose_above_limit"),
        ("depth_um", 95, "depth_out_of_range"),
        ("depth_um", -1000, "depth_out_of_range"),
        ("depth_um", 1002, "depth_out_of_range"),
        ("depth_um", 13_005, "depth_out_of_range"),
        ("burst_count", 0, "burst_count_out_of_range"),
        ("burst_count", 21, "burst_count_out_of_range"),
        ("rate_mhz", -1, "rate_beyond_axes"),
        ("rate_mhz", 49, "rate_beyond_axes"),
        ("rate_mhz", 20_001, "rate_beyond_axes"),
        ("needle", "18G", "needle_unknown"),
        ("needle", 1, "needle_unknown"),
        ("points", -1, "points_out_of_range"),
        ("points", 1_000, "points_out_of_range"),
    ],
)
def test_a_value_out_of_range_is_refused_with_its_reason(name: str, value: object, reason: str) -> None:
    assert reasons(settings(**{name: value})) == [reason]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dose_nl", 200_000),
        ("depth_um", 100),
        ("depth_um", 13_000),
        ("burst_count", 1),
        ("burst_count", 20),
        ("syringe", "10ml"),
        ("rate_mhz", 0),
        ("rate_mhz", 50),
        ("rate_mhz", 20_000),
        ("points", 0),
        ("points", 999),
    ],
)
def test_the_bounds_themselves_are_allowed(name: str, value: object) -> None:
    assert reasons(settings(**{name: value})) == []


@pytest.mark.parametrize(
    ("syringe", "smallest_nl"),
    [("1ml", 272), ("5ml", 1857), ("10ml", 2987)],
)
def test_a_dose_of_less_than_fifty_steps_is_refused(syringe: str, smallest_nl: int) -> None:
    assert reasons(settings(syringe=syringe, dose_nl=smallest_nl)) == []
    assert reasons(settings(syringe=syringe, dose_nl=smallest_nl - 1)) == ["dose_below_resolution"]


def test_every_reason_is_given_not_only_the_first() -> None:
    wanted = settings(dose_nl=300_000, depth_um=50, mode="volley", burst_count=0, rate_mhz=-1)
    assert reasons(wanted) == [
        "dose_above_limit",
        "depth_out_of_range",
        "mode_unknown",
        "burst_count_out_of_range",
        "rate_beyond_axes",
    ]
    assert "syringe_unknown" in reasons(settings(syringe="", depth_um=50))


def test_refused_settings_leave_those_in_force_as_they_were() -> None:
    taken = Settings()
    assert taken.take(settings()) == 0
    before = dict(vars(taken))
    refused = taken.take(settings(dose_nl=300_000, depth_um=1500, syringe="5ml"))
    assert refusal_names(refused) == ["dose_above_limit"]
    assert vars(taken) == before


@pytest.mark.parametrize("needle", NEEDLES)
def test_a_needle_goes_as_deep_as_it_is_long_and_no_deeper(needle: str) -> None:
    most_um = min(deepest_um(needle), 13_000)
    assert reasons(settings(needle=needle, depth_um=most_um)) == []
    if most_um < 13_000:
        assert reasons(settings(needle=needle, depth_um=most_um + 5)) == ["depth_beyond_needle"]


@pytest.mark.parametrize("syringe", SYRINGES)
def test_a_burst_faster_than_the_axes_is_refused_and_one_just_as_fast_is_not(syringe: str) -> None:
    wanted = settings(syringe=syringe, mode="burst", dose_nl=20_000, depth_um=2000)
    slot_us = rules.shortest_slot_us(2000, 20_000, PL_PER_STEP[syringe])
    fastest_mhz = 1_000_000_000 // slot_us
    assert fastest_mhz < 20_000
    assert reasons(wanted | {"rate_mhz": fastest_mhz}) == []
    a_tick_faster_mhz = -(-1_000_000_000 // (slot_us - 2000))
    assert reasons(wanted | {"rate_mhz": a_tick_faster_mhz}) == ["rate_beyond_axes"]


@pytest.mark.parametrize(("dose_nl", "depth_um", "rate_mhz"), [(5_000, 2800, 6_250), (10_000, 2500, 5_000)])
def test_a_slot_of_exactly_the_shortest_is_taken(dose_nl: int, depth_um: int, rate_mhz: int) -> None:
    assert rules.shortest_slot_us(depth_um, dose_nl, PL_PER_STEP["1ml"]) * rate_mhz == 1_000_000_000
    assert reasons(settings(mode="burst", dose_nl=dose_nl, depth_um=depth_um, rate_mhz=rate_mhz)) == []


def test_a_slot_counts_in_whole_ticks_begun() -> None:
    wanted = settings(mode="burst", dose_nl=2000, depth_um=300, rate_mhz=12500)
    assert reasons(wanted) == ["rate_beyond_axes"]  # a tick less than the shortest slot
    wanted = settings(mode="burst", dose_nl=7000, depth_um=3800, rate_mhz=5102)
    assert reasons(wanted) == []  # 1 us more than that


@pytest.mark.parametrize("syringe", SYRINGES)
def test_each_syringe_is_taken_with_its_own_calibration(syringe: str) -> None:
    taken = Settings()
    assert taken.take(settings(syringe=syringe, dose_nl=20_000)) == 0
    assert (taken.calibration.syringe, taken.calibration.pl_per_step) == (syringe, PL_PER_STEP[syringe])


def test_the_rate_of_a_single_shot_does_not_matter() -> None:
    assert reasons(settings(mode="single", rate_mhz=20_000, depth_um=13_000)) == []


@given(st.sampled_from(SYRINGES), st.integers(3_000, 200_000), st.integers(20, 2600))
def test_the_shortest_slot_leaves_time_to_travel_and_feed_at_top_speed(
    syringe: str, dose_nl: int, depth_steps: int
) -> None:
    um_per_s = 100_000
    travel_us = 2 * (5 * depth_steps + 500) * 1_000_000 // um_per_s
    feed_us = dose_nl * 1000 / PL_PER_STEP[syringe] * 1_000_000 / 20_000
    assert rules.shortest_slot_us(5 * depth_steps, dose_nl, PL_PER_STEP[syringe]) > travel_us + feed_us


def test_the_shortest_slot_of_10_ul_at_1_mm() -> None:
    travel_ticks = 2 * 1500 / 200  # 1.5 mm each way at 0.2 mm a tick
    feed_ticks = 10_000 / 5.422 / 40
    ramps_and_samples_ticks = 12 + 12
    expected_us = 2000 * (travel_ticks + feed_ticks + ramps_and_samples_ticks)
    assert rules.shortest_slot_us(1000, 10_000, PL_PER_STEP["1ml"]) == pytest.approx(expected_us, abs=2000)


@pytest.mark.parametrize(("dose_nl", "rate_mhz"), [(2_000, 10_000), (5_000, 8_000)])
def test_ten_drops_a_second_of_2_ul_and_eight_of_5_ul_are_what_the_axes_can_do(dose_nl: int, rate_mhz: int) -> None:
    wanted = settings(mode="burst", dose_nl=dose_nl, rate_mhz=rate_mhz)
    assert rules.refusals_of(wanted) == 0
    assert rules.refusals_of(wanted | {"rate_mhz": rate_mhz * 11 // 10}) == rules.RATE_BEYOND_AXES


ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.lists(st.integers()))


@pytest.mark.no_cover
@pytest.mark.law
@given(st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=3)), ODD), st.integers(0, 5))
def test_no_proposal_whatever_is_in_it_is_taken_in_part(changes: "dict[str, Any]", dropped: int) -> None:
    wanted = settings() | changes
    if dropped < len(NAMES) and dropped % 2:
        wanted.pop(NAMES[dropped])
    taken = Settings()
    assert taken.take(settings()) == 0
    before = dict(vars(taken))
    if taken.take(wanted):
        assert vars(taken) == before
    else:
        assert taken.refusals == 0
        assert {"dose_nl": taken.dose_nl, "depth_um": taken.depth_um}.items() <= wanted.items()


def test_a_calibration_that_comes_later_is_in_force_at_once_and_no_sign_of_memory_that_fails() -> None:
    mine = Settings()
    assert mine.take(settings()) == 0
    record = provisioning.calibration()
    mine.calibrate(record)
    before = mine.calibration.pl_per_step
    record["1ml"]["pl_per_step"] = before + 7
    mine.calibrate(record)
    assert mine.calibration.pl_per_step == before + 7
    assert mine.intact()
