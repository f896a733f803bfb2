"""Every event, raised out of nowhere, in every state of a loop that came there as a clinician brings it: 0 unsafe."""

import copy

import pytest

from firmware import faults, states
from host_tests import moments
from host_tests.figures import RecordFigure
from host_tests.rig import Rig
from host_tests.test_states import ALLOWED

PAIRS = [(state, event) for state in states.NAMES for event in states.EVENTS]
CLEAR = ("READY", "ARMED", "SHOT")  # nothing may stand against these


def expected(state: str, event: str, inhibited: bool) -> str:
    """Written down once more: the table, and that nothing leads to READY, ARMED or SHOT with an inhibit standing."""
    after = "FAULT" if event == "FAULTED" else ALLOWED.get((state, event), state)
    return state if inhibited and after in CLEAR and states.NAMES.index(after) > states.NAMES.index(state) else after


def unsafe(before: str, event: str, after: str, inhibited: bool) -> "list[str]":
    """What is wrong with a transition, whatever the table says."""
    found: list[str] = []
    if after == before:
        return found
    if inhibited and (before, after) in (("IDLE", "READY"), ("READY", "ARMED"), ("ARMED", "SHOT")):
        found.append("armed, or nearly, with an inhibit standing")
    if before == "FAULT" and (event, after) != ("RECOVERED", "LOCKED"):
        found.append("a fault was left otherwise than by recovery")
    if after == "SHOT" and (before, event) != ("ARMED", "PRESSED"):
        found.append("a shot without a press")
    if after == "ARMED" and (before, event) not in (("READY", "CONFIRMED"), ("SHOT", "ENDED")):
        found.append("armed without CONFIRM")
    if after in ("PRIME", "REWIND", "HOMING", "SERVICE") and before not in ("IDLE", "READY"):
        found.append("motion from a state that is not at rest")
    if before in ("BOOT", "SELF_TEST") and after not in ("SELF_TEST", "LOCKED", "FAULT"):
        found.append("past the self-test, or past the code")
    if before == "LOCKED" and (event, after) not in (("LOGGED_IN", "IDLE"), ("FAULTED", "FAULT")):
        found.append("past the code")
    return found


def raised(rig: Rig, event: str) -> "tuple[str, bool]":
    """The state afterwards, and whether an inhibit stood."""
    inhibited = rig.loop.inhibits != 0
    rig.loop.raise_event(states.EVENTS.index(event))
    return rig.state, inhibited


@pytest.mark.law
@pytest.mark.parametrize("state", states.NAMES)
def test_every_event_in_every_state_does_what_the_rules_say(state: str, record_figure: RecordFigure) -> None:
    made = moments.in_state(state)
    for event in states.EVENTS:
        rig = copy.deepcopy(made)
        if state == "READY":
            rig.reserve()
        after, inhibited = raised(rig, event)
        assert after == expected(state, event, inhibited), event
        assert unsafe(state, event, after, inhibited) == [], event
        record_figure("state and event pairs", 1)


@pytest.mark.law
@pytest.mark.parametrize("state", states.NAMES)
def test_with_an_inhibit_standing_no_event_leads_towards_a_shot(state: str) -> None:
    made = moments.in_state(state)
    if state != "SHOT":
        made.disinfects = False
        made.loop.treatment.disinfection.forget()
    for first in states.EVENTS:
        for second in states.EVENTS:
            rig = copy.deepcopy(made)
            rig.loop.raise_event(states.EVENTS.index(first))
            before = rig.state
            rig.loop.raise_event(states.EVENTS.index(second))
            if before not in CLEAR:
                assert rig.state not in CLEAR or state in CLEAR, (first, second)
            position_steps, needle_steps = rig.inputs.dose_steps, rig.inputs.needle_steps
            if state not in ("SHOT", "PRIME"):
                rig.run(4)
                assert rig.inputs.dose_steps <= position_steps, (first, second)
                assert rig.inputs.needle_steps <= needle_steps, (first, second)


def test_what_is_called_unsafe_would_be_seen() -> None:
    assert unsafe("IDLE", "CLEARED", "READY", True)
    assert unsafe("FAULT", "CONFIRMED", "IDLE", False)
    assert unsafe("READY", "PRESSED", "SHOT", False)
    assert unsafe("LOCKED", "CLEARED", "READY", False)
    assert faults.names(0) == []
