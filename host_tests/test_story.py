"""What `make run` tells: one screen, in words, that are true; its last line is the path of the report."""

import dataclasses
import io
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from host_tests.report_bench import made_up, real_session, shot
from tools import run_command
from tools.cli import app
from tools.report_tables import Played
from tools.story import Plot, Teller, clogging_in_words, tell

pytestmark = pytest.mark.no_cover

SHORT = Plot(shots=4, clogged=3)


def short_plot(seed: int) -> Plot:
    """Instead of the sixty drops."""
    return dataclasses.replace(SHORT, seed=seed, interpreter="cpython")


def told(plot: Plot, folder: Path) -> list[str]:
    """The lines of the story on a terminal 80 characters wide."""
    screen = io.StringIO()
    tell(plot, folder, Console(file=screen, width=80))
    return screen.getvalue().splitlines()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A short one, on MicroPython."""
    return told(SHORT, tmp_path_factory.mktemp("session"))


def test_the_story_fits_one_screen(story: list[str]) -> None:
    assert len(story) <= 23  # and the path
    assert max(map(len, story)) <= 80


def test_the_story_shows_both_distributions_with_their_intervals(story: list[str]) -> None:
    text = "\n".join(story)
    for name in ("closed loop", "open loop"):
        assert text.count(name) == 2
    assert text.count("├") == text.count("┤") == text.count("4 drops  ") == 2
    assert "█" in text
    assert "n = 4" in text


def test_the_story_says_that_its_figures_are_those_of_a_simulator(story: list[str]) -> None:
    assert "Figures of a simulator, not the accuracy of a device" in story[-1]


def test_the_clogged_needle_is_found_within_its_drop(story: list[str]) -> None:
    text = " ".join(" ".join(story).split())
    assert "2 drops were delivered, drop 3 was stopped: the needle is blocked" in text
    assert "That is true" in text
    assert "The 1 presses that followed were refused." in text


def test_both_interpreters_tell_the_same_story(story: list[str], tmp_path: Path) -> None:
    assert told(dataclasses.replace(SHORT, interpreter="cpython"), tmp_path) == story


def test_the_command_ends_with_the_path_of_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_command, "Plot", short_plot)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["run", "--report", "here"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "here/report.html"
    assert sorted(path.name for path in (tmp_path / "here").iterdir()) == [
        "incident-shots.csv",
        "open-loop-shots.csv",
        "report.html",
        "session.json",
        "shots.csv",
    ]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_command, "Plot", short_plot)
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, ["run", "--report", str(tmp_path / "file" / "folder")])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_the_sixty_drops_are_ten_microlitres_at_one_millimetre_and_the_needle_clogs_in_drop_41() -> None:
    plot = Plot()
    closed, counted, clogged = plot.orders()
    for order in (closed, counted, clogged):
        assert (order.shots, order.dose_nl, order.depth_um, order.syringe) == (60, 10_000, 1_000, "1ml")
    assert (closed.open_loop, counted.open_loop, clogged.open_loop) == (False, True, False)
    assert 400_000 < clogged.params.pop("occluded_after_nl") < 410_000
    assert closed.params == counted.params == clogged.params
    assert plot.interpreter == "micropython"


# --- words that must not lie --------------------------------------------------------------------------------------


def clogged_with(**values: object) -> list[str]:
    """The words for a session whose third drop ended so."""
    return clogging_in_words(SHORT, made_up([shot(1), shot(2), shot(3, **values), shot(4, result="refused")]))


def test_a_clogged_needle_that_is_not_found_is_told_as_that() -> None:
    assert "Drop 3 was delivered: the machine did NOT find it within the drop." in clogged_with()


def test_a_report_that_is_not_true_is_told_as_that() -> None:
    fault = {"result": "fault", "reasons": ["occlusion"], "reported_nl": 4_000, "reported_min_nl": 3_900}
    assert any("That is true: 4.00" in line for line in clogged_with(**fault, delivered_nl=4_000.0))
    assert any("That is NOT true: 3.80" in line for line in clogged_with(**fault, delivered_nl=3_800.0))


def test_too_few_drops_for_a_comparison_are_told_as_that() -> None:
    screen = io.StringIO()
    nothing = made_up([shot(1, result="refused")])
    Teller(Console(file=screen, width=80)).distributions(nothing, nothing)
    assert "Too few drops" in screen.getvalue()


def test_the_clogged_drop_is_timed_by_its_curves() -> None:
    clogged: Played = real_session("clogged")
    assert any(line.startswith("Found ") for line in clogging_in_words(SHORT, clogged))
