"""The journal on the simulated chip's flash: chained from boot to boot, never overwritten, never silently short."""

from collections.abc import Callable
from typing import Any

import pytest

from host_tests.board_bench import CountingPlant
from host_tests.journal_bench import FIRST_KEY
from tools.journal import checking, kinds
from tools.journal.checking import BEGINNING, Checker, Head
from tools.journal.records import Record
from tools.simulator.interpreter import Device
from tools.simulator.silicon import PWRON_RESET, PowerOff
from tools.simulator.world import World

Do = Callable[["Bench"], None]
WALL = 261122 * 1440 + 615
RECORDS = 64


class Bench:
    """A chip whose flash is empty and whose NVS has the first key; records numbered from 1 in their first integer."""

    def __init__(self, key: bytes = FIRST_KEY) -> None:
        self.world = World(CountingPlant())
        if key:
            self.world.chip.nvs["mesogun"] = {"journal": key}
        self.recorded = 0
        self.boots = 0
        self.boot()

    def boot(self) -> Any:
        """Power-on: flash and NVS are as they were."""
        self.world.restart(PWRON_RESET)
        device = Device()
        self.boots += 1
        self.ring: Any = device.module("firmware.journal_ring").JournalRing()
        codec = device.module("protocol.journal_record")
        self.journal: Any = device.module("drivers.journal_files").JournalFiles(self.ring, codec)
        self.journal.boot = self.boots
        return self.journal

    @property
    def files(self) -> "dict[str, bytes]":
        """What is in the folder of the journal, by name."""
        return {
            path[9:]: content for path, content in self.world.chip.flash_files.items() if path.startswith("/journal/0")
        }

    def records(self) -> "list[Record]":
        """All that is on the flash."""
        return [
            Record(int(name), content[place : place + RECORDS])
            for name, content in sorted(self.files.items())
            for place in range(0, len(content), RECORDS)
        ]

    def record(self, count: int = 1) -> None:
        """Record events; their numbers go on."""
        for _ in range(count):
            self.recorded += 1
            self.ring.record(2000 * self.recorded, kinds.ILLEGAL, self.recorded, 0)

    def write(self, count: int, batch: int = 20) -> None:
        """Record and drain so many."""
        while count:
            self.record(min(batch, count))
            count -= min(batch, count)
            while not self.journal.drain(WALL):
                pass

    def put(self, name: str, content: bytes) -> None:
        """Somebody writes to the flash."""
        self.world.chip.flash_files["/journal/" + name] = content


@pytest.fixture
def bench() -> Bench:
    return Bench()


def whole(bench: Bench, after: "Head | None" = BEGINNING) -> "list[int]":
    """The first integers of all records, which are all as they should be; up to the head that the device knows."""
    records = bench.records()
    assert Checker(FIRST_KEY).check(records, Head(bench.journal.sequence, bytes(bench.journal.code)), after) == []
    return [record.own[0] for record in records]


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


# --- a loss of power ----------------------------------------------------------------------------------------------


def cut_everywhere(make: "Callable[[], Bench]", deed: "Do", then: "Do") -> int:
    """Cut power wherever `deed` lets time pass; after each cut, boot and call `then`. How many there were."""
    cuts = 0
    while True:
        bench = make()
        chip = bench.world.chip
        left = [cuts]
        spend = chip.spend

        def counted(us: int, spend: Any = spend, left: "list[int]" = left, chip: Any = chip) -> None:
            if left[0] == 0:
                chip.cut_power()
            left[0] -= 1
            spend(us)

        chip.spend = counted
        try:
            deed(bench)
            return cuts
        except PowerOff:
            cuts += 1
        bench.boot()
        then(bench)


def almost_full() -> Bench:
    """Two records fit into the newest segment, and three segments on the flash, of which the first was exported."""
    bench = Bench()
    bench.journal.most = 3
    bench.write(2 * 64 + 62)
    bench.journal.exported(0)
    return bench


def drain_ten(bench: Bench) -> None:
    """Two fit, eight begin a new segment, for which the oldest has to go."""
    bench.record(10)
    while not bench.journal.drain(WALL):
        pass


def test_wherever_power_is_cut_a_batch_is_there_or_not_and_the_journal_is_whole_and_goes_on() -> None:
    ends: set[int] = set()

    def go_on(bench: Bench) -> None:
        bench.journal.most = 3
        assert bench.journal.resume()
        assert bench.journal.damage == ()
        ends.add(whole(bench, None)[-1])
        bench.recorded = 1000
        bench.write(5)
        assert bench.journal.damage == ()
        assert whole(bench, None)[-5:] == [1001, 1002, 1003, 1004, 1005]
        assert len(bench.files) <= 3

    cuts = cut_everywhere(almost_full, drain_ten, go_on)
    assert cuts >= 8  # two writes, a key, a file that goes: each in halves
    assert ends == {190, 192, 200}


def test_wherever_power_is_cut_while_a_new_device_begins_it_begins() -> None:
    def go_on(bench: Bench) -> None:
        bench.write(3)
        assert bench.journal.sequence in (3, 6)
        assert whole(bench)[-1] == 6

    def write_three(bench: Bench) -> None:
        bench.write(3)

    assert cut_everywhere(Bench, write_three, go_on) >= 4


# --- a flash that fails -------------------------------------------------------------------------------------------


def failing(bench: Bench, name: str) -> "list[int]":
    """From now on this function of the chip's flash or NVS fails; until something is put into the list."""
    healed: list[int] = []
    real = getattr(bench.world.chip, name)

    def fail(us: int) -> None:
        if us >= 5000 and not healed:
            raise OSError(5)
        real(us)

    setattr(bench.world.chip, name, fail)
    return healed


@pytest.mark.parametrize("written", [0, 30, 64])
def test_what_a_failing_flash_did_not_take_waits_and_is_written_when_it_takes_it(bench: Bench, written: int) -> None:
    bench.write(written)
    healed = failing(bench, "spend")
    bench.record(5)
    for _ in range(3):
        assert not bench.journal.drain(WALL)
        assert bench.ring.kept == 20
    healed.append(1)
    assert bench.journal.drain(WALL)
    assert whole(bench)[-5:] == [written + number for number in (1, 2, 3, 4, 5)]


def test_a_flash_that_has_written_and_says_that_it_has_not_makes_twins_but_loses_nothing(bench: Bench) -> None:
    bench.write(10)
    real = bench.world.chip.spend
    calls: list[int] = []

    def fail(us: int) -> None:
        calls.append(us)
        if len(calls) == 2:
            raise OSError(5)
        real(us)

    bench.world.chip.spend = fail
    bench.record(3)
    assert not bench.journal.drain(WALL)
    assert bench.journal.drain(WALL)
    assert whole(bench) == [*range(1, 14), 11, 12, 13]


def test_a_segment_that_cannot_be_read_is_left_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write(10)
    bench.boot()
    from tools.simulator import flash

    def broken(*_: object) -> bytes:
        raise OSError(5)

    monkeypatch.setattr(flash.Memory, "read", broken)
    assert bench.journal.resume()
    assert bench.journal.damage == (0, 0)
    monkeypatch.undo()
    before = bench.files["00000000"]
    bench.journal.damage = ()
    bench.write(3)
    assert (bench.files["00000000"], len(bench.files["00000001"])) == (before, 64 * 3)
