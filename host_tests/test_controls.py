"""What CONFIRM and trigger ask for, and what they are refused: by the loop's controls, tick by tick."""

# Faults are made by hand.
# pyright: reportPrivateUsage=false

from collections.abc import Callable
from typing import Any

import pytest

from firmware import faults, inhibits, limits
from firmware.disinfection import DRYING, NONE
from firmware.operators import NOBODY
from host_tests import moments
from host_tests.rig import Rig


def falsify(**values: int) -> "Callable[[Any], None]":
    """What the board says instead of the truth."""

    def meddle(inputs: "Any") -> None:
        for name, value in values.items():
            setattr(inputs, name, value)

    return meddle


def faulty(mask: int = faults.BUBBLE) -> Rig:
    """In FAULT, the cause gone and the needle home."""
    rig = moments.armed()
    rig.loop._fail(mask)
    rig.run(200)
    return rig


def asking() -> Rig:
    """The skin is not disinfected, and the panel has named the zone."""
    rig = moments.ready()
    rig.disinfects = False
    rig.loop.treatment.disinfection.forget()
    rig.run(10)
    assert rig.state == "IDLE"
    rig.loop.zone_named = 1
    return rig


def hold(rig: Rig) -> None:
    """CONFIRM for longer than a second."""
    rig.confirm = 1
    rig.run(limits.HOLD_TICKS * 2 + 20)
    rig.confirm = 0
    rig.run(20)


# --- faults -------------------------------------------------------------------------------------------------------


def test_confirm_ends_a_fault_whose_cause_is_gone() -> None:
    rig = faulty()
    rig.confirm_shortly()
    assert (rig.state, rig.loop.faults) == ("IDLE", 0)


CAUSES: "dict[str, dict[str, int]]" = {
    "a driver's word": {"dose_driver_bad": 1},
    "the other driver's": {"needle_driver_bad": 1},
    "STOP": {"stop_closed": 0},
    "a needle that is out": {"home": 0},
    "contacts that disagree": {"trigger_no": 1, "trigger_nc": 1},
    "one skin switch": {"contact_a": 1, "contact_b": 0},
    "a pressure no sensor gives": {"pressure_counts": 0},
    "a depth no sensor gives": {"needle_counts": 4095},
    "a low supply": {"supply_counts": limits.SUPPLY_LOW_COUNTS - 1},
}


@pytest.mark.parametrize("values", CAUSES.values(), ids=CAUSES)
def test_confirm_does_not_end_a_fault_while_something_is_wrong(values: "dict[str, int]") -> None:
    rig = faulty()
    rig.meddle = falsify(**values)
    rig.run(100)
    rig.confirm_shortly()
    assert rig.state == "FAULT"
    rig.meddle = None
    rig.run(100)
    rig.confirm_shortly()
    assert rig.state == "IDLE"


@pytest.mark.parametrize("bit", range(20), ids=faults.names((1 << 20) - 1))
def test_some_faults_are_ended_by_no_confirm(bit: int) -> None:
    rig = faulty(1 << bit)
    rig.confirm_shortly()
    assert (rig.state == "FAULT") == faults.needs_restart(1 << bit)


def test_a_fault_that_confirm_would_end_does_not_take_a_worse_one_with_it() -> None:
    rig = faulty(faults.BUBBLE | faults.GATE)
    rig.confirm_shortly()
    assert faults.names(rig.loop.faults) == ["bubble", "gate"]


# --- CONFIRM held -------------------------------------------------------------------------------------------------


def test_confirm_held_where_the_zone_is_named_disinfects_it() -> None:
    rig = asking()
    hold(rig)
    assert rig.loop.treatment.disinfection.stage == DRYING


def without_name(rig: Rig) -> None:
    """The panel shows something else."""
    rig.loop.zone_named = 0


def without_settings(rig: Rig) -> None:
    """There is no zone to name."""
    rig.loop.settings.refusals = 1


def locked(rig: Rig) -> None:
    """Nobody is logged in."""
    rig.loop.log_out()


@pytest.mark.parametrize("change", [without_name, without_settings, locked])
def test_confirm_held_disinfects_nothing_else(change: "Callable[[Rig], None]") -> None:
    rig = asking()
    change(rig)
    hold(rig)
    assert rig.loop.treatment.disinfection.stage == NONE


