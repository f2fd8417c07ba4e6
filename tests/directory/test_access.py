"""Rights over the little federation: the whole matrix from the table, reasons, filters, fetch."""

import ast
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from shanglian.directory import actions
from shanglian.directory.access import Refused, fetch, may, require, scoped, visible_org_ids
from shanglian.directory.core.rights import Denial, Denied, Role, Scope
from shanglian.directory.grants import GRANTS, VERBS, view_verb
from shanglian.directory.labels import DENIALS, KINDS, ROLES, SCOPES
from shanglian.directory.matrix import VERB_WORDS, matrix
from shanglian.directory.models import Appointment, Org, User
from shanglian.directory.queries import subtree_ids, today, tree_on
from tests.factories.directory import make_user
from tests.paths import ROOT

ROOMS = ("archive", "directory", "imports", "members", "plans", "reports", "structure")
ASKING = {"may", "require", "fetch", "scoped", "visible_org_ids", "visible_org_ids_of", "Rights"}
NAMED = {"verb", "view", "upload", "commit"}
VERB = re.compile(r"[a-z]+\.[a-z_]+")
# Granted already, though no page asks for them yet; a name goes from here when its page comes.
WAITING = {"log.view", "members.edit", "orgs.edit", "plans.view", "users.edit"}


def test_the_matrix_in_the_documents_is_the_one_in_force():
    assert (ROOT / "docs" / "permissions.txt").read_text("utf-8") == matrix()


def test_every_right_has_words_and_no_words_are_left_over():
    assert set(VERB_WORDS) == VERBS
    assert (set(ROLES), set(SCOPES), set(DENIALS)) == (set(Role), set(Scope), set(Denial))
    assert len(KINDS) == 16


def test_no_role_is_granted_a_right_twice():
    pairs = [(grant.role, grant.verb) for grant in GRANTS]
    assert len(pairs) == len(set(pairs))


def verbs_in_code() -> set[str]:
    """Rights named in calls that ask for rights, in all rooms."""
    files = (file for room in ROOMS for file in (ROOT / "shanglian" / room).rglob("*.py"))
    calls = (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))))
    return {
        word.value
        for call in calls
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in ASKING
        for word in (*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in NAMED))
        if isinstance(word, ast.Constant) and isinstance(word.value, str) and VERB.fullmatch(word.value)
    }


def test_every_right_asked_for_in_code_is_granted_to_somebody():
    assert verbs_in_code() <= VERBS


def test_every_right_granted_is_asked_for_somewhere_or_waits_for_its_page():
    assert VERBS - verbs_in_code() <= WAITING <= VERBS


@pytest.mark.parametrize("name", ["lin", "olivia", "adam", "alice", "sam", "rita", "nobody"])
def test_may_and_the_filter_say_the_same_as_the_table(little, name):
    """For every right: the organisations where may() says yes are those of the filter, and those the table means."""
    user = getattr(little, name)
    post = Appointment.objects.filter(user=user).select_related("org").first()
    for verb in sorted(VERBS):
        allowed = {org.pk for org in little.orgs.values() if may(user, verb, org)}
        assert allowed == set(visible_org_ids(user, verb)), verb
        assert allowed == (meant(post, verb) if post else set()), verb


def meant(post: Appointment, verb: str) -> set[int]:
    below = set(subtree_ids(post.org, on=today()))
    everything = set(Org.objects.values_list("pk", flat=True))
    by_scope = {
        Scope.OWN: {post.org_id},
        Scope.BELOW: below - {post.org_id},
        Scope.OWN_AND_BELOW: below,
        Scope.ALL: everything,
    }
    granted = [by_scope[g.scope] for g in GRANTS if g.role == post.role and g.verb == verb]
    return set().union(*granted)


def test_the_city_looks_but_does_not_edit_a_countys_members(little):
    assert may(little.olivia, "members.view", little.jinshui)
    assert may(little.olivia, "members.edit", little.jinshui) == Denied(Denial.OWN_ONLY)
    assert may(little.olivia, "members.edit", little.zhengzhou)


