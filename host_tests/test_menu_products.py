"""The row Product: which of the approved list is in the syringe, and what it may not be used for."""

from collections.abc import Iterator
from typing import Any

import pytest

from firmware import inhibits
from firmware.menu_rows import Products
from firmware.menu_table import ROWS
from host_tests.desk import CHOICES, Desk, entry, ready
from host_tests.rig import plant_params
from tools.simulator import provisioning
from tools.simulator.plant import Plant


@pytest.fixture(autouse=True)
def _one_menu() -> "Iterator[None]":  # pyright: ignore[reportUnusedFunction]
    """The list lies in the table of rows, of which a device has one; copies of other desks share it."""
    row = ROWS[entry("Product")]
    assert isinstance(row, Products)
    before = row.listed
    yield
    row.listed = before


def record() -> "dict[str, Any]":
    """Three products: usual, for shallow depths and soon used up, out of date."""
    made = provisioning.record()
    usual = made["products"][0]
    made["products"].append({**usual, "name": "SHALLOW", "lot": "0123456789", "deepest_um": 500, "most_nl": 25_000})
    made["products"].append({**usual, "name": "LAST YEAR", "lot": "B", "expires_yyyymmdd": 20261121})
    return made


def clinic() -> Desk:
    """Logged in, nothing chosen."""
    made = Desk(Plant(plant_params(), 1), record=record())
    made.until("IDLE")
    return made


def with_product(place: int) -> Desk:
    """All else is chosen."""
    made = clinic()
    made.choose_all()
    made.do("New needle")
    made.dial("Product", place)
    made.do("New needle")
    made.leave()
    made.run(20)
    return made


def words(device: Desk) -> "list[str]":
    """Why it is not armed."""
    device.run(10)
    return inhibits.names(device.loop.inhibits)


def test_the_row_shows_the_approved_list_with_lot_and_last_day_and_nothing_else() -> None:
    device = clinic()
    device.go_to("Product")
    assert device.lines()[1:4] == ["Product", "--", "3 approved"]
    device.push()
    shown: list[list[str]] = []
    for _ in range(4):
        shown.append(device.lines()[2:4])
        device.turn(1)
    assert shown == [
        ["DEMO HA", "SIM-1 2099-12-31"],
        ["SHALLOW", "0123456789 2099-12-31"],
        ["LAST YEAR", "B 2026-11-21"],
        ["LAST YEAR", "B 2026-11-21"],
    ]
    device.turn(-5)
    assert device.lines()[2] == "DEMO HA"


def test_the_product_that_is_taken_is_the_one_that_was_shown() -> None:
    device = clinic()
    assert "product_missing" in words(device)
    device.dial("Product", 1)
    product = device.loop.treatment.product
    assert product is not None
    assert product.name == "SHALLOW"
    assert "product_missing" not in words(device)
    device.go_to("Product")
    assert device.lines()[1:4] == ["Product", "SHALLOW", "0123456789 2099-12-31"]


def test_leaving_the_row_takes_no_product() -> None:
    device = clinic()
    device.go_to("Product")
    device.push()
    device.turn(1)
    device.leave()
    assert device.loop.treatment.product is None
    assert device.lines()[2] == "--"


def test_without_a_product_everything_else_does_not_arm() -> None:
    device = clinic()
    for name, value in CHOICES.items():
        if name != "Product":
            device.dial(name, value)
    device.leave()
    device.do("New needle")
    device.leave()
    device.confirm_shortly()
    device.until("IDLE")
    device.run(600)
    device.prime()
    assert words(device) == ["product_missing"]
    assert device.lines()[:4] == ["NOT ARMED  knob: menu", "PRODUCT", "Choose what is in the", "syringe: menu."]


def test_an_expired_product_is_named_by_its_page() -> None:
    device = with_product(2)
    assert "product_expired" in words(device)
    assert device.lines()[1:4] == ["EXPIRED", "This product is out", "of date. Take another"]


def test_a_product_may_be_used_up_to_its_last_day() -> None:
    device = with_product(2)
    for day, expired in ((20261120, False), (20261121, False), (20261122, True)):
        device.keys.day = day
        assert ("product_expired" in words(device)) is expired
        assert "date_unknown" not in words(device)


def test_a_clock_without_a_date_is_a_reason_of_its_own() -> None:
    device = with_product(0)
    device.keys.day = 0
    assert "date_unknown" in words(device)
    assert "product_expired" not in words(device)
    assert device.lines()[1:4] == ["DATE?", "The clock has stopped", "It has to be set."]
    device.keys.day = 20261122
    assert "date_unknown" not in words(device)


def test_a_date_that_gets_lost_while_ready_disarms() -> None:
    device = ready()
    device.keys.day = 0
    device.run(10)
    assert device.state == "IDLE"
    assert words(device) == ["date_unknown"]


def test_a_product_that_may_not_go_to_this_depth_says_so_until_the_depth_fits() -> None:
    device = with_product(1)
    assert "product_depth" in words(device)
    assert device.lines()[1:4] == ["NOT SO", "This product may not", "go to this depth."]
    for depth_um, allowed in ((505, False), (500, True), (100, True)):
        device.dial("Depth", depth_um)
        device.leave()
        assert ("product_depth" not in words(device)) is allowed


def test_another_product_asks_for_a_fresh_needle_a_prime_and_clean_skin() -> None:
    device = Desk(Plant(plant_params(), 1), record=record())
    device.until("IDLE")
    device.choose_all()
    device.do("New needle")
    device.leave()
    device.confirm_shortly()
    device.until("IDLE")
    device.run(600)
    device.prime()
    assert device.state == "READY"
    device.disinfects = False
    device.dial("Product", 0)  # the same
    device.leave()
    device.run(600)
    assert device.state == "READY"
    device.dial("Product", 1)
    device.leave()
    assert {"needle_used", "not_primed", "not_disinfected"} <= set(words(device))


def test_a_device_without_products_has_none_to_choose() -> None:
    device = clinic()
    menu = device.panel.menu
    row = ROWS[entry("Product")]
    assert isinstance(row, Products)
    device.loop.treatment.products = row.listed = ()
    device.go_to("Product")
    assert "0 approved" in device.lines()
    device.push()
    device.turn(1)
    assert device.lines()[2] == "--"
    assert not menu.accept()
    assert menu.editing
    assert device.loop.treatment.product is None
