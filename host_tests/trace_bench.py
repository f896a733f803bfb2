"""Traces for tests: made up, and recorded."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from tools.cli import app
from tools.simulation import Order, simulate
from tools.simulator.trace_lines import FIELDS
from tools.trace_files import Trace, TraceWriter


def trace(*arguments: str | Path) -> Result:
    """`mesogun trace ...` in this process."""
    return CliRunner().invoke(app, ["trace", *map(str, arguments)], env={"COLUMNS": "200"})


def made_up(name: str, ticks: int, **changes: tuple[int, str]) -> Trace:
    """A trace in which every value tells its tick and column; `changes` put other values into one tick each."""
    lines: list[str] = []
    for tick in range(ticks):
        values = {field: str(tick * 100 + column) for column, field in enumerate(FIELDS)}
        values |= {"tick": str(tick), "t_us": str(tick * 2000), "state": "SHOT", "phase": "dose", "drop": "1"}
        for field, (where, value) in changes.items():
            if where == tick:
                values[field] = value
        lines.append(",".join(values.values()))
    return Trace(name, FIELDS, tuple(lines), {}, True)


def recorded(path: Path, order: Order, interpreter: str = "cpython") -> str:
    """Record a session into `path`; the hash of its trace."""
    with TraceWriter(path, order, interpreter) as file:
        summary = simulate(order, interpreter, trace=file.tick).summary
        file.end(summary)
    return str(summary["trace_sha256"])
