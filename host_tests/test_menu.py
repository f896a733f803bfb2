"""The menu: a clinician sets everything with one knob and CONFIRM, and reads why a value is refused."""

import pytest

from firmware import settings as rules
from firmware import zones
from firmware.calibration import SYRINGES
from firmware.menu_rows import PREFERENCE, SETTING
from firmware.menu_table import ROWS
from firmware.needles import NEEDLES
from host_tests.desk import CHOICES, chosen, entry, fresh


def test_the_menu_opens_at_the_first_setting_that_is_not_chosen() -> None:
    device = fresh()
    device.push()
    assert device.lines()[:3] == ["MENU 2/22       --:--", "Product", "--"]


def test_taking_a_setting_goes_on_to_the_next_that_is_missing() -> None:
    device = fresh()
    for name, value in CHOICES.items():
        if name != "Mode":
            device.dial(name, value)
    assert device.lines()[1:3] == ["Mode", "--"]
    assert device.loop.settings.refusals == rules.NOT_CHOSEN
    device.dial("Mode", 0)
    assert device.loop.settings.refusals == 0


def test_what_is_chosen_is_what_the_device_uses() -> None:
    device = chosen()
    device.dial("Mode", 1)
    device.dial("Burst", 7)
    device.dial("Rate", 2_500)
    device.dial("Points", 40)
    device.dial("Needle", NEEDLES.index("32G 6mm"))
    device.dial("Dose", 8_687)
    device.dial("Zone", zones.NAMES.index("face"))
    taken = device.loop.settings
    assert (taken.syringe, taken.needle, taken.dose_nl, taken.depth_um) == ("1ml", "32G 6mm", 8_687, 1000)
    assert (taken.burst_count, taken.slot_us, taken.points) == (7, 400_000, 40)
    assert (taken.zone, taken.zone_limits.deepest_um) == ("face", 2000)


def test_a_value_is_changed_digit_by_digit() -> None:
    device = chosen()
    device.go_to("Dose")
    device.push()
    assert device.lines() == [
        "push:digit CONFIRM:ok",
        "Dose",
        "010.000 ul",
        "    ^^",
        "0.272 to 200.000 ul",
        "now 10.000 ul",
    ]
    device.turn(2)  # whole microlitres
    device.push()
    assert device.lines()[3] == " " * 8 + "^^"
    device.turn(-3)  # tenths, with a carry
    assert device.lines()[2] == "011.700 ul"
    device.confirm_shortly()
    assert device.lines()[:3] == ["MENU 6/22       --:--", "Dose", "11.700 ul"]
    assert device.loop.settings.dose_nl == 11_700


def test_the_mark_goes_round_all_digits() -> None:
    device = chosen()
    device.go_to("Dose")
    device.push()
    columns: list[int] = []
    for _ in range(6):
        columns.append(device.lines()[3].index("^^"))
        device.push()
    assert columns == [4, 8, 10, 12, 0, 2]
    assert device.lines()[3].index("^^") == 4


def test_leaving_a_value_takes_nothing() -> None:
    device = chosen()
    device.go_to("Depth")
    device.push()
    device.turn(5)
    device.leave()
    assert device.lines()[:3] == ["MENU 7/22       --:--", "Depth", "1.000 mm"]
    device.leave()
    assert device.lines()[0].startswith("NOT ARMED")
    assert device.loop.settings.depth_um == 1000


REFUSED = [
    ("Dose", 200_001, "dose_above_limit", "One drop is at most"),
    ("Dose", 271, "dose_below_resolution", "This syringe cannot"),
    ("Depth", 13_005, "depth_out_of_range", "Depth: 0.1 to 13 mm,"),
    ("Depth", 1_001, "depth_out_of_range", "Depth: 0.1 to 13 mm,"),
    ("Burst", 21, "burst_count_out_of_range", "One burst is 1 to 20"),
    ("Rate", 20_001, "rate_beyond_axes", "0.05 to 20 drops a s,"),
    ("Area", 99, "plan_out_of_range", "Area 1 to 900 cm2,"),
    ("Spacing", 900, "plan_out_of_range", "Area 1 to 900 cm2,"),
]


