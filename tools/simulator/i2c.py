"""machine.I2C: one master per port. Each call is one transaction, blocks until its end, and takes its time on the wire.

MicroPython 1.29 ports/esp32/machine_i2c.c (new driver) and extmod/machine_i2c.c, on ESP-IDF 5.5.2 i2c_master.c:
* A port has one object; constructing it again changes what is given and starts the port anew.
* Whatever goes wrong on the wire (no acknowledge, a lost arbitration, no end in time) is ESP_ERR_INVALID_STATE in the
  IDF, and so OSError(ENODEV); ETIMEDOUT is for a bus that another task holds.
* `timeout` counts FreeRTOS ticks of 10 ms, rounded down: below 10 ms every transaction fails, below 20 ms one that
  meets the next tick.
* STOP is always sent: the `stop` argument is ignored.
* writeto, readfrom_into and readfrom_mem_into use the caller's buffer; writeto_mem and a writevto of two buffers or
  more copy to the heap.
* init, start, stop, readinto and write belong to SoftI2C and raise OSError; deinit does nothing.
"""

from tools.simulator import silicon
from tools.simulator.i2c_master import I2cMaster
from tools.simulator.pads import Pin

TYPE_CHECKING = False
if TYPE_CHECKING:
    Readable = bytes | bytearray | memoryview
    Writable = bytearray | memoryview

_PORTS = 2
_EINVAL = 0x102  # ESP_ERR_INVALID_ARG, passed on as it is


class I2C(I2cMaster):
    """I2C(id=0, *, scl, sda, freq=400000, timeout=50000): timeout in us. ValueError for a port that does not exist."""

    def __new__(
        cls,
        id: int = 0,
        *,
        scl: "Pin | int | None" = None,
        sda: "Pin | int | None" = None,
        freq: int = -1,
        timeout: int = -1,
    ) -> "I2C":
        """Return the one object of that port."""
        chip = silicon.chip
        if not 0 <= id < _PORTS:
            raise ValueError("I2C({}) doesn't exist".format(id))
        if id not in chip.i2c_ports:
            port = object.__new__(cls)
            port.power_up(chip, id)
            chip.i2c_ports[id] = port
        return chip.i2c_ports[id]

    def __init__(
        self,
        id: int = 0,
        *,
        scl: "Pin | int | None" = None,
        sda: "Pin | int | None" = None,
        freq: int = -1,
        timeout: int = -1,
    ) -> None:
        if scl is not None:
            self._scl = Pin(scl)
        if sda is not None:
            self._sda = Pin(sda)
        if freq != -1:
            self.hz = freq
        if timeout != -1:
            self.timeout_us = timeout
        self.begin()

    def scan(self) -> "list[int]":
        """Addresses 0x08..0x77 that acknowledge."""
        found: "list[int]" = []
        for address in range(0x08, 0x78):
            try:
                self.transfer(address, b"", 0)
            except OSError:
                continue
            found.append(address)
        return found

    def writeto(self, addr: int, buf: "Readable", stop: bool = True) -> int:
        """Write `buf`; returns its length. OSError(ENODEV) if a byte is not acknowledged."""
        _check_readable(buf)
        if not len(buf):
            self._chip.flag("I2C: an empty write returns an undefined number")
        self._no_repeated_start(stop)
        self.transfer(addr, buf, 0)
        return len(buf)

    def writevto(self, addr: int, vector: "list[Readable] | tuple[Readable, ...]", stop: bool = True) -> int:
        """Write the buffers one after the other in one transaction; two or more are joined on the heap."""
        parts: "list[Readable]" = []
        for part in vector:
            _check_readable(part)
            if len(part):
                parts.append(part)
        if len(parts) < 2:
            return self.writeto(addr, parts[0] if parts else b"", stop)
        self._no_repeated_start(stop)
        self._bus.heap_copies += 1
        joined = b"".join([bytes(part) for part in parts])
        self.transfer(addr, joined, 0)
        return len(joined)

    def readfrom(self, addr: int, nbytes: int, stop: bool = True) -> bytes:
        """Read `nbytes` into new bytes."""
        self._no_repeated_start(stop)
        return self._read(addr, None, nbytes)

    def readfrom_into(self, addr: int, buf: "Writable", stop: bool = True) -> None:
        """Read as many bytes as `buf` has."""
        _check_writable(buf)
        self._no_repeated_start(stop)
        buf[:] = self._read(addr, None, len(buf))

    def readfrom_mem(self, addr: int, memaddr: int, nbytes: int, *, addrsize: int = 8) -> bytes:
        """Write the register's address, and after a repeated START read `nbytes` into new bytes."""
        return self._read(addr, _register(memaddr, addrsize), nbytes)

    def readfrom_mem_into(self, addr: int, memaddr: int, buf: "Writable", *, addrsize: int = 8) -> None:
        """As readfrom_mem, into `buf`."""
        _check_writable(buf)
        buf[:] = self._read(addr, _register(memaddr, addrsize), len(buf))

    def writeto_mem(self, addr: int, memaddr: int, buf: "Readable", *, addrsize: int = 8) -> None:
        """Write the register's address and `buf`, joined on the heap."""
        _check_readable(buf)
        self._bus.heap_copies += 1
        self.transfer(addr, _register(memaddr, addrsize) + bytes(buf), 0)

    def deinit(self) -> None:
        """Nothing: the port stays as it is."""
        self._chip.flag("I2C.deinit() does nothing on the ESP32")

    def init(self, *_args: object, **_kwargs: object) -> None:
        """OSError: SoftI2C only."""
        raise OSError("I2C operation not supported")

    start = stop = readinto = write = init

    def __repr__(self) -> str:
        scl, sda = self._scl.number, self._sda.number
        return "I2C({}, scl={}, sda={}, freq={}, timeout={})".format(self._id, scl, sda, self.hz, self.timeout_us)

    # --- within -----------------------------------------------------------------------------------------------------

    def _no_repeated_start(self, stop: bool) -> None:
        if not stop:
            self._chip.flag("I2C: stop=False is ignored, STOP is sent")

    def _read(self, address: int, register: "bytes | None", count: int) -> bytes:
        if register is not None and (not register or not count):
            raise OSError(_EINVAL, "ESP_ERR_INVALID_ARG")
        if not count:
            raise NotImplementedError("I2C: an empty read returns an undefined number")
        return self.transfer(address, register, count)


def _register(memaddr: int, addrsize: int) -> bytes:
    """The bytes of a register's address, highest first."""
    if addrsize & 7 or not 0 <= addrsize <= 32:
        raise ValueError("invalid addrsize")
    return bytes([memaddr >> shift & 0xFF for shift in range(addrsize - 8, -1, -8)])


def _check_readable(buffer: object) -> None:
    if not isinstance(buffer, (bytes, bytearray, memoryview)):
        raise TypeError("object with buffer protocol required")


def _check_writable(buffer: object) -> None:
    if not isinstance(buffer, (bytearray, memoryview)):
        raise TypeError("object with buffer protocol required")
