"""The same session, to the last bit, on CPython and on two MicroPythons, one of which has 31-bit integers."""

import copy
import functools
from dataclasses import replace
from pathlib import Path

import pytest

from host_tests.figures import RecordFigure
from host_tests.micropythons import MICROPYTHONS, need
from tools.ordering import read_order
from tools.simulation import Order, Outcome, simulate

pytestmark = pytest.mark.no_cover  # the firmware's own tests run every branch of it

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


# A session each that calculates as others in the list do, in the slowest of the three.
NOT_ON_WASM32 = ("a bubble", "open loop")
PAIRS = [(name, there) for name in ORDERS for there in MICROPYTHONS if there != "wasm32" or name not in NOT_ON_WASM32]


def comparable(order: Order, interpreter: str) -> Outcome:
    """What came of an order, but for what must differ."""
    outcome = simulate(order, interpreter)
    outcome.summary = {key: outcome.summary[key] for key in outcome.summary if key not in ("interpreter", "wall_s")}
    return outcome


@functools.cache
def on_cpython(name: str) -> Outcome:
    """The outcome of an order on CPython, with the curves of its first drop; calculated once."""
    return comparable(replace(ORDERS[name], curves=(1,)), "cpython")


@pytest.mark.no_cover
@pytest.mark.parametrize(("name", "micropython"), PAIRS)
def test_every_interpreter_leaves_the_same_trace_and_the_same_figures(
    name: str, micropython: str, record_figure: RecordFigure
) -> None:
    need(micropython)
    here = on_cpython(name)
    there = comparable(replace(ORDERS[name], curves=(1,)), micropython)
    assert here == there
    assert here.summary["virtual_s"] > FIRST_WRAP_S or here.summary["shots"][0]["result"] == "refused"
    for interpreter in ("CPython", MICROPYTHONS[micropython]):
        record_figure("interpreters", interpreter)
    record_figure("ticks alike on two interpreters", here.summary["ticks"])


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("name", "micropython"),
    [
        ("abort_by_release", "micropython"),
        ("stop_mid_dose", "micropython"),
        ("new_syringe", "micropython"),
        ("stop_mid_dose", "wasm32"),
    ],
)
def test_a_scenario_is_played_alike_on_every_interpreter(name: str, micropython: str) -> None:
    need(micropython)
    order = read_order(str(SCENARIOS / f"{name}.txt"), {}, [], "", False)
    assert comparable(copy.deepcopy(order), "cpython") == comparable(order, micropython)


def test_another_seed_leaves_another_trace() -> None:
    assert (
        simulate(Order(shots=1, seed=1)).summary["trace_sha256"]
        != simulate(Order(shots=1, seed=2)).summary["trace_sha256"]
    )
