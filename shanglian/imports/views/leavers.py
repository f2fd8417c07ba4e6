"""Whom a complete list does not name: one line each, with what may be decided about it.

Who they are and what stands in the way of ending one, the kind says; nobody is ended before the commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shanglian.common.core.numbers import thousands
from shanglian.directory.core.rights import Denied
from shanglian.directory.labels import DENIALS
from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports import actions, tasks
from shanglian.imports.access import fetch_batch, may_batch
from shanglian.imports.actions import ImportRefused
from shanglian.imports.forms import seen_in
from shanglian.imports.labels import Known, refused_sentence, words_of
from shanglian.imports.models import Absence, Batch
from shanglian.imports.pages import is_large
from shanglian.imports.preview import Leavers, leavers_of

SHOWN = 30  # lines on one page
State, Choice = Batch.State, Absence.Choice


@dataclass(frozen=True)
class Line:
    """A possible leaver as the page shows it; `known` is missing where the register has it no longer."""

    absence: Absence
    known: Known | None


@require_http_methods(["GET", "HEAD", "POST"])
def leavers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The possible leavers of a complete roster, open or decided; a word about one, or about all that are open."""
    step: Any = "commit" if request.method == "POST" else "view"
    batch = fetch_batch(Batch.objects.all(), request.user, step, pk=pk)
    show = request.GET.get("show", "open")
    if show not in {"open", "decided"} or not isinstance(request.user, User):
        raise Http404
    if request.method == "POST":
        _decide(request, batch, request.user)
        again = urlencode({"show": show, "page": request.GET.get("page", "1")})
        return redirect(f"{reverse('imports:leavers', args=[pk])}?{again}")
    return render(request, "imports/leavers.html", _context(request, batch, show, request.user))


# Deciding ------------------------------------------------------------


def _decide(request: HttpRequest, batch: Batch, actor: User) -> None:
    """Keep what was said and, where that is quick, make the dry run again. What is refused, is told."""
    try:
        number = _decide_all(request, batch, actor) if request.POST.get("all") else _decide_one(request, batch, actor)
    except ImportRefused as refusal:
        messages.warning(request, refused_sentence(refusal.code, refusal.detail))
        return
    if number and not is_large(batch):
        tasks.preview_batch(str(batch.pk), actor.pk)


def _decide_one(request: HttpRequest, batch: Batch, actor: User) -> int:
    said, absence = request.POST, _absence(batch, request.POST.get("absence", ""))
    reason, seen = said.get("reason", "")[:500], seen_in(said)
    choice = {"open": ""}.get(said.get("choice", ""), said.get("choice") or "?")  # open: an earlier word is taken back
    actions.decide_absence(absence=absence, choice=choice, reason=reason, seen=seen, actor=actor)
    messages.success(request, _("%(name)s has been decided.") % {"name": absence.title})
    return 1


def _decide_all(request: HttpRequest, batch: Batch, actor: User) -> int:
    said = request.POST
    if said.get("sure") != "on":
        messages.warning(request, _("Tick the box to confirm; nothing has been decided."))
        return 0
    reason = said.get("reason", "")[:500]
    number = actions.decide_absences(batch=batch, choice=said["all"], reason=reason, seen=seen_in(said), actor=actor)
    sentence = ngettext("%(n)s has been decided.", "%(n)s have been decided.", number)
    messages.success(request, sentence % {"n": thousands(number)})
    return number


def _absence(batch: Batch, given: str) -> Absence:
    """A possible leaver of this batch; a stranger's does not exist here."""
    found = batch.absences.select_related("batch")
    absence = found.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 19 else None
    if absence is None:
        raise Http404
    return absence


# Showing ------------------------------------------------------------


def _context(request: HttpRequest, batch: Batch, show: str, reader: User) -> dict[str, Any]:
    counts = leavers_of(batch) or Leavers()
    page = Paginator(_asked(batch, show), SHOWN).get_page(request.GET.get("page"))
    words = words_of(batch.kind)
    known = words.absentees([one.target for one in page.object_list], reader) if page.object_list else {}
    allowed = may_batch(reader, "commit", batch)
    return {
        "batch": batch,
        "words": words,
        "org_name": names_on([batch.org_id], today())[batch.org_id],
        "show": show,
        "page": page,
        "counts": counts,
        "tabs": [("open", _("To be decided"), counts.open), ("decided", _("Decided"), counts.decided)],
        "lines": _lines(list(page.object_list), known),
        "may_decide": bool(allowed) and batch.state == State.PREVIEWED,
        "denial": DENIALS[allowed.reason] if isinstance(allowed, Denied) else "",
        "stale": bool(batch.behind),
        "booked": batch.state in {State.COMMITTED, State.UNDONE},
    }


def _asked(batch: Batch, show: str) -> QuerySet[Absence]:
    found = batch.absences.select_related("decided_by").order_by("pk")
    return found.filter(choice="") if show == "open" else found.exclude(choice="")


def _lines(absences: list[Absence], known: Mapping[int, Known]) -> list[Line]:
    return [Line(absence, known.get(absence.target)) for absence in absences]
