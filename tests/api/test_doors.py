"""Who gets in at which address of the API: every route of the document against every kind of reader."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shanglian.archive.models import LogEntry
from shanglian.config.api import api
from shanglian.directory.actions import deactivate_user, issue_api_token, revoke_api_token
from shanglian.directory.models import ApiToken, User
from shanglian.directory.queries import system_user
from shanglian.imports.models import Batch
from shanglian.members.models import Span

ROUTES = sorted(api.get_openapi_schema()["paths"])

# route -> (address, role -> status). "own": Alice, clerk of Jinshui; "above": Lin; "elsewhere": Carol of Longting;
# "admin": Adam; "chamber": Sam of a chamber of Jinshui's; "none": an account without a post.
EVERYBODY = {"own": 200, "above": 200, "elsewhere": 200, "admin": 200, "chamber": 200, "none": 403}
MEMBERS = {"own": 200, "above": 200, "elsewhere": 200, "admin": 403, "chamber": 200, "none": 403}
AT_JINSHUI = {"own": 200, "above": 200, "elsewhere": 404, "admin": 404, "chamber": 404, "none": 404}
PLANS = {"own": 200, "above": 200, "elsewhere": 200, "admin": 403, "chamber": 403, "none": 403}
DOORS: dict[str, tuple[str, dict[str, int]]] = {
    "/api/v1/members": ("/api/v1/members", MEMBERS),
    "/api/v1/members/{pk}": ("/api/v1/members/{member}", AT_JINSHUI),
    "/api/v1/organisations": ("/api/v1/organisations", EVERYBODY),
    "/api/v1/organisations/{code}": ("/api/v1/organisations/410105", {**EVERYBODY, "none": 404}),
    "/api/v1/imports": ("/api/v1/imports", {**MEMBERS, "admin": 200, "chamber": 403}),
    "/api/v1/imports/{pk}": ("/api/v1/imports/{batch}", AT_JINSHUI),
    "/api/v1/plans": ("/api/v1/plans", PLANS),
    "/api/v1/plans/{plan}/status": (
        "/api/v1/plans/little-2014-2017/status?org=410105&on=2015-12-31",
        {**AT_JINSHUI, "admin": 403, "chamber": 403, "none": 403},
    ),
    "/api/v1/measures": ("/api/v1/measures", PLANS),
    "/api/v1/measures/{name}": ("/api/v1/measures/members.heads?org=410105", AT_JINSHUI),
    "/api/v1/statistics": ("/api/v1/statistics?org=410105", AT_JINSHUI),
    "/api/v1/movements": ("/api/v1/movements?org=410105&from=2015-01-01&to=2015-12-31", AT_JINSHUI),
}


def address_of(route: str, world: Any) -> str:
    member = Span.objects.filter(org=world.little.jinshui).values_list("entity_id", flat=True)[0]
    return DOORS[route][0].format(member=member, batch=Batch.objects.get().pk)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_lets_in_whom_it_should(world: Any, route: str) -> None:
    little, (_address, expected) = world.little, DOORS[route]
    readers = {
        "own": little.alice,
        "above": little.lin,
        "elsewhere": little.carol,
        "admin": little.adam,
        "chamber": little.sam,
        "none": little.nobody,
    }
    address, found = address_of(route, world), {}
    for name, user in readers.items():
        client = Client()
        client.force_login(user)
        found[name] = client.get(address).status_code
    assert found == expected
    assert (Client().get(address).status_code, client.post(address).status_code) == (401, 405)


def test_the_list_of_doors_is_that_of_the_document() -> None:
    assert sorted(DOORS) == ROUTES


def problem_of(response: Any) -> tuple[int, str, str]:
    assert response.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    body = response.json()
    assert body["request_id"] == response.headers["X-Request-ID"]
    assert body["status"] == response.status_code
    return body["status"], body["code"], body["detail"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/api/v1/nothing", (404, "not_found")),
        ("/api/v1/organisations/999999", (404, "not_found")),
        ("/api/v1/members?category=cat", (422, "invalid")),
        ("/api/v1/members?org=%00", (422, "invalid")),
        ("/api/v1/statistics", (422, "invalid")),
        ("/api/v1/statistics?org=410105&on=0001-01-01", (422, "invalid")),
        ("/api/v1/statistics?org=410105&by=colour", (422, "invalid")),
        ("/api/v1/movements?org=410105&from=2015-02-01&to=2015-01-01", (422, "invalid")),
        ("/api/v1/plans/no-such-plan/status", (404, "not_found")),
        ("/api/v1/plans/little-2014-2017/status?org=410200", (404, "not_found")),
        ("/api/v1/measures/no.such?org=410105", (404, "not_found")),
    ],
)
def test_problems_have_the_codes_of_the_pages(world: Any, program: Any, address: str, expected: Any) -> None:
    assert problem_of(program(world.little.alice).get(address))[:2] == expected


def test_a_refusal_says_its_reason(world: Any, program: Any) -> None:
    response = program(world.little.sam).get("/api/v1/plans/little-2014-2017/status")
    assert problem_of(response)[:2] == (403, "forbidden")
    clerk = program(world.little.alice).get("/api/v1/plans/little-2014-2017/status?org=410105-sh-001")
    assert problem_of(clerk)[:2] == (404, "not_found")


def test_nothing_is_written_over_http(world: Any, program: Any) -> None:
    assert problem_of(program(world.little.alice).post("/api/v1/members"))[:2] == (405, "method_not_allowed")
    session = Client(enforce_csrf_checks=True)
    session.force_login(world.little.alice)
    assert session.post("/api/v1/members").status_code == 403


# Tokens ------------------------------------------------------------


def status(text: str) -> int:
    return Client(headers={"authorization": f"Bearer {text}"}).get("/api/v1/organisations").status_code


def test_a_token_opens_until_it_ends_or_is_revoked(world: Any, program: Any) -> None:
    program(world.little.alice)  # has a password from now on
    actor = system_user()
    token, text = issue_api_token(world.little.alice, days=30, actor=actor)
    assert (status(text), status(text[:-1]), status("")) == (200, 401, 401)
    assert not ApiToken.objects.filter(hash__contains=text).exists()
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert status(text) == 401
    token, text = issue_api_token(world.little.alice, days=30, actor=actor)
    revoke_api_token(token, actor=actor)
    assert status(text) == 401
    verbs = LogEntry.objects.filter(verb__startswith="token.").values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["token.issue", "token.issue", "token.issue", "token.revoke"]


def test_a_token_of_an_account_that_ended_opens_nothing(world: Any, program: Any) -> None:
    client = program(world.little.alice)
    deactivate_user(world.little.alice, actor=system_user())
    response = client.get("/api/v1/organisations")
    assert (problem_of(response)[:2], response.headers["WWW-Authenticate"]) == ((401, "not_signed_in"), "Bearer")


def test_who_must_change_the_password_does_so_before_a_program_may_read(world: Any, program: Any) -> None:
    client = program(world.little.alice)
    User.objects.filter(pk=world.little.alice.pk).update(must_change_password=True)
    assert problem_of(client.get("/api/v1/organisations"))[0] == 403


def test_pages_do_not_know_tokens(world: Any, program: Any) -> None:
    assert program(world.little.alice).get("/members/").status_code == 302
