"""`mesogun sim --screen`: a person's keys on the simulated device, and the device in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from host_tests.paper_terminal import PaperTerminal
from host_tests.training_bench import Person, plays, trained
from tools.cli import app
from tools.simulator.provisioning import CODE
from tools.training.glass import HALF_BLOCKS, QUADRANTS, SIZES
from tools.training.terminal import RealTime
from tools.training.view import KEYS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "panel.md"


@pytest.fixture
def paper() -> Iterator[PaperTerminal]:
    """80 x 24."""
    terminal = PaperTerminal(80, 24)
    yield terminal
    terminal.close()


def logged_in(paper: PaperTerminal) -> Person:
    """The code of the simulated doctor, digit by digit."""
    yield 1
    paper.type("\r")
    yield 0.3
    for digit in f"{CODE:06d}":
        paper.type("\r" + "d" * int(digit))
        yield 0.6
    paper.type("c")
    yield 0.3


def settings_set(paper: PaperTerminal) -> Person:
    """Every setting taken at the value it begins with, a fresh needle, clean skin, and out of the menu."""
    yield from logged_in(paper)
    for _ in ("product", "syringe", "needle", "zone", "dose", "depth", "mode"):
        paper.type("\r")
        yield 0.3
        paper.type("c")
        yield 0.3
    paper.type("d" * 7)  # from Mode to New needle
    yield 0.5
    paper.type("\r")
    yield 0.3
    paper.type("c")
    yield 0.3
    paper.type("h")
    yield 1.5
    paper.type("C")
    yield 1.5


def ready(paper: PaperTerminal) -> Person:
    """Homed and primed, and the skin dry."""
    yield from settings_set(paper)
    paper.type("c")
    yield 2
    paper.type(" ")
    yield 5
    paper.type(" ")
    yield 25


def test_a_whole_treatment_is_played_with_the_keys(paper: PaperTerminal) -> None:
    seen: dict[str, str] = {}

    def person() -> Person:
        yield from ready(paper)
        paper.type("c")
        yield 0.5
        seen["armed"] = paper.text()
        yield 0.5
        paper.type("s")
        yield 0.3
        paper.type(" ")
        yield 0.6
        seen["dropped"] = paper.text()
        yield 1
        paper.type(" ")
        paper.type("s")
        yield 0.5
        seen["after"] = paper.text()
        paper.type("q")
        yield 9

    outcome = trained(paper, plays(person()))
    (shot,) = outcome.summary["shots"]
    assert shot["result"] == "delivered"
    assert shot["requested_nl"] == 10_000
    assert abs(shot["delivered_nl"] - 10_000) < 300
    assert "Hz" in seen["armed"]
    assert "armed" in seen["armed"]
    assert "trigger PRESSED" in seen["dropped"]
    assert "nozzle ON THE SKIN" in seen["dropped"]
    assert "done" in seen["dropped"]
    assert "trigger released" in seen["after"]
    assert f"in {shot['delivered_nl'] / 1000:.2f} ul" in seen["after"]


def test_device_does_not_notice_how_slow_the_terminal_is(paper: PaperTerminal) -> None:
    def person() -> Person:
        yield from logged_in(paper)
        paper.type("h")
        yield 1.5
        paper.type("c")
        yield 1
        paper.type("q")
        yield 9

    def hashed(step_s: float) -> str:
        now_s = 0.0

        def clock() -> float:
            nonlocal now_s
            now_s += step_s
            return now_s

        def sleep(wanted_s: float) -> None:
            nonlocal now_s
            now_s += wanted_s

        timed = RealTime(clock, sleep)
        typed = plays(person())

        def pace(now_us: int) -> None:
            timed.wait(now_us)
            typed(now_us)

        return trained(paper, pace).summary["trace_sha256"]

    assert hashed(0.001) == hashed(3)


def test_keys_that_mean_nothing_do_nothing(paper: PaperTerminal) -> None:
    def person() -> Person:
        yield 1
        paper.type("\x1b[3~\x1b[1;5Cxyz\t€")
        yield 0.5
        paper.type("q")
        yield 9

    summary = trained(paper, plays(person())).summary
    assert summary["state"] == "LOCKED"
    assert summary["shots"] == []


def test_a_person_in_training_is_told_the_code_as_long_as_the_device_is_locked(paper: PaperTerminal) -> None:
    seen: list[str] = []

    def person() -> Person:
        yield 1
        paper.type("s")
        yield 0.1
        seen.append(paper.text())
        yield from logged_in(paper)
        seen.append(paper.text())
        paper.type("q")
        yield 9

    trained(paper, plays(person()))
    assert [f"code of the simulated doctor: {CODE:06d}" in text for text in seen] == [True, False]


def test_a_full_syringe_fits_only_where_the_old_one_is_out_and_the_pusher_back(paper: PaperTerminal) -> None:
    seen: list[str] = []

    def look() -> Person:
        yield 0.1
        rows = paper.rows()
        seen.append(" ".join([*rows[17].split()[-2:], *rows[18].split()]))

    def person() -> Person:
        yield from ready(paper)
        for key in "noon":
            paper.type(key)
            yield from look()
        paper.type("\r")
        yield 0.3
        paper.type("d")  # from New needle to New syringe
        yield 0.3
        paper.type("\r")
        yield 0.3
        paper.type("C")
        yield 10
        paper.type("n")
        yield from look()
        paper.type("q")
        yield 9

    summary = trained(paper, plays(person())).summary
    assert seen == [
        "syringe in There is still a syringe in: o takes it out.",
        "syringe OUT",
        "syringe OUT There is no syringe in.",
        "syringe OUT It does not fit: the pusher is not back. Menu: New syringe, hold CONFIRM.",
        "syringe in",
    ]
    assert summary["syringes"] == 2
    assert "not_primed" in summary["inhibits"]


def test_emergency_stop_is_an_alarm_in_words(paper: PaperTerminal) -> None:
    seen: list[str] = []

    def person() -> Person:
        yield 1
        paper.type("e")
        yield 0.3
        seen.append(paper.text())
        paper.type("q")
        yield 9

    summary = trained(paper, plays(person())).summary
    assert summary["faults"] == ["stop_pressed"]
    assert "STOP PRESSED" in seen[0]
    assert "bright cyan" in seen[0]
    assert "ALARM, low priority" in seen[0]


def test_picture_takes_the_best_form_that_fits_and_another_one_on_demand(paper: PaperTerminal) -> None:
    drawn: list[list[str]] = []

    def person() -> Person:
        for size in ((80, 24), (79, 24), (130, 40)):
            paper.resize(*size)
            yield 1
            drawn.append(paper.rows())
        paper.type("v")
        yield 1
        drawn.append(paper.rows())
        paper.type("q")
        yield 9

    trained(paper, plays(person()))
    small, smaller, large, other = drawn
    assert "⡇" in small[0]
    assert smaller[0] == "79 x 24 is too small: make it 80 x 24 at least. q: power off"
    assert smaller[1:] == [""] * 23
    assert len(large[0].strip()) == SIZES[HALF_BLOCKS][0]
    assert len(other[0].strip()) == SIZES[QUADRANTS][0]
    assert [row for row in large if "no contact" in row]


def test_no_terminal_is_said_in_one_line() -> None:
    result = CliRunner().invoke(app, ["sim", "--screen"])
    assert result.exit_code == 2
    assert result.stderr == "mesogun sim: --screen needs a terminal, and this is none\n"


@pytest.mark.parametrize(
    ("flags", "flag"),
    [(["--dose-nl", "5000"], "--dose-nl"), (["--json"], "--json"), (["--interpreter", "micropython"], "--interpreter")],
)
def test_what_the_person_does_cannot_be_a_flag_too(flags: list[str], flag: str) -> None:
    result = CliRunner().invoke(app, ["sim", "--screen", *flags])
    assert result.exit_code == 2
    assert result.stderr == f"mesogun sim: {flag} does not go with --screen\n"


def test_every_key_on_the_screen_is_explained_on_the_page() -> None:
    shown = [key for line in KEYS for key in line[::2]]
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("| key |") :] if "| key |" in page else page
    assert re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE) == shown
