"""Dates as people write them in lists, with the precision they have: a month never becomes its first day.

What cannot be read without guessing gives no date and a code that says why.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from shanglian.common.core.codes import is_placeholder

Precision = Literal["day", "month", "year"]
FIRST_YEAR: Final = 1850  # the oldest firms still trading
_EPOCH_1900 = date(1899, 12, 30)  # spreadsheets count 1900 as a leap year; right from 1 March 1900
_EPOCH_1904 = date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class DateReading:
    """`text` is ISO 8601 cut at its precision ("2014-05"), None when there is no date. `codes` say what was
    wrong:

    date_missing, date_unparsable, date_invalid, date_ambiguous, date_range, date_in_future,
    date_two_digit_year.
    """

    text: str | None
    precision: Precision | None = None
    codes: tuple[str, ...] = ()


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_NUMERALS = {ord(sign): str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {
    ord("零"): "0", ord("○"): "0", ord("元"): "1"
}  # fmt: skip
_TENS = re.compile(r"([一二三四五六七八九])?十([一二三四五六七八九])?")
_SEPARATED = re.compile(
    r"(\d{4})(?:年度?|[-./\\,、])"
    r"(?:(?P<month>\d{1,2})(?:月份?|[-./\\,、])(?P<day>\d{1,2})[日号]?|(?P<only>\d{1,2})(?:月份?|[-./])?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)?(\d\d)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_SHORT_YEAR = re.compile(r"'?(\d\d)(?:年|[-./])(\d{1,2})(?:月份?|[-./])?(?:(\d{1,2})[日号]?)?|'?\d\d年")
_TIME = re.compile(r"[T ]?\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$|(?<=日)\d{1,2}时.*$")
_AROUND = re.compile(r"^(入会|加入|于|自|从|入会时间[::]?|成立于)+|(入会|加入|起|成立)+$")
_ASIDE = re.compile(r"(?<=.)\([^()\d]*\)$")
_FLOAT = re.compile(r"^(\d{4}|\d{6}|\d{8})\.0+$")  # 2012.0: a number cell written out
_RANGE = re.compile(r"\d{4}.*(至|到|~|—|–|--).*\d|\d{4}年?[-/]\d{4}年?$|\d{4}[年./]\d{1,2}月?-\d{4}")
_VAGUE = re.compile(r"约|左右|前后|大概|之前|以前|之后|以后|\?|或")


def read_date(raw: object, *, today: date, epoch_1904: bool = False) -> DateReading:
    """The date a cell holds: text in any usual spelling, a date, or a spreadsheet's serial number.

    `today`: the last day that is not yet the future. `epoch_1904`: serial numbers count from 1904 (old Mac
    workbooks).
    """
    if isinstance(raw, str):
        iso = _ISO.fullmatch(raw)
        if iso is not None:
            return _checked(int(iso[1]), int(iso[2]), int(iso[3]), today)
        return DateReading(None, None, ("date_missing",)) if is_placeholder(raw) else _read_text(raw, today)
    if isinstance(raw, datetime):
        return _checked(raw.year, raw.month, raw.day, today)
    if isinstance(raw, date):
        return _checked(raw.year, raw.month, raw.day, today)
    if raw is None or isinstance(raw, bool):
        return DateReading(None, None, ("date_missing",))
    if isinstance(raw, int | float):
        return _read_number(float(raw), today, epoch_1904)
    return _without("date_unparsable")


def _without(code: str) -> DateReading:
    return DateReading(None, None, (code,))


def _checked(year: int, month: int | None, day: int | None, today: date) -> DateReading:
    """A reading when the parts make a day, month or year that has begun by `today`."""
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return _without("date_invalid")
    if year < FIRST_YEAR:
        return _without("date_invalid")
    if first > today:
        return _without("date_in_future")
    if month is None:
        return DateReading(f"{year:04}", "year")
    if day is None:
        return DateReading(f"{year:04}-{month:02}", "month")
    return DateReading(f"{year:04}-{month:02}-{day:02}", "day")


def _read_number(number: float, today: date, epoch_1904: bool) -> DateReading:
    if number != number or abs(number) > 1e9:
        return _without("date_unparsable")
    if not number.is_integer() and 1900 <= number < 2100:
        return _read_decimal(number, today)
    whole = int(number)
    if 1900 <= whole < 2100:
        return _checked(whole, None, None, today)
    if 190001 <= whole <= 209912:
        return _checked(whole // 100, whole % 100, None, today)
    if 19000101 <= whole <= 20991231:
        return _checked(whole // 10000, whole // 100 % 100, whole % 100, today)
    if 3000 <= whole < 80000:  # a serial number: 1908 to 2119
        day = (_EPOCH_1904 if epoch_1904 else _EPOCH_1900) + timedelta(days=whole)
        return _checked(day.year, day.month, day.day, today)
    return _without("date_unparsable")


def _read_decimal(number: float, today: date) -> DateReading:
    """2014.05 typed into a number cell is May; 2014.1 may have been January or 2014.10."""
    decimals = f"{number:.4f}".rstrip("0").split(".")[1]
    if len(decimals) == 1 and decimals == "1":
        return _without("date_ambiguous")
    if len(decimals) > 2:
        return _without("date_unparsable")
    return _checked(int(number), int(decimals), None, today)


def _read_text(raw: str, today: date) -> DateReading:
    text = unicodedata.normalize("NFKC", raw)
    text = _TIME.sub("", " ".join(text.split()))
    text = text.replace(" ", "").rstrip(".,;、。").lstrip("'")
    text = _AROUND.sub("", _chinese_numerals(_FLOAT.sub(r"\1", _without_aside(text))))
    if match := _SEPARATED.fullmatch(text):
        return _checked(int(match[1]), _number(match["month"] or match["only"]), _number(match["day"]), today)
    if match := _COMPACT.fullmatch(text):
        return _checked(int(match[1]), _number(match[2]), _number(match[3]), today)
    if match := _DAY_FIRST.fullmatch(text):
        return _read_year_last(int(match[1]), int(match[2]), int(match[3]), today)
    if _RANGE.search(text):
        return _without("date_range")
    if _SHORT_YEAR.fullmatch(text):
        return _without("date_two_digit_year")
    if text.isdigit() and len(text) == 5:
        return _read_number(float(text), today, epoch_1904=False)
    return _without("date_ambiguous" if _VAGUE.search(text) and re.search(r"\d{4}", text) else "date_unparsable")


def _without_aside(text: str) -> str:
    """2014年5月7日(补) → 2014年5月7日; (约) and the like say something about the date and stay."""
    aside = _ASIDE.search(text)
    return text[: aside.start()] if aside and not _VAGUE.search(aside[0]) else text


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _read_year_last(first: int, second: int, year: int, today: date) -> DateReading:
    """05/07/2014 may be May or July; 25/12/2014 and 5/5/2014 have one meaning only."""
    if first == second or (first > 12) != (second > 12):
        month, day = min(first, second), max(first, second)
        return _checked(year, month, day, today)
    return _without("date_invalid" if first > 12 else "date_ambiguous")


def _chinese_numerals(text: str) -> str:
    """二〇一四年十二月二十三日 → 2014年12月23日; text without such signs is returned as it is."""
    if not re.search(r"[〇零○一二三四五六七八九十元]", text):
        return text
    text = _TENS.sub(lambda m: (m[1] or "一") + (m[2] or "〇"), text)
    return text.translate(_NUMERALS)
