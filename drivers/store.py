"""Keeps what may not be lost: two files, of which one is always whole. Writes only while disarmed.

A write goes into the file that is not in force, and is read back before it counts. Nothing is ever deleted: whatever
happens, the payload that was in force stays until the next one is known to be there.
"""

from binascii import crc32
from errno import ENOENT


class Slots:
    """Two slots of one payload, in the files PATH.0 and PATH.1.

    `form` packs and unpacks a slot (firmware/slot.py); `mac` signs one, and is None on a device without keys: then
    nothing is valid, and nothing is written. `damaged` is how many of the two files are there and are not valid, as of
    the last read. That is never the work of a power cut: a file on littlefs is replaced as a whole.
    """

    def __init__(self, path: str, schema: int, form, mac) -> None:
        self._path = path
        self._schema = schema
        self._form = form
        self._mac = mac
        self._newest = -1  # nobody has looked yet
        self._sequence = 0
        self.damaged = 0

    def read(self):
        """The payload in force: that of the higher sequence; of two with the same the first. None if none is valid."""
        payload = None
        self._newest = 1
        self._sequence = 0
        self.damaged = 0
        for slot in (0, 1):
            found = self._load(slot)
            if found and found[0] > self._sequence:
                self._newest = slot
                self._sequence, payload = found
        return payload

    def write(self, payload) -> bool:
        """Put `payload` in force: into the other file, closed, read back. The first payload goes into both files.

        False if it was not read back as it is. Then what was in force still is there; after a restart either may be in
        force, and both are whole.
        """
        if self._mac is None:
            return False
        if self._newest < 0:
            self.read()
        name = self._name(1 - self._newest)
        try:
            content = self._form.pack(self._schema, self._sequence + 1, payload, crc32, self._mac)
            with open(name, "wb") as file:
                file.write(content)
            with open(name, "rb") as file:
                written = file.read(len(content) + 1) == content
        except (OSError, ValueError):
            written = False
        if written:
            self._newest = 1 - self._newest
            self._sequence += 1
            if self._sequence == 1:
                return self.write(payload)
        return written

    def _name(self, slot: int) -> str:
        return self._path + "." + str(slot)

    def _load(self, slot: int):
        """Sequence and payload of a slot; None if it is not valid."""
        found = None
        try:
            with open(self._name(slot), "rb") as file:
                if self._mac is not None:
                    content = file.read(self._form.MOST_BYTES + 1)
                    found = self._form.unpack(content, self._schema, crc32, self._mac)
        except OSError as error:
            if error.errno == ENOENT:
                return None
        if found is None:
            self.damaged += 1
        return found
