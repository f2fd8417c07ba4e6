"""Reads about batches: their rows as a kind wants them, and the summary of each file."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import reduce
from operator import or_
from sys import intern
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from shanglian.directory.models import Org
from shanglian.imports.core.columns import SheetKind
from shanglian.imports.core.mending import columns_of
from shanglian.imports.core.said import Place, Said
from shanglian.imports.kinds import ALREADY_BOOKED, DOUBTFUL, LEFT_OUT, REFUSED_VERDICTS, Decided, Parting, ReadRow
from shanglian.imports.models import Amendment, Batch, ConfirmedHeading, Decision, Row, SourceFile
from shanglian.imports.paging import pages, read_by_pages

PROBLEMS_SHOWN = 1000  # of one file; the counts are always complete


@dataclass(slots=True)
class FileSummary:
    """What became of the rows of one file. The five counts add up to all its rows."""

    file: str
    accept: int = 0
    reject: int = 0
    duplicate: int = 0
    conflict: int = 0
    already_booked: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """Without the problems, for keeping."""
        return {key: value for key, value in asdict(self).items() if key != "problems"}


def read_rows(batch: Batch) -> Sequence[ReadRow]:
    """Every row of the batch as it is now, file by file, in the order of the sheets. Many of them lie packed: whoever
    books them walks over them and keeps none.
    """
    positions = dict(batch.files.values_list("pk", "position"))
    rows = batch.rows().values_list(
        "pk", "source_file_id", "sheet", "number", "record", "outcome", "reasons", "warnings"
    )
    with read_by_pages(rows) as found:
        return pages(
            ReadRow(
                pk, positions[file], intern(sheet), number, _lean(record), intern(outcome), tuple(reasons),
                tuple(warnings),
            )
            for pk, file, sheet, number, record, outcome, reasons, warnings in found
        )  # fmt: skip


def _lean(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with keys that all records share: a third of its memory less."""
    return {intern(key): value for key, value in record.items()}


def remembered_headings(org: Org, kind: str) -> dict[str, str]:
    """Heading → key of the column it means to this organisation, "" for one that is not read."""
    return dict(ConfirmedHeading.objects.filter(org=org, kind=kind).values_list("heading", "column"))


def naming_of(table: Mapping[str, Any]) -> dict[int, str]:
    """Position → key of a table as SourceFile.columns describes it."""
    return {position: key for key, positions in table["columns"].items() for position in positions}


def said_of(file: SourceFile) -> Said:
    """What people said of a file: what its organisation's headings mean, its columns, its mended cells."""
    columns: dict[Place, dict[int, str]] = {}
    headless = frozenset((one["sheet"], one["heading_row"]) for one in file.said if one.get("headless"))
    for one in file.said:
        columns.setdefault((one["sheet"], one["heading_row"]), {})[one["position"]] = one["column"]
    cells: dict[Place, dict[int, str]] = {}
    for sheet, number, position, text in standing_amendments(file).values_list("sheet", "number", "position", "text"):
        cells.setdefault((sheet, number), {})[position] = text
    return Said(remembered_headings(file.batch.org, file.batch.kind), columns, cells, headless)


def standing_amendments(file: SourceFile) -> QuerySet[Amendment]:
    """Mended cells in the order in which they were mended: of one place the last holds."""
    return file.amendments.filter(withdrawn_at=None).order_by("pk")


def fetch_mended(rows: Sequence[Row]) -> None:
    """Gives each row its `mended` cells, in one query for all of them."""
    if not rows:
        return
    files, numbers = {row.source_file_id for row in rows}, {row.number for row in rows}
    standing = Amendment.objects.filter(source_file__in=files, number__in=numbers, withdrawn_at=None)
    found: dict[tuple[int, str, int], dict[int, Amendment]] = defaultdict(dict)
    for one in standing.select_related("made_by").order_by("pk"):
        found[one.source_file_id, one.sheet, one.number][one.position] = one
    for row in rows:
        row.mended = found.get((row.source_file_id, row.sheet, row.number), {})


def amendments_of(batch: Batch) -> QuerySet[Amendment]:
    """Every standing amendment of a batch, the last first."""
    return Amendment.objects.filter(source_file__batch=batch, withdrawn_at=None).order_by("-made_at", "-pk")


