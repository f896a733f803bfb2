"""What the clinic has entered is taken as a whole or not at all."""

import copy
import functools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.provisioning import Provisioning, fingerprint
from tools.simulator import provisioning

Record = dict[str, Any]
Change = Callable[[Record], object]
OTHER = {"name": "HA 1% L23", "lot": "L23A117", "expires_yyyymmdd": 20271231, "shallowest_um": 300, "deepest_um": 4000}


def record() -> Record:
    """Two operators, two products."""
    made = provisioning.record()
    made["operators"].append("ab" * 32)
    made["products"].append({**OTHER, "most_nl": 1_000_000})
    return made


def product(**changes: object) -> Change:
    """Something else in the first product; None takes it away."""

    def change(made: Record) -> None:
        for name, value in changes.items():
            made["products"][0][name] = value
            if value is None:
                del made["products"][0][name]

    return change


def whole(**changes: object) -> Change:
    """Something else in the record itself; None takes it away."""

    def change(made: Record) -> None:
        for name, value in changes.items():
            made[name] = value
            if value is None:
                del made[name]

    return change


def test_a_whole_record_is_taken() -> None:
    entered = Provisioning()
    assert entered.adopt(record())
    assert entered.salt == bytes.fromhex(record()["salt"])
    assert entered.operators == (provisioning.digest(provisioning.CODE), b"\xab" * 32)
    assert entered.drying_s == 30
    first, second = entered.products
    assert (first.label, first.lot_label) == (b"DEMO HA", b"SIM-1")
    assert (second.name, second.lot, second.expires_yyyymmdd) == ("HA 1% L23", "L23A117", 20271231)
    assert (second.shallowest_um, second.deepest_um, second.most_nl, second.given_nl) == (300, 4000, 1_000_000, 0)


ALLOWED: "dict[str, Change]" = {
    "one operator": lambda made: made["operators"].pop(),
    "eight operators": lambda made: made.update(operators=[f"{n:02d}" * 32 for n in range(8)]),
    "one product": lambda made: made["products"].pop(),
    "twelve products": lambda made: made.update(products=[{**made["products"][0], "name": f"P{n}"} for n in range(12)]),
    "a long salt": whole(salt="00" * 64),
    "the longest drying": whole(drying_s=120),
    "names of ten": product(name="ABCDEFGHIJ", lot="0123456789"),
    "names of one": product(name=" ", lot="~"),
    "the first day": product(expires_yyyymmdd=20200101),
    "the least of it": product(most_nl=1),
    "one depth": product(shallowest_um=13_000, deepest_um=13_000),
    "the whole range": product(shallowest_um=100, deepest_um=13_000, most_nl=20_000_000),
}

REFUSED: "dict[str, Change]" = {
    "no salt": whole(salt=None),
    "a short salt": whole(salt="00" * 15),
    "a salt that is no text": whole(salt=12),
    "a salt that is no hexadecimal": whole(salt="xy" * 16),
    "no operators": whole(operators=None),
    "an empty list of them": whole(operators=[]),
    "nine of them": whole(operators=[f"{n:02d}" * 32 for n in range(9)]),
    "two that are the same": whole(operators=["ab" * 32, "ab" * 32]),
    "a short digest": whole(operators=["ab" * 31]),
    "a long digest among good ones": whole(operators=["cd" * 32, "ab" * 33]),
    "a code instead of a digest": whole(operators=[271828]),
    "no drying": whole(drying_s=None),
    "too short a drying": whole(drying_s=29),
    "too long a drying": whole(drying_s=121),
    "half seconds": whole(drying_s=30.5),
    "no products": whole(products=None),
    "an empty list of products": whole(products=[]),
    "thirteen products": lambda made: made.update(
        products=[{**made["products"][0], "name": f"P{n}"} for n in range(13)]
    ),
    "two of the same name": lambda made: made["products"][1].update(name="DEMO HA"),
    "a product that is a name": whole(products=["DEMO HA"]),
    "no name": product(name=None),
    "an empty name": product(name=""),
    "a long name": product(name="ABCDEFGHIJK"),
    "a name the display cannot write": product(name="Hyalurön"),
    "a name with a control character": product(name="DEMO\n"),
    "a name that is a number": product(name=7),
    "no lot": product(lot=None),
    "an empty lot": product(lot=""),
    "a long lot": product(lot="0" * 11),
    "a lot the display cannot write": product(lot="\x7f"),
    "no last day": product(expires_yyyymmdd=None),
    "a day of the last century": product(expires_yyyymmdd=20191231),
    "a day of the next": product(expires_yyyymmdd=21000101),
    "a day as text": product(expires_yyyymmdd="20271231"),
    "a day with a fraction": product(expires_yyyymmdd=20271231.0),
    "shallower than the machine": product(shallowest_um=99),
    "deeper than the machine": product(deepest_um=13_001),
    "shallower than shallow": product(shallowest_um=500, deepest_um=499),
    "half micrometres": product(shallowest_um=100.5),
    "nothing of it": product(most_nl=0),
    "more than a session": product(most_nl=20_000_001),
    "a yes for a volume": product(most_nl=True),
    "no volume": product(most_nl=None),
}


@pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED)
def test_a_record_is_taken_up_to_its_bounds(change: Change) -> None:
    made = record()
    change(made)
    assert Provisioning().adopt(made)


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_a_record_that_is_not_whole_is_refused_and_changes_nothing(change: Change) -> None:
    entered = Provisioning()
    assert entered.adopt(record())
    before = dict(vars(entered))
    made = record()
    change(made)
    assert not entered.adopt(made)
    assert vars(entered) == before


@pytest.mark.parametrize("nothing", [None, [], "{}", 3, {}])
def test_what_is_no_record_leaves_a_device_without_one(nothing: object) -> None:
    entered = Provisioning()
    assert not entered.adopt(nothing)
    assert (entered.salt, entered.operators, entered.products, entered.drying_s) == (b"", (), (), 30)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.law
@given(st.sampled_from(("salt", "operators", "drying_s", "products")), ANYTHING)
def test_whatever_stands_in_its_place_is_taken_whole_or_refused(name: str, value: object) -> None:
    entered = Provisioning()
    made = copy.deepcopy(record())
    made[name] = value
    if entered.adopt(made):
        assert entered.operators
        assert entered.products
        assert 30 <= entered.drying_s <= 120
        assert len(entered.salt) >= 16
    else:
        assert entered.operators == entered.products == ()


def test_the_fingerprint_of_a_list_is_the_same_in_every_release() -> None:
    """Else every update would take what was given of each product for unknown."""
    products = entered(2).products
    text = "".join(f"{each.name}|{each.lot}|" for each in products).encode()
    assert fingerprint(products) == functools.reduce(lambda found, code: (found * 31 + code) % (1 << 24), text, 0)
    assert fingerprint(()) == 0


def test_names_and_lots_in_another_order_or_cut_elsewhere_are_another_list() -> None:
    products = entered(2).products
    assert fingerprint(products) != fingerprint(products[::-1])
    assert fingerprint(products) != fingerprint(products[:1])


def entered(count: int) -> Provisioning:
    """So many products."""
    record = provisioning.record()
    record["products"] = [
        {**record["products"][0], "name": f"HA {number}", "lot": f"L{number}"} for number in range(count)
    ]
    made = Provisioning()
    assert made.adopt(record)
    return made
