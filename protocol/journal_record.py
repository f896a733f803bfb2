"""One record of the journal: 64 bytes, of which the last 16 are a code that is chained to the record before.

Little endian: sequence u32, boot u16, kind u8, version u8, wall u32, uptime u32 (ms), eight i32, code. `wall` is when
it was written to flash, ((year - 2000) * 10000 + month * 100 + day) * 1440 + minute of the day, or 0 if the clock did
not know; uptime is when it happened. docs/journal.md has the kinds and their integers.
"""

import struct

from micropython import const

from protocol.auth import Mac
from protocol.auth import next_key as next_key  # whoever has this module has all that a journal needs

_VERSION = const(1)


def pack(body: "bytearray | memoryview", sequence: int, boot: int, wall: int, integers: "list[int]") -> None:
    """Make the 48 bytes before the code, in place; `integers`: uptime in ms, kind, eight of its own."""
    struct.pack_into(
        "<IHBBII8i", body, 0, sequence, boot & 0xFFFF, integers[1], _VERSION, wall, integers[0], *integers[2:]
    )


def seal(mac: Mac, before: "bytes | memoryview", body: "bytes | bytearray | memoryview") -> bytes:
    """The 16 bytes behind a body, by the key of its segment, the code of the record before, and the body itself."""
    return mac.code_of(before, body)[:16]
