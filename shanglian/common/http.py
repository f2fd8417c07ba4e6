"""Answers that are not pages of a room: problems as problem+json for programs, error pages for people.

Both carry the same codes and the request id. Only the shape is here; what went wrong is the caller's to say.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    507: "disk_full",
}


def title_of(status: int) -> str:
    """The short sentence of an error, in the reader's language."""
    return {
        400: _("The request could not be understood"),
        401: _("Please sign in"),
        403: _("You may not do this"),
        404: _("There is no such page"),
        405: _("This is not done this way"),
        409: _("Somebody else was faster"),
        413: _("The file is too large"),
        422: _("The content cannot be used"),
        429: _("Too many attempts"),
        500: _("Something went wrong here"),
        507: _("The disk is full"),
    }[status]


def request_id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def problem(request: HttpRequest, status: int, detail: str = "", *, code: str = "", **extra: Any) -> HttpResponse:
    """An RFC 9457 answer: type, title, status, detail, code, request_id and whatever is given by name."""
    body = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "code": code or CODES[status],
        "request_id": request_id_of(request),
        **extra,
    }
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json; charset=utf-8")


def wants_problem(request: HttpRequest) -> bool:
    """Programs: the API, or whoever asks for JSON and not for a page."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


def error_response(
    request: HttpRequest, status: int, reason: str = "", *, code: str = "", **extra: Any
) -> HttpResponse:
    """The error as a page or as problem+json, whichever the caller of the address can read.

    `reason` is a sentence for the user saying what to do. Pages use no database and no context processor, so
    that they also work when those are what is broken.
    """
    if wants_problem(request):
        return problem(request, status, reason, code=code, **extra)
    context = {
        "title": title_of(status),
        "reason": reason,
        "request_id": request_id_of(request),
        "status": status,
        "path": request.path,
    }
    return HttpResponse(loader.get_template(f"{status}.html").render(context), status=status)
