"""What a row of a roster says otherwise than the register: read for all rows at once, told as old → new.

The rules are pure (core/particulars.py). Reads only; actions/rosters.py books what comes out.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shanglian.common.core.personal import covered_numbers
from shanglian.imports.kinds import Change
from shanglian.members.core.counting import ProfileKey
from shanglian.members.core.kinds import Category
from shanglian.members.core.legs import Counted, Seat
from shanglian.members.core.particulars import (
    COLUMN_OF,
    CountedAs,
    Field,
    Known,
    counted_otherwise,
    said_otherwise,
)
from shanglian.members.core.roster import section_words
from shanglian.members.core.roster_rules import CATEGORY_WORDS
from shanglian.members.queries import rows as query
from shanglian.members.reading import area_names, group_kinds_listed, registration_types_listed

_COLUMNS = """SELECT id, name, name_key, legal_rep, phones, address, founded_on FROM members_entity
               WHERE id = ANY (%(entities)s)"""
_FACTS = "SELECT entity_id, field, value::text FROM particulars_on(%(entities)s::bigint[], %(on)s::date, NULL)"
_SEATS = """SELECT s.entity_id, upper_inf(s.during), s.membership_id, s.org_id, s.home, s.category, s.profile_id,
                   s.county, p.section, p.edition, p.size, p.registration_type, p.attribution,
                   p.group_kind
              FROM members_span s JOIN members_profile p ON p.id = s.profile_id
             WHERE s.during @> %(on)s::date AND s.entity_id = ANY (%(entities)s)"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A membership on the roster's day. `last`: no entry of a later day builds on its counting."""

    seat: Seat
    profile: ProfileKey
    last: bool

    @property
    def counted(self) -> CountedAs:
        key, counted = self.profile, self.seat.counted
        return CountedAs(counted.category, key.section, counted.county, key.registration_type, key.group_kind)

    def profile_with(self, counted: CountedAs) -> ProfileKey:
        """Its profile with what is counted otherwise."""
        return self.profile._replace(
            section=counted.section, registration_type=counted.registration_type, group_kind=counted.group_kind
        )


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What one row would change: facts by field, and how the membership is to be counted (None: as it is)."""

    facts: Mapping[Field, Any]
    counted: CountedAs | None
    changes: tuple[Change, ...]
    too_late: bool = False  # counted otherwise by the row, but later entries build on it

    def __bool__(self) -> bool:
        return bool(self.changes) or self.too_late


def read_known(entities: Collection[int], on: date) -> dict[int, Known]:
    """What the register says of these entities as of a day."""
    asked = {"entities": list(entities), "on": on}
    found = {
        pk: Known(name, key, legal_rep, tuple(phones), address, founded.isoformat() if founded else "")
        for pk, name, key, legal_rep, phones, address, founded in query(_COLUMNS, asked)
    }
    for pk, field, value in query(_FACTS, asked):
        found[pk] = _with(found[pk], field, json.loads(value))
    return found


def _with(known: Known, field: str, value: Any) -> Known:
    if field == Field.NAME:
        return replace(known, name=value["name"], name_key=value["key"])
    if field == Field.PHONES:
        return replace(known, phones=tuple(value))
    if field == Field.FOUNDED_ON:
        return replace(known, founded=value or "")
    return replace(known, legal_rep=value) if field == Field.LEGAL_REP else replace(known, address=value)


def read_standings(entities: Collection[int], on: date) -> dict[tuple[int, int], Standing]:
    """The memberships of these entities on a day, by entity and organisation."""
    found = {}
    for entity, last, membership, at, home, category, profile, county, *key in query(
        _SEATS, {"entities": list(entities), "on": on}
    ):
        seat = Seat(membership, at, Counted(category, profile, county), home)
        found[entity, at] = Standing(seat, ProfileKey(*key), last)
    return found


def otherwise(record: Mapping[str, Any], known: Known, standing: Standing | None, on: date) -> Otherwise:
    """What a row changes; `standing` only where it may change how its membership is counted."""
    facts = said_otherwise(record, known, on)
    told = _told(facts, known) if facts else ()
    if standing is None:
        return Otherwise(facts, None, told)
    before = standing.counted
    counted = counted_otherwise(record, before)
    if Field.NAME in facts or counted.category != before.category:  # an unchanged name tells nothing new
        counted = counted_otherwise(record, before, group_kinds_listed().kind_of(record["name"]))
    if counted == before:
        return Otherwise(facts, None, told)
    if not standing.last:
        return Otherwise(facts, None, told, too_late=True)
    return Otherwise(facts, counted, (*told, *_counted_told(before, counted)))


def _told(facts: Mapping[Field, Any], known: Known) -> tuple[Change, ...]:
    before = {
        Field.NAME: known.name,
        Field.LEGAL_REP: known.legal_rep,
        Field.PHONES: covered_numbers(known.phones),
        Field.ADDRESS: known.address,
        Field.FOUNDED_ON: known.founded,
    }
    return tuple(
        Change(COLUMN_OF[field], before[field], covered_numbers(value) if field == Field.PHONES else value)
        for field, value in facts.items()
    )


def _counted_told(old: CountedAs, new: CountedAs) -> tuple[Change, ...]:
    areas, types, kinds = area_names(), registration_types_listed().names, group_kinds_listed().names
    told = (
        Change(COLUMN_OF["category"], _category(old.category), _category(new.category)),
        Change(COLUMN_OF["section"], section_words(old.section), section_words(new.section)),
        Change(
            COLUMN_OF["registration_type"],
            types.get(old.registration_type, old.registration_type),
            types.get(new.registration_type, new.registration_type),
        ),
        Change(
            COLUMN_OF["group_kind"],
            kinds.get(old.group_kind, old.group_kind),
            kinds.get(new.group_kind, new.group_kind),
        ),
        Change(COLUMN_OF["county"], areas.get(old.county, old.county), areas.get(new.county, new.county)),
    )
    return tuple(change for change in told if change.old != change.new)


def _category(code: str) -> str:
    return CATEGORY_WORDS.get(Category(code), code)
