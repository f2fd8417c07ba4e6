"""Pages of the imports room: the list with the upload, one batch from check to undo, its rows and its files."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from shanglian.archive.queries import open_document
from shanglian.common.core.numbers import thousands
from shanglian.common.templatetags.ui import moment
from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import Org, User
from shanglian.directory.queries import names_on, subtree_ids, today
from shanglian.imports import actions, tasks
from shanglian.imports.access import fetch_batch, may_batch, upload_choices, visible_batches
from shanglian.imports.actions import FileRefused, ImportRefused, IncomingFile
from shanglian.imports.forms import UploadForm, seen_in
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import (
    failure_sentence,
    refused_sentence,
    unreadable_sentence,
    words_of,
)
from shanglian.imports.listing import (
    ListFilter,
    Offered,
    arrived_uploads,
    group_counts,
    lines_of,
    mine_first,
    of_group,
    own_uploads,
)
from shanglian.imports.models import Batch, Row, SourceFile, Upload
from shanglian.imports.pages import (
    BOOKED,
    CHOICES,
    FATES,
    LARGE,
    Figures,
    RowView,
    figures_of,
    is_large,
    known_progress,
    row_views,
    said_of,
    waiting_for,
    without_empty_columns,
)
from shanglian.imports.preview import ended_of, leavers_of, sections_of
from shanglian.imports.steps import onward_of, step_after_upload

BATCHES, PROBLEM_ROWS, ROWS = 20, 10, 50  # on one page
UNBOOKED = ("unbooked", "rejected", "doubtful", "remarks")
_TABS = ("all", "booked", *BOOKED, "already", "doubtful", "rejected", "remarks")
State = Batch.State
_FILES = Prefetch("files", SourceFile.objects.order_by("position"))
_BATCHES: QuerySet[Batch] = Batch.objects.select_related(
    "org", "created_by", "touched_by", "committed_by", "undone_by"
).prefetch_related(_FILES)


# The list and the upload ------------------------------------------------------------


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Every import the reader may see, newest first, and the upload for those who may."""
    choices = upload_choices(request.user)
    initial = {"org": request.GET.get("org", ""), "kind": request.GET.get("kind", "")}
    form = UploadForm(choices=choices, arrived=arrived_uploads(_user(request)), initial=initial) if choices else None
    return _list_page(request, form, choices)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take an upload in; a small one is read and rehearsed at once. What is wrong is said at the field (422)."""
    if request.method != "POST":
        return redirect("imports:list")
    choices = upload_choices(request.user)
    if not choices:
        raise PermissionDenied(_("You may look at imports here, but not hand in rosters."))
    form = UploadForm(request.POST, request.FILES, choices=choices, arrived=arrived_uploads(_user(request)))
    status = 422
    if form.is_valid():
        try:
            batch = _receive(form.cleaned_data, _user(request))
        except FileRefused as refusal:
            form.add_error("upload", unreadable_sentence(refusal.name, refusal.code, refusal.detail))
            _give_up_refused(form.cleaned_data["uploads"], refusal, _user(request))
        except ImportRefused as refusal:
            form.add_error("upload", refused_sentence(refusal.code, refusal.detail))
            status = 507 if refusal.code == "disk_full" else status
        else:
            return redirect(step_after_upload(batch), batch.pk)
    return _list_page(request, form, choices, status=status)


def _list_page(
    request: HttpRequest, form: UploadForm | None, choices: Mapping[str, list[tuple[str, str]]], status: int = 200
) -> HttpResponse:
    reader = _user(request)
    mine, visible = visible_batches(reader)
    if not visible:
        raise PermissionDenied
    filters, seen = ListFilter.of(request.GET), Batch.objects.filter(mine)
    shown = filters.kept(seen).filter(org__in=_below(filters.org, visible))
    found = mine_first(of_group(_BATCHES.filter(pk__in=shown.values("pk")), filters.state), reader)
    page, offered = Paginator(found, BATCHES).get_page(request.GET.get("page")), Offered.of(seen)
    context = {
        "form": form,
        "page": page,
        "filters": filters,
        "groups": group_counts(shown),
        "offered": offered,
        "lines": lines_of(page.object_list, offered, choices),
        "uploads": own_uploads(reader) if form else (),
        "most": settings.IMPORT_MAX_BYTES,
        "too_large": unreadable_sentence("{name}", "too_large", f"{settings.IMPORT_MAX_BYTES // 1024**2} MB"),
    }
    return render(request, "imports/list.html", context, status=status)


def _below(code: str, visible: list[int]) -> list[int]:
    """The organisations the list covers: all visible, or those below the one asked for."""
    if not code:
        return visible
    org = Org.objects.filter(code=code, pk__in=visible).first()
    if org is None:
        raise Http404
    return sorted(set(subtree_ids(org, on=today(), tree="now")) & set(visible))


def _receive(asked: dict[str, Any], actor: User) -> Batch:
    """Keep the files; read and rehearse them here if they are small, else ask for a job in the same transaction."""
    with transaction.atomic():
        files = [IncomingFile(file.name or "", file.read()) for file in asked["upload"]]
        files += [actions.take_upload(upload=upload, actor=actor) for upload in asked["uploads"]]
        batch = actions.receive_file(
            org=Org.objects.get(code=asked["org"]),
            kind=asked["kind"],
            files=files,
            on=asked["on"],
            complete=asked["complete"],
            history=asked["history"],
            by_hand=True,
            actor=actor,
        )
        large = sum(len(file.data) for file in files) > LARGE
        if large:
            tasks.defer_reading(batch, actor)
    if not large:
        check_now(batch, actor)
    return batch


def _give_up_refused(uploads: Iterable[Upload], refusal: FileRefused, actor: User) -> None:
    """A file that cannot be used is not offered again."""
    for upload in uploads:
        if upload.name == refusal.name:
            actions.give_up_upload(upload=upload, actor=actor)


def check_now(batch: Batch, actor: User) -> None:
    """Read and rehearse inside the request. What is refused is kept on the batch and told on its page."""
    with suppress(FileRefused):
        now = actions.read_batch(batch=batch, actor=actor)
        if now.behind != Batch.Behind.NAMING:
            tasks.preview_batch(str(batch.pk), actor.pk)


# One batch ------------------------------------------------------------


@require_safe
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the files hold and what booking them would do, did or could not do."""
    found = fetch_batch(_BATCHES, request.user, "view", pk=pk)
    show = request.GET.get("show", "")
    if show and show not in UNBOOKED:
        raise Http404
    context = _batch_context(request, found)
    if context["previewed"] and context["waiting"] is None:
        context |= _preview(context)
        context |= _unbooked(request, context, show) if found.state != State.PREVIEWED else {}
    partial = "#problems" if _asks_for(request, "problems") else ""
    return render(request, f"imports/batch.html{partial}", context)


