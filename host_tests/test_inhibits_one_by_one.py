"""Every reason why the device is not armed, alone and beside each other one: none hides another."""

import itertools
from collections.abc import Callable

import pytest

from firmware import disinfection, inhibits, states
from firmware.operators import NOBODY
from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.rig import Rig

Spoil = Callable[[Rig], None]


def setting(place: str, name: str, value: int) -> Spoil:
    """Sets one attribute of the loop's parts."""

    def spoil(rig: Rig) -> None:
        thing: object = rig.loop
        for part in filter(None, place.split(".")):
            thing = getattr(thing, part)
        setattr(thing, name, value)

    return spoil


REASONS: "dict[str, tuple[str, Spoil]]" = {
    "said by the panel": ("editing", setting("", "panel_inhibits", inhibits.EDITING)),
    "found by the treatment": ("zone_done", setting("treatment", "inhibits", inhibits.ZONE_DONE)),
    "supply": ("supply_range", setting("inputs", "supply_counts", 0)),
    "sensor": ("sensor_range", setting("inputs", "pressure_counts", 0)),
    "wet": ("drying", setting("treatment.disinfection", "stage", disinfection.DRYING)),
    "not disinfected": ("not_disinfected", setting("treatment.disinfection", "stage", disinfection.NONE)),
    "nobody": ("locked", setting("operators", "current", NOBODY)),
    "records": ("records", setting("ledger", "troubles", 1)),
    "not primed": ("not_primed", setting("syringe", "primed", 0)),
    "not homed": ("not_homed", setting("needle", "homed", 0)),
    "needle out": ("needle_not_parked", setting("inputs", "home", 0)),
    "stop": ("stop_open", setting("inputs", "stop_closed", 0)),
    "driver": ("driver_status", setting("inputs", "dose_driver_bad", 1)),
    "needle driver": ("driver_status", setting("inputs", "needle_driver_bad", 1)),
    "trigger": ("trigger_held", setting("trigger", "off_ticks", 0)),
    "trigger contacts": ("contacts_disagree", setting("trigger", "broken", 1)),
    "skin contacts": ("contacts_disagree", setting("contact", "broken", 1)),
}
# The first of these says all that there is to say.
IN_PLACE_OF: "dict[frozenset[str], str]" = {frozenset(("not homed", "needle out")): "not homed"}


def found(rig: Rig) -> "list[str]":
    """The inhibits in words, judged anew."""
    rig.loop.treatment.stale = 0
    return inhibits.names(inhibits.of(rig.loop))


def test_a_device_that_is_ready_has_none() -> None:
    assert found(moments.ready()) == []


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_is_told_by_its_word_alone(name: str) -> None:
    word, spoil = REASONS[name]
    rig = moments.ready()
    spoil(rig)
    assert found(rig) == [word]


def test_no_reason_hides_another(record_figure: RecordFigure) -> None:
    pairs = 0
    for one, other in itertools.combinations(REASONS, 2):
        if {one, other} == {"wet", "not disinfected"}:
            continue
        rig = moments.ready()
        for name in (one, other):
            REASONS[name][1](rig)
        said = {IN_PLACE_OF.get(frozenset((one, other)), name) for name in (one, other)}
        assert set(found(rig)) == {REASONS[name][0] for name in said}, (one, other)
        pairs += 1
    record_figure("pairs of inhibits", pairs)


def test_while_armed_a_trigger_may_be_held_and_in_no_other_state() -> None:
    for state in range(len(states.NAMES)):
        rig = moments.armed()
        rig.loop.trigger.off_ticks = 0
        rig.loop.state = state
        assert found(rig) == ([] if state == states.ARMED else ["trigger_held"])


def test_while_armed_the_reservation_has_to_hold_one_more_drop(record_figure: RecordFigure) -> None:
    for state in ("ARMED", "READY"):
        for around in (-1, 0, 1):
            rig = moments.in_state(state)
            loop = rig.loop
            assert loop.treatment.drop_most_steps > 1_000
            loop.gate.furthest_steps = rig.inputs.dose_steps + loop.treatment.drop_most_steps + around
            assert found(rig) == (["reservation_used"] if around < 0 and state == "ARMED" else [])
            record_figure("boundary cases", 1)


def test_a_reservation_that_is_used_up_hides_nothing() -> None:
    for name, (word, spoil) in REASONS.items():
        rig = moments.armed()
        rig.loop.gate.furthest_steps = rig.inputs.dose_steps
        spoil(rig)
        expected = {"reservation_used", word} if name != "trigger" else {"reservation_used"}
        assert set(found(rig)) == expected, name


def test_the_treatment_is_judged_when_something_of_it_has_changed_and_only_then() -> None:
    rig = moments.ready()
    treatment = rig.loop.treatment
    treatment.needle_used = 1
    treatment.stale = 0
    assert inhibits.of(rig.loop) == 0
    treatment.stale = 1
    assert inhibits.names(inhibits.of(rig.loop)) == ["needle_used"]
    assert treatment.stale == 0
    rig.inputs.dose_steps += 10_000_000  # the syringe is as good as empty
    treatment.needle_used = 0
    treatment.stale = 1
    assert inhibits.names(inhibits.of(rig.loop)) == ["syringe_empty"]
