"""Errors as pages for people and as problem+json for programs, with the request id in both."""

import errno
import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.utils import translation

from shanglian.common import errors
from shanglian.common.http import CODES, error_response, problem
from shanglian.common.views import choose_language, healthz


@pytest.fixture
def page(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/members/7/", headers={"Accept": "text/html"})
    request.request_id = "abcd1234"  # type: ignore[attr-defined]
    return request


@pytest.fixture
def program(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/api/v1/members/7")
    request.request_id = "abcd1234"  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize("status", sorted(CODES))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_error_has_a_page_with_its_id(page: HttpRequest, status: int, language: str) -> None:
    with translation.override(language):
        response = error_response(page, status, "What to do.")
    text = response.content.decode()
    assert response.status_code == status
    assert all(part in text for part in (str(status), "What to do.", "abcd1234", 'href="/"'))
    assert " style=" not in text


@pytest.mark.parametrize("status", sorted(CODES))
def test_every_error_has_a_problem_with_the_same_code(program: HttpRequest, status: int) -> None:
    with translation.override("en"):
        response = error_response(program, status, "What to do.", field="name")
    body = json.loads(response.content)
    assert response["Content-Type"].startswith("application/problem+json")
    assert {k: body[k] for k in ("status", "code", "detail", "request_id", "field")} == {
        "status": status,
        "code": CODES[status],
        "detail": "What to do.",
        "request_id": "abcd1234",
        "field": "name",
    }


def test_a_program_outside_the_api_is_known_by_what_it_accepts(rf: RequestFactory) -> None:
    response = error_response(rf.get("/x", headers={"Accept": "application/json"}), 404)
    assert response["Content-Type"].startswith("application/problem+json")


def test_a_problem_may_have_a_code_of_its_own(program: HttpRequest) -> None:
    assert json.loads(problem(program, 409, code="already_booked").content)["code"] == "already_booked"


def test_a_refusal_says_its_reason(page: HttpRequest) -> None:
    response = errors.forbidden(page, PermissionDenied("Only in your own organisation."))
    assert (response.status_code, "Only in your own organisation." in response.content.decode()) == (
        403,
        True,
    )


def test_what_is_not_found_and_what_is_not_yours_look_alike(page: HttpRequest) -> None:
    assert errors.not_found(page, Http404()).status_code == 404
    assert errors.not_found(page, Http404()).content == errors.not_found(page, Http404("secret")).content


def test_too_much_data_is_told_apart_from_nonsense(page: HttpRequest) -> None:
    assert errors.bad_request(page, RequestDataTooBig()).status_code == 413
    assert errors.bad_request(page, SuspiciousOperation()).status_code == 400


def test_a_late_form_is_answered_with_what_to_do(page: HttpRequest) -> None:
    response = errors.csrf_failure(page, reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert "CSRF" not in response.content.decode()


def test_an_internal_error_needs_no_template(page: HttpRequest, settings: object) -> None:
    settings.TEMPLATES = []  # type: ignore[attr-defined]
    response = errors.internal_error(page)
    assert (response.status_code, response["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert "abcd1234" in response.content.decode()


def test_the_probe_answers_without_a_database(rf: RequestFactory) -> None:
    response = healthz(rf.get("/healthz"))
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert healthz(rf.post("/healthz")).status_code == 405


def test_the_language_is_chosen_by_a_form(rf: RequestFactory) -> None:
    response = choose_language(rf.post("/language/", {"language": "en", "next": "/members/"}))
    assert (response.status_code, response["Location"]) == (302, "/members/")
    assert response.cookies["shanglian_language"].value == "en"
    assert choose_language(rf.get("/language/")).status_code == 405


def test_a_full_disk_is_said_in_words_wherever_it_shows(page: HttpRequest) -> None:
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        with translation.override("en"):
            answer = errors.internal_error(page)
    assert answer.status_code == 507
    assert "make room on the server" in answer.content.decode()


def test_another_fault_of_the_system_is_not_taken_for_a_full_disk(page: HttpRequest) -> None:
    try:
        raise OSError(errno.EACCES, "Permission denied")
    except OSError:
        assert errors.internal_error(page).status_code == 500
