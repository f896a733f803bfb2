"""Masks of bits into words, for people and telemetry. Allocates: never called inside a tick."""


def words(mask: int, table: "tuple[str, ...]") -> "list[str]":
    """The names of the set bits of `mask`, lowest bit first."""
    return [table[bit] for bit in range(len(table)) if mask >> bit & 1]
