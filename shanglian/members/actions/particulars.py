"""Facts about entities: enter those of one booking, take back those of an import.

The columns of the entity follow by the database's own hand (sql/particulars.sql). What the register already says is
not for here: whoever compares enters only what is new.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shanglian.directory.models import User
from shanglian.imports.models import Batch
from shanglian.members.actions.booking import Stamp, copy_rows
from shanglian.members.models import Particular

FACT = (
    "entity_id", "field", "value", "since", "recorded_at", "source_row_id", "actor_id", "reason", "reverses_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewFact:
    """A value to be entered, as the database keeps it; `source_row` and `reverses` are ids or None."""

    entity: int
    field: str
    value: Any
    since: date | None
    source_row: int | None = None
    reverses: int | None = None
    reason: str = ""


def enter_facts(stamp: Stamp, facts: Sequence[NewFact], *, actor: User) -> None:
    """Enter facts as one booking, in the caller's transaction and under its stamp.

    Raises IntegrityError, with the numbers in the message, for what the guard refuses (see sql/particulars.sql).
    """
    if not facts:
        return
    copy_rows(
        "members_particular",
        FACT,
        (
            (f.entity, str(f.field), json.dumps(f.value, ensure_ascii=False), f.since, stamp.at, f.source_row,
             actor.pk, f.reason, f.reverses)
            for f in facts
        ),
    )  # fmt: skip


def reverse_facts(stamp: Stamp, batch: Batch, *, actor: User) -> int:
    """Mirror every fact an import entered that stands, in the caller's transaction; how many.

    Always possible: the value that held before, or a later one, holds again by itself.
    """
    entered = Particular.objects.filter(
        source_row__source_file__batch=batch, actor__isnull=False, reverses__isnull=True, reversed_by__isnull=True
    ).order_by("id")
    reason = f"undo {batch.pk}"
    facts = [
        NewFact(entity, field, value, since, None, pk, reason)
        for pk, entity, field, value, since in entered.values_list("id", "entity_id", "field", "value", "since")
    ]
    enter_facts(stamp, facts, actor=actor)
    return len(facts)
