"""Runs one simulated session on any interpreter and hands back what came of it: for commands, reports and tests.

    outcome = simulate(Order(shots=60, syringe="5ml"), interpreter="micropython")

CPython runs the session in this process. The two MicroPythons run the same files as a program of their own: the Unix
port with 63-bit small integers, wasm32 with 31-bit ones, as on the chip.
"""

from __future__ import annotations

import json
import math
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import micropythons, wasm32
from tools.plant_loading import PlantError, build_plant, check_values, load_plant, one_line, raised_by_plant
from tools.simulator.plant import Plant
from tools.simulator.scenario import ScenarioError
from tools.simulator.session import Session

ROOT = Path(__file__).resolve().parent.parent
INTERPRETERS = ("cpython", *micropythons.NAMES)
SUMMARY_KEYS = (
    "interpreter",
    "chip",
    "syringe",
    "seed",
    "ticks",
    "virtual_s",
    "wall_s",
    "state",
    "inhibits",
    "faults",
    "syringes",
    "trace_sha256",
    "shots",
)
SHOT_KEYS = (
    "n",
    "result",
    "reasons",
    "requested_nl",
    "reported_nl",
    "reported_min_nl",
    "reported_max_nl",
    "delivered_nl",
    "surface_nl",
    "depth_requested_um",
    "depth_max_um",
    "start_us",
    "duration_us",
)
_PROGRAM = "tools.simulator.run"

Progress = Callable[[int, int], None]
TraceLine = Callable[[str], None]


class SimulationError(ValueError):
    """A session that cannot be run as ordered; the message says in one line why."""


@dataclass
class Order:
    """What to simulate. Doses in nl, depths in um, rates in mHz (0: as fast as possible).

    `needle` is one of the panel's, "" the shortest that reaches the depth; `zone` too, "" the one with
    the machine's own limits. `points` are planned in the zone, 0 is no
    plan. `scenario` is the text of a scenario file. `plant` is FILE.py:Class, "" the project's own. `curves` are
    numbers of shots whose curves are wanted. `flash` is a folder: the device's flash, and what is in it stays; "" is a
    new one in memory.
    """

    shots: int = 10
    chip: str = "esp32s3"
    syringe: str = "1ml"
    needle: str = ""
    zone: str = ""
    dose_nl: int = 10_000
    depth_um: int = 1_000
    mode: str = "single"
    burst_count: int = 0
    rate_mhz: int = 0
    points: int = 0
    seed: int = 1
    open_loop: bool = False
    no_settings: bool = False
    no_login: bool = False
    scenario: str = ""
    plant: str = ""
    params: dict[str, float] = field(default_factory=dict[str, float])
    curves: tuple[int, ...] = ()
    fault: str = ""
    flash: str = ""


@dataclass
class Outcome:
    """`summary` has the keys of `mesogun sim --json`. `curves` maps a shot's number to one list per name of CURVES;
    `phases` names the phases in them. `remarks`: what worked in the simulated chip and would be wrong, or luck, on a
    board. `failures` are the expectations of a scenario that were not met, `met` counts the others.
    """

    summary: dict[str, Any]
    curves: dict[int, list[list[float]]]
    phases: tuple[str, ...]
    remarks: list[str]
    failures: list[str]
    met: int


def simulate(
    order: Order,
    interpreter: str = "cpython",
    progress: Progress | None = None,
    trace: TraceLine | None = None,
    make_session: Callable[..., Session] = Session,
) -> Outcome:
    """Run the session. Raises SimulationError or PlantError, with one clear line, when it cannot be run as ordered.

    `trace` is given the values of trace_lines.FIELDS after every tick, separated by commas. `make_session` makes
    another kind of session, with another hand; on CPython only.
    """
    started_s = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="mesogun-") as folder:
        config = _config(order)
        if order.flash and interpreter == "wasm32":
            raise SimulationError("a flash in a folder: wasm32 sees no folder of this machine")
        if interpreter == "cpython":
            result = _simulate_here(order, config, progress, trace, make_session)
        elif interpreter in INTERPRETERS:
            result = _simulate_elsewhere(order, config, Path(folder), interpreter, progress, trace)
        else:
            raise SimulationError(f"unknown interpreter {interpreter}: it is one of {', '.join(INTERPRETERS)}")
    summary: dict[str, Any] = {"interpreter": interpreter, **result["summary"]}
    summary["shots"] = [{key: shot[key] for key in SHOT_KEYS} for shot in summary["shots"]]
    summary["wall_s"] = round(time.perf_counter() - started_s, 3)
    keys = (*SUMMARY_KEYS, "fault") if order.fault else SUMMARY_KEYS
    return Outcome(
        summary={key: summary[key] for key in keys},
        curves={int(number): columns for number, columns in result["curves"].items()},
        phases=tuple(result["phases"]),
        remarks=result["remarks"],
        failures=result["failures"],
        met=result["met"],
    )


