"""Reading the dated tree: which organisations lie below which on a day, as known at a moment, and their
names.

A day means its end: a change effective on a day is true on that day. Where "today's tree" is asked for, an
organisation that is closed by now keeps its last place, so that figures of its days are not lost and remain
visible to those above.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Literal, cast

from django.db import connection
from django.db.models.functions import Coalesce
from django.utils import timezone

from shanglian.archive.models import LogEntry
from shanglian.archive.queries import entries_about, id_or_none
from shanglian.directory.core.rights import Scope, covers
from shanglian.directory.models import Org, OrgLife, OrgName, OrgPlace, User

SYSTEM_USERNAME = "system"

# Each organisation's link to its parent today; a closed one keeps its last. One founded later has none yet.
_LINKS_TODAY = """
    SELECT DISTINCT ON (place.org_id) place.org_id, place.parent_id
    FROM directory_orgplace place
    WHERE upper_inf(place.known) AND lower(place.during) <= %(today)s
    ORDER BY place.org_id, lower(place.during) DESC
"""

_PATHS_TODAY = """
    WITH RECURSIVE climb(start_id, org_id, path, depth) AS (
        SELECT org.id, org.id, '/' || org.code || '/', 0
        FROM directory_org org WHERE org.id = ANY(%(ids)s::bigint[])
        UNION ALL
        SELECT climb.start_id, above.id, '/' || above.code || climb.path, climb.depth + 1
        FROM climb
        CROSS JOIN LATERAL (
            SELECT place.parent_id FROM directory_orgplace place
            WHERE place.org_id = climb.org_id AND upper_inf(place.known)
              AND lower(place.during) <= %(today)s
            ORDER BY lower(place.during) DESC LIMIT 1
        ) link
        JOIN directory_org above ON above.id = link.parent_id
    )
    SELECT DISTINCT ON (start_id) start_id, path FROM climb ORDER BY start_id, depth DESC
"""

_HOLDER = """
    SELECT directory_user.* FROM directory_apitoken token JOIN directory_user ON directory_user.id = token.user_id
    WHERE token.hash = %(hash)s AND token.revoked_at IS NULL AND token.expires_at > %(now)s AND directory_user.is_active
"""

_SUBTREE_THEN = """
    SELECT DISTINCT place.org_id
    FROM directory_orgplace root
    JOIN directory_orgplace place
        ON place.path >= root.path AND place.path < left(root.path, -1) || '0'
    WHERE root.org_id = %(root)s AND root.during @> %(on)s::date AND {root_known}
      AND place.during @> %(on)s::date AND {place_known}
