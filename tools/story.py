"""What `make run` shows: a treatment weighed drop by drop, the peer that only counts steps, and a needle that clogs.

Three sessions on MicroPython, two at a time; then one screen of text, and the report of all three on disk.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from tools.histogram import axis, bars, interval_bar, most_in_a_column, round_ticks, scale_for
from tools.plain_words import in_words
from tools.report import Played, write_report
from tools.simulation import Order, simulate
from tools.simulator.recorder import CURVES
from tools.tolerance import Interval, interval

# A needle as thin and a product as thick as clinics use together: 32G x 4 mm, 10 cP. This is where counting fails.
NEEDLE_KPA_S_PER_NL = 0.012
_COLUMNS = 64
_LABEL = 13  # characters left of a histogram
_STYLES = ("blue", "dark_orange")


@dataclass(frozen=True)
class Plot:
    """What the story plays: `shots` drops, the needle clogging `part` of the way through drop `clogged`."""

    shots: int = 60
    clogged: int = 41
    part: float = 0.5
    dose_nl: int = 10_000
    seed: int = 1
    interpreter: str = "micropython"

    def orders(self) -> tuple[Order, Order, Order]:
        """The treatment, the peer, and the treatment with the needle that clogs."""
        params: dict[str, float] = {"needle_kpa_s_per_nl": NEEDLE_KPA_S_PER_NL}
        clogs = {**params, "occluded_after_nl": round((self.clogged - 1 + self.part) * self.dose_nl)}

        def order(**more: Any) -> Order:
            return Order(shots=self.shots, dose_nl=self.dose_nl, seed=self.seed, **more)

        return (
            order(params=params, curves=(self.shots // 2,)),
            order(params=params, open_loop=True),
            order(params=clogs, curves=(self.clogged,)),
        )


def tell(plot: Plot, folder: Path, console: Console) -> Path:
    """Play, print the story, write the report; returns the path of its page.

    Raises SimulationError without a MicroPython, OSError if the folder cannot be written.
    """
    closed, counted, clogged = play(plot, console)
    say = Teller(console)
    say.heading(plot)
    say.distributions(closed, counted)
    say.clogging(plot, clogged)
    return write_report(folder, closed, counted, clogged)


def play(plot: Plot, console: Console) -> list[Played]:
    """The three sessions, with a bar of progress for each."""
    orders = plot.orders()
    names = ("closed loop", "open loop", "a needle clogs")
    columns = (TextColumn("{task.description:14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # On MicroPython each session is a process of its own; on CPython this process has only one chip.
    at_once = 2 if plot.interpreter == "micropython" else 1
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
        ThreadPoolExecutor(at_once) as pool,
    ):
        tasks = [bar.add_task(name, total=plot.shots) for name in names]
        lock = threading.Lock()

        def run(order: Order, task: TaskID) -> Played:
            def progress(done: int, _wanted: int) -> None:
                with lock:
                    bar.update(task, completed=done)

            return Played(order, simulate(order, plot.interpreter, progress))

        return list(pool.map(run, orders, tasks))


class Teller:
    """Prints the story to one screen, 80 characters wide."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def _say(self, text: str = "", style: str = "") -> None:
        self._console.print(Text(text, style=style))

    def heading(self, plot: Plot) -> None:
        """What is being shown."""
        self._say(f"{plot.shots} drops of {plot.dose_nl / 1000:g} ul, 1 mm deep in simulated skin", "bold")
        self._say("by the files that are flashed, on MicroPython; then once more by counting")
        self._say("steps, as marketed devices do. 1 ml syringe, 32G needle, product of 10 cP.")

    def distributions(self, closed: Played, counted: Played) -> None:
        """Both as histograms on one scale, with their tolerance intervals."""
        volumes = [[shot["delivered_nl"] / 1000 for shot in _delivered(played)] for played in (closed, counted)]
        found = [interval(drops) for drops in volumes]
        if not found[0] or not found[1]:
            self._say("Too few drops were delivered for a comparison.", "red")
            return
        asked = closed.order.dose_nl / 1000
        ends = [end for each in found if each for end in (each.low, each.high)]
        scale = scale_for([*volumes[0], *volumes[1], *ends, asked], _COLUMNS)
        tallest = max(most_in_a_column(drops, scale) for drops in volumes)
        names = ("closed loop", "open loop")
        self._say()
        for name, drops, each, style in zip(names, volumes, found, _STYLES, strict=True):
            lines = [*bars(drops, scale, 2, tallest), interval_bar(each, scale)] if each else []
            for label, line in zip((name, f"{len(drops)} drops", ""), lines, strict=True):
                self._say(f"{label:<{_LABEL}}{line}", style)
        line, labels = axis(scale, round_ticks(scale, 7), "{:g}")
        self._say(" " * _LABEL + line)
        self._say(f"{'ul delivered':<{_LABEL}}{labels}")
        for name, played, each, style in zip(names, (closed, counted), found, _STYLES, strict=True):
            if each:
                self._say(_in_one_line(name, played, each, asked), style)
        self._say(f"(97.5 % of such drops, with 95 % confidence: k = {found[0].k:.3f}, n = {found[0].n})", "dim")

    def clogging(self, plot: Plot, clogged: Played) -> None:
        """The session in which the needle clogs."""
        self._say()
        self._say(f"The same again, but in drop {plot.clogged} the needle clogs", "bold")
        for sentence in clogging_in_words(plot, clogged):
            self._say(sentence)
        self._say()
        self._say("Figures of a simulator, not the accuracy of a device; no certified product.", "dim")


