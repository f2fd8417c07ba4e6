"""What a plan leaves unsaid: what its figures imply for each other, and whether they agree at their printed precision.

Knows no particular plan: everything follows from targets, bases, growths, changes and the relations the file declares.
Figures are exact; only a fractional root is taken to 12 decimals. The sentences are in plans/check_words.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from shanglian.common.core.periods import anniversaries, months_between
from shanglian.plans.core.arithmetic import due_on, power
from shanglian.plans.core.plan import (
    BaseKind,
    Direction,
    Indicator,
    Label,
    Number,
    Operator,
    PartOf,
    Plan,
    ShareOf,
    Target,
)
from shanglian.plans.core.printed import Printed


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """`figures` by name; rates are ratios (0.07), names of milestones are days. `others`: further indicators named."""

    severity: Severity
    code: str
    indicator: str
    clause: str
    figures: Mapping[str, Number]
    line: int
    others: tuple[str, ...] = ()
    assuming: Label | None = None
    org: str = ""  # whose target it is about


@dataclass(frozen=True)
class Span:
    """What a figure may be, given how it is printed."""

    low: Fraction
    high: Fraction

    def __mul__(self, factor: "Span") -> "Span":
        """Both sides are 0 or more."""
        return Span(self.low * factor.low, self.high * factor.high)

    def meets(self, other: "Span") -> bool:
        return self.low <= other.high and other.low <= self.high

    @classmethod
    def of(cls, value: Number, printed: Printed | None, scale: int) -> "Span":
        if printed is None:
            return cls(Fraction(value), Fraction(value))
        factor = scale if printed.is_ratio else 1
        return cls(printed.low * factor, printed.high * factor)


@dataclass(frozen=True)
class Move:
    """An indicator from its base to its goal: the plan's own figures, or implied by others."""

    base: Fraction
    goal: Fraction
    first: date
    last: date
    assuming: Label | None = None

    @property
    def years(self) -> Fraction:
        return months_between(self.first, self.last) / 12

    @property
    def rate(self) -> Fraction | None:
        """The yearly growth that leads from base to goal; None where one of them is not more than 0."""
        if self.base <= 0 or self.goal <= 0:
            return None
        return power(self.goal / self.base, 1 / self.years) - 1


@dataclass
class _Check:
    """One run over a plan: the issuer's own targets by indicator, and the moves that are known by now."""

    plan: Plan
    counts: Mapping[str, str]
    targets: dict[str, Target] = field(default_factory=dict)
    moves: dict[str, Move] = field(default_factory=dict)


def check_plan(plan: Plan, *, counts: Mapping[str, str] | None = None) -> list[Finding]:
    """All findings, in the order of the file. `counts`: by measure, the name of what it counts, where it has one."""
    run = _Check(plan, counts or {})
    for target in plan.targets:
        if target.org == plan.issuer.org:
            run.targets[target.indicator] = target
            if target.value is not None and target.base.value is not None:
                base, goal = Fraction(target.base.value), Fraction(target.value)
                run.moves[target.indicator] = Move(base, goal, target.base.day, target.day)
    findings = [found for target in plan.targets for found in _of_target(plan, target)]
    findings += [found for indicator in plan.indicators for found in _of_indicator(run, indicator)]
    findings += [found for target in run.targets.values() for found in _issued(plan, target)]
    findings += _of_shares(run)
    findings += [found for part in plan.parts for found in _of_part(run, part)]
    return sorted(findings, key=lambda finding: finding.line)


def _of_target(plan: Plan, target: Target) -> Iterator[Finding]:
    indicator = plan.indicator(target.indicator)
    about = _About(target)
    yield from _against_direction(indicator, target, about)
    if target.day > plan.last_day:
        yield about.finding(Severity.WARNING, "after_period", {})
    if target.base.value is None and target.value is not None:
        yield about.finding(Severity.INFO, "base_unknown", {})
    yield from _growth(indicator, target, about)
    yield from _change(target, about)
    days = sorted({*anniversaries(target.base.day, target.day)[1:], *(step.day for step in target.steps)})
    due = {day.isoformat(): value for day in days if (value := due_on(target, day)) is not None}
    if due:
        yield about.finding(Severity.INFO, "milestones", due)


