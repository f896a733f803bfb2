"""One slot of the store: a payload with what proves that it is whole, the newer of two, of its kind, and ours.

    magic        4 bytes    "MSG" and the version of this layout
    schema       2          which kind of payload, and which version of it
    length       2          of the payload
    sequence     4          1 and more; the higher is the newer
    payload
    CRC-32       4          over all before it: found by chance
    HMAC        32          over all before it: found by intent; a slot of another kind or device is not valid here

Numbers are little endian. A CRC tells a damaged slot from a forged one for people; the device refuses both.
"""

from micropython import const

CONFIG = const(0x0101)
"""Schemas: what the clinic has entered, as firmware/provisioning.py has it."""
CALIBRATION = const(0x0201)
"""As firmware/calibration.py has it."""
LEDGER = const(0x0301)
MOST_BYTES = const(4096)
"""Of a whole slot: one block of the flash. What is longer is none."""

_MAGIC = const(b"MSG\x01")
_HEAD_BYTES = const(12)
_CRC_BYTES = const(4)
_MAC_BYTES = const(32)
_AROUND_BYTES = const(48)  # head, CRC and HMAC

TYPE_CHECKING = const(False)
if TYPE_CHECKING:
    from collections.abc import Callable

    Buffer = bytes | bytearray | memoryview
    Crc = Callable[[Buffer], int]
    Mac = Callable[[Buffer], bytes]


def pack(schema: int, sequence: int, payload: "Buffer", crc32: "Crc", mac: "Mac") -> bytearray:
    """The bytes of a slot. ValueError for a payload that is longer than a slot may be."""
    end = _HEAD_BYTES + len(payload)
    if end + _CRC_BYTES + _MAC_BYTES > MOST_BYTES:
        raise ValueError("payload: " + str(len(payload)) + " bytes")
    content = bytearray(len(payload) + _AROUND_BYTES)
    content[0:4] = _MAGIC
    content[4:6] = schema.to_bytes(2, "little")
    content[6:8] = len(payload).to_bytes(2, "little")
    content[8:12] = sequence.to_bytes(4, "little")
    content[12:end] = payload
    signed = memoryview(content)
    content[end : end + 4] = crc32(signed[:end]).to_bytes(4, "little")
    content[end + 4 :] = mac(signed[: end + 4])
    return content


def unpack(content: "Buffer", schema: int, crc32: "Crc", mac: "Mac") -> "tuple[int, bytes] | None":
    """Sequence and payload of a slot; None if it is not a whole one of this schema, or not signed by this key."""
    signed = memoryview(content)
    end = len(content) - _CRC_BYTES - _MAC_BYTES
    if not _HEAD_BYTES <= end <= MOST_BYTES - _CRC_BYTES - _MAC_BYTES:
        return None
    sequence = int.from_bytes(signed[8:12], "little")
    if (
        bytes(signed[0:4]) != _MAGIC
        or int.from_bytes(signed[4:6], "little") != schema
        or int.from_bytes(signed[6:8], "little") != end - _HEAD_BYTES
        or not sequence
        or int.from_bytes(signed[end : end + 4], "little") != crc32(signed[:end])
        # How long it takes to compare codes of codes tells nothing about the codes.
        or mac(mac(signed[: end + 4])) != mac(signed[end + 4 :])
    ):
        return None
    return sequence, bytes(signed[_HEAD_BYTES:end])
