"""Plays many sessions in a few processes, and says how far it is and how long it will still take."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tools.simulation import Order, simulate

_LINES = 20  # where there is no terminal, so many lines in all
WORKERS = 2

Summary = dict[str, Any]


def play(order: Order) -> Summary:
    """One session on CPython: the object of `mesogun sim --json`."""
    return simulate(order).summary


def play_all(orders: Sequence[Order], workers: int, console: Console, what: str) -> Iterator[tuple[int, Summary | str]]:
    """Yields (index of the order, summary) as sessions end; the sentence of the error if one could not be played.

    `workers` = 1 stays in this process. `what` names the sessions on the bar of progress.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=len(orders))
        teller = _Teller(console, what, len(orders))
        pool = _pool(workers)
        try:
            waiting = {pool.submit(play, order): index for index, order in enumerate(orders)}
            for done, future in enumerate(as_completed(waiting), start=1):
                bar.update(task, completed=done)
                teller.tell(done)
                yield waiting[future], _result(future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _pool(workers: int) -> Executor:
    if workers == 1:
        return ThreadPoolExecutor(1)
    # Not by fork: this process has threads, the bar's.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _result(future: Future[Summary]) -> Summary | str:
    error = future.exception()
    return " ".join(f"{type(error).__name__}: {error}".split()) if error else future.result()


class _Teller:
    """Lines instead of a bar, where there is no terminal."""

    def __init__(self, console: Console, what: str, total: int) -> None:
        self._console = console
        self._what = what
        self._total = total
        self._silent = console.is_terminal
        self._started_s = time.monotonic()
        self._told = 0

    def tell(self, done: int) -> None:
        share = done * _LINES // self._total
        if self._silent or share == self._told:
            return
        self._told = share
        passed_s = time.monotonic() - self._started_s
        left_s = passed_s / done * (self._total - done)
        self._console.print(
            f"{self._what}: {done} of {self._total}, {passed_s / 60:.1f} min, about {left_s / 60:.1f} min left",
            highlight=False,
        )