def _issued(plan: Plan, target: Target) -> Iterator[Finding]:
    """Whether targets issued to others add up to the issuer's own: counts for the same day; shares never add up."""
    if target.value is None or plan.indicator(target.indicator).is_share:
        return
    others = [t for t in plan.targets if t.indicator == target.indicator and t.org != target.org]
    added = [t.value for t in others if t.value is not None and t.day == target.day]
    if not added:
        return
    total = sum((Fraction(value) for value in added), Fraction(0))
    short = Fraction(target.value) - total
    figures: dict[str, Number] = {"issued": total, "target": target.value, "orgs": len(added), "short": abs(short)}
    severity, code = Severity.INFO, "issued_agree"
    if short:
        severity, code = Severity.WARNING, "issued_short" if short > 0 else "issued_above"
    yield _About(target).finding(severity, code, figures)
    if len(added) < len(others):
        yield _About(target).finding(Severity.INFO, "issued_not_added", {"orgs": len(others) - len(added)})


@dataclass(frozen=True)
class _About:
    target: Target

    def finding(self, severity: Severity, code: str, figures: Mapping[str, Number], line: int = 0) -> Finding:
        target = self.target
        return Finding(severity, code, target.indicator, target.clause, figures, line or target.line, org=target.org)


def _against_direction(indicator: Indicator, target: Target, about: _About) -> Iterator[Finding]:
    wanted = Operator.AT_LEAST if indicator.direction is Direction.UP else Operator.AT_MOST
    if target.operator is not wanted:
        yield about.finding(Severity.WARNING, "operator_against_direction", {})
    by: Number | None = target.change.by if target.change else None
    if target.value is not None and target.base.value is not None:
        by = target.value - target.base.value
    if by is not None and by * (1 if indicator.direction is Direction.UP else -1) < 0:
        yield about.finding(Severity.WARNING, "target_against_direction", {"change": by})


def _growth(indicator: Indicator, target: Target, about: _About) -> Iterator[Finding]:
    """The growth a target states against the one it implies; or the one it implies, where it states none."""
    base, growth, value = target.base, target.growth, target.value
    if value is None:
        return
    years = months_between(base.day, target.day) / 12
    if growth is None:
        if base.value is not None and not indicator.is_share:
            move = Move(Fraction(base.value), Fraction(value), base.day, target.day)
            if move.rate is not None:
                figures = {"rate": move.rate, "base": base.value, "target": value, "years": years}
                yield about.finding(Severity.INFO, "implied_growth", figures)
        return
    factor = power(1 + growth.rate, years)
    if base.kind in {BaseKind.DERIVED, BaseKind.UNKNOWN}:
        implied = Fraction(value) / factor
        figures = {"implied_base": implied, "target": value, "rate": growth.rate, "years": years}
        if base.value is None:
            yield about.finding(Severity.INFO, "base_from_growth", figures, growth.line)
        else:
            agrees = abs(implied - base.value) <= Fraction(1, 2 * 10**indicator.decimals)
            severity, code = (Severity.INFO, "base_agrees") if agrees else (Severity.WARNING, "base_differs")
            yield about.finding(severity, code, {**figures, "base": base.value}, growth.line)
    if base.value is not None and base.value > 0 and value > 0:
        yield _stated_growth(indicator, target, about, years)


def _stated_growth(indicator: Indicator, target: Target, about: _About, years: Fraction) -> Finding:
    base, growth, value = target.base, target.growth, target.value
    if growth is None or base.value is None or value is None:
        raise ValueError("a growth, a base and a value are needed")
    rates = Span.of(growth.rate, growth.printed, 1)
    from_base = Span.of(base.value, base.printed, indicator.scale)
    wanted = Span.of(value, target.printed, indicator.scale)
    factor = power(1 + growth.rate, years)
    reached = from_base * Span(factor, factor)
    loosest = from_base * Span(power(1 + rates.low, years), power(1 + rates.high, years))
    needed = power(Fraction(value) / base.value, 1 / years) - 1
    figures: dict[str, Number] = {
        "rate": growth.rate, "rate_needed": needed, "years": years, "base": base.value, "target": value,
        "reached": base.value * factor, "low": reached.low, "high": reached.high,
        "target_low": wanted.low, "target_high": wanted.high,
    }  # fmt: skip
    if reached.meets(wanted):
        return about.finding(Severity.INFO, "growth_agrees", figures, growth.line)
    if loosest.meets(wanted):
        figures |= {"low": loosest.low, "high": loosest.high}
        return about.finding(Severity.INFO, "growth_agrees_loosely", figures, growth.line)
    sure = growth.soft_word is None and base.kind is BaseKind.GIVEN
    return about.finding(Severity.ERROR if sure else Severity.WARNING, "growth_differs", figures, growth.line)


