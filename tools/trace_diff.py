"""Two traces compared: the first tick and field in which they differ, said in words, with the ticks around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.simulator.recorder import INPUT_NAMES, OUTPUT_NAMES
from tools.simulator.trace_lines import CONTEXT_NAMES
from tools.trace_files import Trace

_ALWAYS = ("state", "phase")


@dataclass(frozen=True)
class Difference:
    """What two traces disagree about first: `sentences` say it; `tick` and `fields` are where, None and () if it is
    not in a tick.
    """

    sentences: tuple[str, ...]
    tick: int | None
    fields: tuple[str, ...] = ()


def compare(one: Trace, other: Trace, ignored: Sequence[str] = ()) -> Difference | None:
    """The first difference, or None if every tick is the same. `ignored` fields may differ."""
    shared = [field for field in one.fields if field in other.fields and field not in ignored]
    missing = _columns_only_in_one(one, other, ignored)
    as_they_stand = one.fields == other.fields and not ignored
    for tick, (line, other_line) in enumerate(zip(one.lines, other.lines, strict=False)):
        if as_they_stand and line == other_line:
            continue
        values, other_values = one.values(tick), other.values(tick)
        fields = tuple(field for field in shared if values[field] != other_values[field])
        if fields:
            return Difference((*_in_words(one, other, tick, fields), *missing), tick, fields)
    ticks, other_ticks = len(one.lines), len(other.lines)
    if ticks != other_ticks:
        shorter, longer = (one, other) if ticks < other_ticks else (other, one)
        end = "" if shorter.complete else ", broken off"
        sentence = (
            f"All {len(shorter.lines)} ticks of {shorter.name} are the same in {longer.name}, but it ends there{end}; "
            f"the other goes on for {abs(ticks - other_ticks)} ticks more."
        )
        return Difference((sentence, *missing), min(ticks, other_ticks))
    return Difference(missing, None) if missing else None


def _columns_only_in_one(one: Trace, other: Trace, ignored: Sequence[str]) -> tuple[str, ...]:
    said: list[str] = []
    for here, there in ((one, other), (other, one)):
        alone = [field for field in here.fields if field not in there.fields and field not in ignored]
        if alone:
            said.append(f"Only {here.name} has {', '.join(alone)}.")
    return tuple(said)


def _in_words(one: Trace, other: Trace, tick: int, fields: tuple[str, ...]) -> list[str]:
    """Where, what, and what that means."""
    values, other_values = one.values(tick), other.values(tick)
    where = f"The first difference is in tick {tick}"
    if "t_us" in values:
        where += f", {int(values['t_us']) / 1e6:.6f} s after power-on"
    if "state" in values and "phase" in values and values["state"] == other_values["state"]:
        where += f", in {values['state']}, phase {values['phase']}"
        if values["phase"] != other_values["phase"]:
            where += f" or {other_values['phase']}"
    if values.get("drop", "0") != "0":
        where += f", drop {values['drop']}"
    said = [f"{where}."]
    said += [
        f"{_kind(field)} {field} is {values[field]} in {one.name} and {other_values[field]} in {other.name}."
        for field in fields
    ]
    said.append(_meaning(fields))
    return said


def _kind(field: str) -> str:
    return "Input" if field in INPUT_NAMES else "Output" if field in OUTPUT_NAMES else "The firmware's"


def _meaning(fields: tuple[str, ...]) -> str:
    if set(fields) == {"t_us"}:
        return "Only the clock differs: the chip or the drivers took another time, the firmware decided the same."
    if any(field in INPUT_NAMES for field in fields):
        return "The inputs differ, so it began outside the firmware: in the plant, the hand, the chip or the drivers."
    return "All inputs so far are the same, so the firmware decided differently."


def around(one: Trace, other: Trace, found: Difference, ticks: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A table of so many ticks before and after the first difference: headings, and rows of text.

    Columns are the state and phase, what differs there, and what moved or changed nearby. Where the traces differ a
    cell holds both values, one / other.
    """
    middle = found.tick or 0
    begin, end = max(middle - ticks, 0), middle + ticks + 1
    shown = [field for field in _ALWAYS if field in one.fields]
    shown += [field for field in found.fields if field not in shown]
    shared = [field for field in one.fields if field in other.fields]
    for field in shared:
        if field not in shown and field not in CONTEXT_NAMES and len(shown) < 9 and _moves(one, field, begin, end):
            shown.append(field)
    rows = [
        (str(tick), *(_cell(one, other, tick, field) for field in shown), "<--" if tick == middle else "")
        for tick in range(begin, min(end, max(len(one.lines), len(other.lines))))
    ]
    return ("tick", *shown, ""), rows


def _moves(trace: Trace, field: str, begin: int, end: int) -> bool:
    return len(set(trace.column(field, begin, end))) > 1


def _cell(one: Trace, other: Trace, tick: int, field: str) -> str:
    texts = [trace.values(tick).get(field, "-") if tick < len(trace.lines) else "-" for trace in (one, other)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} / {texts[1]}"
