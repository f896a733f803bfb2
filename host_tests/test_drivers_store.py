"""Two slots: whatever becomes of one, the other is in force; nothing is believed before it was read back."""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import slot
from host_tests.board_bench import CountingPlant
from protocol.auth import Mac
from tools.simulator.flash import device_open
from tools.simulator.interpreter import Device
from tools.simulator.world import World

MAC = Mac(bytes(range(32))).code_of
Change = Callable[["dict[str, bytes]"], object]


class Bench:
    """A chip with an empty flash."""

    def __init__(self) -> None:
        self.files = World(CountingPlant()).chip.flash_files
        self.store: Any = Device().module("drivers.store")

    def restart(self) -> None:
        """The program begins anew."""
        self.store = Device().module("drivers.store")

    def slots(self, mac: Any = MAC, schema: int = slot.CONFIG) -> Any:
        """Nobody has read or written yet."""
        return self.store.Slots("/config", schema, slot, mac)

    def put(self, number: int, sequence: int, payload: bytes, schema: int = slot.CONFIG) -> None:
        """A valid slot, as if written long ago."""
        self.files[f"/config.{number}"] = bytes(slot.pack(schema, sequence, payload, self.store.crc32, MAC))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_empty_store_has_nothing_and_is_not_damaged(bench: Bench) -> None:
    slots = bench.slots()
    assert slots.load() is None
    assert slots.damaged == 0


def test_the_first_payload_is_put_into_both_files(bench: Bench) -> None:
    assert bench.slots().save(b"one")
    assert sorted(bench.files) == ["/config.0", "/config.1"]
    for lost in list(bench.files):
        content = bench.files.pop(lost)
        assert bench.slots().load() == b"one"
        bench.files[lost] = content


def test_each_write_goes_into_the_file_that_is_not_in_force(bench: Bench) -> None:
    slots = bench.slots()
    slots.save(b"first")
    for turn in range(6):
        before = dict(bench.files)
        assert slots.save(b"%d" % turn)
        changed = [path for path, content in bench.files.items() if content != before[path]]
        assert len(changed) == 1
        assert bench.slots().load() == slots.load() == b"%d" % turn
        bench.files[changed[0]] = b""
        assert bench.slots().load() == (b"%d" % (turn - 1) if turn else b"first")
        bench.files.update(before)
        assert slots.load() is not None
        assert slots.save(b"%d" % turn)


def test_a_write_after_a_restart_goes_on_where_the_last_ended(bench: Bench) -> None:
    for turn in range(5):
        assert bench.slots().save(b"%d" % turn)
        assert bench.slots().load() == b"%d" % turn


