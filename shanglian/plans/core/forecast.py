"""Where a figure will stand on a later day if it goes on as it did: a plain continuation, never a promise.

Method. Of the figures at the ends of the last five quarters, the four changes between them are taken; their mean is
the change of a quarter to come. The band is the one that would hold 80 % of outcomes if the changes of quarters to
come scattered about that mean as those four did (normal, independent): 1.2816 standard deviations, which grow with
the square root of the quarters ahead. Fewer than four changes give no forecast.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from shanglian.common.core.periods import add_months, months_between, quarter_end
from shanglian.plans.core.plan import Number

QUARTERS = 4
BAND = Fraction(80, 100)
Z_OF_BAND = Decimal("1.2816")


@dataclass(frozen=True)
class Forecast:
    """What is expected on `day`, and the band around it. `since` and `until`: the quarter-ends it was taken from."""

    day: date
    value: Fraction
    low: Fraction
    high: Fraction
    since: date
    until: date
    per_quarter: Fraction


def forecast(actuals: Mapping[date, Number | None], *, day: date, on: date) -> Forecast | None:
    """Continue the last four quarters with figures up to `on` to a later `day`.

    `actuals`: figures by quarter-end; other days are left out. None when fewer than four changes are known without a
    gap, or when `day` has come by the last quarter-end.
    """
    known = {at: value for at, value in actuals.items() if value is not None and at <= on and at == quarter_end(at)}
    if not known:
        return None
    last = max(known)
    ends = [add_months(last, -3 * n) for n in range(QUARTERS, -1, -1)]
    if any(end not in known for end in ends) or day <= last:
        return None
    changes = [Fraction(known[b] - known[a]) for a, b in pairwise(ends)]
    mean = sum(changes, Fraction(0)) / QUARTERS
    ahead = months_between(last, day) / 3
    value = known[last] + mean * ahead
    half = _half_band(changes, mean, ahead)
    return Forecast(day, value, value - half, value + half, ends[0], last, mean)


def _half_band(changes: list[Fraction], mean: Fraction, ahead: Fraction) -> Fraction:
    variance = sum(((change - mean) ** 2 for change in changes), Fraction(0)) / (QUARTERS - 1) * ahead
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return Fraction(root * Z_OF_BAND)
