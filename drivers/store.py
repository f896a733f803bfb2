"""Keeps what may not be lost: two files, of which one is always whole. Writes only while disarmed.

A write goes into the file that is not in force, and is read back before it counts. Nothing is ever deleted: whatever
happens, the payload that was in force stays until the next one is known to be there.
"""

from binascii import crc32
from errno import ENOENT

stuck: "list[object]" = []
"""The file that could not be written. While there is one nothing is written: until the restart."""


def put_file(path: str, mode: str, content: "bytes | bytearray") -> bool:
    """Write (mode "wb") or append ("ab") to a file, and close it: on littlefs it changes as a whole, or not at all.

    False if it cannot be done, and then for ever. When the chip's flash fails, the exception passes right through
    littlefs, which then still knows the file and is not sure of itself any more. So the file is neither closed, which
    would put half of it there, nor let go, because the garbage collector would close it, some time, over a newer one;
    and littlefs is not asked to write again. Only a restart makes it look at the flash anew.
    """
    if stuck:
        return False
    stuck.append(path)
    try:
        file = open(path, mode)  # noqa: SIM115 - see above
        stuck.append(file)
        file.write(content)
        file.close()
    except OSError:
        return False
    stuck.clear()
    return True


def attempt(deed, path: str, done: int) -> bool:
    """Delete a file or make a folder, by os.remove or os.mkdir; the error number `done` says that nothing was to be
    done. False if it cannot be done, as with put_file()."""
    if stuck:
        return False
    stuck.append(path)
    try:
        deed(path)
    except OSError as error:
        if error.errno != done:
            return False
    stuck.clear()
    return True


class Slots:
    """Two slots of one payload, in the files PATH.0 and PATH.1.

    `form` packs and unpacks a slot (firmware/slot.py); `mac` signs one, and is None on a device without keys: then
    nothing is valid, and nothing is written. `damaged` is how many of the two files hold what is not valid, as of the
    last read. That is never the work of a power cut: a file on littlefs is replaced as a whole.
    """

    def __init__(self, path: str, schema: int, form, mac) -> None:
        self._path = path
        self._schema = schema
        self._form = form
        self._mac = mac
        self._newest = -1  # nobody has looked yet
        self._sequence = 0
        self.damaged = 0

    def load(self):
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

    def save(self, payload) -> bool:
        """Put `payload` in force: into the other file, closed, read back. The first payload goes into both files.

        False if it was not read back as it is. Then what was in force still is there; after a restart either may be in
        force, and both are whole.
        """
        if self._mac is None:
            return False
        if self._newest < 0:
            self.load()
        slot = 1 - self._newest
        try:
            content = self._form.pack(self._schema, self._sequence + 1, payload, crc32, self._mac)
            written = put_file(self._name(slot), "wb", content) and self._bytes_of(slot) == content
        except (OSError, ValueError):
            written = False
        if written:
            self._newest = slot
            self._sequence += 1
            if self._sequence == 1:
                return self.save(payload)
        return written

    def _name(self, slot: int) -> str:
        return self._path + "." + str(slot)

    def _bytes_of(self, slot: int) -> bytes:
        """What is in the file, or as much of it as can be a slot."""
        with open(self._name(slot), "rb") as file:
            return file.read(self._form.MOST_BYTES + 1)

    def _load(self, slot: int):
        """Sequence and payload of a slot; None if it is not valid."""
        try:
            content = self._bytes_of(slot)
            if not content:
                return None  # its first write was cut between opening and closing
            found = self._form.unpack(content, self._schema, crc32, self._mac) if self._mac is not None else None
        except OSError as error:
            if error.errno == ENOENT:
                return None
            found = None
        if found is None:
            self.damaged += 1
        return found
