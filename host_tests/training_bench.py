"""A person who types at a terminal of paper, at moments of the session."""

from __future__ import annotations

from collections.abc import Callable, Generator

from rich.console import Console

from host_tests.paper_terminal import PaperTerminal
from tools.simulation import Order, Outcome
from tools.training.session import train
from tools.training.terminal import Terminal

Person = Generator[float, None, None]
"""Types, and yields how many seconds of the session pass until it goes on."""


def plays(person: Person) -> Callable[[int], None]:
    """A pace without a clock: the person goes on when the session's time has come."""
    due_s = 0.0

    def pace(now_us: int) -> None:
        nonlocal due_s
        while now_us >= due_s * 1e6:
            due_s = now_us / 1e6 + next(person)

    return pace


def trained(paper: PaperTerminal, pace: Callable[[int], None], order: Order | None = None) -> Outcome:
    """Play a session on this paper."""

    def watched(now_us: int) -> None:
        paper.read()
        pace(now_us)

    console = Console(file=paper.paper, force_terminal=True, color_system="truecolor")
    with Terminal(console, paper.keyboard, watched) as desk:
        return train(order or Order(), desk)
