"""The terminal of `mesogun sim --screen`: its keys, its pace, and how it is given back."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from rich.console import Console

from host_tests.paper_terminal import PaperTerminal
from host_tests.training_bench import trained
from tools.training.terminal import NoTerminalError, RealTime, Terminal


@pytest.fixture
def paper() -> Iterator[PaperTerminal]:
    """80 x 24."""
    terminal = PaperTerminal(80, 24)
    yield terminal
    terminal.close()


def test_session_runs_at_the_pace_of_the_clock_and_does_not_hurry_after_a_pause() -> None:
    now_s = 100.0
    slept: list[float] = []
    pace = RealTime(lambda: now_s, slept.append)
    pace.wait(0)
    pace.wait(20_000)
    assert slept == [pytest.approx(0.02)]
    now_s += 60  # suspended
    pace.wait(40_000)
    pace.wait(60_000)
    assert slept[1:] == [pytest.approx(0.02)]


@pytest.mark.parametrize("ending", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_terminal_is_given_back_whatever_ends_the_session(paper: PaperTerminal, ending: type[BaseException]) -> None:
    before = paper.settings()
    during: list[object] = []

    def pace(now_us: int) -> None:
        if now_us >= 200_000:
            during.append((paper.settings() != before, paper.screens, paper.cursor_shown))
            raise ending

    with pytest.raises(ending):
        trained(paper, pace)
    paper.read()
    assert during == [(True, 1, False)]
    assert (paper.settings(), paper.screens, paper.cursor_shown) == (before, 0, True)


def test_a_request_to_end_is_an_exception_only_while_the_terminal_is_taken(paper: PaperTerminal) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def pace(now_us: int) -> None:
        if now_us >= 100_000:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(SystemExit) as ended:
        trained(paper, pace)
    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before


def keys_of(paper: PaperTerminal, *pieces: str) -> list[list[str]]:
    """What a desk makes of pieces that arrive one after the other."""
    console = Console(file=paper.paper, force_terminal=True)
    found: list[list[str]] = []
    with Terminal(console, paper.keyboard, lambda _: None) as desk:
        for piece in pieces:
            paper.type(piece)
            found.append(desk.typed())
    return found


def test_arrows_are_understood_even_when_they_arrive_in_two_pieces(paper: PaperTerminal) -> None:
    assert keys_of(paper, "\x1b[C\x1b[Da\x1bOB", "\x1b[", "C", "\x1b", "[Dc") == [
        ["right", "left", "a", "down"],
        [],
        ["right"],
        [],
        ["left", "c"],
    ]


def test_terminal_that_cannot_draw_is_refused(paper: PaperTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(NoTerminalError, match="TERM is dumb"):
        Terminal(Console(file=paper.paper, force_terminal=True), paper.keyboard, lambda _: None)