def _config(order: Order) -> dict[str, Any]:
    """The session's configuration."""
    config = {name: getattr(order, name) for name in _CONFIG_NAMES}
    config["curves"] = list(order.curves)
    config["flash"] = order.flash
    return config


_CONFIG_NAMES = (
    "shots",
    "chip",
    "syringe",
    "needle",
    "zone",
    "dose_nl",
    "depth_um",
    "mode",
    "burst_count",
    "rate_mhz",
    "points",
    "seed",
    "open_loop",
    "no_settings",
    "no_login",
    "scenario",
    "params",
    "fault",
)


def _simulate_here(
    order: Order,
    config: dict[str, Any],
    progress: Progress | None,
    trace: TraceLine | None,
    make_session: Callable[..., Session],
) -> dict[str, Any]:
    plant_class = load_plant(order.plant) if order.plant else Plant
    session = make_session(config, plant_class, progress, trace)
    build_plant(plant_class, session.params, order.seed)
    try:
        session.run()
    except ScenarioError as error:
        raise SimulationError(str(error)) from error
    except Exception as error:
        if order.plant:
            if raised_by_plant(error, order.plant):
                raise PlantError(f"{order.plant} failed: {one_line(error)}") from error
            check_values(session.plant)
        raise
    return session.result()


def _simulate_elsewhere(
    order: Order,
    config: dict[str, Any],
    folder: Path,
    interpreter: str,
    progress: Progress | None,
    trace: TraceLine | None,
) -> dict[str, Any]:
    config["trace"] = trace is not None
    prepare = _on_micropython if interpreter == "micropython" else _on_wasm32
    try:
        command = prepare(order, config, folder)
    except micropythons.NotInstalled as missing:
        raise SimulationError(str(missing)) from missing
    return _play(command, interpreter, progress, trace)


def _on_micropython(order: Order, config: dict[str, Any], folder: Path) -> list[str]:
    """The command that plays the session on the Unix port."""
    plant = str(Path(order.plant).absolute()) if order.plant else ""
    config_file = _write_config(order, config, folder, plant)
    return micropythons.command("micropython", _PROGRAM, [str(config_file)])


def _on_wasm32(order: Order, config: dict[str, Any], folder: Path) -> list[str]:
    """The command that plays the session on wasm32, which sees no file of this machine."""
    plant, files = wasm32.plant_files(order.plant) if order.plant else ("", [])
    there = "/session.json"
    files.append((_write_config(order, config, folder, plant), there))
    return micropythons.command("wasm32", _PROGRAM, [there], files=files)


def _write_config(order: Order, config: dict[str, Any], folder: Path, plant: str) -> Path:
    """The configuration as a file that run.py reads; `plant` is FILE.py:Class where the interpreter finds it."""
    config = {**config, "params": {name: portable(value) for name, value in order.params.items()}}
    if plant:
        config["plant"] = plant
    config_file = folder / "session.json"
    config_file.write_text(json.dumps(config), encoding="utf-8")
    return config_file


def _play(command: list[str], name: str, progress: Progress | None, trace: TraceLine | None) -> dict[str, Any]:
    """What run.py prints as its result, while it says how far it is."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said: list[str] = []
        for line in process.stdout or ():
            word, _, rest = line.strip().partition(" ")
            if word == "progress":
                if progress:
                    done, wanted = rest.split()
                    progress(int(done), int(wanted))
            elif word == "trace":
                if trace:
                    trace(rest)
            elif word == "result":
                return json.loads(rest, parse_float=_to_three_decimals)
            elif word == "error":
                raise SimulationError(rest)
            else:
                said.append(line.strip())
    raise SimulationError(f"the session on {name} ended without a result: {said[-1] if said else 'no word'}")


def _to_three_decimals(text: str) -> float:
    """A number of a result. All are rounded to three decimals, but not every MicroPython prints the shortest digits:
    9968.29 may come as 9968.290000000001, which is another number."""
    return round(float(text), 3)


def portable(value: float) -> int | list[int]:
    """An int as it is, a float as [mantissa, exponent] with value = mantissa * 2**exponent exactly."""
    if isinstance(value, int):
        return value
    mantissa, exponent = math.frexp(value)
    return [int(mantissa * 2**53), exponent - 53]
