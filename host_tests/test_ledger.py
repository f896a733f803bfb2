"""The ledger's reservations: granted only when they are on flash; and the mark of each drop."""

from array import array

from firmware import drop, ledger
from host_tests.ledger_bench import ROOM, Book, booted

# --- reservations -------------------------------------------------------------------------------------------------


def test_a_reservation_is_for_what_is_left_and_finds_room_and_no_more() -> None:
    for left, room, drops in ((50, 33, 33), (7, 33, 7), (7, 3, 3), (0, 33, 0)):
        book = Book()
        book.totals.left = left
        book.ask()
        book.payload(0, room)
        book.written(True)
        book.grant()
        assert (book.drops, book.left, book.drop_nl) == (drops, drops, 11_000)
        assert book.stands(0) == (drops > 0)


def test_nothing_is_granted_before_it_is_written_and_said_to_be() -> None:
    book = Book()
    book.ask()
    assert book.due()
    book.grant()
    assert not book.granted
    book.payload(0, ROOM)
    book.grant()
    assert not book.granted
    book.written(True)
    assert (book.granted, book.due()) == (0, False)
    book.grant()
    assert (book.granted, book.asked, book.due()) == (1, 0, False)
    assert book.stands(0)


def test_what_was_asked_for_has_to_be_what_is_used() -> None:
    book = Book()
    assert not book.stands(0)
    book.reserve()
    book.totals.left = 32
    assert not book.stands(0)
    book.totals.left = 33
    assert book.stands(0)
    book.settings.most_nl += 1
    assert not book.stands(0)


def test_a_failed_write_grants_nothing_and_may_be_on_flash_all_the_same() -> None:
    book = Book()
    book.ask()
    payload = book.write(safely=False)
    assert (book.granted, book.asked, book.troubles) == (0, 0, ledger.SAVING)
    assert book.closing()
    assert book.due()
    assert array("i", payload)[2] == 33
    closing = book.write()
    assert array("i", closing)[2] == 0
    assert (book.troubles, book.closing(), book.due()) == (0, False, False)


def test_totals_that_could_not_be_written_stay_to_be_written() -> None:
    book = Book()
    book.write(safely=False)
    assert (book.troubles, book.due(), book.open_number) == (ledger.SAVING, True, 0)
    book.write()
    assert (book.troubles, book.due()) == (0, False)


def test_what_comes_late_after_it_was_cancelled_is_closed_and_never_armed() -> None:
    book = Book()
    book.write()
    book.ask()
    book.payload(0, ROOM)
    book.end()
    book.written(True)
    book.grant()
    assert (book.granted, book.closing(), book.due()) == (0, True, True)
    book.ask()  # CONFIRM again, before the first one is closed
    book.grant()
    assert not book.granted
    assert array("i", book.write())[2] == 0
    assert not book.granted
    assert array("i", book.write())[2] == 33
    assert book.granted


def test_what_was_cancelled_before_anything_was_written_leaves_nothing_to_close() -> None:
    book = Book()
    book.write()
    book.ask()
    book.end()
    assert not book.due()


def test_while_a_reservation_is_used_nothing_replaces_it() -> None:
    book = Book()
    book.reserve()
    book.stale = 1
    assert not book.due()
    book.end()
    assert book.due()


def test_each_reservation_has_a_number_of_its_own() -> None:
    book = Book()
    numbers = [array("i", book.reserve())[1] for _ in range(3) if [book.end(), book.write()]]
    assert numbers == [1, 2, 3]
    again = booted(book.payload(0, ROOM), b"")
    again.reserve()
    assert again.number == 4


# --- the mark -----------------------------------------------------------------------------------------------------


def test_a_drop_is_in_the_mark_with_its_most_before_it_is_closed_with_what_it_was() -> None:
    book = Book()
    book.reserve()
    assert book.mark_due
    book.mark_due = 0
    assert list(book.mark[3:8]) == [0, 0, 0, 0, 0]
    book.begin_drop()
    assert (book.mark_due, book.left, book.record.changed) == (1, 32, 0)
    assert list(book.mark[3:8]) == [1, 0, 0, 11_000, 1]
    book.record.close(drop.ABORTED, 4_000_000, 0, 500_000)
    book.record.count(4_800_000)
    book.note(0, book.ring)
    assert list(book.mark[3:8]) == [1, 1, 0, 4_801, 1]
    book.give()
    assert list(book.mark[3:8]) == [2, 2, 1, 4_801 + 10_001, 2]


def test_a_closed_drop_is_journalled_with_all_that_is_known_of_it() -> None:
    book = Book()
    book.reserve()
    book.begin_drop()
    assert not book.ring.kept
    book.record.cause = drop.CONTACT_LOST
    book.record.close(drop.ABORTED, 4_000_000, 500_000, 500_000)
    book.note(0, book.ring)
    integers = [0] * 10
    book.ring.unread = book.ring.kept
    assert book.ring.read(integers)
    assert integers[1:8] == [19, 1, 10_000, 1000 | drop.ABORTED << 16 | drop.CONTACT_LOST << 20, 4_000, 3_500, 4_501]


def test_the_mark_is_sixteen_small_integers() -> None:
    book = Book()
    book.reserve()
    book.give()
    assert (len(book.mark), len(bytes(book.mark))) == (16, 64)
    assert all(-(1 << 30) <= word < 1 << 30 for word in book.mark)
