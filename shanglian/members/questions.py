"""A question to the register as a command, a page or the API asks it, and its answer in the stable shapes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from shanglian.directory.models import Org
from shanglian.directory.queries import subtree_ids, subtree_ids_with_closed
from shanglian.members.core.kinds import Count
from shanglian.members.core.statistics import MovementRow
from shanglian.members.queries import Reach, figures, movement_table, visible_stamp


@dataclass(frozen=True)
class Question:
    """What a figure is: the organisation with all below it, the count, the tree, the moment of knowledge.

    `within`: only these of them are counted (where the reader may see members); None: all.
    """

    org: Org
    count: Count = Count.HEADS
    tree: Literal["then", "now"] = "then"
    known_on: datetime | None = None
    within: frozenset[int] | None = None

    def reach(self, on: date) -> Reach:
        ids = subtree_ids(self.org, on=on, known_on=self.known_on, tree=self.tree)
        return self._counted(ids)

    def reach_over(self, until: date) -> Reach:
        """For a period: the tree of its last day, in which organisations closed before keep their last place."""
        if self.tree == "now":
            return self.reach(until)
        return self._counted(subtree_ids_with_closed(self.org, on=until, known_on=self.known_on))

    def _counted(self, ids: list[int]) -> Reach:
        counted = ids if self.within is None else [pk for pk in ids if pk in self.within]
        return Reach(tuple(counted), self.count, self.known_on or visible_stamp())

    def definition(self, reach: Reach, by: Sequence[str], **days: date) -> dict[str, Any]:
        return {
            "org": self.org.code,
            **days,
            "known_on": reach.known_on,
            "count": self.count.value,
            "tree": self.tree,
            "scope": "all",
            "by": list(by),
        }


def org_codes() -> dict[int, str]:
    return dict(Org.objects.values_list("id", "code"))


def _keyed(by: Sequence[str], key: tuple[Any, ...], codes: dict[int, str]) -> dict[str, Any]:
    return {name: codes[value] if name == "org" else value for name, value in zip(by, key, strict=True)}


def statistics(question: Question, *, on: date, by: Sequence[str]) -> dict[str, Any]:
    """Members at the end of a day. `--by org` gives each organisation's own level; `total` is the whole subtree."""
    reach = question.reach(on)
    found = figures(reach, on=on, by=by)
    codes = org_codes() if "org" in by else {}
    rows = [{**_keyed(by, key, codes), "value": value} for key, value in found.items()]
    rows.sort(key=lambda row: [str(row[name]) for name in by])
    return {
        "definition": question.definition(reach, by, on=on),
        "rows": rows if by else [],
        "total": sum(found.values()),
    }


def movements(question: Question, *, since: date, until: date, by: Sequence[str]) -> dict[str, Any]:
    """The movement table of a period, in the tree of its last day (`Question.reach_over`)."""
    reach = question.reach_over(until)
    found = movement_table(reach, since=since, until=until, by=by)
    codes = org_codes() if "org" in by else {}
    rows = [{**_keyed(by, key, codes), **asdict(row)} for key, row in found.items() if not row.is_empty()]
    rows.sort(key=lambda row: [str(row[name]) for name in by])
    total = sum(found.values(), MovementRow())
    definition = question.definition(reach, by, **{"from": since, "to": until})
    return {"definition": definition, "rows": rows if by else [], "total": asdict(total)}
