"""Gives the programs of tools/bench_programs/ to a MicroPython, and takes what they print."""

from __future__ import annotations

import json
import subprocess
import tempfile
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools import micropythons
from tools.compiling import compile_device
from tools.simulation import ROOT, Order, simulate
from tools.simulator.session import WIDEST_ZONE, needle_for
from tools.simulator.trace_lines import FIELDS

Told = Callable[[int, int], None]

# Columns of a recorded session as tools/bench_programs/chip.py reads it, and two more: armed (or in a
# shot) or not, in a shot or not.
COLUMNS = (
    "trigger_no",
    "trigger_nc",
    "contact_a",
    "contact_b",
    "stop_closed",
    "home",
    "confirm",
    "pressure_counts",
    "needle_counts",
    "supply_counts",
    "dose_driver_bad",
    "needle_driver_bad",
    "late_us",
    "dose_steps",
    "needle_steps",
    "dose_chunk_steps",
    "needle_chunk_steps",
    "dose_enable",
    "needle_enable",
    "tone",
)
_PLACES = tuple(FIELDS.index(name) for name in COLUMNS)
_STATE = FIELDS.index("state")
_CONFIRM = FIELDS.index("confirm")
_SELF_TEST_TICKS = 100
_PUT_DOWN_TICKS = 500  # from the end of the prime until the trigger is surely let go, and the tone over
_CHIP = ("host_tests/__init__.py", "host_tests/micropython/__init__.py", "host_tests/micropython/quiet_chip.py")


class Missing(Exception):
    """A figure that cannot be taken here; the message says why in one line."""


class Recording:
    """Sessions of the simulator as the bench replays them: the settings, and every tick's inputs and outputs.

    The bench has no panel: the settings are there from its first tick on, so the ticks in which a hand chose them, with
    CONFIRM, are left out.
    """

    def __init__(self, orders: Sequence[Order]) -> None:
        self.sessions: list[tuple[dict[str, Any], bytes]] = []
        for order in orders:
            lines: list[str] = []
            simulate(order, trace=lines.append)
            values = array("i", [value for line in without_setup(lines) for value in _row(line)])
            self.sessions.append((_settings(order), values.tobytes()))


def without_setup(lines: list[str]) -> list[str]:
    """The ticks of a session without those at the panel: the first 100, which are the self-test, and all from the last
    CONFIRM before the prime, which homes the needle; without those in which skin dries."""
    rows = [line.split(",") for line in lines]
    pressed = next(tick for tick, row in enumerate(rows) if row[_STATE] == "PRIME")
    while rows[pressed][_CONFIRM] == "0":
        pressed -= 1
    while any(row[_CONFIRM] == "1" for row in rows[pressed - _SELF_TEST_TICKS // 2 : pressed]):
        pressed -= 1
    states = [row[_STATE] for row in rows]
    primed = len(states) - 1 - states[::-1].index("PRIME")
    dry = max(states.index("READY", primed) if "READY" in states[primed:] else primed, primed + _PUT_DOWN_TICKS)
    return lines[:_SELF_TEST_TICKS] + lines[pressed : primed + _PUT_DOWN_TICKS] + lines[dry:]


def _row(line: str) -> list[int]:
    texts = line.split(",")
    state = texts[_STATE]
    return [*(int(texts[place]) for place in _PLACES), int(state in ("ARMED", "SHOT")), int(state == "SHOT")]


def _settings(order: Order) -> dict[str, Any]:
    """The settings of a session that was ordered whole."""
    names = ("syringe", "dose_nl", "depth_um", "mode", "burst_count", "rate_mhz", "points")
    chosen = {"needle": order.needle or needle_for(order.depth_um), "zone": order.zone or WIDEST_ZONE}
    return {name: getattr(order, name) for name in names} | chosen


def run_program(
    name: str,
    plan: Mapping[str, Any],
    interpreter: str,
    recording: Recording | None = None,
    told: Told | None = None,
    compiled: bool = False,
) -> dict[str, Any]:
    """The object that tools/bench_programs/NAME.py prints. `told` hears how far it is. Raises Missing, RuntimeError.

    With `compiled` the plan's "device" is where the device's files lie as they are put on a board.
    """
    with tempfile.TemporaryDirectory(prefix="mesogun-bench-") as folder:
        written = dict(plan)
        files: list[tuple[Path, str]] = []
        there = folder if interpreter == "micropython" else "/bench"
        if recording is not None:
            sessions: list[dict[str, Any]] = []
            for number, (settings, content) in enumerate(recording.sessions):
                path = Path(folder) / f"session-{number}.bin"
                path.write_bytes(content)
                files.append((path, f"{there}/{path.name}"))
                sessions.append({"settings": settings, "file": f"{there}/{path.name}"})
            written["sessions"] = sessions
        if compiled:
            written["device"] = f"{there}/device"
            files += compile_device(Path(folder) / "device", f"{there}/device/")
        plan_file = Path(folder) / "plan.json"
        plan_file.write_text(json.dumps(written), encoding="utf-8")
        files.append((plan_file, f"{there}/plan.json"))
        arguments = [micropythons.tree_there(interpreter), f"{there}/plan.json"]
        if interpreter == "wasm32":
            files += [(ROOT / path, f"{arguments[0]}/{path}") for path in _CHIP]
        try:
            command = micropythons.command(interpreter, f"tools.bench_programs.{name}", arguments, files=files)
        except micropythons.NotInstalled as missing:
            raise Missing(str(missing)) from missing
        return _result(command, name, told)


def _result(command: list[str], name: str, told: Told | None) -> dict[str, Any]:
    said: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            word, _, rest = line.strip().partition(" ")
            if word == "result":
                return json.loads(rest)
            if word == "progress" and told is not None:
                done, wanted = rest.split()
                told(int(done), int(wanted))
            elif word != "progress":
                said.append(line.strip())
    raise RuntimeError(f"tools/bench_programs/{name}.py ended without a result: {said[-1] if said else 'no word'}")
