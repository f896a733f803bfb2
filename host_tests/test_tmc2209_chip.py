"""The motor drivers' side of the wire, and the UART in front of it: bytes in their time, CRC, registers, faults."""

import pytest

from tools.simulator import silicon, tmc2209
from tools.simulator.chip import time as device_time
from tools.simulator.pads import Pin
from tools.simulator.serial_port import UART
from tools.simulator.silicon import Chip
from tools.simulator.tmc2209 import CHOPCONF, DRV_STATUS, GCONF, GSTAT, IFCNT, IOIN, SLAVECONF, DriverBus, Tmc2209, crc

TX = 17
RX = 18
BYTE_US = 87  # 10 bits at 115 200


class Wire:
    """Two drivers behind a UART, and a master that speaks plainly."""

    def __init__(self) -> None:
        self.chip: Chip = silicon.power_on("esp32s3")
        self.dose = Tmc2209(3)
        self.needle = Tmc2209(0)
        self.bus = DriverBus([self.dose, self.needle])
        self.chip.serial[(TX, RX)] = self.bus
        self.uart = UART(1, 115_200, tx=Pin(TX), rx=Pin(RX))

    def write(self, address: int, register: int, value: int) -> None:
        body = bytes([0x05, address, register | 0x80]) + value.to_bytes(4, "big")
        self.uart.write(body + bytes([crc(body)]))
        device_time.sleep_ms(2)
        self.uart.read()

    def read(self, address: int, register: int) -> "int | None":
        body = bytes([0x05, address, register])
        self.uart.write(body + bytes([crc(body)]))
        device_time.sleep_ms(3)
        got = self.uart.read() or b""
        assert got[:4] == body + bytes([crc(body)])  # the echo
        reply = got[4:]
        if not reply:
            return None
        assert reply[:3] == bytes([0x05, 0xFF, register])
        return int.from_bytes(reply[3:7], "big") if crc(reply[:7]) == reply[7] else -1


@pytest.fixture
def wire() -> Wire:
    return Wire()


# --- registers --------------------------------------------------------------------------------------------------------


def test_the_check_sum_is_the_data_sheets() -> None:
    assert crc(bytes([0x05, 0x00, 0x00])) == 0x48  # requests to read GCONF and IOIN of driver 0, as published traces
    assert crc(bytes([0x05, 0x00, 0x06])) == 0x6F  # of other projects show them


def test_a_driver_tells_version_and_inputs(wire: Wire) -> None:
    wire.needle.inputs = lambda: 0x201
    assert wire.read(0, IOIN) == 0x21000201


def test_after_power_up_a_driver_says_that_it_was_reset_until_told_that_it_is_known(wire: Wire) -> None:
    assert wire.read(3, GSTAT) == tmc2209.GSTAT_RESET
    wire.write(3, GSTAT, 7)
    assert wire.read(3, GSTAT) == 0
    wire.dose.supply(False)
    assert wire.read(3, GSTAT) is None
    wire.dose.supply(True)
    assert wire.read(3, GSTAT) == tmc2209.GSTAT_RESET


def test_writes_are_counted_and_never_answered(wire: Wire) -> None:
    assert wire.read(0, IFCNT) == 0
    wire.write(0, GCONF, 0x1C0)
    assert wire.read(0, IFCNT) == 1
    assert wire.read(0, GCONF) == 0x1C0
    assert wire.read(3, IFCNT) == 0
    for _ in range(255):
        wire.needle.write(GCONF, 0x1C0)
    assert wire.read(0, IFCNT) == 0


def test_a_frame_with_a_wrong_check_sum_changes_nothing(wire: Wire) -> None:
    wire.uart.write(bytes([0x05, 0, GCONF | 0x80, 0, 0, 1, 0xC0, 0x00]))
    device_time.sleep_ms(5)
    wire.uart.read()
    assert wire.read(0, IFCNT) == 0


def test_a_broken_frame_is_forgotten_after_a_pause(wire: Wire) -> None:
    wire.uart.write(bytes([0x05, 0]))
    device_time.sleep_ms(5)
    wire.uart.read()
    assert wire.read(0, IOIN) == 0x21 << 24


def test_microsteps_come_from_the_address_pins_until_the_register_rules(wire: Wire) -> None:
    assert (wire.dose.microsteps, wire.needle.microsteps) == (16, 8)
    assert (Tmc2209(1).microsteps, Tmc2209(2).microsteps) == (32, 64)
    wire.write(0, GCONF, 0x1C0)
    assert wire.needle.microsteps == 256
    for mres, microsteps in ((4, 16), (5, 8), (8, 1), (9, 1)):
        wire.write(0, CHOPCONF, mres << 24 | 0x10000053)
        assert wire.needle.microsteps == microsteps


