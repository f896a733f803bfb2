"""Sessions for the tests of reports: real ones, short, and made-up ones with whatever a test needs."""

import functools
from typing import Any

from tools.report_tables import Played
from tools.simulation import Order, Outcome, simulate

THIN = {"needle_kpa_s_per_nl": 0.012}


@functools.cache
def real_session(kind: str) -> Played:
    """Four drops: "closed" loop, "open" loop, or with the needle "clogged" in drop 3."""
    orders = {
        "closed": Order(shots=4, params=dict(THIN), curves=(2,)),
        "open": Order(shots=4, params=dict(THIN), open_loop=True),
        "clogged": Order(shots=4, params={**THIN, "occluded_after_nl": 25_000}, curves=(3,)),
    }
    return Played(orders[kind], simulate(orders[kind]))


def shot(number: int, **values: Any) -> dict[str, Any]:
    """A delivered drop of 10 ul, exact unless `values` say otherwise."""
    return {
        "n": number,
        "result": "delivered",
        "reasons": [],
        "requested_nl": 10_000,
        "reported_nl": 10_000,
        "reported_min_nl": 9_950,
        "reported_max_nl": 10_050,
        "delivered_nl": 10_000.0,
        "surface_nl": 0.0,
        "depth_requested_um": 1_000,
        "depth_max_um": 1_000.0,
        "start_us": 500_000 * number,
        "duration_us": 200_000,
        **values,
    }


def summary(shots: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    """The object of `mesogun sim --json` with these shots."""
    return {
        "interpreter": "cpython",
        "chip": "esp32s3",
        "syringe": "1ml",
        "seed": 1,
        "ticks": 1_000,
        "virtual_s": 2.0,
        "wall_s": 0.1,
        "state": "ARMED",
        "inhibits": [],
        "faults": [],
        "syringes": 1,
        "trace_sha256": "0" * 64,
        "shots": shots,
        **values,
    }


def made_up(shots: list[dict[str, Any]], **values: Any) -> Played:
    """A session with these shots and no curves."""
    return Played(Order(shots=len(shots)), Outcome(summary(shots, **values), {}, (), [], [], 0))
