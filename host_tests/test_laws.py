"""What holds whatever happens: laws of the whole loop, with random hands and machines."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import drop, journal_ring, limits, states
from host_tests import moments
from host_tests.effort import share
from host_tests.random_hands import STORIES, benches, machines, on_skin, played, pressed
from host_tests.rig import Rig, settings

QUIET_TICKS = 1500  # three seconds for everything that still flows

# --- advance ------------------------------------------------------------------------------------------------------


@pytest.mark.law
@pytest.mark.no_cover
@share(1.5)
@given(benches(), STORIES)
def test_no_advance_without_trigger(rig: Rig, story: "list[dict[str, int]]") -> None:
    def watch(rig: Rig) -> None:
        if rig.outputs.dose_chunk_steps > 0 or rig.outputs.needle_chunk_steps > 0:
            assert pressed(rig.inputs)
            assert rig.state in ("SHOT", "PRIME")

    played(rig, story, watch)


@pytest.mark.law
@pytest.mark.no_cover
@share(1.5)
@given(benches(), STORIES)
def test_no_advance_without_contact(rig: Rig, story: "list[dict[str, int]]") -> None:
    def watch(rig: Rig) -> None:
        inputs = rig.inputs
        if rig.outputs.needle_chunk_steps > 0:
            assert on_skin(inputs)
        if rig.outputs.dose_chunk_steps > 0:
            lifted = inputs.contact_a == inputs.contact_b == 0
            assert lifted if rig.state == "PRIME" else on_skin(inputs)

    played(rig, story, watch)


@pytest.mark.law
@pytest.mark.no_cover
@share(1)
@given(benches(), STORIES)
def test_ramp_never_exceeds_limits(rig: Rig, story: "list[dict[str, int]]") -> None:
    last = copy.copy(rig.outputs)

    def watch(rig: Rig) -> None:
        for name in ("dose_chunk_steps", "needle_chunk_steps"):
            chunk, before = getattr(rig.outputs, name), getattr(last, name)
            same_way = abs(before) if before * chunk > 0 else 0
            assert abs(chunk) <= min(same_way + 10, 40), name
            setattr(last, name, chunk)

    played(rig, story, watch)
    assert rig.plant.lost_dose_steps == 0
    assert rig.plant.lost_needle_steps == 0


# --- volume -------------------------------------------------------------------------------------------------------


@pytest.mark.law
@pytest.mark.no_cover
@share(0.3)
@given(machines(), st.floats(0, 1), st.sampled_from(("release", "lift", "stop", "hold")))
def test_delivered_never_exceeds_its_bound_and_the_report_contains_it(rig: Rig, when: float, ending: str) -> None:
    ticks = len(moments.phases_of_shot(copy.deepcopy(rig)))
    before_nl = rig.plant.delivered_nl
    rig.run(2 * int(when * ticks))
    if ending == "stop":
        rig.stop = 1
    elif ending == "lift":
        rig.contact = 0
    elif ending == "release":
        rig.trigger = 0
    else:
        rig.run(2 * ticks)
    rig.run(200)
    moments.let_go(rig)
    rig.run(2 * QUIET_TICKS)
    delivered_nl = rig.plant.delivered_nl - before_nl
    record = rig.loop.drop
    bound_nl = record.requested_nl + limits.overdose_pl(1000 * record.requested_nl, rig.loop.fluid.pl_per_step) / 1000
    assert delivered_nl <= bound_nl
    assert record.result != drop.OPEN
    assert record.reported_min_nl - 1 <= delivered_nl <= record.reported_max_nl + 1
    if record.result == drop.DELIVERED:
        assert abs(record.reported_nl - delivered_nl) <= max(0.02 * delivered_nl, 50)


# --- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.law
@pytest.mark.no_cover
@share(0.25)
@given(
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(("1ml", "5ml")),
    st.integers(1_000, 200_000),
    st.integers(100, 2600),
)
def test_settings_never_change_during_a_shot(when: float, syringe: str, dose_nl: int, depth_um: int) -> None:
    undisturbed = moments.shooting()
    story = moments.phases_of_shot(undisturbed)
    rig = moments.shooting()
    rig.run(2 * int(when * len(story)))
    in_force = {name: value for name, value in vars(rig.loop.settings).items() if name != "refusals"}
    for _ in range(3):
        assert rig.loop.propose(settings(syringe=syringe, dose_nl=dose_nl, depth_um=5 * depth_um, mode="burst")) != 0
        rig.tick()
    assert in_force.items() <= vars(rig.loop.settings).items()
    moments.phases_of_shot(rig)
    assert vars(rig.loop.drop) == vars(undisturbed.loop.drop)
    assert rig.plant.delivered_nl == undisturbed.plant.delivered_nl


@pytest.mark.law
@pytest.mark.parametrize("state", states.NAMES)
def test_settings_change_only_while_disarmed(state: str) -> None:
    rig = moments.ready()
    rig.loop.state = states.NAMES.index(state)
    taken = rig.loop.propose(settings(dose_nl=3_000)) == 0
    assert taken == (state in ("BOOT", "SELF_TEST", "LOCKED", "IDLE", "READY", "FAULT"))
    assert rig.loop.settings.dose_nl == (3_000 if taken else 10_000)


# --- events -------------------------------------------------------------------------------------------------------


def snapshot(thing: object, seen: "dict[int, object]") -> object:
    """All values of an object of the firmware and of what it holds, as plain data."""
    if id(thing) in seen:
        return "again"
    if type(thing).__module__.startswith("firmware."):
        seen[id(thing)] = thing
        return {name: snapshot(value, seen) for name, value in vars(thing).items() if name != "journal"}
    return thing


@pytest.mark.law
@pytest.mark.parametrize("state", states.NAMES)
def test_illegal_events_change_nothing(state: str) -> None:
    rig = moments.in_state(state)
    loop = rig.loop
    here = states.NAMES.index(state)
    illegal = [event for event in range(len(states.EVENTS)) if states.after(here, event) == here]
    assert len(illegal) >= len(states.EVENTS) - 7
    before = snapshot(loop, {})
    for event in illegal:
        written = rig.journal.written
        loop.raise_event(event)
        assert snapshot(loop, {}) == before, states.EVENTS[event]
        assert rig.journal.written == written + 1
        assert rig.journal.newest(0)[1:] == (journal_ring.ILLEGAL, here, event)


def test_a_legal_event_would_be_seen_to_change_something() -> None:
    loop = moments.in_state("READY").loop
    before = snapshot(loop, {})
    loop.raise_event(states.PRIMING)
    assert snapshot(loop, {}) != before
