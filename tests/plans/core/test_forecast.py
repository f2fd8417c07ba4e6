"""The last four quarters continued: exact for steady growth, wider for uneven quarters, none without data."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shanglian.common.core.periods import add_months
from shanglian.plans.core.forecast import Forecast, forecast

FIRST, TARGET = date(2015, 3, 31), date(2017, 12, 31)


def quarters(*values: int | None) -> dict[date, int | None]:
    return {add_months(FIRST, 3 * n): value for n, value in enumerate(values)}


def test_steady_growth_goes_on_and_leaves_no_doubt() -> None:
    found = forecast(quarters(90, 100, 110, 120, 130, 140), day=TARGET, on=date(2016, 8, 1))
    assert found == Forecast(
        TARGET, Fraction(200), Fraction(200), Fraction(200), date(2015, 6, 30), date(2016, 6, 30), 10
    )


def test_uneven_quarters_make_a_band_of_four_in_five() -> None:
    found = forecast(quarters(100, 100, 120, 120, 140), day=date(2016, 6, 30), on=date(2016, 3, 31))
    assert found is not None
    # changes 0, 20, 0, 20: mean 10, standard deviation 11.547, one quarter ahead
    assert (found.value, round(float(found.high - found.value), 2)) == (150, 14.80)


def test_what_is_later_than_the_day_is_not_looked_at() -> None:
    actuals = quarters(100, 110, 120, 130, 140, 900)
    found = forecast(actuals, day=TARGET, on=date(2016, 6, 29))
    assert found is not None
    assert (found.until, found.value) == (date(2016, 3, 31), 210)


def test_fewer_than_four_quarters_or_a_gap_give_no_forecast() -> None:
    assert forecast({}, day=TARGET, on=TARGET) is None
    assert forecast(quarters(100, 110, 120, 130), day=TARGET, on=TARGET) is None
    assert forecast(quarters(100, 110, None, 130, 140), day=TARGET, on=TARGET) is None
    assert forecast(quarters(100, 110, 120, 130, 140), day=date(2016, 3, 31), on=TARGET) is None


def test_days_that_end_no_quarter_are_left_out() -> None:
    actuals = quarters(100, 110, 120, 130, 140) | {date(2016, 4, 15): 999}
    found = forecast(actuals, day=TARGET, on=TARGET)
    assert found is not None
    assert found.until == date(2016, 3, 31)


@given(values=st.lists(st.integers(0, 10**6), min_size=5, max_size=5), step=st.integers(1, 8))
def test_the_forecast_lies_on_the_line_of_the_year_and_within_its_band(values: list[int], step: int) -> None:
    last = date(2016, 3, 31)
    found = forecast(quarters(*values), day=add_months(last, 3 * step), on=last)
    assert found is not None
    assert found.value == values[-1] + Fraction(values[-1] - values[0], 4) * step
    assert found.low <= found.value <= found.high
