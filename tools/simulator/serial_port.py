"""machine.UART: bytes take their time on the wire, 10 bits each (8N1) at the baud rate.

MicroPython 1.29 ports/esp32/machine_uart.c on ESP-IDF 5.5.2. Timeouts are given in ms and waited in FreeRTOS ticks of
10 ms, rounded down: a timeout below 10 ms does not wait at all. At the far end of the wires sits one object with
`receive(data, start_us, bit_ns) -> list of (arrival_us, byte)`: what comes back on RX, an echo included.
"""

from tools.simulator import silicon
from tools.simulator.pads import Pin, Signal
from tools.simulator.silicon import UART_US

_PORTS = 3
_CONSOLE = 0


class UART(Signal):
    """UART(id, baudrate=115200, *, tx, rx, txbuf=256, rxbuf=256, timeout=0, timeout_char=0). 8N1 only."""

    idle_level = 1  # of TX

    def __init__(
        self,
        id: int,
        baudrate: int = 115_200,
        bits: int = 8,
        parity: "int | None" = None,
        stop: int = 1,
        *,
        tx: "Pin | int",
        rx: "Pin | int",
        txbuf: int = 256,
        rxbuf: int = 256,
        timeout: int = 0,
        timeout_char: int = 0,
    ) -> None:
        chip = silicon.chip
        if not 0 <= id < _PORTS:
            raise ValueError("UART({}) does not exist".format(id))
        if id == _CONSOLE:
            chip.flag("UART(0) is the console")
        if bits != 8 or parity is not None or stop != 1:
            raise NotImplementedError("only 8N1 is simulated")
        self._chip = chip
        self._txbuf = txbuf
        self._rxbuf = rxbuf
        tx_pin = Pin(tx)
        rx_pin = Pin(rx)
        tx_pin.route(drives=True, reads=tx_pin.reads, signal=self)
        rx_pin.init(Pin.IN, Pin.PULL_UP)
        self._far_end = chip.serial.get((tx_pin.number, rx_pin.number))
        self._arriving: list[tuple[int, int]] = []  # (when, byte), in order
        self._sent_by_us = chip.now_us
        self._open = True
        self.init(baudrate, timeout=timeout, timeout_char=timeout_char)

    def init(self, baudrate: int = 0, *, timeout: int = -1, timeout_char: int = -1) -> None:
        """Change speed or timeouts; discards what has arrived."""
        chip = self._chip
        chip.spend(UART_US)
        if baudrate:
            self._bit_ns = 1_000_000_000 // baudrate
        if timeout >= 0:
            self._timeout_ms = timeout
        if timeout_char >= 0:
            self._timeout_char_ms = timeout_char
        self._arriving = [arrival for arrival in self._arriving if arrival[0] > chip.now_us]

    def write(self, data: "bytes | bytearray | memoryview") -> int:
        """Put `data` on the wire after what is there already; waits while the transmit buffer is full."""
        chip = self._chip
        chip.spend(UART_US)
        self._check()
        sent = bytes(data)
        start_us = max(self._sent_by_us, chip.now_us)
        self._sent_by_us = start_us + (len(sent) * self._bit_ns * 10 + 999) // 1000
        room_us = (self._txbuf * self._bit_ns * 10 + 999) // 1000
        if self._sent_by_us - chip.now_us > room_us:
            chip.pass_time(self._sent_by_us - chip.now_us - room_us)
        if self._far_end is not None:
            self._arriving.extend(self._far_end.receive(sent, start_us, self._bit_ns))
            self._arriving.sort()
        return len(sent)

    def any(self) -> int:
        """Bytes that can be read now."""
        self._chip.spend(UART_US)
        self._check()
        return self._arrived()

    def read(self, size: int = -1) -> "bytes | None":
        """Return up to `size` bytes, None if none came within the timeout; without `size`, what is there."""
        if size < 0:
            size = self._rxbuf
        got = self._take(size)
        return got if got else None

    def readinto(self, buffer: bytearray, size: int = -1) -> "int | None":
        """Read into `buffer`; returns the number of bytes, None if none came within the timeout."""
        got = self._take(len(buffer) if size < 0 else min(size, len(buffer)))
        buffer[: len(got)] = got
        return len(got) if got else None

    def txdone(self) -> bool:
        """All is sent."""
        self._chip.spend(UART_US)
        return self._chip.now_us >= self._sent_by_us

    def flush(self) -> None:
        """Wait until all is sent."""
        self._chip.spend(UART_US)
        self._chip.sleep(max(self._sent_by_us - self._chip.now_us, 0))

    def deinit(self) -> None:
        """Close the port."""
        self._open = False

    def _check(self) -> None:
        if not self._open:
            raise OSError(-0x103, "ESP_ERR_INVALID_STATE")

    def _arrived(self) -> int:
        now = self._chip.now_us
        count = 0
        for when, _byte in self._arriving:
            if when > now:
                break
            count += 1
        if count > self._rxbuf:
            self._chip.flag("the UART's receive buffer ran over")
            del self._arriving[self._rxbuf : count]
            count = self._rxbuf
        return count

    def _take(self, size: int) -> bytes:
        chip = self._chip
        chip.spend(UART_US)
        self._check()
        if size == 0:
            return b""
        taken = self._wait_for(1, self._timeout_ms)
        if taken and size > 1:
            taken = self._wait_for(size, self._timeout_char_ms)
        taken = min(taken, size)
        got = bytes([byte for _when, byte in self._arriving[:taken]])
        del self._arriving[:taken]
        return got

    def _wait_for(self, size: int, timeout_ms: int) -> int:
        """Wait for `size` bytes, each at most the timeout after the last. Returns how many are there."""
        chip = self._chip
        there = self._arrived()
        while there < size:
            until_us = chip.rtos_deadline_us(timeout_ms)
            if there >= len(self._arriving) or self._arriving[there][0] > until_us:
                chip.sleep(until_us - chip.now_us)
                return self._arrived()
            chip.sleep(self._arriving[there][0] - chip.now_us)
            there = self._arrived()
        return there
