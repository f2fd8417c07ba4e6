"""How figures are written: grouping, 万, shares, signs, quarters. Exact, rounding half away from zero.

Everything returns plain text. Words and units of a language are added by the template tags. `None` means "not
reported" and is written as an em dash, which is not the same as 0.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

Number = int | Fraction | Decimal | float

MINUS = "\u2212"
DASH = "\u2014"
WAN = 10_000


class Figure(NamedTuple):
    """Digits and what they count in: `in_wan` says that the text is to be read as ten-thousands."""

    text: str
    in_wan: bool


def exact(value: Number) -> Fraction:
    """The value as a fraction. A float is taken as the decimal number it prints as (0.1 is one tenth)."""
    if isinstance(value, Fraction):
        return value
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def decimal_text(value: Number, places: int = 0) -> str:
    """Grouped by thousands, with exactly `places` decimals and a real minus sign: -1234.5 -> "−1,234.50"."""
    number, scale = exact(value), 10**places
    units = (2 * abs(number.numerator) * scale + number.denominator) // (2 * number.denominator)
    whole, rest = divmod(units, scale)
    digits = f"{whole:,}" + (f".{rest:0{places}d}" if places else "")
    return MINUS + digits if number.numerator < 0 and units else digits


def thousands(value: Number | None, places: int = 0) -> str:
    """For tables: 32318 -> "32,318"."""
    return DASH if value is None else decimal_text(value, places)


def money(value: Number | None) -> str:
    """Two decimals; the unit stands in the head of the column: 3000 -> "3,000.00"."""
    return thousands(value, 2)


def wan(value: Number | None, places: int = 2) -> Figure:
    """For big figures: from 10,000 on in 万 with two decimals, below in full. 32318 -> ("3.23", True)."""
    if value is None:
        return Figure(DASH, False)
    number = exact(value)
    if abs(number) < WAN:
        return Figure(decimal_text(number, 0 if number.denominator == 1 else 1), False)
    return Figure(decimal_text(number / WAN, places), True)


def share(ratio: Number | None, places: int = 1) -> str:
    """A ratio as a number of percent, without the sign: Fraction(473, 1000) -> "47.3"."""
    return DASH if ratio is None else decimal_text(exact(ratio) * 100, places)


def percent(ratio: Number | None, places: int = 1) -> str:
    """A ratio with the sign: Fraction(473, 1000) -> "47.3%"."""
    return DASH if ratio is None else share(ratio, places) + "%"


def signed(value: Number | None, places: int = 0) -> str:
    """A difference: +12, −3, 0 (what rounds to nothing carries no sign)."""
    if value is None:
        return DASH
    text = decimal_text(value, places)
    rounds_to_nothing = not any(digit in text for digit in "123456789")
    return text if exact(value) < 0 or rounds_to_nothing else "+" + text


def signed_percent(ratio: Number | None, places: int = 1) -> str:
    """A relative gap: Fraction(-85, 1000) -> "−8.5%"."""
    return DASH if ratio is None else signed(exact(ratio) * 100, places) + "%"


def points(difference: Number | None, places: int = 1) -> str:
    """A difference of two shares in percentage points, without the word: Fraction(2, 1000) -> "+0.2"."""
    return DASH if difference is None else signed(exact(difference) * 100, places)


def position(value: Number | None, full: Number) -> str:
    """Where `value` lies between 0 and `full`, as an SVG length: "94.6%", kept within; "0%" if unknown."""
    whole = exact(full)
    if value is None or whole <= 0:
        return "0%"
    tenths = int(min(max(exact(value) / whole, Fraction(0)), Fraction(1)) * 1000 + Fraction(1, 2))
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}%"


def quarter(day: date | None) -> str:
    """For axes: "2016Q2"."""
    return DASH if day is None else f"{day.year}Q{(day.month + 2) // 3}"
