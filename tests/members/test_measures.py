"""Figures of parts of the register: private enterprises, chambers, and what cannot be known, for many at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from shanglian.common.measures import ManyQuestion, MeasureAnswer, MeasureQuestion
from shanglian.directory.models import Org
from shanglian.members.actions.memberships import end_membership
from shanglian.members.core.kinds import EntityKind
from shanglian.members.measures import MEASURES
from tests.factories.members import make_entity, make_member
from tests.little_federation import LittleFederation, little_federation

DAY, LATER = date(2013, 12, 31), date(2014, 12, 31)


@pytest.fixture
def federation(db: None) -> LittleFederation:
    """Jinshui: two private firms, a state firm, an untyped one, two groups, one a chamber. Erqi: an untyped firm."""
    world = little_federation()

    def firm(org: Org, on: date = DAY, **words: str) -> Any:
        return make_member(org, on, world.officer, **words)

    def group(org: Org, kind: str) -> Any:
        entity = make_entity(kind=EntityKind.ASSOCIATION)
        return make_member(org, DAY, world.officer, entity=entity, group_kind=kind)

    firm(world.jinshui, registration_type="173")
    firm(world.jinshui, LATER, registration_type="170")
    firm(world.jinshui, registration_type="110")
    firm(world.jinshui)
    firm(world.erqi)
    group(world.jinshui, "industry_chamber")
    group(world.jinshui, "private_enterprise_association")
    return world


def answer(name: str, org: Org, on: date = LATER, **words: Any) -> MeasureAnswer:
    return MEASURES[name].value(MeasureQuestion(org.pk, org.code, on, **words))


def test_parts_of_the_register_are_counted_with_everything_below(federation: LittleFederation) -> None:
    names = ["heads", "enterprise", "group", "private_enterprises", "chambers"]
    found = [answer(f"members.{name}", federation.zhengzhou).value for name in names]
    assert found == [7, 5, 2, 2, 1]
    assert [answer(f"members.{name}", federation.zhengzhou, DAY).value for name in names] == [6, 4, 2, 1, 1]


def test_members_without_a_recorded_type_are_told_beside_the_figure(federation: LittleFederation) -> None:
    found = answer("members.private_enterprises", federation.jinshui)
    assert (found.value, found.definition["unclassified"], found.definition["counts"]) == (2, 1, "private_enterprise")


def test_where_no_member_has_a_type_the_figure_cannot_be_known(federation: LittleFederation) -> None:
    assert answer("members.enterprise", federation.erqi).value == 1
    assert answer("members.private_enterprises", federation.erqi).value is None
    assert answer("members.chambers", federation.erqi).value == 0  # it has members, none of them a group
    assert answer("members.chambers", federation.kaifeng).value is None  # nothing was ever booked there


def test_who_is_behind_a_part_is_named(federation: LittleFederation) -> None:
    for known_on in (None, timezone.now()):
        found = answer("members.private_enterprises", federation.zhengzhou, items_limit=1, known_on=known_on)
        assert (found.value, len(found.items), found.items_total) == (2, 1, 2)


def test_what_was_recorded_later_is_left_out(federation: LittleFederation) -> None:
    before = timezone.now() - timedelta(days=1)
    assert answer("members.enterprise", federation.zhengzhou, known_on=before).value is None


def test_who_left_is_no_longer_counted(federation: LittleFederation) -> None:
    chamber = make_member(
        federation.erqi, DAY, federation.officer,
        entity=make_entity(kind=EntityKind.ASSOCIATION), group_kind="street_chamber",
    )  # fmt: skip
    end_membership(membership=chamber, on=LATER, reason="示例", actor=federation.officer)
    series = MEASURES["members.chambers"].series
    assert series is not None
    question = MeasureQuestion(federation.erqi.pk, "410103", LATER)
    assert list(series(question, [LATER, DAY])) == [0, 1]


def test_many_organisations_and_days_get_what_each_gets_alone(federation: LittleFederation) -> None:
    orgs = {org.pk: org for org in federation.orgs.values()}
    many = MEASURES["members.heads"].many
    assert many is not None
    found = many(sorted(MEASURES), ManyQuestion({pk: org.code for pk, org in orgs.items()}, (DAY, LATER)))
    for name, places in found.items():
        alone = {(pk, day): answer(name, orgs[pk], day).value for pk, day in places}
        assert {place: one.value for place, one in places.items()} == alone


def test_the_number_of_queries_does_not_grow(federation: LittleFederation, django_assert_num_queries: Any) -> None:
    many = MEASURES["members.heads"].many
    assert many is not None
    for orgs in ([federation.kaifeng], list(federation.orgs.values())):
        question = ManyQuestion({org.pk: org.code for org in orgs}, (DAY, LATER))
        with django_assert_num_queries(5):
            many(sorted(MEASURES), question)
