"""`mesogun trace`: every tick of a session in a file, two such files compared, and one looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tools import ordering
from tools.ordering import Malformed, check_choice, play, read_order
from tools.plant_loading import PlantError
from tools.simulation import INTERPRETERS, SimulationError
from tools.simulator.scenario import ScenarioError
from tools.tables import Rows, terminal
from tools.trace_diff import around, compare
from tools.trace_files import Trace, TraceError, TraceWriter, read
from tools.trace_window import CURVES, USUAL_FIELDS, Window, shortened, window

EXAMPLES = """
What every tick of three drops sensed and commanded, on two interpreters, and whether it was the same:

  mesogun trace record cpython.csv.gz --shots 3

  mesogun trace record unix.csv.gz --shots 3 --interpreter micropython

  mesogun trace diff cpython.csv.gz unix.csv.gz

The second drop, tick by tick, and as a picture:

  mesogun trace show cpython.csv.gz --drop 2

  mesogun trace show cpython.csv.gz pressure_kpa needle_um dose_chunk_steps --drop 2 --plot drop.png

A trace is a gzip'd table with a line a tick: zcat, and whatever reads CSV, can read it.
"""
DIFFERENT = 1

trace = typer.Typer(help="Every tick of a session in a file: recorded, compared, looked at.", no_args_is_help=True)

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A trace.")]


@trace.command()
def record(
    output: Annotated[Path, typer.Argument(metavar="OUT", help="The file; gzip'd unless it ends with .csv.")],
    scenario: ordering.ScenarioFile = None,
    interpreter: ordering.InterpreterName = "cpython",
    plant: ordering.PlantPlace = "",
    param: ordering.PlantParams = None,
    chip: ordering.Chip = None,
    syringe: ordering.Syringe = None,
    needle: ordering.Needle = None,
    shots: ordering.Shots = None,
    dose_nl: ordering.DoseNl = None,
    depth_um: ordering.DepthUm = None,
    mode: ordering.Mode = None,
    rate_hz: ordering.RateHz = None,
    points: ordering.Points = None,
    open_loop: ordering.OpenLoop = False,
    seed: ordering.Seed = None,
) -> None:
    """Play a session, as `mesogun sim` does, and write what every tick sensed and commanded."""
    given = {
        "chip": chip,
        "syringe": syringe,
        "needle": needle,
        "shots": shots,
        "dose_nl": dose_nl,
        "depth_um": depth_um,
        "mode": mode,
        "rate_hz": rate_hz,
        "points": points,
        "seed": seed,
    }

    def write() -> None:
        order = read_order(scenario, given, param or [], plant, open_loop)
        check_choice("interpreter", interpreter, INTERPRETERS)
        with TraceWriter(output, order, interpreter) as file:
            outcome = play(order, interpreter, False, file.tick)
            file.end(outcome.summary)
        results = ", ".join(str(shot["result"]) for shot in outcome.summary["shots"]) or "no drop"
        print(f"{output}: {file.ticks} ticks, {outcome.summary['virtual_s']:.1f} s, {output.stat().st_size} bytes")
        print(results if len(results) < 100 else f"{len(outcome.summary['shots'])} drops")

    _in_one_line("record", write)


@trace.command()
def diff(
    one: Annotated[Path, typer.Argument(metavar="A", help="A trace.")],
    other: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="May differ; can be repeated; t_us for example.")
    ] = None,
    ticks: Annotated[int, typer.Option(metavar="N", min=0, help="So many ticks before and after are shown.")] = 5,
) -> None:
    """Compare two traces to the first tick and field that differ. Status 0: the same, 1: different, 2: unreadable."""
    pair: list[Trace] = []

    def load() -> None:
        pair.extend((read(one), read(other)))
        for field in ignore or []:
            if all(field not in each.fields for each in pair):
                raise TraceError(f"--ignore {field}: neither trace has such a field")

    _in_one_line("diff", load)
    first, second = pair
    _tell_orders(first, second)
    found = compare(first, second, ignore or [])
    if found is None:
        print(f"The same: {len(first.lines)} ticks, every field{' but ' + ', '.join(ignore) if ignore else ''}.")
        return
    for sentence in found.sentences:
        print(sentence)
    if found.tick is not None:
        headings, rows = around(first, second, found, ticks)
        _print(f"{first.name} / {second.name}", headings, rows)
    raise typer.Exit(DIFFERENT)


@trace.command()
def show(
    file: _File,
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD]...", help="Columns; pressure_kpa and needle_um are known too."),
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TICK|2.5s", help="First tick, or a time since power-on.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="TICK|2.6s", help="Last tick, or a time.")] = None,
    drop: Annotated[int | None, typer.Option(metavar="N", help="Only the ticks of this drop.")] = None,
    rows: Annotated[int, typer.Option(metavar="N", min=2, help="Longer tables are shortened in the middle.")] = 60,
    plot: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="A picture of the fields instead, phases shaded.")
    ] = None,
) -> None:
    """Show a range of ticks as a table, or as a picture; without fields those that matter most."""

    def display() -> None:
        found = read(file)
        chosen = tuple(fields or (CURVES if plot else USUAL_FIELDS))
        seen = window(found, chosen, begin, end, drop)
        if plot is None:
            _print_table(found, seen, rows)
        else:
            # matplotlib takes a second to load: only who draws waits for it.
            from tools.figures_trace import draw

            draw(seen, plot)
            print(plot)

    _in_one_line("show", display)


def _print_table(found: Trace, seen: Window, rows: int) -> None:
    title = f"{found.name}, ticks {seen.begin} to {seen.end - 1} of {len(found.lines)}"
    _print(title, seen.headings, shortened(seen.rows(), rows))
    if not found.complete:
        print("This trace was broken off: the session did not come to its end.")


def _print(title: str, headings: Sequence[str], rows: Rows) -> None:
    """A table whose headings take several lines where that makes a column narrower."""
    Console().print(terminal(title, [heading.replace("_", " ") for heading in headings], rows))


def _tell_orders(one: Trace, other: Trace) -> None:
    """What was ordered differently."""
    for name in one.order:
        if name in other.order and one.order[name] != other.order[name]:
            print(f"Played with another {name}: {one.order[name]} and {other.order[name]}.")


def _in_one_line(command: str, do: Callable[[], None]) -> None:
    """Do it; what cannot be done is said in one line, exit status 2."""
    try:
        do()
    except (Malformed, ScenarioError, PlantError, SimulationError, TraceError, OSError) as error:
        print(f"mesogun trace {command}: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
