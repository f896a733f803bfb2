"""One I2C port as ESP-IDF 5.5.2 drives it: transactions, their time on the wire, and how they end when they fail.

How long a short blocks is not the same in every case: a lost arbitration is noticed at once, a lost interrupt after the
timeout. The timeout is simulated, in each transaction anew. A transaction that meets its timeout is cut off there.
"""

from tools.simulator import silicon
from tools.simulator.i2c_bus import I2cBus
from tools.simulator.pads import Pin, Signal
from tools.simulator.silicon import HARD_RESET, SimulatedReset

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    Readable = bytes | bytearray | memoryview

# Estimates on the long side, no board was measured: argument parsing, two semaphores, registers and FIFO before the
# START; interrupt from flash, task switch and mapping of the result after the STOP; an interrupt to refill the FIFO.
BEFORE_US = 60
AFTER_US = 40
REFILL_US = 15
FIFO_BYTES = 32  # the address byte is one of them

_ENODEV = 19
_DEFAULT_HZ = 400_000
_DEFAULT_TIMEOUT_US = 50_000


class I2cMaster(Signal):
    """The master of one bus, and what the GPIO matrix routes to its two pads."""

    idle_level = 1

    def power_up(self, chip: "silicon.Chip", id: int) -> None:
        """The port as it is before its first start."""
        self._chip = chip
        self._id = id
        self.hz = _DEFAULT_HZ
        self.timeout_us = _DEFAULT_TIMEOUT_US
        scl, sda = chip.model.i2c_pins[id]
        self._scl = Pin(scl)
        self._sda = Pin(sda)
        self._bus = I2cBus()

    def begin(self) -> None:
        """Take the pins over. What the IDF refuses here ends in a panic, as the port checks with ESP_ERROR_CHECK."""
        chip = self._chip
        chip.spend(BEFORE_US)
        for pin in (self._scl, self._sda):
            if pin.number in chip.model.input_only:
                chip.stop(SimulatedReset(HARD_RESET, "panic: I2C on GPIO{}, an input".format(pin.number)))
            if isinstance(pin.signal, I2cMaster) and pin.signal is not self:
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

    def transfer(self, address: int, sent: "Readable | None", count: int) -> bytes:
        """One transaction: write `sent` if there is any (b"": the address only), then read `count` bytes. OSError."""
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
        size = len(sent) + 1
        bits = size * 9 + (2 if last else 1)
        passed = self._pass(bits, size)
        if passed < bits:  # the driver has reset the port: what was not sent yet never is
            size = min((passed - 1) // 9, size)
            sent = sent[: max(size - 1, 0)]
        taken = device.write(sent, chip.now_us) if len(sent) else 0
        if last or taken < len(sent) or passed < bits:
            bus.note(start_us, chip.now_us, address, max(size, 0))
        if taken < len(sent) or passed < bits:
            self._fail(0)

    def _collect(self, address: int, count: int, before: int) -> bytes:
        """Read; `before` bytes of the same transaction are on the wire already."""
        chip = self._chip
        bus = self._bus
        start_us = self._first_us if before else chip.now_us
        device = bus.device(address, self.hz)
        if device is None:
            self._fail_unanswered(address)
        passed = self._pass(10, 1)
        got = device.read(count, chip.now_us)
        passed += self._pass(count * 9 + 1, count)
        bus.note(start_us, chip.now_us, address, before + passed // 9)
        if passed < 11 + count * 9:
            self._fail(0)
        return got

    def _pass(self, bits: int, size: int) -> int:
        """Let `bits` go over the wire, `size` bytes among them. Returns how many went before the driver gave up."""
        us = (bits * 1_000_000 + self.hz - 1) // self.hz + (size - 1) // FIFO_BYTES * REFILL_US
        left_us = self._deadline_us - self._chip.now_us
        if us <= left_us:
            self._chip.spend(us)
            return bits
        self._chip.spend(left_us)
        return bits * left_us // us

    def _fail_unanswered(self, address: int) -> "NoReturn":
        chip = self._chip
        device = self._bus.devices.get(address)
        if device is not None and self.hz > device.max_hz:
            chip.flag("I2C: 0x{:02x} cannot do {} Hz".format(address, self.hz))
        start_us = chip.now_us
        self._pass(11, 1)
        self._bus.note(start_us, chip.now_us, address, 1)
        self._fail(0)

    def _fail(self, after_us: int) -> "NoReturn":
        self._chip.spend(max(after_us, 0))
        raise OSError(_ENODEV, "ENODEV")
