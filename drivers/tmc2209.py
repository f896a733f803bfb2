"""TMC2209 stepper drivers on one wire: datagrams, their check sums, and the life of one driver behind its address.

Register numbers, bits and the check sum are those of the TMC2209 datasheet (rev. 1.09, chapters 4 and 5). Every byte
sent comes back, because TX and RX share the wire: an echo that differs is a broken line or a second speaker.
Nothing here waits: each call is one short exchange with the UART's buffers.
"""

from machine import UART, Pin
from micropython import const

PENDING = const(0)
DONE = const(1)
FAILED = const(2)

_UART_ID = const(1)
_BAUD = const(115200)
_SYNC = const(0x05)
_MASTER_ADDRESS = const(0xFF)
_WRITE_FLAG = const(0x80)
_ANSWER_WITHIN_SLICES = const(10)  # 20 ms at one slice a tick; an exchange takes about 1.4 ms

_GSTAT = const(0x01)
_IFCNT = const(0x02)
_NODECONF = const(0x03)
_IOIN = const(0x06)
_DRV_STATUS = const(0x6F)

_VERSION = const(0x21)
_STANDSTILL = const(0x80)  # DRV_STATUS bit 31, in the first byte
_FLAGS_AT_REST = const(0x3F)  # over-temperature warning and shutdown, shorts to ground and to supply on both coils
_FLAGS_MOVING = const(0xFF)  # and open load, which the datasheet calls meaningless at standstill
_TRIES = const(3)

# Answers wait 3 x 8 bit times, as they must with more than one driver on the wire.
_SEND_DELAY = const(b"\x00\x00\x02\x00")
_CLEAR_GSTAT = const(b"\x00\x00\x00\x07")


def crc8(frame, length: int) -> int:
    """Check sum of the first `length` bytes: polynomial 0x07, each byte's lowest bit first, start value 0."""
    crc = 0
    for index in range(length):
        crc = _crc8_with(crc, frame[index])
    return crc


def _crc8_with(crc: int, byte: int) -> int:
    # A function of its own: with the loop over the bytes in it, its frame would come from the heap at each call.
    for _ in range(8):
        crc = ((crc << 1) ^ (0x07 if (crc >> 7) ^ (byte & 1) else 0)) & 0xFF
        byte >>= 1
    return crc


class Line:
    """The shared wire. One request at a time: send it, then ask `receive` once per slice until it is not PENDING."""

    def __init__(self, tx_pin: int, rx_pin: int) -> None:
        self._uart = UART(_UART_ID, baudrate=_BAUD, tx=Pin(tx_pin), rx=Pin(rx_pin), timeout=0)
        self._read_request = bytearray(4)
        self._write_request = bytearray(8)
        self._read_traffic = bytearray(12)
        self._write_traffic = bytearray(8)
        self._sent = self._write_request
        self._traffic = self._write_traffic
        self._slices = 0
        self.data = bytearray(4)
        """The last answer, highest byte first. Kept as bytes: 32 bits do not fit the chip's small integers."""

    def send_read(self, address: int, register: int) -> None:
        """Asks the driver at `address` for a register."""
        self._send(self._read_request, self._read_traffic, address, register)

    def send_write(self, address: int, register: int, data: bytes) -> None:
        """Writes four bytes, highest first. Nobody answers a write: IFCNT tells whether it was taken."""
        self._write_request[3:7] = data
        self._send(self._write_request, self._write_traffic, address, register | _WRITE_FLAG)

    def _send(self, request: bytearray, traffic: bytearray, address: int, register: int) -> None:
        while self._uart.any():
            self._uart.readinto(self._read_traffic)
        request[0] = _SYNC
        request[1] = address
        request[2] = register
        request[-1] = crc8(request, len(request) - 1)
        self._sent = request
        self._traffic = traffic
        self._slices = 0
        self._uart.write(request)

    def receive(self) -> int:
        """PENDING, FAILED (silence, wrong echo, wrong answer), or DONE: the answer to a read is then in `data`."""
        traffic = self._traffic
        if self._uart.any() < len(traffic):
            self._slices += 1
            return FAILED if self._slices >= _ANSWER_WITHIN_SLICES else PENDING
        self._uart.readinto(traffic)
        for index in range(len(self._sent)):
            if traffic[index] != self._sent[index]:
                return FAILED
        return DONE if traffic is self._write_traffic else self._unpack()

    def _unpack(self) -> int:
        traffic = self._read_traffic
        for index in range(8):
            self._write_traffic[index] = traffic[4 + index]
        answer = self._write_traffic
        if answer[0] != _SYNC or answer[1] != _MASTER_ADDRESS or answer[2] != self._sent[2]:
            return FAILED
        if answer[7] != crc8(answer, 7):
            return FAILED
        for index in range(4):
            self.data[index] = answer[3 + index]
        return DONE


