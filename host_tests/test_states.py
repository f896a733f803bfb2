"""The table of states and events."""

import itertools

import pytest

from firmware import states

STATES = range(len(states.NAMES))
EVENTS = range(len(states.EVENTS))
# Written down once more, from the safety rules: what the device may do. FAULTED leads to FAULT from everywhere.
ALLOWED = {
    ("BOOT", "STARTED"): "SELF_TEST",
    ("SELF_TEST", "TEST_PASSED"): "LOCKED",
    ("LOCKED", "LOGGED_IN"): "IDLE",
    ("IDLE", "LOGGED_OUT"): "LOCKED",
    ("READY", "LOGGED_OUT"): "LOCKED",
    ("IDLE", "CONFIRMED"): "HOMING",
    ("IDLE", "CLEARED"): "READY",
    ("IDLE", "PRIMING"): "PRIME",
    ("IDLE", "REWINDING"): "REWIND",
    ("HOMING", "HOMED"): "IDLE",
    ("READY", "INHIBITED"): "IDLE",
    ("READY", "CONFIRMED"): "ARMED",
    ("READY", "PRIMING"): "PRIME",
    ("READY", "REWINDING"): "REWIND",
    ("ARMED", "PRESSED"): "SHOT",
    ("ARMED", "CONFIRMED"): "READY",
    ("ARMED", "TIMED_OUT"): "READY",
    ("ARMED", "INHIBITED"): "IDLE",
    ("SHOT", "ENDED"): "ARMED",
    ("PRIME", "ENDED"): "IDLE",
    ("REWIND", "ENDED"): "IDLE",
    ("IDLE", "SERVICE_OPENED"): "SERVICE",
    ("SERVICE", "CONFIRMED"): "IDLE",
    ("SERVICE", "ENDED"): "IDLE",
    ("FAULT", "RECOVERED"): "LOCKED",
}


def after(state: int, event: int) -> str:
    """The next state by name."""
    return states.NAMES[states.after(state, event)]


def test_every_pair_of_state_and_event_does_what_the_rules_say_and_nothing_else() -> None:
    for state, event in itertools.product(STATES, EVENTS):
        pair = (states.NAMES[state], states.EVENTS[event])
        expected = "FAULT" if pair[1] == "FAULTED" else ALLOWED.get(pair, pair[0])
        assert after(state, event) == expected, pair


def test_constants_are_the_places_of_their_names() -> None:
    assert [getattr(states, name) for name in states.NAMES] == list(STATES)
    assert [getattr(states, name) for name in states.EVENTS] == list(EVENTS)


def test_a_shot_is_reached_from_armed_alone_by_a_press_alone() -> None:
    ways = [
        (states.NAMES[state], states.EVENTS[event])
        for state, event in itertools.product(STATES, EVENTS)
        if state != states.SHOT and after(state, event) == "SHOT"
    ]
    assert ways == [("ARMED", "PRESSED")]


@pytest.mark.parametrize("event", [name for name in states.EVENTS if name != "RECOVERED"])
def test_a_fault_is_left_by_recovery_alone(event: str) -> None:
    assert after(states.FAULT, getattr(states, event)) == "FAULT"


def test_every_state_can_be_reached_from_boot_and_left_again() -> None:
    reached = {"BOOT"}
    while True:
        more = {after(states.NAMES.index(name), event) for name in reached for event in EVENTS}
        if more <= reached:
            break
        reached |= more
    assert reached == set(states.NAMES)
    for state in STATES:
        assert any(after(state, event) != states.NAMES[state] for event in EVENTS) or state == states.FAULT
