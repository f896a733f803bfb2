"""The books: what is on flash before anything moves, and what a failing flash does to arming."""

import pytest

from firmware import inhibits
from host_tests.books_bench import BooksRig, Flash, given, new, of_kind, ready, tap, words
from host_tests.rig import plant_params, settings
from tools.journal import kinds
from tools.simulator.plant import Plant

# --- arming -------------------------------------------------------------------------------------------------------


def test_the_slot_comes_first_then_the_record_and_only_then_the_device_arms() -> None:
    rig = ready()
    rig.run(1000)
    happened: list[str] = []
    rig.flash.on_change = happened.append
    tap(rig)
    seen = [(rig.state, tuple(happened))]
    while rig.state == "READY":
        rig.tick()
        seen.append((rig.state, tuple(happened)))
    assert happened == ["mark", "slot", "journal"]
    assert [done for state, done in seen if state == "READY"][-1] == ("mark", "slot", "journal")
    assert of_kind(rig, kinds.RESERVED)[-1][:2] == [33, 33 * rig.loop.ledger.drop_nl]
    assert seen[-1][0] == "ARMED"
    assert rig.loop.gate.furthest_steps > 0


def test_confirm_again_before_it_is_on_flash_cancels_and_what_is_there_is_closed() -> None:
    rig = ready()
    rig.run(1000)
    tap(rig)
    assert rig.loop.ledger.asked
    rig.loop.controls._ask(0)  # type: ignore[reportPrivateUsage]
    rig.run(2000)
    assert rig.state == "READY"
    assert (rig.loop.ledger.open_number, rig.loop.ledger.due()) == (0, False)


@pytest.mark.parametrize("slices", [1, 2])
def test_an_inhibit_cancels_a_reservation_wherever_it_has_come_and_it_is_closed(slices: int) -> None:
    rig = ready()
    rig.run(1000)
    tap(rig)
    for _ in range(slices - 1):
        rig.tick()
    rig.loop.panel_inhibits = inhibits.EDITING
    rig.tick()
    assert rig.state == "IDLE"
    rig.loop.panel_inhibits = 0
    rig.run(2000)
    assert rig.state == "READY"
    assert (rig.loop.ledger.open_number, rig.loop.ledger.due()) == (0, False)
    assert len(of_kind(rig, kinds.CLOSED)) == slices - 1 or of_kind(rig, kinds.CLOSED)[-1][:3] == [0, 0, 0]


def test_a_flash_that_does_not_answer_for_a_second_arms_nothing_later() -> None:
    rig = ready()
    rig.run(1000)
    step, rig.books.keep_books = rig.books.keep_books, lambda *_given: None  # type: ignore[method-assign]
    tap(rig)
    rig.run(990)
    assert rig.loop.ledger.asked
    rig.run(20)
    assert not rig.loop.ledger.asked
    rig.books.keep_books = step  # type: ignore[method-assign]
    rig.run(2000)
    assert rig.state == "READY"


def test_a_flash_that_fails_is_told_arms_nothing_and_is_tried_again_each_second() -> None:
    rig = ready()
    rig.run(1000)
    rig.flash.failing = True
    rig.confirm_shortly()
    rig.run(100)
    assert (rig.state, words(rig)) == ("IDLE", ["records", "saving"])
    tries: list[int] = []
    write = rig.books._write_slot  # type: ignore[reportPrivateUsage]
    rig.books._write_slot = lambda: (tries.append(rig.ticks), write())  # type: ignore[assignment, reportPrivateUsage]
    rig.run(4000)
    assert 1 <= len(tries) <= 5
    rig.flash.failing = False
    rig.run(3000)
    assert (rig.state, words(rig), rig.loop.ledger.open_number) == ("READY", [], 0)
    rig.arm()
    assert rig.press().reported_nl == pytest.approx(10_000, rel=0.05)


def test_a_failing_journal_does_not_keep_the_totals_from_being_written() -> None:
    rig = ready()
    rig.arm()
    rig.press()
    rig.files.drain = lambda wall: False  # type: ignore[method-assign]
    rig.confirm_shortly()
    rig.run(1800)
    assert rig.loop.ledger.open_number == 0
    assert words(rig) == ["records", "saving"]
    del rig.files.drain  # type: ignore[attr-defined]
    rig.run(2000)
    assert words(rig) == []
    assert len(of_kind(rig, kinds.DROP)) == 1


def test_a_journal_that_takes_one_part_after_the_other_is_no_failure() -> None:
    """A batch ends with its segment."""
    rig = ready()
    whole = rig.files.drain

    def in_parts(wall: int) -> bool:
        rig.journal.unread = rig.journal.kept - 4  # one short record a time
        rig.journal.keep()
        return whole(wall) if rig.journal.kept <= 4 else False

    rig.files.drain = in_parts  # type: ignore[method-assign]
    for _ in range(3):
        rig.loop.journal.record(0, kinds.ILLEGAL, 1, 1)
    for _ in range(1000):
        rig.tick()
        assert words(rig) == []
    assert rig.journal.kept == 0


