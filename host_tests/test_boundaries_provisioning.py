"""What a clinic enters, one below, at, and one above every bound: taken as a whole, or not at all."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from firmware import limits
from firmware.provisioning import Product, Provisioning
from host_tests.figures import RecordFigure

CASES = "boundary cases"
PRODUCT: "dict[str, Any]" = {
    "name": "HA 1% L23",
    "lot": "L23A117",
    "expires_yyyymmdd": 20271231,
    "shallowest_um": 500,
    "deepest_um": 4_000,
    "most_nl": 5_000_000,
}


def digest(number: int) -> str:
    """The digest of somebody's code."""
    return f"{number:02x}" * 32


def record(**changes: object) -> "dict[str, Any]":
    """A good record; any of it changed."""
    whole: dict[str, Any] = {
        "salt": "5a" * 16,
        "operators": [digest(1), digest(2)],
        "products": [dict(PRODUCT), {**PRODUCT, "name": "vitamin C"}],
        "drying_s": 45,
    }
    return whole | changes


def taken(wanted: "Any") -> bool:
    """Whether it is taken; one that is not changes nothing."""
    kept = Provisioning()
    before = dict(vars(kept))
    found = kept.adopt(copy.deepcopy(wanted))
    assert found in (True, False)
    assert (vars(kept) == before) is not found
    return found


def test_a_good_record_is_taken_as_it_stands() -> None:
    kept = Provisioning()
    assert kept.adopt(record()) is True
    assert kept.salt == b"\x5a" * 16
    assert kept.operators == (b"\x01" * 32, b"\x02" * 32)
    assert kept.drying_s == 45
    assert [product.name for product in kept.products] == ["HA 1% L23", "vitamin C"]
    assert {**vars(kept.products[0])} == {**PRODUCT, "label": b"HA 1% L23", "lot_label": b"L23A117", "given_nl": 0}


def test_without_a_record_there_is_nobody_and_nothing() -> None:
    assert vars(Provisioning()) == {"salt": b"", "operators": (), "products": (), "drying_s": limits.DRYING_LEAST_S}


def test_a_second_record_takes_the_place_of_the_first() -> None:
    kept = Provisioning()
    kept.adopt(record())
    assert kept.adopt(record(operators=[digest(3)], drying_s=30, salt="00" * 20)) is True
    assert (kept.operators, kept.drying_s, kept.salt) == ((b"\x03" * 32,), 30, bytes(20))
    assert kept.adopt(record(drying_s=0)) is False
    assert kept.drying_s == 30


def product(**changes: object) -> "dict[str, Any]":
    """A record with one product, of which something is changed."""
    return record(products=[PRODUCT | changes])


Made = Callable[[int], "dict[str, Any]"]
BOUNDS: "list[tuple[str, int, int, Made]]" = [
    ("drying_s", limits.DRYING_LEAST_S, limits.DRYING_MOST_S, lambda value: record(drying_s=value)),
    ("salt", 16, 64, lambda value: record(salt="00" * value)),
    ("operators", 1, 8, lambda value: record(operators=[digest(number) for number in range(value)])),
    ("digest", 32, 32, lambda value: record(operators=[digest(1), "11" * value])),
    ("products", 1, 12, lambda value: record(products=[{**PRODUCT, "name": str(number)} for number in range(value)])),
    ("name", 1, 10, lambda value: product(name="n" * value)),
    ("lot", 1, 10, lambda value: product(lot="l" * value)),
    ("expires", 20200101, 20991231, lambda value: product(expires_yyyymmdd=value)),
    ("shallowest", limits.DEPTH_MIN_UM, 4_000, lambda value: product(shallowest_um=value)),
    ("deepest", 500, limits.NEEDLE_DEEPEST_UM, lambda value: product(deepest_um=value)),
    ("most", 1, limits.SESSION_MAX_NL, lambda value: product(most_nl=value)),
]


@pytest.mark.parametrize(("name", "least", "most", "made"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_every_value_has_its_bounds(name: str, least: int, most: int, made: Made, record_figure: RecordFigure) -> None:
    for value in {least - 1, least, least + 1, most - 1, most, most + 1}:
        good = least <= value <= most or (name == "salt" and value > most)
        assert taken(made(value)) == good, value
        record_figure(CASES, 1)


@pytest.mark.parametrize("name", sorted(record()))
def test_nothing_may_be_missing_or_of_another_kind(name: str) -> None:
    wanted = record()
    del wanted[name]
    assert not taken(wanted)
    values: list[object] = [None, 1.5, {}, object()]
    for value in values:
        assert not taken(record(**{name: value}))


@pytest.mark.parametrize("name", sorted(PRODUCT))
def test_a_product_lacks_nothing(name: str) -> None:
    lacking = dict(PRODUCT)
    del lacking[name]
    assert not taken(record(products=[lacking]))
    with pytest.raises(KeyError):
        Product(lacking)
    values: list[object] = [None, [], object()]
    for value in values:
        assert not taken(product(**{name: value}))


@pytest.mark.parametrize("name", ["expires_yyyymmdd", "shallowest_um", "deepest_um", "most_nl"])
def test_a_number_is_a_whole_one(name: str) -> None:
    assert not taken(product(**{name: float(PRODUCT[name])}))
    assert not taken(product(most_nl=True))
    assert not taken(record(drying_s=45.0))
    assert not taken(record(drying_s=True))


@pytest.mark.parametrize("name", ["name", "lot"])
def test_names_are_of_characters_that_the_display_has(name: str) -> None:
    for good in (" ", "~", "a b", " ~", "~ "):
        assert taken(product(**{name: good}))
    for bad in ("\x1f", "\x7f", "a\x1f", "\x1fa", "a\x7f", "\x7fa", "ä", "\x1f\x7f", ""):
        assert not taken(product(**{name: bad}))


def test_codes_and_names_are_there_once() -> None:
    assert not taken(record(operators=[digest(1), digest(1)]))
    assert not taken(record(products=[PRODUCT, PRODUCT]))
    assert taken(record(products=[PRODUCT, {**PRODUCT, "name": "another"}]))


def test_one_bad_product_or_digest_spoils_the_record() -> None:
    assert not taken(record(products=[PRODUCT, {**PRODUCT, "name": "x", "most_nl": 0}]))
    assert not taken(record(operators=[digest(1), "no digest"]))
    assert not taken(record(operators=[digest(1), "22" * 31]))


@pytest.mark.parametrize("wanted", [None, [], "", 7, {}, [record()]])
def test_what_is_no_record_is_not_taken(wanted: object) -> None:
    assert not taken(wanted)


def test_a_product_that_is_bad_is_named() -> None:
    with pytest.raises(ValueError, match="HA 1% L23"):
        Product({**PRODUCT, "most_nl": 0})
