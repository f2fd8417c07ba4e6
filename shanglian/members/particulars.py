"""Reads of the facts about an entity: what held on a day as known at a moment, and how it came to be.

The rule is in sql/particulars.sql (for many) and in core/particulars.py (for one entity's facts at hand).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.members.core.particulars import Fact, Field
from shanglian.members.models import Entity, Particular
from shanglian.members.queries import rows as query

_ON = "SELECT field, id FROM particulars_on(ARRAY[%(entity)s]::bigint[], %(on)s::date, %(known)s::timestamptz)"


@dataclass(frozen=True)
class Held:
    """The value of a field on a day. `fact` None: as the entity came in, and never changed since."""

    value: Any
    fact: Particular | None = None


def particulars_of(entity: Entity, *, on: date | None = None, known_on: datetime | None = None) -> dict[Field, Held]:
    """What the register says of an entity on a day (None: at present), as known at a moment (None: by now).

    Empty for a moment at which the entity was not known yet.
    """
    asked = {"entity": entity.pk, "on": on, "known": known_on}
    held = dict(query(_ON, asked))
    facts = Particular.objects.in_bulk(held.values()) if held else {}
    found = {Field(field): Held(facts[pk].value, facts[pk]) for field, pk in held.items()}
    if known_on is None or entity.recorded_at <= known_on:
        found = {field: Held(value) for field, value in as_it_came(entity).items()} | found
    return found


def as_kept(field: str, value: Any) -> Any:
    """A value as the database keeps it: a name with the key it is compared by and the key it is sorted by."""
    if field == Field.NAME:
        return {"name": value, "key": name_key(value), "sort": sort_key(value)}
    return value


def as_it_came(entity: Entity) -> dict[Field, Any]:
    """The columns as values of facts; of a field with facts the present value, which they then replace."""
    founded = entity.founded_on.isoformat() if entity.founded_on else None
    return {
        Field.NAME: {"name": entity.name, "key": entity.name_key, "sort": entity.sort_key},
        Field.LEGAL_REP: entity.legal_rep,
        Field.PHONES: list(entity.phones),
        Field.ADDRESS: entity.address,
        Field.FOUNDED_ON: founded,
    }


def facts_of(entity: str) -> ArraySubquery:
    """Every fact of an outer query's entity in the order of entry, as JSON for fact_from()."""
    facts = Particular.objects.filter(entity=OuterRef(entity)).order_by("recorded_at", "id")
    names = ("id", "field", "value", "since", "recorded_at", "reverses_id")
    return ArraySubquery(facts.values(fact=JSONObject(**{name: name for name in names})))


def fact_from(kept: Mapping[str, Any]) -> Fact:
    """A fact as the arithmetic knows it, from facts_of()."""
    since = date.fromisoformat(kept["since"]) if kept["since"] else None
    recorded = datetime.fromisoformat(kept["recorded_at"])
    return Fact(kept["id"], kept["field"], kept["value"], since, recorded, kept["reverses_id"])
