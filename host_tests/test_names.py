"""Masks into words, and the three tables of words."""

from types import ModuleType

import pytest

from firmware import drop, faults, inhibits, settings
from firmware.names import words

TABLES = {"faults": (faults, faults.names), "inhibits": (inhibits, inhibits.names)}


def bits_of(module: ModuleType) -> "dict[str, int]":
    """The public integer constants of a module of bits."""
    return {
        name: value
        for name, value in vars(module).items()
        if name.isupper() and name[0] != "_" and name != "PRIMED" and type(value) is int
    }


def test_words_are_in_the_order_of_their_bits() -> None:
    assert words(0b101, b"low|middle|high") == ["low", "high"]


def test_no_bit_gives_no_word() -> None:
    assert words(0, b"low|high") == []


def test_a_bit_without_a_word_is_left_out() -> None:
    assert words(0b1001, b"low|high") == ["low"]


@pytest.mark.parametrize("name", TABLES)
def test_every_bit_has_one_word_of_its_own(name: str) -> None:
    module, names = TABLES[name]
    bits = bits_of(module)
    every_word = [names(bit) for bit in bits.values()]
    assert all(len(found) == 1 for found in every_word)
    assert len({found[0] for found in every_word}) == len(bits)
    assert names((1 << 30) - 1) == [names(bit)[0] for bit in sorted(bits.values())]


@pytest.mark.parametrize("name", TABLES)
def test_bits_are_single_distinct_and_small_on_the_chip(name: str) -> None:
    bits = sorted(bits_of(TABLES[name][0]).values())
    assert bits == [1 << place for place in range(len(bits))]
    assert len(bits) <= 30


@pytest.mark.parametrize("name", TABLES)
def test_words_say_what_their_constants_say(name: str) -> None:
    module, names = TABLES[name]
    for constant, bit in bits_of(module).items():
        assert constant.lower().startswith(names(bit)[0])


def test_causes_of_a_drop_that_ended_early_have_words() -> None:
    every_cause = drop.RELEASED | drop.CONTACT_LOST | drop.FAULTED
    assert drop.cause_names(every_cause) == ["trigger_released", "contact_lost", "fault"]


def test_every_reason_to_refuse_settings_has_a_word() -> None:
    reasons = {name: value for name, value in bits_of(settings).items() if value}
    assert sorted(reasons.values()) == [1 << place for place in range(len(reasons))]
    said = [settings.refusal_names(bit) for bit in reasons.values()]
    assert all(len(found) == 1 for found in said)
    assert len({found[0] for found in said}) == len(reasons)


def test_the_last_two_refusals_are_those_of_codes() -> None:
    assert settings.refusal_names(settings.CODE_WRONG) == ["code_wrong"]
    assert settings.refusal_names(settings.LOCKED_OUT) == ["locked_out"]


def test_single_comes_before_burst_as_the_knob_shows_them() -> None:
    assert settings.MODES == ("single", "burst")
