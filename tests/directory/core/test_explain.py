"""Every verdict of the explanation is the one that decides, with the rule that made it so."""

from hypothesis import given
from hypothesis import strategies as st

from shanglian.directory.core.explain import because, explain, far_reaching
from shanglian.directory.core.rights import Allowed, Denial, Denied, Grant, Post, Role, Scope, decide

GRANTS = (
    Grant(Role.OFFICER, "members.view", Scope.OWN_AND_BELOW),
    Grant(Role.OFFICER, "members.edit", Scope.OWN),
    Grant(Role.CLERK, "members.view", Scope.OWN_AND_BELOW),
    Grant(Role.CLERK, "members.edit", Scope.OWN),
    Grant(Role.LEADER, "members.view", Scope.ALL),
)
CITY, COUNTY, OTHER = "/410100/", "/410100/410105/", "/410100/410103/"
VERBS = ("members.view", "members.edit")


def test_posts_on_the_way_down_are_explained_from_the_top_and_others_only_if_they_may():
    posts = [Post(Role.CLERK, COUNTY), Post(Role.OFFICER, CITY), Post(Role.CLERK, OTHER), Post(Role.LEADER, OTHER)]
    found = explain(GRANTS, posts, VERBS, COUNTY)
    assert [(one.post, list(one.verdicts.values())) for one in found] == [
        (Post(Role.OFFICER, CITY), [GRANTS[0], Denied(Denial.OWN_ONLY)]),
        (Post(Role.LEADER, OTHER), [GRANTS[4], Denied(Denial.NOT_YOUR_ROLE)]),
        (Post(Role.CLERK, COUNTY), [GRANTS[2], GRANTS[3]]),
    ]


def test_roles_that_reach_farther_than_downwards_are_known():
    assert far_reaching(GRANTS, VERBS) == {Role.LEADER}
    assert far_reaching(GRANTS, ["members.edit"]) == set()


PATHS = st.sampled_from(["/a/", "/a/b/", "/a/b/c/", "/a/d/", "/e/"])
RULES = st.lists(st.builds(Grant, st.sampled_from(Role), st.sampled_from(VERBS), st.sampled_from(Scope)), max_size=8)


@given(RULES, st.builds(Post, st.sampled_from(Role), PATHS), st.sampled_from(VERBS), PATHS)
def test_the_explanation_never_contradicts_the_decision(grants, post, verb, path):
    said = because(grants, post, verb, path)
    decided = decide(grants, [post], verb, path)
    assert (isinstance(said, Grant) and decided == Allowed()) or said == decided
