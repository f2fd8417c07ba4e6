"""Statements that change two-clocked facts: rows are closed on the second clock and written anew, in one
statement.

Only actions call this. It checks nothing but what the database checks; refusals with a sentence are the
actions' work.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Model

from shanglian.directory.core.tree import Run, Runs
from shanglian.directory.models import Org, OrgLife, OrgName, OrgPlace

MICROSECOND = timedelta(microseconds=1)

# One writer of the tree at a time: paths are derived from the rows of others. Any fixed number will do.
TREE_LOCK = 410_000

_LAST_STAMP = """
    SELECT clock_timestamp(), greatest(
        (SELECT max(lower(known)) FROM directory_orgplace),
        (SELECT max(lower(known)) FROM directory_orgname),
        (SELECT max(lower(known)) FROM directory_orglife)
    )
"""

# Days outside the changed span keep what they had; the days inside are written by the caller's own part.
_KEPT = """
    SELECT {columns}, daterange(lower(during), lower(%(span)s::daterange)) AS during FROM closed
    WHERE lower(during) < lower(%(span)s::daterange)
    UNION ALL
    SELECT {columns}, daterange(upper(%(span)s::daterange), upper(during)) FROM closed
    WHERE NOT upper_inf(%(span)s::daterange)
      AND (upper_inf(during) OR upper(during) > upper(%(span)s::daterange))
"""

_REWRITE = """
    WITH closed AS (
        UPDATE {table} SET known = tstzrange(lower(known), %(stamp)s)
        WHERE org_id = %(org)s AND upper_inf(known) AND during && %(span)s::daterange
        RETURNING {columns}, during
    ),
    renewed AS ({kept} {added})
    INSERT INTO {table} ({columns}, during, known)
    SELECT {columns}, during, tstzrange(%(stamp)s, NULL) FROM renewed
"""

_MOVE = """
    WITH closed AS (
        UPDATE directory_orgplace SET known = tstzrange(lower(known), %(stamp)s)
        WHERE upper_inf(known) AND during && %(span)s::daterange AND path LIKE '%%/' || %(code)s || '/%%'
        RETURNING org_id, parent_id, path, during
    ),
    renewed AS (
        {kept}
        UNION ALL
        SELECT closed.org_id,
            CASE WHEN closed.org_id = %(org)s THEN %(parent)s ELSE closed.parent_id END,
            above.path || substr(closed.path, strpos(closed.path, '/' || %(code)s || '/') + 1),
            closed.during * above.during * %(span)s::daterange
        FROM closed
        JOIN directory_orgplace above
            ON above.org_id = %(parent)s AND upper_inf(above.known)
            AND NOT isempty(closed.during * above.during * %(span)s::daterange)
    )
    INSERT INTO directory_orgplace (org_id, parent_id, path, during, known)
    SELECT org_id, parent_id, path, during, tstzrange(%(stamp)s, NULL) FROM renewed
"""

_PLACE = """
    INSERT INTO directory_orgplace (org_id, parent_id, path, during, known)
    SELECT %(org)s, above.org_id, above.path || %(code)s || '/', above.during * %(span)s::daterange,
        tstzrange(%(stamp)s, NULL)
    FROM directory_orgplace above
    WHERE above.org_id = %(parent)s AND upper_inf(above.known) AND above.during && %(span)s::daterange
"""


# What a change wrote is no longer believed; what it replaced is believed again, on the days on which it was.
_TAKE_BACK = """
    WITH gone AS (
        UPDATE {table} SET known = tstzrange(lower(known), %(stamp)s)
        WHERE upper_inf(known) AND lower(known) = %(change)s
        RETURNING id
    )
    INSERT INTO {table} ({columns}, during, known)
    SELECT {columns}, during, tstzrange(%(stamp)s, NULL) FROM {table}
    WHERE upper(known) = %(change)s AND (SELECT count(*) FROM gone) >= 0
"""
_COLUMNS: Mapping[type[Model], str] = {
    OrgName: "org_id, name, short_name",
    OrgPlace: "org_id, parent_id, path",
    OrgLife: "org_id",
}


def lock_tree() -> datetime:
    """Wait for the right to change the tree until the end of the transaction; gives the stamp of the next
    change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
    return next_stamp()