def test_toff_zero_and_faults_switch_the_motor_off(wire: Wire) -> None:
    assert wire.dose.can_drive
    wire.write(3, CHOPCONF, 0x10000050)
    assert not wire.dose.can_drive
    wire.write(3, CHOPCONF, 0x10000053)
    assert wire.dose.can_drive
    wire.dose.fault(tmc2209.OTPW)
    assert wire.dose.can_drive
    wire.dose.fault(tmc2209.OT | tmc2209.OTPW)
    assert not wire.dose.can_drive
    assert wire.read(3, DRV_STATUS) == 3
    wire.write(3, GSTAT, 7)
    status = wire.read(3, GSTAT)
    assert status == tmc2209.GSTAT_DRV_ERR  # the cause is still there
    wire.dose.fault(0)
    wire.write(3, GSTAT, 7)
    assert wire.read(3, GSTAT) == 0
    assert wire.dose.can_drive


def test_read_only_and_unknown_registers_ignore_writes(wire: Wire) -> None:
    wire.write(0, DRV_STATUS, 0xFFFFFFFF)
    wire.write(0, 0x55, 1)
    assert wire.read(0, DRV_STATUS) == 0
    assert wire.read(0, 0x55) == 0


def test_the_reply_waits_as_senddelay_says(wire: Wire) -> None:
    assert wire.dose.reply_delay_bits == 8
    wire.write(3, SLAVECONF, 2 << 8)
    assert wire.dose.reply_delay_bits == 24
    wire.write(3, SLAVECONF, 15 << 8)
    assert wire.dose.reply_delay_bits == 120


def test_a_silent_driver_and_a_noisy_wire(wire: Wire) -> None:
    wire.bus.noisy = 1
    assert wire.read(0, IOIN) == -1
    assert wire.read(0, IOIN) == 0x21 << 24
    wire.needle.answers = False
    assert wire.read(0, IOIN) is None


def test_nobody_answers_at_an_address_without_driver(wire: Wire) -> None:
    assert wire.read(1, IOIN) is None


# --- UART -------------------------------------------------------------------------------------------------------------


def test_each_byte_comes_back_ten_bits_later(wire: Wire) -> None:
    start = wire.chip.now_us + silicon.UART_US
    wire.uart.write(b"\x00\x01\x02\x03")
    for count in range(1, 5):
        wire.chip.now_us = start + count * 10 * 1_000_000 // 115_200 - silicon.UART_US - 1
        assert wire.uart.any() == count - 1
        wire.chip.now_us = start + count * BYTE_US
        assert wire.uart.any() == count
    assert wire.uart.txdone()


def test_a_read_exchange_takes_its_bits(wire: Wire) -> None:
    body = bytes([0x05, 0, IOIN])
    wire.uart.write(body + bytes([crc(body)]))
    start = wire.chip.now_us
    while wire.uart.any() < 12:
        device_time.sleep_us(5)
    assert abs(wire.chip.now_us - start - (12 * BYTE_US + 8 * 9)) <= 40


def test_writes_queue_behind_each_other_and_block_when_the_buffer_is_full(wire: Wire) -> None:
    before = wire.chip.now_us
    wire.uart.write(bytes(256))
    assert wire.chip.now_us - before == silicon.UART_US
    wire.uart.write(bytes(100))
    assert abs(wire.chip.now_us - before - 100 * BYTE_US) <= 100
    assert not wire.uart.txdone()
    wire.uart.flush()
    assert wire.uart.txdone()
    assert abs(wire.chip.now_us - before - 356 * BYTE_US) <= 150


def test_a_timeout_below_ten_milliseconds_does_not_wait(wire: Wire) -> None:
    wire.uart.init(timeout=9)
    before = wire.chip.now_us
    assert wire.uart.read(1) is None
    assert wire.chip.now_us - before == silicon.UART_US
    wire.uart.init(timeout=20)
    assert wire.uart.read(1) is None
    assert wire.chip.now_us == 20_000


def test_a_read_with_timeout_returns_as_soon_as_all_is_there(wire: Wire) -> None:
    wire.uart.init(timeout=50, timeout_char=20)
    wire.uart.write(b"\x01\x02\x03")
    before = wire.chip.now_us
    assert wire.uart.read(3) == b"\x01\x02\x03"
    assert abs(wire.chip.now_us - before - 3 * BYTE_US) <= 5
    buffer = bytearray(4)
    wire.uart.write(b"\x07\x08")
    device_time.sleep_ms(1)
    assert wire.uart.readinto(buffer, 2) == 2
    assert buffer == b"\x07\x08\x00\x00"


def test_what_is_not_read_in_time_is_lost(wire: Wire) -> None:
    wire.uart.write(bytes(256))
    wire.uart.flush()
    wire.uart.write(bytes(50))
    device_time.sleep_ms(50)
    assert wire.uart.any() == 256
    assert wire.chip.flags == ["the UART's receive buffer ran over"]


def test_ports_and_formats_that_are_not_there_are_refused(wire: Wire) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        UART(3, tx=Pin(TX), rx=Pin(RX))
    with pytest.raises(NotImplementedError):
        UART(1, parity=0, tx=Pin(TX), rx=Pin(RX))
    wire.uart.deinit()
    with pytest.raises(OSError, match="INVALID_STATE"):
        wire.uart.any()
