"""The panel tells the truth: about needle, syringe and zone, about the next press and the last drop."""

# Rows are asked for at their moment.
# pyright: reportPrivateUsage=false

import pytest

from firmware import inhibits
from firmware.menu import points_in
from firmware.syringe import PRIMED
from host_tests.desk import Desk, armed, chosen, fresh, ready, stopped


def words(device: Desk) -> "list[str]":
    """Why it is not armed."""
    return inhibits.names(device.loop.inhibits)


# --- what was on the needle, in the syringe, in the zone ----------------------------------------------------------


def test_after_power_on_choosing_the_kind_of_needle_does_not_make_it_a_fresh_one() -> None:
    device = fresh()
    device.choose_all()
    device.run(10)
    assert "needle_used" in words(device)
    device.do("New needle")
    device.run(10)
    assert "needle_used" not in words(device)


def test_a_kind_of_needle_dialled_by_mistake_and_corrected_does_not_make_a_used_one_fresh() -> None:
    device = ready()
    device.do("New patient")
    device.dial("Needle", 1)
    device.dial("Needle", 2)
    device.run(600)
    assert {"needle_used", "not_primed"} <= set(words(device))


def test_another_kind_of_needle_asks_whether_it_is_a_fresh_one() -> None:
    device = ready()
    device.dial("Needle", 1)
    device.run(600)
    assert set(words(device)) == {"needle_used", "not_primed"}


def test_a_kind_of_syringe_dialled_by_mistake_and_corrected_does_not_fill_the_syringe() -> None:
    device = ready()
    device.inputs.dose_steps += 92_000
    device.run(20)
    used_steps = device.loop.syringe.used_steps(device.inputs.dose_steps)
    device.dial("Syringe", 1)
    device.dial("Syringe", 0)
    assert device.loop.syringe.used_steps(device.inputs.dose_steps) == used_steps > 92_000
    assert not device.loop.syringe.primed


def test_a_kind_of_syringe_chosen_before_the_pusher_went_back_does_not_keep_it_from_going_back() -> None:
    device = armed()
    device.press()
    device.confirm_shortly()
    device.dial("Syringe", 1)
    device.go_to("New syringe")
    device.push()
    device.confirm = 1
    device.until("REWIND", ms=2000)
    device.confirm = 0
    device.until("IDLE")
    assert device.inputs.dose_steps == 0


def test_motors_that_were_released_want_a_prime() -> None:
    device = ready()
    device.do("Power off")
    device.run(600)
    assert device.lines()[1] == "SWITCH OFF"
    device.confirm_shortly()
    device.until("IDLE")
    device.run(100)
    assert words(device) == ["not_primed"]
    assert device.lines()[1] == "PRIME"  # not SWITCH OFF: the motors have power again


def test_the_page_that_says_switch_off_goes_when_the_needle_is_not_home_any_more() -> None:
    device = ready()
    device.do("Power off")
    assert device.lines()[1] == "SWITCH OFF"
    device.meddle = lambda inputs: setattr(inputs, "home", 0)
    device.run(20)
    assert device.lines()[0] == "NOT ARMED  knob: menu"


def test_a_fault_ends_the_page_that_says_switch_off() -> None:
    device = ready()
    device.do("Power off")
    device.run(600)
    device.stop = 1
    device.until("FAULT", ms=10)
    assert device.lines()[1] == "STOP"
    device.stop = 0
    device.run(20)
    device.confirm_shortly()
    assert device.lines()[0] == "NOT ARMED  knob: menu"


def test_a_plan_of_an_area_smaller_than_its_spacing_is_one_point_and_not_no_plan() -> None:
    device = chosen()
    device.dial("Area", 100)
    device.go_to("Spacing")
    device.push()
    device.panel.menu.value = 20_000
    device.confirm_shortly()
    assert device.loop.settings.points == 1
    assert points_in(100, 20_000) == 1


# --- what the display says ----------------------------------------------------------------------------------------


def test_a_burst_says_how_many_drops_the_next_press_gives() -> None:
    device = ready(mode="burst", burst_count=20, points=22)
    assert device.lines()[0] == "READY burst: 20 drops"
    device.loop.drop.delivered = 15
    assert device.lines()[0] == "READY burst: 7 drops"
    device.arm()
    assert device.lines()[0] == "ARMED burst: 7 drops"
    device.loop.drop.delivered = 21
    assert device.lines()[0] == "ARMED burst: 1 drop"


def test_a_burst_that_the_syringe_ends_earlier_says_so() -> None:
    device = ready(mode="burst", burst_count=20, dose_nl=50_000)
    assert device.lines()[0] == "READY burst: 19 drops"


def test_the_last_drop_of_one_patient_is_not_shown_to_the_next() -> None:
    device = armed()
    device.press()
    device.confirm_shortly()
    treatment = device.loop.treatment
    treatment.new_patient()
    treatment.new_needle()
    device.loop.syringe.primed = PRIMED
    device.until("READY", ms=100)
    assert not any("last" in device.lines()[4] for _ in range(250))


def test_a_stopped_drop_of_one_zone_is_not_shown_in_the_next() -> None:
    device = stopped()
    assert device.lines()[4].startswith("stopped")
    device.loop.treatment.new_zone()
    device.run(20)
    assert not device.lines()[4].startswith("stopped")


@pytest.mark.parametrize(
    ("reported_nl", "requested_nl", "shown"),
    [
        (10_000, 10_000, "last 10.000 ul +0.0%"),
        (9_999, 10_000, "last 9.999 ul +0.0%"),
        (10_006, 10_000, "last 10.006 ul +0.1%"),
        (9_994, 10_000, "last 9.994 ul -0.1%"),
        (200_000, 180_000, "last 200.00 ul +11.1%"),
        (100_000, 200_000, "last 100.00 ul -50.0%"),
        (99_999, 200_000, "last 99.999 ul -50.0%"),
        (0, 272, "last 0.000 ul -100.0%"),
        (0, 200_000, "last 0.000 ul -100.0%"),
    ],
)
def test_the_last_drop_fits_its_row_and_its_error_is_rounded(reported_nl: int, requested_nl: int, shown: str) -> None:
    device = armed()
    device.press()
    device.loop.drop.reported_nl, device.loop.drop.requested_nl = reported_nl, requested_nl
    device.panel._turn = device.panel._turn_ticks = 0
    assert device.lines()[4] == shown


def test_a_fault_that_ended_a_drop_says_between_what_bounds_it_is() -> None:
    device = armed(dose_nl=50_000)
    device.contact = 1
    device.run(100)
    device.trigger = 1
    device.until("SHOT")
    device.run(300)
    device.stop = 1
    device.until("FAULT", ms=10)
    drop = device.loop.drop
    assert device.lines()[:4] == ["FAULT", "STOP", "STOP was pressed.", "Motors have no power."]
    assert device.lines()[4].endswith(" ul in")
    low, high = device.lines()[4].removesuffix(" ul in").split("-")
    assert 0 < round(float(low) * 1000) <= drop.reported_min_nl < round(float(low) * 1000) + 10
    assert drop.reported_max_nl <= round(float(high) * 1000) < drop.reported_max_nl + 10
    device.trigger = device.contact = device.stop = 0
    device.run(1000)
    device.confirm_shortly()
    assert device.state == "IDLE"
    device.stop = 1  # this one has ended nothing
    device.until("FAULT", ms=10)
    assert device.lines()[4] == "stop_pressed"
