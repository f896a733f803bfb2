"""What `mesogun bench` measures: the cost of a tick, memory, the simulator's speed, and stepping against a peer.

Every figure is a median, or a ratio of what was measured in turn in this run, because other programs use the machine
too. docs/bench.md says how each is taken and what it is worth.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench_runner import Missing, Recording, Told, run_program
from tools.simulation import ROOT, Order, SimulationError, simulate

# Instruction counts of the official ESP32 image in an emulator, 8 ns each: what the reference work takes there.
CHIP_REFERENCE_US = 85.0
CHIP_PASS_US = 3.0
PASSES_PER_REFERENCE = 10
# A chunk is write_pulses of 80 durations, counted in the same way (69 us); 60 us is what then remains for pins and
# converters of the 200 us that two chunks, three conversions and ten pins are said to take.
CHIP_CALLS_US = 60.0
CHIP_CHUNK_US = 70.0
PUBLISHED_FACTORS = (105, 254)
"""Lowest and highest score of MicroPython's own benchmarks, a PC's against an ESP32's; about 170 in the middle."""

KEYS = (
    "tick_us_median",
    "tick_us_p99",
    "calibration_factor",
    "tick_projected_esp32_us",
    "allocations_per_1e6_ticks",
    "heap_live_bytes_32bit",
    "import_ms",
    "sim_speed",
    "stepping",
    "test_seconds",
)
UNIX, WASM32 = "micropython", "wasm32"
STEP_RATE_HZ = 10_000
PACED_STEPS = 100  # 10 ms: short enough to be left alone by other programs now and then
TEST_SECONDS_FILE = ROOT / "build" / "test-seconds.json"
_SETTINGS = {
    "syringe": "1ml",
    "dose_nl": 10_000,
    "depth_um": 1_000,
    "mode": "single",
    "burst_count": 20,
    "rate_mhz": 2_000,
    "needle": "30G 4mm",
    "points": 50,
    "zone": "body",
}


@dataclass(frozen=True)
class Effort:
    """How much is measured. `ticks` of the search for allocations; `passes` over the recorded sessions."""

    passes: int = 15
    ticks: int = 1_000_000
    imports: int = 7
    speeds: int = 5
    shots: int = 10
    stepping_rounds: int = 15
    paced_rounds: int = 150
    steps: int = 4_000

    @staticmethod
    def quick() -> Effort:
        """For tests: every measurement, none of them good."""
        return Effort(
            passes=2, ticks=3_000, imports=1, speeds=1, shots=1, stepping_rounds=1, paced_rounds=10, steps=400
        )


@dataclass
class Findings:
    """`figures` has exactly KEYS; None where `missing` says why. `details` is what stands behind them."""

    figures: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(KEYS))
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    missing: dict[str, str] = field(default_factory=dict[str, str])


Measure = Callable[[Findings, Effort, Told], None]


