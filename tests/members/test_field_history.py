"""The history of a member's fields: both clocks, what was known when, what was taken back, how it was counted."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client

from shanglian.members.actions.booking import take_stamp
from shanglian.members.actions.memberships import reclassify, reverse_movement
from shanglian.members.actions.particulars import NewFact, enter_facts
from shanglian.members.core.particulars import Field
from shanglian.members.models import Entity, Movement, Particular
from tests.factories.members import make_entity, make_member
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation

DAY, LATER = date(2014, 3, 1), date(2015, 3, 1)
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


@pytest.fixture
def acme(federation: LittleFederation) -> Entity:
    acme = make_entity("甲示例公司", legal_rep="示例甲")
    make_member(federation.jinshui, DAY, federation.alice, entity=acme, section="C")
    with transaction.atomic():
        enter_facts(
            take_stamp(), [NewFact(acme.pk, Field.LEGAL_REP, "示例乙", LATER, reason="换届")], actor=federation.alice
        )
    return acme


def page(federation: LittleFederation, acme: Entity, **asked: str) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(federation.alice)
    return client.get(f"/members/{acme.pk}/history/", asked)


def entries(response: Any, field: str = "legal_rep") -> list[tuple[str, date | None, str, bool]]:
    (told,) = [told for told in response.context["told"] if told.field == field]
    return [(entry.text, entry.since, entry.who, entry.holds) for entry in told.entries]


def test_each_fact_stands_with_both_clocks(federation, acme):
    response = page(federation, acme)
    assert entries(response) == [("示例乙", LATER, "Alice", True), ("示例甲", None, "", False)]
    assert entries(response, "name") == [("甲示例公司", None, "", True)]
    assert entries(response, "address") == []
    assert "换届" in response.content.decode()


def test_what_held_on_an_earlier_day_is_marked(federation, acme):
    assert entries(page(federation, acme, on="2014-06-30")) == [
        ("示例乙", LATER, "Alice", False),
        ("示例甲", None, "", True),
    ]


def test_nothing_is_told_of_a_moment_before_the_member_was_known(federation, acme):
    response = page(federation, acme, known="2014-01-01T00:00")
    assert response.context["told"] == []
    assert "The register did not know this member then" in response.content.decode()


def test_as_known_between_two_recordings_only_the_first_is_told(federation, acme):
    between = acme.recorded_at.astimezone(CHINA)
    found = page(federation, acme, known=f"{between:%Y-%m-%dT%H:%M:%S.%f}")
    assert entries(found) == [("示例甲", None, "", True)]
    assert found.context["countings"] == []


def test_what_was_taken_back_is_marked_from_the_moment_on_that_it_was(federation, acme):
    fact = Particular.objects.get(entity=acme, actor__isnull=False)
    with transaction.atomic():
        back = NewFact(acme.pk, fact.field, fact.value, fact.since, reverses=fact.pk, reason="误办")
        enter_facts(take_stamp(), [back], actor=federation.alice)
    now = page(federation, acme)
    assert entries(now) == [("示例乙", LATER, "Alice", False), ("示例甲", None, "", True)]
    assert "Taken back" in now.content.decode()
    then = page(federation, acme, known=f"{fact.recorded_at.astimezone(CHINA):%Y-%m-%dT%H:%M:%S.%f}")
    assert entries(then) == [("示例乙", LATER, "Alice", True), ("示例甲", None, "", False)]
    assert "Taken back" not in then.content.decode()


def test_counted_attributes_tell_their_reclassifications(federation, acme):
    membership = acme.memberships.get()
    reclassify(membership=membership, on=LATER, category="group", county="410105", actor=federation.alice)
    entry = Movement.objects.get(kind="reclassified")
    reverse_movement(movement=entry, reason="误办", actor=federation.alice)
    found = page(federation, acme).context["countings"]
    assert [(one.movement.effective_on, one.category, one.county, bool(one.reversed_at)) for one in found] == [
        (LATER, "group", "410105", True),
        (DAY, "enterprise", "", False),
    ]


def test_a_moment_that_is_none_is_said_at_the_field(federation, acme):
    response = page(federation, acme, known="yesterday")
    assert response.status_code == 422
    assert "known" in response.context["form"].errors
    assert len(entries(response)) == 2


def test_the_history_is_guarded_and_costs_the_same_however_long_it_is(federation, acme, django_assert_num_queries):
    address = f"/members/{acme.pk}/history/"
    assert_guarded(address, allowed=federation.alice, forbidden=federation.nobody, elsewhere=federation.bob)
    client = Client()
    client.force_login(federation.alice)
    client.get(address)  # what is kept of the tree
    with django_assert_num_queries(QUERIES):
        client.get(address)
    with transaction.atomic():
        fact = NewFact(acme.pk, Field.ADDRESS, "示例路1号", LATER)
        enter_facts(take_stamp(), [fact], actor=federation.alice)
    reclassify(membership=acme.memberships.get(), on=LATER, category="group", actor=federation.alice)
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 11
