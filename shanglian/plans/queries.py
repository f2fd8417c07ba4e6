"""Plan files found and read, measures asked, and both put side by side: the standing of a plan.

Reads only. Files are looked for in `settings.POLICY_DIRS`, where an installation's own directory comes before
the one that is shipped; measures come from `settings.MEASURES`. The arithmetic is in `core`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from shanglian.common.core.periods import quarter_ends
from shanglian.common.measures import ByOrg, ManyQuestion, Measure, MeasureAnswer, MeasureQuestion, Number
from shanglian.common.policy_files import Version, policy_files, raw_text, read_again
from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids
from shanglian.plans.core.checking import Finding, check_plan
from shanglian.plans.core.plan import Indicator, Plan, Target
from shanglian.plans.core.reading import read_plan
from shanglian.plans.core.status import (
    Denominator,
    PlanStatus,
    Point,
    Reading,
    expected,
    own_base,
    target_status,
)
from shanglian.plans.series import all_series, series_measures


class PlanNotFound(Exception):
    """No plan file of that name. `args`: the name asked for, the ids there are."""


class OrgNotCovered(Exception):
    """The organisation is not under the plan's issuer on that day. `args`: its code, the plan's id."""


class UnknownMeasure(Exception):
    """No room offers a figure of that name. `args`: the name."""


def all_measures() -> dict[str, Measure]:
    """Every figure the rooms and the outside series offer, by name. Raises PolicyError for a broken series file."""
    return {**series_measures(), **_measures(settings.MEASURES)}


def _measures(dotted_paths: Sequence[str]) -> dict[str, Measure]:
    """Of the rooms: a dict, or what gives one where an installation may bring more."""
    found: dict[str, Measure] = {}
    for path in dotted_paths:
        named: Mapping[str, Measure] | Callable[[], Mapping[str, Measure]] = import_string(path)
        offered = named() if callable(named) else named
        for name, measure in offered.items():
            if name != measure.name or name in found:
                raise ImproperlyConfigured(f"settings.MEASURES: {path} offers {name} under a wrong or taken name")
            found[name] = measure
    return found


def ask_measure(
    name: str, *, org: Org, on: date, known_on: datetime | None = None, items_limit: int = 0
) -> MeasureAnswer:
    """One figure of `org` and everything below it at the end of `on`. Raises UnknownMeasure."""
    measure = _measure(name)
    return measure.value(MeasureQuestion(org.pk, org.code, on, known_on, items_limit))


def _measure(name: str, known: Mapping[str, Measure] | None = None) -> Measure:
    """`known`: all of them, where a caller asks for several; to find them the series files are looked at."""
    measure = (all_measures() if known is None else known).get(name)
    if measure is None:
        raise UnknownMeasure(name)
    return measure


def plan_files() -> dict[str, Path]:
    """The plan files there are, by id; the first directory that has a file wins."""
    return policy_files("plans")


def load_plan(name: str | Path) -> Plan:
    """The plan of an id, or of a file if a path is given. Raises PlanNotFound, PolicyError."""
    if isinstance(name, Path) or "/" in name or name.endswith((".yaml", ".yml")):
        path = Path(name)
        if not path.is_file():
            raise PlanNotFound(str(name), sorted(plan_files()))
        return _load(path, None)
    files = plan_files()
    if name not in files:
        raise PlanNotFound(name, sorted(files))
    return _load(files[name], name)


def _load(path: Path, expected_id: str | None) -> Plan:
    measures = tuple(sorted(all_measures()))
    return read_again(path, lambda file, version: _read(file, expected_id, measures, version))


@lru_cache(maxsize=32)
def _read(path: Path, expected_id: str | None, measures: tuple[str, ...], version: Version) -> Plan:
    """`version` makes the cache forget a file that was changed."""
    return read_plan(raw_text(path), file=str(path), expected_id=expected_id, measures=measures)


def policy_readers() -> list[Callable[[], object]]:
    """One for each plan and for all series, so that every file of this room can be looked at together."""
    return [all_series, *(partial(load_plan, name) for name in plan_files())]


def plan_on(day: date, *, issuer: str | None = None) -> Plan | None:
    """The plan to show on a day: the latest whose base day has come, running or not. Raises PolicyError."""
    plans = [load_plan(name) for name in plan_files()]
    come = [p for p in plans if p.base_day <= day and issuer in {None, p.issuer.org}]
    return max(come, key=lambda plan: (plan.first_day, plan.id), default=None)


def plan_status(plan: Plan, *, org: Org, on: date, known_on: datetime | None = None) -> PlanStatus:
    """Where `org` (with everything below it) stands at the end of `on`, by what was recorded at `known_on`.

    An organisation without a target of its own is measured by the issuer's path, carried over to its own base
    (`official` False). Raises OrgNotCovered, UnknownMeasure.
    """
    require_covered(plan, org=org, on=on)
    return statuses(plan, [org], on=on, known_on=known_on)[org.pk]


def statuses(plan: Plan, orgs: Sequence[Org], *, on: date, known_on: datetime | None = None) -> dict[int, PlanStatus]:
    """What `plan_status` says of each organisation, by id, with a number of queries that does not grow with them.

    Whether they stand under the issuer is the caller's to know. Raises UnknownMeasure.
    """
    held = {org.pk: _held(plan, org) for org in orgs}
    names = {name for all_held in held.values() for indicator, _, _ in all_held for name in _names(indicator)}
    days = {target.base.day for all_held in held.values() for _, target, _ in all_held} | {on}
    question = ManyQuestion({org.pk: org.code for org in orgs}, tuple(sorted(days)), known_on)
    answers = ask_many(names, question)
    found = {}
    for org in orgs:

        def answer(name: str, day: date, pk: int = org.pk) -> MeasureAnswer:
            return answers[name][pk, day]

        targets = tuple(
            target_status(indicator, target, official=official, reading=_reading(indicator, target, answer, on), on=on)
            for indicator, target, official in held[org.pk]
        )
        found[org.pk] = PlanStatus(plan, on, org.code, known_on, targets)
    return found


def _held(plan: Plan, org: Org) -> list[tuple[Indicator, Target, bool]]:
    """What an organisation is held to, in the order of the plan's indicators."""
    return [
        (indicator, *held)
        for indicator in plan.indicators
        if (held := plan.target_for(indicator.code, org.code)) is not None
    ]


