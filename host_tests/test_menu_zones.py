"""The row Zone: bounds follow from it, and each of its caps is a reason of its own."""

import pytest

from firmware import settings as rules
from firmware import zones
from firmware.menu_table import ROWS
from firmware.zones import NAMES, Zone
from host_tests.desk import Desk, chosen, entry, fresh, ready


def refused(device: Desk) -> "list[str]":
    """Why the value was not taken, in words."""
    return rules.refusal_names(device.panel.menu.refusals)


def of_zone(name: str, **changes: int) -> Desk:
    """Everything chosen, for a zone; `changes` are rows of the menu."""
    device = chosen()
    for row, value in {"Dose": 10_000, "Depth": 300, **changes}.items():
        device.dial(row, value)
    device.dial("Zone", NAMES.index(name))
    return device


def test_every_zone_can_be_chosen_by_its_name() -> None:
    device = fresh()
    device.go_to("Zone")
    assert device.lines()[1:4] == ["Zone", "--", "9 to choose from"]
    device.push()
    shown: list[str] = []
    for _ in NAMES:
        shown.append(device.lines()[2])
        device.turn(1)
    assert tuple(shown) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_bounds_of_dose_depth_and_points_are_those_of_the_zone(name: str) -> None:
    device = of_zone(name)
    zone = Zone(name)
    device.go_to("Dose")
    assert f"0.272 to {zone.dose_most_nl / 1000:.3f} ul" in device.lines()
    device.go_to("Depth")
    assert f"0.100 to {zone.deepest_um / 1000:.3f} mm" in device.lines()
    device.go_to("Points")
    assert f"0 to {zone.points_most}" in device.lines()


def test_the_needle_caps_the_depth_where_the_zone_does_not() -> None:
    device = of_zone("body")
    device.dial("Needle", 0)
    device.go_to("Depth")
    assert "0.100 to 4.000 mm" in device.lines()
    device.dial("Zone", NAMES.index("face"))
    device.go_to("Depth")
    assert "0.100 to 2.000 mm" in device.lines()


CAPS = [
    ("Depth", zones.Zone("eyelid").deepest_um, 5, "depth_beyond_zone", ["Too deep for this", "zone."]),
    ("Dose", zones.Zone("eyelid").dose_most_nl, 1, "dose_above_zone", ["One drop is too big", "for this zone."]),
    ("Points", zones.Zone("eyelid").points_most, 1, "points_above_zone", ["Too many points for", "this zone."]),
]


@pytest.mark.parametrize(("row", "most", "step", "reason", "words"), CAPS)
def test_a_value_up_to_the_cap_of_the_zone_is_taken_and_one_beyond_refused_with_its_own_reason(
    row: str, most: int, step: int, reason: str, words: "list[str]"
) -> None:
    device = of_zone("eyelid")
    key = ROWS[entry(row)].key
    device.dial(row, most)
    assert refused(device) == []
    assert getattr(device.loop.settings, key) == most
    device.dial(row, most + step)
    assert refused(device) == [reason]
    assert device.lines()[-2:] == words
    assert getattr(device.loop.settings, key) == most


@pytest.mark.parametrize(("row", "most", "step", "reason", "words"), CAPS)
def test_a_zone_too_tight_for_what_is_chosen_is_refused_with_the_same_reason(
    row: str, most: int, step: int, reason: str, words: "list[str]"
) -> None:
    device = of_zone("body", **{row: most + step})
    device.dial("Zone", NAMES.index("eyelid"))
    assert refused(device) == [reason]
    assert device.lines()[-2:] == words
    assert device.loop.settings.zone == "body"


def test_a_plan_of_area_and_spacing_with_too_many_points_for_the_zone_is_refused() -> None:
    device = of_zone("eyelid")
    device.dial("Spacing", 5_000)
    device.dial("Area", 600)  # 24 points
    assert refused(device) == ["points_above_zone"]
    assert device.loop.settings.points == 0
    device.leave()
    device.dial("Area", 500)
    assert device.loop.settings.points == 20


def test_what_is_beyond_the_machine_is_refused_for_that_and_not_for_the_zone() -> None:
    device = of_zone("eyelid")
    device.dial("Dose", 200_001)
    assert refused(device) == ["dose_above_limit"]
    device.leave()
    device.dial("Depth", 13_005)
    assert refused(device) == ["depth_out_of_range"]


def test_another_zone_counts_from_zero_and_the_same_one_goes_on() -> None:
    device = ready(points=5)
    treatment = device.loop.treatment
    device.loop.drop.delivered = 3
    device.dial("Zone", NAMES.index("body"))
    assert treatment.points_done() == 3
    device.dial("Zone", NAMES.index("pain"))
    assert treatment.points_done() == 0
