"""Codes are those of HMAC-SHA256, as CPython's own hmac makes them, on every interpreter."""

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.micropythons import MICROPYTHONS, need
from protocol.auth import Mac, equal, hmac_sha256, next_key
from tools import micropythons

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "host_tests.micropython.authentication"
CODES = st.binary(min_size=1, max_size=40)


def test_codes_are_those_of_the_standard() -> None:
    """Test cases 1, 2 and 6 of RFC 4231: a short key, a shorter one, and one longer than a block."""
    assert hmac_sha256(b"\x0b" * 20, b"Hi There").hex() == (
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    )
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert hmac_sha256(b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First").hex() == (
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    )


@pytest.mark.law
@given(st.binary(max_size=150), st.lists(st.binary(max_size=150), max_size=4))
def test_any_key_and_content_give_the_code_that_hmac_gives(key: bytes, parts: "list[bytes]") -> None:
    content = b"".join(parts)
    expected = hmac.new(key, content, hashlib.sha256).digest()
    assert hmac_sha256(key, content) == expected
    mac = Mac(key)
    assert mac.code_of(*parts) == expected
    assert mac.code_of(memoryview(content)) == expected  # a second time, by the same blocks


@pytest.mark.law
@given(CODES, CODES)
def test_codes_are_equal_when_every_byte_is(ours: bytes, theirs: bytes) -> None:
    assert equal(ours, theirs) == (ours == theirs)
    assert equal(ours, bytearray(ours))


@pytest.mark.law
@given(CODES, st.data())
def test_one_bit_makes_a_code_another_one(code: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1))
    other = bytearray(code)
    other[place] ^= 1 << data.draw(st.integers(0, 7))
    assert not equal(code, other)


@pytest.mark.parametrize("theirs", [b"", b"a", b"abab"])
def test_a_code_that_repeats_or_is_a_part_is_another_one(theirs: bytes) -> None:
    assert not equal(b"ab", theirs)


def test_a_key_that_moves_forward_never_comes_back() -> None:
    key = bytes(32)
    seen = {key}
    for _ in range(1000):
        key = next_key(key)
        seen.add(key)
    assert len(key) == 32
    assert len(seen) == 1001


@pytest.mark.parametrize("name", MICROPYTHONS)
def test_both_micropythons_make_the_same_codes(name: str) -> None:
    need(name)
    here = [sys.executable, str(ROOT / "host_tests" / "micropython" / "authentication.py"), str(ROOT)]
    paths = {"PYTHONPATH": str(ROOT / "tools" / "simulator" / "cpython")}
    there = micropythons.command(name, PROGRAM, [micropythons.tree_there(name)])
    said = [
        subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=paths if at_home else None)
        for command, at_home in ((here, True), (there, False))
    ]
    assert len(said[0].stdout.splitlines()) == 120
    assert "False" not in said[0].stdout
    assert said[1].stdout == said[0].stdout
