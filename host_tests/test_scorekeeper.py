"""The truth per shot: from its press to the next, and nothing that is primed or spilt in between."""

from types import SimpleNamespace
from typing import Any

from tools.simulator.scorekeeper import Scorekeeper

KEYS = [
    "n", "result", "reasons", "requested_nl", "reported_nl", "reported_min_nl", "reported_max_nl", "delivered_nl",
    "surface_nl", "depth_requested_um", "depth_max_um", "start_us", "duration_us",
]  # fmt: skip


def score_and_plant(wanted: int = 0) -> "tuple[Scorekeeper, Any]":
    """A scorekeeper over a plant that has already let out something."""
    plant: Any = SimpleNamespace(delivered_nl=500.0, surface_nl=50.0, depth_um=0.0)
    return Scorekeeper(plant, 10_000, 1000, wanted), plant


def a_drop(reported_nl: int = 9_990) -> Any:
    """A drop as the firmware keeps it."""
    return SimpleNamespace(
        requested_nl=10_000, depth_um=1000, reported_nl=reported_nl, reported_min_nl=9_900, reported_max_nl=10_100
    )


def test_a_shot_has_the_keys_of_the_contract_in_their_order():
    score, _ = score_and_plant()
    score.press(0)
    assert list(score.shots[0]) == KEYS


def test_what_drips_until_the_next_press_belongs_to_the_shot_before():
    score, plant = score_and_plant()
    score.press(1_000_000)
    score.drop_opened(a_drop(), 1_010_000)
    plant.delivered_nl += 9_950.5
    score.drop_closed(a_drop(), "delivered", [])
    plant.surface_nl += 12.25
    score.press(3_000_000)
    first = score.shots[0]
    assert (first["delivered_nl"], first["surface_nl"], first["reported_nl"]) == (9_950.5, 12.25, 9_990)
    assert [shot["start_us"] for shot in score.shots] == [0, 2_000_000]


def test_a_prime_between_two_shots_belongs_to_neither():
    score, plant = score_and_plant()
    score.press(0)
    score.end_account()
    plant.surface_nl += 20_000.0
    score.press(1_000_000)
    score.end_account()
    assert [shot["surface_nl"] for shot in score.shots] == [0.0, 0.0]


def test_a_press_that_turns_out_to_be_a_prime_is_no_shot():
    score, _ = score_and_plant()
    score.press(0)
    score.forget()
    assert score.shots == []


def test_a_press_without_a_drop_is_refused_with_the_reasons_that_were_shown():
    score, _ = score_and_plant()
    score.press(0)
    score.refuse(["not_primed"], 100_000)
    assert (score.shots[0]["result"], score.shots[0]["reasons"]) == ("refused", ["not_primed"])


def test_each_drop_of_a_burst_has_its_own_account_from_its_slot_on():
    score, plant = score_and_plant()
    score.press(0)
    score.drop_opened(a_drop(), 12_000)
    plant.delivered_nl += 1.0
    score.needle_parked(90_000)
    score.drop_closed(a_drop(), "delivered", [])
    score.drop_opened(a_drop(), 212_000)
    plant.delivered_nl += 2.0
    score.needle_parked(300_000)
    score.drop_closed(a_drop(), "delivered", [])
    score.end_account()
    assert [shot["delivered_nl"] for shot in score.shots] == [1.0, 2.0]
    assert [(shot["start_us"], shot["duration_us"]) for shot in score.shots] == [(0, 90_000), (212_000, 88_000)]


def test_drops_beyond_the_ones_wanted_are_not_accounted():
    score, _ = score_and_plant(wanted=1)
    score.press(0)
    score.drop_opened(a_drop(), 12_000)
    score.drop_opened(a_drop(), 212_000)
    score.end_account()
    assert len(score.shots) == 1


def test_a_new_plant_in_between_does_not_disturb_the_next_account():
    score, _ = score_and_plant()
    score.press(0)
    score.end_account()
    new: Any = SimpleNamespace(delivered_nl=0.0, surface_nl=0.0, depth_um=0.0)
    score.plant = new
    score.press(1)
    score.plant.delivered_nl = 3.0
    score.end_account()
    assert score.shots[1]["delivered_nl"] == 3.0
