"""Background jobs of this room: ids in, one action, its refusal noted on the batch. One job at a time per
batch.

Deferring is part of the caller's transaction: no job without its batch, no batch without its job. Jobs may
run twice.
"""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError
from procrastinate.contrib.django import app

from shanglian.directory.models import User
from shanglian.imports import actions
from shanglian.imports.models import Batch

QUEUE = "imports"


@app.task(name="imports.read_batch", queue=QUEUE)
def read_batch(batch_id: str, actor_id: int) -> None:
    """Read the files, then go on to the dry run."""
    batch, actor = _subjects(batch_id, actor_id)
    if _done(lambda: actions.read_batch(batch=batch, actor=actor), batch, actor):
        defer_preview(batch, actor)


@app.task(name="imports.preview_batch", queue=QUEUE)
def preview_batch(batch_id: str, actor_id: int) -> None:
    batch, actor = _subjects(batch_id, actor_id)
    _done(lambda: actions.preview_batch(batch=batch, actor=actor), batch, actor)


@app.task(name="imports.commit_batch", queue=QUEUE)
def commit_batch(batch_id: str, actor_id: int) -> None:
    """Harmless when run again: a committed batch is refused, an uncommitted one is committed."""
    batch, actor = _subjects(batch_id, actor_id)
    _done(lambda: actions.commit_batch(batch=batch, actor=actor), batch, actor)


def defer_reading(batch: Batch, actor: User) -> None:
    _defer(read_batch, batch, actor)


def defer_preview(batch: Batch, actor: User) -> None:
    _defer(preview_batch, batch, actor)


def defer_commit(batch: Batch, actor: User) -> None:
    """The caller has called actions.request_commit in the same transaction."""
    _defer(commit_batch, batch, actor)


def _defer(task: object, batch: Batch, actor: User) -> None:
    task.configure(lock=f"batch-{batch.pk}").defer(batch_id=str(batch.pk), actor_id=actor.pk)  # type: ignore[attr-defined]


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
