"""Dates as written in rosters."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.common.core.dates import DateReading, read_date

TODAY = date(2020, 6, 30)


def read(raw, **options):
    return read_date(raw, today=TODAY, **options)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("2014-05-07", "2014-05-07"),
        ("2014.5.7", "2014-05-07"),
        ("2014/5/7", "2014-05-07"),
        ("20140507", "2014-05-07"),
        (20140507.0, "2014-05-07"),
        ("2014年5月7日", "2014-05-07"),
        ("2014年2月10号", "2014-02-10"),
        ("２０１４．５．７", "2014-05-07"),
        (" 2014 年 5 月 7 日 ", "2014-05-07"),
        ("二〇一四年五月七日", "2014-05-07"),
        ("二零一四年十二月二十三日", "2014-12-23"),
        ("2014年十月三十日", "2014-10-30"),
        ("2014-05-07 00:00:00", "2014-05-07"),
        ("2014-05-07T08:30:00", "2014-05-07"),
        ("2014年5月7日入会", "2014-05-07"),
        ("2014年5月7日（补）", "2014-05-07"),
        ("25/12/2014", "2014-12-25"),
        ("12/25/2014", "2014-12-25"),
        (date(2014, 5, 7), "2014-05-07"),
        (datetime(2014, 5, 7, 12, 0), "2014-05-07"),
        (41766.0, "2014-05-07"),
        ("41766", "2014-05-07"),
        ("2014年5月", "2014-05"),
        ("2014.05", "2014-05"),
        ("2014-5", "2014-05"),
        ("201405", "2014-05"),
        (2014.05, "2014-05"),
        ("2014年", "2014"),
        ("2014", "2014"),
        (2014.0, "2014"),
        ("2014.0", "2014"),
        ("二〇一四年", "2014"),
    ],
)
def test_the_usual_spellings_keep_their_precision(written, text):
    precision = {10: "day", 7: "month", 4: "year"}[len(text)]
    assert read(written) == DateReading(text, precision)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "date_missing"),
        (None, "date_missing"),
        ("不详", "date_missing"),
        ("/", "date_missing"),
        ("2014.13.5", "date_invalid"),
        ("2015-02-30", "date_invalid"),
        ("2014-00-00", "date_invalid"),
        ("2014年5月（约）", "date_ambiguous"),
        ("0014-05-07", "date_invalid"),
        ("2099-01-01", "date_in_future"),
        ("2020年7月", "date_in_future"),
        ("05/07/2014", "date_ambiguous"),
        (2014.1, "date_ambiguous"),
        ("约2014年", "date_ambiguous"),
        ("14.5.7", "date_two_digit_year"),
        ("99年5月", "date_two_digit_year"),
        ("2014-2015", "date_range"),
        ("2014年5月至2015年6月", "date_range"),
        ("老会员", "date_unparsable"),
        (17.0, "date_unparsable"),
        (float("nan"), "date_unparsable"),
    ],
)
def test_what_would_need_guessing_gives_no_date_and_says_why(written, code):
    assert read(written) == DateReading(None, None, (code,))


def test_a_workbook_of_1904_counts_from_another_day():
    assert read(40304, epoch_1904=True).text == "2014-05-07"


@given(
    st.dates(date(1900, 3, 1), TODAY),
    st.sampled_from(["{}-{}-{}", "{}.{}.{}", "{}/{}/{}", "{}年{}月{}日", "{}年{}月{}号"]),
)
def test_every_day_is_read_back_from_every_spelling(day, spelling):
    assert read(spelling.format(day.year, day.month, day.day)) == DateReading(day.isoformat(), "day")


@given(st.dates(date(1910, 1, 1), TODAY))
def test_every_serial_number_is_read_back(day):
    assert read(float((day - date(1899, 12, 30)).days)).text == day.isoformat()


@given(st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.text("0123456789年月日.-/ ", max_size=12)))
def test_anything_is_read_without_an_exception_and_a_date_is_never_in_the_future(raw):
    reading = read(raw)
    assert (reading.text is None) == bool(reading.codes)
    if reading.text is not None:
        padded = reading.text + "-01-01"[len(reading.text) - 4 :] if reading.precision != "day" else reading.text
        assert date.fromisoformat(padded) < TODAY + timedelta(days=1)