def _batch_context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    files = list(batch.files.all())
    words = words_of(batch.kind)
    preview = batch.preview or {}
    allowed, figures = may_batch(request.user, "commit", batch), figures_of([batch.pk])[batch.pk]
    return {
        "batch": batch,
        "files": files,
        "words": words,
        "org_name": names_on([batch.org_id], today())[batch.org_id],
        "waiting": waiting_for(batch),
        "figures": figures,
        "previewed": batch.state in {State.PREVIEWED, State.COMMITTED, State.UNDONE},
        "draft": batch.state == State.PREVIEWED,
        "failure": failure_sentence(batch) if batch.failure else "",
        "notices": words.notices(preview.get("detail", {})),
        "stale": bool(batch.behind) and batch.behind != Batch.Behind.NAMING,
        "recorded": preview.get("recorded", 0),
        "register_url": words.register(batch.org.code),
        "may_commit": bool(allowed),
        "may_take": bool(may_batch(request.user, "take", batch)),
        "denial": DENIALS[allowed.reason] if isinstance(allowed, Denied) else "",
        "fates": FATES,
        "onward": onward_of(batch, files, figures) if batch.state == State.PREVIEWED and allowed else "",
    }


def _preview(context: dict[str, Any]) -> dict[str, Any]:
    """The first rows of each kind of booking, and the possible leavers by what was decided."""
    batch, files = context["batch"], {file.pk: file for file in context["files"]}
    links = batch.state == State.COMMITTED
    return {
        "sections": sections_of(batch, context["figures"], files, context["words"], links=links),
        "leavers": leavers_of(batch),
    }


