"""The tree of organisations and the page of one: who may see what, figures by tree and day, history by both clocks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from shanglian.directory import actions
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.queries import today
from shanglian.reports import org_tree
from tests.factories.directory import make_org
from tests.factories.structure import import_posts
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation
from tests.reports.story import World

ORGS = "/orgs/"
CITY_2015 = "/orgs/410100/?on=2015-12-31"


@pytest.fixture
def little(db: None, settings: Any, tmp_path: Any) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


@pytest.fixture
def world(world: World, settings: Any) -> World:
    """With the shipped titles of posts beside the plan of the story."""
    settings.POLICY_DIRS = [*settings.POLICY_DIRS, settings.BASE_DIR / "policies"]
    return world


def page_of(client: Any, address: str) -> Any:
    return client.get(address).context


def figures(context: Any) -> list[tuple[int | None, ...]]:
    """Enterprises, groups, individuals, all: members and memberships at the own level, then with everything below."""
    return [tuple(figure for figure, _url in line.cells) for line in context["lines"]]


def below(context: Any) -> dict[str, tuple[int | None, int | None, int | None]]:
    """Code → members at its own level, members and memberships with everything below it."""
    found = [one for _group, own in context["groups"] for one, _url in own]
    return {one.org.code: (one.own, one.heads, one.memberships) for one in found}


def test_the_pages_are_guarded(little):
    assert_guarded(ORGS, allowed=little.alice, forbidden=little.nobody, elsewhere=None)
    assert_guarded("/orgs/410105/", allowed=little.bob, forbidden=little.nobody, elsewhere=None)


def test_an_unknown_organisation_is_not_found(client, little):
    client.force_login(little.alice)
    assert client.get("/orgs/999999/").status_code == 404


def rows(client, day: str) -> dict[str, bool]:
    """Code → whether the organisation is a body on that day, in the order of the page."""
    response = client.get(ORGS, {"on": day})
    return {shown.line.org.code: shown.line.alive for shown in response.context["tree"].lines}


def test_the_tree_of_a_day(client, little):
    client.force_login(little.alice)
    actions.close_org(little.textile, on=date(2015, 1, 1), actor=little.adam)
    assert list(rows(client, "2014-12-31")) == [
        "410000",
        "410100",
        "410100-hkg",
        "410100-sh-001",
        "410103",
        "410105",
        "410105-sh-001",
        "410200",
        "410202",
        "410221",
    ]
    assert "410105-sh-001" not in rows(client, "2015-01-01")
    assert rows(client, "1990-01-01") == {}


@pytest.mark.parametrize(("day", "alive"), [("2020-09-06", False), ("2020-09-07", True)])
def test_the_airport_zone_before_and_after_its_federation(client, little, day, alive):
    client.force_login(little.alice)
    assert rows(client, day)["410100-hkg"] is alive


def test_a_day_that_is_none_is_a_bad_request(client, little):
    client.force_login(little.alice)
    assert client.get(ORGS, {"on": "2014-02-30"}).status_code == 400


def test_the_page_of_an_organisation_shows_its_history(client, little):
    client.force_login(little.alice)
    actions.rename_org(little.erqi, name="二七新名", on=date(2016, 1, 1), reason="更名决定", actor=little.adam)
    actions.move_org(little.erqi, to=little.kaifeng, on=date(2017, 1, 1), actor=little.adam)
    page = client.get(reverse("directory:org", args=["410103"])).content.decode()
    for said in (
        "郑州市二七区工商业联合会",
        "二七新名",
        "更名决定",
        "郑州市工商业联合会",
        "开封市工商业联合会",
        "2017-01-01",
    ):
        assert said in page


def test_a_zone_without_a_federation_says_so(client, little):
    make_org(code="410100-gxq", kind=OrgKind.ZONE, parent=little.zhengzhou)
    client.force_login(little.alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "No federation is recorded" in client.get("/orgs/410100-gxq/").content.decode()
    assert "No federation is recorded" not in client.get("/orgs/410100-hkg/").content.decode()


# Figures ------------------------------------------------------------


def test_members_stand_by_category_and_below_by_organisation(world: World, signed_in: Any) -> None:
    context = page_of(signed_in(world.little.lin), CITY_2015)
    assert figures(context) == [(1, 1, 14, 14), (0, 0, 0, 0), (0, 0, 0, 0), (1, 1, 14, 14)]
    assert below(context) == {
        "410100-hkg": (None, None, None),
        "410100-sh-001": (1, 1, 1),
        "410103": (4, 4, 4),
        "410105": (7, 8, 8),
    }
    assert [line["cells"][-1][0] for line in context["columns"]] == [15, 1, 0, 0, 2, 0, 0, 14]


def test_an_organisation_that_moved_is_summed_where_it_stood_or_stands_today(world: World, signed_in: Any) -> None:
    little = world.little
    actions.move_org(little.erqi, to=little.kaifeng, on=date(2017, 1, 1), actor=little.adam)
    client = signed_in(little.rita)
    assert figures(page_of(client, CITY_2015))[-1] == (1, 1, 14, 14)
    assert figures(page_of(client, f"{CITY_2015}&tree=now"))[-1] == (1, 1, 10, 10)
    outside = page_of(signed_in(little.lin), CITY_2015)
    assert (figures(outside)[-1], outside["territory"].left_out) == ((1, 1, 10, 10), 1)


def test_what_was_not_known_then_is_not_told(little: Any, signed_in: Any) -> None:
    yesterday = today() - timedelta(days=1)
    context = page_of(signed_in(little.lin, "en"), f"/orgs/410103/?known={yesterday}")
    assert (context["history"].places, context["changes"], context["territory"].paths) == ([], [], {})
    assert context["state"][1] == "Not known then"


def test_today_as_a_day_of_knowledge_means_now(little: Any, signed_in: Any) -> None:
    assert page_of(signed_in(little.lin), f"/orgs/410103/?known={today()}")["asked"].known_on is None


def test_who_may_not_see_members_is_told_why(little: Any, signed_in: Any) -> None:
    context = page_of(signed_in(little.bob, "en"), "/orgs/410105/")
    assert (str(context["refusal"]), "numbers" in context) == (
        "This organisation is outside your area of responsibility.",
        False,
    )
    assert below(context) == {"410105-sh-001": (None, None, None)}
    assert (
        str(page_of(signed_in(little.adam, "en"), "/orgs/410105/")["refusal"]) == "None of your roles has this right."
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [("1990-01-01", "Not yet founded"), ("2010-01-01", "In existence"), ("2016-01-01", "Closed")],
)
def test_the_head_says_what_the_organisation_is_on_the_day(little: Any, signed_in: Any, day: str, said: str) -> None:
    actions.close_org(little.textile, on=date(2015, 1, 1), actor=little.adam)
    assert page_of(signed_in(little.alice, "en"), f"/orgs/410105-sh-001/?on={day}")["state"][1] == said


def test_those_above_lead_up_on_the_same_day(little: Any, signed_in: Any) -> None:
    chain = page_of(signed_in(little.alice), "/orgs/410105/?on=2010-01-01")["chain"]
    assert chain == [
        ("河南省工商业联合会", "/orgs/410000/?on=2010-01-01"),
        ("郑州市工商业联合会", "/orgs/410100/?on=2010-01-01"),
    ]


def test_posts_and_imports_stand_on_the_page_of_those_who_may_see_them(little: Any, signed_in: Any) -> None:
    batch = import_posts(little.jinshui, little.alice, [["示例丙", "主席", "十七届", "2012年6月", "", "", ""]])
    mine = page_of(signed_in(little.alice), "/orgs/410105/")
    assert [line.post.person for line in mine["posts"][0].lines] == ["示例丙"]
    assert [one.pk for one, _label, _mark in mine["batches"]] == [batch.pk]
    page = signed_in(little.bob).get("/orgs/410105/")
    assert (page.context["batches"], "示例丙" in page.content.decode()) == (None, False)


@pytest.mark.parametrize("wrong", ["on=2014-02-30", "on=0001-01-01", "tree=sideways", "known=yesterday"])
def test_a_question_that_makes_no_sense_is_a_bad_request(little: Any, signed_in: Any, wrong: str) -> None:
    assert signed_in(little.lin).get(f"/orgs/410105/?{wrong}").status_code == 400


# The tree ------------------------------------------------------------


def tree(client: Any, query: str) -> dict[str, tuple[bool, int | None, int | None]]:
    """Code → whether it matches, its members at the own level and with everything below."""
    lines = client.get(f"/orgs/?{query}").context["tree"].lines
    return {shown.line.org.code: (shown.matched, shown.own, shown.heads) for shown in lines}


def test_what_matches_stands_below_those_above_it_with_its_members(world: World, signed_in: Any) -> None:
    client = signed_in(world.little.lin)
    expected = {
        "410000": (False, None, None),
        "410100": (False, 1, 14),
        "410105": (False, 7, 8),
        "410105-sh-001": (True, 1, 1),
    }
    assert tree(client, "on=2015-12-31&q=纺织") == expected
    assert tree(client, "on=2015-12-31&kind=industry") == expected
    assert tree(client, "q=没有这个") == {}


def test_members_of_the_tree_are_shown_where_the_reader_may_see_all_of_them(world: World, signed_in: Any) -> None:
    assert tree(signed_in(world.little.alice), "on=2015-12-31&q=区") == {
        "410000": (False, None, None),
        "410100": (False, None, None),
        "410100-hkg": (True, None, None),
        "410103": (True, None, None),
        "410105": (True, 7, 8),
        "410105-sh-001": (True, 1, 1),
        "410200": (False, None, None),
        "410202": (True, None, None),
    }


def test_a_tree_too_large_for_a_page_leaves_out_its_deepest_level(
    little: Any, signed_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(org_tree, "HOLDS", 9)
    found = signed_in(little.lin).get("/orgs/").context["tree"]
    assert ([shown.line.depth for shown in found.lines], found.folded) == ([0, 1, 2, 2, 2, 2, 1, 2, 2], 1)


@pytest.mark.parametrize(("address", "queries"), [(CITY_2015, 33), ("/orgs/?on=2015-12-31", 12)])
def test_the_cost_does_not_grow_with_the_organisations(
    world: World, signed_in: Any, django_assert_num_queries: Any, address: str, queries: int
) -> None:
    client, little = signed_in(world.little.lin), world.little
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    for number in range(8):
        county = make_org(code=f"41019{number}", kind=OrgKind.COUNTY, parent=little.zhengzhou)
        world.take_over(county)
        make_org(code=f"41019{number}-sh-1", kind=OrgKind.INDUSTRY_CHAMBER, parent=county)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
