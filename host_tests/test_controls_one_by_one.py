"""What trigger and CONFIRM ask for, state by state: each condition missing in turn, and nothing happens."""

import pytest

from firmware import faults, inhibits, limits
from firmware.operators import NOBODY
from host_tests import moments
from host_tests.inside import after, confirmed, events, say

# --- by itself ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["LOCKED", "IDLE", "READY", "SERVICE", "FAULT"])
def test_where_nothing_is_asked_nothing_happens_and_the_journal_stays_silent(state: str) -> None:
    rig = moments.in_state(state)
    assert bool(rig.loop.inhibits) == (state != "READY")
    assert after(rig, 20) == []
    rig.now_us += limits.ARMED_US + 10_000  # a minute later
    assert after(rig, 20) == []
    assert rig.state == state


def test_a_doctor_who_is_logged_in_unlocks_and_nobody_does_not() -> None:
    rig = moments.in_state("LOCKED")
    assert rig.loop.operators.current == NOBODY
    assert after(rig) == []
    rig.loop.operators.current = 0
    assert after(rig)[0] == "LOGGED_IN"


def test_armed_ends_after_sixty_seconds_to_the_microsecond() -> None:
    for around, expected in ((-1, []), (0, ["TIMED_OUT"]), (1, ["TIMED_OUT"])):
        rig = moments.armed()
        rig.loop.controls.armed_us = (rig.now_us - limits.ARMED_US - around) & 0x3FFFFFFF
        since = rig.journal.written
        rig.tick()
        assert events(rig, since) == expected


@pytest.mark.parametrize("state", ["READY", "ARMED"])
def test_an_inhibit_ends_ready_and_armed(state: str) -> None:
    rig = moments.in_state(state)
    rig.loop.panel_inhibits = inhibits.PANEL_BAD
    assert after(rig, 10) == ["INHIBITED"]
    assert rig.state == "IDLE"
    rig.loop.panel_inhibits = 0
    assert after(rig, 10) == ["CLEARED"]


# --- CONFIRM, shortly ---------------------------------------------------------------------------------------------


def test_confirm_homes_arms_and_disarms_by_the_state() -> None:
    assert confirmed(moments.in_state("IDLE"))[0] == "CONFIRMED"
    assert confirmed(moments.in_state("READY")) == ["CONFIRMED"]
    assert confirmed(moments.in_state("ARMED")) == ["CONFIRMED"]
    assert confirmed(moments.in_state("SERVICE"))[0] == "CONFIRMED"
    homed = moments.ready()
    homed.loop.panel_inhibits = inhibits.PANEL_BAD
    homed.run(10)
    assert homed.state == "IDLE"
    assert confirmed(homed) == []
    homed.loop.needle.forget_home()
    assert confirmed(homed)[0] == "CONFIRMED"


@pytest.mark.parametrize("state", ["IDLE", "READY", "FAULT"])
def test_while_the_panel_asks_something_confirm_is_the_panels(state: str) -> None:
    rig = moments.in_state(state)
    rig.stop = 0
    rig.loop.panel_inhibits = inhibits.EDITING
    rig.run(20)
    before = rig.state
    assert confirmed(rig) == []
    assert rig.state == before
    assert bool(rig.loop.faults) == (state == "FAULT")


def test_a_device_that_was_just_switched_on_was_never_armed() -> None:
    assert moments.new_rig().loop.controls.armed_us == 0


def test_arming_starts_its_sixty_seconds() -> None:
    rig = moments.ready()
    rig.loop.controls.armed_us = 0
    rig.confirm_shortly()
    assert rig.state == "ARMED"
    assert 0 <= (rig.now_us - rig.loop.controls.armed_us) % (1 << 30) <= 30_000


CAUSES: "dict[str, dict[str, int]]" = {
    "stop": {"stop_closed": 0},
    "needle out": {"home": 0},
    "driver": {"dose_driver_bad": 1},
    "needle driver": {"needle_driver_bad": 1},
    "trigger": {"trigger_no": 1, "trigger_nc": 1},
    "skin contact": {"contact_a": 1, "contact_b": 0},
    "pressure sensor": {"pressure_counts": 0},
    "needle sensor": {"needle_counts": 4095},
    "supply": {"supply_counts": 0},
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_fault_stays_until_its_cause_is_gone_and_confirm_was_pressed(cause: str) -> None:
    rig = moments.in_state("FAULT")
    rig.stop = 0
    say(rig, **CAUSES[cause])
    rig.run(100)
    before = rig.loop.faults
    assert before
    assert confirmed(rig) == []
    assert (rig.state, rig.loop.faults) == ("FAULT", before)
    rig.meddle = None
    rig.run(100)
    assert rig.state == "FAULT"
    assert confirmed(rig)[0] == "RECOVERED"
    assert rig.loop.faults == 0


@pytest.mark.parametrize("name", faults.names((1 << 30) - 1))
def test_a_fault_that_nobody_can_see_the_end_of_stays_whatever_is_pressed(name: str) -> None:
    bit = 1 << faults.names((1 << 30) - 1).index(name)
    rig = moments.in_state("FAULT")
    rig.stop = 0
    rig.loop.faults = bit
    rig.run(20)
    gone = confirmed(rig)[:1] == ["RECOVERED"]
    stays = name in ("pressure_sensor", "needle_sensor", "late_tick", "gate", "memory", "depth_exceeded")
    assert gone == (not stays)
    assert rig.loop.faults == (bit if stays else 0)
    assert faults.needs_restart(bit) == stays
    assert faults.needs_technician(bit) == (name == "depth_exceeded")
    assert not faults.needs_restart(0)
    assert not faults.needs_technician(0)
