"""The simulated NVS: values by name, that last when they were committed, and errors in the numbers of ESP-IDF."""

import pytest

from host_tests.board_bench import CountingPlant
from tools.simulator import nvs, silicon
from tools.simulator.nvs import NVS
from tools.simulator.silicon import PowerOff
from tools.simulator.world import World


@pytest.fixture
def world() -> World:
    return World(CountingPlant())


def test_values_are_seen_by_every_object_of_their_namespace(world: World) -> None:
    NVS("mesogun").set_i32("n", -7)
    NVS("mesogun").set_blob("b", b"abc")
    buffer = bytearray(b"......")
    assert NVS("mesogun").get_i32("n") == -7
    assert NVS("mesogun").get_blob("b", buffer) == 3
    assert buffer == b"abc..."
    with pytest.raises(OSError, match="NOT_FOUND"):
        NVS("other").get_i32("n")


def test_numbers_have_32_bits(world: World) -> None:
    store = NVS("mesogun")
    store.set_i32("n", 1 << 31)
    assert store.get_i32("n") == -(1 << 31)


def test_only_what_was_committed_outlives_the_power(world: World) -> None:
    store = NVS("mesogun")
    store.set_i32("kept", 1)
    store.commit()
    store.set_i32("kept", 2)
    store.set_i32("lost", 3)
    world.restart(silicon.PWRON_RESET)
    assert NVS("mesogun").get_i32("kept") == 1
    with pytest.raises(OSError, match="NOT_FOUND"):
        NVS("mesogun").get_i32("lost")


@pytest.mark.parametrize(("after_us", "value"), [(0, 1), (nvs.COMMIT_US - 1, 2)])
def test_a_commit_that_is_cut_short_happened_or_not(world: World, after_us: int, value: int) -> None:
    store = NVS("mesogun")
    store.set_i32("n", 1)
    store.commit()
    store.set_i32("n", 2)
    due_us = world.now_us + after_us
    chip = world.chip

    def cut() -> int:
        if chip.now_us >= due_us:
            chip.cut_power()
        return due_us

    chip.outside = cut
    chip.expect(due_us)
    with pytest.raises(PowerOff):
        store.commit()
    world.restart(silicon.PWRON_RESET)
    assert NVS("mesogun").get_i32("n") == value


def test_a_key_that_was_erased_is_gone(world: World) -> None:
    store = NVS("mesogun")
    store.set_i32("n", 1)
    store.erase_key("n")
    for wrong in (lambda: store.get_i32("n"), lambda: store.erase_key("n")):
        with pytest.raises(OSError, match="NOT_FOUND") as error:
            wrong()
        assert error.value.errno == -0x1102


def test_names_have_15_characters_and_buffers_room(world: World) -> None:
    store = NVS("mesogun")
    for wrong in (lambda: NVS("n" * 16), lambda: NVS(""), lambda: store.set_i32("k" * 16, 1)):
        with pytest.raises(OSError, match="TOO_LONG") as error:
            wrong()
        assert error.value.errno == -0x1109
    store.set_blob("k" * 15, b"123")
    with pytest.raises(OSError, match="INVALID_LENGTH") as error:
        store.get_blob("k" * 15, bytearray(2))
    assert error.value.errno == -0x110C


def test_a_number_is_no_blob_and_a_blob_no_number(world: World) -> None:
    store = NVS("mesogun")
    store.set_i32("n", 1)
    store.set_blob("b", b"1")
    with pytest.raises(OSError, match="NOT_FOUND"):
        store.get_blob("n", bytearray(4))
    with pytest.raises(OSError, match="NOT_FOUND"):
        store.get_i32("b")
