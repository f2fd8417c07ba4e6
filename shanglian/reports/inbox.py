"""What waits for a reader and what happened that concerns them, put together from the rooms (common/waiting.py)."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from functools import cache, lru_cache, reduce
from operator import or_
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import IntegerField, Q, QuerySet, Value
from django.utils import timezone
from django.utils.module_loading import import_string

from shanglian.archive.models import LogEntry
from shanglian.archive.queries import unread_by
from shanglian.common.waiting import Item, Notices, Reach, Told, Waiting
from shanglian.directory.models import User
from shanglian.directory.queries import account_since
from shanglian.members.queries import rows

COUNTED: Final = 100  # unread notices; more are "99+"
URGENCY: Final = ("bad", "warn", "info")
_NOTICES: Final = -1


@cache
def _named(paths: tuple[str, ...]) -> list[Any]:
    return [import_string(path) for path in paths]


def waiting_rooms() -> list[Waiting]:
    return _named(tuple(settings.WAITING))


def telling_rooms() -> list[Notices]:
    return _named(tuple(settings.NOTICES))


def rights_asked() -> list[str]:
    """What the rooms want to know of the reader."""
    asked = [room.verbs for room in waiting_rooms()] + [room.verbs for room in telling_rooms()]
    return sorted({right for verbs in asked for right in verbs()})


def counts_for(reader: User, reach: Reach) -> tuple[Counter[str], int]:
    """(how many things wait, by navigation entry; unread notices up to COUNTED): one query for every room."""
    rooms, counts = waiting_rooms(), Counter[str]()
    asked = tuple((right, tuple(orgs)) for right, orgs in reach.items())
    found: dict[int, int] = dict(rows(_counting(reader.pk, asked, timezone.now().replace(second=0, microsecond=0))))
    for n, room in enumerate(rooms):
        counts[room.entry] += found.get(n, 0) if room.rows else len(room.items(reader, reach))
    return counts, found.get(_NOTICES, 0)


@lru_cache(maxsize=256)
def _counting(reader_id: int, asked: tuple[tuple[str, tuple[int, ...]], ...], _minute: datetime) -> str:
    """The query that counts: written anew once a minute, since it names moments and days; each page asks it, and to
    write it costs ten times what it costs to ask.
    """
    reader, reach = User(pk=reader_id), dict(asked)
    parts = [_marked(room.rows(reader, reach), n) for n, room in enumerate(waiting_rooms()) if room.rows]
    parts.append(_marked(unread_notices(reader, reach).order_by()[:COUNTED], _NOTICES))
    sql, params = parts[0].union(*parts[1:], all=True).query.sql_with_params()
    written = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]  # PostgreSQL's
    return f"SELECT n, count(*) FROM ({written}) AS found(n) GROUP BY n"  # noqa: S608 -- written by the ORM


def _marked(rows: QuerySet[Any], mark: int) -> QuerySet[Any]:
    return rows.values_list(Value(mark, IntegerField()))


def items_for(reader: User, reach: Reach) -> list[Item]:
    """Everything that waits for the reader, the most urgent first, then what has waited longest."""
    found = [item for room in waiting_rooms() for item in room.items(reader, reach)]
    return sorted(found, key=lambda item: (URGENCY.index(item.kind), item.since or date.max))


def notices_for(reader: User, reach: Reach) -> QuerySet[LogEntry]:
    """Entries of the log that concern the reader and that somebody else made since the account exists, the newest
    first.
    """
    concerning = reduce(or_, [room.entries(reader, reach) for room in telling_rooms()], Q(pk__in=[]))
    entries = LogEntry.objects.filter(concerning, pk__gt=account_since(reader))
    return entries.exclude(actor=reader).order_by("-pk")


def unread_notices(reader: User, reach: Reach) -> QuerySet[LogEntry]:
    return notices_for(reader, reach).filter(unread_by(reader))


def told_of(entries: Collection[LogEntry], reader: User, reach: Reach) -> list[tuple[LogEntry, Told]]:
    """Each entry with its words, from the room that tells of it."""
    words: dict[int, Told] = {}
    for room in telling_rooms():
        own = [entry for entry in entries if entry.verb in room.tells]
        words |= room.told(own, reader, reach) if own else {}
    return [(entry, words[entry.pk]) for entry in entries]


def unread_of(entries: Collection[LogEntry], reader: User) -> set[int]:
    """Which of these the reader has not marked as read."""
    own = LogEntry.objects.filter(unread_by(reader), pk__in=[entry.pk for entry in entries])
    return set(own.values_list("pk", flat=True))
