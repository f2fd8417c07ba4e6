"""The standing of a plan on a day as values, and their form in JSON.

The pages take the dataclasses (exact figures, the plan's own objects); the command takes `status_json`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from shanglian.plans.core.arithmetic import State, due_on, judge, pace_needed, reckoned, rounded
from shanglian.plans.core.plan import BaseKind, Indicator, Number, Plan, Target


@dataclass(frozen=True)
class Reading:
    """What the register says about one indicator of one organisation: now, and on the base day."""

    actual: Number | None
    base: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    denominator_source: str | None = None


@dataclass(frozen=True)
class TargetStatus:
    """One target of one organisation. `goal` and `due` are reckoned, not official, unless `official`."""

    indicator: Indicator
    target: Target
    official: bool
    reading: Reading
    base: Number | None
    base_kind: BaseKind
    goal: Fraction | None
    due: Fraction | None
    gap: Fraction | None
    pace_needed_per_month: Fraction | None
    state: State

    @property
    def actual(self) -> Number | None:
        return self.reading.actual

    @property
    def register_base(self) -> Number | None:
        """The register's figure on the base day."""
        return self.reading.base

    @property
    def base_differs(self) -> bool:
        """The plan's base is not what the register says about the base day; both are to be shown."""
        return None not in (self.base, self.register_base) and self.base != self.register_base

    @property
    def done(self) -> Fraction | None:
        """Actual over due: 1 is on the path. None where either is unknown or nothing is due."""
        return Fraction(self.actual) / self.due if self.actual is not None and self.due else None


@dataclass(frozen=True)
class PlanStatus:
    plan: Plan
    on: date
    org: str
    known_on: datetime | None
    targets: tuple[TargetStatus, ...]


@dataclass(frozen=True)
class Point:
    """One point of the trajectory: what the path asks for and what there was (None: unknown)."""

    day: date
    planned: Fraction | None
    actual: Number | None


def own_base(target: Target, official: bool, register: Number | None) -> tuple[Number | None, BaseKind]:
    """The base an organisation starts from: the plan's own, or what the register says about the base day.

    A register that holds nothing on that day cannot be told from one not yet opened, so its base is unknown.
    """
    if official:
        return target.base.value, target.base.kind
    return (register, BaseKind.DERIVED) if register else (None, BaseKind.UNKNOWN)


def carried(
    figure: Number | None, *, target: Target, official: bool, base: Number | None, share: bool
) -> Fraction | None:
    """A figure of the target's path for the organisation asked about."""
    if figure is None or official:
        return None if figure is None else Fraction(figure)
    if base is None or target.base.value is None or (target.base.value == 0 and not share):
        return None
    return reckoned(Fraction(figure), plan_base=target.base.value, own_base=base, share=share)


def target_status(indicator: Indicator, target: Target, *, official: bool, reading: Reading, on: date) -> TargetStatus:
    """Compare what is with what should be, for one organisation on one day."""
    base, kind = own_base(target, official, reading.base)
    share, actual = indicator.is_share, reading.actual
    due = carried(due_on(target, on), target=target, official=official, base=base, share=share)
    goal = carried(target.value, target=target, official=official, base=base, share=share)
    pace = None
    if actual is not None and goal is not None:
        pace = pace_needed(
            actual, goal, on=on, day=target.day, direction=indicator.direction, decimals=indicator.decimals
        )
    state = judge(
        actual,
        due,
        tolerance=target.tolerance,
        direction=indicator.direction,
        decimals=indicator.decimals,
        over=on > target.day,
    )
    gap = actual - due if actual is not None and due is not None else None
    return TargetStatus(indicator, target, official, reading, base, kind, goal, due, gap, pace, state)


def status_json(status: PlanStatus) -> dict[str, object]:
    return {
        "plan": status.plan.id,
        "on": status.on.isoformat(),
        "org": status.org,
        "targets": [target_json(target) for target in status.targets],
    }


def target_json(status: TargetStatus) -> dict[str, object]:
    """Interpolated figures carry one decimal more than the unit shows; counted figures stand as they are."""
    places = status.indicator.decimals + 1
    reading = status.reading
    return {
        "indicator": status.indicator.code,
        "actual": plain(status.actual, places),
        "due": real(status.due, places),
        "target": plain(status.goal, places),
        "target_day": status.target.day.isoformat(),
        "soft_word": status.target.soft_word,
        "base": plain(status.base, places),
        "base_kind": status.base_kind,
        "gap": real(status.gap, places),
        "pace_needed_per_month": real(status.pace_needed_per_month, places),
        "state": status.state,
        "numerator": plain(reading.numerator, places),
        "denominator": plain(reading.denominator, places),
        "denominator_source": reading.denominator_source,
        "official": status.official,
        "clause": status.target.clause,
        "register_base": plain(status.register_base, places),
    }


def real(value: Number | None, places: int) -> float | None:
    return None if value is None else float(rounded(value, places))


def plain(value: Number | None, places: int) -> int | float | None:
    """A whole number as an integer, anything else as a float of so many decimals."""
    if value is None:
        return None
    return int(value) if Fraction(value).denominator == 1 else float(rounded(value, places))
