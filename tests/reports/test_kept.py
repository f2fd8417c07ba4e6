"""The page is worked out once while nothing changes, and anew for every change of register, tree or plan."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanglian.directory.actions import move_org, rename_org
from tests.reports.story import PLAN, World

CITY_2015 = "/?org=410100&on=2015-12-31"


def queries(client: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(CITY_2015).status_code == 200
    return len(asked)


def test_who_asks_again_does_not_work_it_out_again(world: World, signed_in: Any) -> None:
    client = signed_in(world.little.lin)
    assert (queries(client), queries(client)) == (37, 6)  # the first also asks for what is kept of the tree


def booked(world: World) -> None:
    world.join(world.little.jinshui, date(2015, 12, 31))


def renamed(world: World) -> None:
    little = world.little
    rename_org(little.jinshui, name="金水区工商联（示例）", short_name="金水", on=date(2015, 1, 1), actor=little.adam)


def moved(world: World) -> None:
    little = world.little
    move_org(little.qixian, to=little.zhengzhou, on=date(2015, 1, 1), actor=little.adam)


def planned(world: World) -> None:
    text = PLAN.replace("value: 22", "value: 40")
    (world.plans / "little-2014-2017.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("change", [booked, renamed, moved, planned])
def test_every_change_shows_at_once(world: World, signed_in: Any, change: Any) -> None:
    client = signed_in(world.little.lin)

    def told() -> tuple[Any, ...]:
        home = client.get(CITY_2015).context["home"]
        below = [(line.name, line.members, line.standing.due) for line in home.below.counties]
        return home.members, home.standing.goal, below

    before = told()
    change(world)
    assert told() != before


def test_the_language_is_the_readers(world: World, signed_in: Any) -> None:
    little = world.little
    assert "会员总数" in signed_in(little.lin).get(CITY_2015).content.decode()
    assert "会员总数" not in signed_in(little.lin, "en").get(CITY_2015).content.decode()
