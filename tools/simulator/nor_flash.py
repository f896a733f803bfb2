"""A flash chip as a block device for vfs.VfsLfs2: its power can be cut at any operation, and its blocks can be bad.

As on the ESP32, whose partition is such a device: an erase sets a block of 4 KiB to ones, a program only clears bits.
Operations are counted: programs and erases. When the power is cut, nothing reaches the flash any more, and every access
fails; so the program that runs on it may go on to its end, and what it then says counts for nothing but True.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    Buffer = bytes | bytearray | memoryview

BLOCK_BYTES = 4096
_EIO = 5
_NEVER = 1 << 29

# What becomes of the operation at which the power is cut.
UNTOUCHED = 0  # it never began
HALF = 1  # the first half of it is done
TORN = 2  # somewhere in it, and the place where it was holds anything
TEARS = (UNTOUCHED, HALF, TORN)

# What a bad block does. The chip's own driver raises OSError; other devices return a number below 0.
RAISES_ON_PROGRAM = 1
RAISES_ON_ERASE = 2
REFUSES_PROGRAM = 3
REFUSES_ERASE = 4
STORES_WRONG = 5
STAYS_AS_IT_IS = 6
RAISES_ONCE = 7  # at the next program, and is well again
BADNESSES = (
    RAISES_ONCE,
    RAISES_ON_PROGRAM,
    RAISES_ON_ERASE,
    REFUSES_PROGRAM,
    REFUSES_ERASE,
    STORES_WRONG,
    STAYS_AS_IT_IS,
)


class NorFlash:
    """`content`: all of its bytes; it is changed in place, so hand over a copy."""

    def __init__(self, content: bytearray) -> None:
        self.content = content
        self.operations = 0
        self.erases = bytearray(len(content) // BLOCK_BYTES)  # of each block, up to 255
        self.dead = False
        self._cut_at = _NEVER
        self._tear = UNTOUCHED
        self._noise = 1
        self._bad_block = -1
        self._badness = 0

    def cut(self, operation: int, tear: int, seed: int) -> None:
        """Power goes at the operation with this number, from 0 on; or before anything that comes after the last."""
        self._cut_at = operation
        self._tear = tear
        self._noise = seed * 2 + 1

    def spoil(self, block: int, badness: int) -> None:
        """From now on this block is bad."""
        self._bad_block = block
        self._badness = badness

    # --- what littlefs calls ----------------------------------------------------------------------------------------

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> int:
        """Read; 0, or an error below 0."""
        if self.operations >= self._cut_at and self._tear == UNTOUCHED:
            self.dead = True
        if self.dead:
            return -_EIO
        begin = block * BLOCK_BYTES + offset
        try:
            buffer[:] = memoryview(self.content)[begin : begin + len(buffer)]
        except MemoryError:  # the garbage collector closes a file, and its heap is locked
            for place in range(len(buffer)):
                buffer[place] = self.content[begin + place]
        return 0

    def writeblocks(self, block: int, buffer: "Buffer", offset: int = 0) -> int:
        """Program; 0, or an error below 0. Raises OSError as the chip's driver does."""
        begin = block * BLOCK_BYTES + offset
        if self._ends():
            self._program(begin, buffer, self._torn_bytes(len(buffer)))
        if self.dead:
            return -_EIO
        self.operations += 1
        if block == self._bad_block:
            if self._badness == RAISES_ON_PROGRAM or self._badness == RAISES_ONCE:
                if self._badness == RAISES_ONCE:
                    self._bad_block = -1
                raise OSError(-0x103)  # as check_esp_err
            if self._badness == REFUSES_PROGRAM:
                return -_EIO
        self._program(begin, buffer, len(buffer))
        if block == self._bad_block and self._badness == STORES_WRONG:
            self.content[begin + len(buffer) // 2] &= 0x5A
        return 0

    def ioctl(self, request: int, argument: int) -> int:
        """4: blocks; 5: bytes of one; 6: erase one."""
        if request == 4:
            return len(self.content) // BLOCK_BYTES
        if request == 5:
            return BLOCK_BYTES
        return self._erase(argument) if request == 6 else 0

    # --- the flash itself -------------------------------------------------------------------------------------------

    def _erase(self, block: int) -> int:
        begin = block * BLOCK_BYTES
        if self._ends():
            length = self._torn_bytes(BLOCK_BYTES)
            self._set_to_ones(begin, length)
        if self.dead:
            return -_EIO
        self.operations += 1
        if self.erases[block] < 255:
            self.erases[block] += 1
        if block == self._bad_block:
            if self._badness == RAISES_ON_ERASE:
                raise OSError(-0x103)
            if self._badness == REFUSES_ERASE:
                return -_EIO
            if self._badness == STAYS_AS_IT_IS:
                return 0
        self._set_to_ones(begin, BLOCK_BYTES)
        return 0

    def _set_to_ones(self, begin: int, length: int) -> None:
        try:
            self.content[begin : begin + length] = _ONES[:length]
        except MemoryError:  # as above
            for place in range(begin, begin + length):
                self.content[place] = 0xFF

    def _ends(self) -> bool:
        """Whether power goes in this very operation."""
        ends = not self.dead and self.operations >= self._cut_at
        self.dead = self.dead or ends
        return ends

    def _torn_bytes(self, whole: int) -> int:
        """How much of an operation of `whole` bytes is done."""
        if self._tear == TORN:
            return self._any(whole)
        return whole // 2 if self._tear == HALF else 0

    def _program(self, begin: int, buffer: "Buffer", length: int) -> None:
        content = self.content
        try:
            is_erased = memoryview(content)[begin : begin + length] == _ONES[:length]
        except MemoryError:  # as above
            is_erased = False
        if is_erased:
            content[begin : begin + length] = buffer[:length]
        else:
            for place in range(length):
                content[begin + place] &= buffer[place]
        if self._tear == TORN and self.dead and length < len(buffer):
            content[begin + length] &= buffer[length] | self._any(256)  # some of its bits have got there

    def _any(self, below: int) -> int:
        """A number from 0 up to `below`, anew each time."""
        self._noise = (self._noise * 1103515245 + 12345) & 0x3FFFFFFF
        return (self._noise >> 12) % below


_ONES = memoryview(b"\xff" * BLOCK_BYTES)
