"""What a boot makes of what it finds: totals, a reservation that is open, a mark, or what is none."""

import dataclasses
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import drop, ledger
from host_tests import moments
from host_tests.ledger_bench import Book, booted
from host_tests.rig import Rig


def test_where_nothing_was_open_a_boot_changes_nothing_but_its_number() -> None:
    book = Book()
    book.reserve()
    for _ in range(3):
        book.give()
    book.end()
    book.journalled = 17
    payload = book.write()
    again = booted(payload, book.mark)
    assert (again.boots, again.record.number, again.journalled) == (2, 3, 17)
    assert (again.found, again.troubles, again.open_number) == (0, 0, 0)
    assert again.totals.kept == [1, 2, 3]
    assert again.due()


def test_a_mark_closes_a_reservation_to_the_drop() -> None:
    book = Book()
    payload = book.reserve()
    book.give()
    book.give(drop.ABORTED, 2_000)
    again = booted(payload, book.mark)
    assert (again.found, again.troubles) == (ledger.MARKED, ledger.DROPS_UNCERTAIN)
    assert (again.sure_drops, again.most_drops, again.most_nl) == (2, 2, 12_002)
    assert (again.record.number, again.record.delivered, again.record.total_most_nl) == (2, 1, 12_002)
    assert again.closing()
    assert array("i", again.write())[2] == 0


def test_a_drop_that_was_open_may_have_been_given() -> None:
    book = Book()
    payload = book.reserve()
    book.give()
    book.begin_drop()
    again = booted(payload, book.mark)
    assert (again.sure_drops, again.most_drops, again.most_nl) == (1, 2, 10_001 + 11_000)
    assert (again.record.number, again.record.delivered) == (2, 2)


def test_without_a_mark_all_of_it_may_have_been_given() -> None:
    book = Book()
    payload = book.reserve()
    book.give()
    again = booted(payload, b"")
    assert (again.found, again.troubles) == (ledger.UNMARKED, ledger.DROPS_UNCERTAIN)
    assert (again.sure_drops, again.most_drops, again.most_nl) == (0, 33, 33 * 11_000)
    assert (again.record.number, again.record.delivered, again.record.total_most_nl) == (33, 33, 33 * 11_000)


def test_what_nobody_has_taken_note_of_outlives_more_boots() -> None:
    book = Book()
    payload = book.reserve()
    first = booted(payload, b"")
    cut_again = booted(payload, b"")  # before the first one had written anything
    assert dataclasses.asdict(first.totals) == dataclasses.asdict(cut_again.totals)
    assert first.write() == cut_again.write()
    second = booted(first.write(), b"")
    assert (second.found, second.troubles, second.open_number) == (ledger.UNMARKED, ledger.DROPS_UNCERTAIN, 0)
    assert (second.sure_drops, second.most_drops, second.most_nl) == (0, 33, 33 * 11_000)
    assert second.record.number == 33
    second.take_note()
    assert (second.found, second.troubles, second.due()) == (0, 0, True)
    third = booted(second.write(), b"")
    assert (third.found, third.troubles) == (0, 0)


def test_totals_that_may_not_be_the_newest_want_somebody_to_take_note_too() -> None:
    book = booted(Book().write(), b"")
    book.doubt()
    assert (book.found, book.troubles) == (ledger.UNMARKED, ledger.STORE_BAD)
    book.take_note()
    assert (book.found, book.troubles) == (0, 0)
    reserved = Book()
    payload = reserved.reserve()
    book = booted(payload, reserved.mark)
    book.doubt()
    assert (book.found, book.troubles) == (ledger.MARKED, ledger.STORE_BAD | ledger.DROPS_UNCERTAIN)


def another(**changes: int) -> "tuple[bytes, array[int]]":
    """A reservation's payload, and a whole mark that is another's."""
    book = Book()
    payload = book.reserve()
    book.give()
    mark = array("i", book.mark)
    for place, value in changes.items():
        word = int(place[1:])
        mark[word] = value
        mark[word + 8] = ~value
    return payload, mark


