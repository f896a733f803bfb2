"""The names of faults and phases, as they stand on a command line: what exists, and what was probably meant."""

from __future__ import annotations

import difflib
import functools

from tools.simulator.faults import catalogue as simulated
from tools.simulator.faults import phases
from tools.simulator.faults.row import Row
from tools.simulator.interpreter import Device
from tools.simulator.observer import Words


class UnknownFault(ValueError):
    """No such fault, or not in this phase; the message says in one line what there is."""


@functools.cache
def known_phases() -> tuple[str, ...]:
    """The phases of this tree's firmware."""
    return phases.known(Words(Device().modules))


@functools.cache
def catalogue() -> tuple[Row, ...]:
    """Every fault, with only those phases that the firmware has."""
    rows = simulated.rows()
    for row in rows:
        row.phases = tuple(phase for phase in row.phases if phase in known_phases())
    return tuple(rows)


def complete(text: str) -> str:
    """NAME or NAME@PHASE as NAME@PHASE: without a phase it strikes in the feed of a drop, or in the first it has.

    Raises UnknownFault.
    """
    name, at, phase = text.partition("@")
    rows = {row.name: row for row in catalogue()}
    if name not in rows:
        raise UnknownFault(f"unknown fault {name or 'of no name'}{_meant(name, rows)}; `mesogun faults` lists them")
    known = rows[name].phases
    if not at:
        return f"{name}@{'dose' if 'dose' in known else known[0]}"
    if phase not in known_phases():
        raise UnknownFault(
            f"unknown phase {phase or 'of no name'}{_meant(phase, known)}: it is one of {', '.join(known)}"
        )
    if phase not in known:
        raise UnknownFault(f"{name} cannot strike in {phase}: it is one of {', '.join(known)}")
    return text


def _meant(word: str, known: dict[str, Row] | tuple[str, ...]) -> str:
    """A guess, if there is a good one."""
    close = difflib.get_close_matches(word, list(known), 3)
    return f", perhaps {' or '.join(close)}" if close else ""
