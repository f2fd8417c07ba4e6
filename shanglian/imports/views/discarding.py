"""Putting a draft aside: what that means first, then the doing. Nothing is deleted; checking again takes it up."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shanglian.directory.models import User
from shanglian.directory.queries import names_on, today
from shanglian.imports import actions
from shanglian.imports.access import fetch_batch
from shanglian.imports.actions import ImportRefused
from shanglian.imports.labels import refused_sentence
from shanglian.imports.models import Batch
from shanglian.imports.pages import waiting_for

State = Batch.State
_DRAFTS = frozenset({State.RECEIVED, State.READ, State.PREVIEWED, State.FAILED})


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First what discarding means, then the discarding. A draft that is being worked on is left alone."""
    batch = fetch_batch(Batch.objects.select_related("created_by"), request.user, "upload", pk=pk)
    if not isinstance(request.user, User):
        raise PermissionDenied
    waiting = waiting_for(batch)
    if batch.state not in _DRAFTS or (waiting and waiting.stage != "lost"):
        messages.warning(request, _("This import cannot be discarded now."))
        return redirect("imports:batch", pk)
    if request.method == "POST":
        return _discard(request, batch, request.user)
    context = {"batch": batch, "org_name": names_on([batch.org_id], today())[batch.org_id]}
    return render(request, "imports/discard.html", context)


def _discard(request: HttpRequest, batch: Batch, actor: User) -> HttpResponse:
    try:
        actions.discard_batch(batch=batch, actor=actor)
    except ImportRefused as refusal:
        messages.warning(request, refused_sentence(refusal.code, refusal.detail))
        return redirect("imports:batch", batch.pk)
    messages.success(request, _("The draft has been discarded. It stays in the list under “Discarded”."))
    return redirect("imports:list")
