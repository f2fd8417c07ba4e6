"""What every request gets: an id, one log line, and the headers that keep foreign things out."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
GIVEN_ID = re.compile(r"[0-9a-f-]{8,64}")
log = structlog.get_logger("shanglian.request")


def request_id(get_response: GetResponse) -> GetResponse:
    """An id on the request, in the answer and in every log line; one given from outside only if plain."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identity = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:16]
        request.request_id = identity  # type: ignore[attr-defined]
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=identity):
            response = get_response(request)
            _log(request, response, time.monotonic() - started)
        response["X-Request-ID"] = identity
        return response

    return middleware


def size_limit(get_response: GetResponse) -> GetResponse:
    """Refuses a request that says it is larger than any of ours, before anything of it is read or kept."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig
        return get_response(request)

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Only our own scripts, styles and forms; no frames, no camera. A view may have set a header already."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """The path without its query: searches hold names. Probes and static files would only be noise."""
    if request.path in {"/healthz", "/readyz"} or request.path.startswith(settings.STATIC_URL):
        return
    milliseconds = round(seconds * 1000)
    log.info("request", method=request.method, path=request.path, status=response.status_code, ms=milliseconds)
