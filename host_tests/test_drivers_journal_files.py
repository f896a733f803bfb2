"""The journal on the simulated chip's flash: chained from boot to boot, never overwritten, never silently short."""

import pytest

from host_tests.journal_bench import FIRST_KEY
from host_tests.journal_files_bench import RECORDS, WALL, Bench, whole
from tools.journal import checking, kinds
from tools.journal.checking import Checker, Head


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_what_was_recorded_is_on_flash_in_order_with_boot_time_and_kind(bench: Bench) -> None:
    assert bench.journal.resume()
    bench.ring.record(5000, kinds.DROP, 1, 10000)
    bench.ring.more(1000 | 2 << 16, 9990, 9800, 10200)
    bench.ring.record(7000, kinds.FAULTS, 7, 1 << 9)
    assert bench.journal.drain(WALL)
    assert (bench.ring.kept, bench.journal.sequence) == (0, 2)
    drop, fault = bench.records()
    assert drop.numbers == (1, 1, kinds.DROP, 1, WALL, 5, 1, 10000, 1000 | 2 << 16, 9990, 9800, 10200, 0, 0)
    assert fault.numbers == (2, 1, kinds.FAULTS, 1, WALL, 7, 7, 1 << 9, 0, 0, 0, 0, 0, 0)
    whole(bench)


def test_nothing_is_written_where_nothing_waits(bench: Bench) -> None:
    assert bench.journal.drain(WALL)
    assert bench.files == {}


def test_the_chain_goes_on_over_segments_and_boots(bench: Bench) -> None:
    for count in (1, 63, 64, 65, 10, 200):
        bench.boot()
        bench.write(count)
    assert whole(bench) == list(range(1, 404))
    assert [len(content) for content in bench.files.values()] == [4096] * 6 + [64 * (403 - 384)]
    assert {record.boot for record in bench.records()} == {2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize("batch", [1, 7, 64, 80])
def test_no_batch_goes_over_the_end_of_a_segment_and_each_is_one_write(bench: Bench, batch: int) -> None:
    bench.record(batch)
    while not bench.journal.drain(WALL):
        assert bench.journal.sequence % RECORDS == 0
    bench.write(200, batch)
    assert whole(bench) == list(range(1, 201 + batch))


def test_the_key_of_a_full_segment_is_gone_before_the_next_is_written(bench: Bench) -> None:
    bench.write(65)
    blob = bench.world.chip.nvs["mesogun"]["journal"]
    assert isinstance(blob, bytes)
    assert len(blob) == 60
    assert FIRST_KEY not in blob
    last = bench.records()[63]
    assert (blob[:12], blob[44:]) == (bytes([1, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0]), last.code)


@pytest.mark.parametrize("key", [b"", b"short", bytes(61)])
def test_without_a_key_nothing_is_written_and_nothing_lost(key: bytes) -> None:
    bench = Bench(key)
    assert not bench.journal.resume()
    bench.record(3)
    assert not bench.journal.drain(WALL)
    assert (bench.files, bench.ring.kept) == ({}, 12)


# --- damage -------------------------------------------------------------------------------------------------------


def falsified(content: bytes) -> "dict[str, tuple[bytes, int]]":
    """A segment of 30 records, falsified; and the place of the first record that cannot be accepted."""
    flipped = bytearray(content)
    flipped[64 * 12 + 20] ^= 1
    return {
        "a flipped bit": (bytes(flipped), 12),
        "a record taken out": (content[: 64 * 5] + content[64 * 6 :], 5),
        "a record put in": (content[: 64 * 5] + content[64 * 3 : 64 * 4] + content[64 * 5 :], 5),
        "half a record": (content[:-10], 29),
        "something behind": (content + b"?", 30),
        "another journal": (bytes(len(content)), 0),
    }


@pytest.mark.parametrize("how", falsified(bytes(64 * 30)))
def test_a_segment_that_does_not_fit_is_left_alone_reported_and_the_chain_goes_on_in_a_new_one(
    bench: Bench, how: str
) -> None:
    bench.write(94)
    damaged, place = falsified(bench.files["00000001"])[how]
    bench.put("00000001", damaged)
    before = dict(bench.files)
    assert bench.boot().resume()
    assert bench.journal.damage == (1, place)
    assert bench.journal.sequence == 64 + place
    bench.ring.record(0, kinds.DAMAGED, *bench.journal.damage)
    bench.journal.damage = ()
    bench.write(70)
    assert bench.journal.damage == ()
    assert {name: content for name, content in bench.files.items() if name in before} == before
    assert sorted(bench.files) == ["00000000", "00000001", "00000002", "00000003"]
    (found,) = Checker(FIRST_KEY).check(bench.records(), Head(bench.journal.sequence, bytes(bench.journal.code)))
    assert (found.place, found.sequence) == (64 + place, 65 + place)
    bench.boot().resume()
    assert bench.journal.damage == ()


def test_a_segment_that_is_full_but_for_a_byte_too_many_is_damaged_at_its_end(bench: Bench) -> None:
    bench.write(64)
    bench.put("00000000", bench.files["00000000"] + bytes(64))
    bench.boot().resume()
    assert bench.journal.damage == (0, 64)


def test_records_that_were_cut_off_show_only_in_the_number_of_the_newest(bench: Bench) -> None:
    bench.write(100)
    known = Head(bench.journal.sequence, bytes(bench.journal.code))
    bench.put("00000001", bench.files["00000001"][: 64 * 20])
    bench.boot().resume()
    assert (bench.journal.damage, bench.journal.sequence) == ((), 84)
    bench.write(1)
    assert Checker(FIRST_KEY).check(bench.records(), known)[0].what == checking.TRUNCATED


def test_files_that_somebody_put_where_the_next_segments_go_are_left_alone(bench: Bench) -> None:
    bench.write(60)
    for name in ("00000001", "00000002"):
        bench.put(name, b"not a record")
    bench.write(10)
    assert bench.journal.damage == (2, 0)
    assert bench.files["00000001"] == bench.files["00000002"] == b"not a record"
    assert len(bench.files["00000003"]) == 64 * 6


# --- full ---------------------------------------------------------------------------------------------------------


def test_a_full_journal_takes_nothing_more_until_it_is_exported_and_loses_nothing(bench: Bench) -> None:
    journal = bench.journal
    journal.most = 4
    assert journal.left() == 256
    bench.write(250)
    assert journal.left() == 6
    bench.record(10)
    assert not journal.drain(WALL)
    assert (journal.left(), bench.ring.kept) == (0, 4 * 4)
    assert not journal.drain(WALL)
    assert sorted(bench.files) == ["00000000", "00000001", "00000002", "00000003"]
    journal.exported(0)
    assert len(bench.files) == 4  # there is no hurry
    assert journal.drain(WALL)
    assert sorted(bench.files) == ["00000001", "00000002", "00000003", "00000004"]
    journal.exported(4)  # the newest is never meant
    assert journal.left() == 60
    journal.exported(3)
    assert journal.left() == 60 + 3 * 64
    bench.boot().most = 4
    assert bench.journal.resume()
    assert bench.journal.left() == 60 + 3 * 64  # it is remembered
    bench.write(60 + 3 * 64)
    assert bench.journal.left() == 0
    assert whole(bench, None)[-1] == 260 + 60 + 3 * 64


def test_an_old_segment_that_is_not_there_is_no_reason_to_stop(bench: Bench) -> None:
    bench.journal.most = 3
    bench.write(192)
    bench.journal.exported(1)
    del bench.world.chip.flash_files["/journal/00000000"]
    bench.write(1)
    assert sorted(bench.files) == ["00000001", "00000002", "00000003"]
