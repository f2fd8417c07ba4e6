"""Pages of the imports room: the list with the upload, one batch from check to undo, its rows and its files."""

from contextlib import suppress
from typing import Any
from uuid import UUID

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
from shanglian.directory.access import fetch, may, visible_org_ids
from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import Org, User
from shanglian.directory.queries import names_on, subtree_ids, today
from shanglian.imports import actions, tasks
from shanglian.imports.actions import FileRefused, ImportRefused, IncomingFile
from shanglian.imports.forms import UploadForm
from shanglian.imports.kinds import import_kind
from shanglian.imports.labels import (
    failure_sentence,
    refused_sentence,
    unreadable_sentence,
    words_of,
)
from shanglian.imports.models import Batch, Row, SourceFile
from shanglian.imports.pages import (
    CHOICES,
    FATES,
    LARGE,
    PROBLEMS,
    Figures,
    RowView,
    figures_of,
    is_large,
    row_views,
    waiting_for,
    without_empty_columns,
)

BATCHES, PROBLEM_ROWS, ROWS, FIRST_ROWS = 20, 10, 50, 8  # on one page
ROSTER = "roster"  # the one kind the upload offers
State = Batch.State
_FILES = Prefetch("files", SourceFile.objects.order_by("position"))
_BATCHES: QuerySet[Batch] = Batch.objects.select_related(
    "org", "created_by", "committed_by", "undone_by"
).prefetch_related(_FILES)


# The list and the upload ------------------------------------------------------------


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """Every import the reader may see, newest first, and the upload for those who may."""
    orgs = _upload_choices(request)
    asked = request.GET.get("org", "")
    return _list_page(request, UploadForm(orgs=orgs, initial={"org": asked}) if orgs else None)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take an upload in; a small one is read and rehearsed at once. What is wrong is said at the field (422)."""
    if request.method != "POST":
        return redirect("imports:list")
    orgs = _upload_choices(request)
    if not orgs:
        raise PermissionDenied(_("You may look at imports here, but not hand in rosters."))
    form = UploadForm(request.POST, request.FILES, orgs=orgs)
    if form.is_valid():
        try:
            batch = _receive(form.cleaned_data, _user(request))
        except FileRefused as refusal:
            form.add_error("upload", unreadable_sentence(refusal.name, refusal.code, refusal.detail))
        except ImportRefused as refusal:
            form.add_error("upload", refused_sentence(refusal.code, refusal.detail))
        else:
            return redirect("imports:batch", batch.pk)
    return _list_page(request, form, status=422)


def _list_page(request: HttpRequest, form: UploadForm | None, status: int = 200) -> HttpResponse:
    visible = visible_org_ids(request.user, "imports.view")
    if not visible:
        raise PermissionDenied
    shown = _below(request.GET.get("org", ""), visible)
    batches = _BATCHES.filter(org__in=shown).order_by("-created_at", "-pk")
    page = Paginator(batches, BATCHES).get_page(request.GET.get("page"))
    figures = figures_of([batch.pk for batch in page.object_list])
    names = names_on({batch.org_id for batch in page.object_list}, today())
    context = {
        "form": form,
        "page": page,
        "lines": [(batch, figures[batch.pk], names[batch.org_id]) for batch in page.object_list],
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


def _upload_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """(code, name) of the organisations the reader may hand in rosters for."""
    ids = visible_org_ids(request.user, "imports.upload")
    names = names_on(ids, today())
    return [(org.code, names.get(org.pk, org.code)) for org in Org.objects.filter(pk__in=ids).order_by("code")]


def _receive(asked: dict[str, Any], actor: User) -> Batch:
    """Keep the files; read and rehearse them here if they are small, else ask for a job in the same transaction."""
    files = [IncomingFile(file.name or "", file.read()) for file in asked["upload"]]
    with transaction.atomic():
        batch = actions.receive_file(
            org=Org.objects.get(code=asked["org"]),
            kind=ROSTER,
            files=files,
            on=asked["on"],
            complete=asked["complete"],
            history=asked["history"],
            actor=actor,
        )
        large = sum(len(file.data) for file in files) > LARGE
        if large:
            tasks.defer_reading(batch, actor)
    if not large:
        _check_now(batch, actor)
    return batch


def _check_now(batch: Batch, actor: User) -> None:
    """Read and rehearse inside the request. What is refused is kept on the batch and told on its page."""
    with suppress(FileRefused):
        actions.read_batch(batch=batch, actor=actor)
        tasks.preview_batch(str(batch.pk), actor.pk)


# One batch ------------------------------------------------------------


@require_safe
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the files hold and what booking them would do, did or could not do."""
    found = fetch(_BATCHES, request.user, "imports.view", pk=pk)
    show = request.GET.get("show", "problems")
    if show not in PROBLEMS:
        raise Http404
    context = _batch_context(request, found)
    if context["waiting"] is None:
        context |= _problems(request, context, show)
    partial = "#problems" if _asks_for(request, "problems") else ""
    return render(request, f"imports/batch.html{partial}", context)


