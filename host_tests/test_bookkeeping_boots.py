"""What the books find at a boot, and whether the device may arm with it."""

import pytest

from firmware import ledger
from host_tests.books_bench import BooksRig, Flash, given, new, of_kind, ready, troubles, words
from host_tests.rig import plant_params, settings
from tools.journal import kinds
from tools.simulator.plant import Plant


def test_each_boot_is_on_flash_before_the_first_tick() -> None:
    flash = Flash()
    for boots in (1, 2, 3):
        rig = BooksRig(Plant(plant_params(), 1), settings(), flash)
        assert rig.loop.ledger.boots == rig.files.boot == boots
        assert flash.payload
        assert int.from_bytes(flash.payload[:4], "little") == boots
        rig.until("IDLE")
        rig.run(1000)
        assert of_kind(rig, kinds.BOOT)[-1][:2] == [1, 0]


@pytest.mark.parametrize("with_mark", [True, False])
def test_after_power_was_lost_while_armed_nothing_moves_until_somebody_has_taken_note(with_mark: bool) -> None:
    rig = ready()
    rig.arm()
    rig.press()
    rig.press()
    flash = rig.flash
    if not with_mark:
        flash.mark = b""
    again = new(flash)
    loop = again.loop
    assert troubles(again) == ["drops_uncertain"]
    assert loop.ledger.found == (ledger.MARKED if with_mark else ledger.UNMARKED)
    position = again.inputs.dose_steps, again.inputs.needle_steps
    again.confirm_shortly()
    again.rewind_all_ways()
    again.run(1000)
    assert (again.state, again.inputs.dose_steps, again.inputs.needle_steps) == ("IDLE", *position)
    again.hold_confirm()  # of nothing that the display names
    assert loop.ledger.found
    loop.drops_named = 1
    again.hold_confirm()
    assert (loop.ledger.found, "records" in words(again)) == (0, False)
    again.make_ready()
    again.run(1000)
    assert again.state == "READY"
    given_nl = rig.loop.treatment.session_nl()
    kept_nl = loop.treatment.session_nl()
    assert kept_nl == (given_nl if with_mark else 33 * rig.loop.ledger.drop_nl)
    last = of_kind(again, kinds.CLOSED if with_mark else kinds.UNCERTAIN)[-1]
    assert last[:2] == ([2, 2] if with_mark else [33, kept_nl])
    assert last[3:6] == [kept_nl, kept_nl, kept_nl]
    assert of_kind(again, kinds.BOOT)[-1][1] == (ledger.MARKED if with_mark else ledger.UNMARKED)
    assert new(flash).loop.ledger.found == 0
    given(again, 1)
    assert loop.drop.number == (3 if with_mark else 34)


def test_a_drop_that_was_open_is_told_as_uncertain() -> None:
    rig = ready()
    rig.arm()
    rig.contact = 1
    rig.run(100)
    rig.trigger = 1
    rig.until("SHOT")
    rig.run(60)
    again = new(rig.flash)
    assert (again.loop.ledger.sure_drops, again.loop.ledger.most_drops) == (0, 1)
    again.run(1000)
    assert of_kind(again, kinds.UNCERTAIN)[-1][:3] == [1, rig.loop.ledger.drop_nl, 0]


def test_a_damaged_slot_wants_somebody_to_take_note_and_is_written_anew() -> None:
    rig = ready()
    given(rig, 1)
    rig.flash.damaged = 1
    again = new(rig.flash)
    assert troubles(again) == ["store_bad"]
    assert again.loop.drop.number == 1
    again.loop.drops_named = 1
    again.hold_confirm()
    assert "store_bad" not in words(again)


@pytest.mark.parametrize("what", ["both slots damaged", "slots gone", "journal shorter", "a record changed"])
def test_records_that_are_missing_or_changed_keep_the_device_from_arming(what: str) -> None:
    rig = ready()
    given(rig, 1)
    flash = rig.flash
    payload = flash.payload
    if what == "both slots damaged":
        flash.payload, flash.damaged = None, 2
    elif what == "slots gone":
        flash.payload = None
    elif what == "journal shorter":
        del flash.records[-1]
    again = new(flash)
    if what == "a record changed":
        again.files.damage = (3, 9)
        again.loop.treatment.new_needle()
        again.run(1000)
        assert of_kind(again, kinds.DAMAGED)[-1][:2] == [3, 9]
        assert again.files.damage == ()
    assert troubles(again) == ["files_changed"]
    again.loop.drops_named = 1
    again.hold_confirm()
    again.run(1000)
    assert "files_changed" in words(again)
    if "slots" in what:
        assert flash.payload is None, "what cannot be read is not written over"
    else:
        assert flash.payload != payload


@pytest.mark.parametrize("missing", ["of the slots", "of the journal"])
def test_without_a_key_nothing_is_armed(missing: str) -> None:
    rig = BooksRig(Plant(plant_params(), 1), settings())
    rig.loop.ledger.troubles = 0
    rig.files.has_key = missing != "of the journal"
    rig.books.open_books(1, missing != "of the slots", True)
    rig.until("IDLE")
    rig.run(2000)
    assert "no_keys" in troubles(rig)


def test_a_full_journal_keeps_the_device_from_arming_until_it_was_exported() -> None:
    rig = ready()
    rig.run(1000)
    rig.flash.room = len(rig.flash.records) + 130
    given(rig, 1)
    assert words(rig) == ["records", "journal_full"]
    assert kinds.CLOSED in rig.kinds()  # nothing is dropped for it
    rig.flash.room = 8000
    rig.loop.treatment.unsaved = 1 << kinds.PATIENT
    rig.run(1000)
    assert words(rig) == []
    assert [record[:2] for record in of_kind(rig, kinds.TROUBLES)] == [
        [ledger.JOURNAL_FULL, ledger.JOURNAL_FULL],
        [0, 0],
    ]
