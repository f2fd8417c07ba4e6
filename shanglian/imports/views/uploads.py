"""Files that arrive in pieces, for upload.js; the protocol is described in actions/uploading.py.

Whoever may hand in a list for any organisation may send; what is sent is seen by its sender alone. Answers are JSON,
refusals problem+json with a sentence for the reader. Without JavaScript only `give_up` is used.
"""

from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shanglian.common.http import problem
from shanglian.directory.access import visible_org_ids
from shanglian.directory.models import User
from shanglian.imports import actions
from shanglian.imports.actions import FileRefused, ImportRefused, PieceOutOfPlace
from shanglian.imports.actions.uploading import MAX_PIECE
from shanglian.imports.forms import AnnouncedForm
from shanglian.imports.kinds import import_kinds
from shanglian.imports.labels import refused_sentence, unreadable_sentence
from shanglian.imports.models import Upload

_STATUS: Final = {"disk_full": 507, "too_many_uploads": 409, "upload_gone": 404, "piece_too_large": 413}


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a file before anything of it is sent: a new upload, or the one that was begun with the same file."""
    actor = _sender(request)
    form = AnnouncedForm(request.POST)
    if not form.is_valid():
        return problem(request, 422, _("Name, size and mark of the file are needed."))
    try:
        upload = actions.begin_upload(**form.cleaned_data, actor=actor)
    except (FileRefused, ImportRefused) as refusal:
        return _refused(request, refusal)
    return JsonResponse({"id": str(upload.pk), "received": upload.received}, status=201)


@require_http_methods(["GET", "HEAD", "PUT", "DELETE"])
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it has come; its next piece; or its end."""
    actor = _sender(request)
    found = _own(actor, pk)
    try:
        if request.method == "PUT":
            found = actions.append_upload(upload=found, at=_place(request), piece=_piece(request), actor=actor)
        elif request.method == "DELETE":
            actions.give_up_upload(upload=found, actor=actor)
            return HttpResponse(status=204)
    except PieceOutOfPlace as answer:
        return problem(request, 409, str(answer), code="out_of_place", received=answer.received)
    except ImportRefused as refusal:
        return _refused(request, refusal)
    return JsonResponse({"received": found.received})


@require_POST
def give_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """As DELETE, from a button on the page."""
    actor = _sender(request)
    actions.give_up_upload(upload=_own(actor, pk), actor=actor)
    return redirect("imports:list")


def _sender(request: HttpRequest) -> User:
    rights = {kind.rights.upload for kind in import_kinds()}
    if not isinstance(request.user, User) or not any(visible_org_ids(request.user, right) for right in rights):
        raise PermissionDenied(_("You may look at imports here, but not hand in rosters."))
    return request.user


def _own(actor: User, pk: UUID) -> Upload:
    found = Upload.objects.filter(created_by=actor, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _place(request: HttpRequest) -> int:
    given = request.GET.get("from", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else -1


def _piece(request: HttpRequest) -> bytes:
    """The body, unless it says that it is too long; then nothing of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_PIECE:
        raise ImportRefused("piece_too_large", f"{MAX_PIECE // 1024**2} MB")
    return request.read(MAX_PIECE + 1)


def _refused(request: HttpRequest, refusal: FileRefused | ImportRefused) -> HttpResponse:
    if isinstance(refusal, FileRefused):
        sentence = unreadable_sentence(refusal.name, refusal.code, refusal.detail)
        return problem(request, 413, sentence, code=refusal.code)
    sentence = refused_sentence(refusal.code, refusal.detail)
    return problem(request, _STATUS.get(refusal.code, 422), sentence, code=refusal.code)
