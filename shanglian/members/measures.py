"""The figures this room gives to plans and appraisals: members counted at home, memberships, and parts of them.

A private enterprise is what policies/members/registration_types.yaml says, a chamber what group_kinds.yaml says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from django.db.models import Q

from shanglian.common.measures import ByOrg, ManyQuestion, Measure, MeasureAnswer, MeasureQuestion, series_by
from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids
from shanglian.members.core.kinds import Category, Count
from shanglian.members.counted import Slice, count_many
from shanglian.members.declared import declared_figures
from shanglian.members.queries import (
    Among,
    Reach,
    entities_behind,
    figures,
    first_booked,
    visible_stamp,
)
from shanglian.members.reading import group_kinds_listed, registration_types_listed


def _root(question: MeasureQuestion) -> Org:
    return Org(pk=question.org_id, code=question.org)


def _value(count: Count) -> Callable[[MeasureQuestion], MeasureAnswer]:
    def answer(question: MeasureQuestion) -> MeasureAnswer:
        known_on = question.known_on or visible_stamp()
        orgs = subtree_ids(_root(question), on=question.on, known_on=question.known_on)
        reach = Reach(tuple(orgs), count, known_on)
        value = _known(reach, question.on, sum(figures(reach, on=question.on).values()))
        items: list[int] = []
        total = value or 0
        if question.items_limit:
            open_reach = Reach(reach.orgs, count, question.known_on)
            items, total = entities_behind(open_reach, on=question.on, limit=question.items_limit)
        definition = {
            "org": question.org,
            "on": question.on.isoformat(),
            "known_on": known_on.isoformat(),
            "count": count.value,
            "tree": "then",
            "scope": "all",
        }
        return MeasureAnswer(value, "members", items, total, definition)

    return answer


def _known(reach: Reach, on: date, value: int) -> int | None:
    """None, not 0, when nothing was ever booked in reach by that day: nobody can know."""
    began = None if value else first_booked(reach)
    return value if value or (began is not None and began <= on) else None


PRIVATE_ENTERPRISE = "private_enterprise"
SLICES: Mapping[str, Slice] = {
    **{f"members.{count.value}": Slice(count) for count in Count},
    "members.enterprise": Slice(Count.HEADS, Category.ENTERPRISE),
    "members.group": Slice(Count.HEADS, Category.GROUP),
    "members.private_enterprises": Slice(
        Count.HEADS, Category.ENTERPRISE, "registration_type", lambda: registration_types_listed().private
    ),
    "members.chambers": Slice(Count.HEADS, Category.GROUP, "group_kind", lambda: group_kinds_listed().chambers),
}
UNITS = {"members.chambers": "chambers"}
COUNTS = {"members.private_enterprises": PRIVATE_ENTERPRISE}


def slices() -> Mapping[str, Slice]:
    """Our figures and those the installation declares. Raises PolicyError for a broken file of theirs."""
    own = {
        name: Slice(one.count, one.category, one.attribute, partial(frozenset, one.codes))
        for name, one in declared_figures().items()
    }
    return {**SLICES, **own}


def spans_behind(name: str) -> Q:
    """The spans a figure counts, beside organisation, day and count."""
    one = slices()[name]
    found = Q(category=one.category) if one.category else Q()
    if one.attribute and one.codes:
        found &= Q(**{f"profile__{one.attribute}__in": sorted(one.codes())})
    return found


def _many(names: Sequence[str], question: ManyQuestion) -> Mapping[str, ByOrg]:
    known = slices()
    found, known_on = count_many({name: known[name] for name in names}, question)
    return {
        name: {
            (org, day): MeasureAnswer(
                one.value,
                UNITS.get(name, "members"),
                items_total=one.value or 0,
                definition={
                    "org": question.orgs[org],
                    "on": day.isoformat(),
                    "known_on": known_on.isoformat(),
                    "count": known[name].count.value,
                    "tree": "then",
                    "scope": "all",
                    "category": known[name].category,
                    "counts": COUNTS.get(name, ""),
                    "unclassified": one.unclassified,
                },
            )
            for (org, day), one in places.items()
        }
        for name, places in found.items()
    }


def _part_value(name: str) -> Callable[[MeasureQuestion], MeasureAnswer]:
    def answer(question: MeasureQuestion) -> MeasureAnswer:
        many = ManyQuestion({question.org_id: question.org}, (question.on,), question.known_on)
        found = _many([name], many)[name][question.org_id, question.on]
        if not question.items_limit or found.value is None:
            return found
        orgs = subtree_ids(_root(question), on=question.on, known_on=question.known_on)
        one = slices()[name]
        among = Among(str(one.category or ""), one.attribute, one.codes() if one.codes else frozenset())
        reach = Reach(tuple(orgs), one.count, question.known_on)
        items, total = entities_behind(reach, on=question.on, limit=question.items_limit, among=among)
        return replace(found, items=items, items_total=total)

    return answer


WHOLE = {f"members.{count.value}": count for count in Count}


def _measure(name: str) -> Measure:
    return Measure(
        name,
        UNITS.get(name, "members"),
        _value(WHOLE[name]) if name in WHOLE else _part_value(name),
        series_by(_many, name),
        _many,
        COUNTS.get(name, ""),
    )


MEASURES = {name: _measure(name) for name in SLICES}


def measures() -> Mapping[str, Measure]:
    """Every figure of this room, by name."""
    return {**MEASURES, **{name: _measure(name) for name in declared_figures()}}