def _delivered(played: Played) -> list[dict[str, Any]]:
    return [shot for shot in played.shots if shot["result"] == "delivered"]


def _in_one_line(name: str, played: Played, found: Interval, asked: float) -> str:
    error = found.shifted(asked, 100 / asked)
    skin_nl = sum(shot["surface_nl"] for shot in _delivered(played)) / found.n
    return (
        f"{name:<{_LABEL}}mean {found.mean:.2f} ul, interval {error.low:+.2f} to {error.high:+.2f} %, "
        f"on the skin {skin_nl:.0f} nl"
    )


def clogging_in_words(plot: Plot, clogged: Played) -> list[str]:
    """What the machine made of it: found within that drop or not, what it reports, whether that is true."""
    shots = clogged.shots
    before = sum(shot["result"] == "delivered" for shot in shots[: plot.clogged - 1])
    shot = shots[plot.clogged - 1]
    if shot["result"] != "fault":
        return [f"Drop {plot.clogged} was {shot['result']}: the machine did NOT find it within the drop."]
    why = "; ".join(in_words(reason) for reason in shot["reasons"])
    low, high, truth = (shot[name] / 1000 for name in ("reported_min_nl", "reported_max_nl", "delivered_nl"))
    true = "That is true" if low <= truth <= high else "That is NOT true"
    refused = sum(later["result"] == "refused" for later in shots[plot.clogged :])
    return [
        f"{before} drops were delivered, drop {plot.clogged} was stopped: {why}.",
        *_timing(clogged, plot.clogged),
        f"The machine reports {shot['reported_nl'] / 1000:.2f} of {plot.dose_nl / 1000:g} ul, between {low:.2f} and "
        f"{high:.2f}. {true}: {truth:.2f}.",
        f"The {refused} presses that followed were refused.",
    ]


def _timing(played: Played, number: int) -> list[str]:
    """How soon it was found and how soon the needle was out, as far as the curves of that shot tell."""
    recorded = played.outcome.curves.get(number)
    if recorded is None:
        return []
    columns: dict[str, Sequence[float]] = dict(zip(CURVES, recorded, strict=True))
    times_ms = [t_us / 1000 for t_us in columns["t_us"]]
    phases = [played.outcome.phases[int(phase)] for phase in columns["phase"]]
    truth_nl = columns["true_delivered_nl"]
    clogged_ms = next(t for t, nl in zip(times_ms, truth_nl, strict=True) if nl >= truth_nl[-1] - 1)
    found_ms = max((t for t, phase in zip(times_ms, phases, strict=True) if phase != "idle"), default=0.0)
    out_ms = max((t for t, um in zip(times_ms, columns["true_depth_um"], strict=True) if um > 0), default=0.0)
    return [
        f"Found {found_ms - clogged_ms:.0f} ms after the last liquid came out; "
        f"needle out of the skin {out_ms - found_ms:.0f} ms later."
    ]
