"""A slot tells whether it is whole, how new it is, of which kind, and whether this device made it."""

import hashlib
import hmac
from binascii import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import slot
from firmware.slot import CALIBRATION, CONFIG, LEDGER, MOST_BYTES, pack, unpack
from host_tests.effort import share

KEY = bytes(range(32))
AROUND_BYTES = 12 + 4 + 32
SEQUENCES = st.integers(1, 2**32 - 1)


def mac(content: "bytes | bytearray | memoryview", key: bytes = KEY) -> bytes:
    """What protocol/auth.py makes, from another hand."""
    return hmac.new(key, content, hashlib.sha256).digest()


def other_mac(content: "bytes | bytearray | memoryview") -> bytes:
    """Another device's."""
    return mac(content, b"another key")


@pytest.mark.law
@given(st.sampled_from((CONFIG, CALIBRATION, LEDGER)), SEQUENCES, st.binary(max_size=300))
def test_what_was_packed_is_unpacked(schema: int, sequence: int, payload: bytes) -> None:
    content = pack(schema, sequence, payload, crc32, mac)
    assert len(content) == len(payload) + AROUND_BYTES
    assert unpack(content, schema, crc32, mac) == (sequence, payload)
    assert unpack(bytes(content), schema, crc32, mac) == (sequence, payload)


def test_the_layout_is_the_one_that_is_written_down() -> None:
    content = bytes(pack(0x0301, 258, b"payload", crc32, mac))
    head = b"MSG\x01" + b"\x01\x03" + b"\x07\x00" + b"\x02\x01\x00\x00" + b"payload"
    signed = head + crc32(head).to_bytes(4, "little")
    assert content == signed + mac(signed)


def test_every_bit_that_flips_makes_it_invalid() -> None:
    content = pack(CONFIG, 7, b"some payload", crc32, mac)
    for bit in range(8 * len(content)):
        content[bit // 8] ^= 1 << bit % 8
        assert unpack(content, CONFIG, crc32, mac) is None, bit
        content[bit // 8] ^= 1 << bit % 8
    assert unpack(content, CONFIG, crc32, mac) == (7, b"some payload")


def test_every_part_of_it_and_more_than_it_is_invalid() -> None:
    content = bytes(pack(CONFIG, 7, b"some payload", crc32, mac))
    for length in range(len(content)):
        assert unpack(content[:length], CONFIG, crc32, mac) is None
        assert unpack(content[length + 1 :], CONFIG, crc32, mac) is None
    assert unpack(content + b"\0", CONFIG, crc32, mac) is None


@pytest.mark.law
@share(2)
@given(st.binary(max_size=200), st.booleans())
def test_bytes_of_any_kind_are_no_slot(content: bytes, begins_well: bool) -> None:
    begin = b"MSG\x01\x01\x01" + max(len(content) - 42, 0).to_bytes(2, "little") if begins_well else b""
    assert unpack(begin + content, CONFIG, crc32, mac) is None


@pytest.mark.parametrize("schema", [CALIBRATION, LEDGER, CONFIG + 1])
def test_a_slot_of_another_kind_or_version_is_not_valid_here(schema: int) -> None:
    content = pack(schema, 1, b"{}", crc32, mac)
    assert unpack(content, schema, crc32, mac) is not None
    assert unpack(content, CONFIG, crc32, mac) is None


def test_a_slot_of_another_device_is_not_valid_here() -> None:
    assert unpack(pack(CONFIG, 1, b"{}", crc32, other_mac), CONFIG, crc32, mac) is None


def test_a_payload_with_a_new_crc_and_no_key_is_not_valid() -> None:
    forged = pack(CONFIG, 1, b'{"drying_s": 30}', crc32, mac)
    forged[-38:-36] = b"1}"
    forged[-36:-32] = crc32(forged[:-36]).to_bytes(4, "little")
    assert unpack(forged, CONFIG, crc32, mac) is None


def test_a_damaged_head_with_a_right_code_is_not_valid() -> None:
    """Whoever has the key can make mistakes too: length, magic and sequence are looked at by themselves."""
    for place, value in ((0, ord("m")), (3, 2), (6, 1), (8, 0)):
        content = pack(CONFIG, 1, b"{}", crc32, mac)
        content[place] = value
        content[14:18] = crc32(content[:14]).to_bytes(4, "little")
        content[18:] = mac(content[:18])
        assert unpack(content, CONFIG, crc32, mac) is None, place


def test_a_wrong_crc_with_a_right_code_is_not_valid() -> None:
    content = pack(CONFIG, 1, b"{}", lambda _content: 5, mac)
    assert unpack(content, CONFIG, crc32, mac) is None


def test_a_slot_has_room_for_a_block_and_no_more() -> None:
    most = b"x" * (MOST_BYTES - AROUND_BYTES)
    content = pack(CONFIG, 1, most, crc32, mac)
    assert unpack(content, CONFIG, crc32, mac) == (1, most)
    with pytest.raises(ValueError, match="payload: 4049 bytes"):
        pack(CONFIG, 1, most + b"x", crc32, mac)
    for large in (b"x" * (MOST_BYTES + 1), b"MSG\x01\x01\x01" + (4049).to_bytes(2, "little") + b"\1" * 4089):
        assert unpack(large, CONFIG, crc32, mac) is None


def test_kinds_of_slots_differ() -> None:
    assert len({slot.CONFIG >> 8, slot.CALIBRATION >> 8, slot.LEDGER >> 8}) == 3