def test_confirm_held_while_a_new_syringe_is_asked_for_disinfects_nothing() -> None:
    rig = asking()
    rig.loop.rewind_asked = 1
    rig.contact = 1
    hold(rig)
    assert rig.state == "IDLE"
    assert rig.loop.treatment.disinfection.stage == NONE
    rig.contact = 0
    rig.run(20)
    rig.loop.needle.forget_home()
    hold(rig)
    assert rig.state == "IDLE"


def test_confirm_held_with_nothing_asked_does_nothing() -> None:
    rig = moments.ready()
    hold(rig)
    assert rig.state == "READY"


# --- log-in -------------------------------------------------------------------------------------------------------


def test_whoever_logs_in_unlocks_in_the_next_tick() -> None:
    rig = moments.in_state("LOCKED")
    rig.run(100)
    assert rig.state == "LOCKED"
    rig.loop.operators.current = 0
    rig.tick()
    assert rig.state == "IDLE"


def test_a_device_that_is_locked_from_outside_while_armed_disarms() -> None:
    rig = moments.armed()
    rig.loop.operators.current = NOBODY
    rig.run(4)
    assert rig.state == "IDLE"
    assert inhibits.names(rig.loop.inhibits) == ["locked"]


# --- trigger ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meddle", [None, falsify(stop_closed=0), falsify(home=0)], ids=["nothing in the way", "STOP", "needle out"]
)
@pytest.mark.parametrize("panel_inhibits", [0, inhibits.EDITING, inhibits.PANEL_BAD])
def test_a_prime_begins_only_with_the_needle_parked_and_nothing_open_at_the_panel(
    meddle: "Callable[[Any], None] | None", panel_inhibits: int
) -> None:
    rig = moments.ready()
    rig.loop.treatment.unprime()
    rig.loop.panel_inhibits = panel_inhibits
    rig.run(600)
    rig.meddle = meddle
    rig.trigger = 1
    rig.run(30)
    assert (rig.state == "PRIME") == (meddle is None and not panel_inhibits)


def test_a_prime_does_not_begin_without_settings_nor_less_than_half_a_second_after_skin() -> None:
    rig = moments.ready()
    rig.loop.treatment.unprime()
    rig.contact = 1
    rig.run(20)
    rig.contact = 0
    rig.run(400)
    rig.trigger = 1
    rig.run(200)
    assert rig.state == "IDLE"
    rig.trigger = 0
    rig.loop.settings.refusals = 1
    rig.run(600)
    rig.trigger = 1
    rig.run(200)
    assert rig.state == "IDLE"


@pytest.mark.parametrize("half", [{"contact_a": 1, "contact_b": 0}, {"contact_a": 0, "contact_b": 0}])
def test_a_press_without_both_skin_contacts_gives_nothing(half: "dict[str, int]") -> None:
    rig = moments.armed()
    rig.meddle = falsify(**half)
    rig.trigger = 1
    rig.run(16)
    assert rig.state == "ARMED"
    assert rig.loop.drop.number == 0


def test_confirm_while_idle_and_homed_changes_nothing() -> None:
    rig = moments.ready()
    rig.loop.treatment.unprime()
    rig.run(10)
    rig.confirm_shortly()
    assert rig.state == "IDLE"


def test_confirm_while_the_panel_has_something_open_is_the_panels() -> None:
    rig = moments.ready()
    rig.loop.panel_inhibits = inhibits.EDITING
    rig.run(10)
    rig.loop.needle.forget_home()
    rig.confirm_shortly()
    assert rig.state == "IDLE"
    assert not rig.loop.needle.homed


def test_confirm_held_rewinds_where_a_new_syringe_is_asked_for() -> None:
    rig = moments.ready()
    rig.inputs.dose_steps += 5000
    rig.loop.rewind_asked = 1
    rig.confirm = 1
    rig.run(limits.HOLD_TICKS * 2 - 20)
    assert rig.state == "READY"
    rig.run(40)
    assert rig.state == "REWIND"


def test_armed_for_a_minute_without_a_shot_disarms() -> None:
    rig = moments.armed()
    rig.loop.controls.armed_us = rig.now_us - limits.ARMED_US + 4000 & 0x3FFFFFFF
    rig.run(4)
    assert rig.state == "ARMED"
    rig.run(4)
    assert rig.state == "READY"
