"""Where a plan stands: what is due on a day, the gap, the pace still needed, the state.

Method. A path has joints whose values are exact: the base, the year-ends of a stated growth, the target.
Between two joints a growing path is interpolated geometrically by days, a linear one by equal amounts a day.
A power with a fractional exponent has no exact value; it is taken to 12 decimals, far below any unit.

With a stated growth of "about 7 %" on 27,800 the year-ends are 29,746, 31,828.22 and 34,056.2; the fourth
would be 36,440.1, but the plan says 36,500, so the path ends there and its last year grows by 7.2 %. The one
rate from 27,800 to 36,500 would be 7.04 % (rule `compound`: 31,851.4 at the end of 2015).
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor

from shanglian.common.core.periods import anniversaries, months_between
from shanglian.plans.core.plan import Direction, Number, PathRule, Target, Tolerance

POWER_DIGITS = 40
POWER_PLACES = Decimal("1e-12")


class State(StrEnum):
    AHEAD = "ahead"
    MET = "met"
    NEAR = "near"
    BEHIND = "behind"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Joint:
    day: date
    value: Fraction


def joints(target: Target) -> list[Joint]:
    """The days on which the path is exact: the base, the steps the plan prints, the target. Without a base the path
    begins with what is printed first; without a figure to reach there is none."""
    base = target.base
    if target.value is None:
        return []
    last = Joint(target.day, Fraction(target.value))
    printed = [*(Joint(step.day, Fraction(step.value)) for step in target.steps), last]
    if base.value is None:
        return printed
    first = Joint(base.day, Fraction(base.value))
    if target.path is not PathRule.STATED_GROWTH or target.growth is None:
        return [first, *printed]
    days = anniversaries(base.day, target.day)[1:-1]
    between = [Joint(day, first.value * (1 + target.growth.rate) ** n) for n, day in enumerate(days, 1)]
    return [first, *between, last]


@lru_cache(maxsize=1024)  # organisations without a target of their own all walk the issuer's path
def due_on(target: Target, day: date) -> Fraction | None:
    """What the target's path asks for at the end of `day`.

    None before the base day, or without a base before the first figure printed; the target itself from its day on.
    """
    path = joints(target)
    if not path or day < path[0].day:
        return None
    if day >= target.day:
        return path[-1].value
    start, end = next((a, b) for a, b in pairwise(path) if a.day <= day < b.day)
    share = Fraction((day - start.day).days, (end.day - start.day).days)
    if target.path is PathRule.LINEAR:
        return start.value + (end.value - start.value) * share
    return start.value * power(end.value / start.value, share)


def power(ratio: Fraction, exponent: Fraction) -> Fraction:
    """`ratio` (more than 0) to a fractional power: exact for whole exponents, else to 12 decimals."""
    if exponent.denominator == 1:
        return ratio**exponent.numerator
    with localcontext() as context:
        context.prec = POWER_DIGITS
        logarithm = (Decimal(ratio.numerator) / Decimal(ratio.denominator)).ln()
        result = (logarithm * exponent.numerator / exponent.denominator).exp()
        return Fraction(result.quantize(POWER_PLACES))


def reckoned(figure: Fraction, *, plan_base: Number, own_base: Number, share: bool) -> Fraction:
    """The plan's figure carried over to an organisation without a target of its own.

    A count grows in proportion to the organisation's own base; a share moves by as many points as the plan's.
    """
    if share:
        return own_base + (figure - plan_base)
    return figure * own_base / plan_base


def pace_needed(
    actual: Number, goal: Number, *, on: date, day: date, direction: Direction, decimals: int
) -> Fraction | None:
    """Change a month that still reaches the goal, rounded away from zero at the unit's decimals.

    0 when the goal is reached, None when it is not and no time is left. Months are those of the calendar.
    """
    missing = Fraction(goal - actual)
    if missing == 0 or (missing < 0) == (direction is Direction.UP):
        return Fraction(0)
    months = months_between(on, day)
    if months <= 0:
        return None
    steps = missing / months * 10**decimals
    return Fraction(ceil(steps) if steps > 0 else floor(steps), 10**decimals)


def judge(
    actual: Number | None,
    due: Number | None,
    *,
    tolerance: Tolerance,
    direction: Direction,
    decimals: int,
    over: bool,
) -> State:
    """The state of a figure against what is due; `over`: the target day lies behind us, so short is overdue.

    Figures are compared as they are shown: 31,828 members are not short of 31,828.2.
    """
    if actual is None or due is None:
        return State.UNKNOWN
    sign, size = 1 if direction is Direction.UP else -1, abs(Fraction(due))
    better, better_shown = sign * (actual - due), sign * (actual - rounded(due, decimals))
    if better > tolerance.ahead * size and better_shown > 0:
        return State.AHEAD
    if better_shown >= 0 or -better <= tolerance.met * size:
        return State.MET
    if over:
        return State.OVERDUE
    return State.NEAR if -better <= tolerance.near * size else State.BEHIND


def settled(target: Target, start: Number | None) -> Target | None:
    """The target with its figures where it says only a change: on a base of `start`. None without a base."""
    if target.value is not None:
        return target
    if start is None or target.change is None:
        return None
    return replace(target, value=target.change.on(start), base=replace(target.base, value=start))


def rounded(value: Number, decimals: int) -> Fraction:
    """Half away from zero, as figures are rounded on paper."""
    over, under, scale = value.numerator, value.denominator, 10**decimals
    steps = (2 * abs(over) * scale + under) // (2 * under)
    return Fraction(steps if over >= 0 else -steps, scale)