@pytest.mark.parametrize(
    ("changes", "known"), [({}, True), ({"w0": 1}, False), ({"w1": 2}, False), ({"w2": 2}, False), ({"w2": 0}, False)]
)
def test_a_mark_of_another_kind_boot_or_reservation_is_refused(changes: "dict[str, int]", known: bool) -> None:
    assert (booted(*another(**changes)).found == ledger.MARKED) is known


@pytest.mark.parametrize("mark", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64, b"\xaa" * 64])
def test_garbage_and_zeros_are_no_mark(mark: bytes) -> None:
    assert booted(another()[0], mark).found == ledger.UNMARKED


@pytest.mark.law
@given(st.integers(0, 63), st.integers(1, 255))
def test_a_mark_with_one_byte_changed_is_refused(place: int, by: int) -> None:
    payload, mark = another()
    torn = bytearray(bytes(mark))
    torn[place] ^= by
    assert booted(payload, bytes(torn)).found == ledger.UNMARKED


@pytest.mark.law
@given(st.integers(0, 64), st.integers(0, 4))
def test_a_mark_torn_while_it_was_written_is_the_old_one_the_new_one_or_none(place: int, given_drops: int) -> None:
    book = Book()
    payload = book.reserve()
    for _ in range(given_drops):
        book.give()
    old = bytes(book.mark)
    book.begin_drop()
    new = bytes(book.mark)
    again = booted(payload, new[:place] + old[place:])
    if again.found == ledger.MARKED:
        assert (again.sure_drops, again.most_drops) in ((given_drops, given_drops), (given_drops, given_drops + 1))
    else:
        assert again.most_drops == 33


# --- in the loop --------------------------------------------------------------------------------------------------


def test_the_totals_of_a_treatment_come_back_as_they_were() -> None:
    rig = moments.ready({"zone": "face"})
    rig.arm()
    for _ in range(2):
        rig.press()
    rig.confirm_shortly()
    before = rig.loop.treatment
    before.patient = 7
    before.worked_ms = 65_536
    given = before.totals()
    assert given[:6] == [7, 0, 2, 2, 2, 64]
    other = Rig(moments.new_rig().plant, None)
    after = other.loop.treatment
    other.loop.drop.number = 2
    after.restore(given)
    assert (after.points_done(), after.drops_begun(), after.punctures()) == (2, 2, 2)
    assert (after.session_nl(), after.zone_nl()) == (before.session_nl(), before.zone_nl())
    assert (after.patient, after.zone, after.worked_ms) == (7, 0, 65_536)
    assert after.product is after.products[0]
    assert after.product_nl() == before.product_nl() > 20_000
    after.put_product_away()
    assert after.product is None
    assert after.products[0].given_nl == before.product_nl()
    assert after.totals()[6:] == [*given[6:8], -1, *given[9:]]


def test_of_products_that_are_others_now_each_may_have_been_all_of_it() -> None:
    rig = moments.ready()
    rig.arm()
    rig.press()
    rig.confirm_shortly()
    given = rig.loop.treatment.totals()
    other = Rig(moments.new_rig().plant, None)
    after = other.loop.treatment
    after.products[0].lot_label = b"SIM-2"
    after.restore(given)
    assert after.product is None
    assert after.products[0].given_nl == after.session_nl() == given[6] > 10_000


def test_the_same_zone_again_goes_on_counting_and_another_one_does_not() -> None:
    rig = moments.ready({"zone": "face"})
    rig.arm()
    rig.press()
    rig.confirm_shortly()
    given = rig.loop.treatment.totals()
    for zone, points in (("face", 1), ("neck", 0)):
        other = Rig(moments.new_rig().plant, None)
        other.loop.drop.number = 1
        other.loop.treatment.restore(given)
        other.loop.propose({**moments.settings(), "zone": zone})
        assert other.loop.treatment.points_done() == points
        assert other.loop.treatment.session_nl() == given[6]
