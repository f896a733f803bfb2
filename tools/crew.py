"""Plays many sessions in a few processes, and says how far it is and how long it will still take."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tools.simulation import Order, simulate

_LINES = 20  # where there is no terminal, so many lines in all
WORKERS = 2

Summary = dict[str, Any]
Result = TypeVar("Result")


def play(order: Order) -> Summary:
    """One session on CPython: the object of `mesogun sim --json`."""
    return simulate(order).summary


def play_all(orders: Sequence[Order], workers: int, console: Console, what: str) -> Iterator[tuple[int, Summary | str]]:
    """Yields (index of the order, summary) as sessions end; the sentence of the error if one could not be played.

    `workers` = 1 stays in this process. `what` names the sessions on the bar of progress.
    """
    return all_done(play, [(order,) for order in orders], workers, console, what)


def all_done(
    task: Callable[..., Result],
    given: Sequence[tuple[Any, ...]],
    workers: int,
    console: Console,
    what: str,
    apart: bool = False,
) -> Iterator[tuple[int, Result | str]]:
    """As play_all, of any task: yields (index, what `task(*given[index])` returned, or the sentence of its error).

    `apart`: in another process also if `workers` is 1.
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
        shown = bar.add_task(what, total=len(given))
        teller = _Teller(console, what, len(given))
        pool = _pool(workers, apart)
        try:
            waiting = {pool.submit(task, *arguments): index for index, arguments in enumerate(given)}
            for done, future in enumerate(as_completed(waiting), start=1):
                bar.update(shown, completed=done)
                teller.tell(done)
                yield waiting[future], _result(future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _pool(workers: int, apart: bool) -> Executor:
    if workers == 1 and not apart:
        return ThreadPoolExecutor(1)
    # Not by fork: this process has threads, the bar's.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _result(future: Future[Result]) -> Result | str:
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
