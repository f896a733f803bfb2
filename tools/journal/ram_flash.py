"""A flash in memory for littlefs: erases are counted block by block, and power can go at any of its operations.

On the MicroPython Unix port, whose VfsLfs2 is the one of the chip. Blocks, and what littlefs is told of them, are those
of the ESP32 port: 4096 bytes, read and written in pieces of 32.
"""

BLOCK_BYTES = 4096
_COUNT = 4  # what ioctl is asked for
_SIZE = 5
_ERASE = 6
_EIO = -5
_ERASED = b"\xff" * BLOCK_BYTES


class PowerLost(Exception):
    """Power went in the middle of an operation."""


class RamFlash:
    """`erases` by block, `erased` in all, and `programmed` bytes.

    With `left` at 0 or more, so many operations go on, and the next is torn: PowerLost. From then on `is_dead`, nothing
    changes any more, and whoever wants power back makes a new one of the same `content`.
    """

    def __init__(self, blocks: int, content: "bytes | bytearray" = b"") -> None:
        self.erases = [0] * blocks
        self.erased = 0  # blocks, in all
        self.programmed = 0  # bytes, in all
        self.content = bytearray(content or b"\xff" * (blocks * BLOCK_BYTES))
        self.left = -1
        self.is_dead = False

    # The collector closes files that were open when power went, and then nothing can be allocated: not even an error.

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> int:
        """Fill the buffer from there; 0, or an error."""
        if self.is_dead:
            return _EIO
        begin = block * BLOCK_BYTES + offset
        buffer[:] = memoryview(self.content)[begin : begin + len(buffer)]
        return 0

    def writeblocks(self, block: int, buffer: bytearray, offset: int = -1) -> int:
        """Program what is erased; without an offset erase the block first. 0, or an error."""
        if self.is_dead:
            return _EIO
        if offset < 0:
            self.ioctl(_ERASE, block)
            offset = 0
        self.programmed += len(buffer)
        self._change(block * BLOCK_BYTES + offset, memoryview(buffer))
        return 0

    def ioctl(self, operation: int, argument: int) -> int:
        """What the block device is asked; 0, or an error."""
        if operation == _COUNT:
            return len(self.erases)
        if operation == _SIZE:
            return BLOCK_BYTES
        if operation == _ERASE:
            if self.is_dead:
                return _EIO
            self.erases[argument] += 1
            self.erased += 1
            self._change(argument * BLOCK_BYTES, memoryview(_ERASED))
        return 0

    def _change(self, begin: int, new: memoryview) -> None:
        """The first half, and then the rest, if nothing comes between."""
        half = len(new) // 2
        self.content[begin : begin + half] = new[:half]
        self.moment()
        self.content[begin + half : begin + len(new)] = new[half:]

    def moment(self) -> None:
        """Power may go now."""
        if self.left == 0:
            self.is_dead = True
            raise PowerLost
        if self.left > 0:
            self.left -= 1


class Nvs:
    """Blobs by name as esp32.NVS keeps them: each is the old or the new one, never half. `writes` counts. Power goes
    with that of `flash`, before or after the change."""

    blobs: "dict[str, bytes]"
    writes = 0
    flash = RamFlash(1)

    def __init__(self, namespace: str) -> None:
        """There is one namespace."""

    def get_blob(self, name: str, buffer: bytearray) -> int:
        """Into the front of the buffer; how many bytes."""
        if name not in Nvs.blobs:
            raise OSError(-0x1102)
        value = Nvs.blobs[name]
        buffer[: len(value)] = value
        return len(value)

    def set_blob(self, name: str, value: bytearray) -> None:
        """It lasts from the middle on."""
        Nvs.writes += 1
        Nvs.flash.moment()
        Nvs.blobs[name] = bytes(value)
        Nvs.flash.moment()

    def commit(self) -> None:
        """It lasts already."""


Nvs.blobs = {}
