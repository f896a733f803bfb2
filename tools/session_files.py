"""What a simulated session leaves in a folder: session.json with everything, shots.csv for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.simulation import SHOT_KEYS, Order, Outcome
from tools.simulator.recorder import CURVES

NOTE = "figures of a simulator, not the accuracy of a device"


def write_session(
    folder: Path, order: Order, outcome: Outcome, others: Mapping[str, tuple[Order, Outcome]] | None = None
) -> None:
    """Write session.json and shots.csv; makes the folder. Raises OSError.

    `others` are sessions to compare with, by name: objects of the same form under these names in session.json, and a
    table NAME-shots.csv for each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = session_object(order, outcome)
    for name, (other_order, other_outcome) in (others or {}).items():
        written[name] = session_object(other_order, other_outcome)
        _write_shots(folder / f"{name.replace('_', '-')}-shots.csv", other_outcome)
    (folder / "session.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    _write_shots(folder / "shots.csv", outcome)


def _write_shots(path: Path, outcome: Outcome) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(SHOT_KEYS)
        for shot in outcome.summary["shots"]:
            rows.writerow([" ".join(shot[key]) if key == "reasons" else shot[key] for key in SHOT_KEYS])


def session_object(order: Order, outcome: Outcome) -> dict[str, Any]:
    """The keys of `mesogun sim --json`, and: what was ordered, the curves of single shots, unmet expectations."""
    return {
        **outcome.summary,
        "note": NOTE,
        "order": {**vars(order), "curves": list(order.curves)},
        "phases": list(outcome.phases),
        "curves": {
            number: dict(zip(CURVES, columns, strict=True)) for number, columns in sorted(outcome.curves.items())
        },
        "expectations": {"met": outcome.met, "failed": outcome.failures},
    }
