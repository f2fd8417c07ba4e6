"""The third step: what is wrong, cell by cell, with what it may be mended to; typed, accepted and taken back there.

A small file is read again at once; in a large one the mended cell is kept and the file is read again when asked.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from shanglian.common.core.numbers import thousands
from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports import actions
from shanglian.imports.access import fetch_batch, may_batch
from shanglian.imports.actions import ImportRefused
from shanglian.imports.forms import seen_in
from shanglian.imports.labels import Words, refused_sentence, words_of
from shanglian.imports.models import Amendment, Batch, Row, SourceFile
from shanglian.imports.pages import RowView, figures_of, is_large, row_views, waiting_for, without_empty_columns
from shanglian.imports.problems import (
    SHOWN,
    Place,
    count_of,
    focus_of,
    mended_of,
    mended_places,
    others_at_work,
    problems_of,
    together_of,
)
from shanglian.imports.views.batches import check_now

ROWS, MENDED_ROWS, FIRST_ROWS = 10, 20, 8  # on one page
STOP_POLLING = 286
State, Behind = Batch.State, Batch.Behind
_SHOWS = (*SHOWN, "mended")
_BATCHES: QuerySet[Batch] = Batch.objects.select_related("org", "created_by", "touched_by").prefetch_related(
    Prefetch("files", SourceFile.objects.order_by("position"))
)
_CHANGEABLE = {State.READ, State.PREVIEWED}


@require_http_methods(["GET", "HEAD", "POST"])
def problems(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rows with something wrong; a cell that is mended, proposals that are accepted, a mending that is taken back."""
    batch = fetch_batch(_BATCHES, request.user, "upload" if request.method == "POST" else "view", pk=pk)
    show = request.GET.get("show", "all")
    if show not in _SHOWS or not isinstance(request.user, User):
        raise Http404
    place = Place.read(request.GET.get("at", ""))
    if request.method == "POST":
        place = _mend(request, batch, request.user) or place
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect(_address(request, pk, place))
        batch = _BATCHES.get(pk=pk)
    if waiting_for(batch) or batch.state in {State.RECEIVED, State.FAILED, State.DISCARDED}:
        return _away(request, pk)
    context = _context(request, batch, show, place, request.user)
    partial = "#mending" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"imports/problems.html{partial}", context)


