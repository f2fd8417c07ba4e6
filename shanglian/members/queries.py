"""Reads across the ledger: figures as of a day and as known at a moment, the movement table, who is behind them.

Figures by organisation and category come from the roll-up (year-end balance, months, the days of a running month),
those of the whole register from its own roll-up by day; figures by any other attribute from the legs. All leave out
what was recorded after `known_on`. A reader's "now" is the highest stamp it can see, never the clock.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db import connection

from shanglian.members.core.kinds import Count
from shanglian.members.core.statistics import MovementRow, movement_row

ROLLED_UP = frozenset({"org", "category"})
MANY = 500  # organisations; with fewer a filter by them costs less than asking whether they are all there are
DIMENSIONS = {
    "org": "l.org_id",
    "category": "l.category",
    "county": "l.county",
    "section": "p.section",
    "size": "p.size",
    "registration_type": "p.registration_type",
    "attribution": "p.attribution",
    "group_kind": "p.group_kind",
}


# What was recorded after the moment asked for. Where the clock says that nothing was, the legs are not looked at: the
# newest of them are not yet in the index of stamps.
NEWER = "(SELECT stamp FROM members_ledgerclock) > %(known)s AND recorded_at > %(known)s"


@dataclass(frozen=True)
class Reach:
    """What a figure is asked for: these organisations (None: the whole register), one count, known by a moment."""

    orgs: tuple[int, ...] | None
    count: Count = Count.HEADS
    known_on: datetime | None = None

    def params(self) -> dict[str, Any]:
        known = self.known_on or visible_stamp()
        return {"orgs": list(self.orgs) if self.orgs is not None else None, "known": known}

    def by_org(self) -> str:
        """A filter that always names organisations, so that days of a month are found through their index."""
        return "org_id = ANY (ARRAY(SELECT id FROM directory_org))" if self.orgs is None else self.where()

    def where(self, column: str = "org_id") -> str:
        """The organisation filter; left out for the whole register, where it would cost more than it saves."""
        return "TRUE" if self.orgs is None else f"{column} = ANY (%(orgs)s::bigint[])"


_OTHERS = """SELECT EXISTS (SELECT FROM directory_org o WHERE o.id <> ALL (%(orgs)s::bigint[])
                                AND EXISTS (SELECT FROM members_flow f WHERE f.org_id = o.id))"""


def widened(reach: Reach) -> Reach:
    """The same figures asked for without a filter, where no other organisation has an entry."""
    if reach.orgs is None or len(reach.orgs) < MANY:
        return reach
    ((others,),) = rows(_OTHERS, {"orgs": list(reach.orgs)})
    return reach if others else Reach(None, reach.count, reach.known_on)


def visible_stamp() -> datetime:
    """The last moment recorded in the ledger as this reader sees it."""
    ((stamp,),) = rows("SELECT stamp FROM members_ledgerclock")
    return cast(datetime, stamp)


def rows(sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def month_start(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def full_months_until(day: date) -> date:
    """First day of the first month that `day` does not complete: months before it are summed whole."""
    after = day + timedelta(days=1)
    return after if after.day == 1 else month_start(day)


def figures(reach: Reach, *, on: date, by: Sequence[str] = ()) -> dict[tuple[Any, ...], int]:
    """Members at the end of a day, by the given dimensions (keys of DIMENSIONS); zeros are left out."""
    if not set(by) <= ROLLED_UP:
        return _from_legs(reach, on, by)
    if "org" not in by:
        reach = widened(reach)
        if reach.orgs is None:
            return _from_days(reach, on, by)
    return _from_roll_up(reach, on, by)


def _from_days(reach: Reach, on: date, by: Sequence[str]) -> dict[tuple[Any, ...], int]:
    keys = ", ".join(by)
    group = f"GROUP BY {keys}" if by else ""
    column = reach.count.value
    sql = f"""
        WITH parts AS (
            SELECT category, {column} AS n FROM members_registerflow WHERE day <= %(on)s
            UNION ALL
            SELECT category, -{column} FROM members_leg WHERE {NEWER} AND effective_on <= %(on)s)
        SELECT {keys + "," if by else ""} sum(n)::bigint FROM parts {group}
    """  # noqa: S608 -- names come from DIMENSIONS and Count, values are parameters
    return {row[:-1]: row[-1] for row in rows(sql, {**reach.params(), "on": on}) if row[-1]}


def _from_roll_up(reach: Reach, on: date, by: Sequence[str]) -> dict[tuple[Any, ...], int]:
    keys = ", ".join(DIMENSIONS[name].removeprefix("l.") for name in by)
    group = f"GROUP BY {keys}" if by else ""
    column = reach.count.value
    months = full_months_until(on)
    sql = f"""
        WITH closed AS (SELECT max(year) AS year, coalesce(make_date(max(year) + 1, 1, 1), '-infinity') AS after
                          FROM members_yearclose WHERE make_date(year, 12, 31) <= %(on)s),
        parts AS (
            SELECT org_id, category, {column} AS n FROM members_balance, closed
             WHERE members_balance.year = closed.year AND {reach.where()}
            UNION ALL
            SELECT org_id, category, {column} FROM members_flow
             WHERE month >= (SELECT after FROM closed) AND month < %(months)s AND {reach.where()}
            UNION ALL
            SELECT org_id, category, {column} FROM members_leg
             WHERE effective_on >= %(months)s AND effective_on <= %(on)s AND {reach.by_org()}
            UNION ALL
            SELECT org_id, category, -{column} FROM members_leg
             WHERE {NEWER} AND effective_on <= %(on)s AND {reach.where()})
        SELECT {keys + "," if by else ""} sum(n)::bigint FROM parts {group}
    """  # noqa: S608 -- names come from DIMENSIONS and Count, values are parameters
    params = {**reach.params(), "on": on, "months": months}
    return {row[:-1]: row[-1] for row in rows(sql, params) if row[-1]}


def _from_legs(reach: Reach, on: date, by: Sequence[str]) -> dict[tuple[Any, ...], int]:
    keys = ", ".join(DIMENSIONS[name] for name in by)
    sql = f"""
        SELECT {keys}, sum(l.{reach.count.value})::bigint
          FROM members_leg l JOIN members_profile p ON p.id = l.profile_id
         WHERE l.effective_on <= %(on)s AND l.recorded_at <= %(known)s AND {reach.where("l.org_id")}
         GROUP BY {keys}
    """  # noqa: S608 -- names come from DIMENSIONS and Count, values are parameters
    return {row[:-1]: row[-1] for row in rows(sql, {**reach.params(), "on": on}) if row[-1]}


def first_booked(reach: Reach) -> date | None:
    """The first day anything in reach took effect: before it nobody can know, which is not the same as nobody."""
    sql = f"""SELECT min(first.effective_on) FROM directory_org o, LATERAL (
                  SELECT effective_on FROM members_leg WHERE org_id = o.id AND recorded_at <= %(known)s
                   ORDER BY effective_on LIMIT 1) first
               WHERE {reach.where("o.id")}"""  # noqa: S608
    found: date | None = rows(sql, reach.params())[0][0]
    return found


def line_sums(reach: Reach, *, since: date, until: date, by: Sequence[str]) -> dict[tuple[Any, ...], dict[str, int]]:
    """What took effect in the period (both days included), by dimensions from ROLLED_UP, then by line."""
    keys = "".join(DIMENSIONS[name].removeprefix("l.") + ", " for name in by)
    reach = reach if "org" in by else widened(reach)
    column = reach.count.value
    first = since if since.day == 1 else next_month(since)
    last = full_months_until(until)
    whole = f"""SELECT category, line, {column} AS n FROM members_registerflow
                 WHERE day BETWEEN %(since)s AND %(until)s"""  # noqa: S608
    own = f"""
            SELECT org_id, category, line, {column} AS n FROM members_flow
             WHERE month >= %(first)s AND month < %(last)s AND {reach.where()}
            UNION ALL
            SELECT org_id, category, line, {column} FROM members_leg
             WHERE effective_on BETWEEN %(since)s AND %(until)s
               AND NOT (effective_on >= %(first)s AND effective_on < %(last)s) AND {reach.by_org()}"""  # noqa: S608
    from_days = reach.orgs is None and "org" not in by
    sql = f"""
        WITH parts AS (
            {whole if from_days else own}
            UNION ALL
            SELECT {"" if from_days else "org_id,"} category, line, -{column} FROM members_leg
             WHERE {NEWER} AND effective_on BETWEEN %(since)s AND %(until)s AND {reach.where()})
        SELECT {keys} line, sum(n)::bigint FROM parts GROUP BY {keys} line
    """  # noqa: S608 -- names come from DIMENSIONS and Count, values are parameters
    params = {**reach.params(), "first": first, "last": last, "since": since, "until": until}
    found: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for row in rows(sql, params):
        if row[-1]:
            found[row[:-2]][row[-2]] = row[-1]
    return dict(found)


def movement_table(
    reach: Reach, *, since: date, until: date, by: Sequence[str] = ()
) -> dict[tuple[Any, ...], MovementRow]:
    """The movement table of a period, by dimensions from ROLLED_UP. Raises Unbalanced, naming the row."""
    pinned = Reach(reach.orgs, reach.count, reach.known_on or visible_stamp())
    if "org" not in by:
        pinned = widened(pinned)
    before = figures(pinned, on=since - timedelta(days=1), by=by)
    after = figures(pinned, on=until, by=by)
    lines = line_sums(pinned, since=since, until=until, by=by)
    keys = sorted({*before, *after, *lines}, key=str)
    return {key: movement_row(before.get(key, 0), lines.get(key, {}), after.get(key, 0)) for key in keys}


@dataclass(frozen=True)
class Among:
    """Only members of one category ("": of all), and of an attribute only these codes (`attribute` "": all of them)."""

    category: str
    attribute: str = ""
    codes: frozenset[str] = frozenset()

    def where(self, alias: str) -> str:
        attribute = f"AND p.{self.attribute} = ANY (%(codes)s)" if self.attribute else ""
        return f"{f'AND {alias}.category = %(category)s' if self.category else ''} {attribute}"

    def params(self) -> dict[str, Any]:
        return {"category": self.category, "codes": sorted(self.codes)}


def entities_behind(reach: Reach, *, on: date, limit: int, among: Among | None = None) -> tuple[list[int], int]:
    """Ids of the entities behind a figure (the first `limit` by name) and how many there are in all.

    Read from the spans, which say what is known now; with an older `known_on` from the legs.
    """
    if reach.known_on is None:
        home = "AND s.home" if reach.count is Count.HEADS else ""
        source = f"""SELECT s.entity_id, count(*) AS n
                       FROM members_span s JOIN members_profile p ON p.id = s.profile_id
                      WHERE s.during @> %(on)s::date {home} AND {reach.where("s.org_id")}
                            {among.where("s") if among else ""} GROUP BY s.entity_id"""  # noqa: S608
    else:
        source = f"""SELECT m.entity_id, sum(l.{reach.count.value}) AS n
                       FROM members_leg l JOIN members_membership m ON m.id = l.membership_id
                       JOIN members_profile p ON p.id = l.profile_id
                      WHERE l.effective_on <= %(on)s AND l.recorded_at <= %(known)s AND {reach.where("l.org_id")}
                            {among.where("l") if among else ""}
                      GROUP BY m.entity_id HAVING sum(l.{reach.count.value}) > 0"""  # noqa: S608
    params = {**reach.params(), **(among.params() if among else {}), "on": on, "limit": limit}
    ((total,),) = rows(f"SELECT coalesce(sum(n), 0)::bigint FROM ({source}) x", params)  # noqa: S608
    if not limit:
        return [], total
    ids = rows(
        f"SELECT x.entity_id FROM ({source}) x JOIN members_entity e ON e.id = x.entity_id "  # noqa: S608
        "ORDER BY e.sort_key, e.id LIMIT %(limit)s",
        params,
    )
    return [row[0] for row in ids], total
