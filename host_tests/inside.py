"""What tests see and say from inside: the numbers a part remembers, the inputs of a tick, the events of the journal."""

from typing import Any

from firmware import journal_ring, states
from firmware.image import Inputs
from host_tests.rig import Rig


def numbers(thing: object, *without: str) -> "dict[str, Any]":
    """What it remembers, but for the parts it works with."""
    return {name: value for name, value in vars(thing).items() if isinstance(value, (int, str)) and name not in without}


def say(rig: Rig, **said: int) -> None:
    """From now on the inputs say this."""

    def meddle(inputs: Inputs) -> None:
        for name, value in said.items():
            setattr(inputs, name, value)

    rig.meddle = meddle


def events(rig: Rig, since: int) -> "list[str]":
    """The events of the journal from its record `since` on, a - before those that changed nothing."""
    journal = rig.journal
    found: list[str] = []
    for back in range(journal.written - since - 1, -1, -1):
        _, kind, _, number = journal.newest(back)
        if kind in (journal_ring.TAKEN, journal_ring.ILLEGAL):
            found.append("-" * (kind == journal_ring.ILLEGAL) + states.EVENTS[number])
    return found


def after(rig: Rig, ms: int = 100) -> "list[str]":
    """What happens in that time."""
    since = rig.journal.written
    rig.run(ms)
    return events(rig, since)


def confirmed(rig: Rig) -> "list[str]":
    """What a short press of CONFIRM brings."""
    since = rig.journal.written
    rig.confirm_shortly()
    return events(rig, since)
