"""From CONFIRM in READY to ARMED: a reservation is asked for, has to be on record, and what is still wanted."""

import pytest

from firmware import inhibits, ledger, limits, states, zones
from host_tests import moments
from host_tests.inside import events
from host_tests.rig import TICK_US, Rig, plant_params, settings
from tools.journal import kinds
from tools.simulator.plant import Plant


def reserved() -> Rig:
    """READY, with a reservation on record that nobody has used yet."""
    rig = moments.in_state("READY")
    rig.reserve()
    return rig


def arms(rig: Rig) -> bool:
    """Whether CONFIRMED arms; if not, the event is on record, and the reservation is over."""
    since = rig.journal.written
    rig.loop.raise_event(states.CONFIRMED)
    if rig.state == "ARMED":
        return True
    assert rig.state == "READY"
    assert events(rig, since) == ["-CONFIRMED"]
    assert (rig.loop.ledger.granted, rig.loop.ledger.left) == (0, 0)
    return False


def test_a_reservation_that_stands_arms() -> None:
    assert arms(reserved())


def test_one_for_other_drops_or_for_more_than_there_are_does_not() -> None:
    rig = reserved()
    rig.loop.ledger.drop_nl += 1
    assert not arms(rig)
    rig = reserved()
    rig.loop.ledger.drops = rig.loop.treatment.drops_left(rig.inputs.dose_steps) + 1
    assert not arms(rig)


def test_none_at_all_does_not() -> None:
    assert not arms(moments.in_state("READY"))


def test_what_is_refused_anyway_is_no_fault_of_memory() -> None:
    rig = reserved()
    rig.loop.settings.dose_nl += 1
    rig.loop.ledger.troubles = ledger.SAVING
    since = rig.journal.written
    rig.loop.raise_event(states.CONFIRMED)
    assert (rig.state, rig.loop.faults, events(rig, since)) == ("READY", 0, ["-CONFIRMED"])


@pytest.mark.parametrize("start", ["IDLE", "READY"])
def test_while_drops_are_uncertain_nothing_that_moves_begins_whoever_asks(start: str) -> None:
    for event in (states.CONFIRMED, states.PRIMING, states.REWINDING):
        rig = moments.in_state(start)
        rig.loop.needle.homed = 0
        rig.loop.ledger.found = ledger.UNMARKED
        rig.loop.raise_event(event)
        assert rig.state == start


def test_once_all_reserved_drops_are_begun_the_device_disarms_though_the_plunger_might_go_on() -> None:
    rig = moments.armed()
    assert not rig.loop.inhibits
    rig.loop.ledger.left = 0
    since = rig.journal.written
    rig.tick()
    assert inhibits.names(rig.loop.inhibits) == ["reservation_used"]
    assert events(rig, since) == ["INHIBITED"]


class WithoutFlash(Rig):
    """Nothing is ever written."""

    def keep_books(self) -> None:
        """Not even granted."""
        self.loop.ledger.mark_due = 0


def test_what_is_not_on_record_after_a_second_is_not_wanted_any_more_to_the_tick() -> None:
    rig = moments.in_state("READY")
    rig.__class__ = WithoutFlash
    rig.confirm = 1
    rig.run(100)
    rig.confirm = 0
    while not rig.loop.ledger.asked:
        rig.tick()
    ticks = 0
    while rig.loop.ledger.asked:
        rig.tick()
        ticks += 1
        assert rig.state == "READY"
    assert ticks == limits.RESERVE_US // TICK_US


def test_a_press_gives_no_more_drops_than_were_reserved() -> None:
    rig = Rig(Plant(plant_params(), 1), settings(mode="burst", burst_count=5, dose_nl=2_000))
    rig.make_ready()
    rig.arm()
    rig.loop.ledger.left = 2
    rig.press()
    assert rig.loop.drop.delivered == 2


def test_confirm_held_takes_note_of_uncertain_drops_in_idle_only() -> None:
    for state, expected in (("IDLE", ledger.NOTHING_OPEN), ("FAULT", ledger.UNMARKED)):
        rig = moments.in_state(state)
        rig.loop.ledger.found = ledger.UNMARKED
        rig.loop.ledger.troubles = ledger.DROPS_UNCERTAIN
        rig.loop.drops_named = 1
        rig.confirm = 1
        rig.run(1100)
        assert rig.loop.ledger.found == expected


# --- on record ----------------------------------------------------------------------------------------------------


def recorded(rig: Rig, kind: int) -> "list[tuple[int, int]]":
    """The integers of all records of a kind."""
    found: list[tuple[int, int]] = []
    for back in range(rig.journal.written):
        _, number, first, second = rig.journal.newest(back)
        if number == kind:
            found.append((first, second))
    return found


def test_a_prime_is_on_record_with_the_resistance_it_found() -> None:
    rig = moments.in_state("READY")
    assert recorded(rig, kinds.PRIMED) == [(rig.loop.prime.resistance_pa_per_nl, 0)]
    assert rig.loop.prime.resistance_pa_per_nl > 10


@pytest.mark.parametrize("drying_us", [45_000_000, 45_999_999])
def test_skin_is_on_record_with_its_zone_and_how_long_it_dries(drying_us: int) -> None:
    rig = moments.in_state("IDLE")
    rig.disinfects = False
    rig.loop.zone_named = 1
    rig.loop.treatment.disinfection.drying_us = drying_us
    rig.loop.treatment.zone = zones.NAMES.index("neck")
    rig.confirm = 1
    rig.run(1100)
    assert recorded(rig, kinds.DISINFECTED) == [(zones.NAMES.index("neck"), 45)]