"""


@dataclass(frozen=True)
class OrgLine:
    """One line of a printed tree."""

    org: Org
    name: str
    short_name: str
    depth: int
    alive_since: date | None

    @property
    def alive(self) -> bool:
        """False for an area without a federation on that day."""
        return self.alive_since is not None


@dataclass(frozen=True)
class HistoryLine:
    """A fact of one organisation as believed now: `what` on the days from `start` up to, not including,
    `end`.
    """

    what: str
    start: date
    end: date | None
    org: Org | None = None


@dataclass(frozen=True)
class History:
    names: list[HistoryLine]
    places: list[HistoryLine]
    lives: list[HistoryLine]
    changes: list[LogEntry]


def today() -> date:
    """The day in China; the calendar every `on` is written in."""
    return timezone.localdate()


def end_of_past_day(day: date | None) -> datetime | None:
    """The last moment of a day of knowledge; None, which is now, for a day that has not ended."""
    if day is None or day >= today():
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def record_begins() -> date | None:
    """The first day the tree is told of: a convention of its file, so nothing was founded on it as far as we know."""
    first = OrgPlace.objects.filter(known__upper_inf=True).order_by("during").first()
    return first.during.lower if first else None


def system_user() -> User:
    """The technical account for commands and jobs; it cannot sign in."""
    return User.objects.get(username=SYSTEM_USERNAME)


def account_since(user: User) -> Coalesce:
    """The entry of the log with which the account began, as a part of a query."""
    about = LogEntry.objects.filter(subject_type=User._meta.label_lower, subject_id=str(user.pk), verb="user.create")
    return id_or_none(about.order_by("pk").values_list("pk", flat=True))


def org_by_code(code: str) -> Org:
    """The organisation with this code. Raises Org.DoesNotExist; aliases are not accepted."""
    return Org.objects.get(code=code)


def subtree_ids(
    root: Org,
    *,
    on: date,
    known_on: datetime | None = None,
    tree: Literal["then", "now"] = "then",
) -> list[int]:
    """Ids of `root` and everything below it, sorted.

    `then`: the tree of the day `on`, as known at `known_on` (or now); empty if the root had no place on that
    day. `now`: today's tree as known now, whatever the day; closed organisations keep their last place.
    """
    if tree == "now":
        return _subtree_today([root.pk])
    known = "upper_inf({0}.known)" if known_on is None else "{0}.known @> %(known_on)s::timestamptz"
    sql = _SUBTREE_THEN.format(root_known=known.format("root"), place_known=known.format("place"))
    return _ids(sql, {"root": root.pk, "on": on, "known_on": known_on})


def territories_on_days(
    roots: Collection[int], *, days: Sequence[date], known_on: datetime | None = None
) -> dict[tuple[int, date], tuple[int, ...]]:
    """`subtree_ids` of several roots with the tree of each of several days, in one statement; () without a place."""
    known = "upper_inf({0}.known)" if known_on is None else "{0}.known @> %(known_on)s::timestamptz"
    sql = f"""
        SELECT root.org_id, day, array_agg(DISTINCT place.org_id ORDER BY place.org_id)
        FROM unnest(%(days)s::date[]) AS day
        JOIN directory_orgplace root
            ON root.org_id = ANY (%(roots)s) AND root.during @> day AND {known.format("root")}
        JOIN directory_orgplace place
            ON place.path >= root.path AND place.path < left(root.path, -1) || '0'
            AND place.during @> day AND {known.format("place")}
        GROUP BY root.org_id, day
    """  # noqa: S608  one of two constants is put in
    with connection.cursor() as cursor:
        cursor.execute(sql, {"roots": list(roots), "days": sorted(set(days)), "known_on": known_on})
        found = {(root, day): tuple(ids) for root, day, ids in cursor.fetchall()}
    return {(root, day): found.get((root, day), ()) for root in roots for day in days}


def subtree_ids_with_closed(root: Org, *, on: date, known_on: datetime | None = None) -> list[int]:
    """Ids of `root` and everything below it on a day, where what has ended by then keeps its last place.

    For figures of a period: what was closed within it had members at its beginning.
    """
    known = "upper_inf(place.known)" if known_on is None else "place.known @> %(known_on)s::timestamptz"
    sql = f"""
        WITH RECURSIVE link AS (
            SELECT DISTINCT ON (place.org_id) place.org_id, place.parent_id
            FROM directory_orgplace place
            WHERE {known} AND lower(place.during) <= %(on)s
            ORDER BY place.org_id, lower(place.during) DESC
        ),
        below(org_id) AS (
            SELECT %(root)s::bigint
            UNION
            SELECT link.org_id FROM link JOIN below ON link.parent_id = below.org_id
        )
        SELECT org_id FROM below
    """  # noqa: S608  one of two constants is put in
    return _ids(sql, {"root": root.pk, "on": on, "known_on": known_on})


def _subtree_today(roots: list[int]) -> list[int]:
    sql = f"""
        WITH RECURSIVE link AS ({_LINKS_TODAY}),
        below(org_id) AS (
            SELECT unnest(%(roots)s::bigint[])
            UNION
            SELECT link.org_id FROM link JOIN below ON link.parent_id = below.org_id
        )
        SELECT org_id FROM below
    """  # noqa: S608  only the constant above is put in
    return _ids(sql, {"roots": roots, "today": today()})


def _ids(sql: str, params: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sorted(row[0] for row in cursor.fetchall())


def paths_today(ids: Iterable[int]) -> dict[int, str]:
    """Each organisation's path in today's tree. Climbs from the given ones, so its cost is theirs alone."""
    with connection.cursor() as cursor:
        cursor.execute(_PATHS_TODAY, {"ids": list(ids), "today": today()})
        return dict(cursor.fetchall())


def names_on(ids: Iterable[int], on: date) -> dict[int, str]:
    """The name of each organisation on a day; outside its days the nearest one: the last before, else the
    first.
    """
    return {org_id: name for org_id, name, _ in _name_rows(ids, on)}


def short_names_on(ids: Iterable[int], on: date) -> dict[int, str]:
    """Like names_on, with the short name where there is one."""
    return {org_id: short or name for org_id, name, short in _name_rows(ids, on)}


def both_names_on(ids: Iterable[int] | None, on: date) -> dict[int, tuple[str, str]]:
    """(full name, short name) of each organisation (None: of all), as names_on and short_names_on tell them."""
    return {org_id: (name, short or name) for org_id, name, short in _name_rows(ids, on)}


def _name_rows(ids: Iterable[int] | None, on: date) -> list[tuple[int, str, str]]:
    sql = f"""
        SELECT DISTINCT ON (org_id) org_id, name, short_name
        FROM directory_orgname
        WHERE {"TRUE" if ids is None else "org_id = ANY(%(ids)s::bigint[])"} AND upper_inf(known)
        ORDER BY org_id, lower(during) <= %(on)s DESC,
            CASE WHEN lower(during) <= %(on)s THEN %(on)s - lower(during) ELSE lower(during) - %(on)s END
    """  # noqa: S608 -- ours
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": list(ids or ()), "on": on})
        return cast(list[tuple[int, str, str]], cursor.fetchall())


def children_on(org: Org, on: date, *, known_on: datetime | None = None) -> list[Org]:
    """Organisations directly below `org` on a day, by code."""
    places = OrgPlace.objects.known_at(known_on).on(on).filter(parent=org)
    return list(Org.objects.filter(places__in=places).distinct().order_by("code"))


def parent_on(org: Org, on: date, *, known_on: datetime | None = None) -> Org | None:
    """The organisation directly above on a day; None for a root and for one without a place on that day."""
    place = OrgPlace.objects.known_at(known_on).on(on).filter(org=org).select_related("parent").first()
    return place.parent if place else None


def is_alive(org: Org, on: date, *, known_on: datetime | None = None) -> bool:
    """Whether the organisation exists as a body on a day and can hold members."""
    return OrgLife.objects.known_at(known_on).on(on).filter(org=org).exists()


def tree_on(on: date, *, known_on: datetime | None = None, ids: Iterable[int] | None = None) -> list[OrgLine]:
    """The tree of a day in printing order: each organisation below its parent, siblings by code.

    `ids` leaves only these organisations; `depth` is still counted from the root of the tree.
    """
    places = OrgPlace.objects.known_at(known_on).on(on).select_related("org").order_by("path")
    if ids is not None:
        places = places.filter(org__in=list(ids))
    found = list(places)
    names = {org_id: (name, short) for org_id, name, short in _name_rows([p.org_id for p in found], on)}
    lives = dict(OrgLife.objects.known_at(known_on).on(on).values_list("org_id", "during"))
    return [
        OrgLine(
            org=place.org,
            name=names[place.org_id][0],
            short_name=names[place.org_id][1],
            depth=place.path.count("/") - 2,
            alive_since=lives[place.org_id].lower if place.org_id in lives else None,
        )
        for place in found
    ]


def history_of(org: Org, *, known_on: datetime | None = None) -> History:
    """What is believed, or was believed at `known_on`, of the organisation's names, places and life, oldest first, and
    the changes recorded by then.
    """
    places = list(OrgPlace.objects.known_at(known_on).filter(org=org).select_related("parent").order_by("during"))
    lives = OrgLife.objects.known_at(known_on).filter(org=org).order_by("during")
    names = OrgName.objects.known_at(known_on).filter(org=org).order_by("during")
    changes = entries_about(org)
    if known_on is not None:
        changes = changes.filter(at__lte=known_on)
    return History(
        names=[HistoryLine(n.name, n.during.lower, n.during.upper) for n in names],
        places=[
            HistoryLine(
                names_on([p.parent_id], p.during.lower)[p.parent_id] if p.parent_id else "",
                p.during.lower,
                p.during.upper,
                p.parent,
            )
            for p in places
        ],
        lives=[HistoryLine("", life.during.lower, life.during.upper) for life in lives],
        changes=list(changes),
    )


def hash_of_token(text: str) -> str:
    """What is kept of a token."""
    return sha256(text.encode()).hexdigest()


def user_of_token(text: str) -> User | None:
    """Whose valid token this is, if the account is active; one query."""
    return next(iter(User.objects.raw(_HOLDER, {"hash": hash_of_token(text), "now": timezone.now()})), None)


def covered_ids(scopes: Iterable[tuple[Scope, str]]) -> list[int]:
    """Ids of the organisations within any of the (scope, own path) pairs, by today's tree, sorted."""
    scopes = list(scopes)
    if any(scope is Scope.ALL for scope, _ in scopes):
        return list(Org.objects.order_by("pk").values_list("pk", flat=True))
    codes = {own.split("/")[-2] for _, own in scopes}
    above = {code for scope, own in scopes if scope is Scope.OWN_AND_ABOVE for code in own.split("/")[1:-1]}
    id_of = dict(Org.objects.filter(code__in=codes | above).values_list("code", "pk"))
    found = {id_of[code] for code in above}
    for scope, own in scopes:
        own_id = id_of[own.split("/")[-2]]
        if scope in (Scope.BELOW, Scope.OWN_AND_BELOW):
            found.update(_subtree_today([own_id]))
        if scope is Scope.OWN:
            found.add(own_id)
        if scope is Scope.BELOW and not any(covers(other, seen, own) for other, seen in scopes):
            found.discard(own_id)
    return sorted(found)


