"""A whole roster at once: compare its rows with the register as sets, then enter one booking.

Rows are matched by number (unified code, registration number, organisation code). A row that agrees with the register
on its name alone is never merged and never booked: it is doubtful and waits for a person. Nothing is read from files
here; the ledger lock is held from the comparison to the last leg.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.directory.models import Org, User
from shanglian.imports.kinds import ALREADY_BOOKED, DOUBTFUL, ReadRow
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
from shanglian.members.models import Leg, Membership, Movement, Span
from shanglian.members.queries import rows as query

_DIRECT = str(Attribution.DIRECT)
ProfileKey = tuple[str, str, str, str, str]
Numbers = Mapping[int, Sequence[tuple[str, str]]]  # row id → (scheme, value)


@dataclass(frozen=True)
class Terms:
    """What the batch says about all its rows: whose roster, of which day, with or without its history."""

    org: Org
    on: date
    history: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """Days an entity was a member somewhere, home or not; `until` None is open."""

    org: int
    home: bool
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class Register:
    """What the register knows of the rows at hand, read in a few set-based queries."""

    by_number: dict[tuple[str, str], int]
    stays: dict[int, list[Stay]] = field(default_factory=dict)
    names_here: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    booked_places: set[tuple[str, str, int]] = field(default_factory=set)
    is_first_roster: bool = False


_BY_NUMBER = """SELECT value, entity_id FROM members_identifier
                 WHERE scheme = %(scheme)s AND value = ANY (%(values)s) AND state = 'valid'"""
_STAYS = """SELECT entity_id, org_id, home, lower(during), upper(during) FROM members_span
             WHERE entity_id = ANY (%(entities)s) AND during && daterange(%(since)s, NULL) ORDER BY lower(during)"""


def read_register(rows: Sequence[ReadRow], numbers: Numbers, terms: Terms) -> Register:
    """Everything the comparison needs about these rows, as of the roster's day. Values go as arrays, not as lists."""
    by_scheme: dict[str, list[str]] = {}
    for own in numbers.values():
        for scheme, value in own:
            by_scheme.setdefault(scheme, []).append(value)
    register = Register(by_number={}, is_first_roster=not Span.objects.filter(org=terms.org).exists())
    for scheme, values in by_scheme.items():
        found = query(_BY_NUMBER, {"scheme": scheme, "values": values})
        register.by_number |= {(scheme, value): pk for value, pk in found}
    known = list(set(register.by_number.values()))
    if known:
        since = min(_day_of(row, terms) for row in rows)
        for pk, *stay in query(_STAYS, {"entities": known, "since": since}):
            register.stays.setdefault(pk, []).append(Stay(*stay))
    if not register.is_first_roster:
        here = Span.objects.filter(org=terms.org).on(terms.on)
        for key, pk, codes in here.values_list("entity__name_key", "entity_id", "entity__identifiers__id"):
            register.names_here.setdefault(key, []).append((pk, codes is not None))
    return register


@dataclass
class Comparison:
    """The roster against the register: verdicts by row, and the rows to book with their entity (None: new)."""

    verdicts: dict[int, str] = field(default_factory=dict)
    reasons: dict[int, tuple[str, ...]] = field(default_factory=dict)
    to_book: list[tuple[ReadRow, int | None]] = field(default_factory=list)


def compare(
    rows: Iterable[ReadRow], numbers: Numbers, register: Register, terms: Terms, booked_before: set[int]
) -> Comparison:
    """What each accepted row would do. `booked_before`: rows whose very cell was booked from the same file."""
    found = Comparison()
    taken: set[int] = set()
    for row in rows:
        if row.outcome != "accept":
            continue
        own = numbers[row.id]
        entities = {register.by_number[number] for number in own if number in register.by_number}
        if entities:
            verdict, reason = _verdict_of_known(row, entities, register, terms, taken)
        else:
            verdict, reason = _verdict_of_new(row, bool(own), register, row.id in booked_before)
        if verdict:
            found.verdicts[row.id] = verdict
            if reason:
                found.reasons[row.id] = (reason,)
            continue
        entity = next(iter(entities), None)
        found.to_book.append((row, entity))
        if entity is not None:
            taken.add(entity)
    return found


def _verdict_of_known(
    row: ReadRow, entities: set[int], register: Register, terms: Terms, taken: set[int]
) -> tuple[str, str]:
    """(verdict, reason) of a row whose numbers the register knows; an empty verdict means it is to be booked."""
    if len(entities) > 1:
        return DOUBTFUL, "numbers_of_several_members"
    (entity,) = entities
    day = _day_of(row, terms)
    stays = [stay for stay in register.stays.get(entity, []) if stay.until is None or stay.until > day]
    here = [stay for stay in stays if stay.org == terms.org.pk]
    if any(stay.covers(terms.on) for stay in here):
        return ALREADY_BOOKED, ""
    if entity in taken:
        return DOUBTFUL, "second_row_of_one_member"
    if here:
        return DOUBTFUL, "member_on_other_days"
    homes = [stay for stay in stays if stay.home]
    if homes and not (homes[0].covers(day) and _lasts(homes)):
        return DOUBTFUL, "home_on_other_days"
    return "", ""


def _lasts(homes: Sequence[Stay]) -> bool:
    """Whether these days of home follow each other without a gap and never end."""
    return homes[-1].until is None and all(first.until == second.since for first, second in pairwise(homes))


def _verdict_of_new(row: ReadRow, has_number: bool, register: Register, booked: bool) -> tuple[str, str]:
    """(verdict, reason) of a row whose numbers, if it has any, nobody has; names alone decide nothing."""
    if booked:
        return ALREADY_BOOKED, ""
    namesakes = register.names_here.get(row.record["name_key"], [])
    if any(not (has_number and has_code) for _pk, has_code in namesakes):
        return DOUBTFUL, "same_name_in_register"
    return "", ""


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


def book_roster(rows: Sequence[ReadRow], terms: Terms, *, booked_before: set[int], actor: User) -> Comparison:
    """Compare and book in the caller's transaction. Verdicts "opening" and "joined" are added for what was booked."""
    stamp = take_stamp()
    numbers = {row.id: identifiers(row.record) for row in rows}
    register = read_register(rows, numbers, terms)
    comparison = compare(rows, numbers, register, terms, booked_before)
    if comparison.to_book:
        entities = _enter_entities(comparison.to_book, numbers, terms)
        _enter_memberships(stamp, comparison, entities, register, terms, actor)
    return comparison


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
        kind, on = _kind_of_entry(row, register, terms), _day_of(row, terms)
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


def _day_of(row: ReadRow, terms: Terms) -> date:
    """The row's own full join date with the history, else the roster's day."""
    return (joined_on(row.record, terms.on) if terms.history else None) or terms.on


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
    return len(drafts)
