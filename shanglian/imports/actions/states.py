"""The batch as it is now, locked, and what may be done with it in which state."""

from collections.abc import Collection

from django.utils import timezone

from shanglian.directory.models import User
from shanglian.imports.actions.refusals import ImportRefused
from shanglian.imports.models import Batch

State, Behind = Batch.State, Batch.Behind
DRAFT = frozenset({State.RECEIVED, State.READ, State.PREVIEWED})  # nothing is booked, all of it may change


def locked_batch(batch: Batch, allowed: Collection[str]) -> Batch:
    """The batch as it is now, its row locked until the transaction ends. Raises ImportRefused."""
    locked = Batch.objects.select_for_update(of=("self",)).select_related("org").get(pk=batch.pk)
    require_state(locked, allowed)
    return locked


def require_state(batch: Batch, allowed: Collection[str]) -> None:
    if batch.state in allowed:
        return
    if State.COMMITTED in allowed and batch.state != State.UNDONE:
        raise ImportRefused("not_committed")
    codes = {
        State.COMMITTED: "already_committed",
        State.UNDONE: "undone",
        State.FAILED: "failed",
        State.DISCARDED: "discarded",
    }
    raise ImportRefused(codes.get(State(batch.state), "not_read"))


def save_failure(batch: Batch, state: str, code: str, detail: str) -> None:
    Batch.objects.filter(pk=batch.pk, committed_at=None).update(
        state=state, failure=code, failure_detail=detail, preview=None
    )


def draft_of(batch: Batch, allowed: Collection[str], *, seen: int | None, actor: User) -> Batch:
    """The batch locked for a word about its draft. Raises ImportRefused.

    `seen`: the revision the actor was looking at; when somebody else has said something since, the word is refused
    ("overtaken", with who and when) and the actor looks again. None: no page was looked at.
    """
    locked = locked_batch(batch, allowed)
    if seen is not None and locked.revision != seen and locked.touched_by_id not in (None, actor.pk):
        raise ImportRefused("overtaken", f"{locked.touched_by} {timezone.localtime(locked.touched_at):%Y-%m-%d %H:%M}")
    return locked


def touch_draft(batch: Batch, *, behind: str, actor: User) -> None:
    """Something was said of the draft: what has to be done again, and who said it."""
    if batch.behind != Behind.READING:
        batch.behind = behind
    batch.revision, batch.touched_by, batch.touched_at = batch.revision + 1, actor, timezone.now()
    batch.save(update_fields=["behind", "revision", "touched_by", "touched_at"])


def require_named(batch: Batch) -> None:
    """Nothing is said of members by a list of which nobody knows what its columns are."""
    if batch.behind == Behind.NAMING:
        names = [file.name for file in batch.files.order_by("position") if not any(t["columns"] for t in file.columns)]
        raise ImportRefused("nothing_named", "、".join(names))


def require_fresh(batch: Batch) -> None:
    """Only what was rehearsed is committed."""
    require_named(batch)
    if batch.behind:
        raise ImportRefused("decided_since")


def as_array(codes: Collection[str]) -> str:
    return "{" + ",".join(codes) + "}"
