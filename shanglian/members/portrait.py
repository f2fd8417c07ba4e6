"""Who a member is, as its page tells it: each stored value with the cell it came from, and what changed when.

A reader sees the cells of imports of organisations they may see; values from elsewhere are shown without them.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shanglian.common.core.personal import covered_numbers
from shanglian.imports.models import Row
from shanglian.imports.pages import letter_of
from shanglian.imports.queries import fetch_mended
from shanglian.members.archive import Source, source_of
from shanglian.members.core.particulars import COLUMN_OF, Fact, Field, former_names, holding
from shanglian.members.models import Entity, Identifier, Particular
from shanglian.members.particulars import as_it_came

_NUMBER_COLUMNS = ("uscc", "reg_no", "org_code")


@dataclass(frozen=True)
class Place:
    """The cell a value came from: "F12" and its heading, or only the row where no column can be named."""

    file: str
    sheet: str
    row: int
    cell: str
    heading: str
    batch: UUID


@dataclass(frozen=True)
class Stored:
    """A value as the page shows it. `since`: its day, where it is known to have changed."""

    text: str
    place: Place | None
    since: date | None = None


@dataclass(frozen=True)
class Difference:
    """One particular, old → new; `reversed`: taken back since."""

    field: str
    old: str
    new: str
    reversed: bool


@dataclass(frozen=True)
class Step:
    """What one row changed, as it was recorded. `who` is empty where its import is out of the reader's sight."""

    since: date
    recorded_at: datetime
    who: str
    reason: str
    source: Source | None
    differences: list[Difference]


@dataclass(frozen=True)
class Portrait:
    """`particulars`: by field; `numbers`: with their places; `steps`: the latest day first.

    `former_names`: with the day from which another one held, the latest first.
    """

    particulars: dict[str, Stored]
    numbers: list[tuple[Identifier, Place | None]]
    steps: list[Step]
    former_names: list[tuple[str, date]]

    def known(self) -> set[str]:
        """What is on record, as the completeness of a file names it."""
        said = {field for field, stored in self.particulars.items() if stored.text}
        return said | {"number" for number, _ in self.numbers if number.state == Identifier.State.VALID}


def portrait_of(entity: Entity, visible: Collection[int]) -> Portrait:
    """The entity's values and changes, their sources as far as the organisations in `visible` reach."""
    facts = list(
        Particular.objects.filter(entity=entity)
        .select_related("actor", "reversed_by", "source_row__source_file__batch")
        .order_by("recorded_at", "id")
    )
    numbers = list(Identifier.objects.filter(entity=entity).order_by("id"))
    rows = _rows({entity.source_row_id, *(number.source_row_id for number in numbers)}, visible)
    rows |= {fact.source_row_id: fact.source_row for fact in facts if is_seen(fact.source_row, visible)}
    fetch_mended([row for row in rows.values() if row is not None])
    return Portrait(
        dict(_particulars(entity, facts, rows)),
        [(number, place(rows.get(number.source_row_id), _NUMBER_COLUMNS, number.value)) for number in numbers],
        sorted(_steps(facts, rows), key=lambda step: (step.since, step.recorded_at), reverse=True),
        former_names([fact.as_fact() for fact in facts]),
    )


def _rows(ids: Iterable[int | None], visible: Collection[int]) -> dict[int | None, Row | None]:
    found = Row.objects.filter(pk__in=[pk for pk in ids if pk is not None]).select_related("source_file__batch")
    return {row.pk: row for row in found if is_seen(row, visible)}


def is_seen(row: Row | None, visible: Collection[int]) -> bool:
    return row is not None and row.source_file.batch.org_id in visible


def _particulars(
    entity: Entity, facts: Sequence[Particular], rows: dict[int | None, Row | None]
) -> Iterable[tuple[str, Stored]]:
    held = holding([fact.as_fact() for fact in facts])
    by_id: dict[Hashable, Particular] = {fact.pk: fact for fact in facts}
    for field, value in as_it_came(entity).items():
        keys = (COLUMN_OF[field],) if field != Field.PHONES else ("phones", "legal_rep")
        fact = by_id[held[field].key] if field in held else None
        row = rows.get(fact.source_row_id if fact else entity.source_row_id)
        text = text_of(field, fact.value if fact else value)
        yield str(field), Stored(text, place(row, keys) if text else None, fact.since if fact and fact.actor else None)


def place(row: Row | None, keys: Iterable[str], value: str = "") -> Place | None:
    """The cell of these columns that says the value, else the first that says anything."""
    if row is None:
        return None
    columns = row.table.get("columns", {})
    cells = row.cells_read
    positions = [n for key in keys for n in columns.get(key, ()) if n < len(cells) and cells[n].strip()]
    saying = [n for n in positions if value and value in "".join(cells[n].split()).upper()]
    position = next(iter((*saying, *positions)), None)
    file, headings = row.source_file, row.table.get("headings", [])
    cell = f"{letter_of(position)}{row.number}" if position is not None else ""
    heading = headings[position] if position is not None and position < len(headings) else ""
    return Place(file.name, row.sheet, row.number, cell, heading, file.batch_id)


def text_of(field: str, value: Any) -> str:
    """A value in one line; of telephones the middle is covered."""
    if field == Field.NAME:
        return str(value["name"])
    return covered_numbers(value) if field == Field.PHONES else str(value or "")


def _steps(facts: Sequence[Particular], rows: dict[int | None, Row | None]) -> list[Step]:
    """Every change in the order of entry; what one row changed together."""
    found: dict[Hashable, Step] = {}
    before: list[Fact] = []
    for fact in facts:
        if fact.actor is not None and fact.since is not None and fact.reverses_id is None:
            row = rows.get(fact.source_row_id)
            who = str(fact.actor) if row is not None or fact.source_row_id is None else ""
            step = Step(fact.since, fact.recorded_at, who, fact.reason, source_of(row), [])
            together = found.setdefault((fact.since, fact.recorded_at, fact.source_row_id), step)
            together.differences.append(_difference(fact, before))
        before.append(fact.as_fact())
    return list(found.values())


def _difference(fact: Particular, before: Sequence[Fact]) -> Difference:
    """Against what the register had said of that day until then."""
    old = holding(before, on=fact.since).get(fact.field)
    said = text_of(fact.field, old.value) if old else ""
    return Difference(fact.field, said, text_of(fact.field, fact.value), hasattr(fact, "reversed_by"))
