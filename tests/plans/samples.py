"""An invented federation's plan, unlike the shipped one in every figure, and plans built by hand."""

from datetime import date
from fractions import Fraction

from shanglian.plans.core.plan import (
    Base,
    BaseKind,
    Growth,
    Operator,
    PathRule,
    Target,
    Tolerance,
)

HARBOUR = """\
format: 1
id: harbour-2020-2022
issuer:
  name: 临港市工商业联合会（示例）
  org: "990100"
number: 临联〔2020〕3号
title: {zh: 临港市工商联发展规划（示例）, en: Harbour federation plan (sample)}
period: {first: 2020-07-01, last: 2022-09-30}
base_day: 2020-06-30
indicators:
  - code: memberships
    name: {zh: 会籍数, en: Memberships}
    measure: fake.memberships
    unit: memberships
    decimals: 0
    direction: up
    scope: all
  - code: coverage
    name: {zh: 覆盖率, en: Coverage}
    numerator: fake.private_members
    denominator: fake.private_firms
    unit: percent
    decimals: 1
    direction: up
    scope: all
  - code: arrears
    name: {zh: 欠缴户数, en: Firms in arrears}
    measure: fake.arrears
    unit: firms
    decimals: 0
    direction: down
    scope: all
targets:
  - indicator: memberships
    org: "990100"
    clause: "3.1"
    value: 1800
    operator: at_least
    soft_word: at_least
    day: 2022-06-30
    base: {kind: given, value: 1200}
    path: linear
    tolerance: {ahead: 0.05, met: 0, near: 0.1}
  - indicator: memberships
    org: "990102"
    clause: "3.2"
    value: 500
    operator: at_least
    day: 2021-06-30
    base: {kind: unknown}
    path: linear
    tolerance: {ahead: 0.05, met: 0, near: 0.1}
  - indicator: coverage
    org: "990100"
    clause: "3.3"
    value: 25
    printed: 25%
    operator: at_least
    soft_word: strive_for
    day: 2022-06-30
    base: {kind: derived, value: 23}
    path: linear
    tolerance: {ahead: 0.05, met: 0, near: 0.1}
  - indicator: arrears
    org: "990100"
    clause: "4"
    value: 10
    operator: at_most
    day: 2022-06-30
    base: {kind: sample, value: 40}
    path: compound
    tolerance: {ahead: 0.1, met: 0, near: 0.2}
"""

STRICT = Tolerance(ahead=Fraction(0), met=Fraction(0), near=Fraction(2, 100))


def a_target(
    path: PathRule,
    *,
    base: int | None = 27_800,
    value: int = 36_500,
    base_day: date = date(2013, 12, 31),
    day: date = date(2017, 12, 31),
    rate: str = "0.07",
) -> Target:
    return Target(
        indicator="members",
        org="410100",
        clause="2.2.1",
        value=value,
        operator=Operator.AT_LEAST,
        day=day,
        base=Base(BaseKind.UNKNOWN if base is None else BaseKind.GIVEN, base_day, base),
        path=path,
        tolerance=STRICT,
        growth=Growth(Fraction(rate)) if path is PathRule.STATED_GROWTH else None,
    )
