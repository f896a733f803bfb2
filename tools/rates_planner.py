"""Which rates to look for, and what the firmware's own planner says to them without anything being played."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tools.crew import WORKERS
from tools.simulation import Order
from tools.simulator.clinician import BURST_MAX
from tools.simulator.interpreter import Device
from tools.simulator.session import WIDEST_ZONE, needle_for
from tools.tolerance import SERIES

SYRINGES = ("1ml", "5ml", "10ml")
DOSES_NL = (500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000)
DEPTH_UM = 1_000
TICK_US = 2_000


@dataclass(frozen=True)
class Plan:
    """What to find: cells, drops of a search and of the series, and parameters of the plant."""

    syringes: tuple[str, ...] = SYRINGES
    doses_nl: tuple[int, ...] = DOSES_NL
    depth_um: int = DEPTH_UM
    search_drops: int = BURST_MAX
    series_drops: int = SERIES
    params: dict[str, float] = field(default_factory=dict[str, float])
    seed: int = 1
    workers: int = WORKERS

    def cells(self) -> list[tuple[str, int]]:
        """(syringe, dose in nl) of every rate to be found."""
        return [(syringe, dose_nl) for syringe in self.syringes for dose_nl in self.doses_nl]

    def order(self, syringe: str, dose_nl: int, slot_ticks: int, drops: int) -> Order:
        """Bursts of that slot; 0 ticks is as fast as possible."""
        return Order(
            shots=drops,
            syringe=syringe,
            dose_nl=dose_nl,
            depth_um=self.depth_um,
            mode="burst",
            rate_mhz=rate_mhz(slot_ticks),
            seed=self.seed,
            params=dict(self.params),
        )


def rate_mhz(slot_ticks: int) -> int:
    """The rate in mHz whose drops begin every so many ticks; rounded up, for a slot ends with a whole tick."""
    return math.ceil(1_000_000_000 / (slot_ticks * TICK_US)) if slot_ticks else 0


def rate_hz(slot_ticks: int) -> float:
    """Drops a second of such slots."""
    return 1_000_000 / (slot_ticks * TICK_US)


class Planner:
    """The firmware's own opinion, without playing anything."""

    def __init__(self) -> None:
        device = Device()
        self._settings: Any = device.module("firmware.settings")
        limits: Any = device.module("firmware.limits")
        self.shortest_ticks = math.ceil(1_000_000_000 / limits.RATE_MAX_MHZ / TICK_US)
        self.longest_ticks = 1_000_000_000 // limits.RATE_MIN_MHZ // TICK_US
        self.feed_kpa = limits.FEED_PRESSURE_PA / 1000
        self.chunk_steps: int = limits.CHUNK_MAX_STEPS

    def refusals(self, order: Order) -> list[str]:
        """Why the settings of this order would be refused; none if they are taken."""
        names = ("syringe", "dose_nl", "depth_um", "mode", "rate_mhz", "points")
        wanted = {name: getattr(order, name) for name in names} | {"burst_count": BURST_MAX}
        wanted["zone"] = order.zone or WIDEST_ZONE
        wanted["needle"] = order.needle or needle_for(order.depth_um)
        return list(self._settings.refusal_names(self._settings.refusals_of(wanted)))

    def shortest_slot(self, plan: Plan, syringe: str, dose_nl: int) -> tuple[int, list[str]]:
        """The fewest ticks of a slot that is taken, 0 if none is; and why the next shorter one is not."""

        def refused(ticks: int) -> list[str]:
            return self.refusals(plan.order(syringe, dose_nl, ticks, 1))

        low, high = self.shortest_ticks, self.longest_ticks
        if reasons := refused(high):
            return 0, reasons
        if not refused(low):
            return low, ["rate_beyond_axes"]
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if refused(middle) else (low, middle)
        return high, refused(high - 1)

    def fastest_hz(self, syringe: str, dose_nl: int, depth_um: int) -> float:
        """The fastest rate that the axes allow; slots of whole ticks come to a little less."""
        calibration: Any = self._settings.Calibration(syringe)
        slot_us: int = self._settings.shortest_slot_us(depth_um, dose_nl, calibration.pl_per_step)
        return 1_000_000 / slot_us

    def feed_ticks(self, syringe: str, dose_nl: int) -> float:
        """Ticks that the dose takes at top speed."""
        calibration: Any = self._settings.Calibration(syringe)
        return dose_nl * 1000 / calibration.pl_per_step / self.chunk_steps
