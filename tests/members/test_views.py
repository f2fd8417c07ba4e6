"""The member list and the page of one member: who may see what, what is found, what leads where."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from shanglian.directory.models import User
from shanglian.members.actions.memberships import end_membership, reverse_movement
from shanglian.members.models import Entity, Identifier, Membership, Movement
from tests.factories.members import make_entity, make_member
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation

DAY = date(2014, 3, 1)


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


@pytest.fixture
def signed_in(client: Client) -> Any:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


def member_of(federation: LittleFederation, name: str, org: str = "jinshui", on: date = DAY) -> Membership:
    return make_member(getattr(federation, org), on, federation.olivia, entity=make_entity(name))


def names(response: Any) -> list[str]:
    return [line.name for line in response.context["rows"]]


def test_the_list_shows_what_the_reader_may_see(federation, signed_in):
    member_of(federation, "甲示例公司")
    member_of(federation, "乙示例公司", "erqi")
    assert names(signed_in(federation.olivia).get("/members/")) == ["甲示例公司", "乙示例公司"]
    assert names(signed_in(federation.bob).get("/members/")) == ["乙示例公司"]
    assert names(signed_in(federation.nobody).get("/members/")) == []


def test_an_organisation_out_of_sight_is_not_found(federation, signed_in):
    assert signed_in(federation.bob).get("/members/?org=410105").status_code == 404
    assert signed_in(federation.bob).get("/members/?org=410103").status_code == 200


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("云图", ["郑州云图示例公司"]),  # two characters in the middle
        ("郑", ["郑州云图示例公司"]),  # one at the beginning
        ("图", []),  # one elsewhere: too common to look for
        ("图云", []),  # both characters, not in this order
        ("（示例）", ["开封（示例）商行"]),  # full-width brackets, as printed
        ("(示例)", ["开封（示例）商行"]),
        ("91410105YY", ["开封（示例）商行"]),
        ("９１４１０１０５yy", ["开封（示例）商行"]),
        ("nothing", []),
        ("%", []),
    ],
)
def test_a_member_is_found_by_two_characters_or_a_number(federation, signed_in, typed, found):
    member_of(federation, "郑州云图示例公司")
    firm = member_of(federation, "开封（示例）商行").entity
    Identifier.objects.create(entity=firm, scheme="uscc", value="91410105YY0000018K")
    assert names(signed_in(federation.alice).get("/members/", {"q": typed})) == found


def test_the_list_is_of_its_day_and_counts_heads_or_memberships(federation, signed_in):
    acme = member_of(federation, "甲示例公司")
    make_member(federation.erqi, date(2015, 3, 1), federation.bob, entity=acme.entity)
    client = signed_in(federation.olivia)
    assert len(names(client.get("/members/", {"on": "2014-02-28"}))) == 0
    assert len(names(client.get("/members/", {"on": "2015-12-31"}))) == 1
    assert len(names(client.get("/members/", {"on": "2015-12-31", "count": "memberships"}))) == 2


def test_a_fragment_answers_only_the_part_of_the_page_that_asked(federation, signed_in):
    client = signed_in(federation.alice)
    part = client.get("/members/", headers={"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert part.lstrip().startswith('<div id="results">')
    whole = client.get("/members/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_the_pages_are_guarded(federation):
    membership = member_of(federation, "甲示例公司", "erqi")
    who = {"allowed": federation.bob, "forbidden": federation.nobody, "elsewhere": federation.alice}
    assert_guarded(f"/members/{membership.entity_id}/", **who)
    assert_guarded("/members/?org=410103", **who)


def test_the_page_tells_the_ledger_and_what_was_corrected(federation, signed_in):
    membership = member_of(federation, "甲示例公司")
    end_membership(membership=membership, on=date(2015, 3, 1), reason="迁出", actor=federation.alice)
    leaving = Movement.objects.get(kind="left")
    reverse_movement(movement=leaving, reason="误办", actor=federation.alice)
    response = signed_in(federation.alice).get(f"/members/{membership.entity_id}/")
    history = response.context["history"]
    assert [(line.movement.kind, line.reversed) for line in history.lines] == [
        ("reversal", False),
        ("left", True),
        ("joined", False),
    ]
    assert [(seat.open, seat.home, seat.since) for seat in response.context["memberships"]] == [(True, True, DAY)]
    page = response.content.decode()
    assert "误办" in page
    assert "迁出" in page


def test_entries_elsewhere_are_counted_not_shown(federation, signed_in):
    acme = member_of(federation, "甲示例公司").entity
    make_member(federation.erqi, date(2015, 3, 1), federation.bob, entity=acme)
    history = signed_in(federation.bob).get(f"/members/{acme.pk}/").context["history"]
    assert (len(history.lines), history.hidden) == (1, 1)


def test_what_a_page_costs(federation, signed_in, django_assert_num_queries):
    client = signed_in(federation.olivia)
    for number in range(3):
        member_of(federation, f"示例{number}公司")
    client.get("/members/", {"q": "示例", "org": "410100"})  # what is kept of the tree
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/members/", {"q": "示例", "org": "410100"})
    for number in range(30):
        member_of(federation, f"示例其他{number}公司")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/members/", {"q": "示例", "org": "410100"})
    entity = Entity.objects.first()
    with django_assert_num_queries(MEMBER_QUERIES):
        client.get(f"/members/{entity.pk}/")


LIST_QUERIES = 10
MEMBER_QUERIES = 14
