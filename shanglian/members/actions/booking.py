"""The one way into the ledger: take a stamp, then enter a booking as a whole.

Whoever decides on the register's present state takes the stamp first: it holds the ledger lock, so what is read
after it stays true until the booking is in. Everything goes in by COPY; one booking is one COPY of legs, because the
guards judge a statement as a whole. However many legs there are, they do not fill our memory: they wait in pages for
that one statement.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from shanglian.directory.models import User
from shanglian.imports.core.pages import Pages
from shanglian.imports.paging import pages, portions, read_by_pages
from shanglian.members.core.counting import ProfileKey
from shanglian.members.core.kinds import Kind
from shanglian.members.core.legs import Draft, mirrored
from shanglian.members.models import Leg, Profile


@dataclass(frozen=True)
class Stamp:
    """The moment a booking is recorded; having one means holding the ledger lock until the transaction ends."""

    at: datetime


def take_stamp() -> Stamp:
    """Queue for the ledger and stamp. Call inside atomic(), before reading what the booking depends on."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a booking needs a transaction around it")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_stamp()")
        (at,) = cursor.fetchone()
    return Stamp(at)


_NEW_IDS = """
    SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) FROM generate_series(1, %s)
"""  # the sequence is looked up once, not for every id


def new_ids(table: str, count: int) -> list[int]:
    """`count` fresh ids of a table, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_IDS, [table, count])
        return [row[0] for row in cursor.fetchall()]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by COPY; `table` and `columns` are names from this code, never from input.

    Raises what other writes raise (IntegrityError, …): COPY goes past Django's own translation of errors.
    """
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def open_memberships(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """New membership rows for (entity, organisation) pairs; their ids in the same order. They open with their legs."""
    ids = new_ids("members_membership", len(pairs))
    copy_rows(
        "members_membership",
        ("id", "entity_id", "org_id"),
        ((i, *p) for i, p in zip(ids, pairs, strict=True)),
    )
    return ids


def intern_profiles(wanted: Iterable[ProfileKey]) -> dict[ProfileKey, int]:
    """Ids of the given combinations of counted attributes, made where missing."""
    profiles = [Profile(**key._asdict()) for key in sorted(set(wanted))]
    Profile.objects.bulk_create(profiles, ignore_conflicts=True)
    return {ProfileKey(*row[1:]): row[0] for row in Profile.objects.values_list("id", *ProfileKey._fields)}


MOVEMENT = (
    "id",
    "kind",
    "effective_on",
    "recorded_at",
    "reason",
    "document_id",
    "source_row_id",
    "reverses_id",
    "batch_id",
    "actor_id",
)
LEG = (
    "movement_id", "line", "membership_id", "effective_on", "recorded_at", "org_id", "county", "category",
    "profile_id", "memberships", "heads",
)  # fmt: skip


def book(stamp: Stamp, drafts: Iterable[Draft], *, actor: User) -> Sequence[int]:
    """Enter one booking: all its movements and legs, or nothing. Returns the movement ids in order. The drafts may be
    made while they are taken, also from what has to be written before them.

    Raises IntegrityError, with the numbers in the message, when the booking would make the register contradict
    itself (see sql/ledger.sql).
    """
    ids, at = array("q"), stamp.at
    legs: Pages[tuple[Any, ...]] = pages()
    for part in portions(drafts):
        movements = new_ids("members_movement", len(part))
        copy_rows(
            "members_movement",
            MOVEMENT,
            (
                (i, str(d.kind), d.effective_on, at, d.reason, d.document, d.source_row, d.reverses, d.batch, actor.pk)
                for i, d in zip(movements, part, strict=True)
            ),
        )
        legs.extend(
            (i, str(leg.line), leg.membership, d.effective_on, at, leg.org, leg.counted.county,
             str(leg.counted.category), leg.counted.profile, leg.memberships, leg.heads)
            for i, d in zip(movements, part, strict=True)
            for leg in d.legs
        )  # fmt: skip
        ids.extend(movements)
    if ids:
        copy_rows("members_leg", LEG, legs)
    return ids


def book_reversals(stamp: Stamp, legs: QuerySet[Leg], reason: str, *, actor: User) -> int:
    """Mirror the movements of these legs, which must be all of theirs, as one booking; how many."""
    with read_by_pages(legs.order_by("movement_id")) as in_order:
        drafts = (_reversal(list(own), reason) for _movement, own in groupby(in_order, attrgetter("movement_id")))
        return len(book(stamp, drafts, actor=actor))


def _reversal(legs: Sequence[Leg], reason: str) -> Draft:
    mirror = mirrored(leg.as_draft() for leg in legs)
    return Draft(Kind.REVERSAL, legs[0].effective_on, mirror, reason, reverses=legs[0].movement_id)
