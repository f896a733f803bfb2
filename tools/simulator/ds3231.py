"""DS3231: the wall clock, with its battery. It runs with virtual time, whatever happens to the controller.

Maxim data sheet 19-5170 rev 10. The alarms are registers only: they never fire, and switching one on is refused, as are
a forced conversion and the square wave. A date that does not exist has undefined results there, and is refused here.
"""

from tools.simulator.calendar import date_of, day_number
from tools.simulator.i2c_bus import Device

DAY_S = 86_400

_HOURS = 0x02
_CONTROL = 0x0E
_STATUS = 0x0F
_TEMPERATURE = 0x11
_SIZE = 0x13
_TIME_SIZE = 7

_12_HOURS = 0x40
_PM = 0x20
_CENTURY = 0x80
_OSF = 0x80
_STATUS_KEEPS = 0x08  # EN32kHz can be written; OSF, A2F and A1F can only be cleared; BSY cannot be written
_STATUS_CLEARS = 0x83
_CONTROL_REFUSED = 0x63  # BBSQW, CONV, A2IE, A1IE
_EOSC = 0x80  # stops the oscillator while on the battery: a clock that stops with the device


class Ds3231(Device):
    """`stopped` is OSF: the oscillator stood still, so the date is unknown until somebody sets it."""

    def __init__(self) -> None:
        self._registers = bytearray(_SIZE)  # the time is calculated; these are the others
        self._pointer = 0
        self.lose_battery(0)
        self.set(2026, 11, 22, 9, 0)
        self.stopped = False

    def lose_battery(self, now_us: int) -> None:
        """Both supplies were gone: it starts at 2000-01-01 00:00:00, and says so by OSF."""
        self._registers[:] = bytes(_SIZE)
        self._registers[_CONTROL] = 0x1C
        self._registers[_STATUS] = _OSF | _STATUS_KEEPS
        self._registers[_TEMPERATURE] = 25
        self._second_us = now_us  # when the second `_seconds` began
        self._seconds = 0  # since 2000-01-01
        self._week_shift = 0  # the day of the week is a counter of its own
        self._twelve = False

    @property
    def stopped(self) -> bool:
        """OSF."""
        return self._registers[_STATUS] & _OSF != 0

    @stopped.setter
    def stopped(self, stopped: bool) -> None:
        """Say that the oscillator stood still, or that it did not."""
        self._registers[_STATUS] = self._registers[_STATUS] & ~_OSF & 0xFF | (_OSF if stopped else 0)

    def set(
        self, year: int, month: int, day: int, hour: int, minute: int, second: int = 0, now_us: "int | None" = None
    ) -> None:
        """Set it to a date from 2000 to 2199, as a watchmaker would; OSF stays. ValueError for no such date."""
        if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
            raise ValueError("no such time: {}:{}:{}".format(hour, minute, second))
        days = day_number(year - 2000, month, day)
        self._seconds = days * DAY_S + hour * 3600 + minute * 60 + second
        self._week_shift = 0
        if now_us is not None:
            self._second_us = now_us

    # --- the bus ----------------------------------------------------------------------------------------------------

    def write(self, data: "bytes | bytearray | memoryview", now_us: int) -> int:
        """The first byte is the register, the rest goes there and into those after it."""
        self._pointer = data[0]
        if self._pointer >= _SIZE:
            raise NotImplementedError("DS3231: there is no register 0x{:02x}".format(self._pointer))
        time = self._time(now_us)
        touched = False
        for byte in data[1:]:
            register = self._pointer
            if register < _TIME_SIZE:
                time[register] = byte
                touched = True
                if register == 0:
                    self._second_us = now_us  # the countdown chain starts again
            else:
                self._store(register, byte)
            self._pointer = (register + 1) % _SIZE
        if touched:
            self._take_over(time)
        return len(data)

    def read(self, count: int, now_us: int) -> bytes:
        """From the register after the last one on. The time is that of the start: it cannot change on the way."""
        content = self._time(now_us) + self._registers[_TIME_SIZE:]
        got = bytearray()
        for _ in range(count):
            got.append(content[self._pointer])
            self._pointer = (self._pointer + 1) % _SIZE
        return bytes(got)

    def _store(self, register: int, byte: int) -> None:
        if register == _CONTROL and byte & _CONTROL_REFUSED:
            raise NotImplementedError("DS3231: control 0x{:02x} is not simulated".format(byte))
        if register == _CONTROL and byte & _EOSC:
            raise NotImplementedError("DS3231: EOSC stops the clock when the device is switched off")
        if register == _STATUS:
            cleared = self._registers[_STATUS] & _STATUS_CLEARS & byte
            self._registers[_STATUS] = cleared | byte & _STATUS_KEEPS
        elif register < _TEMPERATURE:
            self._registers[register] = byte

    # --- time -------------------------------------------------------------------------------------------------------

    def _time(self, now_us: int) -> bytearray:
        """Registers 0 to 6 at this moment."""
        passed = (now_us - self._second_us) // 1_000_000
        self._seconds += passed
        self._second_us += passed * 1_000_000
        days = self._seconds // DAY_S
        second = self._seconds % DAY_S
        year, month, day = date_of(days)
        return bytearray(
            (
                _bcd(second % 60),
                _bcd(second // 60 % 60),
                self._hours(second // 3600),
                (days + 5 + self._week_shift) % 7 + 1,  # 2000-01-01 was a Saturday, the sixth from Monday
                _bcd(day),
                _bcd(month) | (_CENTURY if year >= 100 else 0),
                _bcd(year % 100),
            )
        )

    def _hours(self, hour: int) -> int:
        if not self._twelve:
            return _bcd(hour)
        return _12_HOURS | (_PM if hour >= 12 else 0) | _bcd((hour + 11) % 12 + 1)

    def _take_over(self, time: bytearray) -> None:
        """The time was written: it must be one."""
        hours = time[_HOURS]
        self._twelve = hours & _12_HOURS != 0
        if self._twelve:
            hour = _number(hours & 0x1F, 1, 12, "hour") % 12 + (12 if hours & _PM else 0)
        else:
            hour = _number(hours, 0, 23, "hour")
        second = _number(time[0], 0, 59, "second")
        minute = _number(time[1], 0, 59, "minute")
        weekday = _number(time[3], 1, 7, "day of the week")
        month = _number(time[5] & ~_CENTURY, 1, 12, "month")
        year = _number(time[6], 0, 99, "year") + (100 if time[5] & _CENTURY else 0)
        days = day_number(year, month, _number(time[4], 1, 31, "day"))
        self._seconds = days * DAY_S + hour * 3600 + minute * 60 + second
        self._week_shift = (weekday - 1 - days - 5) % 7


def _bcd(number: int) -> int:
    return number // 10 << 4 | number % 10


def _number(bcd: int, least: int, most: int, what: str) -> int:
    number = (bcd >> 4) * 10 + (bcd & 0x0F)
    if bcd & 0x0F > 9 or not least <= number <= most:
        raise ValueError("DS3231: 0x{:02x} is no {}".format(bcd, what))
    return number
