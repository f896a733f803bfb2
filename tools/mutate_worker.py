"""One of the processes of `mesogun mutate`: it forks a child for each mutant, and the child runs tests until one fails.

Spoken to in lines of JSON on stdin and stdout. It works in one of three ways:

record  Runs every test once, without a mutant, and tells which lines of the kernel each runs and how long it takes.
warm    Has collected every test. A child exchanges the code of the mutated function, in the one object that all its
        users share, and runs tests: milliseconds a mutant.
cold    Has imported pytest, but neither firmware nor tests. A child imports everything anew, the mutated file in place
        of the real one: the way for what is calculated at import, and for what survived the warm way.

The time limit of a test is processor time, so that a busy machine kills no mutant.
"""

from __future__ import annotations

import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import IO, Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTEST = (
    *("-q", "-s", "--assert=plain", "--tb=native", "-o", "addopts=", "-W", "ignore"),
    *("-p", "_hypothesis_pytestplugin", "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:logging"),
)
IMPORT_S = 10  # processor time to import and collect
UNKNOWN_S = 20  # for a test that was not recorded
MOST_MEMORY = 4 << 30
KILLED, SURVIVED, BROKEN = 1, 0, 3

Job = dict[str, Any]
"""file, function, source (of the mutated file): all three "" without a mutant; tests: in order, each with the most
seconds of processor time that it may take, or whole files of tests; own: so many of them are of the mutated file."""


def _limit_time(seconds: float) -> None:
    """From now on; the signal ends the process."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


class _StopAtFirst:
    """In a child: the time limit of each test, and the end at the first that fails."""

    def __init__(self, job: Job) -> None:
        self.seconds: dict[str, float] = dict(job["tests"])
        self.failed = False
        self.killer: int = job["killer"]  # where to write which one it is

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        _limit_time(self.seconds.get(nodeid, UNKNOWN_S))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of it is over."""
        if report.failed and not self.failed:
            self.failed = True
            os.write(self.killer, report.nodeid.encode())


