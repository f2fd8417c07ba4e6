"""What people say of doubtful rows, until the batch is committed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shanglian.archive.actions import log
from shanglian.directory.access import may, visible_org_ids
from shanglian.directory.models import Org, User
from shanglian.directory.queries import names_on, today
from shanglian.imports.actions.refusals import ImportRefused
from shanglian.imports.actions.states import draft_of, touch_draft
from shanglian.imports.kinds import DOUBTFUL, import_kind
from shanglian.imports.models import Batch, Decision, Row

State, Behind, Choice = Batch.State, Batch.Behind, Decision.Choice


def decide_row(
    *, row: Row, choice: str, target: int | None = None, reason: str = "", seen: int | None = None, actor: User
) -> Decision:
    """Keep what a person says of a doubtful row; a later word replaces an earlier one until the batch is committed.

    The next dry run goes by it, and until then the batch is not committed. Raises ImportRefused, "no_such_choice" for
    what the last dry run did not offer for this row, "move_not_yours" where the actor may not commit imports at both
    organisations.
    """
    with transaction.atomic():
        locked = draft_of(row.source_file.batch, {State.PREVIEWED}, seen=seen, actor=actor)
        finding = Row.objects.values_list("finding", flat=True).get(pk=row.pk) or {}
        said = _said(finding, choice, target) | {"reason": reason}
        if choice == Choice.MOVED:
            _require_both(locked, {said["leaves_id"], finding.get("lands", locked.org_id)}, actor)
        decision, _created = Decision.objects.update_or_create(
            row=row, defaults={**said, "decided_by": actor, "decided_at": timezone.now()}
        )
        touch_draft(locked, behind=Behind.DRY_RUN, actor=actor)
        detail = {"row": row.pk, "choice": choice, "target": said["target"]}
        detail |= {"leaves": decision.leaves.code} if decision.leaves else {}
        log("import.decide", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return decision


def _said(finding: Mapping[str, Any], choice: str, target: int | None) -> dict[str, Any]:
    """The word as it is kept, if the last dry run asked or offered it; a move with the organisation that is left."""
    if choice not in (*finding.get("choices", ()), *finding.get("offers", ())):
        raise ImportRefused("no_such_choice")
    if choice not in {Choice.SAME, Choice.MOVED}:
        return {"choice": choice, "target": None, "leaves_id": None}
    leaves = {one["target"]: one.get("leaves") for one in finding.get("candidates", ())}
    if target not in leaves or (choice == Choice.MOVED and leaves[target] is None):
        raise ImportRefused("no_such_choice")
    return {"choice": choice, "target": target, "leaves_id": leaves[target] if choice == Choice.MOVED else None}


def _moves(rows: QuerySet[Row], batch: Batch, said: Mapping[str, Any]) -> list[Decision]:
    """The word "moved" about the only candidate of each row, where who says it may commit at both organisations."""
    own = set(visible_org_ids(said["decided_by"], import_kind(batch.kind).rights.commit))
    found = []
    for row in rows.only("pk", "finding"):
        finding: Mapping[str, Any] = row.finding or {}
        (one,) = finding["candidates"]
        if {one["leaves"], finding.get("lands", batch.org_id)} <= own:
            found.append(Decision(row=row, target=one["target"], leaves_id=one["leaves"], **said))
    return found


def _require_both(batch: Batch, orgs: set[int], actor: User) -> None:
    """A move is a word about two registers: who says it keeps both."""
    verb = import_kind(batch.kind).rights.commit
    if denied := [org.pk for org in Org.objects.filter(pk__in=orgs).order_by("pk") if not may(actor, verb, org)]:
        raise ImportRefused("move_not_yours", "、".join(names_on(denied, today()).values()))


def decide_open_rows(*, batch: Batch, choice: str, reason: str = "", seen: int | None = None, actor: User) -> int:
    """The same word for every row still doubtful that it may be said of; how many.

    "different" or "skip" where the row's choices have it; "moved" where the dry run proposes it and the actor may
    commit at both organisations: the other rows wait. Raises ImportRefused.
    """
    if choice not in {Choice.DIFFERENT, Choice.SKIP, Choice.MOVED}:
        raise ImportRefused("no_such_choice")
    with transaction.atomic():
        locked = draft_of(batch, {State.PREVIEWED}, seen=seen, actor=actor)
        rows = locked.rows().filter(verdict=DOUBTFUL, finding__choices__contains=[choice], decision=None)
        said = {"choice": choice, "reason": reason, "decided_by": actor, "decided_at": timezone.now()}
        if choice == Choice.MOVED:
            made = Decision.objects.bulk_create(_moves(rows.filter(finding__proposed=choice), locked, said))
        else:
            made = Decision.objects.bulk_create(Decision(row=row, **said) for row in rows.only("pk"))
        if made:
            touch_draft(locked, behind=Behind.DRY_RUN, actor=actor)
            detail = {"rows": len(made), "choice": choice}
            log("import.decide", org=locked.org.code, subject=locked, detail=detail, actor=actor)
    return len(made)


def lift_decisions(batch: Batch) -> dict[tuple[int, str, int], Decision]:
    """Take the decisions off the rows before these are read anew; by file, sheet and row."""
    decisions = Decision.objects.filter(row__source_file__batch=batch).select_related("row")
    found = {(one.row.source_file_id, one.row.sheet, one.row.number): one for one in decisions}
    decisions._raw_delete(decisions.db)
    return found


def put_back_decisions(batch: Batch, lifted: Mapping[tuple[int, str, int], Decision]) -> None:
    """Decisions return to the rows that still say the same, in the file and as it is read."""
    if not lifted:
        return
    rows = batch.rows().filter(number__in={number for _, _, number in lifted})
    again = []
    for row in rows:
        decision = lifted.get((row.source_file_id, row.sheet, row.number))
        if decision and (decision.row.cells, decision.row.record) == (row.cells, row.record):
            decision.pk, decision.row = None, row
            again.append(decision)
    Decision.objects.bulk_create(again)
