"""One member's archive: memberships with their days, and the ledger entries with the cells they came from.

A reader sees what happened at organisations they may see; entries elsewhere are counted, not shown.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from shanglian.directory.core.kinds import CHAMBERS
from shanglian.directory.queries import names_on, today
from shanglian.imports.models import Row
from shanglian.imports.pages import headed_cells
from shanglian.imports.queries import fetch_mended
from shanglian.members.models import Entity, Leg, Movement, Span


@dataclass(frozen=True)
class Sitting:
    """One membership as it stands or stood: where, since when, until when, home or not."""

    org: str
    org_id: int
    code: str
    chamber: bool
    category: str
    section: str
    group_kind: str
    county: str
    since: date
    until: date | None
    home: bool
    open: bool


@dataclass(frozen=True)
class Source:
    """The row of a workbook an entry came from, with its heading and cells."""

    file: str
    sheet: str
    number: int
    batch: object
    row: int
    cells: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One ledger entry as the page shows it."""

    movement: Movement
    legs: list[tuple[Leg, str]]
    source: Source | None
    reversed: bool


@dataclass(frozen=True)
class History:
    """The ledger entries a reader may see, newest first, and how many there are that they may not."""

    lines: list[Line]
    hidden: int


def memberships_of(entity: Entity, visible: Collection[int]) -> list[Sitting]:
    """Open and ended memberships at the organisations in `visible`, the home first, then by day."""
    day = today()
    seen = Span.objects.filter(entity=entity, org_id__in=visible)
    spans = list(seen.select_related("org", "profile").order_by("during"))
    names = names_on({span.org_id for span in spans}, day)
    merged: dict[int, Sitting] = {}
    for span in spans:
        first = merged.get(span.membership_id)
        merged[span.membership_id] = Sitting(
            names.get(span.org_id, span.org.code),
            span.org_id,
            span.org.code,
            span.org.kind in CHAMBERS,
            span.category,
            span.profile.section,
            span.profile.group_kind,
            span.county,
            first.since if first else span.during.lower,
            span.during.upper,
            span.home,
            span.during.upper is None or span.during.upper > day,
        )
    return sorted(merged.values(), key=lambda sitting: (not sitting.open, not sitting.home, -sitting.since.toordinal()))


def history_of(entity: Entity, visible: Collection[int]) -> History:
    """Every entry that touches the entity, with its legs and its source row."""
    legs = list(
        Leg.objects.filter(membership__entity=entity).select_related("org", "profile").order_by("movement_id", "line")
    )
    names = names_on({leg.org_id for leg in legs}, today())
    by_movement: dict[int, list[tuple[Leg, str]]] = {}
    for leg in legs:
        by_movement.setdefault(leg.movement_id, []).append((leg, names.get(leg.org_id, leg.org.code)))
    seen = [pk for pk, own in by_movement.items() if any(leg.org_id in visible for leg, _ in own)]
    movements = list(
        Movement.objects.filter(pk__in=seen)
        .select_related("actor", "document", "source_row__source_file__batch", "batch", "reversed_by", "reverses")
        .prefetch_related("batch__files")
        .order_by("-effective_on", "-id")
    )
    fetch_mended([movement.source_row for movement in movements if movement.source_row is not None])
    lines = [
        Line(
            movement,
            by_movement[movement.pk],
            source_of(movement.source_row),
            hasattr(movement, "reversed_by"),
        )
        for movement in movements
    ]
    return History(lines, len(by_movement) - len(seen))


def source_of(row: Row | None) -> Source | None:
    """File, sheet, row and cells of a source row under their headings, telephones covered."""
    if row is None:
        return None
    file = row.source_file
    return Source(file.name, row.sheet, row.number, file.batch_id, row.pk, headed_cells(row))