def test_a_county_sees_nothing_of_its_neighbour(little):
    assert may(little.alice, "members.view", little.erqi) == Denied(Denial.ELSEWHERE)


def test_an_appointment_counts_only_on_its_days(little):
    post = Appointment.objects.get(user=little.alice)
    actions.end_appointment(post, on=today(), actor=little.adam)
    assert may(little.alice, "members.view", little.jinshui) == Denied(Denial.NO_APPOINTMENT)


def test_a_deactivated_account_may_nothing(little):
    actions.deactivate_user(little.alice, actor=little.adam)
    assert may(little.alice, "members.view", little.jinshui) == Denied(Denial.INACTIVE)
    assert visible_org_ids(little.alice, "members.view") == []


def test_rights_follow_todays_tree(little):
    actions.move_org(little.jinshui, to=little.kaifeng, on=today(), actor=little.adam)
    assert not may(little.olivia, "members.view", little.textile)
    assert may(little.oscar, "members.view", little.textile)


def test_a_closed_organisation_stays_visible_to_those_above(little):
    actions.close_org(little.textile, on=today(), actor=little.adam)
    assert may(little.alice, "members.view", little.textile)
    assert little.textile.pk in visible_org_ids(little.olivia, "members.view")


def test_an_unknown_right_is_a_mistake_of_the_program(little):
    with pytest.raises(ValueError, match=r"members\.fly"):
        may(little.alice, "members.fly", little.jinshui)


def test_what_is_invisible_does_not_exist(little):
    posts = Appointment.objects.all()
    with pytest.raises(Http404):
        fetch(posts, little.alice, "members.edit", user=little.bob)
    with pytest.raises(Http404):
        fetch(posts, little.alice, "members.edit", pk=0)


def test_what_is_visible_but_forbidden_is_refused_with_the_reason(little):
    with pytest.raises(Refused) as caught:
        fetch(Appointment.objects.all(), little.olivia, "members.edit", user=little.alice)
    assert isinstance(caught.value, PermissionDenied)
    assert caught.value.reason is Denial.OWN_ONLY
    assert str(caught.value) == str(DENIALS[Denial.OWN_ONLY])


def test_what_is_allowed_is_found(little):
    assert fetch(Org.objects.all(), little.adam, "orgs.edit", code="410105") == little.jinshui
    require(little.adam, "users.edit", little.jinshui)


def test_scoped_leaves_only_what_may_be_seen(little):
    seen = scoped(Appointment.objects.all(), little.olivia, "members.view")
    assert {post.user for post in seen} == {
        little.lin, little.olivia, little.adam, little.alice, little.bob, little.sam
    }  # fmt: skip


def test_the_switcher_offers_what_the_user_may_look_at_in_tree_order(little):
    def offered(user: User) -> list[tuple[str, int]]:
        return [(line.org.code, line.depth) for line in tree_on(today(), ids=visible_org_ids(user, "members.view"))]

    assert offered(little.alice) == [("410105", 2), ("410105-sh-001", 3)]
    assert offered(little.nobody) == []


def test_two_posts_add_up(little):
    actions.appoint(little.alice, org=little.erqi, role=Role.CLERK, on=today(), actor=little.adam)
    assert may(little.alice, "members.edit", little.erqi)
    assert may(little.alice, "members.edit", little.jinshui)


def test_a_stranger_may_nothing(little):
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415  models are not loaded when read

    assert may(AnonymousUser(), "orgs.view", little.henan) == Denied(Denial.NOT_SIGNED_IN)
    assert may(make_user(), "orgs.view", little.henan) == Denied(Denial.NO_APPOINTMENT)


def test_what_makes_a_thing_visible():
    assert view_verb("members.edit") == "members.view"
    assert view_verb("users.edit") == "users.edit"
