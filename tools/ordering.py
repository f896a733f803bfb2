"""What sessions can be asked for on a command line: the flags, an Order read from them, and a bar while it is played.

`mesogun sim` and `mesogun trace record` take the same flags.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.fault_names import UnknownFault, complete
from tools.simulation import INTERPRETERS, Order, Outcome, simulate
from tools.simulator.quantities import number
from tools.simulator.scenario import Scenario, ScenarioError, parse
from tools.simulator.session import CHIPS, MODES, NEEDLES, SYRINGES, ZONES

ScenarioFile = Annotated[
    str | None,
    typer.Argument(metavar="[SCENARIO]", help="A scenario file; without one a compliant clinician plays."),
]
InterpreterName = Annotated[
    str, typer.Option("--interpreter", metavar="|".join(INTERPRETERS), help="What runs the device's files.")
]
PlantPlace = Annotated[
    str, typer.Option("--plant", metavar="FILE.py:Class", help="Physics of your own.", show_default="the project's")
]
PlantParams = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A parameter of the plant; may be repeated."),
]
Chip = Annotated[
    str | None,
    typer.Option("--chip", metavar="|".join(CHIPS), help="Which chip and board.", show_default="esp32s3"),
]
Syringe = Annotated[
    str | None,
    typer.Option("--syringe", metavar="|".join(SYRINGES), help="Which syringe is in.", show_default="1ml"),
]
Needle = Annotated[
    str | None,
    typer.Option("--needle", metavar='"30G 4mm"|...', help="Which needle is on.", show_default="by the depth"),
]
Zone = Annotated[
    str | None,
    typer.Option("--zone", metavar="|".join(ZONES), help="Of the body: it has limits of its own.", show_default="body"),
]
Points = Annotated[
    str | None,
    typer.Option(
        "--points", metavar="N", help="Planned in the zone; at the last one it stops.", show_default="no plan"
    ),
]
Shots = Annotated[str | None, typer.Option("--shots", metavar="N", help="Presses, in burst drops.", show_default="10")]
DoseNl = Annotated[
    str | None,
    typer.Option("--dose-nl", metavar="N", help="Volume of a drop, nanolitres.", show_default="10000"),
]
DepthUm = Annotated[
    str | None,
    typer.Option("--depth-um", metavar="N", help="Depth below the nozzle plane, micrometres.", show_default="1000"),
]
Mode = Annotated[
    str | None,
    typer.Option("--mode", metavar="|".join(MODES), help="A drop a press, or a row of drops.", show_default="single"),
]
RateHz = Annotated[
    str | None,
    typer.Option("--rate-hz", metavar="X", help="Drops a second in burst.", show_default="as fast as possible"),
]
FaultName = Annotated[
    str | None,
    typer.Option("--fault", metavar="NAME[@PHASE]", help="Something fails in that phase; `mesogun faults` lists what."),
]
OpenLoop = Annotated[bool, typer.Option("--open-loop", help="Dose as marketed devices do: count the steps, retract.")]
Seed = Annotated[
    str | None, typer.Option("--seed", metavar="N", help="Another number, another skin and noise.", show_default="1")
]


WAITING_RATE_MHZ = 2_000
"""A burst so slow that its needle has to wait."""


class Malformed(ValueError):
    """The command line makes no sense; the message says why in one line."""


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
        if name in ("chip", "syringe", "needle", "zone", "mode"):
            setattr(order, name, text)
        elif name == "rate_hz":
            order.rate_mhz = _rate_mhz(text)
        else:
            setattr(order, name, _whole(f"--{name.replace('_', '-')}", text))
    order.params.update(read_param(text) for text in params)
    if plant:
        order.plant = plant
    check_choice("syringe", order.syringe, tuple(SYRINGES))
    if order.needle:
        check_choice("needle", order.needle, NEEDLES)
    if order.zone:
        check_choice("zone", order.zone, ZONES)
    check_choice("chip", order.chip, CHIPS)
    check_choice("mode", order.mode, MODES)
    if order.shots < 1:
        raise Malformed(f"--shots {order.shots}: at least one")
    return order


def take_fault(order: Order, fault: str, given: Mapping[str, str | None]) -> None:
    """Put a fault into the order. Raises Malformed."""
    if order.scenario:
        raise Malformed("--fault is for the clinician, who comes through every phase; a scenario has its own way")
    try:
        order.fault = complete(fault)
    except UnknownFault as error:
        raise Malformed(str(error)) from error
    if order.fault.endswith("@wait") and order.mode != "burst":
        if given.get("mode") is not None:
            raise Malformed(f"--fault {order.fault}: only a burst waits between its drops; leave --mode out")
        order.mode = "burst"
        order.rate_mhz = order.rate_mhz or WAITING_RATE_MHZ


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


def read_param(text: str) -> tuple[str, float]:
    """The name and value of a --param. Raises Malformed."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Malformed(f"--param {text}: write NAME=VALUE")
    try:
        return name.strip(), number(value.strip())
    except ValueError:
        raise Malformed(f"--param {text}: {value or 'nothing'} is not a number") from None


def check_choice(what: str, word: str, known: tuple[str, ...]) -> None:
    """Raises Malformed if `word` is none of `known`; `what` it is goes into the sentence."""
    if word not in known:
        raise Malformed(f"unknown {what} {word}: it is {_choice(known)}")


def _choice(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1]


def play(order: Order, interpreter: str, quiet: bool, trace: Callable[[str], None] | None = None) -> Outcome:
    """Play it, on a terminal with a bar. `trace` gets a line a tick. Raises as `simulate` does."""
    if quiet or order.scenario:
        return simulate(order, interpreter, trace=trace)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("drops" if order.mode == "burst" else "shots", total=order.shots)
        return simulate(order, interpreter, lambda done, wanted: bar.update(task, completed=done, total=wanted), trace)
