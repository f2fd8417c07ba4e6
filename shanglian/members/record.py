"""One member with everything the API tells of it, in four small queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from shanglian.common.schemas import moment
from shanglian.directory.queries import names_on, today
from shanglian.members.core.particulars import masked
from shanglian.members.models import Entity, Identifier, Leg, Span
from shanglian.members.particulars import fact_from, facts_of
from shanglian.members.portrait import text_of


def _list(rows: QuerySet[Any], **fields: Any) -> ArraySubquery:
    return ArraySubquery(rows.values(one=JSONObject(**fields)))


def with_record() -> QuerySet[Entity]:
    """Entities with their numbers, facts, days of membership and ledger entries beside them."""
    entity = OuterRef("pk")
    spans = Span.objects.filter(entity=entity).order_by("during", "pk")
    legs = Leg.objects.filter(membership__entity=entity).order_by("movement_id", "line")
    movement = {name: f"movement__{name}" for name in ("kind", "effective_on", "recorded_at", "reason", "reverses_id")}
    return Entity.objects.annotate(
        numbers=_list(
            Identifier.objects.filter(entity=entity).order_by("pk"), scheme="scheme", value="value", state="state"
        ),
        facts=facts_of("pk"),
        sittings=_list(
            spans.annotate(since=F("during__startswith"), until=F("during__endswith")),
            **{name: name for name in ("membership_id", "org_id", "category", "home", "since", "until")},
            org_code="org__code",
        ),
        entries=_list(
            legs,
            **{name: name for name in ("movement_id", "line", "org_id", "category", "memberships", "heads")},
            **movement,
            org_code="org__code",
        ),
    )


@dataclass(frozen=True)
class Record:
    """What was found of an entity, whoever asks."""

    entity: Entity

    def orgs(self) -> set[int]:
        """Every organisation that a membership or an entry speaks of."""
        return {one["org_id"] for one in (*self.entity.sittings, *self.entity.entries)}  # type: ignore[attr-defined]

    def told(self, visible: Collection[int]) -> dict[str, Any]:
        """As far as the organisations in `visible` reach."""
        entity: Any = self.entity
        sittings = [one for one in entity.sittings if one["org_id"] in visible]
        entries = _entries(entity.entries)
        shown = [entry for entry in entries if any(leg["org_id"] in visible for leg in entry["legs"])]
        names = names_on({one["org_id"] for one in sittings}, today())
        return {
            "id": entity.pk,
            "name": entity.name,
            "kind": entity.kind,
            "legal_rep": entity.legal_rep,
            "phones": masked(entity.phones),
            "address": entity.address,
            "founded_on": entity.founded_on,
            "sample": entity.sample,
            "identifiers": entity.numbers,
            "memberships": [_sitting(one, names) for one in sittings],
            "facts": _facts(entity.facts),
            "ledger": [_entry(entry) for entry in reversed(shown)],
            "ledger_hidden": len(entries) - len(shown),
        }


def _sitting(one: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    return {
        "membership": one["membership_id"],
        "org": one["org_code"],
        "org_name": names.get(one["org_id"], one["org_code"]),
        "category": one["category"],
        "home": one["home"],
        "since": one["since"],
        "until": one["until"],
    }


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
        found.setdefault(leg["movement_id"], {**leg, "legs": []})["legs"].append(leg)
    return sorted(found.values(), key=lambda entry: (entry["effective_on"], entry["movement_id"]))


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    names = ("line", "category", "memberships", "heads")
    return {
        "id": entry["movement_id"],
        "kind": entry["kind"],
        "on": date.fromisoformat(entry["effective_on"]),
        "recorded_at": entry["recorded_at"],
        "reason": entry["reason"],
        "reverses": entry["reverses_id"],
        "legs": [{"org": leg["org_code"], **{name: leg[name] for name in names}} for leg in entry["legs"]],
    }
