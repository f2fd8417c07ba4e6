"""The figures this room gives to plans and appraisals: members counted at home, and memberships."""

from collections.abc import Callable, Sequence
from datetime import date

from shanglian.common.measures import Measure, MeasureAnswer, MeasureQuestion, Number
from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids, subtree_ids_on_days
from shanglian.members.core.kinds import Count
from shanglian.members.queries import Reach, entities_behind, figures, figures_on_days, first_booked, visible_stamp


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


def _series(count: Count) -> Callable[[MeasureQuestion, Sequence[date]], Sequence[Number | None]]:
    def answer(question: MeasureQuestion, days: Sequence[date]) -> list[Number | None]:
        known_on = question.known_on or visible_stamp()
        trees = subtree_ids_on_days(_root(question), days=days, known_on=question.known_on)
        by_tree: dict[tuple[int, ...], list[date]] = {}
        for day in days:
            by_tree.setdefault(trees[day], []).append(day)
        found: dict[date, int | None] = {}
        for orgs, own in by_tree.items():
            reach = Reach(orgs, count, known_on)
            values = dict(zip(own, figures_on_days(reach, own), strict=True))
            began = None if all(values.values()) else first_booked(reach)
            for day, value in values.items():
                found[day] = value if value or (began is not None and began <= day) else None
        return [found[day] for day in days]

    return answer


MEASURES = {
    f"members.{count.value}": Measure(f"members.{count.value}", "members", _value(count), _series(count))
    for count in Count
}
