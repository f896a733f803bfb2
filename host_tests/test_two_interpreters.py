"""The same session, to the last bit, on CPython and on the MicroPython Unix port."""

from dataclasses import replace
from pathlib import Path

import pytest

from host_tests.figures import RecordFigure
from tools.ordering import read_order
from tools.simulation import Order, Outcome, simulate

SCENARIOS = Path(__file__).parent / "scenarios"
FIRST_WRAP_S = 3.0  # the simulated ticks wrap at 2^30 this long after power-on

ORDERS = {
    "one drop after the other": Order(shots=4),
    "the small board": Order(shots=3, chip="esp32", seed=7),
    "burst": Order(shots=6, mode="burst", dose_nl=5_000, seed=3),
    "burst at a rate, on the small board": Order(shots=4, mode="burst", rate_mhz=3_000, dose_nl=5_000, chip="esp32"),
    "a large syringe": Order(shots=2, syringe="5ml", dose_nl=50_000, seed=11),
    "a hard needle and decimals": Order(
        shots=3, seed=5, params={"needle_kpa_s_per_nl": 0.00123, "tissue_kpa": 12.34, "fluid_nl_per_kpa": 1.9}
    ),
    "an occlusion": Order(shots=4, params={"occluded_after_nl": 15_000}),
    "a bubble": Order(shots=4, params={"bubble_nl": 5_000, "bubble_after_nl": 15_000}),
    "a new syringe": Order(shots=6, dose_nl=200_000),
    "settings refused": Order(shots=2, dose_nl=1),
    "open loop": Order(shots=3, open_loop=True),
}


def on_both(order: Order) -> tuple[Outcome, Outcome]:
    """The outcomes of the same order, but for what must differ."""
    outcomes = (simulate(order), simulate(order, "micropython"))
    for outcome in outcomes:
        outcome.summary = {key: outcome.summary[key] for key in outcome.summary if key not in ("interpreter", "wall_s")}
    return outcomes


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_both_interpreters_leave_the_same_trace_and_the_same_figures(order: Order, record_figure: RecordFigure) -> None:
    here, there = on_both(replace(order, curves=(1,)))
    assert here == there
    assert here.summary["virtual_s"] > FIRST_WRAP_S or here.summary["shots"][0]["result"] == "refused"
    for name in ("CPython", "MicroPython Unix port"):
        record_figure("interpreters", name)
    record_figure("ticks alike on both interpreters", here.summary["ticks"])


@pytest.mark.parametrize("name", ["abort_by_release", "stop_mid_dose", "new_syringe"])
def test_a_scenario_is_played_alike_on_both_interpreters(name: str) -> None:
    here, there = on_both(read_order(str(SCENARIOS / f"{name}.txt"), {}, [], "", False))
    assert here == there


def test_another_seed_leaves_another_trace() -> None:
    assert (
        simulate(Order(shots=1, seed=1)).summary["trace_sha256"]
        != simulate(Order(shots=1, seed=2)).summary["trace_sha256"]
    )
