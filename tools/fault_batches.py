"""Many faults that strike in the same moment of the same session: played once up to there, and then once for each.

A session is the same until its fault strikes. So the process that plays it forks there, once for each fault of the
batch, one child after another; each child plays on with its own fault and hands back the verdict through a pipe. What
comes of it is what `mesogun sim --fault` says of the same pair, and a test compares the two.
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tools.plant_loading import one_line
from tools.simulation import Order, simulate
from tools.simulator.faults.injection import Injection
from tools.simulator.session import Session

Verdict = dict[str, Any]
MOST_CPU_S = 60  # of one child; they take one or two


class _AllPlayedError(BaseException):
    """Every child has reported: the session itself need not go on."""


class _Fork:
    """What a batch has heard from its children; in a child, where to report."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.heard: dict[str, Verdict | str] = {}
        self._pipe = -1

    @property
    def is_child(self) -> bool:
        """One of those that play on."""
        return self._pipe >= 0

    def strike(self, injection: Injection) -> None:
        """At the moment of the strike: returns in the children only."""
        for name in self.names:
            reading, writing = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reading)
                self._pipe = writing
                resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
                injection.become(name)
                return
            os.close(writing)
            with os.fdopen(reading, "rb") as pipe:
                said = pipe.read()
            os.waitpid(child, 0)
            self.heard[name] = (
                json.loads(said) if said else f"no word in {MOST_CPU_S} s of a processor: dead or endless"
            )
        raise _AllPlayedError

    def report(self, outcome: Verdict | str) -> None:
        """Of a child; its last act."""
        os.write(self._pipe, json.dumps(outcome).encode())
        os._exit(0)


class _ForkingSession(Session):
    """A session that becomes many."""

    def __init__(self, fork: _Fork, *given: Any) -> None:
        super().__init__(*given)
        self._fork = fork

    def injected(self) -> Injection | None:
        """As ordered, but for what happens when it strikes."""
        injection = super().injected()
        if injection is not None:
            injection.before_strike = partial(self._fork.strike, injection)
        return injection

    def run(self) -> None:
        """In a child to the end and no further."""
        try:
            super().run()
        except BaseException as error:
            if self._fork.is_child:
                self._fork.report(one_line(error))
            raise
        if self._fork.is_child:
            self._fork.report(self.summary["fault"])


def play_batch(order: Order, names: tuple[str, ...]) -> dict[str, Verdict | str]:
    """The verdict on each of `names` in the session of `order`, whose own fault says in which phase they strike.

    A sentence instead where a session could not be played to its end. What goes wrong before the strike is raised.
    """
    phase = order.fault.partition("@")[2]
    fork = _Fork(names)
    make: Callable[..., Session] = partial(_ForkingSession, fork)
    try:
        outcome = simulate(replace(order, fault=f"{names[0]}@{phase}"), make_session=make)
    except _AllPlayedError:
        return fork.heard
    verdict: Verdict = outcome.summary["fault"]  # it never struck: nor would any of the others
    return {name: {**verdict, "name": name} for name in names}