class _Warm:
    """Serves jobs where pytest would run the tests that it has collected."""

    def __init__(self, asked: IO[str], told: IO[str]) -> None:
        self.asked = asked
        self.told = told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Until there are no more jobs."""
        _check_collected(session)
        items = {item.nodeid: item for item in session.items}
        _serve(self.asked, self.told, functools.partial(_run_items, items))
        return True


def _run_items(items: dict[str, pytest.Item], job: Job) -> int:
    """In a child of the warm way: the function is exchanged, then its tests."""
    if job["file"] and not _exchange(job["file"], job["function"], job["source"]):
        return SURVIVED
    plugin = _StopAtFirst(job)
    chosen = [item for name, _ in job["tests"] for item in _items_of(items, name)]
    chosen[0].config.pluginmanager.register(plugin)
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if plugin.failed:
            return KILLED
    return SURVIVED


def _items_of(items: dict[str, pytest.Item], name: str) -> list[pytest.Item]:
    """A test, or all of a file."""
    return [items[name]] if name in items else [item for key, item in items.items() if key.startswith(f"{name}::")]


def _exchange(file: str, function: str, source: str) -> bool:
    """Give a function the code that it has in the mutated file. False if it served the import alone, and is gone."""
    code = compile(source, str(ROOT / file), "exec")
    thing: object = sys.modules[_module_of(file)]
    for name in function.split("."):
        code = next(part for part in code.co_consts if isinstance(part, CodeType) and part.co_name == name)
        known: dict[str, object] = vars(thing)
        if name not in known:
            return False
        thing = known[name]
    assert isinstance(thing, FunctionType)
    thing.__code__ = code
    return True


def _module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from another source."""

    def __init__(self, file: str, source: str) -> None:
        self.file = file
        self.source = source

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """Its own module only."""
        if fullname != _module_of(self.file):
            return None
        return importlib.util.spec_from_file_location(fullname, ROOT / self.file, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """The mutated source, in the place of the real one."""
        exec(compile(self.source, str(ROOT / self.file), "exec"), vars(module))


def _run_cold(job: Job) -> int:
    """In a child of the cold way: everything imported anew. What cannot be imported or collected is killed too."""
    if job["file"]:
        sys.meta_path.insert(0, _Mutated(job["file"], job["source"]))
    tests = [name for name, _ in job["tests"]]
    for stage in (tests[: job["own"]], tests[job["own"] :]):
        _limit_time(IMPORT_S)
        if stage and pytest.main([*PYTEST, "-x", *stage], plugins=[_StopAtFirst(job)]):
            return KILLED
    return SURVIVED


def _serve(asked: IO[str], told: IO[str], run: Callable[[Job], int]) -> None:
    """Fork a child for each job, and tell what came of it: killed, survived, time (its limit), or broken."""
    gc.collect()
    gc.freeze()
    print("ready", file=told, flush=True)
    for line in asked:
        job: Job = json.loads(line)
        heard, job["killer"] = os.pipe()
        child = os.fork()
        if not child:
            _be_child(run, job)
        os.close(job["killer"])
        _, status = os.waitpid(child, 0)
        with os.fdopen(heard, "rb") as pipe:
            killer = pipe.read().decode()
        outcome = "killed"
        if os.WIFSIGNALED(status):
            outcome = "time" if os.WTERMSIG(status) == signal.SIGPROF else "killed"
        elif os.WEXITSTATUS(status) == SURVIVED:
            outcome = "survived"
        elif os.WEXITSTATUS(status) == BROKEN:
            outcome = "broken"
        print(json.dumps({"outcome": outcome, "killer": killer}), file=told, flush=True)


def _be_child(run: Callable[[Job], int], job: Job) -> None:
    """Never returns."""
    status = BROKEN
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a mutant that cannot even be imported is told of at length
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        _limit_time(IMPORT_S)
        status = run(job)
    finally:
        os._exit(status)


class _Recorder:
    """Runs every `step`th test from `first` on, and tells of each its seconds and the lines of the kernel it ran."""

    def __init__(self, told: IO[str], first: int, step: int, files: Sequence[str]) -> None:
        import coverage

        self.told = told
        self.first = first
        self.step = step
        self.files = {str(ROOT / file): file for file in files}
        self.coverage = coverage.Coverage(data_file=None, config_file=False, include=list(self.files))
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails without a mutant would kill every one."""
        if not report.passed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """All of them, each with empty caches, as a child has them."""
        _check_collected(session)
        chosen = session.items[self.first :: self.step]
        print(json.dumps({"tests": len(chosen)}), file=self.told, flush=True)
        seconds: dict[str, float] = {}
        self.coverage.start()
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            for cache in _caches():
                cache.cache_clear()
            self.coverage.switch_context(item.nodeid)
            began_s = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds[item.nodeid] = round(time.process_time() - began_s, 4)
            print(json.dumps({"done": item.nodeid}), file=self.told, flush=True)
        self.coverage.stop()
        print(
            json.dumps({"seconds": seconds, "lines": self.lines(), "failed": self.failed}), file=self.told, flush=True
        )
        return True

    def lines(self) -> dict[str, dict[int, list[str]]]:
        """By file and line, the tests that ran it."""
        data = self.coverage.get_data()
        return {name: data.contexts_by_lineno(path) for path, name in self.files.items()}


def _check_collected(session: pytest.Session) -> None:
    """A test that is not there kills nothing."""
    if session.testsfailed:
        raise session.Failed(f"{session.testsfailed} errors while the tests were collected: run them without mutants")


def _caches() -> Iterator[Any]:
    """What benches made once and keep."""
    for name, module in list(sys.modules.items()):
        if name.startswith("host_tests"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    yield value


def main() -> None:
    """`record FIRST STEP FILES TESTS`, `warm TESTS` or `cold`; files and tests each as one word of JSON."""
    way, *rest = sys.argv[1:]
    # pytest takes both of these for itself.
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    if way == "cold":
        import _hypothesis_pytestplugin  # noqa: F401  # pyright: ignore[reportMissingTypeStubs, reportUnusedImport]

        _serve(asked, told, _run_cold)
        return
    plugin: Any = _Warm(asked, told)
    if way == "record":
        plugin = _Recorder(told, int(rest[0]), int(rest[1]), json.loads(rest[2]))
    sys.exit(pytest.main([*PYTEST, *json.loads(rest[-1])], plugins=[plugin]))


if __name__ == "__main__":
    main()
