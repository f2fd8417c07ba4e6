"""One member with everything the API tells of it: read in one statement, since a program reads many, one by one."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shanglian.common.core.personal import covered_numbers
from shanglian.common.schemas import moment
from shanglian.directory.queries import names_on, today
from shanglian.members.particulars import fact_from
from shanglian.members.portrait import text_of
from shanglian.members.queries import rows

_RECORD = """
    SELECT json_build_object(
        'id', entity.id, 'name', entity.name, 'kind', entity.kind, 'legal_rep', entity.legal_rep,
        'phones', entity.phones, 'address', entity.address, 'founded_on', entity.founded_on, 'sample', entity.sample,
        'numbers', (
            SELECT json_agg(json_build_object('scheme', scheme, 'value', value, 'state', state) ORDER BY id)
            FROM members_identifier WHERE entity_id = entity.id),
        'facts', (
            SELECT json_agg(json_build_object('id', id, 'field', field, 'value', value, 'since', since,
                'recorded_at', recorded_at, 'reverses_id', reverses_id) ORDER BY recorded_at, id)
            FROM members_particular WHERE entity_id = entity.id),
        'sittings', (
            SELECT json_agg(json_build_object('membership', span.membership_id, 'org_id', span.org_id,
                'org', org.code, 'category', span.category, 'home', span.home,
                'since', lower(span.during), 'until', upper(span.during)) ORDER BY span.during, span.id)
            FROM members_span span JOIN directory_org org ON org.id = span.org_id WHERE span.entity_id = entity.id),
        'legs', (
            SELECT json_agg(json_build_object('id', movement.id, 'kind', movement.kind, 'on', movement.effective_on,
                'recorded_at', movement.recorded_at, 'reason', movement.reason, 'reverses', movement.reverses_id,
                'org_id', leg.org_id, 'org', org.code, 'line', leg.line, 'category', leg.category,
                'memberships', leg.memberships, 'heads', leg.heads)
                ORDER BY movement.effective_on, movement.id, leg.line, leg.membership_id)
            FROM members_membership own
            JOIN members_leg leg ON leg.membership_id = own.id
            JOIN members_movement movement ON movement.id = leg.movement_id
            JOIN directory_org org ON org.id = leg.org_id
            WHERE own.entity_id = entity.id))::text
    FROM members_entity entity WHERE entity.id = %(pk)s
"""


@dataclass(frozen=True)
class Record:
    """What was found of an entity, whoever asks."""

    found: Mapping[str, Any]

    def orgs(self) -> set[int]:
        """Every organisation that a membership or an entry speaks of."""
        return {one["org_id"] for one in (*self.found["sittings"], *self.found["legs"])}

    def told(self, visible: Collection[int]) -> dict[str, Any]:
        """As far as the organisations in `visible` reach."""
        found = self.found
        sittings = [one for one in found["sittings"] if one["org_id"] in visible]
        entries = _entries(found["legs"])
        shown = [entry for entry in entries if any(leg["org_id"] in visible for leg in entry["legs"])]
        names = names_on({one["org_id"] for one in sittings}, today())
        plain = ("id", "name", "kind", "legal_rep", "address", "founded_on", "sample")
        return {
            **{name: found[name] for name in plain},
            "phones": covered_numbers(found["phones"]),
            "identifiers": found["numbers"],
            "memberships": [{**one, "org_name": names.get(one["org_id"], one["org"])} for one in sittings],
            "facts": _facts(found["facts"]),
            "ledger": shown[::-1],
            "ledger_hidden": len(entries) - len(shown),
        }


def record_of(pk: int) -> Record | None:
    """The entity with its numbers, facts, days of membership and ledger entries; None if there is none."""
    found = rows(_RECORD, {"pk": pk})
    if not found:
        return None
    read = json.loads(found[0][0])
    return Record(read | {name: read[name] or [] for name in ("numbers", "facts", "sittings", "legs")})


def _facts(kept: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    facts = [fact_from(one) for one in kept]
    gone = {fact.reverses for fact in facts if fact.reverses is not None}
    return [
        {
            "field": fact.field,
            "value": text_of(fact.field, fact.value),
            "since": fact.since,
            "recorded_at": moment(fact.recorded),
            "reversed": fact.key in gone,
        }
        for fact in facts
        if fact.reverses is None
    ]


def _entries(legs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Legs under their movements, in the order of effect."""
    found: dict[int, dict[str, Any]] = {}
    for leg in legs:
        recorded = moment(datetime.fromisoformat(leg["recorded_at"]))
        found.setdefault(leg["id"], {**leg, "recorded_at": recorded, "legs": []})["legs"].append(leg)
    return list(found.values())
