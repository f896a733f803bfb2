"""`mesogun sim`: one simulated session, played by a compliant clinician or by a scenario file."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tools.plant_loading import PlantError
from tools.report import report_session
from tools.simulation import INTERPRETERS, Order, Outcome, SimulationError, simulate
from tools.simulator.quantities import number
from tools.simulator.scenario import Scenario, ScenarioError, parse
from tools.simulator.session import CHIPS, MODES, SYRINGES

EXAMPLES = """
Ten drops of 10 ul at 1 mm, each weighed by the machine:

  mesogun sim

A row of drops with one press, eight a second:

  mesogun sim --mode burst --rate-hz 3 --dose-nl 5000

The needle clogs after 40 drops:

  mesogun sim --shots 60 --param occluded_after_nl=400000

Doses by counting steps, as marketed devices do, through a thin needle:

  mesogun sim --open-loop --param needle_kpa_s_per_nl=0.0012

A scenario that a clinician can read:

  mesogun sim host_tests/scenarios/abort_by_release.txt

Your own physics:

  mesogun sim --plant my_skin.py:Skin --json

All figures are figures of the simulator, not the accuracy of a device.
"""
HEADINGS = (
    "n",
    "result",
    "asked\nul",
    "reported\nul",
    "delivered\nul",
    "error\n%",
    "on skin\nnl",
    "depth\num",
    "took\nms",
)


class Malformed(ValueError):
    """The command line makes no sense; the message says why in one line."""


def sim(
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="[SCENARIO]", help="A scenario file; without one a compliant clinician plays."),
    ] = None,
    interpreter: Annotated[
        str, typer.Option(metavar="|".join(INTERPRETERS), help="What runs the device's files.")
    ] = "cpython",
    plant: Annotated[
        str, typer.Option(metavar="FILE.py:Class", help="Physics of your own.", show_default="the project's")
    ] = "",
    param: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A parameter of the plant; may be repeated.")
    ] = None,
    chip: Annotated[
        str | None, typer.Option(metavar="|".join(CHIPS), help="Which chip and board.", show_default="esp32s3")
    ] = None,
    syringe: Annotated[
        str | None, typer.Option(metavar="|".join(SYRINGES), help="Which syringe is in.", show_default="1ml")
    ] = None,
    shots: Annotated[str | None, typer.Option(metavar="N", help="Presses, in burst drops.", show_default="10")] = None,
    dose_nl: Annotated[
        str | None, typer.Option(metavar="N", help="Volume of a drop, nanolitres.", show_default="10000")
    ] = None,
    depth_um: Annotated[
        str | None, typer.Option(metavar="N", help="Depth below the nozzle plane, micrometres.", show_default="1000")
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(metavar="|".join(MODES), help="A drop a press, or a row of drops.", show_default="single"),
    ] = None,
    rate_hz: Annotated[
        str | None, typer.Option(metavar="X", help="Drops a second in burst.", show_default="as fast as possible")
    ] = None,
    open_loop: Annotated[
        bool, typer.Option("--open-loop", help="Dose as marketed devices do: count the steps, retract.")
    ] = False,
    seed: Annotated[
        str | None, typer.Option(metavar="N", help="Another number, another skin and noise.", show_default="1")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    report: Annotated[
        str | None, typer.Option(metavar="DIR", help="Write report.html, shots.csv, session.json there.")
    ] = None,
) -> None:
    """Run the device's own files in a simulated chip, with simulated skin."""
    given = {
        "chip": chip,
        "syringe": syringe,
        "shots": shots,
        "dose_nl": dose_nl,
        "depth_um": depth_um,
        "mode": mode,
        "rate_hz": rate_hz,
        "seed": seed,
    }
    try:
        order = read_order(scenario, given, param or [], plant, open_loop)
        if interpreter not in INTERPRETERS:
            raise Malformed(f"unknown interpreter {interpreter}: it is {_choice(INTERPRETERS)}")
        if report is not None:
            order.curves = (1,) if order.scenario or order.shots == 1 else (1, 2)
        outcome = _run(order, interpreter, quiet=as_json)
        if report is not None:
            _write_report(Path(report), order, outcome)
    except (Malformed, ScenarioError, PlantError, SimulationError) as error:
        print(f"mesogun sim: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps(outcome.summary))
        for failure in outcome.failures:
            print(f"mesogun sim: not as expected: {failure}", file=sys.stderr)
    else:
        show(outcome)


# --- reading the command line -------------------------------------------------------------------------------------


def read_order(
    scenario: str | None, given: Mapping[str, str | None], params: list[str], plant: str, open_loop: bool
) -> Order:
    """What to simulate: flags win over the scenario's own settings. Raises Malformed or ScenarioError."""
    order = Order(open_loop=open_loop)
    if scenario is not None:
        if given.get("shots") is not None:
            raise Malformed("--shots is for the clinician; a scenario has its own presses")
        _take_scenario(order, scenario)
    for name, text in given.items():
        if text is None:
            continue
        if name in ("chip", "syringe", "mode"):
            setattr(order, name, text)
        elif name == "rate_hz":
            order.rate_mhz = _rate_mhz(text)
        else:
            setattr(order, name, _whole(f"--{name.replace('_', '-')}", text))
    order.params.update(_read_param(text) for text in params)
    if plant:
        order.plant = plant
    _check_choice("syringe", order.syringe, tuple(SYRINGES))
    _check_choice("chip", order.chip, CHIPS)
    _check_choice("mode", order.mode, MODES)
    if order.shots < 1:
        raise Malformed(f"--shots {order.shots}: at least one")
    return order


def _take_scenario(order: Order, file_name: str) -> None:
    try:
        order.scenario = Path(file_name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"{file_name}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    try:
        parsed: Scenario = parse(order.scenario)
    except ScenarioError as error:
        raise Malformed(f"{file_name}: {error}") from error
    for name, value in parsed.settings.items():
        setattr(order, name, value)
    order.params.update(parsed.params)


def _whole(flag: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Malformed(f"{flag} {text}: not a whole number") from None


def _rate_mhz(text: str) -> int:
    try:
        rate_hz = float(text)
    except ValueError:
        rate_hz = math.nan
    if not math.isfinite(rate_hz):
        raise Malformed(f"--rate-hz {text}: not a number")
    return round(rate_hz * 1000)


def _read_param(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Malformed(f"--param {text}: write NAME=VALUE")
    try:
        return name.strip(), number(value.strip())
    except ValueError:
        raise Malformed(f"--param {text}: {value or 'nothing'} is not a number") from None


def _check_choice(what: str, word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        raise Malformed(f"unknown {what} {word}: it is {_choice(known)}")


def _choice(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1]


# --- running and showing ------------------------------------------------------------------------------------------


def _write_report(folder: Path, order: Order, outcome: Outcome) -> None:
    try:
        report_session(folder, order, outcome)
    except OSError as error:
        raise Malformed(f"{folder}: cannot be written: {error.strerror or error}") from error


def _run(order: Order, interpreter: str, quiet: bool) -> Outcome:
    if quiet or order.scenario:
        return simulate(order, interpreter)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("drops" if order.mode == "burst" else "shots", total=order.shots)
        return simulate(order, interpreter, lambda done, wanted: bar.update(task, completed=done, total=wanted))


def show(outcome: Outcome) -> None:
    """The drops as a table, and in one line how the session ended."""
    summary = outcome.summary
    console = Console()
    title = f"{summary['syringe']} syringe, {summary['chip']}, {summary['interpreter']}, seed {summary['seed']}"
    table = Table(title=title, box=SIMPLE_HEAD, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "result" else "right", overflow="fold")
    for shot in summary["shots"]:
        table.add_row(*_row(shot))
    console.print(table)
    for failure in outcome.failures:
        console.print(f"not as expected: {failure}", markup=False, style="red")
    if outcome.met or outcome.failures:
        console.print(f"{outcome.met} of {outcome.met + len(outcome.failures)} expectations met")
    words = " ".join([summary["state"], *summary["faults"], *summary["inhibits"]])
    speed = summary["virtual_s"] / summary["wall_s"]
    console.print(
        f"{words} after {summary['ticks']} ticks, {summary['virtual_s']:.1f} s in {summary['wall_s']:.1f} s "
        f"({speed:.0f} x real time), syringes: {summary['syringes']}",
        markup=False,
        highlight=False,
    )
    console.print("Figures of the simulator, not the accuracy of a device.", style="dim")


def _row(shot: dict[str, Any]) -> list[str]:
    result = " ".join([shot["result"], *shot["reasons"][:1]])  # --json has all of them
    row = [str(shot["n"]), result, f"{shot['requested_nl'] / 1000:.2f}"]
    if shot["result"] == "refused":
        return [*row, "", "", "", "", "", ""]
    error = (shot["delivered_nl"] / shot["requested_nl"] - 1) * 100
    return [
        *row,
        f"{shot['reported_nl'] / 1000:.3f}",
        f"{shot['delivered_nl'] / 1000:.3f}",
        f"{error:+.2f}",
        f"{shot['surface_nl']:.0f}",
        f"{shot['depth_max_um']:.0f}",
        f"{shot['duration_us'] / 1000:.0f}",
    ]