def _change(target: Target, about: _About) -> Iterator[Finding]:
    """A change that stands beside a value: does it agree with the base, or does it give one."""
    change, value, base = target.change, target.value, target.base
    if change is None or value is None:
        return
    name, words = ("rate_change", "_percent") if change.of_base else ("change", "")
    stated = Span.of(change.by, change.printed, 100 if change.of_base else 1)
    figures: dict[str, Number] = {name: Fraction(change.by, 100) if change.of_base else change.by, "target": value}
    if base.value is None:
        implied = Fraction(value) / (1 + Fraction(change.by) / 100) if change.of_base else value - change.by
        yield about.finding(
            Severity.INFO, f"base_from_change{words}", {**figures, "implied_base": implied}, change.line
        )
        return
    moved = Fraction(value - base.value)
    if change.of_base:
        if not base.value:
            return
        moved = moved / base.value * 100
    figures |= {
        "base": base.value,
        "rate_difference" if change.of_base else "difference": moved / (100 if change.of_base else 1),
    }
    if stated.low <= moved <= stated.high:
        yield about.finding(Severity.INFO, f"change_agrees{words}", figures, change.line)
    else:
        sure = change.soft_word is None and base.kind is BaseKind.GIVEN
        severity = Severity.ERROR if sure else Severity.WARNING
        yield about.finding(severity, f"change_differs{words}", figures, change.line)


def _of_indicator(run: _Check, indicator: Indicator) -> Iterator[Finding]:
    clause = next((target.clause for target in run.plan.targets if target.indicator == indicator.code), "")
    if clause and not indicator.is_measured:
        yield Finding(Severity.WARNING, "not_measured", indicator.code, clause, {}, indicator.line)
    over, under = (run.counts.get(name or "", "") for name in (indicator.numerator, indicator.denominator))
    if over and under and over != under:
        yield Finding(Severity.WARNING, "definitions_differ", indicator.code, clause, {}, indicator.line, (over, under))


def _of_shares(run: _Check) -> list[Finding]:
    """Follow the declared relations until nothing new comes out of them: one may feed the next."""
    findings: list[Finding] = []
    waiting = [relation for relation in run.plan.shares if relation.share in run.targets]
    while waiting:
        found = {relation: _of_share(run, relation) for relation in waiting}
        if not any(found.values()):
            break
        findings += [finding for some in found.values() for finding in some]
        waiting = [relation for relation in waiting if not found[relation]]
    return findings


def _of_share(run: _Check, relation: ShareOf) -> list[Finding]:
    """What one relation says; empty while too little is known."""
    target, share = run.targets[relation.share], run.moves.get(relation.share)
    over, under = run.moves.get(relation.numerator), run.moves.get(relation.denominator)
    if under is not None and not _same_days(under, target):
        under = None
    if over is not None and not _same_days(over, target):
        over = None
    scale = run.plan.indicator(relation.share).scale
    if share is None:
        return _needed_for_change(run, relation, target, under, scale)
    if over and under:
        return [_third(run, relation, target, share, over.goal / under.goal * scale)] if under.goal else []
    if under:
        return [_implied(run, relation, target, relation.numerator, _times(share, under, scale))]
    if over and share.base and share.goal:
        return [_implied(run, relation, target, relation.denominator, _divided(over, share, scale))]
    return []


def _same_days(move: Move, target: Target) -> bool:
    return (move.first, move.last) == (target.base.day, target.day)


