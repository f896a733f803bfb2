"""The treatment in work: what new settings, needles, patients and zones leave of it."""

import pytest

from firmware import inhibits
from firmware import settings as rules
from host_tests import moments
from host_tests.rig import Rig, settings


def words(rig: Rig) -> "list[str]":
    """The inhibits in words."""
    rig.run(4)
    return inhibits.names(rig.loop.inhibits)


def test_the_first_patient_is_number_one_and_has_no_point_done() -> None:
    treatment = moments.new_rig().loop.treatment
    assert (treatment.patient, treatment.points_done(), treatment.drops_begun(), treatment.worked_ms) == (1, 0, 0, 0)


def test_another_dose_forgets_the_trim_and_keeps_what_the_prime_measured() -> None:
    rig = moments.ready()
    resistance = rig.loop.fluid.resistance_pa_per_nl
    assert resistance > 1
    rig.loop.scale.trim_pl = 500_000
    assert rig.loop.propose(settings(dose_nl=20_000)) == 0
    assert (rig.loop.scale.trim_pl, rig.loop.fluid.resistance_pa_per_nl) == (0, resistance)
    assert rig.loop.syringe.primed


def test_refused_settings_leave_trim_and_prime() -> None:
    rig = moments.ready()
    rig.loop.scale.trim_pl = 500_000
    assert rig.loop.propose(settings(dose_nl=300_000, syringe="5ml")) != 0
    assert rig.loop.scale.trim_pl == 500_000
    assert rig.loop.syringe.primed


def test_settings_proposed_while_armed_are_refused_with_that_reason() -> None:
    rig = moments.armed()
    refusals = rig.loop.propose(settings(dose_nl=20_000))
    assert rules.refusal_names(refusals) == ["not_disarmed"]
    assert rig.loop.settings.dose_nl == 10_000


def test_another_syringe_is_counted_in_its_own_steps_at_once() -> None:
    rig = moments.ready()
    assert rig.loop.propose(settings(syringe="5ml", dose_nl=20_000)) == 0
    assert rig.loop.fluid.pl_per_step == 37_132


def test_a_new_needle_has_to_be_primed_and_nothing_weighed_before_counts() -> None:
    rig = moments.ready()
    assert rig.loop.scale.fresh
    rig.loop.treatment.new_needle()
    assert words(rig) == ["not_primed"]
    assert not rig.loop.scale.fresh


def test_a_new_zone_begins_with_no_point_no_drop_and_no_work() -> None:
    rig = moments.ready({"points": 5})
    treatment = rig.loop.treatment
    rig.loop.drop.delivered = rig.loop.drop.number = 3
    treatment.worked_ms = 60_000
    assert (treatment.points_done(), treatment.points_left(5), treatment.points_per_minute()) == (3, 2, 3)
    treatment.new_zone()
    assert (treatment.points_done(), treatment.points_left(5), treatment.drops_begun()) == (0, 5, 0)
    assert (treatment.worked_ms, treatment.points_per_minute()) == (0, 0)


def test_a_plan_lowered_below_what_is_done_is_done() -> None:
    rig = moments.ready({"points": 5})
    rig.loop.drop.delivered = 3
    assert rig.loop.propose(settings(points=2)) == 0
    assert rig.loop.treatment.points_left(2) == 0
    assert words(rig) == ["zone_done"]


@pytest.mark.parametrize(
    ("done", "worked_ms", "pace"), [(30, 60_000, 30), (1, 59_000, 1), (100, 61_000, 98), (1, 59, 0), (1, 60, 1000)]
)
def test_the_pace_is_points_a_minute_of_work(done: int, worked_ms: int, pace: int) -> None:
    rig = moments.new_rig()
    rig.loop.drop.delivered = done
    rig.loop.treatment.worked_ms = worked_ms
    assert rig.loop.treatment.points_per_minute() == pace


@pytest.mark.parametrize(("points", "done", "left"), [(0, 0, 97), (10, 0, 10), (10, 9, 1), (999, 0, 97)])
def test_a_press_gives_no_more_than_the_plan_and_the_syringe_have_left(points: int, done: int, left: int) -> None:
    rig = moments.new_rig({"points": points})
    rig.loop.drop.delivered = done
    assert rig.loop.treatment.drops_left(0) == left
