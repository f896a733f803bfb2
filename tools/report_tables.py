"""The words and tables of a report: every figure in them is computed here from the session's own data."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools import goals
from tools.plain_words import in_words
from tools.simulation import Order, Outcome
from tools.tolerance import interval

NO_VALUE = "-"
Row = tuple[str, str]


@dataclass(frozen=True)
class Played:
    """One session: what was ordered and what came of it."""

    order: Order
    outcome: Outcome

    @property
    def shots(self) -> list[dict[str, Any]]:
        """The shots of `mesogun sim --json`."""
        return self.outcome.summary["shots"]


def title(session: Played) -> str:
    """How many drops of how much, how deep."""
    shots = session.shots
    count = f"{len(shots)} {'drop' if len(shots) == 1 else 'drops'}"
    if not shots:
        return "A session without drops"
    return f"{count} of {_ul(shots[0]['requested_nl'])} ul at {shots[0]['depth_requested_um'] / 1000:g} mm"


def _ul(volume_nl: float) -> str:
    return f"{volume_nl / 1000:g}"


def lead(session: Played) -> str:
    """The result in a sentence or two."""
    shots = session.shots
    good = [shot for shot in shots if shot["result"] == "delivered"]
    if not good:
        return f"None of {len(shots)} presses was delivered." if shots else "Nobody pressed the trigger."
    sentence = f"{len(good)} of {len(shots)} drops were delivered"
    found = interval([shot["delivered_nl"] for shot in good])
    asked = good[0]["requested_nl"]
    if found is None:
        return f"{sentence}: {good[0]['delivered_nl'] / 1000:.3f} of {_ul(asked)} ul."
    error = found.shifted(asked, 100 / asked)
    return (
        f"{sentence}, {found.mean / 1000:.3f} ul on average. With 95 % confidence, 97.5 % of such drops lie between "
        f"{error.low:+.2f} % and {error.high:+.2f} % of what was asked (k = {found.k:.3f}, n = {found.n})."
    )


def settings_rows(session: Played) -> list[Row]:
    """What was set, as (name, value)."""
    order, summary = session.order, session.outcome.summary
    shots = session.shots
    rows = [
        ("syringe", summary["syringe"]),
        ("dose", f"{_ul(shots[0]['requested_nl'] if shots else order.dose_nl)} ul"),
        (
            "depth below the nozzle plane",
            f"{(shots[0]['depth_requested_um'] if shots else order.depth_um) / 1000:g} mm",
        ),
        ("dosing", "open loop: counts the steps" if order.open_loop else "closed loop: weighs every drop"),
        ("played by", "a scenario file" if order.scenario else "a compliant clinician"),
        ("mode", f"{order.mode}{_rate(order)}"),
        ("chip and interpreter", f"{summary['chip']}, {summary['interpreter']}"),
        ("physics", order.plant or "the project's own plant"),
        ("parameters of the physics", ", ".join(f"{key} = {value:g}" for key, value in order.params.items()) or "none"),
        ("seed", str(summary["seed"])),
    ]
    return rows


def _rate(order: Order) -> str:
    if order.mode != "burst":
        return ""
    return f", {order.rate_mhz / 1000:g} drops a second" if order.rate_mhz else ", as fast as possible"


def results_rows(session: Played, peer: Played | None) -> list[tuple[str, str, str]]:
    """What came of it, as (name, closed or only session, peer)."""
    ours = _results(session)
    theirs = dict(_results(peer)) if peer else {}
    return [(name, value, theirs.get(name, "")) for name, value in ours]


def _results(played: Played) -> list[Row]:
    summary, shots = played.outcome.summary, played.shots
    good = [shot for shot in shots if shot["result"] == "delivered"]
    rows = [("delivered", f"{len(good)} of {len(shots)}")]
    rows += _volume_rows(good) if good else []
    rows += [
        ("state at the end", " ".join([summary["state"], *summary["faults"], *summary["inhibits"]])),
        ("syringes used", str(summary["syringes"])),
        ("time simulated", f"{summary['virtual_s']:.1f} s, {summary['ticks']} ticks, in {summary['wall_s']:.1f} s"),
        ("trace (SHA-256)", summary["trace_sha256"]),
    ]
    return rows


def _volume_rows(good: Sequence[dict[str, Any]]) -> list[Row]:
    asked = good[0]["requested_nl"]
    found = interval([shot["delivered_nl"] for shot in good])
    error = found.shifted(asked, 100 / asked) if found else None
    worst = max(good, key=lambda shot: abs(shot["delivered_nl"] - asked))
    told = max(abs(shot["reported_nl"] - shot["delivered_nl"]) for shot in good)
    inside = sum(shot["reported_min_nl"] <= shot["delivered_nl"] <= shot["reported_max_nl"] for shot in good)
    skin = [shot["surface_nl"] for shot in good]
    off = max(abs(shot["depth_max_um"] - shot["depth_requested_um"]) for shot in good)
    took = statistics.median(shot["duration_us"] for shot in good) / 1000
    return [
        ("mean volume", f"{statistics.fmean(shot['delivered_nl'] for shot in good) / 1000:.3f} ul"),
        ("standard deviation", f"{found.sd:.0f} nl" if found else NO_VALUE),
        ("tolerance interval", f"{error.low:+.2f} to {error.high:+.2f} %" if error else NO_VALUE),
        ("first drop", f"{(good[0]['delivered_nl'] / asked - 1) * 100:+.2f} %"),
        ("worst drop", f"{(worst['delivered_nl'] / asked - 1) * 100:+.2f} % (drop {worst['n']})"),
        ("reported - delivered, worst", f"{told:.0f} nl (goal: at most {goals.report_error_nl(asked):g} nl)"),
        ("truth inside the reported bounds", f"{inside} of {len(good)}"),
        ("liquid on the skin, worst", f"{max(skin):.0f} nl (goal: at most {goals.surface_nl(asked):g} nl)"),
        ("liquid on the skin, mean", f"{statistics.fmean(skin):.0f} nl"),
        ("depth error, worst", f"{off:.0f} um (goal: at most {goals.DEPTH_ERROR_UM:g} um)"),
        ("time of a drop, median", f"{took:.0f} ms"),
    ]


def endings(played: Played) -> list[str]:
    """Every press that did not end as a delivered drop, in words; refused ones in a row told once."""
    told: list[str] = []
    refused: list[dict[str, Any]] = []
    for shot in [*played.shots, None]:
        if refused and (shot is None or shot["result"] != "refused" or shot["reasons"] != refused[0]["reasons"]):
            told.append(_refusals(refused))
            refused = []
        if shot is None:
            break
        if shot["result"] == "refused":
            refused.append(shot)
        elif shot["result"] != "delivered":
            told.append(ending(shot))
    return told


def _refusals(refused: Sequence[dict[str, Any]]) -> str:
    first, last = refused[0]["n"], refused[-1]["n"]
    which = f"Press {first} was" if first == last else f"Presses {first} to {last} were"
    why = "; ".join(in_words(reason) for reason in refused[0]["reasons"]) or "no reason was shown"
    return f"{which} refused: {why}."


def ending(shot: dict[str, Any]) -> str:
    """How an aborted or faulted drop ended, what the device reports about it, and whether that is true."""
    why = "; ".join(in_words(reason) for reason in shot["reasons"]) or "no reason was shown"
    how = "ended by a fault" if shot["result"] == "fault" else "broken off"
    low, high = shot["reported_min_nl"] / 1000, shot["reported_max_nl"] / 1000
    truth = shot["delivered_nl"] / 1000
    verdict = "inside these bounds" if low <= truth <= high else "OUTSIDE these bounds"
    return (
        f"Drop {shot['n']} was {how}: {why}. The device reports {shot['reported_nl'] / 1000:.2f} of "
        f"{_ul(shot['requested_nl'])} ul, between {low:.2f} and {high:.2f}; the simulator's truth, {truth:.2f} ul, "
        f"is {verdict}."
    )
