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

How long a short blocks is not the same in every case: a lost arbitration is noticed at once, a lost interrupt after the
timeout. The timeout is simulated, in each transaction anew.
"""

from tools.simulator import silicon
from tools.simulator.i2c_bus import I2cBus
from tools.simulator.pads import Pin, Signal
from tools.simulator.silicon import HARD_RESET, SimulatedReset

TYPE_CHECKING = False
if TYPE_CHECKING:
    Readable = bytes | bytearray | memoryview
    Writable = bytearray | memoryview

# Estimates on the long side, no board was measured: argument parsing, two semaphores, registers and FIFO before the
# START; interrupt from flash, task switch and mapping of the result after the STOP; an interrupt to refill the FIFO.
BEFORE_US = 60
AFTER_US = 40
REFILL_US = 15
FIFO_BYTES = 32  # the address byte is one of them

_PORTS = 2
_ENODEV = 19
_EINVAL = 0x102  # ESP_ERR_INVALID_ARG, passed on as it is
_DEFAULT_HZ = 400_000
_DEFAULT_TIMEOUT_US = 50_000


class I2C(Signal):
    """I2C(id=0, *, scl, sda, freq=400000, timeout=50000): timeout in us. ValueError for a port that does not exist."""

    idle_level = 1

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
            port._power_up(chip, id)
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
        self._start()

    def scan(self) -> "list[int]":
        """Addresses 0x08..0x77 that acknowledge."""
        found: "list[int]" = []
        for address in range(0x08, 0x78):
            try:
                self._transfer(address, b"", 0)
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
        self._transfer(addr, buf, 0)
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
        self._transfer(addr, joined, 0)
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
        self._transfer(addr, _register(memaddr, addrsize) + bytes(buf), 0)

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

    def _power_up(self, chip: "silicon.Chip", id: int) -> None:
        self._chip = chip
        self._id = id
        self.hz = _DEFAULT_HZ
        self.timeout_us = _DEFAULT_TIMEOUT_US
        scl, sda = chip.model.i2c_pins[id]
        self._scl = Pin(scl)
        self._sda = Pin(sda)
        self._bus = I2cBus()

    def _start(self) -> None:
        """Take the pins over. What the IDF refuses here ends in a panic, as the port checks with ESP_ERROR_CHECK."""
        chip = self._chip
        chip.spend(BEFORE_US)
        for pin in (self._scl, self._sda):
            if pin.number in chip.model.input_only:
                chip.stop(SimulatedReset(HARD_RESET, "panic: I2C on GPIO{}, an input".format(pin.number)))
            if isinstance(pin.signal, I2C) and pin.signal is not self:
                raise NotImplementedError("two I2C masters on GPIO{} are not simulated".format(pin.number))
        if self.hz <= 0:
            chip.stop(SimulatedReset(HARD_RESET, "panic: I2C at {} Hz".format(self.hz)))
        if self.timeout_us < 2 * silicon.RTOS_TICK_US:
            chip.flag("I2C: a timeout below two FreeRTOS ticks of 10 ms fails good transactions")
        for pin in (self._scl, self._sda):
            pin.pull = Pin.PULL_UP
            pin.route(drives=True, reads=True, signal=self, open_drain=True)
        wired = chip.i2c_buses.get((self._sda.number, self._scl.number))
        self._bus = I2cBus() if wired is None else wired

    def _no_repeated_start(self, stop: bool) -> None:
        if not stop:
            self._chip.flag("I2C: stop=False is ignored, STOP is sent")

    def _read(self, address: int, register: "bytes | None", count: int) -> bytes:
        if register is not None and (not register or not count):
            raise OSError(_EINVAL, "ESP_ERR_INVALID_ARG")
        if not count:
            raise NotImplementedError("I2C: an empty read returns an undefined number")
        return self._transfer(address, register, count)

    def _transfer(self, address: int, sent: "Readable | None", count: int) -> bytes:
        """One transaction: write `sent` if there is any (b"": the address only), then read `count` bytes."""
        if not 0 <= address <= 0x7F:
            raise NotImplementedError("I2C: address {} would block the port for good".format(address))
        chip = self._chip
        bus = self._bus
        called_us = chip.now_us
        try:
            chip.spend(BEFORE_US)
            self._deadline_us = chip.rtos_deadline_us(self.timeout_us // 1000)
            if bus.stuck or self._sda.signal is not self or self._scl.signal is not self:
                bus.note(chip.now_us, self._deadline_us, address, 0)
                self._fail(self._deadline_us - chip.now_us)
            got = b""
            if sent is not None:
                self._write(address, sent, count == 0)
            if count:
                got = self._collect(address, count, 0 if sent is None else len(sent) + 1)
            chip.spend(AFTER_US)
            return got
        except OSError:
            bus.failures += 1
            chip.spend(AFTER_US)
            raise
        finally:
            bus.longest_us = max(bus.longest_us, chip.now_us - called_us)

    def _write(self, address: int, sent: "Readable", last: bool) -> None:
        chip = self._chip
        bus = self._bus
        start_us = self._first_us = chip.now_us
        device = bus.device(address, self.hz)
        if device is None:
            self._fail_unanswered(address)
            return
        size = len(sent) + 1
        in_time = self._pass(size * 9 + (2 if last else 1), size)
        taken = device.write(sent, chip.now_us) if sent else 0
        if last or taken < len(sent) or not in_time:
            bus.note(start_us, chip.now_us, address, size)
        if taken < len(sent) or not in_time:
            self._fail(0)

    def _collect(self, address: int, count: int, before: int) -> bytes:
        """Read; `before` bytes of the same transaction are on the wire already."""
        chip = self._chip
        bus = self._bus
        start_us = self._first_us if before else chip.now_us
        device = bus.device(address, self.hz)
        if device is None:
            self._fail_unanswered(address)
            return b""
        in_time = self._pass(10, 1)
        got = device.read(count, chip.now_us)
        in_time = self._pass(count * 9 + 1, count) and in_time
        bus.note(start_us, chip.now_us, address, before + 1 + count)
        if not in_time:
            self._fail(0)
        return got

    def _pass(self, bits: int, size: int) -> bool:
        """Let `bits` go over the wire, `size` bytes among them. False: the driver gave up before their end."""
        us = (bits * 1_000_000 + self.hz - 1) // self.hz + (size - 1) // FIFO_BYTES * REFILL_US
        left_us = self._deadline_us - self._chip.now_us
        self._chip.spend(max(min(us, left_us), 0))
        return us <= left_us

    def _fail_unanswered(self, address: int) -> None:
        chip = self._chip
        device = self._bus.devices.get(address)
        if device is not None and self.hz > device.max_hz:
            chip.flag("I2C: 0x{:02x} cannot do {} Hz".format(address, self.hz))
        start_us = chip.now_us
        self._pass(11, 1)
        self._bus.note(start_us, chip.now_us, address, 1)
        self._fail(0)

    def _fail(self, after_us: int) -> None:
        self._chip.spend(max(after_us, 0))
        raise OSError(_ENODEV, "ENODEV")


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
