"""Reading the kept files: every row is kept as read. May be repeated until the batch is committed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, TypeAlias

from django.db import connection, transaction

from shanglian.archive.actions import log
from shanglian.archive.models import Document
from shanglian.archive.queries import open_document
from shanglian.directory.models import User
from shanglian.imports.actions.deciding import lift_decisions, put_back_decisions
from shanglian.imports.actions.refusals import FileRefused, full_disk_refused
from shanglian.imports.actions.states import DRAFT, as_array, locked_batch, save_failure
from shanglian.imports.core.cells import shown
from shanglian.imports.core.files import Book, UnreadableFile
from shanglian.imports.core.reading import CleanRow, ReadFile, read_file
from shanglian.imports.core.repeats import Repeats
from shanglian.imports.core.said import Said
from shanglian.imports.kinds import import_kind
from shanglian.imports.models import Batch, Row, SourceFile
from shanglian.imports.paging import paging
from shanglian.imports.queries import said_of

State = Batch.State
Content: TypeAlias = Book | Callable[[], bytes]  # opened already, or how to fetch it
Unread: TypeAlias = tuple[str, Content, Said]  # name, content, what was said of it
Watch: TypeAlias = Callable[..., None]  # told the stage by name and its figures; what it raises ends the work
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_COPY_ROWS = """
    COPY imports_row (source_file_id, sheet, number, cells, record, outcome, reasons, warnings,
                      same_as, verdict, verdict_reasons) FROM STDIN
"""


def unwatched(stage: str, **figures: int) -> None:
    """Nobody wants to know how far it is."""


@full_disk_refused()
def read_batch(*, batch: Batch, watch: Watch = unwatched, actor: User) -> Batch:
    """Read the kept files and keep every row. May be repeated until the batch is committed: the rows are
    then written anew. Of a file in which no table is recognised there are none; the batch is then behind with NAMING.

    Raises FileRefused (the batch is then FAILED), ImportRefused.
    """
    revision = Batch.objects.values_list("revision", flat=True).get(pk=batch.pk)
    files = list(batch.files.select_related("document").order_by("position"))
    opened, batch.opened = batch.opened, ()
    contents: Sequence[Content] = opened or [partial(_content, file.document) for file in files]
    unread = [(file.name, content, said_of(file)) for file, content in zip(files, contents, strict=True)]
    try:
        readings = readings_of(batch, unread, watch)
    except FileRefused as problem:
        save_failure(batch, State.FAILED, problem.code, f"{problem.name}\n{problem.detail}".strip())
        raise
    watch("keeping", rows=_row_counts(readings)["rows"])
    with transaction.atomic():
        locked = locked_batch(batch, DRAFT | {State.FAILED, State.DISCARDED})
        save_rows(locked, files, readings)
        if locked.revision != revision:  # somebody mended a cell while the files were being read
            locked.behind = Batch.Behind.READING
            locked.save(update_fields=["behind"])
        log("import.read", org=locked.org.code, subject=locked, detail=_row_counts(readings), actor=actor)
    return locked


def _content(document: Document) -> bytes:
    with open_document(document) as stream:
        return stream.read()


def readings_of(batch: Batch, files: Sequence[Unread], watch: Watch = unwatched) -> list[ReadFile]:
    """Every file read in its turn, their repeats found among all of them. Raises FileRefused."""
    reading, found = import_kind(batch.kind).reading, list[ReadFile]()
    read = partial(
        read_file, kind=reading, today=batch.on_day, repeats=Repeats(paging()), by_hand=True, paging=paging()
    )
    for number, (name, content, said) in enumerate(files, 1):
        try:
            data = content if isinstance(content, Book) else content()
            found.append(read(data, name, said=said, watch=partial(_tell, watch, number, len(files))))
        except UnreadableFile as problem:
            raise FileRefused(name, problem) from problem
    return found


def _tell(watch: Watch, file: int, files: int, read: int, rows: int) -> None:
    watch("reading", file=file, files=files, read=read, rows=rows)


def _row_counts(readings: Sequence[ReadFile]) -> dict[str, int]:
    return {"rows": sum(len(reading.rows) for reading in readings)}


def save_rows(batch: Batch, files: Sequence[SourceFile], readings: Sequence[ReadFile]) -> None:
    lifted = lift_decisions(batch)
    old = batch.rows().order_by()
    old._raw_delete(old.db)  # the rows are referred to by booked things only, and those the database protects
    for file, reading in zip(files, readings, strict=True):
        file.columns = [asdict(table) for table in reading.tables]
        file.problems = [asdict(problem) for problem in reading.problems]
        file.encoding = reading.encoding
        with connection.cursor() as cursor, cursor.copy(_COPY_ROWS) as copy:
            for row in reading.rows:
                copy.write_row(_row_values(file.pk, row))
    put_back_decisions(batch, lifted)
    SourceFile.objects.bulk_update(files, ["columns", "problems", "encoding"])
    batch.state, batch.failure, batch.failure_detail, batch.preview = State.READ, "", "", None
    named = all(any(table.columns for table in reading.tables) for reading in readings)
    batch.behind = Batch.Behind.NOTHING if named else Batch.Behind.NAMING
    batch.save(update_fields=["state", "failure", "failure_detail", "preview", "behind"])


def _row_values(file_id: int, row: CleanRow) -> tuple[Any, ...]:
    """One line of COPY text; codes are plain words, so an array needs no quoting."""
    same_as = f"{row.same_as[0]}!{row.same_as[1]}" if row.same_as else ""
    return (
        file_id,
        row.sheet,
        row.number,
        _encode([cell if type(cell) is str else shown(cell) for cell in row.cells]),
        _encode(row.record),
        row.outcome,
        as_array(row.reasons),
        as_array(row.warnings),
        same_as,
        "" if row.outcome == Row.Outcome.ACCEPT else row.outcome,
        "{}",
    )
