"""`mesogun sim`: one simulated session, played by a compliant clinician or by a scenario file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tools import ordering
from tools.ordering import Malformed, check_choice, play, read_order, take_fault
from tools.plant_loading import PlantError
from tools.report import report_session
from tools.simulation import INTERPRETERS, Order, Outcome, SimulationError
from tools.simulator.scenario import ScenarioError
from tools.training.session import train
from tools.training.terminal import NoTerminalError, RealTime, Terminal

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

The pressure sensor freezes in the midst of a feed; `mesogun faults` lists what else can fail:

  mesogun sim --fault pressure_frozen@dose

A device that keeps its journal from session to session (`mesogun journal`, `mesogun session`):

  mesogun sim --flash build/flash

Your own hands on the device, in this terminal:

  mesogun sim --screen

Every screen of the device as a picture:

  mesogun sim --screenshots build/screens

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


def sim(
    scenario: ordering.ScenarioFile = None,
    interpreter: ordering.InterpreterName = "cpython",
    plant: ordering.PlantPlace = "",
    param: ordering.PlantParams = None,
    chip: ordering.Chip = None,
    syringe: ordering.Syringe = None,
    needle: ordering.Needle = None,
    zone: ordering.Zone = None,
    shots: ordering.Shots = None,
    dose_nl: ordering.DoseNl = None,
    depth_um: ordering.DepthUm = None,
    mode: ordering.Mode = None,
    rate_hz: ordering.RateHz = None,
    points: ordering.Points = None,
    open_loop: ordering.OpenLoop = False,
    seed: ordering.Seed = None,
    fault: ordering.FaultName = None,
    flash: Annotated[
        str | None, typer.Option(metavar="DIR", help="The device's flash: what it has recorded lasts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    report: Annotated[
        str | None, typer.Option(metavar="DIR", help="Write report.html, shots.csv, session.json there.")
    ] = None,
    screen: Annotated[
        bool, typer.Option("--screen", help="The device in this terminal, in real time; you are the hand.")
    ] = False,
    screenshots: Annotated[
        str | None, typer.Option("--screenshots", metavar="DIR", help="Write every screen of the device there as PNG.")
    ] = None,
) -> None:
    """Run the device's own files in a simulated chip, with simulated skin."""
    given = {
        "chip": chip,
        "syringe": syringe,
        "needle": needle,
        "zone": zone,
        "shots": shots,
        "dose_nl": dose_nl,
        "depth_um": depth_um,
        "mode": mode,
        "rate_hz": rate_hz,
        "points": points,
        "seed": seed,
    }
    try:
        order = read_order(scenario, given, param or [], plant, open_loop)
        if fault is not None:
            take_fault(order, fault, given)
        check_choice("interpreter", interpreter, INTERPRETERS)
        others = {"SCENARIO": scenario, "interpreter": interpreter != "cpython", "json": as_json, "report": report}
        others["fault"] = fault
        others["flash"] = flash
        if screenshots is not None:
            _photograph(Path(screenshots), {**others, **given, "plant": plant, "param": param, "screen": screen})
            return
        if screen:
            _refuse_beside("--screen", _LEFT_TO_CHOOSE, {**others, **given})
            show(_train(order))
            return
        if flash is not None:
            order.flash = _folder(flash)
        if report is not None:
            order.curves = (1,) if order.scenario or order.shots == 1 else (1, 2)
        outcome = play(order, interpreter, quiet=as_json)
        if report is not None:
            _write_report(Path(report), order, outcome)
    except (Malformed, ScenarioError, PlantError, SimulationError, NoTerminalError) as error:
        print(f"mesogun sim: {' '.join(str(error).split())}", file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps(outcome.summary))
        for failure in outcome.failures:
            print(f"mesogun sim: not as expected: {failure}", file=sys.stderr)
    else:
        show(outcome)
    _insist(outcome)


def _folder(place: str) -> str:
    """An absolute path of a folder that is there. Raises Malformed."""
    try:
        Path(place).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Malformed(f"--flash {place}: {error.strerror or error}") from error
    return str(Path(place).resolve())


def _insist(outcome: Outcome) -> None:
    """A fault that was ordered and never met is no result at all."""
    fault = outcome.summary.get("fault")
    if fault is not None and fault["applied_tick"] is None:
        print(f"mesogun sim: {fault['name']}@{fault['phase']}: {fault['reasons'][-1]}", file=sys.stderr)
        raise typer.Exit(1)


# --- a person at the device, and a camera ---------------------------------------------------------------------------

_LEFT_TO_CHOOSE = ("chip", "syringe", "seed")
"""What of the flags with a value is no business of the person's at the device."""


def _refuse_beside(flag: str, allowed: tuple[str, ...], given: dict[str, object]) -> None:
    for name, value in given.items():
        if value and name not in allowed:
            other = name if name.isupper() else f"--{name.replace('_', '-')}"
            raise Malformed(f"{other} does not go with {flag}")


def _photograph(folder: Path, given: dict[str, object]) -> None:
    _refuse_beside("--screenshots", (), given)
    # matplotlib takes a second to load: only who draws waits for it.
    from tools.screens.files import write

    try:
        paths = write(folder)
    except OSError as error:
        raise Malformed(f"{folder}: cannot be written: {error.strerror or error}") from error
    print(f"{len(paths)} pictures in {folder}")


def _train(order: Order) -> Outcome:
    console = Console()
    with Terminal(console, sys.stdin, RealTime().wait) as desk:
        return train(order, desk)


# --- running and showing ------------------------------------------------------------------------------------------


def _write_report(folder: Path, order: Order, outcome: Outcome) -> None:
    try:
        report_session(folder, order, outcome)
    except OSError as error:
        raise Malformed(f"{folder}: cannot be written: {error.strerror or error}") from error


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
    if "fault" in summary:
        _show_fault(summary["fault"], console)
    speed = summary["virtual_s"] / summary["wall_s"]
    console.print(
        f"{words} after {summary['ticks']} ticks, {summary['virtual_s']:.1f} s in {summary['wall_s']:.1f} s "
        f"({speed:.0f} x real time), syringes: {summary['syringes']}",
        markup=False,
        highlight=False,
    )
    console.print("Figures of the simulator, not the accuracy of a device.", style="dim")


def _show_fault(fault: dict[str, Any], console: Console) -> None:
    """What was injected, and what came of it by the plant's truth."""
    noticed = "not noticed"
    if fault["detected_tick"] is not None:
        noticed = f"noticed in tick {fault['detected_tick']}: {' '.join(fault['detected_by'])}"
    met = "never met" if fault["applied_tick"] is None else f"met in tick {fault['applied_tick']}"
    text = f"{fault['name']} in {fault['phase']}: {met}, {noticed}, {'safe' if fault['safe'] else 'NOT SAFE'}"
    console.print(text, markup=False, highlight=False, style="green" if fault["safe"] else "red")
    for reason in fault["reasons"]:
        console.print(f"  {reason}", markup=False, highlight=False)


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
