"""What can be taken away from an import: the workbook of the rows to be mended.

Which rows and whose; how the workbook looks is in exports.py. The originals are served by views.py.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Func, IntegerField, Max, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shanglian.archive.actions import log
from shanglian.common.workbooks import XLSX, scratch
from shanglian.directory.models import User
from shanglian.imports.access import fetch_batch
from shanglian.imports.exports import Mark, MendingRow, MendingTable, in_both, standing_headings, write_mending
from shanglian.imports.kinds import LEFT_OUT, import_kind
from shanglian.imports.labels import Label, Words, mended_sentence, words_of
from shanglian.imports.models import Batch, Row, SourceFile
from shanglian.imports.pages import CHOICES, table_of, troubles_of
from shanglian.imports.queries import fetch_mended

_PORTION = 1000  # rows at once
EARLIER = gettext_lazy("the earlier row: %(place)s")


@require_safe
def rejected(request: HttpRequest, pk: UUID, position: int | None = None) -> HttpResponseBase:
    """Rows that were not booked and need a person, of the whole import or of one of its files, as a workbook: with
    whole telephones, which is why not everybody who looks may take it.
    """
    batch = fetch_batch(Batch.objects.all(), request.user, "take", pk=pk)
    files = [file for file in batch.files.order_by("position") if position in (None, file.position)]
    if not files:
        raise Http404
    content = scratch()
    number = write_mending(content, _tables(batch, {file.pk: file for file in files}))
    if not number:
        content.close()
        messages.info(request, _("There is no row to be mended."))
        return redirect("imports:batch", pk)
    detail = {"rows": number} | ({} if position is None else {"file": position})
    actor = request.user if isinstance(request.user, User) else None
    log("import.take_rejected", org=batch.org.code, subject=batch, detail=detail, actor=actor)
    content.seek(0)
    name = _("%(name)s - to mend") % {"name": PurePath(files[0].name).stem}
    return FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _tables(batch: Batch, files: Mapping[int, SourceFile]) -> Iterator[MendingTable]:
    """The tables that have rows to be mended, in the order of files and sheets; rows are fetched when written."""
    words, reading = words_of(batch.kind), import_kind(batch.kind).reading
    rows = batch.rows().filter(CHOICES["rejected"] | CHOICES["doubtful"], source_file__in=files)
    rows = rows.exclude(verdict=LEFT_OUT)  # a person has decided that nothing is to be mended there
    widths = _widths(rows)
    for (file, sheet, _table), group in groupby(_with_files(rows, files), key=_place):
        first = next(group)
        headings = standing_headings(table_of(first), reading)
        together = (_mending_row(row, words) for row in _again(first, group))
        yield MendingTable(sheet, headings, max(widths[file, sheet], len(headings)), together)


def _again(first: Row, others: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from others


def _with_files(rows: QuerySet[Row], files: Mapping[int, SourceFile]) -> Iterator[Row]:
    waiting = rows.iterator(chunk_size=_PORTION)
    while portion := list(islice(waiting, _PORTION)):
        fetch_mended(portion)
        for row in portion:
            row.source_file = files[row.source_file_id]  # spares a query
            yield row


def _place(row: Row) -> tuple[int, str, int]:
    return row.source_file_id, row.sheet, table_of(row).get("heading_row", 0)


def _widths(rows: QuerySet[Row]) -> dict[tuple[int, str], int]:
    """Cells of the longest row, by file and sheet: the last column stands behind them all."""
    length = Func(F("cells"), function="jsonb_array_length", output_field=IntegerField())
    found = rows.order_by().values_list("source_file_id", "sheet").annotate(width=Max(length))
    return {(file, sheet): width for file, sheet, width in found}


def _mending_row(row: Row, words: Words) -> MendingRow:
    """The row with everything that is said about it, and where it stands in the file that was handed in."""
    said: dict[str, None] = {}
    marks: dict[int, Mark] = {}
    for trouble in troubles_of(row, words):
        what = in_both(trouble.what)
        said[f"{trouble.heading}：{what}" if trouble.heading else what] = None
        if trouble.position is not None:
            before = marks.get(trouble.position)
            why = f"{before.why}\n{what}" if before and what not in before.why else what
            marks[trouble.position] = Mark(trouble.kind == "bad" or bool(before and before.wrong), why)
    verdict: Label = words.verdicts.get(row.verdict or row.outcome, row.verdict or row.outcome)
    sentences = [*said] or [in_both(verdict)]
    sentences += [mended_sentence(one, row.cell(position), one.text, in_both) for position, one in row.mended.items()]
    if row.same_as:
        sentences.append(in_both(EARLIER) % {"place": row.same_as})
    place = f"[{row.source_file.name} · {row.sheet} · {row.number}]"
    return MendingRow(row.cells, "；\n".join(sentences) + f" {place}", marks)
