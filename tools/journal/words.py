"""A record in words, for people."""

from __future__ import annotations

from tools.journal import kinds
from tools.journal.records import Record

_UNITS = {"_nl": ("ul", 1000, 3), "_um": ("mm", 1000, 2), "_ms": ("ms", 1, 0), "_s": ("s", 1, 0)}


def in_words(record: Record) -> str:
    """What it says, without its kind."""
    said = record.said()
    if record.kind == kinds.DROP:
        cause = f" ({', '.join(said['cause'])})" if said["cause"] else ""
        return (
            f"no {said['number']}, asked {_number('_nl', said['requested_nl'])} at {_number('_um', said['depth_um'])}: "
            f"{said['result']}{cause}, {_number('_nl', said['reported_nl'])} "
            f"({said['reported_min_nl'] / 1000:.3f} to {said['reported_max_nl'] / 1000:.3f})"
        )
    return ", ".join(_field(name, value) for name, value in said.items())


def moment(record: Record) -> str:
    """When it was written by the wall clock, or when since power-on."""
    written = record.written
    return f"{written:%Y-%m-%d %H:%M}" if written else f"+{record.uptime_ms / 1000:.1f} s"


def _field(name: str, value: object) -> str:
    if isinstance(value, list):
        return f"{name}: {' '.join(map(str, value)) or 'none'}"  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, int):
        for suffix in _UNITS:
            if name.endswith(suffix) and not name.endswith("_per" + suffix):
                return f"{name.removesuffix(suffix).replace('_', ' ')} {_number(suffix, value)}"
    return f"{name.replace('_', ' ')} {value}"


def _number(suffix: str, value: int) -> str:
    unit, divisor, digits = _UNITS[suffix]
    return f"{value / divisor:.{digits}f} {unit}"
