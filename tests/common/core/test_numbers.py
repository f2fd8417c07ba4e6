"""How figures are written."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.common.core import numbers
from shanglian.common.core.numbers import Figure


@pytest.mark.parametrize(
    ("value", "text"),
    [(32318, "32,318"), (999, "999"), (0, "0"), (-1234, "−1,234"), (None, "—"), (Fraction(5, 2), "3")],
)
def test_people_in_tables_are_grouped_by_thousands(value: numbers.Number | None, text: str) -> None:
    assert numbers.thousands(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3000, "3,000.00"), (Decimal("1250000.005"), "1,250,000.01"), (Decimal("-0.004"), "0.00"), (None, "—")],
)
def test_money_has_two_decimals_and_no_negative_nothing(value: numbers.Number | None, text: str) -> None:
    assert numbers.money(value) == text


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        (32318, Figure("3.23", True)),
        (27800, Figure("2.78", True)),
        (10000, Figure("1.00", True)),
        (9999, Figure("9,999", False)),
        (-12500, Figure("−1.25", True)),
        (Fraction(5, 2), Figure("2.5", False)),
        (0, Figure("0", False)),
        (None, Figure("—", False)),
    ],
)
def test_big_figures_are_written_in_ten_thousands(value: numbers.Number | None, figure: Figure) -> None:
    assert numbers.wan(value) == figure


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Fraction(473, 1000), "47.3%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(4545, 10000), "45.5%"),  # half away from zero, which a binary float would get wrong
        (0.4545, "45.5%"),
        (Decimal("0.4545"), "45.5%"),
        (0, "0.0%"),
        (None, "—"),
    ],
)
def test_shares_have_one_decimal(ratio: numbers.Number | None, text: str) -> None:
    assert numbers.percent(ratio) == text


@pytest.mark.parametrize(("value", "text"), [(12, "+12"), (-639, "−639"), (0, "0"), (Fraction(1, 3), "0"), (None, "—")])
def test_differences_carry_their_sign(value: numbers.Number | None, text: str) -> None:
    assert numbers.signed(value) == text


def test_gaps_and_points_are_told_apart() -> None:
    gap = Fraction(-85, 1000)
    assert (numbers.signed_percent(gap), numbers.points(gap)) == ("−8.5%", "−8.5")
    assert (numbers.points(Fraction(2, 1000)), numbers.points(None)) == ("+0.2", "—")


@pytest.mark.parametrize(
    ("value", "full", "length"),
    [
        (32318, 36500, "88.5%"),
        (120, 120, "100%"),
        (130, 120, "100%"),
        (-3, 120, "0%"),
        (None, 9, "0%"),
        (5, 0, "0%"),
    ],
)
def test_a_bar_stays_within_its_frame(value: numbers.Number | None, full: int, length: str) -> None:
    assert numbers.position(value, full) == length


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2016, 1, 1), "2016Q1"),
        (date(2016, 6, 30), "2016Q2"),
        (date(2016, 12, 31), "2016Q4"),
        (None, "—"),
    ],
)
def test_axes_name_quarters(day: date | None, label: str) -> None:
    assert numbers.quarter(day) == label


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_written_number_reads_back_as_itself(value: int) -> None:
    assert int(numbers.thousands(value).replace(",", "").replace(numbers.MINUS, "-")) == value


@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=4))
def test_rounding_is_off_by_half_a_unit_at_most(value: Fraction, places: int) -> None:
    written = Fraction(numbers.decimal_text(value, places).replace(",", "").replace(numbers.MINUS, "-"))
    assert abs(written - value) <= Fraction(1, 2 * 10**places)
