"""Sets up every test run: where modules are found, how hypothesis searches, what is printed at the end."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from host_tests.figures import FiguresPlugin

ROOT = Path(__file__).resolve().parent.parent

# CPython has no module `micropython`, from which the firmware takes `const`; the simulator brings one.
sys.path.insert(0, str(ROOT / "tools" / "simulator" / "cpython"))

# No profile has a deadline: a slow machine, or coverage, is no counterexample.
#
# default  A person at work: new examples in every run, so that the search goes on for as long as the project lives.
#          The seed is printed at the top, and a failure is kept in build/hypothesis and tried first next time.
# ci       derandomize: the examples follow from the test's own text. The same commit gives the same verdict, so that a
#          red run is the fault of the change it judges; what `default` finds becomes an @example or a test.
# mutate   For `mesogun mutate`, which runs the tests thousands of times: few examples, always the same, no shrinking.
# long     for a night: fifty times as many, seed printed. HYPOTHESIS_PROFILE=long make test
hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
hypothesis.settings.register_profile(
    "mutate",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=20,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.register_profile("long", deadline=None, print_blob=True, max_examples=5_000)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default")
hypothesis.settings.load_profile(PROFILE)
set_hypothesis_home_dir(ROOT / "build" / "hypothesis")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --forbid-skips, which .ci/run uses: there everything a test needs is installed; and --seconds-file."""
    parser.addoption("--forbid-skips", action="store_true", help="fail if any test was skipped, or expected to fail")
    parser.addoption("--seconds-file", metavar="FILE", help="write there, as JSON, how long the run took")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Registers the summary; picks the seed of hypothesis here, so that it can be printed before anything fails."""
    config.pluginmanager.register(FiguresPlugin(config.option.seconds_file), "mesogun-figures")
    worker_input = getattr(config, "workerinput", None)
    if worker_input is not None:
        config.option.hypothesis_seed = worker_input["hypothesis_seed"]
    elif config.option.hypothesis_seed is None and PROFILE != "ci":
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(2**32))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Lets the marker no_cover work in the workers of pytest-xdist.

    Where --dist is set, as it is here, pytest-cov starts to measure when it is loaded, in workers too, and once more
    when their session starts. The marker pauses only the second; the first, whose data nobody collects, is ended here.
    """
    measuring: Any = session.config.pluginmanager.getplugin("_cov")
    if hasattr(session.config, "workerinput") and measuring is not None and measuring.cov_controller is not None:
        measuring.cov_controller.pause()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: "object") -> None:
    """Hands the seed to each worker of pytest-xdist."""
    node.workerinput["hypothesis_seed"] = node.config.option.hypothesis_seed  # type: ignore[attr-defined]


def _paused_outside_the_call(item: pytest.Item) -> Iterator[None]:
    """A wrapper for hooks: what a test marked no_cover has set up for it is not measured either.

    pytest-cov pauses only for the test's own call, but sessions that several tests share are played in a fixture.
    """
    measuring: Any = item.config.pluginmanager.getplugin("_cov")
    controller = None if measuring is None else measuring.cov_controller
    if controller is None or item.get_closest_marker("no_cover") is None:
        yield
        return
    controller.pause()
    yield
    controller.resume()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Lets the marker no_cover work for fixtures."""
    yield from _paused_outside_the_call(item)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """And for what is put away again."""
    yield from _paused_outside_the_call(item)


def pytest_report_header(config: pytest.Config) -> str:
    """Says which examples hypothesis will draw, and how to draw them again."""
    seed = config.option.hypothesis_seed
    if seed is None:
        return f"hypothesis profile {PROFILE}: the same examples in every run"
    return f"hypothesis profile {PROFILE}, seed {seed} (again: make test PYTEST_FLAGS=--hypothesis-seed={seed})"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turns a run with skipped tests into a failed one, if that was asked for."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not session.config.option.forbid_skips or reporter is None or hasattr(session.config, "workerinput"):
        return
    if any(reporter.stats.get(outcome) for outcome in ("skipped", "xfailed", "xpassed", "deselected")):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says which tests made a run with --forbid-skips fail."""
    if not config.option.forbid_skips:
        return
    for outcome in ("skipped", "xfailed", "xpassed", "deselected"):
        for report in terminalreporter.stats.get(outcome, ()):
            terminalreporter.line(f"not allowed here, {outcome}: {getattr(report, 'nodeid', report)}", red=True)
