"""The report of a simulated session: session.json, shots.csv and report.html, one page that needs nothing else.

The template holds words only: figures come from report_tables.py and the figures_*.py files.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.plain_words import PHASES
from tools.report_tables import Played, endings, lead, results_rows, settings_rows, title
from tools.session_files import write_session
from tools.simulation import Order, Outcome, simulate
from tools.simulator.recorder import CURVES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TEMPLATE = "report_template.html"


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in the page: an <svg> element, and what to see in it."""

    title: str
    svg: str
    text: str
    phases: tuple[tuple[str, str], ...] = ()
    endings: tuple[str, ...] = ()
    tall: bool = False


def report_session(folder: Path, order: Order, outcome: Outcome) -> Path:
    """Write the report of one session, which has been played; returns the page's path.

    It is compared with the same session dosed the other way, which is played here. So is, if a drop went wrong, the
    session itself, once more, for the curves of that drop. Raises OSError, and as `simulate` does.
    """
    interpreter = outcome.summary["interpreter"]
    shots = outcome.summary["shots"]
    wrong = next((shot["n"] for shot in shots if shot["result"] in ("aborted", "fault")), None)
    if wrong is not None and wrong not in outcome.curves:
        again = simulate(dataclasses.replace(order, curves=(wrong,)), interpreter)
        if again.summary["trace_sha256"] == outcome.summary["trace_sha256"]:  # physics of one's own may be moody
            outcome.curves.update(again.curves)
    peer = None
    if not order.scenario and any(shot["result"] == "delivered" for shot in shots):
        other = dataclasses.replace(order, open_loop=not order.open_loop, curves=())
        peer = Played(other, simulate(other, interpreter))
    return write_report(folder, Played(order, outcome), peer)


def write_report(folder: Path, session: Played, peer: Played | None = None, incident: Played | None = None) -> Path:
    """Write all three files; returns the page's path. Raises OSError.

    `peer` is the same session dosed the other way, `incident` another one in which something went wrong.
    """
    others = {"open_loop" if peer and peer.order.open_loop else "closed_loop": peer, "incident": incident}
    write_session(
        folder,
        session.order,
        session.outcome,
        {name: (played.order, played.outcome) for name, played in others.items() if played},
    )
    page = folder / "report.html"
    page.write_text(render(session, peer, incident), encoding="utf-8")
    return page


def render(session: Played, peer: Played | None = None, incident: Played | None = None) -> str:
    """The page."""
    # Drawing libraries take a second to load: only who writes a report waits for them.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(_TEMPLATE).render(
        title=title(session),
        lead=lead(session),
        pictures=_pictures(session, peer, incident),
        settings=settings_rows(session),
        results=results_rows(session, peer),
        endings=endings(session),
        expectations=session.outcome.failures,
        remarks=session.outcome.remarks,
        compared=peer is not None,
        mode="open" if session.order.open_loop else "closed",
    )


# --- pictures -----------------------------------------------------------------------------------------------------


def _pictures(session: Played, peer: Played | None, incident: Played | None) -> list[Picture]:
    from tools import figures_drops
    from tools.figures_style import svg

    pictures: list[Picture] = []
    loop = "open" if session.order.open_loop else "closed"
    if peer:
        closed, counted = (peer, session) if session.order.open_loop else (session, peer)
        figure = figures_drops.distributions(closed.shots, counted.shots)
        text = (
            "The same session twice. The open loop doses as marketed devices do: it counts the motor's steps and "
            "retracts. Bars below the columns are the tolerance intervals."
        )
        pictures.append(Picture("Closed loop against open loop", svg(figure, "distributions", text), text))
    if any(shot["result"] == "delivered" for shot in session.shots):
        figure: Figure = figures_drops.error_of_each_drop(session.shots, session.outcome.summary["syringe"], loop)
        text = "Above, how far each drop was from what was asked. Below, how far the device's own report was from it."
        pictures.append(Picture("The error of each drop", svg(figure, "drops", text), text))
    for number in shown_shots(session):
        pictures.append(_anatomy(session, number, f"Anatomy of drop {number}"))
    if incident:
        told = tuple(endings(incident))
        for number in shown_shots(incident)[-1:]:
            picture = _anatomy(incident, number, f"Another session, and what happened in its drop {number}")
            pictures.append(dataclasses.replace(picture, endings=told, phases=()))
    return pictures


def shown_shots(played: Played) -> list[int]:
    """Numbers of the shots to draw, of those whose curves were kept: the last delivered, the first that went wrong."""
    recorded = [shot for shot in played.shots if shot["n"] in played.outcome.curves]
    good = [shot["n"] for shot in recorded if shot["result"] == "delivered"]
    wrong = [shot["n"] for shot in recorded if shot["result"] in ("aborted", "fault")]
    return good[-1:] + wrong[:1]


def _anatomy(played: Played, number: int, title: str) -> Picture:
    from tools import figures_shot
    from tools.figures_style import svg

    shot = next(shot for shot in played.shots if shot["n"] == number)
    columns: dict[str, list[float]] = dict(zip(CURVES, played.outcome.curves[number], strict=True))
    figure = figures_shot.anatomy(columns, played.outcome.phases, shot)
    text = (
        "What the machine sensed, and what it made of it: it knows what it displaced, and how much of that the "
        "pressure stores; the rest has left the needle. The thin black line is the truth of the simulated physics, "
        "which the firmware never sees."
    )
    met = dict.fromkeys(span.name for span in figures_shot.spans(columns, played.outcome.phases))
    meanings = tuple((name.replace("_", "-"), PHASES[name]) for name in met if name in PHASES)
    return Picture(title, svg(figure, f"shot{number}-{title[:4].lower()}", text), text, meanings, tall=True)
