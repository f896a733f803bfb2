"""What has to be found within the same shot, each over a spread of needles, tissues and doses; and whether it was.

A needle that clogs, a syringe that runs out, one that was never put in, a bubble that appears. Where in which drop it
strikes is drawn from the case's own seed. Whether it was found is judged by the truth of the plant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tools.grid import NEEDLES, TISSUES_KPA, compliance_params
from tools.simulation import Order

NAMED = {
    "occlusion": "occlusion",
    "empty": "no_pressure",
    "missing": "no_pressure",
    "bubble": "bubble",
}
"""Each fault (needle blocked, syringe empty or missing, air in it), and the device's word that names it right."""
BUBBLE_NL = {"1ml": 2_000, "5ml": 10_000}
SAME_SHOT, LATER, NEVER, TOO_EARLY, NOT_APPLIED = "same shot", "later", "never", "too early", "not applied"
VERDICTS = (SAME_SHOT, LATER, NEVER, TOO_EARLY, NOT_APPLIED)

_LARGEST_PRIME_NL = 60_000  # a prime takes 15 to 52 ul: a syringe with this much is still good for the first drop
_PARTS = (0.1, 0.8)  # of a drop: later the drop is as good as complete
_SHOTS_AFTER = 3


@dataclass(frozen=True)
class Case:
    """One fault in one session. `threshold_nl`: delivered by then, it strikes (0: not known beforehand)."""

    kind: str
    order: Order
    threshold_nl: float = 0.0


def cases(plants: Sequence[str], repeats: int, doses: Sequence[tuple[str, int]]) -> Iterator[Case]:
    """Every fault on every plant, `repeats` times for each needle, tissue and (syringe, dose in nl)."""
    seed = 0
    for repeat in range(repeats):
        for syringe, dose_nl in doses:
            for needle in NEEDLES.values():
                for tissue_kpa in TISSUES_KPA:
                    seed += 1
                    for kind in NAMED:
                        for plant in plants:
                            params = {"needle_kpa_s_per_nl": needle, "tissue_kpa": tissue_kpa}
                            yield case(kind, plant, syringe, dose_nl, params, seed + 10_000 * repeat)


def case(kind: str, plant: str, syringe: str, dose_nl: int, params: dict[str, float], seed: int) -> Case:
    """One of them. Compliance is up to 15 % wrong, either way."""
    chance = Random(f"{kind} {seed}")
    number = chance.randint(2, 5)
    strikes_nl = round((number - 1 + chance.uniform(*_PARTS)) * dose_nl)
    params = {**params, **compliance_params(syringe, chance.uniform(0.85, 1.15), chance.uniform(0.85, 1.15))}
    shots = number + _SHOTS_AFTER
    threshold_nl = 0.0
    if kind == "occlusion":
        params["occluded_after_nl"] = threshold_nl = strikes_nl
    elif kind == "bubble":
        params["bubble_nl"] = round(BUBBLE_NL[syringe] * chance.choice((1, 1.5, 2.5)))
        params["bubble_after_nl"] = threshold_nl = strikes_nl
    elif kind == "empty":
        params["syringe_nl"] = _LARGEST_PRIME_NL + strikes_nl
        shots += _LARGEST_PRIME_NL // dose_nl
    elif kind == "missing":
        params["syringe_nl"] = 0
        shots = _SHOTS_AFTER
    else:
        raise ValueError(f"no such fault: {kind}")
    order = Order(shots=shots, syringe=syringe, dose_nl=dose_nl, seed=seed, plant=plant, params=params)
    return Case(kind, order, threshold_nl)


def struck(of: Case, shots: Sequence[dict[str, Any]]) -> int | None:
    """Index of the shot in which the fault struck, by the plant's truth; None if it never did."""
    total_nl = 0.0
    for index, shot in enumerate(shots):
        total_nl += shot["delivered_nl"] + shot["surface_nl"]
        if of.threshold_nl:
            if total_nl >= of.threshold_nl:
                return index
        elif of.kind == "missing" or shot["result"] != "delivered" or _short(shot):
            return index
    return None


def _short(shot: dict[str, Any]) -> bool:
    """Far too little came out for a drop that was delivered."""
    return shot["delivered_nl"] < 0.9 * shot["requested_nl"]


def verdict(of: Case, summary: dict[str, Any]) -> tuple[str, bool]:
    """When the fault was found, one of VERDICTS, and whether its word was among the reasons.

    A missing syringe is found in time when nothing is ever called delivered: already the prime fails.
    """
    shots = summary["shots"]
    first = struck(of, shots)
    ended = next((index for index, shot in enumerate(shots) if shot["result"] in ("fault", "refused")), None)
    named = NAMED[of.kind] in summary["faults"]
    if ended is None:
        return (NOT_APPLIED if first is None else NEVER), named
    if first is None or ended < first:
        return TOO_EARLY, named
    return (SAME_SHOT if ended == first else LATER), named
