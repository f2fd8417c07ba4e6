"""What a plan is: indicators, targets, bases and the path between them, as values that cannot change.

The figures are exact. Nothing here knows a particular plan, reads a file (`reading.py`) or computes
(`arithmetic.py`).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from shanglian.plans.core.printed import Printed

Number = int | Fraction


class Direction(StrEnum):
    UP = "up"  # more is better
    DOWN = "down"


class Scope(StrEnum):
    ALL = "all"  # members of affiliated chambers are counted too


class Operator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class SoftWord(StrEnum):
    ABOUT = "about"  # 左右
    NEARLY = "nearly"  # 近
    STRIVE_FOR = "strive_for"  # 力争、争取
    AT_LEAST = "at_least"  # 以上
    AT_MOST = "at_most"  # 以内、以下


class BaseKind(StrEnum):
    GIVEN = "given"  # printed in the plan
    DERIVED = "derived"  # reckoned, from other figures of the plan or from the register
    UNKNOWN = "unknown"
    SAMPLE = "sample"  # made up for a demonstration


class PathRule(StrEnum):
    """How "due" runs from the base to the target between the base day and the target day.

    stated_growth: by the growth the plan states, year by year from the base; the last one ends in the target.
    compound: by the one growth rate that leads from the base to the target.
    linear: by the same amount each day.
    """

    STATED_GROWTH = "stated_growth"
    COMPOUND = "compound"
    LINEAR = "linear"


@dataclass(frozen=True)
class Label:
    """A text of the plan file in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Issuer:
    name: str
    org: str


@dataclass(frozen=True)
class Indicator:
    """A figure the plan aims at or leans on: one measure, a share of two, or nothing that any room measures yet.

    A share is in per cent if `unit` says so, per so many of the denominator if `per` says how many. `unit_name`: the
    word of a unit only this plan has. `freeze_denominator`: also show it over the denominator of the base day.
    """

    code: str
    name: Label
    unit: str
    decimals: int
    direction: Direction
    scope: Scope
    measure: str | None
    numerator: str | None = None
    denominator: str | None = None
    freeze_denominator: bool = False
    note: Label | None = None
    line: int = field(default=0, compare=False)
    per: int | None = None
    unit_name: Label | None = None

    @property
    def is_share(self) -> bool:
        """Shares move by points, counts by proportion. What nothing measures is told by its unit."""
        return self.numerator is not None or self.unit == "percent"

    @property
    def is_measured(self) -> bool:
        """Whether any room offers a figure for it; else its standing cannot be known yet."""
        return self.measure is not None or self.numerator is not None

    @property
    def scale(self) -> int:
        """What a plain ratio is multiplied by to stand in the indicator's unit."""
        return self.per or (100 if self.unit == "percent" else 1)


@dataclass(frozen=True)
class Base:
    kind: BaseKind
    day: date
    value: Number | None
    printed: Printed | None = None
    how: Label | None = None  # how a derived figure was come by
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Change:
    """What is to be added to the base, in the indicator's unit ("up 1 point" is 1 of a share in per cent).

    `of_base`: `by` is per cent of the base itself ("up by a fifth" is 20).
    """

    by: Number
    soft_word: SoftWord | None = None
    printed: Printed | None = None
    line: int = field(default=0, compare=False)
    of_base: bool = False

    def on(self, base: Number) -> Fraction:
        """What the base is to become."""
        return Fraction(base) + self.step(base)

    def step(self, base: Number) -> Fraction:
        """How much is to be added, in the indicator's unit."""
        return Fraction(base) * self.by / 100 if self.of_base else Fraction(self.by)


@dataclass(frozen=True)
class Growth:
    """The yearly growth a plan states, as a ratio (0.07), beside its soft word."""

    rate: Fraction
    soft_word: SoftWord | None = None
    printed: Printed | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Tolerance:
    """Shares of what is due. Short by up to `met` still counts as met, up to `near` as near;
    better by more than `ahead` is ahead."""

    ahead: Fraction
    met: Fraction
    near: Fraction


@dataclass(frozen=True)
class Step:
    """A figure the plan prints for a day before the target's own: by half-year, by year."""

    day: date
    value: Number
    printed: Printed | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Target:
    """What is to be reached: `value`, or `change` on the base. With both the value counts, the change is checked."""

    indicator: str
    org: str
    clause: str
    value: Number | None
    operator: Operator
    day: date
    base: Base
    path: PathRule
    tolerance: Tolerance
    soft_word: SoftWord | None = None
    printed: Printed | None = None
    growth: Growth | None = None
    note: Label | None = None
    line: int = field(default=0, compare=False)
    change: Change | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class ShareOf:
    """The plan's own arithmetic: indicator `share` is indicator `numerator` over indicator `denominator`.

    `assuming`: what must hold for it, where it holds only nearly.
    """

    share: str
    numerator: str
    denominator: str
    assuming: Label | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class PartOf:
    """What indicator `part` counts is counted by indicator `whole` too."""

    part: str
    whole: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Plan:
    id: str
    issuer: Issuer
    number: str
    title: Label
    issued_on: date | None
    first_day: date
    last_day: date
    base_day: date
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    file: str = ""
    shares: tuple[ShareOf, ...] = ()
    parts: tuple[PartOf, ...] = ()

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code. Raises KeyError; targets of a read plan always find theirs."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise KeyError(code)

    def target_for(self, indicator: str, org: str) -> tuple[Target, bool] | None:
        """The target an organisation is held to, and whether it was issued to it.

        Without one of its own an organisation is measured by the issuer's (False: reckoned, not official).
        """
        own = [t for t in self.targets if t.indicator == indicator and t.org == org]
        if own:
            return own[0], True
        issuers = [t for t in self.targets if t.indicator == indicator and t.org == self.issuer.org]
        return (issuers[0], False) if issuers else None