def corrected_cells(batch: Batch, kind: SheetKind) -> int:
    """How many cells stand otherwise in the file than in the record: blanks, wide signs, spellings of dates. Rows in
    which a person mended something are left out.
    """
    mended = Amendment.objects.filter(
        source_file=OuterRef("source_file"), sheet=OuterRef("sheet"), number=OuterRef("number"), withdrawn_at=None
    )
    rows = batch.rows().filter(~Exists(mended)).order_by()
    total = 0
    for file in batch.files.all():
        last: dict[str, int] = {}  # sheet → the row in which the table below begins
        for table in reversed(file.columns):
            here = rows.filter(source_file=file, sheet=table["sheet"], number__gt=table["heading_row"])
            if table["sheet"] in last:
                here = here.filter(number__lte=last[table["sheet"]])
            last[table["sheet"]] = table["heading_row"]
            total += _corrected_in(here, table, kind)
    return total


def _corrected_in(rows: QuerySet[Row], table: Mapping[str, Any], kind: SheetKind) -> int:
    """Of one table: cells that are filled, whose column gave a value, and that read otherwise."""
    texts: dict[str, KeyTextTransform] = {}
    counts: dict[str, Count] = {}
    for position, column in columns_of(table, kind):
        if not column.written:
            continue
        texts[f"cell_{position}"] = KeyTextTransform(position, "cells")
        texts |= {f"value_{name}": KeyTextTransform(name, "record") for name in column.written}
        given = reduce(or_, (Q(**{f"value_{name}__isnull": False}) for name in column.written))
        same = reduce(or_, (Q(**{f"cell_{position}": F(f"value_{name}")}) for name in column.written))
        counts[f"n{position}"] = Count("pk", filter=given & ~same & ~Q(**{f"cell_{position}": ""}))
    return sum(rows.annotate(**texts).aggregate(**counts).values())


def decisions_of(batch: Batch) -> dict[int, Decided]:
    """Row id → what a person said of it."""
    found = Decision.objects.filter(row__source_file__batch=batch).values_list("row_id", "choice", "target", "leaves")
    return {row: Decided(choice, target, leaves) for row, choice, target, leaves in found}


def absences_decided(batch: Batch) -> dict[int, Parting]:
    """Target → what a person said of somebody this complete list does not name."""
    found = batch.absences.exclude(choice="").values_list("target", "choice", "reason")
    return {target: Parting(choice, reason) for target, choice, reason in found}


def file_summaries(batch: Batch) -> list[FileSummary]:
    """Per file: counts by verdict (by outcome where nothing is decided yet) and the problems of its rows."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    groups = batch.rows().order_by().values_list("source_file_id", "outcome", "verdict").annotate(n=Count("pk"))
    for file, outcome, verdict, number in groups:
        counts[file][_column_of(outcome, verdict)] += number
    return [
        FileSummary(file.name, **counts[file.pk], problems=[*file.problems, *_row_problems(file)])
        for file in batch.files.order_by("position")
    ]


def _column_of(outcome: str, verdict: str) -> str:
    if outcome != Row.Outcome.ACCEPT:
        return outcome
    if verdict == ALREADY_BOOKED:
        return "already_booked"
    if verdict in {DOUBTFUL, LEFT_OUT}:
        return "conflict" if verdict == DOUBTFUL else "reject"
    return verdict if verdict in REFUSED_VERDICTS else "accept"


def _row_problems(file: SourceFile) -> list[dict[str, Any]]:
    rows = (
        file.rows.exclude(reasons=[], warnings=[], verdict_reasons=[])
        .order_by("pk")
        .values_list("sheet", "number", "outcome", "reasons", "warnings", "verdict_reasons", "same_as")
    )
    found: list[dict[str, Any]] = []
    for sheet, number, outcome, reasons, warnings, further, same_as in rows[:PROBLEMS_SHOWN]:
        entry = {"sheet": sheet, "row": number, "outcome": outcome, "codes": [*reasons, *warnings, *further]}
        found.append(entry | ({"same_as": same_as} if same_as else {}))
    return found