def next_stamp() -> datetime:
    """The clock, but always later than the last stamp, even where the clock was set back."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_STAMP)
        clock, last = cast(tuple[datetime, datetime | None], cursor.fetchone())
    return clock if last is None else max(clock, last + MICROSECOND)


def last_stamp() -> datetime:
    """The stamp of the last change; under the lock of the tree, of the change just made."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_STAMP)
        _clock, last = cast(tuple[datetime, datetime], cursor.fetchone())
    return last


def stands(change: datetime) -> bool:
    """Whether everything that the change with this stamp wrote is still believed, and it wrote something."""
    known = [
        model._default_manager.filter(known__startswith=change).values_list("known", flat=True) for model in _COLUMNS
    ]
    found = [one for rows in known for one in rows]
    return bool(found) and all(one.upper is None for one in found)


def take_back(change: datetime, stamp: datetime) -> None:
    """Undo one change in all three tables. The database refuses what would hang in the air."""
    for model, columns in _COLUMNS.items():
        sql = _TAKE_BACK.format(table=model._meta.db_table, columns=columns)
        _run(sql, {"change": change, "stamp": stamp})


def days(start: date, end: date | None) -> DateRange:
    return DateRange(start, end)


def insert_fact(model: type[Model], org: Org, during: DateRange, stamp: datetime, **values: str) -> None:
    """A first fact, where nothing held on these days."""
    model._default_manager.create(org=org, during=during, known=DateTimeTZRange(stamp, None), **values)


def place_org(org: Org, parent: Org | None, during: DateRange, stamp: datetime) -> None:
    """Give a new organisation its place; one row for each stretch of days on which the parent's own path is
    the same.
    """
    if parent is None:
        OrgPlace.objects.create(
            org=org, parent=None, path=f"/{org.code}/", during=during, known=DateTimeTZRange(stamp, None)
        )
        return
    _run(_PLACE, {"org": org.pk, "code": org.code, "parent": parent.pk, "span": during, "stamp": stamp})


def move_subtree(org: Org, parent: Org, during: DateRange, stamp: datetime) -> None:
    """Hang `org`, and all that stands below it, under `parent` on these days."""
    sql = _MOVE.format(kept=_KEPT.format(columns="org_id, parent_id, path"))
    _run(
        sql,
        {"org": org.pk, "code": org.code, "parent": parent.pk, "span": during, "stamp": stamp},
    )


def rewrite_name(org: Org, during: DateRange, stamp: datetime, *, name: str, short_name: str) -> None:
    added = "UNION ALL SELECT %(org)s, %(name)s, %(short_name)s, %(span)s::daterange"
    _rewrite(OrgName, org, during, stamp, "name, short_name", added, {"name": name, "short_name": short_name})


def drop_days(org: Org, during: DateRange, stamp: datetime) -> None:
    """Name, place and life of `org` no longer hold on these days."""
    for model, columns in ((OrgName, "name, short_name"), (OrgPlace, "parent_id, path"), (OrgLife, "")):
        _rewrite(model, org, during, stamp, columns, "", {})


def _rewrite(
    model: type[Model],
    org: Org,
    during: DateRange,
    stamp: datetime,
    columns: str,
    added: str,
    values: Mapping[str, str],
) -> None:
    columns = f"org_id, {columns}" if columns else "org_id"
    sql = _REWRITE.format(table=model._meta.db_table, columns=columns, kept=_KEPT.format(columns=columns), added=added)
    _run(sql, {"org": org.pk, "span": during, "stamp": stamp, **values})


def _run(sql: str, params: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params))


def place_runs(org: Org) -> Runs[int | None]:
    """The organisation's parents (ids) as believed now, by day."""
    rows = OrgPlace.objects.known_at().filter(org=org).order_by("during").values_list("during", "parent_id")
    return tuple(Run(during.lower, during.upper, parent) for during, parent in rows)


def name_runs(org: Org) -> Runs[tuple[str, str]]:
    rows = OrgName.objects.known_at().filter(org=org).order_by("during").values_list("during", "name", "short_name")
    return tuple(Run(during.lower, during.upper, (name, short)) for during, name, short in rows)


def life_runs(org: Org) -> Runs[bool]:
    rows = OrgLife.objects.known_at().filter(org=org).order_by("during").values_list("during", flat=True)
    return tuple(Run(during.lower, during.upper, True) for during in rows)