def _names(indicator: Indicator) -> list[str]:
    return [name for name in (indicator.measure, indicator.numerator, indicator.denominator) if name is not None]


def ask_many(names: Collection[str], question: ManyQuestion) -> dict[str, ByOrg]:
    """Several figures of several organisations on several days, asked together where the rooms can.

    Raises UnknownMeasure.
    """
    known, together = all_measures(), dict[int, list[Measure]]()
    for measure in (_measure(name, known) for name in sorted(names)):
        together.setdefault(id(measure.many) if measure.many else id(measure), []).append(measure)
    found: dict[str, ByOrg] = {}
    for measures in together.values():
        first = measures[0]
        if first.many is not None:
            found |= first.many([measure.name for measure in measures], question)
        else:
            found[first.name] = _one_by_one(first, question)
    return found


def _one_by_one(measure: Measure, question: ManyQuestion) -> ByOrg:
    return {
        (pk, day): measure.value(MeasureQuestion(pk, code, day, question.known_on))
        for pk, code in question.orgs.items()
        for day in question.days
    }


def findings_of(plan: Plan) -> list[Finding]:
    """What the plan leaves unsaid, by what its measures count."""
    return check_plan(plan, counts={name: measure.counts for name, measure in all_measures().items()})


def require_covered(plan: Plan, *, org: Org, on: date) -> None:
    """Only the issuer and who stood below it on that day, as we know today, is measured by the plan."""
    if org.code == plan.issuer.org:
        return
    issuer = Org.objects.filter(code=plan.issuer.org).first()
    if issuer is None or org.pk not in subtree_ids(issuer, on=on):
        raise OrgNotCovered(org.code, plan.id)


