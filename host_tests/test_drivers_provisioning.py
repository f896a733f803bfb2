"""The provisioning on the device's flash, and digests of codes."""

import hashlib
import json
from typing import Any

import pytest

from host_tests.board_bench import CountingPlant
from tools.simulator import provisioning
from tools.simulator.interpreter import Device
from tools.simulator.world import World


def driver(content: "str | None") -> Any:
    """The device's own driver, on a chip with this on its flash."""
    world = World(CountingPlant(), "esp32s3")
    if content is not None:
        world.chip.flash_files[provisioning.FILE] = content.encode()
    return Device().module("drivers.provisioning")


def test_what_lies_on_the_flash_is_read_as_json_has_it() -> None:
    assert driver(provisioning.text()).stored() == provisioning.record()


@pytest.mark.parametrize("content", [None, "", "{", "DEMO", '{"salt": }'])
def test_no_file_and_one_that_is_no_json_are_no_record(content: "str | None") -> None:
    assert driver(content).stored() is None


@pytest.mark.parametrize("code", [0, 7, 271_828, 999_999])
def test_a_digest_is_sha_256_of_salt_and_six_digits_a_hundred_times(code: int) -> None:
    digest = driver(None).CodeDigest(b"salt")
    expected = f"{code:06d}".encode()
    for _ in range(100):
        expected = hashlib.sha256(b"salt" + expected).digest()
    assert digest(code) == expected


def test_digests_differ_with_code_and_salt_and_are_those_of_the_demo() -> None:
    module = driver(None)
    salt = bytes.fromhex(json.loads(provisioning.text())["salt"])
    digest = module.CodeDigest(salt)
    assert digest(provisioning.CODE) == provisioning.digest(provisioning.CODE)
    assert len({digest(code) for code in range(50)} | {module.CodeDigest(b"other")(0)}) == 51
