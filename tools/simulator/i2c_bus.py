"""The two wires of an I2C bus: who is connected, what is broken, and how much was sent.

A device is any object with `max_hz`, `write(data, now_us) -> bytes acknowledged` and `read(count, now_us) -> bytes`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Device:
    """What answers at one address. `data` is what follows the address byte, up to STOP or a repeated START."""

    max_hz = 400_000

    def write(self, data: "bytes | bytearray | memoryview", now_us: int) -> int:
        """The master wrote `data`, the last byte at `now_us`. Returns how many bytes were acknowledged."""
        raise NotImplementedError

    def read(self, count: int, now_us: int) -> bytes:
        """The master reads `count` bytes; `now_us` is the moment of the acknowledged address."""
        raise NotImplementedError


class I2cBus:
    """SDA and SCL with their pull-ups. Faults: `silent` holds addresses that answer no more, `stuck` is a short."""

    def __init__(self) -> None:
        self.devices: "dict[int, Device]" = {}
        self.silent: "set[int]" = set()
        self.stuck = False  # SDA or SCL is held low: nothing can be sent
        self.transactions = 0  # with or without success
        self.bytes = 0  # on the wire, address bytes included
        self.failures = 0  # transactions that gave an OSError
        self.heap_copies = 0  # transactions for which the port copies its buffers to the heap
        self.longest_us = 0  # that a caller was blocked, from call to return
        self.busy_until_us = 0  # end of the last transaction on the wire
        self.listener: "Callable[[int, int, int, int], None] | None" = None  # start_us, end_us, address, bytes

    def device(self, address: int, hz: int) -> "Device | None":
        """Who acknowledges `address` at a clock of `hz`; None if nobody does."""
        device = self.devices.get(address)
        if device is None or address in self.silent or hz > device.max_hz:
            return None
        return device

    def note(self, start_us: int, end_us: int, address: int, count: int) -> None:
        """A transaction of `count` bytes, address included, was on the wire."""
        self.transactions += 1
        self.bytes += count
        self.busy_until_us = end_us
        if self.listener is not None:
            self.listener(start_us, end_us, address, count)