def tree_faults() -> list[str]:
    """What no action can bring about and no constraint forbids, as code and days; empty for a sound tree.

    Days with a place but no name or the other way round; days of life without a place; a federation or chamber whose
    life is not its place.
    """
    sql = """
        WITH placed AS (SELECT org_id, range_agg(during) AS days FROM directory_orgplace
                        WHERE upper_inf(known) GROUP BY org_id),
        named AS (SELECT org_id, range_agg(during) AS days FROM directory_orgname
                  WHERE upper_inf(known) GROUP BY org_id),
        living AS (SELECT org_id, range_agg(during) AS days FROM directory_orglife
                   WHERE upper_inf(known) GROUP BY org_id)
        SELECT org.code, placed.days::text, named.days::text, living.days::text
        FROM directory_org org
        LEFT JOIN placed ON placed.org_id = org.id
        LEFT JOIN named ON named.org_id = org.id
        LEFT JOIN living ON living.org_id = org.id
        WHERE placed.days IS DISTINCT FROM named.days
           OR NOT coalesce(placed.days @> living.days, living.days IS NULL)
           OR (org.kind <> 'zone' AND placed.days IS DISTINCT FROM living.days)
        ORDER BY org.code
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [
            f"{code}: place {placed} name {named} life {living}" for code, placed, named, living in cursor.fetchall()
        ]
