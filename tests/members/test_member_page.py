"""The archive page of a member: whom its telephones are shown to, what the ledger shows, what its file lacks."""

from datetime import date

import pytest
from django.test import Client

from shanglian.archive.models import LogEntry
from shanglian.directory.models import User
from shanglian.members.models import Entity
from tests.factories.members import make_entity, make_member
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation

DAY = date(2014, 3, 1)
PHONE, COVERED = "17000002716", "170****2716"


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


@pytest.fixture
def acme(federation: LittleFederation) -> Entity:
    """A member of Jinshui, at home there, and of its textile chamber."""
    acme = make_entity("甲示例公司", legal_rep="示例甲", phones=[PHONE])
    make_member(federation.jinshui, DAY, federation.alice, entity=acme, section="C")
    make_member(federation.textile, date(2015, 3, 1), federation.alice, entity=acme)
    return acme


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def test_telephones_are_shown_to_who_keeps_the_record_and_the_log_says_so(federation, acme):
    client = client_of(federation.alice)
    assert COVERED in (page := client.get(f"/members/{acme.pk}/").content.decode())
    assert PHONE not in page
    assert LogEntry.objects.filter(verb="members.show_phones").count() == 0
    response = client.post(f"/members/{acme.pk}/phones/")
    assert PHONE in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    entry = LogEntry.objects.get(verb="members.show_phones")
    assert (entry.actor, entry.org, entry.subject_id, entry.detail) == (
        federation.alice,
        "410105",
        str(acme.pk),
        {"numbers": 1},
    )


def test_a_request_for_the_card_alone_gets_the_card(federation, acme):
    headers = {"HX-Request": "true", "HX-Target": "contact"}
    part = client_of(federation.alice).post(f"/members/{acme.pk}/phones/", headers=headers).content.decode()
    assert part.lstrip().startswith('<section class="card"')
    assert PHONE in part


@pytest.mark.parametrize("name", ["lin", "sam", "rita"])
def test_who_may_only_look_sees_why_telephones_stay_covered(federation, acme, name):
    client = client_of(getattr(federation, name))
    page = client.get(f"/members/{acme.pk}/").content.decode()
    assert "None of your roles has this right." in page
    assert "/phones/" not in page
    assert client.post(f"/members/{acme.pk}/phones/").status_code == 403
    assert LogEntry.objects.filter(verb="members.show_phones").count() == 0


def test_showing_telephones_is_guarded(federation, acme):
    who = {"allowed": federation.olivia, "forbidden": federation.lin, "elsewhere": federation.bob}
    assert_guarded(f"/members/{acme.pk}/phones/", method="post", **who)
    assert client_of(federation.olivia).get(f"/members/{acme.pk}/phones/").status_code == 405


def test_home_and_chambers_stand_apart(federation, acme):
    context = client_of(federation.alice).get(f"/members/{acme.pk}/").context
    assert [(seat.code, seat.home) for seat in context["federations"]] == [("410105", True)]
    assert [(seat.code, seat.home) for seat in context["chambers"]] == [("410105-sh-001", False)]


def test_the_file_names_what_it_lacks(federation, acme):
    response = client_of(federation.alice, "zh-hans").get(f"/members/{acme.pk}/")
    assert [str(fact) for fact in response.context["file"].missing] == ["number", "address", "founded_on", "county"]
    assert "档案完整度 43%" in response.content.decode()


@pytest.mark.parametrize(("show", "kinds"), [("", 2), ("membership", 2), ("particulars", 0), ("nonsense", 2)])
def test_the_ledger_is_filtered(federation, acme, show, kinds):
    response = client_of(federation.alice).get(f"/members/{acme.pk}/", {"show": show})
    assert len(response.context["timeline"]) == kinds
    assert ("No particular has changed" in response.content.decode()) == (show == "particulars")


def test_the_page_costs_the_same_however_much_happened(federation, acme, django_assert_num_queries):
    client = client_of(federation.alice)
    client.get(f"/members/{acme.pk}/")  # what is kept of the tree
    with django_assert_num_queries(PAGE):
        client.get(f"/members/{acme.pk}/")
    for org, year in ((federation.zhengzhou, 2016), (federation.erqi, 2017), (federation.wenzhou, 2018)):
        make_member(org, date(year, 1, 1), federation.olivia, entity=acme)
    client.get(f"/members/{acme.pk}/")
    with django_assert_num_queries(PAGE):
        client.get(f"/members/{acme.pk}/")


PAGE = 14
