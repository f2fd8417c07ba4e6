"""What Django calls when a request fails: handler400, 403, 404, 500 and the CSRF view, wired in config.

Every answer carries the request id. A refusal says its reason; an internal error says nothing of its inside.
"""

import errno
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shanglian.common.http import error_response, request_id_of, wants_problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, 413, _("Send a smaller file, or split it into several."))
    return error_response(request, 400, _("Go back and try again; if it happens again, tell the administrator."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The reason is the exception's own sentence."""
    return error_response(request, 403, str(exception) or _("Your role does not allow this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Also for what exists but is not the reader's to see."""
    return error_response(request, 404, _("It may have been moved, or it is outside your area of responsibility."))


DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # no room left, or more than we may use
_DATABASE_FULL = "53100"  # SQLSTATE disk_full


def internal_error(request: HttpRequest) -> HttpResponse:
    """Whatever is broken may be broken here too, so the last resort is plain text. A full disk is said in words."""
    status, reason = 500, _("Nothing was saved. Try again; if it happens again, quote the number below.")
    if _is_full_disk(sys.exc_info()[1]):
        status, reason = 507, _("Nothing was saved. Tell the administrator to make room on the server, then try again.")
    try:
        return error_response(request, status, reason)
    except Exception:
        if wants_problem(request):
            raise
        text = f"500 系统出错 / Internal error\n{request_id_of(request)}\n"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def _is_full_disk(error: BaseException | None) -> bool:
    if isinstance(error, OperationalError):
        return getattr(error.__cause__, "sqlstate", "") == _DATABASE_FULL
    return isinstance(error, OSError) and error.errno in DISK_FULL


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent too late or from elsewhere; Django's technical reason helps nobody."""
    sentence = _("This page was open too long. Go back, reload the page and send the form again.")
    return error_response(request, 403, sentence, code="csrf")
