"""TMC2209 motor drivers on one wire: UART slaves with CRC, registers, and an echo of whatever the master sends.

Source: Trinamic TMC2209 datasheet rev. 1.09, sections 4 (UART) and 5 (registers). Only what the project can notice is
here: microsteps, direction, TOFF, GSTAT, DRV_STATUS, IFCNT, IOIN, SENDDELAY. VACTUAL and StallGuard move nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SYNC = 0x05
MASTER = 0xFF
VERSION = 0x21

GCONF = 0x00
GSTAT = 0x01
IFCNT = 0x02
SLAVECONF = 0x03
IOIN = 0x06
CHOPCONF = 0x6C
DRV_STATUS = 0x6F

GCONF_SHAFT = 1 << 3
GCONF_MSTEP_REG_SELECT = 1 << 7
GSTAT_RESET = 1 << 0
GSTAT_DRV_ERR = 1 << 1
GSTAT_UV_CP = 1 << 2
# DRV_STATUS: over-temperature pre-warning and shutdown, shorts to ground and in the low side, open loads
OTPW = 1 << 0
OT = 1 << 1
S2GA = 1 << 2
S2GB = 1 << 3
S2VSA = 1 << 4
S2VSB = 1 << 5
OLA = 1 << 6
OLB = 1 << 7
_SWITCHED_OFF_BY = OT | S2GA | S2GB | S2VSA | S2VSB

_AT_RESET = {GCONF: 0x101, 0x10: 0x00011F10, 0x11: 20, CHOPCONF: 0x10000053, 0x70: 0xC10D0024}
_READABLE = (GCONF, GSTAT, IFCNT, 0x05, IOIN, 0x07, 0x12, 0x41, 0x6A, 0x6B, CHOPCONF, DRV_STATUS, 0x70, 0x71, 0x72)
_WRITABLE = (GCONF, GSTAT, SLAVECONF, 0x04, 0x07, 0x10, 0x11, 0x13, 0x14, 0x22, 0x40, 0x42, CHOPCONF, 0x70)
_MICROSTEPS_BY_PINS = (8, 32, 64, 16)  # MS1 + 2 * MS2, the same two pins as the address


def crc(data: bytes) -> int:
    """CRC8 with polynomial x^8+x^2+x+1, least significant bit of each byte first."""
    value = 0
    for byte in data:
        for bit in range(8):
            if (value >> 7) ^ ((byte >> bit) & 1):
                value = (value << 1 ^ 0x07) & 0xFF
            else:
                value = value << 1 & 0xFF
    return value


class Tmc2209:
    """One driver. `address` 0..3 is strapped by MS1 and MS2."""

    def __init__(self, address: int) -> None:
        self.address = address
        self.answers = True  # fault: False = the wire to it is broken
        self.changed: "Callable[[], None] | None" = None  # called when the motor may move differently
        self.inputs: "Callable[[], int] | None" = None  # IOIN without the version
        self.powered = False
        self.status = 0  # DRV_STATUS bits that a fault has set
        self._registers: dict[int, int] = {}
        self.supply(True)

    def supply(self, on: bool) -> None:
        """Motor supply comes or goes. Without it the driver neither answers nor remembers."""
        if on and not self.powered:
            self._registers = dict(_AT_RESET)
            self._registers[GSTAT] = GSTAT_RESET
            self._registers[IFCNT] = 0
        self.powered = on
        self._tell()

    def fault(self, status: int) -> None:
        """Set DRV_STATUS bits; 0: the cause is gone. Over-temperature and shorts switch off and set drv_err."""
        self.status = status
        if status & _SWITCHED_OFF_BY:
            self._registers[GSTAT] |= GSTAT_DRV_ERR
        self._tell()

    @property
    def microsteps(self) -> int:
        """Microsteps per full step."""
        if self._registers[GCONF] & GCONF_MSTEP_REG_SELECT:
            return 256 >> min(self._registers[CHOPCONF] >> 24 & 15, 8)
        return _MICROSTEPS_BY_PINS[self.address]

    @property
    def reversed(self) -> bool:
        """GCONF.shaft turns the direction round."""
        return self._registers[GCONF] & GCONF_SHAFT != 0

    @property
    def can_drive(self) -> bool:
        """Supplied, TOFF not 0, nothing that switches it off."""
        return self.powered and self._registers[CHOPCONF] & 15 != 0 and not self.status & _SWITCHED_OFF_BY

    @property
    def reply_delay_bits(self) -> int:
        """Bit times before a reply."""
        return (self._registers.get(SLAVECONF, 0) >> 9 & 7) * 16 + 8

    def read(self, register: int) -> int:
        """A register as the master reads it."""
        if register == IOIN:
            return VERSION << 24 | (0 if self.inputs is None else self.inputs())
        if register == DRV_STATUS:
            return self.status
        return self._registers.get(register, 0) if register in _READABLE else 0

    def write(self, register: int, value: int) -> None:
        """A write that arrived whole."""
        registers = self._registers
        registers[IFCNT] = registers[IFCNT] + 1 & 0xFF
        if register == GSTAT:
            registers[GSTAT] &= ~value
            if self.status & _SWITCHED_OFF_BY:
                registers[GSTAT] |= GSTAT_DRV_ERR
        elif register in _WRITABLE:
            registers[register] = value
            self._tell()

    def _tell(self) -> None:
        if self.changed is not None:
            self.changed()


class DriverBus:
    """The wire: the master hears itself, then the addressed driver. A UART's far end."""

    def __init__(self, drivers: "list[Tmc2209]") -> None:
        self.drivers = drivers
        self.noisy = 0  # fault: so many of the next replies are damaged
        self._frame = b""
        self._last_us = 0

    def receive(self, data: bytes, start_us: int, bit_ns: int) -> list[tuple[int, int]]:
        """Bytes from the master, back to back from `start_us`. Returns what its RX sees: (when, byte)."""
        byte_us = bit_ns * 10 // 1000
        if start_us - self._last_us > bit_ns * 63 // 1000:
            self._frame = b""  # a pause of 63 bit times starts anew
        heard: list[tuple[int, int]] = []
        at_us = start_us
        for index in range(len(data)):
            at_us = start_us + ((index + 1) * bit_ns * 10 + 999) // 1000
            heard.append((at_us, data[index]))
            self._take(data[index], at_us, byte_us, bit_ns, heard)
        self._last_us = at_us
        return heard

    def _take(self, byte: int, at_us: int, byte_us: int, bit_ns: int, heard: list[tuple[int, int]]) -> None:
        frame = self._frame + bytes([byte])
        if frame[0] & 0x0F != SYNC:
            frame = b""
        elif len(frame) >= 3 and len(frame) == (8 if frame[2] & 0x80 else 4):
            reply, delay_bits = self._answer(frame)
            when = at_us + delay_bits * bit_ns // 1000
            for value in reply:
                when += byte_us
                heard.append((when, value))
            frame = b""
        self._frame = frame

    def _answer(self, frame: bytes) -> tuple[bytes, int]:
        """Reply to a whole frame, and after how many bit times; nothing for a write or a bad CRC."""
        if crc(frame[:-1]) != frame[-1]:
            return b"", 0
        reply = b""
        delay_bits = 0
        for driver in self.drivers:
            if driver.address != frame[1] or not driver.powered or not driver.answers:
                continue
            register = frame[2] & 0x7F
            if frame[2] & 0x80:
                driver.write(register, frame[3] << 24 | frame[4] << 16 | frame[5] << 8 | frame[6])
            else:
                value = driver.read(register)
                body = bytes([SYNC, MASTER, register, value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255])
                reply = body + bytes([crc(body) ^ (1 if self.noisy > 0 else 0)])
                delay_bits = driver.reply_delay_bits
                self.noisy = max(self.noisy - 1, 0)
        return reply, delay_bits