def _batch_context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    files = list(batch.files.all())
    words = words_of(batch.kind)
    preview = batch.preview or {}
    allowed = may(request.user, "imports.commit", batch.org)
    return {
        "batch": batch,
        "files": files,
        "words": words,
        "org_name": names_on([batch.org_id], today())[batch.org_id],
        "waiting": waiting_for(batch),
        "figures": figures_of([batch.pk])[batch.pk],
        "previewed": batch.state in {State.PREVIEWED, State.COMMITTED, State.UNDONE},
        "failure": failure_sentence(batch, [file.name for file in files]) if batch.failure else "",
        "notices": words.notices(preview.get("detail", {})),
        "stale": bool(batch.behind),
        "recorded": preview.get("recorded", 0),
        "register_url": words.register(batch.org.code),
        "may_commit": bool(allowed),
        "denial": DENIALS[allowed.reason] if isinstance(allowed, Denied) else "",
        "fates": FATES,
    }


def _problems(request: HttpRequest, context: dict[str, Any], show: str) -> dict[str, Any]:
    """One page of the rows with something wrong, and the first rows that are to be booked."""
    figures: Figures = context["figures"]
    page = _page(request, figures.count(show), PROBLEM_ROWS)
    wrong = _rows(context, show, page)
    first = _rows(context, "booked", Paginator(range(FIRST_ROWS), FIRST_ROWS).page(1)) if context["previewed"] else []
    views = _views(context, [*wrong, *first])
    return {
        "show": show,
        "page": page,
        "problem_rows": views[: len(wrong)],
        "first_rows": without_empty_columns(views[len(wrong) :]),
        "choices": [(choice, figures.count(choice)) for choice in PROBLEMS],
    }


def _page(request: HttpRequest, count: int, size: int) -> Page[Any]:
    """A page of a list whose length is known already: only its numbers are used."""
    return Paginator(range(count), size).get_page(request.GET.get("page"))


def _rows(context: dict[str, Any], choice: str, page: Page[Any]) -> list[Row]:
    first = max(page.start_index() - 1, 0)
    return list(context["batch"].rows().filter(CHOICES[choice])[first : page.end_index()])


def _views(context: dict[str, Any], rows: list[Row]) -> list[RowView]:
    batch: Batch = context["batch"]
    files: dict[int, SourceFile] = {file.pk: file for file in context["files"]}
    return row_views(rows, files, context["words"], links=batch.state == State.COMMITTED)


def _asks_for(request: HttpRequest, target: str) -> bool:
    """Whether htmx wants only this part of the page."""
    return bool(request.htmx) and request.htmx.target == target  # type: ignore[attr-defined]


@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Polled while a job is under way: nothing new (204), a changed line, or "load the page again"."""
    found = fetch(_BATCHES, request.user, "imports.view", pk=pk)
    waiting = waiting_for(found)
    if waiting is None:
        return HttpResponseClientRefresh()
    if request.GET.get("known") == f"{found.state}-{waiting.stage}":
        return HttpResponse(status=204)
    context = {"batch": found, "waiting": waiting, "may_commit": bool(may(request.user, "imports.commit", found.org))}
    return render(request, "imports/batch.html#progress", context)


@require_safe
def rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every row as it was read, with the file, sheet and row it stands in; filtered by what becomes of it."""
    found = fetch(_BATCHES, request.user, "imports.view", pk=pk)
    show = request.GET.get("show", "all")
    if show not in CHOICES:
        raise Http404
    context = _batch_context(request, found)
    figures: Figures = context["figures"]
    page = _page(request, figures.count(show), ROWS)
    context |= {
        "show": show,
        "page": page,
        "rows": without_empty_columns(_views(context, _rows(context, show, page))),
        "choices": [(choice, figures.count(choice)) for choice in ("all", *FATES, "remarks")],
    }
    partial = "#rows" if _asks_for(request, "rows") else ""
    return render(request, f"imports/rows.html{partial}", context)


@require_safe
def file(request: HttpRequest, pk: UUID, position: int) -> HttpResponseBase:
    """One of the files as handed in, always as a download."""
    found = fetch(_BATCHES, request.user, "imports.view", pk=pk)
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
    found = fetch(_BATCHES, request.user, "imports.upload", pk=pk)
    actor = _user(request)
    if found.state in {State.COMMITTED, State.UNDONE, State.COMMITTING}:
        messages.warning(request, _("This import is past checking."))
    elif is_large(found):
        tasks.defer_reading(found, actor)
    else:
        _check_now(found, actor)
    return redirect("imports:batch", pk)


@require_POST
def commit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Book the batch, a large one in the background. Whoever comes second is told who was first."""
    found = fetch(_BATCHES, request.user, "imports.commit", pk=pk)
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
    waiting = waiting_for(batch)
    if waiting and waiting.stage != "lost":
        messages.info(request, _("This import is being worked on already; nothing is booked twice."))
    elif is_large(batch):
        with transaction.atomic():
            tasks.defer_commit(actions.request_commit(batch=batch, actor=actor), actor)
    else:
        actions.commit_batch(batch=batch, actor=actor)
        number = figures_of([batch.pk])[batch.pk].fates["booked"]
        sentence = ngettext("%(n)s row has been booked.", "%(n)s rows have been booked.", number)
        messages.success(request, sentence % {"n": thousands(number)})


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
    found = fetch(_BATCHES, request.user, "imports.commit", pk=pk)
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
    context = _batch_context(request, found) | {"blockers": import_kind(found.kind).blockers(found)}
    return render(request, "imports/undo.html", context, status=409 if request.method == "POST" else 200)


def _user(request: HttpRequest) -> User:
    """Whoever is signed in; everybody here is, because views require it."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
