"""A whole roster at once: compare its rows with the register as sets, then enter one booking.

Who a row is, matching.py finds out; a row that agrees with the register on its name alone is booked only as a person
decided. Nothing is read from files here; the ledger lock is held from the comparison to the last leg.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.directory.models import User
from shanglian.imports.kinds import Decided, ReadRow
from shanglian.imports.models import Batch
from shanglian.imports.paging import portions
from shanglian.members.actions.booking import (
    Stamp,
    book,
    book_reversals,
    copy_rows,
    intern_profiles,
    new_ids,
    open_memberships,
    take_stamp,
)
from shanglian.members.actions.memberships import tell_others
from shanglian.members.actions.particulars import NewFact, enter_facts, reverse_facts
from shanglian.members.changes import Standing
from shanglian.members.core.counting import ProfileKey
from shanglian.members.core.kinds import Category, Kind, Line
from shanglian.members.core.legs import Counted, Draft, Seat, joined, moved, reclassified
from shanglian.members.core.particulars import CountedAs, counted_otherwise
from shanglian.members.core.roster_rules import category_of, founded_on, identifiers, joined_on, kind_of
from shanglian.members.matching import Comparison, compare
from shanglian.members.models import Identifier, Leg, Movement, Span
from shanglian.members.particulars import as_kept
from shanglian.members.queries import rows as query
from shanglian.members.reading import group_kinds_listed
from shanglian.members.register import Register, Terms, read_register

_BOOKED_BEFORE = """
    SELECT own.id, bool_or(own.record = earlier.record)
      FROM imports_sourcefile file
      JOIN imports_row own ON own.source_file_id = file.id
      JOIN imports_sourcefile other ON other.document_id = file.document_id AND other.batch_id <> file.batch_id
      JOIN imports_batch batch ON batch.id = other.batch_id AND batch.org_id = %(org)s AND batch.state = 'committed'
      JOIN imports_row earlier
        ON earlier.source_file_id = other.id AND earlier.sheet = own.sheet AND earlier.number = own.number
      LEFT JOIN members_movement entry ON entry.source_row_id = earlier.id
      LEFT JOIN members_movement reversal ON reversal.reverses_id = entry.id
     WHERE file.batch_id = %(batch)s
       AND (entry.id IS NOT NULL AND reversal.id IS NULL OR earlier.verdict IN ('already_booked', 'changed'))
     GROUP BY own.id
