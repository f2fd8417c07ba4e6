"""One organisation on a day, as known at a moment: where it stands, its members, what lies below it.

Reads across the rooms and owns no fact. Figures are of the organisations in `listed` alone (where the reader may see
members); how many below were left out is said, never summed over in silence.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from shanglian.directory.core.kinds import KIND_GROUP, KindGroup, OrgKind
from shanglian.directory.models import Org, OrgLife, OrgPlace
from shanglian.directory.queries import names_on, paths_today, subtree_ids, subtree_ids_with_closed
from shanglian.members.core.kinds import Category, Count
from shanglian.members.core.statistics import MovementRow, Unbalanced
from shanglian.members.models import Flow
from shanglian.members.queries import Reach, figures, movement_table, visible_stamp
from shanglian.reports.home import Movements

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """The end of a day, by the tree of that day or today's, as known at a moment (None: now)."""

    day: date
    tree: Literal["then", "now"] = "then"
    known_on: datetime | None = None


@dataclass(frozen=True)
class Figures:
    """Members by organisation and category, counted once at home and by membership.

    None where nothing was ever booked by that day: nobody can know, which is not the same as 0.
    """

    heads: Mapping[tuple[int, str], int]
    memberships: Mapping[tuple[int, str], int]
    booked: frozenset[int]

    def of(self, orgs: Iterable[int], count: Count, category: str = "") -> int | None:
        found = [pk for pk in orgs if pk in self.booked]
        source = self.heads if count is Count.HEADS else self.memberships
        kinds = [category] if category else [kind.value for kind in Category]
        return sum(source.get((pk, kind), 0) for pk in found for kind in kinds) if found else None


def figures_of(ids: Collection[int], asked: Asked) -> Figures:
    """In four queries, however many organisations there are."""
    known = asked.known_on or visible_stamp()
    heads, memberships = (
        figures(Reach(tuple(ids), count, known), on=asked.day, by=["org", "category"])
        for count in (Count.HEADS, Count.MEMBERSHIPS)
    )
    booked = Flow.objects.filter(org_id__in=list(ids), month__lte=asked.day).values_list("org_id", flat=True).distinct()
    return Figures(heads, memberships, frozenset(booked))


@dataclass(frozen=True)
class Member:
    """An organisation directly below, with its figures: at its own level, and with everything below it."""

    org: Org
    name: str
    alive_since: date | None
    own: int | None
    heads: int | None
    memberships: int | None


@dataclass(frozen=True)
class Territory:
    """An organisation and everything below it: its path and theirs, by id."""

    org: Org
    paths: Mapping[int, str]
    listed: frozenset[int]

    @cached_property
    def path(self) -> str:
        return self.paths.get(self.org.pk, "")

    @cached_property
    def counted(self) -> list[int]:
        return sorted(self.paths.keys() & self.listed)

    @property
    def left_out(self) -> int:
        return len(self.paths) - len(self.counted)

    @cached_property
    def direct(self) -> list[int]:
        depth = self.path.count("/") + 1
        return [pk for pk, path in self.paths.items() if path.count("/") == depth]

    def below(self, pk: int) -> list[int]:
        """The organisation and everything below it, as far as it is counted."""
        own = self.paths[pk]
        return [one for one in self.counted if self.paths[one].startswith(own)]

    def chain(self) -> list[Org]:
        """The organisations above, the highest first."""
        codes = self.path.strip("/").split("/")[:-1]
        found = {org.code: org for org in Org.objects.filter(code__in=codes)}
        return [found[code] for code in codes]


def territory(org: Org, asked: Asked, listed: Collection[int]) -> Territory:
    """By the tree of the day, or by today's, in which what is closed keeps its last place."""
    if asked.tree == "now":
        paths = paths_today(subtree_ids(org, on=asked.day, tree="now"))
    else:
        places = OrgPlace.objects.known_at(asked.known_on).on(asked.day)
        own = places.filter(org=org).values_list("path", flat=True).first()
        paths = dict(places.filter(path__startswith=own).values_list("org_id", "path")) if own else {}
    return Territory(org, paths, frozenset(listed))


def lives_of(ids: Collection[int], asked: Asked) -> dict[int, date]:
    """Since when each exists as a body on the day; those that do not are left out."""
    lives = OrgLife.objects.known_at(asked.known_on).on(asked.day).filter(org_id__in=list(ids))
    return {pk: during.lower for pk, during in lives.values_list("org_id", "during")}


def below_of(found: Territory, asked: Asked, numbers: Figures | None) -> list[tuple[KindGroup, list[Member]]]:
    """What lies directly below, grouped by kind."""
    orgs = list(Org.objects.filter(pk__in=found.direct).order_by("code"))
    names, alive = names_on(found.direct, asked.day), lives_of(found.direct, asked)

    def count(ids: list[int], what: Count) -> int | None:
        return numbers.of(ids, what) if numbers else None

    members = [
        Member(
            org,
            names.get(org.pk, org.code),
            alive.get(org.pk),
            count([org.pk] if org.pk in found.listed else [], Count.HEADS),
            count(found.below(org.pk), Count.HEADS),
            count(found.below(org.pk), Count.MEMBERSHIPS),
        )
        for org in orgs
    ]
    groups = [(group, [m for m in members if KIND_GROUP[OrgKind(m.org.kind)] is group]) for group in KindGroup]
    return [(group, own) for group, own in groups if own]


def movements_of(found: Territory, asked: Asked) -> Movements | None:
    """The running year, what was closed within it included; None where the register does not add up."""
    since = asked.day.replace(month=1, day=1)
    ids = set(found.paths)
    if asked.tree == "then":
        ids |= set(subtree_ids_with_closed(found.org, on=asked.day, known_on=asked.known_on))
    reach = Reach(tuple(sorted(ids & found.listed)), known_on=asked.known_on)
    try:
        table = movement_table(reach, since=since, until=asked.day, by=["category"])
    except Unbalanced as error:
        log.error("movement table of %s, %s to %s: %s", found.org.code, since, asked.day, error)
        return None
    rows = {category: row for (category,), row in table.items() if not row.is_empty()}
    shown = [kind.value for kind in Category if kind.value in rows]
    return Movements(since, asked.day, shown, [rows[kind] for kind in shown], sum(rows.values(), MovementRow()))