def _unbooked(request: HttpRequest, context: dict[str, Any], show: str) -> dict[str, Any]:
    """One page of the rows nothing was booked from, or that were booked with a remark."""
    figures: Figures = context["figures"]
    show = show or ("unbooked" if figures.count("unbooked") else "remarks")
    page = _page(request, figures.count(show), PROBLEM_ROWS)
    return {
        "show": show,
        "page": page,
        "problem_rows": _views(context, _part(context["batch"].rows().filter(CHOICES[show]), page)),
        "choices": [(choice, figures.count(choice)) for choice in UNBOOKED],
    }


def _page(request: HttpRequest, count: int, size: int) -> Page[Any]:
    """A page of a list whose length is known already: only its numbers are used."""
    return Paginator(range(count), size).get_page(request.GET.get("page"))


def _part(rows: QuerySet[Row], page: Page[Any]) -> list[Row]:
    return list(rows[max(page.start_index() - 1, 0) : page.end_index()])


def _views(context: dict[str, Any], rows: list[Row]) -> list[RowView]:
    batch: Batch = context["batch"]
    files: dict[int, SourceFile] = {file.pk: file for file in context["files"]}
    return row_views(rows, files, context["words"], links=batch.state == State.COMMITTED)


def _asks_for(request: HttpRequest, target: str) -> bool:
    """Whether htmx wants only this part of the page."""
    return bool(request.htmx) and request.htmx.target == target  # type: ignore[attr-defined]


@require_safe
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page of the step on which there is something to do."""
    found = fetch_batch(_BATCHES, request.user, "view", pk=pk)
    return redirect(step_after_upload(found), pk)


@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Polled while a job is under way: nothing new (204), a changed line, or "load the page again"."""
    found = fetch_batch(_BATCHES, request.user, "view", pk=pk)
    waiting = waiting_for(found)
    if waiting is None:
        return HttpResponseClientRefresh()
    if request.GET.get("known") == known_progress(found, waiting):
        return HttpResponse(status=204)
    context = {"batch": found, "waiting": waiting, "may_commit": bool(may_batch(request.user, "commit", found))}
    return render(request, "imports/progress.html#line", context)


@require_safe
def rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every row as it was read, with the file, sheet and row it stands in; filtered by what becomes of it."""
    found = fetch_batch(_BATCHES, request.user, "view", pk=pk)
    show = request.GET.get("show", "all")
    if show not in CHOICES:
        raise Http404
    context = _batch_context(request, found)
    figures: Figures = context["figures"]
    code = request.GET.get("code", "")[:60]
    asked = found.rows().filter(CHOICES[show], said_of(code))
    page = _page(request, asked.count() if code else figures.count(show), ROWS)
    context |= {
        "show": show,
        "code": code,
        "page": page,
        "rows": without_empty_columns(_views(context, _part(asked, page))),
        "choices": [(choice, figures.count(choice)) for choice in _TABS if choice == show or _always(choice, figures)],
    }
    partial = "#rows" if _asks_for(request, "rows") else ""
    return render(request, f"imports/rows.html{partial}", context)


def _always(choice: str, figures: Figures) -> bool:
    """Parts of what is booked have a tab only where there are any."""
    return choice not in BOOKED or bool(figures.count(choice))


@require_safe
def file(request: HttpRequest, pk: UUID, position: int) -> HttpResponseBase:
    """One of the files as handed in, always as a download: with everything that pages cover."""
    found = fetch_batch(_BATCHES, request.user, "take", pk=pk)
    source = found.files.select_related("document").filter(position=position).first()
    if source is None:
        raise Http404
    return FileResponse(
        open_document(source.document),
        as_attachment=True,
        filename=source.name,
        content_type="application/octet-stream",
    )


# What is done with it ------------------------------------------------------------


@require_POST
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read and rehearse once more: after a failure, or because the register has changed since."""
    found = fetch_batch(_BATCHES, request.user, "upload", pk=pk)
    actor = _user(request)
    if found.state in {State.COMMITTED, State.UNDONE, State.COMMITTING}:
        messages.warning(request, _("This import is past checking."))
    elif is_large(found):
        tasks.defer_reading(found, actor)
    else:
        check_now(found, actor)
    return redirect("imports:batch", pk)