"""


def rows_booked_from_same_file(batch: Batch) -> dict[int, bool]:
    """Rows of this batch whose cell (same file content, sheet, row) is booked already and not reversed, or was found in
    the register; and whether the row is read as it was then (nobody mended a cell of it or named a column otherwise).
    """
    return dict(query(_BOOKED_BEFORE, {"org": batch.org_id, "batch": batch.pk}))


def book_roster(
    rows: Sequence[ReadRow], terms: Terms, *, booked_before: Mapping[int, bool], decisions: Mapping[int, Decided],
    actor: User,
) -> Comparison:  # fmt: skip
    """Compare and book in the caller's transaction. Verdicts "opening" and "joined" are added for what was booked.

    `decisions`: row id → what a person said of a doubtful row.
    """
    stamp = take_stamp()
    register = read_register(rows, terms)
    comparison = compare(rows, register, terms, booked_before, decisions)
    _enter_numbers(comparison)
    book(stamp, _openings(stamp, rows, comparison, register, terms), actor=actor)
    _move(stamp, comparison, terms, actor)
    _recount(stamp, comparison, terms, actor)
    tell_others(_of_others(rows, comparison, terms), subject=terms.org, actor=actor)
    facts = [
        NewFact(entity, field, as_kept(field, value), terms.on, row) for entity, field, value, row in comparison.facts
    ]
    enter_facts(stamp, facts, actor=actor)
    return comparison


def _openings(
    stamp: Stamp, rows: Sequence[ReadRow], comparison: Comparison, register: Register, terms: Terms
) -> Iterator[Draft]:
    """The entries of the rows to book, whose entities and memberships are written on the way; with their verdicts."""
    for part in portions(comparison.to_book):
        to_book = [(rows[place], comparison.known_as.get(place)) for place in part]
        entities = _enter_entities(stamp, to_book, terms)
        for draft in _open_memberships(to_book, entities, register, terms):
            comparison.verdicts[cast(int, draft.source_row)] = draft.kind.value
            yield draft


def _enter_numbers(comparison: Comparison) -> None:
    """Numbers that known entities lacked, with the rows they come from."""
    copy_rows(
        "members_identifier",
        ("entity_id", "scheme", "value", "state", "source_row_id"),
        ((entity, scheme, value, "valid", row) for entity, scheme, value, row in comparison.to_add),
    )


def _enter_entities(stamp: Stamp, to_book: Sequence[tuple[ReadRow, int | None]], terms: Terms) -> list[int]:
    """The entity of each row to book, new ones made with their numbers; in the same order."""
    new = [row for row, entity in to_book if entity is None]
    ids = new_ids("members_entity", len(new))
    copy_rows(
        "members_entity",
        (
            "id",
            "kind",
            "name",
            "name_key",
            "sort_key",
            "legal_rep",
            "phones",
            "address",
            "founded_on",
            "sample",
            "source_row_id",
            "recorded_at",
        ),
        ((*_entity_values(pk, row, terms), stamp.at) for pk, row in zip(ids, new, strict=True)),
    )
    copy_rows(
        "members_identifier",
        ("entity_id", "scheme", "value", "state", "source_row_id"),
        (
            (pk, scheme, value, "valid", row.id)
            for pk, row in zip(ids, new, strict=True)
            for scheme, value in identifiers(row.record)
        ),
    )
    fresh = iter(ids)
    return [next(fresh) if entity is None else entity for _row, entity in to_book]


def _entity_values(pk: int, row: ReadRow, terms: Terms) -> tuple[Any, ...]:
    record: Mapping[str, Any] = row.record
    name = record["name"]
    return (
        pk, str(kind_of(record)), name, record.get("name_key") or name_key(name), sort_key(name),
        record.get("legal_rep") or "", record.get("phones") or "{}", record.get("address") or "",
        founded_on(record), terms.sample, row.id,
    )  # fmt: skip


def _profile_key(record: Mapping[str, Any], category: Category) -> ProfileKey:
    return ProfileKey(
        section=record.get("industry_section") or "",
        registration_type=record.get("registration_code") or "",
        group_kind=(record.get("group_code") or group_kinds_listed().kind_of(record["name"]))
        if category is Category.GROUP
        else "",
    )


def _open_memberships(
    to_book: Sequence[tuple[ReadRow, int | None]], entities: Sequence[int], register: Register, terms: Terms
) -> Iterator[Draft]:
    """The entries with which the memberships of these rows open; many are counted alike."""
    categories = [category_of(row.record) for row, _ in to_book]
    keys = [_profile_key(row.record, category) for (row, _), category in zip(to_book, categories, strict=True)]
    profiles = intern_profiles(keys)
    memberships = open_memberships(
        [(entity, terms.org_of(row).pk) for (row, _), entity in zip(to_book, entities, strict=True)]
    )
    alike: dict[Counted, Counted] = {}
    for (row, _), entity, membership, category, key in zip(
        to_book, entities, memberships, categories, keys, strict=True
    ):
        kind, on = _kind_of_entry(row, register, terms), terms.day_of(row)
        counted = Counted(category, profiles[key], row.record.get("county_code") or "")
        seat = Seat(
            membership,
            terms.org_of(row).pk,
            alike.setdefault(counted, counted),
            home=not any(stay.home and stay.covers(on) for stay in register.stays.get(entity, ())),
        )
        yield Draft(kind, on, joined(seat, kind=kind), "", row.id)


def _move(stamp: Stamp, comparison: Comparison, terms: Terms, actor: User) -> None:
    """Homes that go from where they are to the place of their row: one movement each, on the roster's day.

    The row's own day of joining is no day of moving. What the row does not say is counted as it was.
    """
    moves = comparison.to_move
    counted = _counted([(home, counted_otherwise(row.record, home.counted)) for row, _entity, home in moves])
    places = [terms.org_of(row).pk for row, _entity, _home in moves]
    opened = open_memberships([(entity, org) for (_row, entity, _home), org in zip(moves, places, strict=True)])
    drafts = [
        Draft(Kind.MOVED, terms.on, moved(home.seat, Seat(membership, org, as_counted, home=True)), source_row=row.id)
        for (row, _entity, home), org, membership, as_counted in zip(moves, places, opened, counted, strict=True)
    ]
    book(stamp, drafts, actor=actor)


def _of_others(rows: Sequence[ReadRow], comparison: Comparison, terms: Terms) -> Counter[tuple[int, int, str]]:
    """Firms of other organisations that became members here, too or instead, as `tell_others` wants them."""
    found: Counter[tuple[int, int, str]] = Counter()
    for row, _entity, home in comparison.to_move:
        found[cast(int, home.seat.org), terms.org_of(row).pk, "members.moved_away"] += 1
    for place in comparison.known_as if comparison.elsewhere else ():
        booked = rows[place]
        for org in comparison.elsewhere.get(booked.id, ("", []))[1]:
            found[org, terms.org_of(booked).pk, "members.shared"] += 1
    return found


def _recount(stamp: Stamp, comparison: Comparison, terms: Terms, actor: User) -> None:
    """Memberships that are counted otherwise from the roster's day, each with the row that says so."""
    found = comparison.recounted
    counted = _counted([(standing, otherwise) for _row, standing, otherwise in found])
    drafts = [
        Draft(Kind.RECLASSIFIED, terms.on, reclassified(standing.seat, as_counted), source_row=row)
        for (row, standing, _otherwise), as_counted in zip(found, counted, strict=True)
    ]
    book(stamp, drafts, actor=actor)


