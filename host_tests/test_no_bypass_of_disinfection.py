"""No way round the disinfection: over all events there are, raised by whoever, between whatever hands do but hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import states
from firmware.disinfection import NONE
from host_tests.effort import share
from host_tests.unruly_desk import UnrulyDesk
from host_tests.unruly_starts import begun

ENDS = ("New zone", "New patient", "New needle", "fault", "Zone", "ten minutes")
DEEDS = st.one_of(
    st.tuples(st.just("event"), st.sampled_from([n for n in range(len(states.EVENTS)) if n != states.REWINDING])),
    st.tuples(st.just("event"), st.sampled_from((states.CLEARED, states.CONFIRMED, states.PRESSED, states.RECOVERED))),
    st.tuples(st.just("confirm"), st.sampled_from((30, 100, 900, 990))),
    st.tuples(st.just("trigger"), st.integers(0, 1)),
    st.tuples(st.just("contact"), st.integers(0, 1)),
    st.tuples(st.just("stop"), st.sampled_from((0, 0, 1))),
    st.tuples(st.just("push"), st.sampled_from((30, 1010))),
    st.tuples(st.just("turn"), st.sampled_from((-2, 1, 5))),
    st.tuples(st.just("pass"), st.sampled_from((1, 31, 300, 660))),
    st.tuples(st.just("run"), st.sampled_from((2, 20))),
)


def ended(desk: UnrulyDesk, how: str) -> None:
    """What was confirmed no longer holds."""
    if desk.state == "ARMED":
        desk.tap_confirm()
    if how == "fault":
        desk.stop = 1
        desk.run(4)
        desk.loop.raise_event(states.FAULTED)
        desk.loop.treatment.fault()
    elif how == "ten minutes":
        desk.pass_time(601_000_000)
    elif how == "Zone":
        desk.choose("Zone", 3)
    else:
        desk.answer_yes(how)
    desk.close_menu()


def does(desk: UnrulyDesk, kind: str, value: int) -> None:
    """One deed, or an event out of nowhere."""
    if kind == "event":
        desk.loop.raise_event(value)
    elif kind == "confirm":
        desk.tap_confirm(value)
    elif kind == "push":
        desk.push(value)
    elif kind == "turn":
        desk.spin(value)
    elif kind == "pass":
        desk.pass_time(value * 1_000_000)
    elif kind == "run":
        desk.run(value)
    else:
        setattr(desk, kind, value)
        desk.run(14)


@pytest.mark.law
@pytest.mark.no_cover
@share(3)
@given(st.sampled_from(("ready", "armed")), st.sampled_from(ENDS), st.lists(DEEDS, max_size=25))
def test_without_holding_confirm_nothing_arms_or_shoots_again(
    start: str, how: str, deeds: "list[tuple[str, int]]"
) -> None:
    desk = begun(start)
    desk.law = None
    ended(desk, how)
    assert desk.loop.treatment.disinfection.stage == NONE
    for kind, value in deeds:
        does(desk, kind, value)
        assert desk.state not in ("READY", "ARMED", "SHOT"), (kind, value)
        assert desk.loop.treatment.disinfection.stage == NONE
        assert desk.plant.depth_um == 0


@pytest.mark.parametrize("how", ENDS)
def test_holding_confirm_makes_it_stand_again(how: str) -> None:
    desk = begun("ready")
    ended(desk, how)
    desk.hands_off()
    desk.run(20)
    while desk.state != "IDLE" or not desk.loop.needle.homed:
        desk.tap_confirm()
        desk.run(1000)
    if desk.loop.treatment.needle_used:
        desk.answer_yes("New needle")
        desk.close_menu()
    if not desk.loop.syringe.primed:
        desk.run(600)
        desk.prime()
        desk.run(400)
    desk.tap_confirm(1040)
    desk.pass_time(31_000_000)
    assert desk.state == "READY"
    assert desk.law.broken == []
