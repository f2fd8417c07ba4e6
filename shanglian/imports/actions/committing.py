"""Booking a batch and taking it back: register, verdicts, state and log in one transaction, all or nothing."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.directory.models import User
from shanglian.imports.actions.leaving import keep_absences
from shanglian.imports.actions.refusals import ImportRefused, full_disk_refused
from shanglian.imports.actions.rehearsing import save_verdicts
from shanglian.imports.actions.states import DRAFT, draft_of, locked_batch, require_fresh
from shanglian.imports.kinds import Booking, import_kind
from shanglian.imports.models import Batch
from shanglian.imports.queries import read_rows

State = Batch.State


@full_disk_refused()
def commit_batch(*, batch: Batch, seen: int | None = None, actor: User) -> Booking:
    """Book the batch: register, verdicts, state and log in one transaction, all or nothing. `seen`: as in draft_of.

    Of two at once the second waits and is then told (ImportRefused "already_committed"). A batch left
    COMMITTING by a process that died is simply committed again.
    """
    with transaction.atomic():
        locked = draft_of(batch, {State.READ, State.PREVIEWED, State.COMMITTING}, seen=seen, actor=actor)
        require_fresh(locked)
        booking = import_kind(locked.kind).book(locked, read_rows(locked), actor=actor)
        save_verdicts(locked, booking)
        keep_absences(locked, booking.absent)
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


def request_commit(*, batch: Batch, seen: int | None = None, actor: User) -> Batch:
    """Note that a job is going to commit the batch; the caller defers the job in the same transaction."""
    with transaction.atomic():
        locked = draft_of(batch, {State.READ, State.PREVIEWED, State.COMMITTING}, seen=seen, actor=actor)
        require_fresh(locked)
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


def note_progress(*, batch: Batch, progress: dict[str, Any], actor: User) -> None:
    """How far the job is, for whoever waits for it. Worth no line in the log."""
    Batch.objects.filter(pk=batch.pk).update(progress=progress)


@full_disk_refused()
def undo_batch(*, batch: Batch, actor: User) -> int:
    """Reverse every movement of a committed batch; how many. Raises ImportRefused "blocked" with the
    reasons in its detail.
    """
    with transaction.atomic():
        locked = locked_batch(batch, {State.COMMITTED})
        kind = import_kind(locked.kind)
        if blockers := kind.blockers(locked):
            raise ImportRefused("blocked", "\n".join(blockers))
        reversed_ = kind.unbook(locked, actor=actor)
        locked.state, locked.undone_at, locked.undone_by = State.UNDONE, timezone.now(), actor
        locked.save(update_fields=["state", "undone_at", "undone_by"])
        log("import.undo", org=locked.org.code, subject=locked, detail={"reversed": reversed_}, actor=actor)
    return reversed_


def discard_batch(*, batch: Batch, actor: User) -> None:
    """Put a draft aside: nothing of it is booked, its files are kept, and it can be taken up again. Raises
    ImportRefused.
    """
    with transaction.atomic():
        locked = locked_batch(batch, DRAFT | {State.FAILED})
        locked.state = State.DISCARDED
        locked.save(update_fields=["state"])
        log("import.discard", org=locked.org.code, subject=locked, actor=actor)
