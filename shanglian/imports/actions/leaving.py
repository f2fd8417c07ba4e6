"""Whom a complete list does not name: kept by every dry run, decided about by people until the batch is committed."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.directory.models import User
from shanglian.imports.actions.refusals import ImportRefused
from shanglian.imports.actions.states import draft_of, touch_draft
from shanglian.imports.kinds import Absent
from shanglian.imports.models import Absence, Batch

State, Behind, Choice = Batch.State, Batch.Behind, Absence.Choice
_FORGET = """
    DELETE FROM imports_absence old
    WHERE old.batch_id = %(batch)s AND NOT EXISTS (SELECT FROM unnest(%(targets)s::bigint[]) AS t WHERE t = old.target)
"""
_KEEP = """
    INSERT INTO imports_absence AS old (batch_id, target, title, obstacle, choice, reason)
    SELECT %(batch)s, target, title, obstacle, '', ''
    FROM unnest(%(targets)s::bigint[], %(titles)s::text[], %(obstacles)s::text[]) AS new (target, title, obstacle)
    ON CONFLICT (batch_id, target) DO UPDATE SET title = excluded.title, obstacle = excluded.obstacle
    WHERE (old.title, old.obstacle) <> (excluded.title, excluded.obstacle)
"""


def keep_absences(batch: Batch, absent: Sequence[Absent]) -> None:
    """What was decided of those still absent stays; who is named now, is forgotten. Part of a dry run or a commit."""
    values: dict[str, Any] = {
        "batch": batch.pk,
        "targets": [one.target for one in absent],
        "titles": [one.title for one in absent],
        "obstacles": [one.obstacle for one in absent],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, values)
        cursor.execute(_KEEP, values)


def decide_absence(*, absence: Absence, choice: str, reason: str = "", seen: int | None = None, actor: User) -> Absence:
    """Keep what a person says of a possible leaver; "" takes an earlier word back. The next dry run goes by it.

    Raises ImportRefused: "no_such_choice", "reason_needed" for a leaving without one, "cannot_leave" where something
    stands in the way.
    """
    with transaction.atomic():
        locked = draft_of(absence.batch, {State.PREVIEWED}, seen=seen, actor=actor)
        _require(choice, {*Choice.values, ""}, reason)
        found = locked.absences.filter(pk=absence.pk)
        if choice == Choice.LEFT and found.exclude(obstacle="").exists():
            raise ImportRefused("cannot_leave", absence.title)
        if not _say(found, choice, reason, actor):
            raise ImportRefused("no_such_choice")  # it is named now
        touch_draft(locked, behind=Behind.DRY_RUN, actor=actor)
        detail = {"target": absence.target, "choice": choice}
        log("import.decide_absence", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    absence.refresh_from_db()
    return absence


def decide_absences(*, batch: Batch, choice: str, reason: str = "", seen: int | None = None, actor: User) -> int:
    """The same word for all that are still undecided and of whom it may be said; how many. Raises ImportRefused."""
    with transaction.atomic():
        locked = draft_of(batch, {State.PREVIEWED}, seen=seen, actor=actor)
        _require(choice, Choice.values, reason)
        undecided = locked.absences.filter(choice="")
        number = _say(undecided.filter(obstacle="") if choice == Choice.LEFT else undecided, choice, reason, actor)
        if number:
            touch_draft(locked, behind=Behind.DRY_RUN, actor=actor)
            detail = {"targets": number, "choice": choice}
            log("import.decide_absence", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return number


def _require(choice: str, known: Collection[str], reason: str) -> None:
    if choice not in known:
        raise ImportRefused("no_such_choice")
    if choice == Choice.LEFT and not reason.strip():
        raise ImportRefused("reason_needed")


def _say(absences: QuerySet[Absence], choice: str, reason: str, actor: User) -> int:
    """How many it was said of; a word taken back leaves no name."""
    who, when = (actor, timezone.now()) if choice else (None, None)
    return absences.update(choice=choice, reason=reason.strip() if choice else "", decided_by=who, decided_at=when)
