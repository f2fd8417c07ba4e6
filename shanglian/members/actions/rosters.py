"""A whole roster at once: compare its rows with the register as sets, then enter one booking.

Who a row is, matching.py finds out; a row that agrees with the register on its name alone is booked only as a person
decided. Nothing is read from files here; the ledger lock is held from the comparison to the last leg.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.directory.models import User
from shanglian.imports.kinds import Decided, ReadRow
from shanglian.imports.models import Batch
from shanglian.members.actions.booking import (
    Stamp,
    book,
    copy_rows,
    intern_profiles,
    new_ids,
    open_memberships,
    take_stamp,
)
from shanglian.members.core.kinds import Attribution, Kind
from shanglian.members.core.legs import Counted, Draft, Seat, joined, mirrored
from shanglian.members.core.roster_rules import category_of, founded_on, identifiers, joined_on, kind_of
from shanglian.members.matching import Comparison, Numbers, Register, Terms, compare, read_register
from shanglian.members.models import Identifier, Leg, Membership, Movement, Span

_DIRECT = str(Attribution.DIRECT)
ProfileKey = tuple[str, str, str, str, str]


def rows_booked_from_same_file(batch: Batch) -> set[int]:
    """Rows of this batch whose cell (same file content, sheet, row) is booked already and not reversed."""
    earlier = Movement.objects.filter(
        source_row__source_file__batch__org=batch.org,
        source_row__source_file__document__in=batch.files.values("document"),
        reversed_by__isnull=True,
    ).values_list("source_row__source_file__document_id", "source_row__sheet", "source_row__number")
    places = set(earlier)
    if not places:
        return set()
    own = batch.rows().values_list("id", "source_file__document_id", "sheet", "number")
    return {pk for pk, *place in own if tuple(place) in places}


def book_roster(
    rows: Sequence[ReadRow], terms: Terms, *, booked_before: set[int], decisions: Mapping[int, Decided], actor: User
) -> Comparison:
    """Compare and book in the caller's transaction. Verdicts "opening" and "joined" are added for what was booked.

    `decisions`: row id → what a person said of a doubtful row.
    """
    stamp = take_stamp()
    numbers = {row.id: identifiers(row.record) for row in rows}
    register = read_register(rows, numbers, terms)
    comparison = compare(rows, numbers, register, terms, booked_before, decisions)
    _enter_numbers(comparison)
    if comparison.to_book:
        entities = _enter_entities(comparison.to_book, numbers, terms)
        _enter_memberships(stamp, comparison, entities, register, terms, actor)
    return comparison


def _enter_numbers(comparison: Comparison) -> None:
    """Numbers that known entities lacked, with the rows they come from."""
    copy_rows(
        "members_identifier",
        ("entity_id", "scheme", "value", "state", "source_row_id"),
        ((entity, scheme, value, "valid", row) for entity, scheme, value, row in comparison.to_add),
    )


def _enter_entities(to_book: Sequence[tuple[ReadRow, int | None]], numbers: Numbers, terms: Terms) -> list[int]:
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
        ),
        (_entity_values(pk, row, terms) for pk, row in zip(ids, new, strict=True)),
    )
    copy_rows(
        "members_identifier",
        ("entity_id", "scheme", "value", "state", "source_row_id"),
        (
            (pk, scheme, value, "valid", row.id)
            for pk, row in zip(ids, new, strict=True)
            for scheme, value in numbers[row.id]
        ),
    )
    fresh = iter(ids)
    return [next(fresh) if entity is None else entity for _row, entity in to_book]


def _entity_values(pk: int, row: ReadRow, terms: Terms) -> tuple[Any, ...]:
    record: Mapping[str, Any] = row.record
    name = record["name"]
    return (
        pk, str(kind_of(record)), name, record.get("name_key") or name_key(name), sort_key(name),
        record.get("legal_rep") or "", record.get("phones") or [], record.get("address") or "",
        founded_on(record), terms.sample, row.id,
    )  # fmt: skip


def _profile_key(record: Mapping[str, Any]) -> ProfileKey:
    section = record.get("industry_section") or ""
    return (section, "", "", "", _DIRECT)


def _enter_memberships(
    stamp: Stamp,
    comparison: Comparison,
    entities: Sequence[int],
    register: Register,
    terms: Terms,
    actor: User,
) -> None:
    keys = [_profile_key(row.record) for row, _ in comparison.to_book]
    profiles = intern_profiles(keys)
    memberships = open_memberships([(entity, terms.org.pk) for entity in entities])
    drafts = []
    for (row, _), entity, membership, key in zip(comparison.to_book, entities, memberships, keys, strict=True):
        kind, on = _kind_of_entry(row, register, terms), terms.day_of(row)
        counted = Counted(category_of(row.record), profiles[key], row.record.get("county_code") or "")
        seat = Seat(
            membership,
            terms.org.pk,
            counted,
            home=not any(stay.home and stay.covers(on) for stay in register.stays.get(entity, ())),
        )
        drafts.append(Draft(kind, on, joined(seat, kind=kind), "", row.id))
        comparison.verdicts[row.id] = str(kind)
    book(stamp, drafts, actor=actor)


def _kind_of_entry(row: ReadRow, register: Register, terms: Terms) -> Kind:
    """Joined with a day of its own; else a stock for a first roster, a join on the roster's day later."""
    if terms.history and joined_on(row.record, terms.on):
        return Kind.JOINED
    return Kind.OPENING if register.is_first_roster else Kind.JOINED


def dependents(batch: Batch) -> dict[int, list[Movement]]:
    """Later movements, not of this batch and not reversed, that stand on memberships this batch opened."""
    opened = Membership.objects.filter(legs__movement__source_row__source_file__batch=batch)
    later = (
        Movement.objects.filter(legs__membership__in=opened, reversed_by__isnull=True)
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
    booked = Span.objects.filter(home=True, membership__legs__movement__source_row__source_file__batch=batch)
    others = Span.objects.filter(entity__in=booked.values("entity"), home=False)
    return list(others.exclude(membership__in=booked.values("membership")).select_related("entity", "org"))


def reverse_batch(batch: Batch, *, actor: User) -> int:
    """Reverse every movement of a batch that stands, in the caller's transaction; how many."""
    stamp = take_stamp()
    booked = Movement.objects.filter(source_row__source_file__batch=batch, reversed_by__isnull=True).values_list(
        "id", "effective_on"
    )
    legs: dict[int, list[Leg]] = {}
    for leg in Leg.objects.filter(movement__source_row__source_file__batch=batch):
        legs.setdefault(leg.movement_id, []).append(leg)
    reason = f"undo {batch.pk}"
    drafts = [
        Draft(Kind.REVERSAL, on, mirrored(leg.as_draft() for leg in legs[pk]), reason, None, None, pk)
        for pk, on in booked
    ]
    book(stamp, drafts, actor=actor)
    _doubt_added_numbers(batch)
    return len(drafts)


def _doubt_added_numbers(batch: Batch) -> None:
    """A number this batch added to an entity it did not bring is no longer relied on; nothing is deleted."""
    rows = batch.rows().order_by()
    added = Identifier.objects.filter(source_row__in=rows).exclude(entity__source_row__in=rows)
    added.update(state=Identifier.State.UNCHECKED)
