"""Sessions in which nothing is wrong, settings and machines drawn at random: every alarm in them is a false one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tools import goals
from tools.grid import command_line, compliance_params
from tools.judging import inside_bounds
from tools.simulation import Order

MOST_SHOTS = 80  # of one session
_SMALLEST_NL = {"1ml": 300, "5ml": 1_900, "10ml": 3_000}  # what these syringes just resolve: 50 steps
_LARGEST_NL = 50_000


def order(seed: int, plant: str, shots: int = MOST_SHOTS) -> Order:
    """The session of this seed: legal settings and a machine within the ranges of the reference machine.

    Needles from 30G with water to 32G with 10 cP, tissue 5 to 100 kPa, compliance up to 15 % wrong, backlash 5 to
    30 um, screw error up to 1.5 um, stopper friction 10 to 40 kPa, pressure noise 0.3 to 1 kPa, sites up to some tens
    of um higher or lower than the nozzle.
    """
    chance = Random(f"good shots {seed}")

    def between(low: float, high: float) -> float:
        return float(f"{low * (high / low) ** chance.random():.4g}")  # as many small ones as large

    syringe = chance.choice(("1ml", "1ml", "5ml", "10ml"))
    params = {
        "needle_kpa_s_per_nl": between(2.6e-4, 1.2e-2),
        "tissue_kpa": between(5, 100),
        "backlash_um": between(5, 30),
        "screw_error_um": round(chance.uniform(0, 1.5), 3),
        "stopper_friction_kpa": between(10, 40),
        "pressure_noise_kpa": between(0.3, 1),
        "skin_spread_um": round(chance.uniform(0, 20), 1),
        **compliance_params(syringe, chance.uniform(0.85, 1.15), chance.uniform(0.85, 1.15)),
    }
    return Order(
        shots=shots,
        chip=chance.choice(("esp32s3", "esp32")),
        syringe=syringe,
        dose_nl=round(between(_SMALLEST_NL[syringe], _LARGEST_NL)),
        depth_um=5 * math.floor(between(300, 4_000) / 5),
        mode=chance.choice(("single", "single", "burst")),
        seed=seed,
        plant=plant,
        params=params,
    )


@dataclass
class Tally:
    """What all sessions so far have shown. `alarms`: sessions that a fault ended, with the line that repeats them."""

    sessions: int = 0
    seeds: set[int] = field(default_factory=set[int])
    good: int = 0
    alarms: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    unfinished: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    outside_bounds: int = 0
    misreported: int = 0
    on_the_skin: int = 0

    def add(self, played: Order, summary: dict[str, Any] | str) -> None:
        """Count one session; a sentence says why it could not be played."""
        self.sessions += 1
        self.seeds.add(played.seed)
        if isinstance(summary, str):
            self.unfinished.append({"why": summary, "again": command_line(played)})
            return
        for shot in summary["shots"]:
            if shot["result"] == "delivered":
                self.good += 1
                self.outside_bounds += not inside_bounds(shot)
                allowed_nl = goals.report_error_nl(shot["requested_nl"])
                self.misreported += abs(shot["reported_nl"] - shot["delivered_nl"]) > allowed_nl
                self.on_the_skin += shot["surface_nl"] > goals.surface_nl(shot["requested_nl"])
        first = next((shot for shot in summary["shots"] if shot["result"] != "delivered"), None)
        if first is not None:
            kept = {"shot": first["n"], "why": ", ".join(first["reasons"]), "again": command_line(played)}
            (self.alarms if summary["faults"] else self.unfinished).append(kept)
