"""Arithmetic of days, months, quarters and years, exact and without a clock.

A month's end is its last day whatever its length: a year after the last day of February is the last day of
February again. What a period means for a figure is not decided here.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache


def days_in_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def month_end(day: date) -> date:
    return day.replace(day=days_in_month(day))


def quarter_number(day: date) -> int:
    return (day.month + 2) // 3


def quarter_end(day: date) -> date:
    return month_end(day.replace(month=quarter_number(day) * 3, day=1))


def year_end(day: date) -> date:
    return date(day.year, 12, 31)


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of a month stays the last day, the 31st becomes the last."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month0 + 1, 1)
    length = days_in_month(first)
    return first.replace(day=length if day == month_end(day) else min(day.day, length))


def add_years(day: date, years: int) -> date:
    return add_months(day, 12 * years)


def quarter_ends(first: date, last: date) -> Iterator[date]:
    """Every quarter's last day from `first` to `last`, both included where they are one."""
    day = quarter_end(first)
    while day <= last:
        yield day
        day = add_months(day, 3)


def anniversaries(start: date, end: date) -> list[date]:
    """`start`, its yearly returns before `end`, and `end`: the joints of a path stated per year."""
    joints, years = [start], 1
    while (day := add_years(start, years)) < end:
        joints.append(day)
        years += 1
    return [*joints, end]


def month_position(day: date) -> Fraction:
    """Where a day ends on the line of months: the end of month n is a whole number, days are parts of it."""
    return day.year * 12 + day.month - 1 + Fraction(day.day, days_in_month(day))


def months_between(start: date, end: date) -> Fraction:
    """Months from the end of one day to the end of another; whole between month ends, negative backwards."""
    return month_position(end) - month_position(start)
