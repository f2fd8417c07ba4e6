"""The shipped plan over real ledger entries: what is counted, what is known, which tree."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from shanglian.directory.actions import move_org
from shanglian.directory.models import Org
from shanglian.members.actions.memberships import admit, profile_of
from shanglian.members.core.kinds import Category, Kind
from shanglian.plans.queries import ask_measure, load_plan, plan_status, statuses, trajectory
from tests.factories.members import make_entity
from tests.little_federation import LittleFederation, little_federation

BASE_DAY = date(2013, 12, 31)
END_2015 = date(2015, 12, 31)


@pytest.fixture
def little(db: None) -> LittleFederation:
    """Three firms of Jinshui and one of Erqi at the end of 2013, one more of Jinshui in May 2015."""
    world = little_federation()
    for org, on, kind in (
        (world.jinshui, BASE_DAY, Kind.OPENING),
        (world.jinshui, BASE_DAY, Kind.OPENING),
        (world.jinshui, BASE_DAY, Kind.OPENING),
        (world.erqi, BASE_DAY, Kind.OPENING),
        (world.jinshui, date(2015, 5, 7), Kind.JOINED),
    ):
        admit(
            entity=make_entity(),
            org=org,
            category=Category.ENTERPRISE,
            profile=profile_of(),
            on=on,
            kind=kind,
            actor=world.officer,
        )
    return world


def actuals(org: Org) -> list[int | None]:
    points = trajectory(load_plan("zhengzhou-2014-2017"), "members", org=org, until=END_2015)
    return [int(p.actual) if p.actual is not None else None for p in points if p.day.month == 12]


def test_the_plan_stands_where_the_register_stands(little: LittleFederation) -> None:
    city = plan_status(load_plan("zhengzhou-2014-2017"), org=little.zhengzhou, on=END_2015).targets[0]
    county = plan_status(load_plan("zhengzhou-2014-2017"), org=little.jinshui, on=END_2015).targets[0]
    assert (city.actual, city.base, city.register_base, city.state) == (5, 27_800, 4, "behind")
    assert (county.actual, county.base, county.base_kind, county.official, county.state) == (
        4,
        3,
        "derived",
        False,
        "ahead",
    )


def test_coverage_without_recorded_types_says_so(little: LittleFederation) -> None:
    found = plan_status(load_plan("zhengzhou-2014-2017"), org=little.zhengzhou, on=END_2015).targets[1]
    assert (found.indicator.code, found.actual, found.unknown) == ("coverage", None, "not_classified")
    assert (found.reading.unclassified, found.reading.denominator) == (5, 52_000)


def test_the_trajectory_counts_each_year_end(little: LittleFederation) -> None:
    assert actuals(little.zhengzhou) == [4, 4, 5, None, None]
    assert actuals(little.jinshui) == [3, 3, 4, None, None]


def test_the_trajectory_counts_each_day_by_the_tree_of_that_day(little: LittleFederation) -> None:
    move_org(little.erqi, to=little.kaifeng, on=date(2015, 7, 1), actor=little.adam)
    assert actuals(little.zhengzhou) == [4, 4, 4, None, None]


def test_a_measure_names_who_is_behind_it_and_how_it_was_counted(little: LittleFederation) -> None:
    answer = ask_measure("members.heads", org=little.jinshui, on=END_2015, items_limit=2)
    assert (answer.value, len(answer.items), answer.items_total, answer.unit) == (4, 2, 4, "members")
    assert {key: answer.definition[key] for key in ("org", "on", "count", "tree")} == {
        "org": "410105",
        "on": "2015-12-31",
        "count": "heads",
        "tree": "then",
    }


def test_many_organisations_are_asked_with_as_many_queries_as_one(
    little: LittleFederation, django_assert_num_queries: Any
) -> None:
    plan = load_plan("zhengzhou-2014-2017")
    for orgs in ([little.textile], [little.zhengzhou, little.jinshui, little.erqi, little.textile, little.wenzhou]):
        with django_assert_num_queries(5):
            statuses(plan, orgs, on=END_2015)


def test_before_anything_was_recorded_nothing_was_known(little: LittleFederation) -> None:
    before = timezone.now() - timedelta(days=1)
    status = plan_status(load_plan("zhengzhou-2014-2017"), org=little.zhengzhou, on=END_2015, known_on=before)
    assert not status.targets[0].actual
