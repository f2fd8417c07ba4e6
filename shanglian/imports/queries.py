"""Reads about batches: their rows as a kind wants them, and the summary of each file."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from shanglian.directory.models import Org
from shanglian.imports.core.said import Place, Said
from shanglian.imports.kinds import ALREADY_BOOKED, DOUBTFUL, LEFT_OUT, REFUSED_VERDICTS, Decided, ReadRow
from shanglian.imports.models import Amendment, Batch, ConfirmedHeading, Decision, Row, SourceFile

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


def read_rows(batch: Batch) -> list[ReadRow]:
    """Every row of the batch, file by file, in the order of the sheets."""
    positions = dict(batch.files.values_list("pk", "position"))
    rows = batch.rows().values_list(
        "pk", "source_file_id", "sheet", "number", "record", "outcome", "reasons", "warnings"
    )
    return [
        ReadRow(pk, positions[file], sheet, number, record, outcome, tuple(reasons), tuple(warnings))
        for pk, file, sheet, number, record, outcome, reasons, warnings in rows.iterator(chunk_size=5000)
    ]


def remembered_headings(org: Org, kind: str) -> dict[str, str]:
    """Heading → key of the column it means to this organisation, "" for one that is not read."""
    return dict(ConfirmedHeading.objects.filter(org=org, kind=kind).values_list("heading", "column"))


def said_of(file: SourceFile) -> Said:
    """What people said of a file: what its organisation's headings mean, its columns, its mended cells."""
    columns: dict[Place, dict[int, str]] = {}
    for one in file.said:
        columns.setdefault((one["sheet"], one["heading_row"]), {})[one["position"]] = one["column"]
    cells: dict[Place, dict[int, str]] = {}
    for sheet, number, position, text in standing_amendments(file).values_list("sheet", "number", "position", "text"):
        cells.setdefault((sheet, number), {})[position] = text
    return Said(remembered_headings(file.batch.org, file.batch.kind), columns, cells)


def standing_amendments(file: SourceFile) -> QuerySet[Amendment]:
    """Mended cells in the order in which they were mended: of one place the last holds."""
    return file.amendments.filter(withdrawn_at=None).order_by("pk")


def decisions_of(batch: Batch) -> dict[int, Decided]:
    """Row id → what a person said of it."""
    found = Decision.objects.filter(row__source_file__batch=batch).values_list("row_id", "choice", "target")
    return {row: Decided(choice, target) for row, choice, target in found}


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
