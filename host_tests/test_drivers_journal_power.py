"""The journal while power goes, and on a flash that fails: never half a batch, nothing lost, nothing written over."""

from collections.abc import Callable
from typing import Any

import pytest

from host_tests.journal_files_bench import WALL, Bench, whole
from tools.simulator import flash
from tools.simulator.silicon import PowerOff

Do = Callable[[Bench], None]


@pytest.fixture
def bench() -> Bench:
    return Bench()


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


@pytest.mark.parametrize("written", [0, 30])
def test_after_an_error_of_the_flash_nothing_is_written_until_the_restart_and_then_it_goes_on(
    bench: Bench, written: int
) -> None:
    """An error passes right through littlefs, which is not sure of itself any more: drivers/store.py."""
    bench.write(written)
    healed = failing(bench, "spend")
    bench.record(5)
    assert not bench.journal.drain(WALL)
    healed.append(1)
    before = dict(bench.files)
    for _ in range(3):
        assert not bench.journal.drain(WALL)
        assert bench.ring.kept == 20
    assert bench.files == before
    bench.boot()
    bench.write(2)
    assert whole(bench) == [*range(1, written + 1), written + 6, written + 7]


def test_a_key_that_nvs_did_not_take_waits_with_its_records_until_it_does(bench: Bench) -> None:
    bench.write(64)
    healed = failing(bench, "spend")
    bench.record(5)
    assert not bench.journal.drain(WALL)
    assert bench.ring.kept == 20
    healed.append(1)
    assert bench.journal.drain(WALL)
    assert whole(bench) == list(range(1, 70))


def test_what_the_flash_has_written_and_says_that_it_has_not_is_there_after_the_restart_and_once(bench: Bench) -> None:
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
    assert not bench.journal.drain(WALL)
    bench.boot()
    bench.write(1)
    assert whole(bench) == list(range(1, 15))


def test_a_segment_that_cannot_be_read_is_left_alone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write(10)
    bench.boot()

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
