"""One training session: the flashed files, the simulated chip and plant, and a person at a desk instead of a hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tools.simulation import Order, Outcome, simulate
from tools.simulator.scenario import Scenario
from tools.simulator.session import Session
from tools.training.hand import Desk, TrainingHand

_NO_BOUND = 1_000_000  # drops


class TrainingSession(Session):
    """A session whose hand does what is typed at a desk."""

    def __init__(self, desk: Desk, *more: Any) -> None:
        super().__init__(*more)
        self._desk = desk

    def _hand(self, scenario: Scenario | None) -> TrainingHand:
        return TrainingHand(self._observer, self._score, self._desk, self._change_syringe)


def train(order: Order, desk: Desk) -> Outcome:
    """Power on, do what is typed, until it is switched off. Raises as `simulate` does."""
    order.shots = _NO_BOUND
    make: Callable[..., Session] = partial(TrainingSession, desk)
    return simulate(order, make_session=make)
