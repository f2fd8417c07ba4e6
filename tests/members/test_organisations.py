"""When organisations merge, split or close, the ledger says where the members went."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from shanglian.directory.actions import close_org
from shanglian.directory.actions.orgs import NewOrg
from shanglian.members.actions.organisations import merge_orgs, split_orgs
from shanglian.members.core.kinds import Count
from shanglian.members.models import Span
from shanglian.members.questions import Question, movements, statistics
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity, make_member
from tests.little_federation import LittleFederation, little_federation

DAY = date(2014, 3, 1)
MERGER = date(2016, 7, 1)


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


def register_is_clean() -> bool:
    return [check.name for check in verify_register() if not check.ok] == []


def test_a_merger_moves_the_members_and_changes_no_total(federation):
    both = make_entity("两处示例公司")
    for entity in (both, None, None):
        make_member(federation.erqi, DAY, federation.bob, entity=entity)
    make_member(federation.jinshui, DAY, federation.alice, entity=both)
    before = statistics(Question(federation.zhengzhou), on=date(2016, 6, 30), by=["org"])

    assert merge_orgs(org=federation.erqi, into=federation.jinshui, on=MERGER, actor=federation.adam) == 3

    after = statistics(Question(federation.zhengzhou), on=MERGER, by=["org"])
    assert before["rows"] == [{"org": "410103", "value": 3}]
    assert after["rows"] == [{"org": "410105", "value": 3}]
    assert before["total"] == after["total"] == 3
    table = movements(Question(federation.zhengzhou), since=date(2016, 7, 1), until=date(2016, 12, 31), by=["org"])
    assert {row["org"]: (row["moved_in"], row["moved_out"]) for row in table["rows"]} == {
        "410103": (0, 3),
        "410105": (3, 0),
    }
    assert Span.objects.filter(entity=both).on(MERGER).get().org == federation.jinshui
    assert register_is_clean()


def test_a_split_takes_the_named_members_along(federation):
    stays, goes = make_entity(), make_entity()
    for entity in (stays, goes):
        make_member(federation.jinshui, DAY, federation.alice, entity=entity)
    split_orgs(
        org=federation.jinshui,
        parts=[NewOrg(code="410199", name="新设示例区工商业联合会", short_name="新设示例区")],
        members={goes.pk: "410199"},
        children={},
        on=MERGER,
        actor=federation.adam,
    )
    found = statistics(Question(federation.zhengzhou, Count.MEMBERSHIPS), on=MERGER, by=["org"])
    assert found["rows"] == [{"org": "410105", "value": 1}, {"org": "410199", "value": 1}]
    assert register_is_clean()


def test_an_organisation_with_members_cannot_be_closed(federation):
    make_member(federation.erqi, DAY, federation.bob)
    with transaction.atomic(), connection.cursor() as cursor:
        close_org(federation.erqi, on=MERGER, actor=federation.adam)
        with pytest.raises(IntegrityError, match="1 memberships would stand at an organisation that does not exist"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    assert register_is_clean()
