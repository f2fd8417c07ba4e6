"""The figures this room gives to plans: how many organisations of a kind there are below one, itself left out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from shanglian.common.measures import ByOrg, ManyQuestion, Measure, MeasureAnswer, MeasureQuestion, series_by
from shanglian.directory.core.kinds import CHAMBERS, KIND_GROUP, KindGroup, OrgKind
from shanglian.directory.models import Org
from shanglian.directory.queries import territories_on_days

UNIT = "organisations"
KINDS: Mapping[str, frozenset[OrgKind]] = {
    "organisations.chambers": CHAMBERS,
    "organisations.grassroots_chambers": frozenset(k for k, g in KIND_GROUP.items() if g is KindGroup.GRASSROOTS),
    **{f"organisations.{kind}": frozenset({kind}) for kind in OrgKind},
}


def _many(names: Sequence[str], question: ManyQuestion) -> Mapping[str, ByOrg]:
    """By the tree of each day. An organisation that has no place on a day has no figure on it."""
    trees = territories_on_days(question.orgs, days=question.days, known_on=question.known_on)
    kinds = dict(Org.objects.filter(pk__in={pk for tree in trees.values() for pk in tree}).values_list("pk", "kind"))
    return {
        name: {
            (org, day): _answer(question.orgs[org], day, _below(org, tree, kinds, KINDS[name]))
            for (org, day), tree in trees.items()
        }
        for name in names
    }


def _below(org: int, tree: Collection[int], kinds: Mapping[int, str], wanted: Collection[OrgKind]) -> list[int] | None:
    return [pk for pk in tree if pk != org and kinds.get(pk) in wanted] if tree else None


def _answer(org: str, day: date, found: list[int] | None) -> MeasureAnswer:
    definition = {"org": org, "on": day.isoformat(), "tree": "then"}
    if found is None:
        return MeasureAnswer(None, UNIT, definition=definition)
    return MeasureAnswer(len(found), UNIT, found, len(found), definition)


def _value(name: str) -> Callable[[MeasureQuestion], MeasureAnswer]:
    def answer(question: MeasureQuestion) -> MeasureAnswer:
        many = ManyQuestion({question.org_id: question.org}, (question.on,), question.known_on)
        found = _many([name], many)[name][question.org_id, question.on]
        return replace(found, items=found.items[: question.items_limit])

    return answer


MEASURES = {name: Measure(name, UNIT, _value(name), series_by(_many, name), _many) for name in KINDS}
