"""The journal on flash: segments of 64 records, one file each. Records are appended, and never changed.

Each segment has a key of its own, in NVS beside what stands before its first record: number of the segment, number and
code of the newest record. Where a segment is full, the next key goes over this one: from then on nobody can make or
change what came before. A loss of power leaves a batch of records whole or away, and the key that of the newest
segment or of the one that comes next. What does not fit its key is evidence: it stays, and a new segment begins.
"""

import os
import struct

import esp32
from micropython import const

from drivers import store

_FOLDER = const("/journal")
_NAME = const("journal")  # of the folder, and in NVS
_ENOENT = const(2)
_EEXIST = const(17)
_RECORDS = const(64)  # of a segment: 4 KiB
_NUMBERS = const("<III")  # segment, the newest record before it, the first segment that was not exported; at 12 the key
_CODE = const(44)  # of the newest record before the segment
_BYTES = const(60)


class JournalFiles:
    """Writes what is in `ring`; `codec` is the module protocol.journal_record. To be used only while disarmed: a call
    may take as long as erasing some sectors of the flash.

    `boot` goes into the records. `sequence` is the number of the newest record on flash, the first one's is 1, and
    `code` its code; both are sure only while resume() or drain() has not failed. `damage` is (segment, place) of a
    record that was not accepted, until somebody sets it to () again.
    """

    def __init__(self, ring, codec) -> None:
        self.boot = 0
        self.sequence = 0
        self.code = b""
        self.damage = ()
        self.most = 128  # segments on flash
        self._ring = ring
        self._codec = codec
        self._nvs = esp32.NVS("mesogun")
        self._start = bytearray(_BYTES)
        self._mac = None  # of the newest segment; None: the flash has to be asked how things stand
        self._used = 0  # records in it

    def resume(self) -> bool:
        """Go on where the flash says, at power-on or after an error. False if there is no key, or the flash fails."""
        start = self._start
        self._mac = None
        try:
            length = self._nvs.get_blob(_NAME, start)
            if length == 32:
                start[:] = bytes(12) + start[:32] + bytes(16)  # the first key of a new device
                length = _BYTES
            if length == _BYTES and store.attempt(os.mkdir, _FOLDER, _EEXIST):
                self.code = start[_CODE:]
                self.sequence = self._numbers()[1]
                self._used = 0
                self._mac = self._codec.Mac(start[12:_CODE])
                self._follow()
        except OSError:
            self._mac = None
        return self._mac is not None

    def _numbers(self) -> "tuple[int, ...]":
        return struct.unpack_from(_NUMBERS, self._start)

    def _follow(self) -> None:
        """Follow the chain of the newest segment to its end, or to what breaks it."""
        record = bytearray(64)
        try:
            with open(self._path(0), "rb") as file:
                while True:
                    length = file.readinto(record)
                    if not length:
                        return
                    code = self._codec.seal(self._mac, self.code, record[:48])
                    if self._used == _RECORDS or length < 64 or code != record[48:]:
                        break
                    self.code = code
                    self.sequence += 1
                    self._used += 1
        except OSError as error:
            if error.errno == _ENOENT:
                return
        self.damage = (self._numbers()[0], self._used)
        self._used = _RECORDS

    def _path(self, back: int) -> str:
        return _FOLDER + "/%08d" % (self._numbers()[0] - back)

    def left(self) -> int:
        """How many records still fit until some are exported."""
        segment, _, exported = self._numbers()
        return (exported + self.most - segment) * _RECORDS - self._used

    def drain(self, wall: int) -> bool:
        """Write what is in the ring, as far as the segment goes. True if nothing is left; else call again, but not at
        once: the flash may fail, or be full."""
        ring = self._ring
        try:
            if ring.kept and (self._mac or self.resume()):
                while self._mac and self._used == _RECORDS and self.left() > 0:
                    self._next_segment()
                if self._mac and self._used < _RECORDS:
                    self._append(wall)
        except OSError:
            self._mac = None
        return not ring.kept

    def _append(self, wall: int) -> None:
        """One batch. If it cannot be closed, nobody but the flash knows whether it is there."""
        ring = self._ring
        codec = self._codec
        mac = self._mac
        body = bytearray(48)
        batch = bytearray()
        integers = [0] * 10
        self._mac = None
        ring.unread = ring.kept
        while self._used < _RECORDS and ring.read(integers):
            self._used += 1
            self.sequence += 1
            codec.pack(body, self.sequence, self.boot, wall, integers)
            self.code = codec.seal(mac, self.code, body)
            batch.extend(body)
            batch.extend(self.code)
        if store.put_file(self._path(0), "ab", batch):
            self._mac = mac
            ring.keep()

    def _next_segment(self) -> None:
        """The next segment with the next key; an old one makes room for it. OSError if the key cannot be kept."""
        start = self._start
        segment, _, exported = self._numbers()
        if segment >= self.most - 1 and not store.attempt(os.remove, self._path(self.most - 1), _ENOENT):
            self._mac = None
            return
        struct.pack_into(_NUMBERS, start, 0, segment + 1, self.sequence, exported)
        start[12:_CODE] = self._codec.next_key(start[12:_CODE])
        start[_CODE:] = self.code
        self._save()
        self.resume()

    def _save(self) -> None:
        self._nvs.set_blob(_NAME, self._start)
        self._nvs.commit()

    def exported(self, segment: int) -> None:
        """All up to this one are safe elsewhere: they are deleted when their room is needed. The newest is never meant.
        OSError if that could not be remembered."""
        if segment < self._numbers()[0]:
            struct.pack_into("<I", self._start, 8, segment + 1)
            self._save()
