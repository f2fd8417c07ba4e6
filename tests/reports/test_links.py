"""Every number of the home page and of an organisation's page leads to a list of as many members, whatever happened."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from shanglian.directory.actions import move_org
from shanglian.directory.queries import today
from shanglian.members.actions.memberships import (
    admit,
    end_membership,
    move_membership,
    profile_of,
    reclassify,
    rehome,
    reverse_movement,
)
from shanglian.members.core.kinds import Category
from shanglian.members.models import Membership, Movement
from tests.reports.story import World

LINK = re.compile(r'<a (?:class="[^"]*" )?href="(/members/\?[^"]+)">(?:<[^>]+>)*([\d,]+)(?=<)')


@pytest.fixture
def eventful(world: World, settings: Any) -> World:
    """The story's register in 2015 with everything that can happen to a membership, some of it twice or taken back."""
    settings.POLICY_DIRS = [*settings.POLICY_DIRS, settings.BASE_DIR / "policies"]
    little, actor = world.little, world.little.olivia
    first, second, third, fourth, *_ = Membership.objects.filter(org=little.jinshui).order_by("pk")[1:]
    day = date(2015, 5, 4)
    move_membership(membership=first, to=little.textile, on=day, actor=actor)  # within the county
    move_membership(membership=second, to=little.erqi, on=day, actor=actor)
    for category in (Category.GROUP, Category.ENTERPRISE):  # there and back
        day += timedelta(days=30)
        profile = profile_of(section="C")
        reclassify(membership=third, on=day, category=category, profile=profile, actor=actor)
    end_membership(membership=fourth, on=date(2015, 2, 1), actor=actor)  # left and joined again, then taken back
    again = {"entity": fourth.entity, "org": little.jinshui, "category": Category.ENTERPRISE, "profile": profile_of()}
    admit(**again, on=date(2015, 8, 1), actor=actor)
    late = Movement.objects.latest("pk")
    reverse_movement(movement=late, reason="误", actor=actor)
    further = admit(**again | {"org": little.wenzhou, "entity": third.entity}, on=day, actor=actor)
    rehome(to=further, on=date(2015, 10, 1), actor=actor)
    move_org(little.textile, to=little.erqi, on=date(2015, 9, 1), actor=little.adam)
    return world


def walked(client: Client, page: str) -> int:
    """How many numbers of a page were followed; each has as many members behind it as it says."""
    found = LINK.findall(client.get(page).content.decode())
    for address, figure in found:
        shown = client.get(html.unescape(address)).context["found"]
        assert (page, address, shown.total, len(shown.spans)) == (page, address, *[int(figure)] * 2)
    return len(found)


@pytest.mark.parametrize("page", ["/?org={}&on={}", "/orgs/{}/?on={}", "/orgs/{}/?on={}&tree=now"])
@pytest.mark.parametrize(("org", "fewest"), [("410100", 18), ("410105", 12), ("410103", 9)])
def test_every_number_leads_to_as_many_members(eventful: World, signed_in: Any, page: str, org: str, fewest: int):
    for day in ("2014-12-31", "2015-12-31", "2015-06-20"):
        assert walked(signed_in(eventful.little.lin), page.format(org, day)) >= fewest


def test_what_was_known_earlier_is_listed_as_it_was_counted(eventful: World, signed_in: Any) -> None:
    """All was recorded today, so that nothing was known the day before; with the day of the last entry, all of it."""
    client = signed_in(eventful.little.lin)
    yesterday = today() - timedelta(days=1)
    assert walked(client, f"/orgs/410100/?on=2015-12-31&known={yesterday}") == 0
    assert walked(client, f"/orgs/410100/?on=2015-12-31&known={today()}") > 20


def test_columns_of_the_movement_table_are_told_apart(eventful: World, signed_in: Any) -> None:
    client, period = signed_in(eventful.little.lin, "en"), "since=2015-01-01&until=2015-12-31&org=410105"
    answers = {state: client.get(f"/members/?state={state}&{period}") for state in ("moved_out", "reclassified_in")}
    assert {state: answer.context["found"].total for state, answer in answers.items()} == {
        "moved_out": 3,
        "reclassified_in": 2,
    }
    page = answers["moved_out"].content.decode()
    assert "Moved out within the period 2015-01-01—2015-12-31" in page
    assert "Day of the change" in page
