"""Starts the processes of `mesogun mutate`, hands them mutants, and hears which ones the tests have killed."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tools.mutate_kernel import KERNEL, ROOT
from tools.mutate_worker import Job

ENVIRONMENT = {
    "HYPOTHESIS_PROFILE": "mutate",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONHASHSEED": "0",
}


class MutateError(RuntimeError):
    """Why nothing can be said about the tests, in one sentence."""


class Worker:
    """A process of tools/mutate_worker.py."""

    def __init__(self, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.mutate_worker", *words],
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, job: Job) -> None:
        """Give it something to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """Its next word. MutateError if it ended instead."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()
            raise MutateError(f"a worker ended with status {status}: see whether the tests pass without mutants")
        return "ready" if line == "ready\n" else json.loads(line)

    def close(self) -> None:
        """Let it end."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


class Record:
    """What each test costs, and which lines of the firmware it runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.tests_of: dict[str, dict[int, set[str]]] = {}

    def add(self, told: dict[str, Any]) -> None:
        """What one worker has found. MutateError if a test fails without any mutant."""
        if told["failed"]:
            raise MutateError(f"{told['failed'][0]} fails without any mutant: make the tests pass first")
        self.seconds.update(told["seconds"])
        for file, lines in told["lines"].items():
            known = self.tests_of.setdefault(file, {})
            for line, tests in lines.items():
                known.setdefault(int(line), set()).update(test for test in tests if test)

    def running(self, file: str, lines: Sequence[int]) -> set[str]:
        """The tests that run any of these lines."""
        known = self.tests_of.get(file, {})
        return {test for line in lines for test in known.get(line, ())}


def record(tests: Sequence[str], workers: int, tick: Callable[[int, int], None]) -> Record:
    """Run all tests of these files once; `tick(done, total)` hears of progress."""
    files = sorted({*KERNEL, *(path.relative_to(ROOT).as_posix() for path in (ROOT / "firmware").glob("*.py"))})
    started = [
        Worker("record", str(index), str(workers), json.dumps(files), json.dumps(list(tests)))
        for index in range(workers)
    ]
    found = Record()
    words: queue.Queue[Any] = queue.Queue()

    def listen(worker: Worker) -> None:
        try:
            while True:
                told = worker.hear()
                words.put(told)
                if "seconds" in told:
                    return
        except MutateError as error:
            words.put(error)

    threads = [threading.Thread(target=listen, args=(worker,), daemon=True) for worker in started]
    for thread in threads:
        thread.start()
    ended = done = total = 0
    while ended < workers:
        told = words.get()
        if isinstance(told, MutateError):
            raise told
        total += told.get("tests", 0)
        done += "done" in told
        tick(done, total)
        if "seconds" in told:
            found.add(told)
            ended += 1
    for worker in started:
        worker.close()
    return found


def _first(chosen: Sequence[str], tests: list[list[Any]]) -> list[list[Any]]:
    """The tests, but these at their head."""
    places = {name: place for place, name in enumerate(chosen)}
    return sorted(tests, key=lambda test: places.get(test[0], len(places)))


def run_jobs(jobs: Sequence[Job], workers: int, *way: str) -> Iterator[tuple[int, str]]:
    """Yields (index of the job, outcome) as they end; first each worker shows that tests pass without a mutant."""
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in range(len(jobs)):
        todo.put(index)
    ended: queue.SimpleQueue[tuple[int, str] | MutateError] = queue.SimpleQueue()
    killers: dict[tuple[str, str], list[str]] = {}  # by function, the latest first: they go first with its next mutant

    def work(worker: Worker) -> None:
        try:
            worker.hear()
            control = max((job["tests"][: job["own"] or 50] for job in jobs), key=len)[:50]
            worker.tell({"file": "", "function": "", "source": "", "tests": control, "own": 0})
            if worker.hear()["outcome"] != "survived":
                raise MutateError("tests fail without any mutant: make them pass first")
            while True:
                index = todo.get_nowait()
                job = jobs[index]
                known = killers.setdefault((job["file"], job["function"]), [])
                worker.tell({**job, "tests": _first(known, job["tests"])})
                heard = worker.hear()
                outcome: str = heard["outcome"]
                if heard["killer"]:
                    known[:] = [heard["killer"], *(name for name in known if name != heard["killer"])]
                if outcome == "broken":
                    raise MutateError(f"the tests of a mutant of {job['file']} {job['function']} could not be run")
                ended.put((index, outcome))
        except queue.Empty:
            return
        except MutateError as error:
            ended.put(error)

    started = [Worker(*way) for _ in range(min(workers, len(jobs)))]
    threads = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in started]
    for thread in threads:
        thread.start()
    for _ in jobs:
        told = ended.get()
        if isinstance(told, MutateError):
            raise told
        yield told
    for thread in threads:
        thread.join()
    for worker in started:
        worker.close()
