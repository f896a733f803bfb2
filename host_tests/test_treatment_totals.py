"""The treatment in work: how much of everything is left, and what becomes of it with another needle or patient."""

from typing import Any

import pytest

from firmware import inhibits, limits
from firmware.provisioning import Product
from host_tests import moments
from host_tests.rig import Rig, settings

DOSE_NL = 10_000
OUT_NL = DOSE_NL + 500 + 1  # may leave in one drop: what the gate lets pass above the dose is 5 % of it
KEPT_PL = (2550 - 2550 // 4) * 150  # so much a stiff tissue keeps back
MOST_NL = (OUT_NL * 1000 + KEPT_PL + 40 * 5422) // 1000 + 1  # is counted, one chunk more included
PUNCTURES = 120  # of a needle of 30G


def product(name: str = "A", **changes: object) -> Product:
    """One that fits everything."""
    row: dict[str, Any] = {"name": name, "lot": "1", "expires_yyyymmdd": 20271231, "shallowest_um": 100}
    row.update({"deepest_um": 13_000, "most_nl": 20_000_000, **changes})
    return Product(row)


def ready(**wanted: object) -> Rig:
    """Ready, with these settings."""
    return moments.ready(dict(wanted))


def words(rig: Rig) -> "list[str]":
    """What stands against arming, as far as the treatment knows."""
    rig.loop.treatment.judge(rig.inputs.dose_steps)
    return inhibits.names(rig.loop.treatment.inhibits)


def give(rig: Rig, nl: int) -> None:
    """So much more may have left, in drops that are not counted."""
    rig.loop.drop.total_most_nl += nl


# --- totals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "depth_um", "most_nl"), [("body", 1000, 20_000_000), ("eyelid", 500, 400_000), ("face", 1000, 5_000_000)]
)
def test_a_zone_gets_no_more_than_its_total(zone: str, depth_um: int, most_nl: int) -> None:
    rig = ready(zone=zone, depth_um=depth_um)
    before_nl = rig.loop.treatment.zone_left_nl()
    assert before_nl == most_nl
    give(rig, most_nl - MOST_NL)
    assert "zone_total" not in words(rig)
    give(rig, 1)
    assert "zone_total" in words(rig)
    assert rig.loop.treatment.zone_left_nl() == MOST_NL - 1
    rig.loop.treatment.new_zone()
    assert "zone_total" not in words(rig)
    assert rig.loop.treatment.zone_left_nl() == most_nl


def test_a_patient_gets_no_more_than_the_total_of_a_session_in_however_many_zones() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    give(rig, 15_000_000)
    treatment.new_zone()
    give(rig, limits.SESSION_MAX_NL - 15_000_000 - MOST_NL)
    assert "session_total" not in words(rig)
    give(rig, 1)
    assert words(rig) == ["session_total", "product_total"]  # this product may have as much in a session
    treatment.new_zone()
    assert "session_total" in words(rig)
    treatment.new_patient()
    assert treatment.session_left_nl() == limits.SESSION_MAX_NL
    assert words(rig) == ["needle_used"]


def test_a_patient_gets_no_more_of_a_product_than_it_allows() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    treatment.choose_product(product(most_nl=100_000))
    treatment.new_needle()
    give(rig, 100_000 - MOST_NL)
    assert "product_total" not in words(rig)
    give(rig, 1)
    assert "product_total" in words(rig)
    assert treatment.product_left_nl() == MOST_NL - 1


def test_a_product_put_away_and_taken_again_goes_on_counting() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    first, second = product("A", most_nl=100_000), product("B", most_nl=100_000)
    treatment.products = (first, second)
    give(rig, 5_000)  # of the one from before
    treatment.choose_product(first)
    give(rig, 30_000)
    treatment.choose_product(second)
    assert treatment.product_left_nl() == 100_000
    give(rig, 60_000)
    treatment.choose_product(first)
    assert treatment.product_left_nl() == 70_000
    give(rig, 10_000)
    treatment.choose_product(second)
    assert treatment.product_left_nl() == 40_000
    treatment.new_patient()
    assert treatment.product_left_nl() == 100_000
    treatment.choose_product(first)
    assert treatment.product_left_nl() == 100_000


def test_the_same_product_again_is_no_other_one() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    treatment.choose_product(treatment.products[0])
    assert treatment.needle_used == 0
    assert rig.loop.syringe.primed


def test_without_a_product_there_is_nothing_to_give() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    treatment.product = None
    assert treatment.product_left_nl() == 0
    assert treatment.drops_left(rig.inputs.dose_steps) == 0
    assert words(rig) == ["product_missing"]
    treatment.choose_product(product())
    assert "product_missing" not in words(rig)


# --- products -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expires", "expected"),
    [
        (20261122, 20261122, []),
        (20261122, 20261123, []),
        (20261123, 20261122, ["product_expired"]),
        (0, 20991231, ["date_unknown"]),
        (0, 20200101, ["date_unknown"]),
    ],
)
def test_a_product_may_be_used_up_to_its_last_day_if_the_day_is_known(
    today: int, expires: int, expected: "list[str]"
) -> None:
    rig = ready()
    treatment = rig.loop.treatment
    treatment.choose_product(product(expires_yyyymmdd=expires))
    treatment.new_needle()
    treatment.today_yyyymmdd = today
    assert words(rig) == expected


@pytest.mark.parametrize(
    ("depth_um", "expected"),
    [(495, ["product_depth"]), (500, []), (1000, []), (1500, []), (1505, ["product_depth"])],
)
def test_a_product_goes_only_where_it_may(depth_um: int, expected: "list[str]") -> None:
    rig = ready(depth_um=depth_um)
    treatment = rig.loop.treatment
    treatment.choose_product(product(shallowest_um=500, deepest_um=1500))
    treatment.new_needle()
    assert words(rig) == expected


