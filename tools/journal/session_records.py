"""A session as a clinic files it: one HTML page, one CSV of all drops, one JSON with everything."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.journal.exports import SIMULATED
from tools.journal.sessions import Drop, Moment, Session, Told

_TEMPLATE = "session_template.html"
_HEADINGS = ("n", "time", "zone", "needle", "depth mm", "asked ul", "reported ul", "least ul", "most ul", "result")
_RIGHT = (1, 4, 5, 6, 7, 8, 9)  # columns of numbers, from 1
_NO_VALUE = "-"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Filed:
    """A session, and what is around it: all sessions of the journal, and what a check of the journal has found."""

    session: Session
    others: Sequence[Session]
    device: str
    forged: Sequence[str] = ()
    first_is_believed: bool = False

    @property
    def name(self) -> str:
        """Of the files, without suffix."""
        day = self.session.day
        return f"session-{self.session.patient}-{day.isoformat() if day else f'record-{self.session.first_record}'}"


def write(folder: Path, filed: Filed) -> list[Path]:
    """Write all three files; makes the folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    page, table, whole = (folder / f"{filed.name}.{suffix}" for suffix in ("html", "csv", "json"))
    page.write_text(render(filed), encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        objects = [_drop_object(drop) for drop in filed.session.drops]
        if objects:
            rows.writerow(objects[0])
        rows.writerows([each.values() for each in objects])
    whole.write_text(json.dumps(_session_object(filed), indent=1) + "\n", encoding="utf-8")
    return [page, table, whole]


def render(filed: Filed) -> str:
    """The page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    session = filed.session
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(_TEMPLATE).render(
        title=f"Patient {session.patient}, {_day(session)}",
        device=filed.device,
        simulated=filed.device == SIMULATED,
        first=session.first_record,
        last=session.last_record,
        lead=lead(session),
        forged=filed.forged,
        believed=" but for the first, which is believed" if filed.first_is_believed else "",
        troubles=_told(session.troubles),
        used=_used(session),
        disinfections=_told(session.disinfections),
        settings=_told(session.settings),
        totals=totals(session),
        patient=session.patient,
        course=course(filed),
        headings=_HEADINGS,
        right=_RIGHT,
        drops=[(not drop.is_delivered, _drop_row(drop)) for drop in session.drops],
        operators=_listed([str(operator + 1) for operator in session.operators]),
    )


def lead(session: Session) -> str:
    """The session in a sentence or two."""
    if not session.is_treatment:
        return "Nothing was given."
    product = _listed([f"{name} (lot {lot})" for name, lot in session.products])
    sentence = (
        f"{session.delivered} of {len(session.drops)} drops of {product} were delivered, zone "
        f"{_listed(session.zones)}: {_ul(sum(_reported(drop) for drop in session.drops))} ul reported, surely no more "
        f"than {_ul(_most_nl(session))} ul."
    )
    if session.uncertain_drops:
        sentence += (
            f" Of these {_ul(session.uncertain_nl)} ul are uncertain: power was lost while up to "
            f"{session.uncertain_drops} more drops might have been given."
        )
    return sentence


def totals(session: Session) -> list[Row]:
    """For each zone and product, for what is uncertain, and for all."""
    rows: list[Row] = []
    for zone, product in dict.fromkeys((drop.zone, drop.product) for drop in session.drops):
        drops = [drop for drop in session.drops if (drop.zone, drop.product) == (zone, product)]
        rows.append(_total_row(f"{zone}, {product}", drops, 0))
    if session.uncertain_drops:
        row = ("uncertain, given or not", f"up to {session.uncertain_drops}", _NO_VALUE, _NO_VALUE)
        rows.append((*row, _ul(session.uncertain_nl)))
    rows.append(_total_row("all", session.drops, session.uncertain_nl))
    return rows


def course(filed: Filed) -> list[Row]:
    """The sessions of this patient, up to this one and after it."""
    return [
        (
            _day(session),
            _listed(session.zones),
            _listed([f"{name}, lot {lot}" for name, lot in session.products]),
            str(session.delivered),
            _ul(sum(_reported(drop) for drop in session.drops)),
        )
        for session in filed.others
        if session.patient == filed.session.patient and session.is_treatment
    ]


def _total_row(name: str, drops: Sequence[Drop], uncertain_nl: int) -> Row:
    most_nl = sum(drop.said["reported_max_nl"] for drop in drops) + uncertain_nl
    delivered = sum(drop.is_delivered for drop in drops)
    return (name, str(len(drops)), str(delivered), _ul(sum(map(_reported, drops))), _ul(most_nl))


def _used(session: Session) -> list[Row]:
    needles = [f"{told.text} ({_time(told.at)})" for told in session.needles]
    return [
        ("date", _day(session)),
        ("from, to", f"{_time(session.begun)} to {_time(session.ended)}"),
        ("operator, by place in the list", _listed([str(operator + 1) for operator in session.operators])),
        ("product, lot", _listed([f"{name}, lot {lot}" for name, lot in session.products])),
        ("zone", _listed(session.zones)),
        ("syringe", _listed(session.syringes)),
        ("fresh needles", _listed(needles)),
    ]


def _drop_row(drop: Drop) -> Row:
    said = drop.said
    cause = f": {', '.join(said['cause'])}" if said["cause"] else ""
    return (
        str(said["number"]),
        _time(drop.at),
        drop.zone,
        str(drop.needle or _NO_VALUE),
        f"{said['depth_um'] / 1000:.2f}",
        _ul(said["requested_nl"]),
        _ul(said["reported_nl"]),
        _ul(said["reported_min_nl"]),
        _ul(said["reported_max_nl"]),
        f"{said['result']}{cause}".replace("_", " "),
    )


def _drop_object(drop: Drop) -> dict[str, Any]:
    said = dict(drop.said, cause=" ".join(drop.said["cause"]))
    at = drop.at.isoformat(timespec="minutes") if drop.at else None
    return {
        "number": said.pop("number"),
        "at": at,
        "zone": drop.zone,
        "product": drop.product,
        "needle": drop.needle,
    } | said


def _session_object(filed: Filed) -> dict[str, Any]:
    session = filed.session
    found = {
        name: value
        for name, value in dataclasses.asdict(session).items()
        if name not in ("drops", "products", "needles", "disinfections", "settings", "troubles")
    }
    found |= {
        "device": filed.device,
        "whole": not filed.forged,
        "findings": list(filed.forged),
        "products": [{"name": name, "lot": lot} for name, lot in session.products],
        "reported_nl": sum(map(_reported, session.drops)),
        "most_nl": _most_nl(session),
        "delivered": session.delivered,
        "course": [row[0] for row in course(filed)],
        "drops": [_drop_object(drop) for drop in session.drops],
    }
    for name in ("needles", "disinfections", "settings", "troubles"):
        listed: list[Told] = getattr(session, name)
        found[name] = [
            {"at": told.at.isoformat(timespec="minutes") if told.at else None, "text": told.text} for told in listed
        ]
    return {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in found.items()}


# --- words ----------------------------------------------------------------------------------------------------------


def _reported(drop: Drop) -> int:
    return drop.said["reported_nl"]


def _most_nl(session: Session) -> int:
    return sum(drop.said["reported_max_nl"] for drop in session.drops) + session.uncertain_nl


def _told(listed: Sequence[Told]) -> list[Row]:
    return [(_time(told.at), told.text.replace("_", " ")) for told in listed]


def _listed(words: Sequence[str]) -> str:
    return "; ".join(words) or _NO_VALUE


def _ul(volume_nl: int) -> str:
    return f"{volume_nl / 1000:.2f}"


def _day(session: Session) -> str:
    return f"{session.day.day} {session.day:%B %Y}" if session.day else "date unknown"


def _time(at: Moment) -> str:
    return f"{at:%H:%M}" if at else _NO_VALUE
