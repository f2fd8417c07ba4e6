"""Months, quarters and years: exact, additive, true to the ends of months."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.common.core.periods import (
    add_months,
    add_years,
    anniversaries,
    month_end,
    months_between,
    quarter_end,
    quarter_ends,
    quarter_number,
    year_end,
)

days = st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2013, 12, 31), 3, date(2014, 3, 31)),
        (date(2014, 1, 31), 1, date(2014, 2, 28)),
        (date(2015, 2, 28), 12, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 5, 30), -3, date(2016, 2, 29)),
        (date(2016, 5, 7), -5, date(2015, 12, 7)),
    ],
)
def test_adding_months_keeps_the_day_and_the_end_of_the_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_ends_of_month_quarter_and_year() -> None:
    day = date(2016, 5, 7)
    assert (month_end(day), quarter_end(day), year_end(day), quarter_number(day)) == (
        date(2016, 5, 31),
        date(2016, 6, 30),
        date(2016, 12, 31),
        2,
    )


def test_quarter_ends_include_both_sides() -> None:
    assert list(quarter_ends(date(2013, 12, 31), date(2014, 9, 30))) == [
        date(2013, 12, 31),
        date(2014, 3, 31),
        date(2014, 6, 30),
        date(2014, 9, 30),
    ]


def test_quarter_ends_of_less_than_a_quarter_are_none() -> None:
    assert list(quarter_ends(date(2014, 1, 1), date(2014, 3, 30))) == []


def test_anniversaries_run_from_start_to_end() -> None:
    assert anniversaries(date(2013, 12, 31), date(2016, 6, 30)) == [
        date(2013, 12, 31),
        date(2014, 12, 31),
        date(2015, 12, 31),
        date(2016, 6, 30),
    ]


def test_months_between_ends_of_months_are_whole() -> None:
    assert months_between(date(2015, 12, 31), date(2017, 12, 31)) == 24
    assert months_between(date(2015, 12, 31), date(2016, 1, 10)) == Fraction(10, 31)


@given(days, days, days)
def test_months_between_add_up(a: date, b: date, c: date) -> None:
    assert months_between(a, b) + months_between(b, c) == months_between(a, c)


@given(days, st.integers(min_value=-20, max_value=20))
def test_a_quarter_end_stays_one_when_quarters_or_years_are_added(day: date, steps: int) -> None:
    end = quarter_end(day)
    assert quarter_end(add_months(end, 3 * steps)) == add_months(end, 3 * steps)
    assert add_years(end, steps) == add_months(end, 12 * steps)
