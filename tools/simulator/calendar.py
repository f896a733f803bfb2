"""Dates as numbers of days, from 2000-01-01 on, by the rule of the DS3231: every fourth year is a leap year."""

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_days(year: int, month: int) -> int:
    """Days of a month, 1..12; `year` 0..199 is 2000 to 2199."""
    return 29 if month == 2 and year % 4 == 0 else _DAYS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 2000-01-01. ValueError for a date that does not exist."""
    if not 0 <= year <= 199 or not 1 <= month <= 12 or not 1 <= day <= month_days(year, month):
        raise ValueError("no such date: {}-{}-{}".format(year, month, day))
    number = year * 365 + (year + 3) // 4 + day - 1
    for earlier in range(1, month):
        number += month_days(year, earlier)
    return number


def date_of(number: int) -> "tuple[int, int, int]":
    """(year, month, day) of a day number."""
    year = number // 366
    while day_number(year + 1, 1, 1) <= number:
        year += 1
    left = number - day_number(year, 1, 1)
    month = 1
    while left >= month_days(year, month):
        left -= month_days(year, month)
        month += 1
    return year, month, left + 1
