"""The dry run: the run itself, rolled back; its result is saved afterwards, outside that transaction."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection, transaction

from shanglian.archive.models import Document
from shanglian.directory.models import Org, User
from shanglian.imports.actions.leaving import keep_absences
from shanglian.imports.actions.reading import readings_of, save_rows
from shanglian.imports.actions.receiving import IncomingFile, attach_files, check_files, new_batch, sha256_of
from shanglian.imports.actions.refusals import full_disk_refused
from shanglian.imports.actions.states import as_array, locked_batch, require_named, require_state
from shanglian.imports.core.said import Said
from shanglian.imports.kinds import Booking, Finding, ReadRow, import_kind
from shanglian.imports.models import Batch
from shanglian.imports.paging import portions
from shanglian.imports.queries import FileSummary, corrected_cells, file_summaries, read_rows, remembered_headings

State = Batch.State
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SAVE_VERDICTS = """
    UPDATE imports_row
    SET verdict = said.verdict, verdict_reasons = said.reasons::text[], finding = said.finding::jsonb
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS said (id, verdict, reasons, finding)
    WHERE imports_row.id = said.id
"""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an import would do. Nothing of it is left in the database or on disk."""

    booking: Booking
    files: list[FileSummary]


@full_disk_refused()
def preview_batch(*, batch: Batch, actor: User) -> Batch:
    """Book the batch, roll everything back, and keep what would have happened. Raises ImportRefused."""
    current = Batch.objects.select_related("org").get(pk=batch.pk)
    require_state(current, {State.READ, State.PREVIEWED})
    require_named(current)
    booking = _rehearse(current, read_rows(current), actor)
    with transaction.atomic():
        locked = locked_batch(batch, {State.READ, State.PREVIEWED})
        save_verdicts(locked, booking)
        keep_absences(locked, booking.absent)
        files = [summary.counts() for summary in file_summaries(locked)]
        locked.preview = {
            "counts": dict(booking.counts),
            "detail": dict(booking.detail),
            "recorded": booking.recorded,
            "corrected": corrected_cells(locked, import_kind(locked.kind).reading),
            "files": files,
        }
        locked.state, locked.failure, locked.failure_detail = State.PREVIEWED, "", ""
        if locked.revision == current.revision and locked.behind != Batch.Behind.READING:
            locked.behind = Batch.Behind.NOTHING  # else something was said meanwhile, or the rows are old already
        locked.save(update_fields=["preview", "state", "failure", "failure_detail", "behind"])
    return locked


def _rehearse(batch: Batch, rows: Sequence[ReadRow], actor: User) -> Booking:
    with transaction.atomic():
        booking = import_kind(batch.kind).book(batch, rows, actor=actor)
        connection.check_constraints()  # what the database would check only at the end of a real commit
        transaction.set_rollback(True)
    return booking


@full_disk_refused()
def rehearse_files(
    *,
    org: Org,
    kind: str,
    files: Sequence[IncomingFile],
    on: date,
    complete: bool = False,
    history: bool = False,
    actor: User,
) -> Rehearsal:
    """The whole import without keeping anything: no batch, no rows, no stored file. Raises FileRefused,
    ImportRefused.
    """
    books = check_files(org, kind, files)
    with transaction.atomic():
        documents = [_unkept_document(file, actor) for file in files]
        batch = new_batch(org, kind, on, complete, history, actor)
        said = Said(remembered_headings(org, kind))
        attach_files(batch, files, documents)
        readings = readings_of(batch, [(file.name, book, said) for file, book in zip(files, books, strict=True)])
        save_rows(batch, list(batch.files.order_by("position")), readings)
        booking = _rehearse(batch, read_rows(batch), actor)
        save_verdicts(batch, booking)
        rehearsal = Rehearsal(booking, file_summaries(batch))
        transaction.set_rollback(True)
    return rehearsal


def _unkept_document(file: IncomingFile, actor: User) -> Document:
    """A stand-in inside a transaction that is rolled back; the content of a dry run is written nowhere."""
    digest = sha256_of(file.data)
    known = Document.objects.filter(sha256=digest).first()
    return known or Document.objects.create(
        sha256=digest, name=file.name[-255:], size=len(file.data), media_type="", stored_by=actor
    )


def save_verdicts(batch: Batch, booking: Booking) -> None:
    """Verdicts of this booking; an earlier dry run's are replaced, because a kind gives one to every
    accepted row.
    """
    with connection.cursor() as cursor:
        for ids in portions(booking.verdicts):
            cursor.execute(
                _SAVE_VERDICTS,
                [
                    ids,
                    [booking.verdicts[pk] for pk in ids],
                    [as_array(booking.reasons.get(pk, ())) for pk in ids],
                    [_finding(booking.findings.get(pk)) for pk in ids],
                ],
            )


def _finding(finding: Finding | None) -> str | None:
    """JSON of what is not empty, as the column keeps it."""
    if finding is None:
        return None
    values = asdict(finding, dict_factory=lambda pairs: {key: value for key, value in pairs if value is not None})
    return _encode({key: value for key, value in values.items() if value})
