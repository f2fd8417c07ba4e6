"""Mending cells of a draft: typed, accepted from a proposal, taken back. The file itself stays as it is.

Each word makes the reading old; what it changes is seen when the file is read again by it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.directory.models import User
from shanglian.imports.actions.refusals import ImportRefused
from shanglian.imports.actions.states import draft_of, touch_draft
from shanglian.imports.core.columns import SENSITIVE
from shanglian.imports.core.mending import faults_of, proposals_for, refusal_of
from shanglian.imports.kinds import LEFT_OUT, import_kind
from shanglian.imports.models import Amendment, Batch, Row
from shanglian.imports.queries import amendments_of, fetch_mended

_CHANGEABLE = frozenset({Batch.State.READ, Batch.State.PREVIEWED})


def amend_cell(
    *,
    batch: Batch,
    row: Row,
    position: int,
    text: str,
    proposed: bool = False,
    seen: int | None = None,
    actor: User,
) -> Amendment | None:
    """Keep what is to be read instead of a cell; None when it says so already. Raises ImportRefused.

    `position`: from 0, of a column the table has and that is not sensitive; the cell may be empty or missing.
    `proposed`: the text is one of the proposals for the cell as it stands, else "not_proposed".
    """
    text = text.strip()
    with transaction.atomic():
        locked = draft_of(batch, _CHANGEABLE, seen=seen, actor=actor)
        table, cells = row.table, row.cells_read
        if position not in _open_positions(table, len(cells)):
            raise ImportRefused("no_such_cell")
        if code := refusal_of(text):
            raise ImportRefused(code)
        if proposed and text not in _proposed_for(locked, row, position):
            raise ImportRefused("not_proposed")
        before = cells[position] if position < len(cells) else ""
        if text == before.strip():
            return None
        (amendment,) = _keep(locked, [(row, position, before, text)], proposed=proposed, actor=actor)
        detail = {"file": row.source_file.position, "row": row.number, "column": position, "proposed": proposed}
        log("import.amend", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return amendment


def _open_positions(table: Mapping[str, Any], width: int) -> set[int]:
    """The columns of which a cell may be mended; of sensitive ones nothing is ever kept."""
    return set(range(max(len(table.get("headings", ())), width))) - set(table.get("columns", {}).get(SENSITIVE, ()))


def _proposed_for(batch: Batch, row: Row, position: int) -> set[str]:
    kind, cells, table = import_kind(batch.kind).reading, row.cells_read, row.table
    codes = (*row.reasons, *row.warnings)
    found = (proposals_for(cells, table, position, code, kind, batch.on_day, row.number) for code in codes)
    return {proposal.text for proposals in found for proposal in proposals}


def accept_proposals(*, batch: Batch, code: str, seen: int | None = None, actor: User) -> int:
    """Accept the proposal for every cell with this problem that has exactly one sure proposal; how many.

    What was left out by decision stays as it is. Raises ImportRefused.
    """
    with transaction.atomic():
        locked = draft_of(batch, _CHANGEABLE, seen=seen, actor=actor)
        reading = import_kind(locked.kind).reading
        rows = list(
            rows_with(locked, code)
            .exclude(verdict=LEFT_OUT)
            .select_related("source_file")
            .only("source_file", "sheet", "number", "cells", "source_file__columns")
        )
        fetch_mended(rows)
        wanted = []
        for row in rows:
            cells = row.cells_read
            for fault in faults_of(cells, row.table, {code}, reading, locked.on_day, row.number):
                if fault.sure:
                    wanted.append((row, fault.position, "".join(cells[fault.position :][:1]), fault.sure.text))
        if wanted:
            _keep(locked, wanted, proposed=True, actor=actor)
            detail = {"code": code, "cells": len(wanted), "proposed": True}
            log("import.amend", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return len(wanted)


def rows_with(batch: Batch, code: str) -> QuerySet[Row]:
    """Rows of which reading said this."""
    return batch.rows().filter(Q(reasons__contains=[code]) | Q(warnings__contains=[code]))


def _keep(batch: Batch, cells: Iterable[tuple[Row, int, str, str]], *, proposed: bool, actor: User) -> list[Amendment]:
    """(row, position, text until now, text from now on) of each cell. What is kept together is taken back together."""
    now = timezone.now()
    made = Amendment.objects.bulk_create(
        [
            Amendment(
                source_file_id=row.source_file_id,
                sheet=row.sheet,
                number=row.number,
                position=position,
                before=before,
                text=text,
                proposed=proposed,
                made_by=actor,
                made_at=now,
            )
            for row, position, before, text in cells
        ],
        batch_size=1000,
    )
    touch_draft(batch, behind=Batch.Behind.READING, actor=actor)
    return made


def withdraw_amendment(
    *,
    batch: Batch,
    amendment: Amendment | None = None,
    row: Row | None = None,
    seen: int | None = None,
    actor: User,
) -> int:
    """Take back an amendment, all of a row, or (without either) what was kept last: what stood before, holds again.

    What was accepted together is taken back together. How many were taken back. Raises ImportRefused, "nothing_mended"
    when there is none.
    """
    with transaction.atomic():
        locked = draft_of(batch, _CHANGEABLE, seen=seen, actor=actor)
        standing = amendments_of(locked)
        if amendment is not None:
            meant = standing.filter(pk=amendment.pk)
        elif row is not None:
            meant = standing.filter(source_file=row.source_file_id, sheet=row.sheet, number=row.number)
        else:
            last = standing.first()
            meant = standing.filter(made_at=last.made_at, made_by=last.made_by_id) if last else standing
        number = meant.order_by().update(withdrawn_at=timezone.now(), withdrawn_by=actor)
        if not number:
            raise ImportRefused("nothing_mended")
        touch_draft(locked, behind=Batch.Behind.READING, actor=actor)
        log("import.withdraw_amendment", org=locked.org.code, subject=locked, detail={"cells": number}, actor=actor)
    return number