@pytest.mark.law
@given(st.lists(st.binary(max_size=80), min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_what_was_written_last_is_read(payloads: "list[bytes]", restarts: "list[bool]") -> None:
    bench = Bench()
    slots = bench.slots()
    for payload, restarted in zip(payloads, restarts, strict=False):
        if restarted:
            slots = bench.slots()
        assert slots.save(payload)
        assert slots.load() == payload
    assert bench.slots().load() == payloads[-1]


@pytest.mark.parametrize(("first", "second", "found"), [(8, 9, b"second"), (9, 8, b"first"), (8, 8, b"first")])
def test_the_higher_sequence_is_in_force_and_of_two_alike_the_first(
    bench: Bench, first: int, second: int, found: bytes
) -> None:
    bench.put(0, first, b"first")
    bench.put(1, second, b"second")
    assert bench.slots().load() == found
    assert bench.slots().save(b"next")
    assert bench.slots().load() == b"next"


DAMAGES: "dict[str, Change]" = {
    "one byte": lambda files: files.update({"/config.1": b"M"}),
    "cut off": lambda files: files.update({"/config.1": files["/config.1"][:-1]}),
    "a bit flipped": lambda files: files.update({"/config.1": b"m" + files["/config.1"][1:]}),
    "far too long": lambda files: files.update({"/config.1": bytes(100_000)}),
    "a folder": lambda files: (files.pop("/config.1"), files.update({"/config.1/": b""})),
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_file_that_is_there_and_not_valid_is_told_and_the_other_is_in_force(bench: Bench, change: Change) -> None:
    bench.put(0, 8, b"first")
    bench.put(1, 9, b"second")
    change(bench.files)
    slots = bench.slots()
    assert slots.load() == b"first"
    assert slots.damaged == 1


def test_both_bad_is_nothing_and_the_next_write_mends_both(bench: Bench) -> None:
    bench.files.update({"/config.0": b"?", "/config.1": b"?"})
    slots = bench.slots()
    assert slots.load() is None
    assert slots.damaged == 2
    assert slots.save(b"new")
    assert slots.load() == b"new"
    assert slots.damaged == 0


def test_a_slot_of_another_kind_does_not_pass_for_this_one(bench: Bench) -> None:
    bench.put(0, 8, b"{}", slot.CALIBRATION)
    slots = bench.slots()
    assert slots.load() is None
    assert slots.damaged == 1


def test_without_a_key_nothing_is_valid_and_nothing_is_written(bench: Bench) -> None:
    bench.put(0, 8, b"first")
    before = dict(bench.files)
    slots = bench.slots(mac=None)
    assert slots.load() is None
    assert slots.damaged == 1
    assert not slots.save(b"new")
    assert bench.files == before


def test_a_payload_that_is_too_long_is_refused_and_changes_nothing(bench: Bench) -> None:
    bench.put(0, 8, b"first")
    slots = bench.slots()
    assert not slots.save(bytes(4049))
    assert list(bench.files) == ["/config.0"]
    assert slots.save(b"new")


class Faulty:
    """A file that does not do what it should."""

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def open(self, path: str, mode: str) -> Any:
        """In place of the device's."""
        if mode == "rb":
            if self.fault == "read":
                raise OSError(5, path)
            content = device_open(path, mode).read()
            return io.BytesIO(content[:-1] if self.fault == "short" else content)
        if self.fault == "open":
            raise OSError(28, path)
        file = device_open(path, mode)
        if self.fault == "write":
            file.write = self._fail
        elif self.fault == "close":
            file.close = self._fail
        elif self.fault == "other":
            file.write = partial(_written_wrong, file.write)
        return file

    def _fail(self, *_: object) -> None:
        raise OSError(5, "I/O")


@pytest.mark.parametrize("fault", ["open", "write", "close", "read", "short", "other"])
def test_a_write_that_fails_is_told_and_what_was_in_force_still_is(bench: Bench, fault: str) -> None:
    bench.put(0, 8, b"first")
    bench.put(1, 7, b"older")
    slots = bench.slots()
    assert slots.load() == b"first"
    bench.store.open = Faulty(fault).open
    assert not slots.save(b"new")
    del bench.store.open
    assert in_file(bench, "/config.0") == (8, b"first")
    bench.restart()
    assert bench.slots().load() in (b"first", b"new")
    assert bench.slots().save(b"once more")
    assert bench.slots().load() == b"once more"


@pytest.mark.parametrize("fault", ["open", "write", "close"])
def test_after_an_error_of_the_flash_nothing_is_written_until_the_restart(bench: Bench, fault: str) -> None:
    """littlefs still knows the file, and cannot be trusted to write another one."""
    bench.put(0, 8, b"first")
    bench.store.open = Faulty(fault).open
    assert not bench.slots().save(b"new")
    assert bench.store.stuck
    del bench.store.open
    before = dict(bench.files)
    assert not bench.slots().save(b"new")
    assert not bench.store.put_file("/journal", "ab", b"record")
    assert bench.files == before
    assert bench.slots().load() == b"first"
    bench.restart()
    assert bench.store.put_file("/journal", "ab", b"record")
    assert bench.files["/journal"] == b"record"


def test_an_error_of_reading_alone_does_not_keep_from_writing(bench: Bench) -> None:
    slots = bench.slots()
    bench.store.open = Faulty("read").open
    assert not slots.save(b"new")
    del bench.store.open
    assert slots.save(b"newer")


def test_a_file_whose_first_write_was_cut_is_no_damage(bench: Bench) -> None:
    bench.files["/config.0"] = b""
    slots = bench.slots()
    assert slots.load() is None
    assert slots.damaged == 0


def _written_wrong(write: "Callable[[bytes], int]", content: bytearray) -> int:
    """One bit is another one on its way to the flash."""
    return write(bytes([content[0] ^ 1]) + content[1:])


def in_file(bench: Bench, path: str) -> Any:
    """Sequence and payload of one file."""
    return slot.unpack(bench.files[path], slot.CONFIG, bench.store.crc32, MAC)


def test_files_that_cannot_be_read_are_not_taken_for_an_empty_store(bench: Bench) -> None:
    bench.put(0, 8, b"first")
    slots = bench.slots()
    bench.store.open = Faulty("read").open
    assert slots.load() is None
    assert slots.damaged == 2
