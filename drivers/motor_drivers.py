"""The two TMC2209 of this machine: which address, current and stall threshold each has, and who is asked when.

The address pins of a TMC2209 also choose its microsteps when it is not told otherwise: address 3 gives 16, address 0
gives 8. The dose driver has address 3 and the needle driver 0, so that a driver that lost its settings with its supply
still moves by the steps that are counted.
"""

from micropython import const

from drivers.tmc2209 import PENDING, Line, Tmc2209

_DOSE_ADDRESS = const(3)
_NEEDLE_ADDRESS = const(0)

_GCONF = const(0x00)
_IHOLD_IRUN = const(0x10)
_TCOOLTHRS = const(0x14)
_SGTHRS = const(0x40)
_CHOPCONF = const(0x6C)

# Line in charge of the settings, not the pins: UART on PDN_UART, microsteps from MRES, filtered STEP; StealthChop,
# which StallGuard needs; current from IRUN alone, not from the trimmer.
_GCONF_UART = const(b"\x00\x00\x01\xc0")
# TOFF 3, HSTRT 5, TBL 2, VSENSE 1 (180 mV full scale), INTPOL 1; MRES 4 is 16 microsteps, MRES 5 is 8.
_CHOPCONF_16_MICROSTEPS = const(b"\x14\x03\x00\x53")
_CHOPCONF_8_MICROSTEPS = const(b"\x15\x03\x00\x53")

# RMS of IRUN 31 with VSENSE 1 and 110 mohm: 0.180 V / (0.110 + 0.020) ohm / sqrt 2 (datasheet, chapter 9).
_FULL_SCALE_MA = const(979)
_HOLD_DELAY = const(4)

# NEMA 11, rated 0.67 A a phase: 18/32 and 9/32 of full scale.
_RUN_MA = const(551)
_HOLD_MA = const(276)

# StallGuard is meaningful above about 2000 dose steps/s and 5000 needle steps/s: TSTEP is 12 MHz over the rate in 1/256
# microsteps. The thresholds are starting values, to be set on the bench: DIAG goes high at SG_RESULT <= 2 x SGTHRS.
_DOSE_TCOOLTHRS = const(b"\x00\x00\x01\x77")
_NEEDLE_TCOOLTHRS = const(b"\x00\x00\x00\x4b")
_DOSE_SGTHRS = const(b"\x00\x00\x00\x28")
_NEEDLE_SGTHRS = const(b"\x00\x00\x00\x28")

_POLL_EVERY_SLICES = const(25)


def current_setting(current_ma: int) -> int:
    """IRUN or IHOLD (0..31) for an RMS phase current in mA, rounded down; ValueError if the driver cannot give it."""
    if not 31 <= current_ma <= _FULL_SCALE_MA:
        raise ValueError("TMC2209: " + str(current_ma) + " mA is outside 31..979 mA")
    return current_ma * 32 // _FULL_SCALE_MA - 1


def _settings(chopconf: bytes, tcoolthrs: bytes, sgthrs: bytes) -> tuple:
    currents = bytes((0, _HOLD_DELAY, current_setting(_RUN_MA), current_setting(_HOLD_MA)))
    return (
        (_GCONF, _GCONF_UART),
        (_CHOPCONF, chopconf),
        (_IHOLD_IRUN, currents),
        (_TCOOLTHRS, tcoolthrs),
        (_SGTHRS, sgthrs),
    )


class MotorDrivers:
    """Sets both drivers up and keeps asking how they are. `dose_bad`, `needle_bad`: 1 until one has said it is well."""

    def __init__(self, tx_pin: int, rx_pin: int) -> None:
        line = Line(tx_pin, rx_pin)
        self._line = line
        self._dose = Tmc2209(line, _DOSE_ADDRESS, _settings(_CHOPCONF_16_MICROSTEPS, _DOSE_TCOOLTHRS, _DOSE_SGTHRS))
        self._needle = Tmc2209(
            line, _NEEDLE_ADDRESS, _settings(_CHOPCONF_8_MICROSTEPS, _NEEDLE_TCOOLTHRS, _NEEDLE_SGTHRS)
        )
        self._asked = self._needle
        self._waiting = False
        self._pause_slices = 0
        self.dose_bad = 1
        self.needle_bad = 1

    def step(self) -> None:
        """One slice: look for an answer, or send one request. The drivers take turns; when both are well they are left
        in peace for 25 slices between two requests."""
        if self._waiting:
            result = self._line.receive()
            if result == PENDING:
                return
            self._asked.take(result)
            self._waiting = False
            self.dose_bad = self._dose.bad
            self.needle_bad = self._needle.bad
            self._pause_slices = 0 if self.dose_bad or self.needle_bad else _POLL_EVERY_SLICES
            return
        if self._pause_slices > 0:
            self._pause_slices -= 1
            return
        self._asked = self._dose if self._asked is self._needle else self._needle
        self._asked.send()
        self._waiting = True
