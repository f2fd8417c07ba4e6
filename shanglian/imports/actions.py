"""Receiving, reading, rehearsing, committing and undoing an import. What rows mean is the kind's business
(kinds.py).

A dry run is the run itself, rolled back; its result is saved afterwards, outside that transaction.
Everything a commit writes, the batch's state included, is one transaction: after a crash there is all of it
or nothing, and it can be done again.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from shanglian.archive.actions import log, store_document
from shanglian.archive.models import Document
from shanglian.archive.queries import open_document
from shanglian.directory.models import Org, User
from shanglian.imports.core.cells import shown
from shanglian.imports.core.files import UnreadableFile
from shanglian.imports.core.reading import CleanRow, ReadFile, check_file, read_file
from shanglian.imports.core.repeats import Seen
from shanglian.imports.kinds import DOUBTFUL, Booking, Finding, ReadRow, import_kind
from shanglian.imports.models import Batch, Decision, Row, SourceFile
from shanglian.imports.queries import FileSummary, file_summaries, read_rows

State = Batch.State
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_COPY_ROWS = """
    COPY imports_row (source_file_id, sheet, number, cells, record, outcome, reasons, warnings,
                      same_as, verdict, verdict_reasons) FROM STDIN
"""
_SAVE_VERDICTS = """
    UPDATE imports_row
    SET verdict = said.verdict, verdict_reasons = said.reasons::text[], finding = said.finding::jsonb
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS said (id, verdict, reasons, finding)
    WHERE imports_row.id = said.id
"""


class ImportRefused(Exception):
    """The batch is not in a state for this. `code` is a key of wording.REFUSED, `detail` fills its blank."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class FileRefused(Exception):
    """One of the files cannot be used. `code` is a key of wording.UNREADABLE."""

    def __init__(self, name: str, problem: UnreadableFile) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.code = problem.code
        self.detail = problem.detail


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as handed in, before anything of it is kept."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an import would do. Nothing of it is left in the database or on disk."""

    booking: Booking
    files: list[FileSummary]


# Receiving ------------------------------------------------------------


def receive_file(
    *,
    org: Org,
    kind: str,
    files: Sequence[IncomingFile],
    on: date,
    complete: bool = False,
    history: bool = False,
    actor: User,
) -> Batch:
    """Keep the files as a new batch of `org`, showing the state at the end of `on`.

    Every file is opened before the first is kept: an unusable one leaves nothing behind. Raises
    FileRefused, ImportRefused.
    """
    _check_files(kind, files)
    with transaction.atomic():
        documents = [store_document(stream=BytesIO(file.data), name=file.name, actor=actor) for file in files]
        batch = _new_batch(org, kind, on, complete, history, actor)
        _attach(batch, files, documents)
        log(
            "import.receive",
            org=org.code,
            subject=batch,
            detail={"kind": kind, "files": len(files)},
            actor=actor,
        )
    return batch


def _check_files(kind: str, files: Sequence[IncomingFile]) -> None:
    if kind not in settings.IMPORT_KINDS:
        raise ImportRefused("unknown_kind", kind)
    if not files:
        raise ImportRefused("no_files")
    reading = import_kind(kind).reading
    contents: set[str] = set()
    for file in files:
        digest = _sha256(file.data)
        if digest in contents:
            raise ImportRefused("same_file_twice", file.name)
        contents.add(digest)
        if len(file.data) > settings.IMPORT_MAX_BYTES:
            limit = f"{settings.IMPORT_MAX_BYTES // 1024**2} MB"
            raise FileRefused(file.name, UnreadableFile("too_large", limit))
        try:
            check_file(file.data, file.name, reading)
        except UnreadableFile as problem:
            raise FileRefused(file.name, problem) from problem


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _new_batch(org: Org, kind: str, on: date, complete: bool, history: bool, actor: User) -> Batch:
    return Batch.objects.create(org=org, kind=kind, on_day=on, complete=complete, history=history, created_by=actor)


def _attach(batch: Batch, files: Sequence[IncomingFile], documents: Sequence[Document]) -> None:
    SourceFile.objects.bulk_create(
        SourceFile(batch=batch, document=document, name=file.name[-255:], position=position)
        for position, (file, document) in enumerate(zip(files, documents, strict=True))
    )


# Reading ------------------------------------------------------------


