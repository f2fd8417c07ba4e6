"""One sum for all organisations says the same as asking each of them, whatever the tree did meanwhile."""

from datetime import date

from shanglian.directory.actions import move_org
from shanglian.directory.models import Org
from shanglian.plans.queries import load_plan, plan_status
from shanglian.reports.home import Asked, Home, home_of
from tests.reports.story import END_2015, PLAN, World

OWN_TARGET = """\
  - indicator: members
    org: "410103"
    clause: "2.2"
    value: 10
    operator: at_least
    day: 2016-12-31
    base: {kind: given, value: 5, day: 2014-12-31}
    path: linear
    tolerance: {ahead: 0.005, met: 0, near: 0.02}
"""


def of_the_page(home: Home) -> dict[str, object]:
    lines = [(home.org, home.standing), *((line.org, line.standing) for line in home.below.measured)]
    return {org.code: standing.status for org, standing in lines if standing}


def asked_one_by_one(home: Home, on: date = END_2015) -> dict[str, object]:
    plan = load_plan("little-2014-2017")
    orgs = [home.org, *(line.org for line in home.below.measured)]
    return {org.code: plan_status(plan, org=org, on=on).targets[0] for org in orgs}


def test_each_stands_where_the_plan_says(world: World) -> None:
    home = home_of(world.little.zhengzhou, Asked(END_2015))
    assert of_the_page(home) == asked_one_by_one(home)


def test_a_county_that_came_from_elsewhere_brings_its_own_base(world: World) -> None:
    little = world.little
    for _ in range(3):
        world.take_over(little.longting)
    move_org(little.longting, to=little.zhengzhou, on=date(2015, 7, 1), actor=little.adam)
    home = home_of(little.zhengzhou, Asked(END_2015))
    came = next(line for line in home.below.counties if line.org == little.longting)
    assert came.standing is not None
    assert (came.members, came.standing.status.base) == (3, 3)
    assert of_the_page(home) == asked_one_by_one(home)


def test_a_target_of_ones_own_is_official_and_has_its_own_base_day(world: World) -> None:
    (world.plans / "little-2014-2017.yaml").write_text(PLAN + OWN_TARGET, encoding="utf-8")
    home = home_of(world.little.zhengzhou, Asked(END_2015))
    official = {line.org.code: line.standing.status.official for line in home.below.counties if line.standing}
    assert official == {"410103": True, "410105": False}
    assert of_the_page(home) == asked_one_by_one(home)


def test_everybody_left_is_not_the_same_as_never_booked(empty_world: World) -> None:
    world, little = empty_world, empty_world.little
    world.leave(world.take_over(little.erqi), date(2014, 5, 1))
    below = home_of(little.zhengzhou, Asked(END_2015)).below
    assert {line.org.code: line.members for line in below.counties} == {"410103": 0, "410105": None}


def ranks(org: Org) -> dict[str, int | None]:
    return {line.org.code: line.rank for line in home_of(org, Asked(END_2015)).below.counties}


def test_equals_share_a_rank_and_the_unknown_have_none(empty_world: World) -> None:
    world, little = empty_world, empty_world.little
    for org in (little.erqi, little.jinshui):
        world.take_over(org)
    move_org(little.qixian, to=little.zhengzhou, on=date(2015, 1, 1), actor=little.adam)
    move_org(little.longting, to=little.zhengzhou, on=date(2015, 1, 1), actor=little.adam)
    world.take_over(little.longting)
    world.join(little.longting, date(2015, 2, 1))
    assert ranks(little.zhengzhou) == {"410202": 1, "410103": 2, "410105": 2, "410221": None}


def test_zones_stand_apart_and_chambers_are_not_measured(world: World) -> None:
    below = home_of(world.little.zhengzhou, Asked(END_2015)).below
    assert [(line.org.code, line.alive, line.rank) for line in below.zones] == [("410100-hkg", False, None)]
    assert [(line.org.code, line.standing) for line in below.chambers] == [("410100-sh-001", None)]
    assert [alert.org.code for alert in below.behind("members")] == ["410103"]
    assert below.unknown("members") == 0
