"""The hash of a session's trace, and the curves of chosen shots."""

import hashlib
import struct
from types import SimpleNamespace
from typing import Any

import pytest

from firmware.image import Inputs, Outputs
from tools.simulator.recorder import CURVES, INPUT_NAMES, OUTPUT_NAMES, CurveRecorder, TraceHash, rounded


def trace_of(ticks: int, change: "tuple[int, str] | None" = None) -> str:
    """The hash of `ticks` ticks in which everything differs; `change` adds one to one value in one tick."""
    inputs, outputs = Inputs(), Outputs()
    trace = TraceHash()
    for tick in range(ticks):
        for index, name in enumerate(INPUT_NAMES):
            setattr(inputs, name, tick * 31 + index)
        for index, name in enumerate(OUTPUT_NAMES):
            setattr(outputs, name, -tick * 7 + index)
        if change and change[0] == tick:
            record = inputs if change[1] in INPUT_NAMES else outputs
            setattr(record, change[1], getattr(record, change[1]) + 1)
        trace.record(inputs, outputs)
    assert trace.ticks == ticks
    return trace.hexdigest()


def test_every_value_of_inputs_and_outputs_is_in_the_trace():
    assert set(INPUT_NAMES) == set(vars(Inputs()))
    assert set(OUTPUT_NAMES) == set(vars(Outputs()))


@pytest.mark.parametrize("name", INPUT_NAMES + OUTPUT_NAMES)
def test_any_value_changed_by_one_in_any_tick_changes_the_hash(name: str):
    whole = trace_of(3)
    assert len({whole, trace_of(3, (0, name)), trace_of(3, (1, name)), trace_of(3, (2, name))}) == 4


@pytest.mark.parametrize("ticks", [0, 1, 399, 400, 401, 1203])
def test_the_hash_is_that_of_all_ticks_in_a_row_however_they_were_collected(ticks: int):
    flat = hashlib.sha256()
    for tick in range(ticks):
        values = [tick * 31 + index for index in range(len(INPUT_NAMES))]
        values += [-tick * 7 + index for index in range(len(OUTPUT_NAMES))]
        flat.update(struct.pack(f"<{len(values)}i", *values))
    assert trace_of(ticks) == flat.hexdigest()


def test_negative_and_largest_small_ints_of_the_chip_fit():
    inputs, outputs = Inputs(), Outputs()
    inputs.dose_steps, inputs.needle_steps, outputs.dose_chunk_steps = -(1 << 30), (1 << 30) - 1, -40
    trace = TraceHash()
    trace.record(inputs, outputs)
    assert len(trace.hexdigest()) == 64


def loop_and_plant() -> "tuple[Any, Any]":
    """As much of a loop and a plant as the curves read."""
    fluid = SimpleNamespace(displaced_pl=5_999, delivered_pl=2_500, tissue_pa=1500)
    inputs = SimpleNamespace(pressure_counts=280, needle_counts=1000)
    loop = SimpleNamespace(fluid=fluid, inputs=inputs, shot=SimpleNamespace(phase=3))
    return loop, SimpleNamespace(delivered_nl=100.0, surface_nl=1.0, depth_um=900.0)


def test_curves_are_kept_for_wanted_shots_only_and_count_from_their_press():
    loop, plant = loop_and_plant()
    recorder = CurveRecorder([2])
    recorder.begin(1, 1000, plant)
    assert not recorder.running
    recorder.begin(2, 5000, plant)
    plant.delivered_nl = 102.5
    recorder.record(loop, 7000, plant)
    recorder.end()
    assert not recorder.running
    columns = dict(zip(CURVES, recorder.curves[2], strict=True))
    assert columns == {
        "t_us": [2000],
        "phase": [3],
        "pressure_kpa": [20.0],
        "needle_um": [1000],
        "displaced_nl": [5],
        "elastic_nl": [3],
        "delivered_nl": [2],
        "tissue_kpa": [1.5],
        "true_delivered_nl": [2.5],
        "true_surface_nl": [0.0],
        "true_depth_um": [900.0],
    }


@pytest.mark.parametrize(
    ("value", "shown"), [(1.23449, 1.234), (1.2346, 1.235), (-1.2346, -1.235), (0.0, 0.0), (7, 7.0)]
)
def test_numbers_are_rounded_to_three_decimals(value: float, shown: float):
    assert rounded(value) == shown
