"""Masks of bits into words, for people and telemetry. Allocates: never called inside a tick."""


def words(mask: int, phrase: bytes) -> "list[str]":
    """The names of the set bits of `mask`, lowest bit first; `phrase` has one for each bit, with bars between."""
    table = phrase.decode().split("|")
    return [table[bit] for bit in range(len(table)) if mask >> bit & 1]