def _times(share: Move, under: Move, scale: int) -> tuple[Fraction, Fraction]:
    return share.base / scale * under.base, share.goal / scale * under.goal


def _divided(over: Move, share: Move, scale: int) -> tuple[Fraction, Fraction]:
    return over.base / (share.base / scale), over.goal / (share.goal / scale)


def _implied(
    run: _Check, relation: ShareOf, target: Target, indicator: str, ends: tuple[Fraction, Fraction]
) -> Finding:
    """A move that follows from two others; it is kept, so that the next relation can build on it."""
    base, goal = ends
    move = Move(base, goal, target.base.day, target.day, relation.assuming)
    run.moves[indicator] = move
    figures: dict[str, Number] = {"base": base, "target": goal, "added": goal - base, "years": move.years}
    if move.rate is not None:
        figures["rate"] = move.rate
    is_denominator = indicator == relation.denominator
    code = "implied_denominator" if is_denominator else "implied_growth"
    severity = Severity.WARNING if is_denominator else Severity.INFO
    others = (relation.share,) if is_denominator else (relation.share, relation.denominator)
    return Finding(severity, code, indicator, target.clause, figures, relation.line, others, relation.assuming)


def _third(run: _Check, relation: ShareOf, target: Target, share: Move, computed: Fraction) -> Finding:
    """Share, numerator and denominator all stand in the plan: they must agree at the printed precision."""
    printed = Span.of(share.goal, target.printed, run.plan.indicator(relation.share).scale)
    agrees = printed.low <= computed <= printed.high
    severity, code = (Severity.INFO, "share_agrees") if agrees else (Severity.WARNING, "share_differs")
    figures = {"target": share.goal, "computed": computed}
    others = (relation.numerator, relation.denominator)
    return Finding(severity, code, relation.share, target.clause, figures, relation.line, others, relation.assuming)


def _needed_for_change(run: _Check, relation: ShareOf, target: Target, under: Move | None, scale: int) -> list[Finding]:
    """A share that must rise by so many points from a base nobody printed: how many that is, as fixed + per share · s.

    With the share s at the base, (s + c) · goal − s · base = c · goal + s · (goal − base).
    """
    if target.change is None or target.change.of_base or under is None:
        return []
    fixed, per_share = Fraction(target.change.by) / scale * under.goal, under.goal - under.base
    figures: dict[str, Number] = {"change": target.change.by, "fixed": fixed, "per_share": per_share}
    others = (relation.share, relation.denominator)
    return [
        Finding(
            Severity.INFO, "needed_for_change", relation.numerator, target.clause, figures, relation.line, others,
            relation.assuming,
        )
    ]  # fmt: skip


def _of_part(run: _Check, part: PartOf) -> Iterator[Finding]:
    """A part may not outgrow its whole; and if it cannot bring what the whole needs, others must."""
    own, whole = run.moves.get(part.part), run.moves.get(part.whole)
    clause = run.targets[part.part].clause if part.part in run.targets else ""
    if own is None:
        return
    if whole is not None and own.goal > whole.goal:
        figures = {"part": own.goal, "whole": whole.goal}
        yield Finding(Severity.ERROR, "part_above_whole", part.part, clause, figures, part.line, (part.whole,))
    needed = whole.goal - whole.base if whole else _least_needed(run, part.whole)
    added = own.goal - own.base
    if needed is not None and added < needed:
        figures = {"added": added, "needed": needed, "others": needed - added}
        yield Finding(Severity.WARNING, "part_cannot_carry", part.whole, clause, figures, part.line, (part.part,))


def _least_needed(run: _Check, whole: str) -> Fraction | None:
    """The part of a needed increase that does not hang on an unknown base share."""
    for relation in run.plan.shares:
        target, under = run.targets.get(relation.share), run.moves.get(relation.denominator)
        if relation.numerator != whole or target is None or under is None or relation.share in run.moves:
            continue
        change = target.change
        if change and not change.of_base and _same_days(under, target) and under.goal >= under.base:
            return Fraction(change.by) / run.plan.indicator(relation.share).scale * under.goal
    return None


def worst(findings: Iterable[Finding]) -> Severity | None:
    order = list(Severity)
    return max((finding.severity for finding in findings), key=order.index, default=None)
