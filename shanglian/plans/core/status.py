"""The standing of a plan on a day as values, and their form in JSON.

The pages take the dataclasses (exact figures, the plan's own objects); the command takes `status_json`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from shanglian.plans.core.arithmetic import State, due_on, judge, pace_needed, reckoned, rounded, settled
from shanglian.plans.core.plan import BaseKind, Indicator, Number, Plan, Target


class Unknown(StrEnum):
    """Why a target has no state."""

    NOT_MEASURED = "not_measured"  # nothing offers a figure for the indicator yet
    NO_FIGURE = "no_figure"  # nothing was recorded by that day
    NOT_CLASSIFIED = "not_classified"  # members are there, but none with the attribute that is counted
    NO_DENOMINATOR = "no_denominator"  # the numerator is there, what it is divided by is not
    NO_BASE = "no_base"
    BEFORE_BASE = "before_base"  # before the base day nothing is due


class BaseFrom(StrEnum):
    PLAN = "plan"
    REGISTER = "register"


@dataclass(frozen=True)
class Denominator:
    """What a share is divided by. `source`, `day` and `quality` are those of an outside series, else empty."""

    value: Number | None
    source: str | None = None
    day: date | None = None
    quality: str | None = None


@dataclass(frozen=True)
class Reading:
    """What the register says about one indicator of one organisation: now, and on the base day."""

    actual: Number | None
    base: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    denominator_source: str | None = None
    denominator_day: date | None = None
    denominator_quality: str | None = None
    base_denominator: Denominator | None = None
    unclassified: int = 0  # members that may belong to the figure, but the attribute is not recorded


@dataclass(frozen=True)
class Frozen:
    """A share over the denominator of the base day: what came of the numerator alone."""

    actual: Fraction
    denominator: Denominator
    gap: Fraction | None
    state: State


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
    unknown: Unknown | None = None  # why, where the state is unknown
    base_from: BaseFrom | None = None  # None where there is no base
    frozen: Frozen | None = None

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

    A register that holds nothing on that day cannot be told from one not yet opened, so its base is unknown. An
    issued target that is only a change needs a base: where the plan has none, the register's is taken.
    """
    if official and target.base.value is not None:
        return target.base.value, target.base.kind
    if official and target.value is None:
        return (register, BaseKind.DERIVED) if register is not None else (None, BaseKind.UNKNOWN)
    if official:
        return None, target.base.kind
    return (register, BaseKind.DERIVED) if register else (None, BaseKind.UNKNOWN)


def expected(
    indicator: Indicator, target: Target, *, official: bool, base: Number | None, days: Iterable[date]
) -> tuple[Fraction | None, list[Fraction | None]]:
    """The goal of an organisation that starts from `base`, and what is due to it on each of the days."""
    share = indicator.is_share
    # A change of a share, and one in per cent of the base, hold for everybody's own base.
    relative = share or (target.change is not None and target.change.of_base)
    as_own = official or (target.value is None and relative)
    path = settled(target, base if as_own else target.base.value)
    if path is None:
        return None, [None for _ in days]

    def carry(figure: Number | None) -> Fraction | None:
        return carried(figure, target=path, official=as_own, base=base, share=share)

    return carry(path.value), [carry(due_on(path, day)) for day in days]


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
    goal, (due,) = expected(indicator, target, official=official, base=base, days=[on])
    actual, pace = reading.actual, None
    if actual is not None and goal is not None:
        pace = pace_needed(
            actual, goal, on=on, day=target.day, direction=indicator.direction, decimals=indicator.decimals
        )
    state = _judged(actual, due, indicator, target, on)
    gap = actual - due if actual is not None and due is not None else None
    of_plan = official and target.base.value is not None
    return TargetStatus(
        indicator, target, official, reading, base, kind, goal, due, gap, pace, state,
        unknown=_why_unknown(indicator, target, reading, on) if state is State.UNKNOWN else None,
        base_from=None if base is None else BaseFrom.PLAN if of_plan else BaseFrom.REGISTER,
        frozen=_frozen(indicator, target, reading, due, on),
    )  # fmt: skip


def _judged(actual: Number | None, due: Number | None, indicator: Indicator, target: Target, on: date) -> State:
    return judge(
        actual,
        due,
        tolerance=target.tolerance,
        direction=indicator.direction,
        decimals=indicator.decimals,
        over=on > target.day,
    )


def _why_unknown(indicator: Indicator, target: Target, reading: Reading, on: date) -> Unknown:
    if not indicator.is_measured:
        return Unknown.NOT_MEASURED
    if on < target.base.day:
        return Unknown.BEFORE_BASE
    if reading.actual is None:
        if reading.unclassified and reading.numerator is None:
            return Unknown.NOT_CLASSIFIED
        return Unknown.NO_DENOMINATOR if reading.numerator is not None else Unknown.NO_FIGURE
    return Unknown.NO_BASE


def _frozen(indicator: Indicator, target: Target, reading: Reading, due: Fraction | None, on: date) -> Frozen | None:
    """None where the plan does not ask for it, or either part is unknown."""
    under = reading.base_denominator
    if not indicator.freeze_denominator or under is None or not under.value or reading.numerator is None:
        return None
    actual = Fraction(reading.numerator) / under.value * indicator.scale
    gap = actual - due if due is not None else None
    return Frozen(actual, under, gap, _judged(actual, due, indicator, target, on))


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
        "name": {"zh": status.indicator.name.zh, "en": status.indicator.name.en},
        "unit": status.indicator.unit,
        "direction": status.indicator.direction,
        "operator": status.target.operator,
        "change": plain(change.by, places) if (change := status.target.change) else None,
        "change_of_base": bool(change and change.of_base),
        "steps": [{"day": _iso(step.day), "value": plain(step.value, places)} for step in status.target.steps],
        "base_from": status.base_from,
        "base_day": status.target.base.day.isoformat(),
        "tolerance": {name: float(getattr(status.target.tolerance, name)) for name in ("ahead", "met", "near")},
        "unknown": status.unknown,
        "unclassified": reading.unclassified,
        "denominator_day": _iso(reading.denominator_day),
        "denominator_quality": reading.denominator_quality,
        "frozen": _frozen_json(status.frozen, places) if status.frozen else None,
    }


def _frozen_json(frozen: Frozen, places: int) -> dict[str, object]:
    under = frozen.denominator
    return {
        "actual": plain(frozen.actual, places),
        "denominator": plain(under.value, places),
        "denominator_day": _iso(under.day),
        "denominator_source": under.source,
        "denominator_quality": under.quality,
        "gap": real(frozen.gap, places),
        "state": frozen.state,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def real(value: Number | None, places: int) -> float | None:
    return None if value is None else float(rounded(value, places))


def plain(value: Number | None, places: int) -> int | float | None:
    """A whole number as an integer, anything else as a float of so many decimals."""
    if value is None:
        return None
    return int(value) if Fraction(value).denominator == 1 else float(rounded(value, places))
