"""What holding CONFIRM and pulling the trigger ask for: each condition missing in turn, and nothing happens."""

from typing import Any

import pytest

from firmware import inhibits, limits
from firmware.disinfection import DRYING, STANDS
from firmware.syringe import PRIMED
from host_tests import moments
from host_tests.inside import after, confirmed, events, say
from host_tests.rig import Rig

# --- CONFIRM, held ------------------------------------------------------------------------------------------------


def held(rig: Rig) -> "list[str]":
    """What holding CONFIRM for a second brings."""
    since = rig.journal.written
    rig.confirm = 1
    rig.run(1_010)
    rig.confirm = 0
    return events(rig, since)


REWINDING: "list[tuple[str, dict[str, Any]]]" = [
    ("", {}),
    ("nobody asked", {"rewind_asked": 0}),
    ("on skin", {"contact": 1}),
    ("not homed", {"homed": 0}),
    ("needle out", {"home": 0}),
]


@pytest.mark.parametrize(("missing", "said"), REWINDING, ids=[row[0] or "all there" for row in REWINDING])
def test_holding_confirm_rewinds_only_when_asked_for_off_the_skin_with_the_needle_home(
    missing: str, said: "dict[str, Any]"
) -> None:
    rig = moments.in_state("READY")
    rig.loop.rewind_asked = said.get("rewind_asked", 1)
    rig.contact = said.get("contact", 0)
    if "home" in said:
        say(rig, home=0)
    rig.run(20)
    rig.loop.needle.homed = said.get("homed", 1)
    found = held(rig)
    assert ("REWINDING" in found) == (not missing)


def test_a_short_press_rewinds_nothing() -> None:
    rig = moments.in_state("READY")
    rig.loop.rewind_asked = 1
    assert confirmed(rig) == ["CONFIRMED"]


DISINFECTING: "list[tuple[str, str]]" = [
    ("IDLE", ""),
    ("IDLE", "no zone named"),
    ("IDLE", "rewind asked"),
    ("IDLE", "no settings"),
    ("READY", "state"),
    ("LOCKED", "state"),
    ("ARMED", "state"),
    ("FAULT", "state"),
]


@pytest.mark.parametrize(("state", "missing"), DISINFECTING)
def test_holding_confirm_disinfects_only_the_zone_that_is_named_while_idle(state: str, missing: str) -> None:
    rig = moments.in_state(state)
    rig.disinfects = False
    rig.loop.treatment.disinfection.forget()
    if state in ("READY", "ARMED"):
        rig.loop.treatment.disinfection.stage = STANDS  # it would not stay there without
    rig.loop.zone_named = 0 if missing == "no zone named" else 1
    rig.loop.rewind_asked = 1 if missing == "rewind asked" else 0
    if missing == "no settings":
        rig.loop.settings.refusals = 1
    rig.contact = 1  # no rewinding either
    stage = rig.loop.treatment.disinfection.stage
    held(rig)
    assert rig.loop.treatment.disinfection.stage == (stage if missing else DRYING)


# --- trigger ------------------------------------------------------------------------------------------------------


def pulled(rig: Rig, ms: int = 20) -> "list[str]":
    """What a pull of the trigger brings."""
    since = rig.journal.written
    rig.trigger = 1
    rig.run(ms)
    return events(rig, since)


def test_armed_and_on_skin_a_pull_is_a_drop() -> None:
    rig = moments.armed()
    rig.contact = 1
    rig.run(100)
    assert pulled(rig) == ["PRESSED"]


def test_skin_that_was_touched_for_less_than_ten_milliseconds_or_not_by_both_contacts_is_no_skin() -> None:
    rig = moments.armed()
    rig.trigger = 1
    rig.tick()
    rig.contact = 1
    assert after(rig, 60) == []
    rig = moments.armed()
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.run(8)
    say(rig, contact_b=0)
    assert after(rig, 10) == []


PRIMING: "list[str]" = ["", "primed", "on skin", "too soon", "not homed", "no settings", "panel", "stop"]


@pytest.mark.parametrize("missing", PRIMING)
def test_a_pull_in_air_primes_only_where_everything_is_there(missing: str) -> None:
    rig = moments.ready()
    rig.loop.treatment.unprime()
    rig.loop.syringe.primed = PRIMED if missing == "primed" else 0
    if missing == "no settings":
        rig.loop.settings.refusals = 1
    rig.loop.panel_inhibits = inhibits.EDITING if missing == "panel" else 0
    rig.contact = int(missing == "on skin")
    rig.run(600)
    if missing == "not homed":
        rig.loop.needle.forget_home()
    rig.stop = int(missing == "stop")  # a fault; and not even noted as a wish to prime
    if missing == "too soon":
        rig.loop.contact.off_ticks = limits.PRIME_OPEN_TICKS - 6
    found = pulled(rig, 12)
    if missing == "stop":
        assert "PRIMING" not in found
        assert "-PRIMING" not in found
    else:
        assert ("PRIMING" in found) == (not missing)


def test_both_contacts_have_to_be_open_for_exactly_half_a_second_before_a_prime() -> None:
    for ticks, expected in ((-2, False), (-1, False), (0, True), (1, True)):
        rig = moments.ready()
        rig.loop.treatment.unprime()
        rig.run(100)
        rig.loop.contact.off_ticks = limits.PRIME_OPEN_TICKS - 5 + ticks  # a pull counts after five
        assert ("PRIMING" in pulled(rig, 10)) == expected
