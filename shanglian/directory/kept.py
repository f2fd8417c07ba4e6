"""What rests on the tree of today alone, kept in the process while the tree does not change.

Every page asks for the same tree, and it seldom changes. Its version comes with the reader's posts in one small query;
another version, or another day, is another entry. Each change is stamped later than all before it, so that a version
never comes back, not even that of a change that was rolled back. What is handed out is shared: nobody changes it.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Post, Role, Scope
from shanglian.directory.models import Org, User
from shanglian.directory.queries import OrgLine, both_names_on, covered_ids, paths_today, today, tree_on

Version = tuple[Any, ...]

_OF_FACTS = "(SELECT (max(id), count(upper(known)), max(lower(known)), max(upper(known)))::text FROM directory_{})"
VERSION = ", ".join(
    ["current_database()", "(SELECT max(id) FROM directory_org)"]
    + [_OF_FACTS.format(table) for table in ("orgplace", "orgname", "orglife")]
)
_STANDING = f"""
    SELECT held.role, held.org_id, version.* FROM (SELECT {VERSION}) version
      LEFT JOIN directory_appointment held ON held.user_id = %s AND held.during @> %s::date"""  # noqa: S608 -- ours


@dataclass(frozen=True)
class Standing:
    """The posts somebody holds on a day as (role, organisation), and the version of the tree they were read with."""

    day: date
    held: tuple[tuple[Role, int], ...]
    tree: Version

    @property
    def posts(self) -> list[Post]:
        paths = paths_of(tuple(sorted({org_id for _role, org_id in self.held})), self.day, self.tree)
        return [Post(role, paths[org_id]) for role, org_id in self.held]


def tree_version() -> Version:
    """For whoever has no posts to be asked for."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {VERSION}")
        found: Version = cursor.fetchone()
    return found


def standing_of(user: User) -> Standing:
    """Today's. Who only reads is looked up once in a request (middleware), anybody else each time anew."""
    if user.standing is None:
        found = _standing(user.pk, today())
        if not user.reads_only:
            return found
        user.standing = found
    kept: Standing = user.standing
    return kept


def _standing(user_id: int, day: date) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [user_id, day])
        rows = cursor.fetchall()
    held = tuple((Role(role), org_id) for role, org_id, *_version in rows if role is not None)
    return Standing(day, held, rows[0][2:])


# `day` is today where nothing else is said; it is a part of what an entry is found by.


@lru_cache(maxsize=4096)
def paths_of(ids: tuple[int, ...], _day: date, _tree: Version) -> dict[int, str]:
    return paths_today(ids)


@lru_cache(maxsize=256)
def covered_by(reach: tuple[tuple[Scope, str], ...], _day: date, _tree: Version) -> tuple[int, ...]:
    """Ids of the organisations within any of the (scope, own path) pairs, sorted."""
    return tuple(covered_ids(reach))


@lru_cache(maxsize=64)
def lines_of(ids: tuple[int, ...], day: date, _tree: Version) -> tuple[OrgLine, ...]:
    """The tree of the day in printing order, these organisations only."""
    return tuple(tree_on(day, ids=ids))


@lru_cache(maxsize=16)
def names_kept(day: date, _tree: Version) -> dict[int, tuple[str, str]]:
    """Full and short name of every organisation on a day, which may be any."""
    return both_names_on(None, day)


@lru_cache(maxsize=1024)
def org_of(org_id: int, _tree: Version) -> Org:
    return Org.objects.get(pk=org_id)


@lru_cache(maxsize=16)
def only_city(_tree: Version) -> Org | None:
    """The federation this installation belongs to: its city, where there is exactly one."""
    cities = list(Org.objects.filter(kind=OrgKind.CITY)[:2])
    return cities[0] if len(cities) == 1 else None


@lru_cache(maxsize=16)
def has_samples(_tree: Version) -> bool:
    """Whether any organisation is invented."""
    return Org.objects.filter(sample=True).exists()


def forget() -> None:
    """Start anew: for tests that count queries."""
    for kept in (paths_of, covered_by, lines_of, names_kept, org_of, only_city, has_samples):
        kept.cache_clear()
