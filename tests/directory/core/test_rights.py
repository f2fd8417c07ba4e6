"""Deciding over a small table of grants."""

import pytest

from shanglian.directory.core.rights import Allowed, Denial, Denied, Grant, Post, Role, Scope, covers, decide

TABLE = (
    Grant(Role.CLERK, "members.edit", Scope.OWN),
    Grant(Role.REVIEWER, "members.grade", Scope.BELOW),
    Grant(Role.LEADER, "members.edit", Scope.OWN_AND_BELOW),
)
CITY, COUNTY, OTHER = "/41/4101/", "/41/4101/410105/", "/41/4102/"


@pytest.mark.parametrize(
    ("posts", "verb", "path", "answer"),
    [
        ([], "members.edit", COUNTY, Denied(Denial.NO_APPOINTMENT)),
        ([Post(Role.ADMIN, CITY)], "members.edit", CITY, Denied(Denial.NOT_YOUR_ROLE)),
        ([Post(Role.CLERK, COUNTY)], "members.edit", COUNTY, Allowed()),
        ([Post(Role.CLERK, CITY)], "members.edit", COUNTY, Denied(Denial.OWN_ONLY)),
        ([Post(Role.CLERK, COUNTY)], "members.edit", CITY, Denied(Denial.ELSEWHERE)),
        ([Post(Role.REVIEWER, CITY)], "members.grade", CITY, Denied(Denial.NOT_OWN)),
        ([Post(Role.REVIEWER, CITY)], "members.grade", COUNTY, Allowed()),
        ([Post(Role.REVIEWER, CITY)], "members.grade", OTHER, Denied(Denial.ELSEWHERE)),
        ([Post(Role.CLERK, OTHER), Post(Role.LEADER, CITY)], "members.edit", COUNTY, Allowed()),
    ],
)
def test_decide(posts, verb, path, answer):
    assert decide(TABLE, posts, verb, path) == answer


def test_answers_are_truthy_and_falsy():
    assert Allowed()
    assert not Denied(Denial.ELSEWHERE)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope.OWN, {CITY}),
        (Scope.BELOW, {COUNTY}),
        (Scope.OWN_AND_BELOW, {CITY, COUNTY}),
        (Scope.OWN_AND_ABOVE, {"/41/", CITY}),
        (Scope.ALL, {"/41/", CITY, COUNTY, OTHER, "/41/4101-x/"}),
    ],
)
def test_scopes_seen_from_the_city(scope, seen):
    assert {p for p in ("/41/", CITY, COUNTY, OTHER, "/41/4101-x/") if covers(scope, CITY, p)} == seen
