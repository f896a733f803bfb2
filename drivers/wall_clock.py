"""The clock on the wall: a DS3231 on I2C, which goes on for years on its own battery. It is only read here.

Registers are those of the DS3231 datasheet. What it says counts only if its oscillator has never stopped since it was
set (OSF): after that nobody knows how late it is.
"""

from micropython import const

_ADDRESS = const(0x68)
_UNKNOWN = const(-1)
_UNKNOWN_DAY = const(0)

_MINUTES = const(0x01)  # then hours, weekday, day, month, year, latched together by the start of the read
_STATUS = const(0x0F)
_OSCILLATOR_STOPPED = const(0x80)
_TWELVE_HOURS = const(0x40)
_AFTERNOON = const(0x20)


class WallClock:
    """minutes: those of the day, 0..1439, or -1: it does not answer, it once stopped, or what it says is no time.
    day: the date as one number, yyyymmdd, or 0: as above, or 2000 to 2099 have no such day. Both are of one moment.
    is_halfway: it has said that it never stopped, and is to be asked for the time next."""

    def __init__(self, bus) -> None:
        self._read_register = bus.readfrom_mem_into
        self._status = bytearray(1)
        self._time = bytearray(6)
        self.is_halfway = False
        self.minutes = _UNKNOWN
        self.day = _UNKNOWN_DAY

    def step(self) -> None:
        """One read, in turns: has it stopped, and what time is it."""
        try:
            if self.is_halfway:
                self.is_halfway = False
                self._read_register(_ADDRESS, _MINUTES, self._time)
                self.minutes = _minutes_of_day(self._time[0], self._time[1])
                self.day = _day(self._time[3], self._time[4], self._time[5])
            else:
                self._read_register(_ADDRESS, _STATUS, self._status)
                if self._status[0] & _OSCILLATOR_STOPPED:
                    self._forget()
                else:
                    self.is_halfway = True
        except OSError:
            self._forget()

    def _forget(self) -> None:
        self.is_halfway = False
        self.minutes = _UNKNOWN
        self.day = _UNKNOWN_DAY


def _minutes_of_day(minutes: int, hours: int) -> int:
    """From both registers, in the clock's 24 or 12 hours; -1 if they hold no time."""
    minute = _decimal(minutes)
    if hours & _TWELVE_HOURS:
        hour = _decimal(hours & 0x1F)
        if not 1 <= hour <= 12:
            return _UNKNOWN
        hour = hour % 12 + (12 if hours & _AFTERNOON else 0)
    else:
        hour = _decimal(hours)
    if not (0 <= minute < 60 and 0 <= hour < 24):
        return _UNKNOWN
    return 60 * hour + minute


def _day(day_register: int, month_register: int, year_register: int) -> int:
    """From its three registers; 0 if they hold no day of this century."""
    day = _decimal(day_register)
    month = _decimal(month_register)  # 81 and more with the century bit
    year = _decimal(year_register)
    if not (0 <= year < 100 and 1 <= month <= 12 and 1 <= day <= _days(year, month)):
        return _UNKNOWN_DAY
    return 20_000_000 + 10_000 * year + 100 * month + day


def _days(year: int, month: int) -> int:
    """Those of a month, of the years 2000 to 2099."""
    if month == 2:
        return 28 if year & 3 else 29
    return 30 + (month + (month >> 3) & 1)


def _decimal(register: int) -> int:
    """A number of two decimal digits, four bits each; -1 if it is none."""
    ones = register & 0x0F
    return 10 * (register >> 4) + ones if ones < 10 else -1