def test_before_a_depth_is_chosen_the_product_does_not_say_that_it_is_wrong() -> None:
    rig = moments.new_rig()
    rig.loop.settings.refusals = 1
    rig.loop.settings.depth_um = 0
    assert words(rig) == ["settings_missing"]


def test_a_device_without_products_is_not_provisioned() -> None:
    rig = ready()
    rig.loop.treatment.products = ()
    assert words(rig) == ["not_provisioned"]


# --- needles ------------------------------------------------------------------------------------------------------


def test_a_needle_is_blunt_after_its_punctures_and_a_fresh_one_is_not() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    rig.loop.drop.number += PUNCTURES - 1
    assert (treatment.punctures_left(), words(rig)) == (1, [])
    rig.loop.drop.number += 1
    assert (treatment.punctures_left(), words(rig)) == (0, ["needle_blunt"])
    rig.loop.drop.number += 7  # a burst that was under way
    assert treatment.punctures_left() == 0
    treatment.new_needle()
    assert (treatment.punctures_left(), words(rig)) == (PUNCTURES, [])


def test_punctures_count_on_through_zones_and_the_primes_between_them() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    rig.loop.drop.number += 50
    treatment.new_zone()
    treatment.unprime()
    assert treatment.punctures_left() == PUNCTURES - 50


def test_a_kind_of_needle_with_fewer_punctures_is_blunt_earlier() -> None:
    rig = ready()
    rig.loop.drop.number += 100
    assert "needle_blunt" not in words(rig)
    assert rig.loop.propose(settings(needle="32G 6mm")) == 0
    assert words(rig) == ["needle_used", "needle_blunt"]


def test_a_fresh_needle_wants_clean_skin_and_a_prime() -> None:
    rig = ready()
    rig.loop.treatment.new_needle()
    assert rig.loop.treatment.disinfection.stage == 0
    assert not rig.loop.syringe.primed


# --- what is left, all together -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "left"), [("needle", 3), ("zone", 2), ("session", 4), ("product", 1), ("plan", 5), ("nothing", 0)]
)
def test_a_press_gives_as_many_drops_as_whatever_is_scarcest_allows(limit: str, left: int) -> None:
    rig = ready(points=left if limit == "plan" else 0)
    treatment = rig.loop.treatment
    if limit == "needle":
        rig.loop.drop.number += PUNCTURES - left
    elif limit == "zone":
        assert rig.loop.propose(settings(zone="eyelid", depth_um=500)) == 0
        give(rig, 400_000 - left * MOST_NL - MOST_NL // 2)
    elif limit == "session":
        give(rig, limits.SESSION_MAX_NL - left * MOST_NL - MOST_NL // 2)
    elif limit == "product":
        treatment.choose_product(product(most_nl=left * MOST_NL + MOST_NL // 2))
    elif limit == "nothing":
        give(rig, limits.SESSION_MAX_NL + 1)
    assert treatment.drops_left(rig.inputs.dose_steps) == left


@pytest.mark.parametrize("drops", [0, 1, 7])
def test_a_reservation_is_for_the_drops_that_are_left_and_the_slack_of_the_drive(drops: int) -> None:
    rig = ready()
    treatment = rig.loop.treatment
    treatment.judge(rig.inputs.dose_steps)
    slack_steps = limits.BACKLASH_MOST_STEPS + limits.CHUNK_MAX_STEPS
    one_drop_steps = -(-OUT_NL * 1000 // rig.loop.settings.calibration.pl_per_step)
    assert abs(treatment.reservation_steps(drops) - slack_steps - drops * one_drop_steps) <= drops


def test_without_a_plan_a_zone_has_as_many_points_as_it_may() -> None:
    rig = ready(zone="eyelid", depth_um=500)
    rig.loop.drop.delivered += 19
    assert words(rig) == []
    rig.loop.drop.delivered += 1
    assert words(rig) == ["zone_done"]


def test_an_implausible_calibration_is_a_reason_whatever_else_is_chosen() -> None:
    rig = ready()
    rig.loop.settings.calibration.pl_per_step = 0
    assert words(rig) == ["calibration_bad"]
    rig.loop.settings.refusals = 1
    rig.loop.treatment.needle_used = 1
    assert words(rig) == ["settings_missing", "needle_used", "calibration_bad"]


def test_a_syringe_that_holds_no_other_drop_is_empty() -> None:
    rig = ready()
    rig.inputs.dose_steps = rig.loop.settings.calibration.content_steps
    assert words(rig) == ["syringe_empty"]


# --- who is next --------------------------------------------------------------------------------------------------


def test_a_new_patient_has_all_totals_from_zero_and_needs_a_needle_clean_skin_and_a_prime() -> None:
    rig = ready(points=5)
    treatment = rig.loop.treatment
    rig.loop.drop.delivered += 5
    rig.loop.drop.number += 6
    give(rig, 1_000_000)
    treatment.new_patient()
    assert (treatment.patient, treatment.points_done(), treatment.drops_begun(), treatment.worked_ms) == (2, 0, 0, 0)
    assert treatment.zone_left_nl() == treatment.session_left_nl() == treatment.product_left_nl() == 20_000_000
    assert (treatment.needle_used, treatment.disinfection.stage, rig.loop.syringe.primed) == (1, 0, 0)


def test_a_fault_leaves_the_needle_and_the_totals_and_forgets_prime_and_skin() -> None:
    rig = ready()
    treatment = rig.loop.treatment
    give(rig, 1_000_000)
    treatment.fault()
    assert (treatment.needle_used, treatment.disinfection.stage, rig.loop.syringe.primed) == (0, 0, 0)
    assert treatment.zone_left_nl() == 19_000_000
    assert treatment.stale