def measure_tick(found: Findings, effort: Effort, told: Told) -> None:
    """sample + tick + apply on the Unix port, in shots, and what that would be on the chip."""
    raw = run_program("tick_cost", {"passes": effort.passes}, UNIX, _recording(), told)
    ticks_us = sorted(
        (_lower_mean(samples) - raw["clock_ns"]) / 1000 for samples in zip(*raw["passes_ns"], strict=True)
    )
    factors = [
        (CHIP_REFERENCE_US + PASSES_PER_REFERENCE * CHIP_PASS_US)
        / ((reference_ns + PASSES_PER_REFERENCE * pass_ns) / 1000)
        for reference_ns, pass_ns in raw["references_ns"]
    ]
    median_us, factor = statistics.median(ticks_us), statistics.median(factors)
    found.figures["tick_us_median"] = round(median_us, 2)
    found.figures["tick_us_p99"] = round(ticks_us[len(ticks_us) * 99 // 100], 2)
    found.figures["calibration_factor"] = round(factor, 1)
    found.figures["tick_projected_esp32_us"] = round(median_us * factor)
    reference_us, pass_us = (statistics.median(column) / 1000 for column in zip(*raw["references_ns"], strict=True))
    found.details["tick"] = _apart(raw, factor) | {
        "ticks_in_shots": len(ticks_us),
        "passes": effort.passes,
        "reference_us": round(reference_us, 4),
        "empty_pass_us": round(pass_us, 5),
        "factor_by_reference": round(CHIP_REFERENCE_US / reference_us, 1),
        "factor_by_empty_pass": round(CHIP_PASS_US / pass_us, 1),
        "projected_by_published_factors_us": [round(median_us * each) for each in PUBLISHED_FACTORS],
    }


def _apart(raw: dict[str, Any], factor: float) -> dict[str, Any]:
    """The same ticks without what the fakes take of them, and with what the chip's own calls cost instead."""
    own_us: list[float] = []
    projected_us: list[float] = []
    for samples, axes in zip(zip(*raw["passes_ns"], strict=True), raw["axes"], strict=True):
        own_us.append((_lower_mean(samples) - raw["clock_ns"] - raw["fakes_ns"][axes]) / 1000)
        projected_us.append(own_us[-1] * factor + CHIP_CALLS_US + axes * CHIP_CHUNK_US)
    return {
        "fakes_us": [round(fakes_ns / 1000, 2) for fakes_ns in raw["fakes_ns"]],
        "without_fakes_us": round(statistics.median(own_us), 2),
        "projected_with_the_chips_own_calls_us": round(statistics.median(projected_us)),
    }


def _lower_mean(samples: Sequence[float]) -> float:
    """The mean of the lower two thirds: what another program took from a tick is not the tick's.

    A mean, because the clock counts whole microseconds.
    """
    kept = sorted(samples)[: max(1, len(samples) * 2 // 3)]
    return statistics.fmean(kept)


def measure_allocations(found: Findings, effort: Effort, told: Told) -> None:
    """In how many of a million ticks anything is taken from the heap, on both MicroPythons."""
    figures: dict[str, int | None] = {}
    for name, interpreter in (("unix", UNIX), ("wasm32", WASM32)):
        figures[name] = None
        try:
            raw = run_program("allocations", {"ticks": effort.ticks}, interpreter, _recording(), told)
        except Missing as why:
            found.missing[f"allocations_per_1e6_ticks.{name}"] = str(why)
            continue
        figures[name] = round(raw["allocating"] * 1_000_000 / raw["ticks"])
        found.details[f"allocations_{name}"] = raw
    found.figures["allocations_per_1e6_ticks"] = figures


def measure_heap(found: Findings, _effort: Effort, _told: Told) -> None:
    """What the device's tree holds on the heap, on a 32-bit interpreter; on the 64-bit one for comparison."""
    for interpreter in (UNIX, WASM32):
        try:
            raw = run_program("live_heap", {"settings": _SETTINGS}, interpreter, compiled=True)
            from_source = run_program("live_heap", {"settings": _SETTINGS}, interpreter)
        except Missing as why:
            found.missing["heap_live_bytes_32bit"] = str(why)
            continue
        found.details[f"heap_{interpreter}"] = raw
        found.details[f"heap_{interpreter}_from_source"] = from_source
        if raw["word_bits"] == 32:
            found.figures["heap_live_bytes_32bit"] = raw["live"]


def measure_import(found: Findings, effort: Effort, told: Told) -> None:
    """`import main` in fresh processes of the Unix port."""
    took_us: list[float] = []
    for number in range(effort.imports):
        took_us.append(run_program("import_time", {}, UNIX)["import_us"])
        told(number + 1, effort.imports)
    found.figures["import_ms"] = round(statistics.median(took_us) / 1000, 1)


def measure_speed(found: Findings, effort: Effort, told: Told) -> None:
    """Virtual seconds per second of the same session on each interpreter, taken in turn."""
    speeds: dict[str, list[float]] = {"cpython": [], UNIX: [], WASM32: []}
    wall_s = 0.0
    began_s = time.process_time()  # of this process: only the sessions on CPython run in it
    for number in range(effort.speeds):
        for interpreter, taken in speeds.items():
            try:
                summary = simulate(Order(shots=effort.shots), interpreter).summary
            except SimulationError as why:
                found.missing[f"sim_speed.{interpreter}"] = str(why)
                continue
            taken.append(summary["virtual_s"] / summary["wall_s"])
            wall_s += summary["wall_s"] if interpreter == "cpython" else 0.0
        told(number + 1, effort.speeds)
    found.figures["sim_speed"] = {
        name: round(statistics.median(taken), 1) if taken else None for name, taken in speeds.items()
    }
    found.details["processor_share"] = round(min((time.process_time() - began_s) / wall_s, 1.0), 2)
    found.details["sim_speed"] = {name: [round(speed, 1) for speed in taken] for name, taken in speeds.items()}


def measure_stepping(found: Findings, effort: Effort, _told: Told) -> None:
    """Chunks of pulses against one Python call a step, in one process of the Unix port.

    The jitter is that of the quietest tenth of the rounds, of both: what another program takes is neither's.
    """
    plan = {"rounds": effort.stepping_rounds, "rate_hz": STEP_RATE_HZ, "steps": effort.steps, "paced": PACED_STEPS}
    plan["paced_rounds"] = effort.paced_rounds
    raw = run_program("stepping", plan, UNIX)
    found.figures["stepping"] = {
        "ours_steps_per_s": round(statistics.median(raw["ours_steps_per_s"])),
        "software_steps_per_s": round(statistics.median(raw["software_steps_per_s"])),
        "ours_jitter_us": round(raw["ours_jitter_us"], 1),
        "software_jitter_us": round(raw["software_jitter_us"], 1),
    }
    found.details["stepping"] = {"rate_hz_of_jitter": STEP_RATE_HZ, **raw}


def read_test_seconds(found: Findings, _effort: Effort, _told: Told) -> None:
    """The time of the last `make test` here, which notes it."""
    try:
        noted: dict[str, Any] = json.loads(TEST_SECONDS_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found.missing["test_seconds"] = "no `make test` has ended here yet"
        return
    if noted["failed"] or noted["error"]:
        found.missing["test_seconds"] = f"the last `make test` failed, after {noted['seconds']} s"
        return
    found.figures["test_seconds"] = noted["seconds"]
    found.details["test_seconds"] = noted


STEPS: tuple[tuple[str, Measure], ...] = (
    ("tick", measure_tick),
    ("imports", measure_import),
    ("live heap", measure_heap),
    ("simulator's speed", measure_speed),
    ("stepping", measure_stepping),
    ("allocations", measure_allocations),
    ("tests", read_test_seconds),
)

_recorded: list[Recording] = []


def _recording() -> Recording:
    """Single drops and a burst, played once."""
    if not _recorded:
        burst = Order(shots=4, mode="burst", dose_nl=2_000, burst_count=4)
        _recorded.append(Recording((Order(shots=2, burst_count=2), burst)))
    return _recorded[0]


def write(found: Findings, folder: Path) -> list[Path]:
    """Write bench.json, with the keys of KEYS and no others, and bench-details.json. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "bench.json", folder / "bench-details.json"]
    more = {"missing": found.missing, **found.details}
    for path, content in zip(written, (found.figures, more), strict=True):
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return written
