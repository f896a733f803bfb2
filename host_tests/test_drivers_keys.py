"""Keys of the device: 32 bytes by name, and nothing in place of one that is not there."""

import pytest

from host_tests.board_bench import CountingPlant
from tools.simulator.interpreter import Device
from tools.simulator.nvs import NVS
from tools.simulator.world import World

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("blob", "found"),
    [(KEY, KEY), (KEY[:31], None), (KEY + b"1", None), (b"", None), (None, None)],
    ids=["32 bytes", "31", "33", "empty", "none"],
)
def test_a_key_is_32_bytes_or_there_is_none(blob: "bytes | None", found: "bytes | None") -> None:
    World(CountingPlant())
    if blob is not None:
        NVS("mesogun").set_blob("store", blob)
    keys = Device().module("drivers.keys")
    assert keys.key_of("store") == found
    assert keys.key_of("journal") is None


def test_a_number_of_that_name_is_no_key() -> None:
    World(CountingPlant())
    NVS("mesogun").set_i32("store", 1)
    assert Device().module("drivers.keys").key_of("store") is None