# What a driver is asked next.
_SET_DELAY = const(0)
_COUNT_WRITES = const(1)
_WRITE_SETTING = const(2)
_CHECK_WRITE = const(3)
_READ_VERSION = const(4)
_READ_GSTAT = const(5)
_READ_STATUS = const(6)
_READ_BACK = const(7)  # and from here on one stage for each setting that can be read
_READABLE = const(2)


class Tmc2209:
    """One driver: writes its settings, verifies each by IFCNT, then watches its status. `bad` is 1 until all is well.

    A driver that was reset, lost its supply, shut down, does not answer, or holds another setting than it was given is
    bad, and is set up again from the start. The first two settings are those that can be read: GCONF and CHOPCONF.
    """

    def __init__(self, line: "Line", address: int, settings: tuple) -> None:
        self._line = line
        self._address = address
        self._settings = settings + ((_GSTAT, _CLEAR_GSTAT),)
        self._stage = _SET_DELAY
        self._next_setting = 0
        self._writes = 0
        self._failures = 0
        self.bad = 1

    def send(self) -> None:
        """Sends the next request of this driver down the line."""
        stage = self._stage
        line = self._line
        if stage == _SET_DELAY:
            line.send_write(self._address, _NODECONF, _SEND_DELAY)
        elif stage == _WRITE_SETTING:
            setting = self._settings[self._next_setting]
            line.send_write(self._address, setting[0], setting[1])
        elif stage == _READ_VERSION:
            line.send_read(self._address, _IOIN)
        elif stage == _READ_GSTAT:
            line.send_read(self._address, _GSTAT)
        elif stage == _READ_STATUS:
            line.send_read(self._address, _DRV_STATUS)
        elif stage >= _READ_BACK:
            line.send_read(self._address, self._settings[stage - _READ_BACK][0])
        else:
            line.send_read(self._address, _IFCNT)

    def take(self, result: int) -> None:
        """Takes the outcome of that request, DONE or FAILED, and decides what comes next."""
        if result == FAILED:
            self._failures += 1
            if self._failures >= _TRIES:
                self._start_again()
            return
        self._failures = 0
        stage = self._stage
        if stage == _SET_DELAY:
            self._stage = _COUNT_WRITES
        elif stage == _COUNT_WRITES:
            self._writes = self._line.data[3]
            self._next_setting = 0
            self._stage = _WRITE_SETTING
        elif stage == _WRITE_SETTING:
            self._stage = _CHECK_WRITE
        elif stage == _CHECK_WRITE:
            self._take_write_count(self._line.data[3])
        else:
            self._take_status(stage, self._line.data)

    def _take_write_count(self, writes: int) -> None:
        if writes != (self._writes + 1) & 0xFF:
            self._start_again()
            return
        self._writes = writes
        self._next_setting += 1
        self._stage = _WRITE_SETTING if self._next_setting < len(self._settings) else _READ_VERSION

    def _take_status(self, stage: int, data: bytearray) -> None:
        if stage == _READ_VERSION:
            if data[0] != _VERSION:
                self._start_again()
            else:
                self._stage = _READ_GSTAT
        elif stage == _READ_GSTAT:
            if data[3] != 0:
                self._start_again()
            else:
                self._stage = _READ_STATUS
        elif stage == _READ_STATUS:
            flags = _FLAGS_AT_REST if data[0] & _STANDSTILL else _FLAGS_MOVING
            self.bad = 1 if data[3] & flags else 0
            self._stage = _READ_BACK
        elif data != self._settings[stage - _READ_BACK][1]:
            self._start_again()  # a bit turned over: pulses may mean other steps
        else:
            self._stage = stage + 1 if stage + 1 < _READ_BACK + _READABLE else _READ_GSTAT

    def _start_again(self) -> None:
        self.bad = 1
        self._failures = 0
        self._stage = _SET_DELAY
