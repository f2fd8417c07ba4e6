"""From the text of a plan file to a `Plan`, or to the list of everything that is wrong with it.

Checks that need only the file stand here: forms, references, days in order, figures and their printed form.
What the plan's figures imply for each other is a finding about the plan, not an error of the file.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction

from shanglian.common.core.policy import PolicyError, Section, read_policy
from shanglian.plans.core.forms import (
    CLAUSE,
    FORMAT,
    INDICATOR_CODE,
    MEASURE_NAME,
    ORG_CODE,
    PLAN_ID,
    SOME_DAY,
    read_label,
)
from shanglian.plans.core.plan import (
    Base,
    BaseKind,
    Change,
    Direction,
    Growth,
    Indicator,
    Issuer,
    Number,
    Operator,
    PartOf,
    PathRule,
    Plan,
    Scope,
    ShareOf,
    SoftWord,
    Step,
    Target,
    Tolerance,
)
from shanglian.plans.core.printed import Printed, read_printed

NO_MEASURE = "none"  # said outright, so that a forgotten measure is still an error


def read_plan(text: str, *, file: str, expected_id: str | None = None, measures: Collection[str] | None = None) -> Plan:
    """Read a plan. Raises PolicyError with all problems.

    `expected_id` is the id that the file's name promises, `measures` the names of figures that can be asked.
    """
    top = Section.top(read_policy(text, file=file))
    top.integer("format", least=FORMAT, most=FORMAT)
    plan_id = top.code("id", PLAN_ID)
    if expected_id is not None and plan_id and plan_id != expected_id:
        top.report("id", "id_is_not_file_name", plan_id)
    issuer, period = _issuer(top.section("issuer")), top.section("period")
    first, last = period.day("first"), period.day("last")
    if first and last and first > last:
        period.report("last", "day_not_after", f"{last} ≤ {first}")
    period.close()
    base_day = top.day("base_day")
    indicators = tuple(_indicator(section, measures) for section in top.sections("indicators"))
    _report_twice(top, "indicators", "code", [indicator.code for indicator in indicators])
    known = {indicator.code: indicator for indicator in indicators}
    targets = tuple(_target(section, known, base_day) for section in top.sections("targets"))
    _report_twice(top, "targets", "indicator", [f"{t.indicator} {t.org}" for t in targets])
    shares, parts = _relations(top, known)
    plan = Plan(
        id=plan_id, issuer=issuer, number=top.string("number"), title=read_label(top.section("title")),
        issued_on=top.day("issued_on", needed=False), first_day=first or SOME_DAY, last_day=last or SOME_DAY,
        base_day=base_day or SOME_DAY, indicators=indicators, targets=targets, file=file, shares=shares, parts=parts,
    )  # fmt: skip
    top.close()
    if top.problems:
        raise PolicyError(sorted(top.problems, key=lambda problem: problem.line))
    return plan


def _issuer(section: Section) -> Issuer:
    issuer = Issuer(name=section.string("name"), org=section.code("org", ORG_CODE))
    section.close()
    return issuer


def _report_twice(top: Section, name: str, key: str, found: Iterable[str]) -> None:
    seen: set[str] = set()
    for n, value in enumerate(found):
        if value.strip() and value in seen:
            path = (*top.path, name, n, key)
            section = Section(top.text, path[:-1], {}, top.problems)
            section.report(key, "twice", value)
        seen.add(value)


def _measure(section: Section, name: str, measures: Collection[str] | None) -> str | None:
    measure = section.code(name, MEASURE_NAME, needed=False) or None
    if measure and measures is not None and measure not in measures:
        section.report(name, "unknown_measure", f"{measure} ({', '.join(sorted(measures))})")
    return measure


def _indicator(section: Section, measures: Collection[str] | None) -> Indicator:
    unmeasured = section.values.get("measure") == NO_MEASURE
    measure = None if unmeasured else _measure(section, "measure", measures)
    section.asked.add("measure")
    numerator = _measure(section, "numerator", measures)
    denominator = _measure(section, "denominator", measures)
    unit_name = read_label(section.section("unit")) if isinstance(section.values.get("unit"), dict) else None
    found = unmeasured + (measure is not None) + (numerator is not None)
    if found != 1 or (numerator is None) != (denominator is None):
        section.report("measure", "measure_or_share")
    indicator = Indicator(
        code=section.code("code", INDICATOR_CODE),
        name=read_label(section.section("name")),
        unit=unit_name.en if unit_name else section.string("unit"),
        unit_name=unit_name,
        per=section.integer("per", least=1, most=1_000_000) if section.has("per") else None,
        decimals=section.integer("decimals", least=0, most=6),
        direction=section.choice("direction", Direction) or Direction.UP,
        scope=section.choice("scope", Scope) or Scope.ALL,
        measure=measure,
        numerator=numerator,
        denominator=denominator,
        freeze_denominator=section.flag("freeze_denominator"),
        note=read_label(section.section("note")) if section.has("note") else None,
        line=section.line("code"),
    )
    section.asked |= {"note", "per"}
    if indicator.per and (denominator is None or indicator.unit == "percent"):
        section.report("per", "per_needs_denominator", indicator.per)
    if indicator.freeze_denominator and denominator is None:
        section.report("freeze_denominator", "nothing_to_freeze")
    section.close()
    return indicator


def _relations(top: Section, known: Mapping[str, Indicator]) -> tuple[tuple[ShareOf, ...], tuple[PartOf, ...]]:
    """How the plan's indicators hang together, which no file's figures can say by themselves."""
    top.asked.add("relations")
    if not top.has("relations"):
        return (), ()
    section = top.section("relations")
    shares = [_share_of(one, known) for one in (section.sections("shares") if section.has("shares") else ())]
    parts = [_part_of(one, known) for one in (section.sections("parts") if section.has("parts") else ())]
    section.asked |= {"shares", "parts"}
    section.close()
    return tuple(shares), tuple(parts)


def _share_of(section: Section, known: Mapping[str, Indicator]) -> ShareOf:
    found = ShareOf(
        share=_known_indicator(section, "share", known),
        numerator=_known_indicator(section, "numerator", known),
        denominator=_known_indicator(section, "denominator", known),
        assuming=read_label(section.section("assuming")) if section.has("assuming") else None,
        line=section.line("share"),
    )
    section.asked.add("assuming")
    if found.share in known and not known[found.share].is_share:
        section.report("share", "not_a_share", found.share)
    section.close()
    return found


def _part_of(section: Section, known: Mapping[str, Indicator]) -> PartOf:
    part, whole = _known_indicator(section, "part", known), _known_indicator(section, "whole", known)
    found = PartOf(part, whole, section.line("part"))
    section.close()
    return found


def _known_indicator(section: Section, name: str, known: Mapping[str, Indicator]) -> str:
    code = section.code(name, INDICATOR_CODE)
    if code and code not in known:
        section.report(name, "unknown_indicator", code)
    return code


def _target(section: Section, known: dict[str, Indicator], base_day: date | None) -> Target:
    code = _known_indicator(section, "indicator", known)
    scale = known[code].scale if code in known else 1
    value, day = section.number("value", needed=False), section.day("day")
    change = _change(section.section("change")) if section.has("change") else None
    if value is None and change is None and not section.has("value"):
        section.report("value", "value_or_change")
    target = Target(
        indicator=code,
        org=section.code("org", ORG_CODE),
        clause=section.code("clause", CLAUSE),
        value=value,
        change=change,
        operator=section.choice("operator", Operator) or Operator.AT_LEAST,
        day=day or SOME_DAY,
        base=_base(section.section("base"), scale, base_day, day),
        path=section.choice("path", PathRule) or PathRule.LINEAR,
        tolerance=_tolerance(section.section("tolerance")),
        soft_word=section.choice("soft_word", SoftWord, needed=False),
        printed=_printed(section, value, scale),
        growth=_growth(section.section("growth")) if section.has("growth") else None,
        note=read_label(section.section("note")) if section.has("note") else None,
        line=section.line("indicator"),
        steps=tuple(_step(one, scale) for one in (section.sections("steps") if section.has("steps") else ())),
    )
    section.asked |= {"growth", "note", "change", "steps"}
    _check_steps(section, target)
    _check_path(section, target)
    section.close()
    return target


def _check_path(section: Section, target: Target) -> None:
    if target.path is PathRule.STATED_GROWTH and target.growth is None:
        section.report("growth", "path_needs_growth", target.path)
    change = target.change
    if change is not None and target.value is None and not change.of_base and target.path is not PathRule.LINEAR:
        section.report("path", "change_goes_linear", target.path)
    if target.path in {PathRule.STATED_GROWTH, PathRule.COMPOUND}:
        for name, value in (("value", target.value), ("base", target.base.value)):
            if value is not None and section.has(name) and value <= 0:
                section.report(name, "growth_needs_more_than_0", value)


def _check_steps(section: Section, target: Target) -> None:
    """Printed figures on the way stand in the order of their days, between the base's and the target's."""
    if target.steps and (target.value is None or target.path is PathRule.STATED_GROWTH):
        section.report("steps", "steps_need_value")
    days = [target.base.day, *(step.day for step in target.steps), target.day]
    for n, step in enumerate(target.steps):
        one = Section(section.text, (*section.path, "steps", n), {}, section.problems)
        if SOME_DAY not in days and not days[n] < step.day < target.day:
            one.report("day", "step_out_of_order", step.day.isoformat())
        if target.path is PathRule.COMPOUND and step.value <= 0:
            one.report("value", "growth_needs_more_than_0", step.value)


def _step(section: Section, scale: int) -> Step:
    day, value = section.day("day"), section.number("value")
    step = Step(day or SOME_DAY, value or 0, _printed(section, value, scale), section.line("day"))
    section.close()
    return step


def _printed(section: Section, value: Number | None, scale: int, name: str = "printed") -> Printed | None:
    """The printed form, which must agree with the figure at its own precision."""
    text = section.string(name, needed=False)
    printed = read_printed(text) if text else None
    if text and printed is None:
        section.report(name, "not_a_printed_figure", text)
    if (
        printed is not None
        and value is not None
        and not printed.agrees_with(Fraction(value) / (scale if printed.is_ratio else 1))
    ):
        section.report(name, "printed_differs", f"{text} ≠ {float(value):g}")
    return printed


def _base(section: Section, scale: int, base_day: date | None, target_day: date | None) -> Base:
    kind = section.choice("kind", BaseKind) or BaseKind.UNKNOWN
    value = section.number("value", needed=kind is not BaseKind.UNKNOWN)
    if kind is BaseKind.UNKNOWN and value is not None:
        section.report("value", "unknown_base_has_value", value)
    day = section.day("day", needed=False) or base_day
    if day and target_day and day >= target_day:
        section.report("day", "day_not_after", f"{target_day} ≤ {day}")
    base = Base(
        kind=kind,
        day=day or SOME_DAY,
        value=value,
        printed=_printed(section, value, scale),
        how=read_label(section.section("how")) if section.has("how") else None,
        line=section.line("kind"),
    )
    section.asked.add("how")
    section.close()
    return base


def _change(section: Section) -> Change:
    of_base = section.has("percent")
    if of_base and section.has("by"):
        section.report("percent", "by_or_percent")
    by = section.number("percent" if of_base else "by")
    section.asked |= {"by", "percent"}
    change = Change(
        by=by or 0,
        soft_word=section.choice("soft_word", SoftWord, needed=False),
        printed=_printed(section, by, 100 if of_base else 1),
        line=section.line("percent" if of_base else "by"),
        of_base=of_base,
    )
    section.close()
    return change


def _growth(section: Section) -> Growth:
    rate = section.number("rate")
    if rate is not None and not -1 < rate < 1:
        section.report("rate", "not_between", f"{float(rate):g} (-1–1)")
    growth = Growth(
        rate=Fraction(rate or 0),
        soft_word=section.choice("soft_word", SoftWord, needed=False),
        printed=_printed(section, rate, 1),
        line=section.line("rate"),
    )
    section.close()
    return growth


def _tolerance(section: Section) -> Tolerance:
    shares: dict[str, Fraction] = {}
    for name in ("ahead", "met", "near"):
        share = Fraction(section.number(name) or 0)
        if not 0 <= share < 1:
            section.report(name, "not_between", f"{float(share):g} (0–1)")
        shares[name] = share
    if shares["met"] > shares["near"]:
        section.report("near", "near_below_met", f"{float(shares['near']):g} < {float(shares['met']):g}")
    section.close()
    return Tolerance(**shares)