@pytest.mark.parametrize(("name", "value", "reason", "words"), REFUSED)
def test_a_refused_value_says_why_and_stays_open(name: str, value: int, reason: str, words: str) -> None:
    device = chosen()
    before = dict(vars(device.loop.settings))
    device.go_to(name)
    device.push()
    menu = device.panel.menu
    menu.value = value  # some of these take more turning than a test has time for
    device.confirm_shortly()
    lines = device.lines()
    assert rules.refusal_names(menu.refusals) == [reason]
    assert lines[0].endswith("CONFIRM:ok")
    assert words in lines
    assert dict(vars(device.loop.settings)) == before
    device.turn(1)
    assert words not in device.lines()


def test_a_depth_beyond_the_needle_is_refused_and_so_is_a_needle_too_short_for_the_depth() -> None:
    device = chosen()
    device.dial("Depth", 5_000)
    device.dial("Needle", NEEDLES.index("30G 4mm"))
    assert rules.refusal_names(device.panel.menu.refusals) == ["depth_beyond_needle"]
    assert device.loop.settings.needle == "30G 13mm"
    device.leave()
    device.dial("Depth", 3_000)
    device.dial("Needle", NEEDLES.index("30G 4mm"))
    assert device.loop.settings.needle == "30G 4mm"
    assert device.lines()[1:] == ["Needle", "30G 4mm", "7 to choose from", "", "push: change"]
    device.go_to("Depth")
    assert "0.100 to 4.000 mm" in device.lines()


