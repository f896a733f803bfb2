"""Every reason not to be armed has its name, goes when its reason goes, and disarms."""

from collections.abc import Callable

import pytest

from firmware import faults, inhibits
from firmware.image import Inputs
from host_tests import moments
from host_tests.rig import Rig, settings


def words(rig: Rig) -> "list[str]":
    """The inhibits in words."""
    return inhibits.names(rig.loop.inhibits)


def test_a_new_device_without_settings_says_all_that_is_missing() -> None:
    rig = Rig(moments.new_rig().plant, None)
    rig.until("IDLE")
    rig.tick()
    assert words(rig) == ["not_homed", "not_primed", "settings_missing", "needle_used"]


def test_a_ready_device_has_no_inhibit() -> None:
    rig = moments.ready()
    assert words(rig) == []


def supply_low(inputs: Inputs) -> None:
    """8.5 V."""
    inputs.supply_counts = 2245


def supply_high(inputs: Inputs) -> None:
    """15.2 V."""
    inputs.supply_counts = 4016


def dose_driver_bad(inputs: Inputs) -> None:
    """The dose motor's driver says so."""
    inputs.dose_driver_bad = 1


def needle_driver_bad(inputs: Inputs) -> None:
    """The needle motor's driver says so."""
    inputs.needle_driver_bad = 1


def needle_off_home(inputs: Inputs) -> None:
    """The home switch opens."""
    inputs.home = 0


def pressure_dead(inputs: Inputs) -> None:
    """No pressure sensor."""
    inputs.pressure_counts = 0


def position_dead(inputs: Inputs) -> None:
    """No position sensor."""
    inputs.needle_counts = 4095


REASONS: "list[tuple[Callable[[Inputs], None], str]]" = [
    (supply_low, "supply_range"),
    (supply_high, "supply_range"),
    (dose_driver_bad, "driver_status"),
    (needle_driver_bad, "driver_status"),
    (pressure_dead, "sensor_range"),
    (position_dead, "sensor_range"),
]


@pytest.mark.parametrize(("meddle", "word"), REASONS)
def test_a_reason_takes_the_device_from_ready_and_lets_it_back(meddle: "Callable[[Inputs], None]", word: str) -> None:
    rig = moments.ready()
    rig.meddle = meddle
    rig.run(10)
    assert (rig.state, words(rig)) == ("IDLE", [word])
    rig.meddle = None
    rig.run(10)
    assert (rig.state, words(rig)) == ("READY", [])


@pytest.mark.parametrize(("meddle", "word"), [REASONS[0], REASONS[1]])
def test_a_reason_disarms(meddle: "Callable[[Inputs], None]", word: str) -> None:
    rig = moments.armed()
    rig.meddle = meddle
    rig.run(4)
    assert rig.state in ("IDLE", "FAULT")
    rig.meddle = None
    rig.run(100)
    assert rig.state != "ARMED"


def test_the_device_is_not_armed_by_confirm_while_a_reason_lasts() -> None:
    rig = moments.ready()
    rig.meddle = supply_low
    rig.confirm_shortly()
    assert rig.state == "IDLE"


def test_a_held_trigger_keeps_the_device_from_arming() -> None:
    rig = moments.ready()
    rig.contact = 1  # on skin, so that the press is no prime
    rig.run(100)
    rig.trigger = 1
    rig.run(50)
    assert (rig.state, words(rig)) == ("IDLE", ["trigger_held"])
    rig.confirm_shortly()
    assert rig.state == "IDLE"
    rig.trigger = 0
    rig.run(50)
    assert rig.state == "READY"


def test_a_syringe_with_less_than_the_next_drop_is_empty() -> None:
    rig = moments.ready({"dose_nl": 200_000})
    while rig.state in ("READY", "ARMED"):
        rig.until("READY", "ARMED")
        if rig.state == "READY":
            rig.arm()
        assert rig.press().reported_nl == pytest.approx(200_000, rel=0.02)
    assert (rig.state, words(rig)) == ("IDLE", ["syringe_empty"])
    assert rig.plant.delivered_nl > 600_000
    # What is left is enough for a smaller drop.
    assert rig.loop.propose(settings(dose_nl=1_000)) == 0
    rig.run(10)
    assert rig.state == "READY"


def test_refused_settings_change_nothing_and_inhibit_nothing() -> None:
    rig = moments.ready()
    assert rig.loop.propose(settings(depth_um=50)) != 0
    rig.run(10)
    assert (rig.state, words(rig)) == ("READY", [])


