"""What people have said of single mutants, in tools/mutation.toml: equivalent, known survivor, or cruel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.mutate_edits import Mutant

PLACE = Path(__file__).resolve().parent / "mutation.toml"
KINDS = ("equivalent", "survivor", "cruel")
_WORDS = {"file", "function", "was", "now", "times", "reason"}

Key = tuple[str, str, str, str]


class VerdictError(Exception):
    """An entry that cannot be read, or is not true of the mutants there are."""


@dataclass(frozen=True)
class Verdict:
    """One entry: it is about `times` mutants, those with this key (Mutant.key)."""

    kind: str
    key: Key
    times: int
    reason: str

    @property
    def name(self) -> str:
        """The entry in a sentence."""
        file, function, was, now = self.key
        return f"{self.kind} {file} {function or '(module)'}: {was} -> {now}"


def load(place: Path = PLACE) -> list[Verdict]:
    """Every entry of the file. Raises VerdictError and OSError."""
    import tomli  # only who develops has it

    try:
        tables: dict[str, list[dict[str, Any]]] = tomli.loads(place.read_text(encoding="utf-8"))
    except tomli.TOMLDecodeError as error:
        raise VerdictError(f"{place.name}: {error}") from None
    if set(tables) - set(KINDS):
        raise VerdictError(f"{place.name}: tables are {', '.join(KINDS)}, not {', '.join(set(tables) - set(KINDS))}")
    found = [verdict for kind in KINDS for table in tables.get(kind, []) for verdict in _read(kind, table)]
    keys = [verdict.key for verdict in found if verdict.kind != "cruel"]
    for key in keys:
        if keys.count(key) > 1:
            raise VerdictError(f"{place.name}: said twice: {key[0]} {key[1]}: {key[2]} -> {key[3]}")
    return found


def _read(kind: str, table: dict[str, Any]) -> Iterator[Verdict]:
    """A table is one entry, or several that share line and reason: `now` may be a list."""
    if set(table) - _WORDS or not {"file", "function", "was", "now"} <= set(table):
        raise VerdictError(f"an entry has {sorted(_WORDS)}, and all but times: {table}")
    if kind != "cruel" and not table.get("reason"):
        raise VerdictError(f"{kind} {table['file']}: {table['was']}: a reason is missing")
    told: str | list[str] = table["now"]
    for now in [told] if isinstance(told, str) else told:
        key = (table["file"], table["function"], table["was"], now)
        yield Verdict(kind, key, table.get("times", 1), " ".join(table.get("reason", "").split()))


def check(verdicts: Sequence[Verdict], mutants: Sequence[Mutant]) -> None:
    """Raises VerdictError for an entry that does not fit as many of `mutants`, all of a file, as it says."""
    files = {mutant.file for mutant in mutants}
    counted: dict[Key, int] = {}
    for mutant in mutants:
        counted[mutant.key] = counted.get(mutant.key, 0) + 1
    for verdict in verdicts:
        found = counted.get(verdict.key, 0)
        if verdict.key[0] in files and found != verdict.times:
            raise VerdictError(f"{verdict.name}: fits {found} mutants, not {verdict.times}: change or remove the entry")


def reasons(verdicts: Sequence[Verdict], kind: str) -> dict[Key, str]:
    """The entries of one kind: key to reason."""
    return {verdict.key: verdict.reason for verdict in verdicts if verdict.kind == kind}