def test_the_bounds_of_a_row_are_those_of_what_else_is_chosen() -> None:
    device = fresh()
    device.go_to("Dose")
    assert "0.272 to 200.000 ul" in device.lines()
    device.go_to("Depth")
    assert "0.100 to 13.000 mm" in device.lines()
    device.go_to("Rate")
    assert "0.050 to 20.000 /s" in device.lines()
    device.leave()
    device.dial("Syringe", SYRINGES.index("5ml"))
    device.go_to("Dose")
    assert "1.857 to 200.000 ul" in device.lines()
    device.leave()
    whole = chosen()
    whole.go_to("Rate")
    shown = next(line for line in whole.lines() if " to " in line)
    fastest_mhz = int(shown.split()[2].replace(".", ""))
    wanted = {"syringe": "1ml", "needle": "30G 13mm", "dose_nl": 10_000, "depth_um": 1000, "mode": "burst"}
    wanted |= {"burst_count": 20, "points": 0, "zone": "body"}
    assert rules.refusals_of(wanted | {"rate_mhz": fastest_mhz}) == 0
    assert rules.refusals_of(wanted | {"rate_mhz": fastest_mhz * 11 // 10}) == rules.RATE_BEYOND_AXES


def test_the_menu_opens_anew_at_what_is_still_to_be_chosen() -> None:
    device = fresh()
    device.dial("Product", 0)
    device.dial("Syringe", 0)
    device.go_to("Volume")
    device.leave()
    device.push()
    assert device.lines()[1] == "Needle"
    whole = chosen()
    whole.go_to("Volume")
    whole.leave()
    whole.push()
    assert whole.lines()[1] == "Volume"


def test_the_next_digit_takes_the_reason_of_a_refusal_away() -> None:
    device = chosen()
    device.dial("Depth", 13_005)
    assert "Depth: 0.1 to 13 mm," in device.lines()
    device.push()
    assert "now 1.000 mm" in device.lines()
    device.confirm_shortly()
    assert "Depth: 0.1 to 13 mm," in device.lines()
    device.leave()
    assert device.lines()[2:] == ["1.000 mm", "0.100 to 13.000 mm", "", "push: change"]
    device.go_to("Dose")
    device.go_to("Depth")
    assert device.lines()[2] == "1.000 mm"


def test_a_rate_of_nothing_is_the_fastest_and_no_points_are_no_plan() -> None:
    device = chosen()
    device.go_to("Rate")
    assert device.lines()[2] == "fastest"
    device.go_to("Points")
    assert device.lines()[2] == "no plan"


def test_planned_points_follow_from_area_and_spacing() -> None:
    device = chosen()
    device.dial("Area", 2_500)
    assert device.loop.settings.points == 0
    device.dial("Spacing", 10_000)
    assert device.loop.settings.points == 25
    device.dial("Spacing", 5_000)
    assert device.loop.settings.points == 100
    device.dial("Area", 1_200)
    assert device.loop.settings.points == 48
    device.go_to("Points")
    assert device.lines()[2] == "48"


def test_points_set_by_hand_forget_area_and_spacing() -> None:
    device = chosen()
    device.dial("Area", 2_500)
    device.dial("Spacing", 10_000)
    device.dial("Points", 30)
    for name in ("Area", "Spacing"):
        device.go_to(name)
        assert device.lines()[2] == "--"


def test_more_points_than_can_be_planned_are_refused_and_the_plan_stays() -> None:
    device = chosen()
    device.dial("Area", 2_500)
    device.dial("Spacing", 10_000)
    device.go_to("Spacing")
    device.push()
    device.panel.menu.value = 1_000
    device.confirm_shortly()
    assert rules.refusal_names(device.panel.menu.refusals) == ["points_out_of_range"]
    assert device.loop.settings.points == 25
    device.leave()
    assert device.lines()[2] == "10.000 mm"


def test_the_knob_stops_at_both_ends_of_the_menu_and_of_a_value() -> None:
    device = chosen()
    device.go_to("Code")
    device.turn(-1)
    assert device.lines()[0] == "MENU 1/22       --:--"
    device.turn(len(ROWS) + 3)
    assert device.lines()[0] == "MENU 22/22      --:--"
    device.go_to("Mode")
    device.push()
    device.turn(-2)
    assert device.lines()[2:4] == ["single", "1 of 2"]
    device.turn(5)
    assert device.lines()[2:4] == ["burst", "2 of 2"]
    device.leave()
    device.go_to("Points")
    device.push()
    device.turn(-2)
    assert device.lines()[2] == "000"


def test_volume_and_night_are_taken_by_the_panel() -> None:
    device = chosen()
    signals = device.panel.signals
    before = (signals.volume, signals.night)
    device.dial("Volume", 1)
    device.dial("Night", 1)
    assert (signals.volume, signals.night) == (2, 1) != before


def test_every_row_can_be_opened_and_left_and_nothing_is_cut_off() -> None:
    device = chosen()
    for row in ROWS:
        device.go_to(row.name.replace(b"|", b" ").decode())
        device.lines()
        device.push()
        device.lines()
        device.leave()
    assert device.loop.settings.dose_nl == 10_000


def test_rows_have_names_of_their_own_and_settings_are_all_there() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)
    assert {row.key for row in ROWS if row.kind == SETTING} == set(rules.NAMES)
    assert [row.key for row in ROWS if row.kind == PREFERENCE] == ["volume", "night"]
    assert entry("New needle") > entry("Dose")


def test_a_choice_has_no_bounds_but_its_own_names() -> None:
    device = chosen()
    (row,) = [row for row in ROWS if row.key == "mode"]
    assert all(row.allows(value, device.panel.menu) for value in range(2))


@pytest.mark.parametrize(("minutes", "shown"), [(0, "00:00"), (9 * 60 + 5, "09:05"), (1439, "23:59"), (-1, "--:--")])
def test_the_menu_shows_the_time_of_day_or_that_it_is_unknown(minutes: int, shown: str) -> None:
    device = chosen()
    device.keys.minutes = minutes
    for name in ("Syringe", "Power off"):
        device.go_to(name)
        assert device.lines()[0].endswith(shown)
        assert len(device.lines()[0]) == 21