def test_a_new_patient_asks_for_a_new_needle_and_that_for_a_prime() -> None:
    rig = moments.ready()
    rig.loop.treatment.new_patient()
    rig.run(10)
    assert (rig.state, words(rig)) == ("IDLE", ["not_primed", "needle_used"])
    rig.loop.treatment.new_needle()
    rig.run(10)
    assert words(rig) == ["not_primed"]


def test_another_kind_of_needle_is_nobodys_until_someone_says_that_it_is_fresh() -> None:
    rig = moments.ready()
    assert rig.loop.propose(settings(needle="30G 4mm")) == 0
    rig.run(10)
    assert words(rig) == ["not_primed", "needle_used"]
    rig.loop.treatment.new_needle()
    rig.run(10)
    assert words(rig) == ["not_primed"]


def test_after_power_on_nobody_knows_whose_needle_it_is() -> None:
    rig = Rig(moments.new_rig().plant, None)
    assert rig.loop.propose(settings()) == 0
    rig.until("IDLE")
    rig.tick()
    assert "needle_used" in words(rig)


def test_another_kind_of_syringe_counts_as_used_as_far_as_the_pusher_went() -> None:
    rig = moments.ready()
    used_steps = rig.loop.syringe.used_steps(rig.inputs.dose_steps)
    assert used_steps > 1000
    assert rig.loop.propose(settings(syringe="5ml")) == 0
    assert rig.loop.syringe.used_steps(rig.inputs.dose_steps) == used_steps
    rig.run(20)
    rig.change_syringe()
    assert rig.loop.syringe.used_steps(rig.inputs.dose_steps) < used_steps + 2000


def test_the_last_planned_point_disarms_and_more_points_go_on() -> None:
    rig = moments.ready({"points": 2})
    rig.arm()
    rig.press()
    assert rig.state == "ARMED"
    rig.press()
    assert (rig.state, words(rig)) == ("IDLE", ["zone_done"])
    rig.loop.treatment.new_zone()
    rig.run(10)
    assert rig.state == "READY"
    rig.arm()
    rig.press()
    rig.press()
    assert words(rig) == ["zone_done"]
    assert rig.loop.propose(settings(points=3)) == 0
    rig.run(10)
    assert rig.state == "READY"


def test_what_the_panel_says_keeps_the_device_from_arming() -> None:
    rig = moments.ready()
    rig.loop.panel_inhibits = inhibits.PANEL_BAD
    rig.run(10)
    assert (rig.state, words(rig)) == ("IDLE", ["panel_bad"])


def test_an_open_stop_loop_and_what_a_fault_leaves_are_inhibits_too() -> None:
    rig = moments.ready()
    rig.stop = 1
    rig.run(10)
    assert {"stop_open", "not_homed", "not_primed"} <= set(words(rig))


def test_troubles_of_the_records_are_an_inhibit() -> None:
    rig = moments.ready()
    for bit in range(6):
        rig.loop.ledger.troubles = 1 << bit
        rig.run(10)
        assert (rig.state, words(rig)) == ("IDLE", ["records"])
        rig.loop.ledger.troubles = 0
        rig.run(10)
        assert (rig.state, words(rig)) == ("READY", [])


def test_another_syringe_asks_for_a_prime() -> None:
    rig = moments.ready()
    assert rig.loop.propose(settings(syringe="5ml")) == 0
    rig.run(10)
    assert words(rig) == ["not_primed"]
    assert rig.loop.propose(settings(syringe="5ml", dose_nl=20_000)) == 0
    rig.run(10)
    assert words(rig) == ["not_primed"]


def test_a_needle_that_leaves_home_loses_its_power_and_has_to_be_homed_again() -> None:
    rig = moments.ready()
    rig.meddle = needle_off_home
    rig.run(4)
    assert (rig.state, words(rig)) == ("IDLE", ["needle_not_parked"])  # a switch may bounce
    assert rig.outputs.needle_enable == 1
    rig.run(10)
    assert (rig.state, words(rig)) == ("IDLE", ["not_homed"])
    assert rig.outputs.needle_enable == 0
    rig.meddle = None
    rig.run(100)
    assert words(rig) == ["not_homed"]


def test_a_needle_that_leaves_home_while_something_may_move_is_a_fault() -> None:
    rig = moments.in_state("PRIME")
    rig.meddle = needle_off_home
    rig.run(20)
    assert rig.state == "FAULT"
    assert faults.names(rig.loop.faults) == ["not_home"]
    assert (rig.outputs.needle_enable, rig.outputs.dose_enable) == (0, 0)