def _counted(asked: Sequence[tuple[Standing, CountedAs]]) -> list[Counted]:
    """How known memberships are to be counted from now on, with their profiles made where missing."""
    keys = [standing.profile_with(counted) for standing, counted in asked]
    profiles = intern_profiles(keys) if keys else {}
    return [
        Counted(counted.category, profiles[key], counted.county) for (_, counted), key in zip(asked, keys, strict=True)
    ]


def _kind_of_entry(row: ReadRow, register: Register, terms: Terms) -> Kind:
    """Joined with a day of its own; else a stock for a first roster, a join on the roster's day later."""
    if terms.history and joined_on(row.record, terms.on):
        return Kind.JOINED
    return Kind.OPENING if terms.org_of(row).pk not in register.with_history else Kind.JOINED


_OPENS = (Line.OPENING, Line.JOINED)
_STANDS_ON = """
    SELECT later.movement_id
      FROM members_leg gone
      JOIN members_membership given_up ON given_up.id = gone.membership_id
      JOIN members_movement entry ON entry.id = gone.movement_id
      JOIN imports_row row ON row.id = entry.source_row_id
      JOIN imports_sourcefile file ON file.id = row.source_file_id AND file.batch_id = %(batch)s
      JOIN members_membership again ON again.entity_id = given_up.entity_id AND again.org_id = given_up.org_id
      JOIN members_leg later ON later.membership_id = again.id AND later.movement_id > gone.movement_id
     WHERE gone.line = 'moved_out'
"""


def _booked(batch: Batch, *lines: Line) -> QuerySet[Leg]:
    """The legs the rows of a batch booked, of these columns."""
    return Leg.objects.filter(movement__source_row__source_file__batch=batch, line__in=lines)


def dependents(batch: Batch) -> dict[int, list[Movement]]:
    """Later movements, not of this batch and not reversed, that stand on memberships this batch opened, on its having
    moved one away from where the member is again, or on how it counts others from its day on.
    """
    opened = _booked(batch, *_OPENS, Line.MOVED_IN).values("membership")
    returned = [pk for (pk,) in query(_STANDS_ON, {"batch": batch.pk})]
    recounted = _booked(batch, Line.RECLASSIFIED_IN).filter(
        membership=OuterRef("legs__membership"), movement__lt=OuterRef("pk")
    )
    builds_on_it = Q(legs__membership__in=opened) | Q(pk__in=returned) | Exists(recounted)
    later = (
        Movement.objects.filter(builds_on_it, reversed_by__isnull=True)
        .exclude(kind=Kind.REVERSAL)
        .exclude(source_row__source_file__batch=batch)
        .distinct()
        .prefetch_related("legs__membership__entity")
    )
    found: dict[int, list[Movement]] = {}
    for movement in later:
        found.setdefault(movement.legs.all()[0].membership.entity_id, []).append(movement)
    return found


def lost_homes(batch: Batch) -> list[Span]:
    """Further open memberships of entities whose home this batch booked: without it they would have none."""
    booked = Span.objects.filter(home=True, membership__in=_booked(batch, *_OPENS).values("membership"))
    others = Span.objects.filter(entity__in=booked.values("entity"), home=False)
    return list(others.exclude(membership__in=booked.values("membership")).select_related("entity", "org"))


def reverse_batch(batch: Batch, *, actor: User) -> int:
    """Reverse every movement and every fact of a batch's rows that stands, in the caller's transaction; how many."""
    stamp = take_stamp()
    standing = Leg.objects.filter(movement__source_row__source_file__batch=batch, movement__reversed_by__isnull=True)
    reversed_ = book_reversals(stamp, standing, f"undo {batch.pk}", actor=actor)
    _doubt_added_numbers(batch)
    return reversed_ + reverse_facts(stamp, batch, actor=actor)


def _doubt_added_numbers(batch: Batch) -> None:
    """A number this batch added to an entity it did not bring is no longer relied on; nothing is deleted."""
    rows = batch.rows().order_by()
    added = Identifier.objects.filter(source_row__in=rows).exclude(entity__source_row__in=rows)
    added.update(state=Identifier.State.UNCHECKED)
