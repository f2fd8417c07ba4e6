"""Background jobs of this room: ids in, one action, its refusal noted on the batch. One job at a time per
batch.

Deferring is part of the caller's transaction: no job without its batch, no batch without its job. Jobs may
run twice. Reading and rehearsing can be stopped: at the next portion of rows or the next statement the job ends, and
its transaction is rolled back. A commit can be stopped only before it begins.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason

from shanglian.directory.models import User
from shanglian.imports import actions
from shanglian.imports.models import Batch

QUEUE = "imports"
COMMIT = "imports.commit_batch"
TELL_EVERY = 0.5  # seconds between two words on how far a job is


# Jobs ------------------------------------------------------------


@app.task(name="imports.read_batch", queue=QUEUE, pass_context=True)
def _reading(context: JobContext, batch_id: str, actor_id: int) -> None:
    read_batch(batch_id, actor_id, _is_stopped(context))


@app.task(name="imports.preview_batch", queue=QUEUE, pass_context=True)
def _rehearsing(context: JobContext, batch_id: str, actor_id: int) -> None:
    preview_batch(batch_id, actor_id, _is_stopped(context))


@app.task(name=COMMIT, queue=QUEUE)
def commit_batch(batch_id: str, actor_id: int) -> None:
    """Harmless when run again: a committed batch is refused, an uncommitted one is committed."""
    batch, actor = _subjects(batch_id, actor_id)
    _done(lambda: actions.commit_batch(batch=batch, actor=actor), batch, actor)


@app.periodic(cron="17 * * * *")
@app.task(name="imports.remove_old_uploads", queue=QUEUE)
def remove_old_uploads(timestamp: int) -> None:
    """Every hour. Files that nobody has gone on sending, and nobody handed in."""
    actions.remove_old_uploads(actor=None)


def read_batch(batch_id: str, actor_id: int, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Read the files, then go on to the dry run if their columns are known. Raises JobAborted when it was stopped."""
    batch, actor = _subjects(batch_id, actor_id)
    watch = _Watch(batch, actor, is_stopped)
    with connection.execute_wrapper(watch.before_statement):
        if _done(lambda: actions.read_batch(batch=batch, watch=watch, actor=actor), batch, actor):
            batch.refresh_from_db(fields=["behind"])
            if batch.behind != Batch.Behind.NAMING:
                defer_preview(batch, actor)


def preview_batch(batch_id: str, actor_id: int, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Rehearse the batch as it was read. Raises JobAborted when it was stopped."""
    batch, actor = _subjects(batch_id, actor_id)
    watch = _Watch(batch, actor, is_stopped)
    with connection.execute_wrapper(watch.before_statement):
        watch("rehearsing")
        _done(lambda: actions.preview_batch(batch=batch, actor=actor), batch, actor)


# Asking for them ------------------------------------------------------------


def defer_reading(batch: Batch, actor: User) -> None:
    _defer(_reading, batch, actor)


def defer_preview(batch: Batch, actor: User) -> None:
    _defer(_rehearsing, batch, actor)


def defer_commit(batch: Batch, actor: User) -> None:
    """The caller has called actions.request_commit in the same transaction."""
    _defer(commit_batch, batch, actor)


def _defer(task: object, batch: Batch, actor: User) -> None:
    task.configure(lock=_lock(batch)).defer(batch_id=str(batch.pk), actor_id=actor.pk)  # type: ignore[attr-defined]


def stop_work(batch: Batch, actor: User) -> bool:
    """Stop what is under way or waits for its turn, and note who did; whether there was anything that can be stopped.

    A commit that has begun holds the ledger and goes on to its end; it can be taken back afterwards.
    """
    with transaction.atomic():
        jobs = ProcrastinateJob.objects.filter(lock=_lock(batch), status__in=["todo", "doing"]).order_by("pk")
        stopped = [app.job_manager.cancel_job_by_id(job.pk, abort=job.task_name != COMMIT) for job in jobs]
        if any(stopped):
            actions.note_failure(batch=batch, code="cancelled", detail=str(actor), actor=actor)
    return any(stopped)


# How they run ------------------------------------------------------------


class _Watch:
    """Keeps how far a job is where the page finds it, and ends the job when it was stopped.

    Asking costs nothing: the worker is told of a stop by the database and keeps it in memory.
    """

    def __init__(self, batch: Batch, actor: User, is_stopped: Callable[[], bool]) -> None:
        self._batch, self._actor, self._is_stopped = batch, actor, is_stopped
        self._stage, self._told, self._ended = "", 0.0, False

    def __call__(self, stage: str, **figures: int) -> None:
        self._end_if_stopped()
        if stage != self._stage or monotonic() - self._told >= TELL_EVERY:
            self._stage, self._told = stage, monotonic()
            actions.note_progress(batch=self._batch, progress={"stage": stage, **figures}, actor=self._actor)

    def before_statement(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self._end_if_stopped()
        return execute(*arguments)

    def _end_if_stopped(self) -> None:
        if not self._ended and self._is_stopped():
            self._ended = True  # what is rolled back on the way out may use statements
            raise JobAborted


def _is_stopped(context: JobContext) -> Callable[[], bool]:
    """Whether a person stopped the job. When the worker ends, its job goes back into the queue instead."""
    return lambda: context.abort_reason() == AbortReason.USER_REQUEST


def _lock(batch: Batch) -> str:
    return f"batch-{batch.pk}"


def _subjects(batch_id: str, actor_id: int) -> tuple[Batch, User]:
    return Batch.objects.select_related("org").get(pk=batch_id), User.objects.get(pk=actor_id)


def _done(step: Callable[[], object], batch: Batch, actor: User) -> bool:
    """Whether the step succeeded. A refusal is noted on the batch; a lost database is the worker's to
    retry.
    """
    try:
        step()
    except actions.FileRefused:
        return False  # reading notes it itself
    except actions.ImportRefused as refusal:
        actions.note_failure(batch=batch, code=refusal.code, detail=refusal.detail, actor=actor)
        return False
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as refusal:
        actions.note_failure(batch=batch, code="database", detail=str(refusal).split("\n")[0], actor=actor)
        return False
    return True
