"""`mesogun rates`: the fastest burst of each syringe and dose that the device accepts and keeps, and what limits it.

First the planner is asked, `firmware.settings`, which rates it takes. Then bursts are played. A rate is kept if every
drop was delivered, none twice, none before its slot began, none later than half a slot, and the last of each burst in
time to a tick: the first drop of a burst, which comes from the parked position, takes longer than the others, and they
make up for it. Slots are whole ticks, so the search is over their number. The rate found is played once more for a full
series, whose tolerance interval is the accuracy.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import pairwise

from tools import goals
from tools.rates_planner import TICK_US, Plan, Planner, rate_hz
from tools.simulation import Order, Outcome, simulate
from tools.simulator.trace_lines import FIELDS
from tools.tolerance import Interval, interval

_MOST_TRIES = 8  # of a longer slot, when the full series does not keep what one burst kept
_CATCHES_UP_DROPS = 4  # the end of a syringe makes shorter bursts, which need not
_DOUBLED = 1.5  # a drop of that many doses was given twice

# What a phase of the shot is spent on.
SPENT_ON = {
    "touch_off": "proof samples",
    "extend": "needle travel",
    "dose": "feed",
    "relax": "relaxing",
    "retract": "needle travel",
    "turn": "proof samples",
    "weigh": "proof samples",
}


@dataclass(frozen=True)
class Rate:
    """What was found for one syringe and dose. Rates in Hz, 0 if there is none; accuracy in percent of the dose.

    `accepted_hz` is the fastest that the planner takes, `rate_hz` the fastest that is kept. `limit` names what takes
    most of a drop's time, or why there is none; `spent_ms` has the mean time of each phase.
    """

    syringe: str
    dose_nl: int
    accepted_hz: float
    rate_hz: float
    limit: str
    low_percent: float | None = None
    high_percent: float | None = None
    goal_percent: float | None = None
    drops: int = 0
    peak_kpa: float = 0.0
    spent_ms: dict[str, float] = field(default_factory=dict[str, float])
    why_not_faster: str = ""

    @property
    def accuracy_kept(self) -> bool | None:
        """Whether the interval lies within the accuracy goal of this cell; None if it has none."""
        if self.goal_percent is None or self.low_percent is None or self.high_percent is None:
            return None
        return -self.goal_percent <= self.low_percent and self.high_percent <= self.goal_percent


@dataclass(frozen=True)
class Played:
    """Bursts that were played: why the rate was not kept ("" if it was), the longest time from start to start in
    ticks, the errors of the drops, the mean time of each phase, and the highest pressure."""

    broken: str
    longest_ticks: int
    errors_percent: tuple[float, ...]
    spent_ms: dict[str, float]
    peak_kpa: float


class _Watch:
    """Reads the trace as it comes: in which tick each drop began, phases, pressure.

    `bursts` has the ticks in which the drops of each press began. The hand's press of the first drop is no start: the
    trigger is debounced first.
    """

    def __init__(self) -> None:
        self._places = tuple(FIELDS.index(name) for name in ("tick", "state", "phase", "drop", "pressure_counts"))
        self._in_shot = False
        self.bursts: list[list[int]] = []
        self.ticks: Counter[str] = Counter()
        self.peak_counts = 0
        self.drops = 0

    def tick(self, line: str) -> None:
        values = line.split(",")
        tick, state, phase, drop, counts = (values[place] for place in self._places)
        if int(drop) != self.drops:
            if not self._in_shot:
                self.bursts.append([])
            self.bursts[-1].append(int(tick))
            self.drops = int(drop)
        self._in_shot = state == "SHOT"
        if self._in_shot:
            self.ticks[phase] += 1
            self.peak_counts = max(self.peak_counts, int(counts))

    def longest_ticks(self) -> int:
        """The longest time from start to start within a burst; 0 if there is none."""
        return max((after - before for burst in self.bursts for before, after in pairwise(burst)), default=0)

    def late_ticks(self, slot_ticks: int) -> list[list[int]]:
        """How much later than its slot each drop began, by burst."""
        return [[start - burst[0] - slot_ticks * n for n, start in enumerate(burst)] for burst in self.bursts]


def play(order: Order, slot_ticks: int) -> Played:
    """Play it and look at every drop. With 0 ticks only the drops themselves are judged. Raises SimulationError."""
    watch = _Watch()
    outcome = simulate(order, trace=watch.tick)
    count = max(watch.drops, 1)
    return Played(
        broken=_broken(order, outcome, watch, slot_ticks),
        longest_ticks=watch.longest_ticks(),
        errors_percent=tuple((shot["delivered_nl"] / order.dose_nl - 1) * 100 for shot in outcome.summary["shots"]),
        spent_ms={phase: round(ticks * TICK_US / 1000 / count, 1) for phase, ticks in watch.ticks.items()},
        peak_kpa=watch.peak_counts * 0.25 - 50,
    )


def _broken(order: Order, outcome: Outcome, watch: _Watch, slot_ticks: int) -> str:
    """Why this is not what was ordered; "" if it is."""
    shots = outcome.summary["shots"]
    for shot in shots:
        if shot["result"] != "delivered":
            return " ".join([f"drop {shot['n']}: {shot['result']}", *shot["reasons"]])
        if shot["delivered_nl"] > _DOUBLED * order.dose_nl:
            return f"drop {shot['n']} was given twice: {shot['delivered_nl']:.0f} nl"
    if not len(shots) == watch.drops == order.shots:
        return f"{watch.drops} drops were opened, {len(shots)} given, {order.shots} ordered"
    late = watch.late_ticks(slot_ticks) if slot_ticks else []
    worst = max((tick for burst in late for tick in burst), default=0)
    unpunctual = any(min(burst) < -1 or (burst[-1] > 1 and len(burst) >= _CATCHES_UP_DROPS) for burst in late)
    if unpunctual or worst > slot_ticks / 2:
        slot_ms, worst_ms = slot_ticks * TICK_US / 1000, worst * TICK_US / 1000
        return f"drops not in their slot of {slot_ms:g} ms: {worst_ms:g} ms late at worst"
    return ""


def find(plan: Plan, syringe: str, dose_nl: int) -> Rate:
    """The fastest rate of this syringe and dose."""
    planner = Planner()
    shortest, reasons = planner.shortest_slot(plan, syringe, dose_nl)
    if not shortest:
        what = "resolution" if "dose_below_resolution" in reasons else ", ".join(reasons)
        return Rate(syringe, dose_nl, 0.0, 0.0, what)
    free = play(plan.order(syringe, dose_nl, 0, plan.search_drops), 0)
    slot = max(shortest, free.longest_ticks)
    why = ", ".join(reasons)
    if not free.broken and slot > shortest:
        slot, why = _search(plan, syringe, dose_nl, shortest - 1, slot, why)
    for _ in range(_MOST_TRIES):
        last = play(plan.order(syringe, dose_nl, slot, plan.series_drops), slot)
        if not last.broken:
            return _found(plan, planner, (syringe, dose_nl), (shortest, slot), last, why)
        why = last.broken
        slot += max(1, slot // 100)
    return Rate(syringe, dose_nl, rate_hz(shortest), 0.0, "not kept", why_not_faster=why)


def _search(plan: Plan, syringe: str, dose_nl: int, low: int, high: int, why: str) -> tuple[int, str]:
    """Between a slot that is too short and one that should do: the shortest that one burst keeps, and what happens
    in a shorter one."""
    while high - low > 1:
        middle = (low + high) // 2
        broken = play(plan.order(syringe, dose_nl, middle, plan.search_drops), middle).broken
        if broken:
            low, why = middle, broken
        else:
            high = middle
    return high, why


def _found(plan: Plan, planner: Planner, cell: tuple[str, int], slots: tuple[int, int], last: Played, why: str) -> Rate:
    accuracy: Interval | None = interval(last.errors_percent)
    return Rate(
        *cell,
        accepted_hz=round(planner.fastest_hz(*cell, plan.depth_um), 3),
        rate_hz=round(rate_hz(slots[1]), 3),
        limit=_limit(planner, cell, last),
        low_percent=round(accuracy.low, 3) if accuracy else None,
        high_percent=round(accuracy.high, 3) if accuracy else None,
        goal_percent=goals.INSIDE_PERCENT.get(cell),
        drops=plan.series_drops,
        peak_kpa=last.peak_kpa,
        spent_ms=last.spent_ms,
        why_not_faster=why,
    )


def _limit(planner: Planner, cell: tuple[str, int], last: Played) -> str:
    """What takes most of a drop's time, waiting for the slot left out."""
    spent: dict[str, float] = {}
    for phase, ms in last.spent_ms.items():
        if phase not in ("wait", "idle"):
            what = SPENT_ON.get(phase, phase)
            spent[what] = spent.get(what, 0.0) + ms
    most = max(spent, key=lambda what: spent[what], default="nothing")
    if most != "feed":
        return most
    at_top_speed_ms = (planner.feed_ticks(*cell) + 4) * TICK_US / 1000  # and four ticks of ramp
    if spent["feed"] <= 1.25 * at_top_speed_ms:
        return "feed speed"
    return "pressure ceiling" if last.peak_kpa >= 0.9 * planner.feed_kpa else "needle resistance"


def find_all(plan: Plan) -> Iterator[Rate]:
    """Every cell, as they are done; `workers` = 1 stays in this process."""
    if plan.workers == 1:
        for cell in plan.cells():
            yield find(plan, *cell)
        return
    # Not by fork: who calls may have threads.
    with ProcessPoolExecutor(plan.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            for future in as_completed([pool.submit(find, plan, *cell) for cell in plan.cells()]):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
