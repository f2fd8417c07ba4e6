"""Reads for the preview of an import: the rows by what would be booked from them, and whom a complete list leaves out.

Nothing is written and no rule is decided here; the figures come from pages.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from shanglian.imports.kinds import LEFT
from shanglian.imports.labels import Words
from shanglian.imports.models import Absence, Batch, Row, SourceFile
from shanglian.imports.pages import BOOKED, Figures, RowView, row_views, without_empty_columns

FIRST_ROWS, FIRST_CHANGES = 8, 12
Choice = Absence.Choice


@dataclass(frozen=True)
class Leavers:
    """Whom a complete list does not name, by what was decided; `ended`: those that are, or would be, ended by it."""

    open: int = 0
    left: int = 0
    stays: int = 0
    ended: int = 0

    @property
    def decided(self) -> int:
        return self.left + self.stays

    @property
    def total(self) -> int:
        return self.open + self.decided


def leavers_of(batch: Batch) -> Leavers | None:
    """None where the list does not claim to be complete."""
    if not batch.complete:
        return None
    counts = batch.absences.aggregate(
        open=Count("pk", filter=Q(choice="")),
        left=Count("pk", filter=Q(choice=Choice.LEFT)),
        stays=Count("pk", filter=Q(choice=Choice.STAYS)),
    )
    return Leavers(**counts, ended=ended_of(batch))


def ended_of(batch: Batch) -> int:
    """How many memberships the last dry run ended because the list does not name them."""
    return int((batch.preview or {}).get("counts", {}).get(LEFT, 0))


@dataclass(frozen=True)
class Section:
    """The first rows of one kind of booking (a key of pages.BOOKED), and how many there are."""

    key: str
    total: int
    views: Sequence[RowView]


def sections_of(
    batch: Batch, figures: Figures, files: Mapping[int, SourceFile], words: Words, *, links: bool
) -> list[Section]:
    """What would be booked, part by part; parts without rows are left out."""
    found: dict[str, list[Row]] = {}
    for key, rows in BOOKED.items():
        if figures.count(key):
            found[key] = list(batch.rows().filter(rows)[: FIRST_CHANGES if key == "changed" else FIRST_ROWS])
    views = iter(row_views([row for rows in found.values() for row in rows], files, words, links=links))
    return [
        Section(key, figures.count(key), without_empty_columns([next(views) for _row in rows]))
        for key, rows in found.items()
    ]
