"""A pytest plugin that adds up the numbers tests have shown, and prints them at the end of the run.

A test records with the fixture `record_figure(name, value)`: whole numbers are added up, words are collected and
counted once each. A test marked `law` is counted by itself. Only what a passed test recorded counts. It works under
pytest-xdist too: the numbers travel with the test reports.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

# Always in the summary, also at 0; other names follow in the order they come, then the seconds.
ALWAYS_SHOWN = ("laws", "cells", "faults", "interpreters")
# A set of words no larger than this is listed, not only counted.
MOST_WORDS_LISTED = 4

RecordFigure = Callable[[str, "int | str"], None]


class FigureBook:
    """The figures of one run: for each name a sum, or a set of words."""

    def __init__(self) -> None:
        self.sums: dict[str, int] = dict.fromkeys(ALWAYS_SHOWN, 0)
        self.words: dict[str, set[str]] = {}

    def note(self, name: str, value: "int | str") -> None:
        """Adds a whole number to the figure `name`, or a word to it, which counts once however often it comes."""
        self.sums.setdefault(name, 0)
        if isinstance(value, str):
            self.words.setdefault(name, set()).add(value)
        else:
            self.sums[name] += value

    def lines(self, seconds: float) -> "list[str]":
        """One line a figure, the seconds last; where the words are few they are shown too."""
        rows: list[tuple[str, str, str]] = []
        for name, total in self.sums.items():
            words = sorted(self.words.get(name, ()))
            listed = ", ".join(words) if len(words) <= MOST_WORDS_LISTED and name != "laws" else ""
            rows.append((name, f"{total + len(words):,}", listed))
        rows.append(("seconds", f"{seconds:.1f}", ""))
        width = max(len(name) for name, _, _ in rows)
        return [f"{name:<{width}} {number:>10}  {listed}".rstrip() for name, number, listed in rows]


class FiguresPlugin:
    """Hooks of one pytest process; the process that reports holds the book."""

    def __init__(self, seconds_file: "str | None" = None) -> None:
        """`seconds_file` is where the process that reports writes how long the run took, for `mesogun bench`."""
        self.book = FigureBook()
        self.started_s = time.monotonic()
        self.seconds_file = seconds_file

    @pytest.fixture
    def record_figure(self, request: pytest.FixtureRequest) -> RecordFigure:
        """The function `record_figure(name, value)` of one test."""

        def record(name: str, value: "int | str") -> None:
            request.node.user_properties.append(("figure", [name, value]))

        return record

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Notes a law under its name without parameters: one law is one law, over however many cases."""
        if item.get_closest_marker("law") is not None:
            item.user_properties.append(("figure", ["laws", item.nodeid.split("[")[0]]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Enters what one passed test recorded, in this process or in a worker of pytest-xdist."""
        if report.when != "call" or not report.passed:
            return
        for key, entry in report.user_properties:
            if key == "figure":
                name, value = cast("list[str]", entry)
                self.book.note(name, value)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Prints the book."""
        terminalreporter.section("figures of this run")
        seconds = time.monotonic() - self.started_s
        for line in self.book.lines(seconds):
            terminalreporter.line(line)
        for line in skipped_lines([reason_of(report) for report in terminalreporter.stats.get("skipped", ())]):
            terminalreporter.line(line, yellow=True, bold=True)
        if self.seconds_file is not None:
            counts = {
                outcome: len(terminalreporter.stats.get(outcome, ())) for outcome in ("passed", "failed", "error")
            }
            written = {"seconds": round(seconds, 1), "date": time.strftime("%Y-%m-%d"), **counts}
            Path(self.seconds_file).parent.mkdir(parents=True, exist_ok=True)
            Path(self.seconds_file).write_text(json.dumps(written) + "\n", encoding="utf-8")


def reason_of(report: object) -> str:
    """Why a test was skipped: what it said, without the place where it said so."""
    where: tuple[str, int, str] | str | None = getattr(report, "longrepr", None)
    return str(where[2] if isinstance(where, tuple) else where).removeprefix("Skipped: ")


def skipped_lines(reasons: "list[str]") -> "list[str]":
    """One line for each reason why tests were skipped, with how many; none if none were."""
    counted = {reason: reasons.count(reason) for reason in reasons}
    return [f"NOT RUN: {count} test{'s' * (count > 1)}: {reason}" for reason, count in counted.items()]