def read_batch(*, batch: Batch, actor: User) -> Batch:
    """Read the kept files and keep every row. May be repeated until the batch is committed: the rows are
    then written anew.

    Raises FileRefused (the batch is then FAILED), ImportRefused.
    """
    files = list(batch.files.select_related("document").order_by("position"))
    try:
        readings = _readings(batch, [(file.name, _content(file.document)) for file in files])
    except FileRefused as problem:
        _save_failure(batch, State.FAILED, problem.code, f"{problem.name} {problem.detail}".strip())
        raise
    with transaction.atomic():
        locked = _locked(batch, {State.RECEIVED, State.READ, State.PREVIEWED, State.FAILED})
        _save_rows(locked, files, readings)
        log("import.read", org=locked.org.code, subject=locked, detail=_row_counts(readings), actor=actor)
    return locked


def _content(document: Document) -> bytes:
    with open_document(document) as stream:
        return stream.read()


def _readings(batch: Batch, files: Sequence[tuple[str, bytes]]) -> list[ReadFile]:
    reading, seen, found = import_kind(batch.kind).reading, Seen(), []
    for name, data in files:
        try:
            found.append(read_file(data, name, reading, today=batch.on_day, seen=seen))
        except UnreadableFile as problem:
            raise FileRefused(name, problem) from problem
    return found


def _row_counts(readings: Sequence[ReadFile]) -> dict[str, int]:
    return {"rows": sum(len(reading.rows) for reading in readings)}


def _save_rows(batch: Batch, files: Sequence[SourceFile], readings: Sequence[ReadFile]) -> None:
    lifted = _lift_decisions(batch)
    old = batch.rows().order_by()
    old._raw_delete(old.db)  # the rows are referred to by booked things only, and those the database protects
    for file, reading in zip(files, readings, strict=True):
        file.columns = [asdict(table) for table in reading.tables]
        file.problems = [asdict(problem) for problem in reading.problems]
        file.encoding = reading.encoding
        with connection.cursor() as cursor, cursor.copy(_COPY_ROWS) as copy:
            for row in reading.rows:
                copy.write_row(_row_values(file.pk, row))
    _put_back(batch, lifted)
    SourceFile.objects.bulk_update(files, ["columns", "problems", "encoding"])
    batch.state, batch.failure, batch.failure_detail, batch.preview = State.READ, "", "", None
    batch.save(update_fields=["state", "failure", "failure_detail", "preview"])


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
        _array(row.reasons),
        _array(row.warnings),
        same_as,
        "" if row.outcome == Row.Outcome.ACCEPT else row.outcome,
        "{}",
    )


def _array(codes: Collection[str]) -> str:
    return "{" + ",".join(codes) + "}"


# Dry run ------------------------------------------------------------


def preview_batch(*, batch: Batch, actor: User) -> Batch:
    """Book the batch, roll everything back, and keep what would have happened. Raises ImportRefused."""
    current = Batch.objects.select_related("org").get(pk=batch.pk)
    _require(current, {State.READ, State.PREVIEWED})
    booking = _rehearse(current, read_rows(current), actor)
    with transaction.atomic():
        locked = _locked(batch, {State.READ, State.PREVIEWED})
        _save_verdicts(locked, booking)
        files = [summary.counts() for summary in file_summaries(locked)]
        locked.preview = {
            "counts": dict(booking.counts),
            "detail": dict(booking.detail),
            "recorded": booking.recorded,
            "files": files,
        }
        locked.state, locked.failure, locked.failure_detail = State.PREVIEWED, "", ""
        locked.save(update_fields=["preview", "state", "failure", "failure_detail"])
    return locked


def _rehearse(batch: Batch, rows: Sequence[ReadRow], actor: User) -> Booking:
    with transaction.atomic():
        booking = import_kind(batch.kind).book(batch, rows, actor=actor)
        connection.check_constraints()  # what the database would check only at the end of a real commit
        transaction.set_rollback(True)
    return booking


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
    _check_files(kind, files)
    with transaction.atomic():
        documents = [_unkept_document(file, actor) for file in files]
        batch = _new_batch(org, kind, on, complete, history, actor)
        _attach(batch, files, documents)
        readings = _readings(batch, [(file.name, file.data) for file in files])
        _save_rows(batch, list(batch.files.order_by("position")), readings)
        booking = _rehearse(batch, read_rows(batch), actor)
        _save_verdicts(batch, booking)
        rehearsal = Rehearsal(booking, file_summaries(batch))
        transaction.set_rollback(True)
    return rehearsal