def test_totals_and_journal_of_a_session_are_on_flash_after_it() -> None:
    rig = ready()
    given(rig, 2)
    told = rig.kinds()
    again = new(rig.flash)
    assert (again.loop.drop.number, again.loop.ledger.found) == (2, 0)
    assert again.loop.treatment.session_nl() == rig.loop.treatment.session_nl() > 20_000
    begun = told.index(kinds.RESERVED)
    assert told[begun:] == [kinds.RESERVED, kinds.DROP, kinds.DROP, kinds.CLOSED]
    assert of_kind(rig, kinds.CLOSED)[0][:2] == [2, 2]
    assert of_kind(rig, kinds.CLOSED)[0][3] == rig.loop.treatment.session_nl()


def test_disarming_writes_the_journal_before_the_slot_that_closes() -> None:
    rig = ready()
    rig.arm()
    rig.press()
    happened: list[str] = []
    rig.flash.on_change = happened.append
    rig.confirm_shortly()
    rig.run(400)
    assert happened == ["journal", "slot"]


def test_a_fault_closes_the_reservation_like_any_other_end() -> None:
    rig = ready()
    rig.arm()
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT")
    rig.run(60)
    rig.stop = 1
    rig.run(300)
    assert rig.state == "FAULT"
    assert (rig.loop.ledger.open_number, rig.loop.ledger.due()) == (0, False)
    assert rig.kinds()[-3:] == [kinds.FAULTS, kinds.DROP, kinds.CLOSED]


# --- what nobody waits for ----------------------------------------------------------------------------------------


def test_what_was_chosen_is_written_when_no_hand_is_at_work_any_more() -> None:
    rig = new()
    rig.run(1000)
    records = len(rig.flash.records)
    payload = rig.flash.payload
    rig.loop.treatment.new_patient()
    rig.keys.knob_pushed = 1
    rig.run(600)
    rig.keys.knob_pushed = 0
    rig.confirm = 1
    rig.run(30)
    rig.confirm = 0
    rig.run(490)
    assert (len(rig.flash.records), rig.flash.payload) == (records, payload)
    rig.run(200)
    assert rig.kinds()[records:] == [kinds.PATIENT, kinds.ZONE]
    assert rig.flash.payload != payload
    assert new(rig.flash).loop.treatment.patient == 2


def test_while_the_menu_is_open_the_flash_is_left_alone() -> None:
    rig = new()
    rig.run(1000)
    records = len(rig.flash.records)
    rig.loop.treatment.new_needle()
    for _ in range(1000):
        rig.books.keep_books(rig.keys, 1)
    assert len(rig.flash.records) == records
    for _ in range(252):
        rig.books.keep_books(rig.keys, 0)
    assert rig.kinds()[records:] == [kinds.NEEDLE]


def test_everything_that_is_chosen_is_journalled_with_its_numbers() -> None:
    flash = Flash()
    rig = BooksRig(Plant(plant_params(), 1), None, flash)
    rig.loop.treatment.new_needle()
    rig.loop.treatment.choose_product(rig.loop.treatment.products[0])
    rig.until("IDLE")
    rig.run(1000)
    assert kinds.NEEDLE not in rig.kinds()  # of which kind nobody has said
    wanted = settings(zone="neck", needle="32G 6mm", syringe="5ml", dose_nl=20_000, depth_um=1500, points=9)
    rig.keys.day, rig.keys.minutes = 20261122, 601
    assert rig.loop.propose(wanted) == 0
    rig.loop.treatment.new_needle()
    rig.run(1000)
    assert of_kind(rig, kinds.PATIENT)[0][:2] == [1, 0]
    assert of_kind(rig, kinds.ZONE)[-1][:2] == [2, 9]
    assert of_kind(rig, kinds.NEEDLE)[-1][:2] == [4, 0]
    assert of_kind(rig, kinds.SETTINGS)[-1][:6] == [1 | 4 << 4 | 2 << 8, 20_000, 1500, 1, 0, 9]
    name = b"".join(number.to_bytes(4, "little") for number in of_kind(rig, kinds.PRODUCT)[0][:3])
    assert name == b"DEMO HA     "
    assert rig.flash.records[-1][0] == (20261122 - 20000000) * 1440 + 601
    assert rig.flash.records[0][0] == 0  # the clock did not know


def test_a_product_that_is_put_away_before_anybody_wrote_it_down_is_none() -> None:
    rig = new()
    rig.run(1000)
    records = len(of_kind(rig, kinds.PRODUCT))
    rig.loop.treatment.unsaved = 1 << kinds.PRODUCT
    rig.loop.treatment.put_product_away()
    rig.run(1000)
    assert len(of_kind(rig, kinds.PRODUCT)) == records