@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop what is done in the background; a commit only as long as it waits for its turn."""
    found = fetch_batch(_BATCHES, request.user, "upload", pk=pk)
    if not tasks.stop_work(found, _user(request)):
        messages.warning(
            request,
            _("Nothing could be cancelled: the work is done, or it is the booking itself, which is not interrupted."),
        )
    return redirect("imports:batch", pk)


@require_POST
def commit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Book the batch, a large one in the background. Whoever comes second is told who was first."""
    found = fetch_batch(_BATCHES, request.user, "commit", pk=pk)
    try:
        _commit(request, found, _user(request))
    except ImportRefused as refusal:
        messages.warning(request, _state_sentence(_BATCHES.get(pk=pk), refusal))
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as refusal:
        reason = str(refusal).split("\n", 1)[0]
        actions.note_failure(batch=found, code="database", detail=reason, actor=_user(request))
    return redirect("imports:batch", pk)


def _commit(request: HttpRequest, batch: Batch, actor: User) -> None:
    waiting, seen = waiting_for(batch), seen_in(request.POST)
    if waiting and waiting.stage != "lost":
        messages.info(request, _("This import is being worked on already; nothing is booked twice."))
    elif is_large(batch):
        with transaction.atomic():
            tasks.defer_commit(actions.request_commit(batch=batch, seen=seen, actor=actor), actor)
    else:
        actions.commit_batch(batch=batch, seen=seen, actor=actor)
        number = figures_of([batch.pk])[batch.pk].fates["booked"]
        sentence = ngettext("%(n)s row has been booked.", "%(n)s rows have been booked.", number)
        committed = sentence % {"n": thousands(number)} if number else _("The import has been committed.")
        messages.success(request, committed)


def _state_sentence(batch: Batch, refusal: ImportRefused) -> str:
    """Why it could not be done, with who did what before where that is the reason."""
    if batch.state == State.COMMITTED and refusal.code == "already_committed":
        sentence = _("%(who)s committed this import at %(at)s already; nothing was booked a second time.")
        return sentence % {"who": batch.committed_by, "at": moment(batch.committed_at)}
    if batch.state == State.UNDONE and refusal.code == "undone":
        sentence = _("%(who)s took this import back at %(at)s.")
        return sentence % {"who": batch.undone_by, "at": moment(batch.undone_at)}
    return refused_sentence(refusal.code, refusal.detail)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First what taking back would mean and what stands in its way, then the taking back."""
    found = fetch_batch(_BATCHES, request.user, "commit", pk=pk)
    if request.method == "POST":
        try:
            number = actions.undo_batch(batch=found, actor=_user(request))
        except ImportRefused as refusal:
            if refusal.code != "blocked":
                messages.warning(request, _state_sentence(_BATCHES.get(pk=pk), refusal))
                return redirect("imports:batch", pk)
        else:
            sentence = ngettext("Taken back: %(n)s entry reversed.", "Taken back: %(n)s entries reversed.", number)
            messages.success(request, sentence % {"n": thousands(number)})
            return redirect("imports:batch", pk)
    elif found.state != State.COMMITTED:
        return redirect("imports:batch", pk)
    context = _batch_context(request, found) | {
        "blockers": import_kind(found.kind).blockers(found),
        "ended": ended_of(found),
    }
    return render(request, "imports/undo.html", context, status=409 if request.method == "POST" else 200)


def _user(request: HttpRequest) -> User:
    """Whoever is signed in; everybody here is, because views require it."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
