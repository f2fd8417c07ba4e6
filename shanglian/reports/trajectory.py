"""The trajectory as a chart and as a table: the same points, once for charts.js and once to be read.

The chart gets its words and labels from here, since no script translates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanglian.common.core.numbers import WAN, quarter, thousands
from shanglian.common.core.periods import add_months, quarter_end, year_end
from shanglian.common.templatetags.ui import wan
from shanglian.plans.core.arithmetic import rounded
from shanglian.plans.core.status import Point

WIDE = 4_000  # an axis that spans less than this would repeat itself in 万 with one decimal


@dataclass(frozen=True)
class PointLine:
    """One line of the table. `planned` as shown; `gap` is actual less planned."""

    label: str
    day: date
    planned: Fraction | None
    actual: int | Fraction | None
    gap: Fraction | None
    lag: Fraction | None

    @property
    def is_blank(self) -> bool:
        return self.planned is None and self.actual is None


def label_of(day: date) -> str:
    """End of 2015, 2016Q2; a day that ends no quarter stands as it is."""
    if day == year_end(day):
        return _("End of %(year)s") % {"year": day.year}
    return quarter(day) if day == quarter_end(day) else day.isoformat()


def point_lines(points: Sequence[Point], decimals: int = 0) -> list[PointLine]:
    """The points as the table shows them."""
    lines = []
    for point in points:
        planned = None if point.planned is None else rounded(point.planned, decimals)
        both = planned is not None and point.actual is not None
        gap = Fraction(point.actual or 0) - (planned or 0) if both else None
        lag = Fraction(point.actual or 0) / point.planned - 1 if both and point.planned else None
        lines.append(PointLine(label_of(point.day), point.day, planned, point.actual, gap, lag))
    return lines


def recent_pace(points: Sequence[Point]) -> tuple[Fraction, date] | None:
    """Net change a month over the last twelve months with figures, and their last day; None without a full year."""
    known = {point.day: point.actual for point in points if point.actual is not None}
    if not known:
        return None
    last = max(known)
    before = known.get(add_months(last, -12))
    return None if before is None else (Fraction((known[last] or 0) - before) / 12, last)


def chart_data(lines: Sequence[PointLine]) -> dict[str, Any]:
    """What charts.js draws, as JSON values."""
    plan, actual = [_plain(line.planned) for line in lines], [_plain(line.actual) for line in lines]
    last = next((line for line in reversed(lines) if line.actual is not None), None)
    end = next((line for line in reversed(lines) if line.planned is not None), None)
    return {
        "x": [line.label for line in lines],
        "plan": plan,
        "actual": actual,
        "axis": _axis([value for value in [*plan, *actual] if value is not None]),
        "words": {
            "plan": _("Plan"),
            "actual": _("Actual"),
            "target_label": _("Target %(figure)s") % {"figure": wan(end.planned)} if end else "",
            "actual_label": thousands(last.actual) if last else "",
        },
    }


def _plain(value: int | Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if Fraction(value).denominator == 1 else float(value)


def _axis(values: Sequence[float]) -> dict[str, Any]:
    """In 万 where the language has it and the steps are wide enough for one decimal."""
    chinese = (get_language() or "").startswith("zh")
    if chinese and values and max(values) >= 2 * WAN and max(values) - min(values) >= WIDE:
        return {"divisor": WAN, "suffix": "万", "places": 1}
    return {"divisor": 1, "suffix": "", "places": 0}
