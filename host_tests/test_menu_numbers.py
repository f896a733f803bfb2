"""The numbers of the menu: where turning begins, what a detent is worth, and the bounds that are shown."""

import pytest

from firmware.menu_table import ROWS
from host_tests.desk import chosen, entry, fresh


@pytest.mark.parametrize(
    ("name", "usual", "turned"),
    [
        ("Dose", "010.000 ul", "011.000 ul"),
        ("Depth", "01.000 mm", "01.100 mm"),
        ("Burst", "20 drops", "21 drops"),
        ("Rate", "00.000 /s", "01.000 /s"),
        ("Points", "000", "010"),
        ("Area", "010.00 cm2", "011.00 cm2"),
        ("Spacing", "10.000 mm", "11.000 mm"),
    ],
)
def test_a_number_that_is_opened_begins_at_something_usual_and_at_a_usual_digit(
    name: str, usual: str, turned: str
) -> None:
    device = fresh()
    device.go_to(name)
    device.push()
    assert device.lines()[2] == usual
    device.turn(1)
    assert device.lines()[2] == turned


@pytest.mark.parametrize("missing", ["Syringe", "Dose", "Depth"])
def test_before_all_is_chosen_the_rate_has_the_bounds_of_the_axes(missing: str) -> None:
    device = fresh()
    for name, value in (("Syringe", 0), ("Dose", 10_000), ("Depth", 1000)):
        if name != missing:
            device.dial(name, value)
    device.go_to("Rate")
    assert "0.050 to 20.000 /s" in device.lines()


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("Dose", "0.272 to 200.000 ul"),
        ("Depth", "0.100 to 13.000 mm"),
        ("Burst", "1 to 20 drops"),
        ("Rate", "0.050 to 5.882 /s"),
        ("Points", "0 to 999"),
        ("Area", "1.00 to 900.00 cm2"),
        ("Spacing", "1.000 to 20.000 mm"),
    ],
)
def test_every_row_shows_its_bounds(name: str, bounds: str) -> None:
    device = chosen()
    device.go_to(name)
    assert bounds in device.lines()
    device.push()
    assert bounds in device.lines()


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("Dose", [1000, 100, 10, 1, 100_000, 10_000]),
        ("Depth", [100, 10, 1, 10_000, 1000]),
        ("Burst", [1, 10]),
        ("Rate", [1000, 100, 10, 1, 10_000]),
        ("Points", [10, 1, 100]),
        ("Area", [100, 10_000, 1000]),
        ("Spacing", [1000, 100, 10_000]),
    ],
)
def test_a_detent_is_worth_what_its_digit_says(name: str, worth: "list[int]") -> None:
    device = chosen()
    device.go_to(name)
    device.push()
    menu = device.panel.menu
    for step in worth * 2:
        menu.value = 0
        device.turn(1)
        assert menu.value == step
        device.turn(-1)
        assert menu.value == 0
        device.turn(-1)
        assert menu.value == 0
        device.push()


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("Area", 99, False),
        ("Area", 100, True),
        ("Area", 90_000, True),
        ("Area", 90_001, False),
        ("Spacing", 999, False),
        ("Spacing", 1000, True),
        ("Spacing", 20_000, True),
        ("Spacing", 20_001, False),
    ],
)
def test_a_plan_is_taken_up_to_its_bounds(name: str, value: int, taken: bool) -> None:
    device = chosen()
    device.go_to(name)
    device.push()
    device.panel.menu.value = value
    device.confirm_shortly()
    key = "area_mm2" if name == "Area" else "spacing_um"
    assert device.panel.menu.values[key] == (value if taken else None)
    assert bool(device.panel.menu.refusals) != taken


def test_the_knob_turns_no_further_than_the_digits_can_show() -> None:
    device = chosen()
    device.go_to("Dose")
    device.push()
    menu = device.panel.menu
    menu.value = 998_999
    device.turn(1)
    assert menu.value == 999_999
    device.turn(1)
    assert menu.value == 999_999
    assert device.lines()[2] == "999.999 ul"


def test_a_choice_has_no_bounds_but_its_names() -> None:
    menu = chosen().panel.menu
    assert all(ROWS[entry("Syringe")].allows(place, menu) for place in range(3))
