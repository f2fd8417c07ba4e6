"""The id and the headers that every answer carries."""

import re

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from shanglian.common.http import request_id_of
from shanglian.common.middleware import request_id, security_headers


def echo_id(request: HttpRequest) -> HttpResponse:
    bound = structlog.contextvars.get_contextvars().get("request_id", "")
    return HttpResponse(f"{request_id_of(request)} {bound}")


def test_a_request_gets_an_id_that_view_log_and_answer_share(rf: RequestFactory) -> None:
    response = request_id(echo_id)(rf.get("/"))
    identity = response["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", identity)
    assert response.content.decode() == f"{identity} {identity}"
    assert "request_id" not in structlog.contextvars.get_contextvars()


def test_a_plain_id_from_outside_is_kept(rf: RequestFactory) -> None:
    given = "0f8fad5b-d9cb-469f-a165-70867728950e"
    assert request_id(echo_id)(rf.get("/", headers={"X-Request-ID": given}))["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "<script>alert(1)</script>", "A" * 20, "0" * 65, "abcdef12\n"])
def test_any_other_id_from_outside_is_replaced(rf: RequestFactory, given: str) -> None:
    assert request_id(echo_id)(rf.get("/", headers={"X-Request-ID": given}))["X-Request-ID"] != given


def test_pages_load_nothing_foreign(rf: RequestFactory) -> None:
    response = security_headers(lambda request: HttpResponse())(rf.get("/"))
    assert response["Content-Security-Policy"] == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_view_may_set_a_header_of_its_own(rf: RequestFactory) -> None:
    answer = HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})
    response = security_headers(lambda request: answer)(rf.get("/"))
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