def _away(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To the page of the batch: a job is under way, or there is nothing that was read."""
    address = reverse("imports:batch", args=[pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


def _address(request: HttpRequest, pk: UUID, place: Place | None) -> str:
    """The same page once more, at the cell just spoken of."""
    asked = QueryDict(mutable=True)
    asked.update({key: request.GET[key] for key in ("show", "page", "grid") if key in request.GET})
    if place:
        asked["at"] = str(place)
    return f"{reverse('imports:problems', args=[pk])}?{asked.urlencode()}".removesuffix("?")


@require_safe
def changed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Polled by the page: nothing new (204), or that somebody has said something of the draft since."""
    batch = fetch_batch(_BATCHES, request.user, "view", pk=pk)
    if request.GET.get("seen") == str(batch.revision):
        return HttpResponse(status=204)
    return render(request, "imports/problems.html#changed", {"batch": batch}, status=STOP_POLLING)


# Mending ------------------------------------------------------------


def _mend(request: HttpRequest, batch: Batch, actor: User) -> Place | None:
    """Keep what was said and, where that is quick, read the file again. What is refused, is told. The place meant."""
    said = request.POST
    seen = seen_in(said)
    place = Place.read(said.get("place", ""))
    try:
        if "code" in said:
            number = actions.accept_proposals(batch=batch, code=said["code"][:40], seen=seen, actor=actor)
            sentence = ngettext("%(n)s proposal has been accepted.", "%(n)s proposals have been accepted.", number)
            messages.success(request, sentence % {"n": thousands(number)})
        elif "undo" in said:
            number = _withdraw(batch, said["undo"], seen, actor)
            sentence = ngettext("%(n)s mended cell was taken back.", "%(n)s mended cells were taken back.", number)
            messages.success(request, sentence % {"n": thousands(number)})
        elif not _amend(request, batch, place, seen, actor):
            return place
    except ImportRefused as refusal:
        messages.warning(request, refused_sentence(refusal.code, refusal.detail))
        return place
    if not is_large(batch):
        check_now(batch, actor)
    return place


def _amend(request: HttpRequest, batch: Batch, place: Place | None, seen: int | None, actor: User) -> bool:
    """Keep what was typed or accepted for one cell; whether anything is new."""
    said, row = request.POST, _row_at(batch, place)
    if row is None or place is None:
        raise ImportRefused("no_such_cell")
    proposed = "accept" in said
    text = said["accept"] if proposed else said.get("text", "")
    amendment = actions.amend_cell(
        batch=batch, row=row, position=place.position, text=text, proposed=proposed, seen=seen, actor=actor
    )
    if amendment:
        messages.success(request, _("Row %(row)s has been mended.") % {"row": row.number})
    return amendment is not None


def _withdraw(batch: Batch, given: str, seen: int | None, actor: User) -> int:
    """What was kept last, or the amendment with this id; one of another batch does not exist here."""
    amendment = None
    if given != "last":
        amendment = Amendment.objects.filter(source_file__batch=batch, pk=_number(given) or 0).first()
        if amendment is None:
            raise ImportRefused("nothing_mended")
    return actions.withdraw_amendment(batch=batch, amendment=amendment, seen=seen, actor=actor)


def _row_at(batch: Batch, place: Place | None) -> Row | None:
    """The row of a place: rows are written anew with each reading, so their ids do not last."""
    rows = batch.rows().select_related("source_file")
    if place is None:
        return None
    found = rows.filter(source_file__position=place.file, number=place.row)
    return next((row for row in found if Place.of(row, place.position) == place), None)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


# Showing ------------------------------------------------------------


def _context(request: HttpRequest, batch: Batch, show: str, place: Place | None, reader: User) -> dict[str, Any]:
    files = {file.pk: file for file in batch.files.all()}
    figures, words = figures_of([batch.pk])[batch.pk], words_of(batch.kind)
    mended = list(mended_places(batch).values_list("proposed", flat=True))
    allowed = may_batch(reader, "upload", batch)
    may_mend = bool(allowed) and batch.state in _CHANGEABLE
    counts = {key: count_of(figures, key) for key in SHOWN} | {"mended": len(mended)}
    context = {
        "batch": batch,
        "files": list(files.values()),
        "words": words,
        "org_name": names_on([batch.org_id], today())[batch.org_id],
        "figures": figures,
        "show": show,
        "counts": counts,
        "choices": [(key, counts[key]) for key in _SHOWS],
        "corrected": (batch.preview or {}).get("corrected", 0),
        "accepted": sum(mended),
        "typed": len(mended) - sum(mended),
        "may_mend": may_mend,
        "may_take": bool(may_batch(reader, "take", batch)),
        "denial": DENIALS[allowed.reason] if isinstance(allowed, Denied) else "",
        "unread": batch.behind == Behind.READING,
        "others": others_at_work(batch, reader),
        "here": _address(request, batch.pk, None),
        "only_wrong": request.GET.get("grid") != "all",
        "now": timezone.now(),
    }
    page = Paginator(range(counts[show]), MENDED_ROWS if show == "mended" else ROWS).get_page(request.GET.get("page"))
    context |= _rows(batch, show, page, files, words)
    context["focus"] = focus_of(context["problems"], place)
    context["grid_rows"] = _grid(batch, context, files, words)
    if may_mend:
        context["together"], context["together_is_all"] = together_of(batch, files, words)
    return context


def _rows(batch: Batch, show: str, page: Page[Any], files: Mapping[int, SourceFile], words: Words) -> dict[str, Any]:
    """One page of the rows with problems, or of the cells that were mended."""
    part = slice(max(page.start_index() - 1, 0), page.end_index())
    if show == "mended":
        amendments = list(mended_places(batch).select_related("made_by")[part])
        return {"page": page, "mended": mended_of(amendments, files), "problems": [], "views": []}
    rows = list(batch.rows().filter(SHOWN[show])[part])
    views = row_views(rows, files, words, links=False)
    return {"page": page, "mended": [], "problems": problems_of(batch, views, words), "views": views}


def _grid(batch: Batch, context: dict[str, Any], files: Mapping[int, SourceFile], words: Words) -> list[RowView]:
    """The rows of the table above, or, when all are asked for, the first rows of the batch."""
    views: list[RowView] = context["views"]
    if not context["only_wrong"] or context["show"] == "mended":
        views = row_views(list(batch.rows()[:FIRST_ROWS]), files, words, links=False)
    return without_empty_columns(views)
