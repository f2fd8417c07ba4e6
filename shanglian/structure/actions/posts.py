"""Booking a list of posts and taking it back. Called by the import machine, inside its transaction; it logs them.

Everything the list changes goes in as two statements: what is believed no longer is closed on the second clock, what is
believed now is written anew, each row naming the one it replaces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from shanglian.directory.models import User
from shanglian.imports.kinds import Decided, Parting, ReadRow
from shanglian.imports.models import Batch
from shanglian.structure.core.comparing import Comparison, Outcome, Said
from shanglian.structure.core.holdings import Holding
from shanglian.structure.core.titles import Titles
from shanglian.structure.models import Post
from shanglian.structure.post_matching import Claims, claims_of, holdings_of

# One writer of posts at a time: what a list means depends on all holdings. Any fixed number will do.
POSTS_LOCK = 410_001

_STAMP = """
    SELECT greatest(clock_timestamp(), (SELECT max(lower(known)) FROM structure_post) + interval '1 microsecond',
                    (SELECT max(upper(known)) FROM structure_post) + interval '1 microsecond')
"""
_CLOSE = """
    UPDATE structure_post SET known = tstzrange(lower(known), %(stamp)s) WHERE id = ANY(%(ids)s) AND upper_inf(known)
"""
# What the batch wrote and what is still believed goes; what it replaced is believed again, under its own source.
_REINSTATE = """
    INSERT INTO structure_post (org_id, person, person_key, title, during, since_precision, until_precision, term,
        full_time, co_opted, session, firm_id, firm_name, batch_id, source_row_id, replaces_id, actor_id, known)
    SELECT before.org_id, before.person, before.person_key, before.title, before.during, before.since_precision,
        before.until_precision, before.term, before.full_time, before.co_opted, before.session, before.firm_id,
        before.firm_name, before.batch_id, before.source_row_id, before.replaces_id, before.actor_id,
        tstzrange(%(stamp)s, NULL)
    FROM structure_post gone JOIN structure_post before ON before.id = gone.replaces_id
    WHERE gone.id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Booked:
    """What a list of posts did: claims as they were understood, the outcome by row, whom it does not name, how many
    were ended by decision, how many rows of the register were written.
    """

    claims: Claims
    outcome: Outcome
    absent: Sequence[Holding]
    left: int
    written: int


def book_posts(
    *,
    batch: Batch,
    rows: Sequence[ReadRow],
    titles: Titles,
    decisions: Mapping[int, Decided],
    partings: Mapping[int, Parting],
    actor: User,
) -> Booked:
    """Compare and book in the caller's transaction. `partings`: what was decided about holders a complete list does not
    name, by post.
    """
    stamp = _take_stamp()
    claims = claims_of(rows, batch.org, batch.on_day, titles)
    holdings = holdings_of({batch.org_id} | {one.org for own in claims.claims.values() for one in own})
    comparison = Comparison(holdings, batch.on_day, titles.single)
    said = {row: Said(one.choice, one.target) for row, one in decisions.items()}
    outcome = comparison.compare(claims.claims, said)
    absent = _absent(comparison, batch, rows, claims, outcome) if batch.complete else []
    leaving = [one for one in absent if _leaves(one, batch, partings)]
    for one in leaving:
        comparison.leave(one)
    changed = [one for one in holdings.all() if one.changed]
    _write(batch, changed, stamp, actor)
    return Booked(claims, outcome, absent, len(leaving), len(changed))


def _take_stamp() -> datetime:
    """Wait for the right to change posts until the end of the transaction; later than every stamp there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [POSTS_LOCK])
        cursor.execute(_STAMP)
        (stamp,) = cursor.fetchone()
    return stamp  # type: ignore[no-any-return]


def _absent(
    comparison: Comparison, batch: Batch, rows: Sequence[ReadRow], claims: Claims, outcome: Outcome
) -> list[Holding]:
    """Holders on the list's day whom no row names: of a row that is not booked the name is enough."""
    unbooked = {
        row.record.get("person_key", "")
        for row in rows
        if row.id not in claims.claims or row.id in outcome.doubts or row.outcome != "accept"
    }
    here = (one for group in comparison.holdings.by_title.values() for one in group)
    found = [
        one
        for one in here
        if one.org == batch.org_id and one.pk and one.row is None and one.covers(batch.on_day)
        and one.key not in unbooked
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.pk or 0)


def _leaves(one: Holding, batch: Batch, partings: Mapping[int, Parting]) -> bool:
    said = partings.get(one.pk or 0)
    return said is not None and said.choice == "left" and one.since.day < batch.on_day


def _write(batch: Batch, changed: Sequence[Holding], stamp: datetime, actor: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"ids": [one.pk for one in changed if one.pk], "stamp": stamp})
    known = DateTimeTZRange(stamp, None)
    Post.objects.bulk_create(
        Post(
            org_id=one.org,
            person=one.person,
            person_key=one.key,
            title=one.title,
            during=DateRange(one.since.day, one.until.day if one.until else None),
            since_precision=one.since.precision,
            until_precision=one.until.precision if one.until else "",
            term=one.term,
            full_time=one.full_time,
            co_opted=one.co_opted,
            session=one.session,
            firm_id=one.firm,
            firm_name=one.firm_name,
            batch=batch,
            source_row_id=one.row,
            replaces_id=one.pk,
            actor=actor,
            known=known,
        )
        for one in changed
    )


def reverse_posts(*, batch: Batch, actor: User) -> int:
    """Take back what the batch wrote and believe again what it replaced, in the caller's transaction; how many.

    The batch itself keeps who took it back and when.
    """
    stamp = _take_stamp()
    ids = list(Post.objects.known_at().filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"ids": ids, "stamp": stamp})
        cursor.execute(_REINSTATE, {"ids": ids, "stamp": stamp})
    return len(ids)
