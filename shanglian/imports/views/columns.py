"""The second step: which column of the file is what, as guessed and as a person says."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS, Label
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports import actions, tasks
from shanglian.imports.access import fetch_batch, may_batch
from shanglian.imports.actions import ImportRefused
from shanglian.imports.forms import seen_in
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import refused_sentence, words_of
from shanglian.imports.mapping import Place, chosen_beginnings, chosen_columns, fields_of, table_views
from shanglian.imports.models import Batch, ConfirmedHeading, SourceFile
from shanglian.imports.pages import figures_of, is_large, waiting_for
from shanglian.imports.views.batches import check_now

State = Batch.State
OPEN_TABLES = 3  # of more tables, those with nothing to look at are folded
_BATCHES = Batch.objects.select_related("org").prefetch_related(
    Prefetch("files", SourceFile.objects.order_by("position"))
)
_CLOSED = {
    State.COMMITTING: "committing",
    State.COMMITTED: "already_committed",
    State.UNDONE: "undone",
    State.DISCARDED: "discarded",
    State.FAILED: "failed",
}


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every column of every table with what it is taken for; and the word of a person, who knows better."""
    found = fetch_batch(_BATCHES, request.user, "upload" if request.method == "POST" else "view", pk=pk)
    if not any(file.columns for file in found.files.all()):
        return redirect("imports:batch", pk)  # it tells what the batch waits for
    if request.method != "POST" or not isinstance(request.user, User):
        return render(request, "imports/columns.html", _context(request, found))
    chosen = chosen_columns(request.POST, list(found.files.all()))
    try:
        _say(request, found, chosen, request.user)
    except ImportRefused as refusal:
        return _refused(request, found, chosen, refusal)
    return _go_on(request, found, request.user)


def _say(request: HttpRequest, batch: Batch, chosen: dict[Place, dict[int, str]], actor: User) -> None:
    """Keep what was said; where a large file has to be read anew for it, a job is asked for with it."""
    waiting = waiting_for(batch)
    if waiting and waiting.stage != "lost":
        raise ImportRefused("at_work")
    with transaction.atomic():
        named = actions.name_columns(
            batch=batch,
            columns=chosen,
            headless=chosen_beginnings(request.POST, list(batch.files.all())),
            remember=request.POST.get("remember") == "on",
            seen=seen_in(request.POST),
            actor=actor,
        )
        if named.behind == Batch.Behind.READING and is_large(named):
            tasks.defer_reading(named, actor)


def _refused(
    request: HttpRequest, batch: Batch, chosen: dict[Place, dict[int, str]], refusal: ImportRefused
) -> HttpResponse:
    """A wrong choice is shown again as it was made; where the draft itself is another now, it is shown as it is."""
    sentence = refused_sentence(refusal.code, refusal.detail)
    if refusal.code in {"column_twice", "column_missing", "unknown_column", "nothing_named"}:
        context = _context(request, batch, chosen) | {"refusal": sentence}
        return render(request, "imports/columns.html", context, status=422)
    messages.warning(request, sentence)
    return redirect("imports:columns", batch.pk)


def _go_on(request: HttpRequest, batch: Batch, actor: User) -> HttpResponse:
    """To the next step, or back to the list, for a draft; a small file is read anew and rehearsed here, a large one
    tells how far it is.
    """
    now = Batch.objects.select_related("org").get(pk=batch.pk)
    if now.behind == Batch.Behind.READING and not is_large(now):
        check_now(now, actor)
        now.refresh_from_db()
    if request.POST.get("then") == "list":
        messages.success(request, _("The columns have been saved; the import stays a draft."))
        return redirect("imports:list")
    if now.state != State.PREVIEWED or now.behind == Batch.Behind.READING:
        return redirect("imports:batch", batch.pk)
    messages.success(request, _("The columns have been confirmed."))
    return redirect("imports:problems", batch.pk)


# Showing ------------------------------------------------------------


def _context(request: HttpRequest, batch: Batch, chosen: dict[Place, dict[int, str]] | None = None) -> dict[str, Any]:
    kind, words, files = import_kind(batch.kind).reading, words_of(batch.kind), list(batch.files.all())
    remembered = list(_remembered(batch))
    confirmed = {one.heading: one.column for one in remembered}
    beginnings = chosen_beginnings(request.POST, files) if chosen else {}
    tables = table_views(files, kind, words, confirmed, chosen, beginnings)
    allowed = may_batch(request.user, "upload", batch)
    closed = _closed(batch)
    fields = fields_of(kind, words)
    labels: dict[str, Label] = {key: label for key, label, _required in fields}
    return {
        "batch": batch,
        "files": files,
        "org_name": names_on([batch.org_id], today())[batch.org_id],
        "figures": figures_of([batch.pk])[batch.pk],
        "tables": tables,
        "looks": sum(table.looks for table in tables),
        "fold": len(tables) > OPEN_TABLES,
        "fields": fields,
        "unread": [(file.name, problem["sheet"]) for file in files for problem in _without_headings(file)],
        "remembered": [(one, labels.get(one.column, one.column)) for one in remembered],
        "remember": request.POST.get("remember") == "on" if request.method == "POST" else True,
        "may_upload": bool(allowed),
        "may_say": bool(allowed) and not closed,
        "denial": DENIALS[allowed.reason] if isinstance(allowed, Denied) else "",
        "closed": closed,
    }


def _remembered(batch: Batch) -> Any:
    headings = ConfirmedHeading.objects.filter(org=batch.org, kind=batch.kind)
    return headings.select_related("confirmed_by").order_by("-confirmed_at", "heading")


def _without_headings(file: SourceFile) -> list[dict[str, Any]]:
    """Sheets of which nothing was recognised, and nobody has said since what their columns are."""
    return [problem for problem in file.problems if problem["code"] == "no_headings"]


def _closed(batch: Batch) -> str:
    """Why nothing can be said of the columns now, "" when it can."""
    waiting = waiting_for(batch)
    if waiting and waiting.stage != "lost":
        return refused_sentence("at_work")
    code = _CLOSED.get(State(batch.state))
    return refused_sentence(code) if code else ""


@require_POST
def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A heading shall no longer mean to the organisation what somebody said once."""
    found = fetch_batch(_BATCHES, request.user, "upload", pk=pk)
    heading = request.POST.get("heading", "")[:60]
    if isinstance(request.user, User) and actions.forget_heading(
        org=found.org, kind=found.kind, heading=heading, actor=request.user
    ):
        messages.success(request, _("“%(heading)s” has been forgotten.") % {"heading": heading})
    return redirect("imports:columns", pk)