def _unkept_document(file: IncomingFile, actor: User) -> Document:
    """A stand-in inside a transaction that is rolled back; the content of a dry run is written nowhere."""
    digest = _sha256(file.data)
    known = Document.objects.filter(sha256=digest).first()
    return known or Document.objects.create(
        sha256=digest, name=file.name[-255:], size=len(file.data), media_type="", stored_by=actor
    )


# Decisions ------------------------------------------------------------


def decide_row(*, row: Row, choice: str, target: int | None = None, reason: str = "", actor: User) -> Decision:
    """Keep what a person says of a doubtful row; a later word replaces an earlier one until the batch is committed.

    The next dry run goes by it, and until then the batch is not committed. Raises ImportRefused, "no_such_choice" for
    what the last dry run did not offer for this row.
    """
    with transaction.atomic():
        locked = _locked(row.source_file.batch, {State.PREVIEWED})
        finding = Row.objects.values_list("finding", flat=True).get(pk=row.pk) or {}
        offered = {candidate["target"] for candidate in finding.get("candidates", ())}
        if choice not in finding.get("choices", ()) or (choice == Decision.Choice.SAME and target not in offered):
            raise ImportRefused("no_such_choice")
        said = {"choice": choice, "target": target if choice == Decision.Choice.SAME else None, "reason": reason}
        decision, _created = Decision.objects.update_or_create(
            row=row, defaults={**said, "decided_by": actor, "decided_at": timezone.now()}
        )
        _note_decisions(locked)
        detail = {"row": row.pk, "choice": choice, "target": said["target"]}
        log("import.decide", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return decision


def decide_open_rows(*, batch: Batch, choice: str, reason: str = "", actor: User) -> int:
    """The same word ("different" or "skip") for every row still doubtful that it may be said of; how many.

    Raises ImportRefused.
    """
    if choice not in {Decision.Choice.DIFFERENT, Decision.Choice.SKIP}:
        raise ImportRefused("no_such_choice")
    with transaction.atomic():
        locked = _locked(batch, {State.PREVIEWED})
        rows = locked.rows().filter(verdict=DOUBTFUL, finding__choices__contains=[choice], decision=None)
        said = {"choice": choice, "reason": reason, "decided_by": actor, "decided_at": timezone.now()}
        made = Decision.objects.bulk_create(Decision(row=row, **said) for row in rows.only("pk"))
        if made:
            _note_decisions(locked)
            detail = {"rows": len(made), "choice": choice}
            log("import.decide", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return len(made)


def _note_decisions(batch: Batch) -> None:
    """The dry run is older than what was decided."""
    batch.preview = {**(batch.preview or {}), "stale": True}
    batch.save(update_fields=["preview"])


def _require_fresh(batch: Batch) -> None:
    if batch.preview and batch.preview.get("stale"):
        raise ImportRefused("decided_since")


def _lift_decisions(batch: Batch) -> dict[tuple[int, str, int], Decision]:
    """Take the decisions off the rows before these are read anew; by file, sheet and row."""
    decisions = Decision.objects.filter(row__source_file__batch=batch).select_related("row")
    found = {(one.row.source_file_id, one.row.sheet, one.row.number): one for one in decisions}
    decisions._raw_delete(decisions.db)
    return found


def _put_back(batch: Batch, lifted: Mapping[tuple[int, str, int], Decision]) -> None:
    """Decisions return to the rows whose cells still say the same."""
    if not lifted:
        return
    rows = batch.rows().filter(number__in={number for _, _, number in lifted})
    again = []
    for row in rows:
        decision = lifted.get((row.source_file_id, row.sheet, row.number))
        if decision and decision.row.cells == row.cells:
            decision.pk, decision.row = None, row
            again.append(decision)
    Decision.objects.bulk_create(again)


# Commit and undo ------------------------------------------------------------


def commit_batch(*, batch: Batch, actor: User) -> Booking:
    """Book the batch: register, verdicts, state and log in one transaction, all or nothing.

    Of two at once the second waits and is then told (ImportRefused "already_committed"). A batch left
    COMMITTING by a process that died is simply committed again.
    """
    with transaction.atomic():
        locked = _locked(batch, {State.READ, State.PREVIEWED, State.COMMITTING})
        _require_fresh(locked)
        booking = import_kind(locked.kind).book(locked, read_rows(locked), actor=actor)
        _save_verdicts(locked, booking)
        locked.state, locked.committed_at, locked.committed_by = State.COMMITTED, timezone.now(), actor
        locked.failure = locked.failure_detail = ""
        locked.save()
        log(
            "import.commit",
            org=locked.org.code,
            subject=locked,
            detail={"counts": dict(booking.counts)},
            actor=actor,
        )
    return booking


def request_commit(*, batch: Batch, actor: User) -> Batch:
    """Note that a job is going to commit the batch; the caller defers the job in the same transaction."""
    with transaction.atomic():
        locked = _locked(batch, {State.READ, State.PREVIEWED, State.COMMITTING})
        _require_fresh(locked)
        locked.state = State.COMMITTING
        locked.save(update_fields=["state"])
        log("import.commit_requested", org=locked.org.code, subject=locked, actor=actor)
    return locked


def note_failure(*, batch: Batch, code: str, detail: str, actor: User) -> None:
    """A job could not preview or commit the batch: nothing was booked, and the page says why. Committed
    batches stay as they are.
    """
    with transaction.atomic():
        locked = Batch.objects.select_for_update(of=("self",)).select_related("org").get(pk=batch.pk)
        if locked.state == State.COMMITTING:
            locked.state = State.READ if locked.preview is None else State.PREVIEWED
        if locked.state in {State.RECEIVED, State.READ, State.PREVIEWED, State.FAILED}:
            locked.failure, locked.failure_detail = code[:60], detail[:2000]
            locked.save(update_fields=["state", "failure", "failure_detail"])
            log("import.fail", org=locked.org.code, subject=locked, detail={"code": code[:60]}, actor=actor)


def undo_batch(*, batch: Batch, actor: User) -> int:
    """Reverse every movement of a committed batch; how many. Raises ImportRefused "blocked" with the
    reasons in its detail.
    """
    with transaction.atomic():
        locked = _locked(batch, {State.COMMITTED})
        kind = import_kind(locked.kind)
        if blockers := kind.blockers(locked):
            raise ImportRefused("blocked", "\n".join(blockers))
        reversed_ = kind.unbook(locked, actor=actor)
        locked.state, locked.undone_at, locked.undone_by = State.UNDONE, timezone.now(), actor
        locked.save(update_fields=["state", "undone_at", "undone_by"])
        log("import.undo", org=locked.org.code, subject=locked, detail={"reversed": reversed_}, actor=actor)
    return reversed_


# States and verdicts ------------------------------------------------------------


def _locked(batch: Batch, allowed: Collection[str]) -> Batch:
    """The batch as it is now, its row locked until the transaction ends. Raises ImportRefused."""
    locked = Batch.objects.select_for_update(of=("self",)).select_related("org").get(pk=batch.pk)
    _require(locked, allowed)
    return locked


def _require(batch: Batch, allowed: Collection[str]) -> None:
    if batch.state in allowed:
        return
    if State.COMMITTED in allowed and batch.state != State.UNDONE:
        raise ImportRefused("not_committed")
    codes = {State.COMMITTED: "already_committed", State.UNDONE: "undone", State.FAILED: "failed"}
    raise ImportRefused(codes.get(State(batch.state), "not_read"))


def _save_verdicts(batch: Batch, booking: Booking) -> None:
    """Verdicts of this booking; an earlier dry run's are replaced, because a kind gives one to every
    accepted row.
    """
    ids = list(booking.verdicts)
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE_VERDICTS,
            [
                ids,
                list(booking.verdicts.values()),
                [_array(booking.reasons.get(pk, ())) for pk in ids],
                [_finding(booking.findings.get(pk)) for pk in ids],
            ],
        )


def _finding(finding: Finding | None) -> str | None:
    """JSON of what is not empty, as the column keeps it."""
    return _encode({key: value for key, value in asdict(finding).items() if value}) if finding else None


def _save_failure(batch: Batch, state: str, code: str, detail: str) -> None:
    Batch.objects.filter(pk=batch.pk, committed_at=None).update(
        state=state, failure=code, failure_detail=detail, preview=None
    )
