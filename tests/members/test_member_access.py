"""The page that says who can see a member: the same as the rights themselves, with persons only where they may be."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from shanglian.directory import actions
from shanglian.directory.access import may
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Appointment, User
from shanglian.directory.queries import system_user
from shanglian.members.member_views import SHOWN_RIGHTS
from shanglian.members.models import Entity
from tests.factories.members import make_entity, make_member
from tests.guards import assert_guarded
from tests.little_federation import BEGINNING, LittleFederation, little_federation

DAY = date(2014, 3, 1)


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


@pytest.fixture
def acme(federation: LittleFederation) -> Entity:
    acme = make_entity("甲示例公司")
    make_member(federation.jinshui, DAY, federation.alice, entity=acme)
    return acme


def page(user: User, acme: Entity) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client.get(f"/members/{acme.pk}/access/")


def test_each_post_is_told_with_what_it_may(federation, acme):
    ((seat, holders),) = page(federation.alice, acme).context["seats"]
    assert seat.code == "410105"
    assert [(one.role, one.org, one.number, one.people, [a.allowed for a in one.answers]) for one in holders] == [
        (Role.REVIEWER, "河南省工商业联合会", 1, None, [True, False, False]),
        (Role.ADMIN, "郑州市工商业联合会", 1, None, [False, False, False]),
        (Role.LEADER, "郑州市工商业联合会", 1, None, [True, False, False]),
        (Role.OFFICER, "郑州市工商业联合会", 1, None, [True, False, True]),
        (Role.CLERK, "郑州市金水区工商业联合会", 1, None, [True, True, True]),
    ]


def test_what_it_tells_is_what_the_rights_say(federation, acme):
    ((_seat, holders),) = page(federation.alice, acme).context["seats"]
    told = {one.role: [answer.allowed for answer in one.answers] for one in holders}
    for name in ("rita", "adam", "lin", "olivia", "alice"):
        user = getattr(federation, name)
        role = Role(Appointment.objects.get(user=user).role)
        assert told[role] == [bool(may(user, verb, federation.jinshui)) for verb in SHOWN_RIGHTS], name


def test_persons_are_named_only_to_whoever_keeps_the_accounts(federation, acme):
    assert "Rita" not in (without := page(federation.alice, acme).content.decode())
    assert "Persons are named to whoever keeps the accounts" in without
    actions.appoint(federation.alice, org=federation.zhengzhou, role=Role.ADMIN, on=BEGINNING, actor=system_user())
    ((_seat, holders),) = page(federation.alice, acme).context["seats"]
    assert [(one.role, one.people) for one in holders] == [
        (Role.REVIEWER, None),
        (Role.ADMIN, ["Adam", "Alice"]),
        (Role.LEADER, ["Lin"]),
        (Role.OFFICER, ["Olivia"]),
        (Role.CLERK, ["Alice"]),
    ]


def test_organisations_out_of_sight_are_counted_not_shown(federation, acme):
    make_member(federation.erqi, date(2015, 3, 1), federation.bob, entity=acme)
    response = page(federation.alice, acme)
    assert [seat.code for seat, _holders in response.context["seats"]] == ["410105"]
    assert "It is or was a member of 1 organisation you may not see" in response.content.decode()


def test_the_page_is_guarded_and_costs_the_same_however_many_hold_posts(federation, acme, django_assert_num_queries):
    address = f"/members/{acme.pk}/access/"
    assert_guarded(address, allowed=federation.alice, forbidden=federation.nobody, elsewhere=federation.bob)
    client = Client()
    client.force_login(federation.alice)
    client.get(address)  # what is kept of the tree
    with django_assert_num_queries(QUERIES):
        client.get(address)
    make_member(federation.textile, date(2015, 3, 1), federation.alice, entity=acme)
    actions.appoint(federation.bob, org=federation.jinshui, role=Role.CLERK, on=BEGINNING, actor=system_user())
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 12
