"""The one way into the ledger: take a stamp, then enter a booking as a whole.

Whoever decides on the register's present state takes the stamp first: it holds the ledger lock, so what is read
after it stays true until the booking is in. Everything goes in by COPY; one booking is one COPY of legs, because the
guards judge a statement as a whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from shanglian.directory.models import User
from shanglian.members.core.counting import ProfileKey
from shanglian.members.core.legs import Draft
from shanglian.members.models import Profile


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


def new_ids(table: str, count: int) -> list[int]:
    """`count` fresh ids of a table, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
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


def book(stamp: Stamp, drafts: Sequence[Draft], *, actor: User) -> list[int]:
    """Enter one booking: all its movements and legs, or nothing. Returns the movement ids in order.

    Raises IntegrityError, with the numbers in the message, when the booking would make the register contradict
    itself (see sql/ledger.sql).
    """
    if not drafts:
        return []
    ids = new_ids("members_movement", len(drafts))
    at = stamp.at
    copy_rows(
        "members_movement",
        MOVEMENT,
        (
            (i, str(d.kind), d.effective_on, at, d.reason, d.document, d.source_row, d.reverses, d.batch, actor.pk)
            for i, d in zip(ids, drafts, strict=True)
        ),
    )
    copy_rows(
        "members_leg",
        LEG,
        (
            (i, str(leg.line), leg.membership, d.effective_on, at, leg.org, leg.counted.county,
             str(leg.counted.category), leg.counted.profile, leg.memberships, leg.heads)
            for i, d in zip(ids, drafts, strict=True)
            for leg in d.legs
        ),
    )  # fmt: skip
    return ids
