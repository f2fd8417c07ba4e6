"""The trajectory as a chart and as a table: the same points, once for charts.js and once to be read.

The chart gets its words and labels from here, since no script translates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanglian.common.core.numbers import WAN, quarter, signed
from shanglian.common.core.periods import add_months, quarter_end, year_end
from shanglian.plans.core.forecast import Forecast, forecast
from shanglian.plans.core.plan import Indicator
from shanglian.plans.core.status import Point
from shanglian.reports.forms import YEAR
from shanglian.reports.standing import brief_text, exact_text, in_percent, shown

Ahead = Mapping[date, Forecast]
WIDE = 4_000  # an axis that spans less than this would repeat itself in 万 with one decimal


@dataclass(frozen=True)
class PointLine:
    """One line of the table. Figures as shown; `gap` is actual less planned."""

    label: str
    day: date
    indicator: Indicator
    planned: Fraction | None
    actual: Fraction | None
    gap: Fraction | None
    lag: Fraction | None
    ahead: Forecast | None = None
    url: str = ""  # the members behind the actual figure

    @property
    def is_blank(self) -> bool:
        return self.planned is None and self.actual is None

    @property
    def planned_text(self) -> str:
        return exact_text(self.planned, self.indicator)

    @property
    def actual_text(self) -> str:
        return exact_text(self.actual, self.indicator)

    @property
    def gap_text(self) -> str:
        return signed(self.gap, self.indicator.decimals)

    @property
    def ahead_text(self) -> str:
        """The forecast with its band, or nothing."""
        if self.ahead is None:
            return ""
        value, low, high = (
            exact_text(one, self.indicator) for one in (self.ahead.value, self.ahead.low, self.ahead.high)
        )
        return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def label_of(day: date) -> str:
    """End of 2015, 2016Q2; a day that ends no quarter stands as it is."""
    if day == year_end(day):
        return _("End of %(year)s") % {"year": day.year}
    return quarter(day) if day == quarter_end(day) else day.isoformat()


def stepped(points: Sequence[Point], step: str) -> list[Point]:
    """The points of the step: of a year only its end, beside the base, the last known point and the target day."""
    if step != YEAR or not points:
        return list(points)
    last = max((point.day for point in points if point.actual is not None), default=None)
    kept = {points[0].day, points[-1].day, last}
    return [point for point in points if point.day == year_end(point.day) or point.day in kept]


def point_lines(points: Sequence[Point], indicator: Indicator, ahead: Ahead | None = None) -> list[PointLine]:
    """The points as the table shows them; `ahead`: what is expected of days to come."""
    lines = []
    for point in points:
        planned, actual = shown(point.planned, indicator), shown(point.actual, indicator)
        gap = actual - planned if planned is not None and actual is not None else None
        lag = Fraction(point.actual or 0) / point.planned - 1 if gap is not None and point.planned else None
        expected = (ahead or {}).get(point.day)
        lines.append(PointLine(label_of(point.day), point.day, indicator, planned, actual, gap, lag, expected))
    return lines


def outlook(points: Sequence[Point], on: date) -> Ahead:
    """What is expected on each day to come, if the figure goes on as in the last four quarters; empty without them."""
    actuals = {point.day: point.actual for point in points}
    found = {point.day: forecast(actuals, day=point.day, on=on) for point in points if point.day > on}
    return {day: expected for day, expected in found.items() if expected is not None}


def recent_pace(points: Sequence[Point]) -> tuple[Fraction, date] | None:
    """Net change a month over the last twelve months with figures, and their last day; None without a full year."""
    known = {point.day: point.actual for point in points if point.actual is not None}
    if not known:
        return None
    last = max(known)
    before = known.get(add_months(last, -12))
    return None if before is None else (Fraction((known[last] or 0) - before) / 12, last)


def chart_data(lines: Sequence[PointLine], indicator: Indicator) -> dict[str, Any]:
    """What charts.js draws, as JSON values."""
    plan, actual = [_plain(line.planned) for line in lines], [_plain(line.actual) for line in lines]
    last = next((line for line in reversed(lines) if line.actual is not None), None)
    end = next((line for line in reversed(lines) if line.planned is not None), None)
    band = _band(lines, last)
    every = [*plan, *actual, *band.get("low", []), *band.get("high", [])]
    return {
        "x": [line.label for line in lines],
        "plan": plan,
        "actual": actual,
        **band,
        "axis": _axis([value for value in every if value is not None], indicator),
        "words": {
            "plan": _("Plan"),
            "actual": _("Actual"),
            "target_label": _("Target %(figure)s") % {"figure": brief_text(end.planned, indicator)} if end else "",
            "actual_label": exact_text(last.actual, indicator) if last else "",
            "forecast": _("Forecast"),
            "forecast_label": _forecast_label(lines, indicator),
        },
    }


def _band(lines: Sequence[PointLine], last: PointLine | None) -> dict[str, list[float | int | None]]:
    """The forecast and its band, from the last figure on; nothing where there is no forecast."""
    if last is None or not any(line.ahead for line in lines):
        return {}

    def values(name: str) -> list[float | int | None]:
        own = [shown(getattr(line.ahead, name), line.indicator) if line.ahead else None for line in lines]
        return [_plain(last.actual if line is last else value) for line, value in zip(lines, own, strict=True)]

    return {"mid": values("value"), "low": values("low"), "high": values("high")}


def _forecast_label(lines: Sequence[PointLine], indicator: Indicator) -> str:
    end = next((line.ahead for line in reversed(lines) if line.ahead), None)
    return _("Forecast %(figure)s") % {"figure": brief_text(end.value, indicator)} if end else ""


def _plain(value: int | Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if Fraction(value).denominator == 1 else float(value)


def _axis(values: Sequence[float], indicator: Indicator) -> dict[str, Any]:
    """In 万 where the language has it and the steps are wide enough for one decimal."""
    if in_percent(indicator):
        return {"divisor": 1, "suffix": "%", "places": 0}
    chinese = (get_language() or "").startswith("zh")
    if chinese and values and max(values) >= 2 * WAN and max(values) - min(values) >= WIDE:
        return {"divisor": WAN, "suffix": "万", "places": 1}
    return {"divisor": 1, "suffix": "", "places": 0}
