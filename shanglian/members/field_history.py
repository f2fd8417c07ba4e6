"""The history of a member's fields: each fact with both clocks and its cell, and how the ledger counted it.

A reader sees rows and names of imports of organisations they may see, and entries there; as on the member's page.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shanglian.imports.queries import fetch_mended
from shanglian.members.archive import History
from shanglian.members.core.kinds import Line
from shanglian.members.core.particulars import COLUMN_OF, Field
from shanglian.members.models import Entity, Leg, Movement, Particular
from shanglian.members.particulars import as_it_came, particulars_of
from shanglian.members.portrait import Place, is_seen, place, text_of


@dataclass(frozen=True)
class Entry:
    """One fact. `since` None: as it came in; `who`: empty where out of sight; `reversed_at`: taken back, if known."""

    text: str
    since: date | None
    recorded_at: datetime
    who: str
    reason: str
    place: Place | None
    reversed_at: datetime | None
    holds: bool


@dataclass(frozen=True)
class Told:
    """A field: what held as asked for, and its entries, the last recorded first."""

    field: str
    value: str
    entries: list[Entry]


@dataclass(frozen=True)
class Counting:
    """An entry of the ledger from which a membership was counted as this."""

    org: str
    category: str
    section: str
    county: str
    movement: Movement
    reversed_at: datetime | None


_COUNTED_FROM = frozenset(
    {Line.OPENING, Line.JOINED, Line.MOVED_IN, Line.REHOMED_IN, Line.RECLASSIFIED_IN}
)  # a membership begins, or is counted otherwise


def fields_of(entity: Entity, visible: Collection[int], on: date | None, known: datetime | None) -> list[Told]:
    """Every field on a day as known at a moment (None: at present, by now). Empty if it was not known by then."""
    held = particulars_of(entity, on=on, known_on=known)
    if not held:
        return []
    facts = list(
        Particular.objects.filter(entity=entity)
        .select_related("actor", "reversed_by", "source_row__source_file__batch")
        .order_by("recorded_at", "id")
    )
    fetch_mended([fact.source_row for fact in facts if fact.source_row and is_seen(fact.source_row, visible)])
    now, told = as_it_came(entity), []
    for field in Field:
        own = [fact for fact in facts if fact.field == field and fact.reverses_id is None]
        chosen = held[field].fact
        entries = [_entry(fact, visible, known, chosen) for fact in own if known is None or fact.recorded_at <= known]
        if not own and (text := text_of(field, now[field])):
            entries = [_first(entity, field, text, visible)]
        told.append(Told(field, text_of(field, held[field].value), entries[::-1]))
    return told


def _entry(fact: Particular, visible: Collection[int], known: datetime | None, chosen: Particular | None) -> Entry:
    row = fact.source_row if is_seen(fact.source_row, visible) else None
    text = text_of(fact.field, fact.value)
    keys = (COLUMN_OF[fact.field],) if fact.field != Field.PHONES else ("phones", "legal_rep")
    return Entry(
        text=text,
        since=fact.since,
        recorded_at=fact.recorded_at,
        who=str(fact.actor) if fact.actor and (row or fact.source_row_id is None) else "",
        reason=fact.reason,
        place=place(row, keys) if text else None,
        reversed_at=_by_then(fact.reversed_by.recorded_at if hasattr(fact, "reversed_by") else None, known),
        holds=chosen is not None and chosen.pk == fact.pk,
    )


def _first(entity: Entity, field: Field, text: str, visible: Collection[int]) -> Entry:
    """What the entity came in with, of a field that never changed."""
    row = entity.source_row if is_seen(entity.source_row, visible) else None
    keys = (COLUMN_OF[field],) if field != Field.PHONES else ("phones", "legal_rep")
    return Entry(text, None, entity.recorded_at, "", "", place(row, keys), None, holds=True)


def _by_then(moment: datetime | None, known: datetime | None) -> datetime | None:
    return moment if moment is not None and (known is None or moment <= known) else None


def countings_of(history: History, visible: Collection[int], known: datetime | None) -> list[Counting]:
    """From when each membership was counted as what, as known at a moment, the latest day first."""
    lines = [line for line in history.lines if known is None or line.movement.recorded_at <= known]
    return [
        Counting(
            org, leg.category, leg.profile.section, leg.county, line.movement,
            _by_then(line.movement.reversed_by.recorded_at if line.reversed else None, known),
        )
        for line in lines
        if line.movement.reverses_id is None
        for leg, org in _taken_up(line.legs, visible)
    ]  # fmt: skip


def _taken_up(legs: Sequence[tuple[Leg, str]], visible: Collection[int]) -> Iterable[tuple[Leg, str]]:
    return [(leg, org) for leg, org in legs if leg.line in _COUNTED_FROM and leg.org_id in visible]