def _reading(indicator: Indicator, target: Target, answer: Callable[[str, date], MeasureAnswer], on: date) -> Reading:
    base_day = target.base.day
    if indicator.measure is not None:
        now = answer(indicator.measure, on)
        return Reading(now.value, answer(indicator.measure, base_day).value, unclassified=_unclassified(now))
    if indicator.numerator is None or indicator.denominator is None:
        return Reading(None, None)
    over, under = answer(indicator.numerator, on), answer(indicator.denominator, on)
    base_over, base_under = answer(indicator.numerator, base_day), answer(indicator.denominator, base_day)
    divided_by = _denominator(under)
    return Reading(
        _share(indicator, over.value, under.value),
        _share(indicator, base_over.value, base_under.value),
        over.value,
        under.value,
        divided_by.source,
        divided_by.day,
        divided_by.quality,
        _denominator(base_under),
        _unclassified(over),
    )


def _unclassified(answer: MeasureAnswer) -> int:
    found = answer.definition.get("unclassified")
    return found if isinstance(found, int) else 0


def _denominator(answer: MeasureAnswer) -> Denominator:
    """The figure with the source, day and quality its definition names, if it comes from outside."""
    source, day, quality = (answer.definition.get(key) for key in ("source", "day", "quality"))
    return Denominator(
        answer.value,
        str(source) if source else None,
        date.fromisoformat(str(day)) if day else None,
        str(quality) if quality else None,
    )


def _share(indicator: Indicator, over: Number | None, under: Number | None) -> Fraction | None:
    return Fraction(over) / under * indicator.scale if over is not None and under else None


def trajectory(plan: Plan, indicator: str, *, org: Org, until: date, known_on: datetime | None = None) -> list[Point]:
    """The path and what became of it, from the base day over each quarter's end to the target day.

    `actual` is None after `until`; the list is empty where no target applies. Raises OrgNotCovered, KeyError.
    """
    require_covered(plan, org=org, on=until)
    held = plan.target_for(indicator, org.code)
    if held is None:
        return []
    target, official = held
    what = plan.indicator(indicator)
    days = sorted({target.base.day, *quarter_ends(target.base.day, target.day), target.day})
    asked = [day for day in days if day <= until or day == target.base.day]
    actual = dict(zip(asked, _series(what, org=org, days=asked, known_on=known_on), strict=True))
    base, _ = own_base(target, official, actual[target.base.day])
    _, planned = expected(what, target, official=official, base=base, days=days)
    return [
        Point(day, figure, actual.get(day) if day <= until else None) for day, figure in zip(days, planned, strict=True)
    ]


def _series(indicator: Indicator, *, org: Org, days: Sequence[date], known_on: datetime | None) -> list[Number | None]:
    if indicator.measure is not None:
        return _measure_series(indicator.measure, org=org, days=days, known_on=known_on)
    if indicator.numerator is None or indicator.denominator is None:
        return [None for _ in days]
    over = _measure_series(indicator.numerator, org=org, days=days, known_on=known_on)
    under = _measure_series(indicator.denominator, org=org, days=days, known_on=known_on)
    return [_share(indicator, a, b) for a, b in zip(over, under, strict=True)]


def _measure_series(name: str, *, org: Org, days: Sequence[date], known_on: datetime | None) -> list[Number | None]:
    """In one go where the measure can, else day by day."""
    measure = _measure(name)
    if measure.series is not None:
        return list(measure.series(MeasureQuestion(org.pk, org.code, days[-1], known_on), days))
    return [measure.value(MeasureQuestion(org.pk, org.code, day, known_on)).value for day in days]
