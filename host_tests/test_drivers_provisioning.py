"""Records of the device's flash, and digests of codes."""

import hashlib
import json
from typing import Any

import pytest

from tools.simulator import provisioning
from tools.simulator.interpreter import Device


def driver() -> Any:
    """The device's own driver."""
    return Device().module("drivers.provisioning")


def test_a_record_is_what_json_has() -> None:
    assert driver().record_of(provisioning.text().encode()) == provisioning.record()


@pytest.mark.parametrize("payload", [None, b"", b"{", b"DEMO", b'{"salt": }'])
def test_no_payload_and_one_that_is_no_json_are_no_record(payload: "bytes | None") -> None:
    assert driver().record_of(payload) is None


@pytest.mark.parametrize("code", [0, 7, 271_828, 999_999])
def test_a_digest_is_sha_256_of_salt_and_six_digits_a_hundred_times(code: int) -> None:
    digest = driver().CodeDigest(b"salt")
    expected = f"{code:06d}".encode()
    for _ in range(100):
        expected = hashlib.sha256(b"salt" + expected).digest()
    assert digest(code) == expected


def test_digests_differ_with_code_and_salt_and_are_those_of_the_demo() -> None:
    module = driver()
    salt = bytes.fromhex(json.loads(provisioning.text())["salt"])
    digest = module.CodeDigest(salt)
    assert digest(provisioning.CODE) == provisioning.digest(provisioning.CODE)
    assert len({digest(code) for code in range(50)} | {module.CodeDigest(b"other")(0)}) == 51
