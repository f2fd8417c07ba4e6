"""What the home page promises: whose figures, of which day, where each leads, what it says where nothing is known."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from shanglian.directory.actions import found_org
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.models import Org
from shanglian.members.questions import Question, movements, statistics
from shanglian.plans.queries import load_plan, plan_status
from tests.guards import assert_guarded
from tests.invented_map import invented_areas
from tests.reports.story import END_2015, PLAN, World

CITY_2015 = "/?org=410100&on=2015-12-31"


def text_of(response: Any) -> str:
    """What a reader reads, in one line."""
    html = re.sub(r"(?s)<(script|template)\b.*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


# --- who sees what


def test_the_page_is_guarded(world: World) -> None:
    little = world.little
    assert_guarded("/", allowed=little.lin, forbidden=little.nobody, elsewhere=None)
    assert_guarded("/?org=410100", allowed=little.olivia, forbidden=little.adam, elsewhere=little.oscar)
    assert_guarded("/?org=410105", allowed=little.alice, forbidden=little.nobody, elsewhere=little.bob)


def test_what_is_seen_but_not_measured_is_refused_with_the_reason(world: World, signed_in: Any) -> None:
    response = signed_in(world.little.alice, "en").get("/?org=410105-sh-001")
    assert response.status_code == 403
    assert "only in your own organisation" in text_of(response)


def test_an_organisation_that_does_not_exist_is_not_found(world: World, signed_in: Any) -> None:
    assert signed_in(world.little.lin).get("/?org=990000").status_code == 404


def test_who_measures_nothing_goes_to_what_they_may_see(world: World, signed_in: Any) -> None:
    secretary, administrator = signed_in(world.little.sam), signed_in(world.little.adam)
    assert secretary.get("/").headers["Location"] == "/members/"
    assert secretary.get("/?org=410105-sh-001").headers["Location"] == "/members/?org=410105-sh-001"
    assert secretary.get("/?org=410105").status_code == 404
    assert administrator.get("/").headers["Location"] == "/orgs/"


def test_who_has_no_post_is_told_so(world: World, signed_in: Any) -> None:
    response = signed_in(world.little.nobody, "en").get("/")
    assert response.status_code == 403
    assert "You hold no appointment today." in text_of(response)


def test_a_clerk_sees_the_own_county(world: World, signed_in: Any) -> None:
    response = signed_in(world.little.alice).get("/?on=2015-12-31")
    assert (response.context["home"].org, response.context["home"].members) == (world.little.jinshui, 8)


# --- figures


def test_the_figures_are_those_of_the_commands(world: World, signed_in: Any) -> None:
    home = signed_in(world.little.lin).get(CITY_2015).context["home"]
    by_org = {org.code: statistics(Question(org), on=END_2015, by=[])["total"] for org in Org.objects.order_by("code")}
    below = [*home.below.counties, *home.below.zones, *home.below.chambers]
    assert home.members == by_org["410100"] == 14
    assert {line.org.code: line.members for line in below} == {
        "410103": by_org["410103"],
        "410105": by_org["410105"],
        "410100-hkg": None,
        "410100-sh-001": by_org["410100-sh-001"],
    }
    assert home.below.own_level + sum(line.members or 0 for line in below) == home.members
    moved = movements(Question(world.little.zhengzhou), since=date(2015, 1, 1), until=END_2015, by=["category"])
    assert [vars_of(home.movements.total)] == [moved["total"]]
    assert [vars_of(column) for column in home.movements.columns] == [
        {name: value for name, value in row.items() if name != "category"} for row in moved["rows"]
    ]


def vars_of(row: Any) -> dict[str, int]:
    return {name: getattr(row, name) for name in row.__slots__}


def test_each_standing_is_that_of_plan_status(world: World, signed_in: Any) -> None:
    home = signed_in(world.little.lin).get(CITY_2015).context["home"]
    plan = load_plan("little-2014-2017")
    lines = [(home.org, home.standing), *((line.org, line.standing) for line in home.below.measured)]
    assert {org.code: standing.status for org, standing in lines} == {
        org.code: plan_status(plan, org=org, on=END_2015).targets[0] for org, _standing in lines
    }


def test_the_page_prints_what_it_counts(world: World, signed_in: Any) -> None:
    text = text_of(signed_in(world.little.lin, "en").get(CITY_2015))
    for words in (
        "Sample plan, 2014–2017",
        "figures at the end of 31 December 2015",
        "given by the plan, 2013-12-31",
        "register: 10",
        "15 + 1 + 0 + 0 − 2 − 0 − 0 = 14",
        "In the twelve months to 31 December 2015 the mean change was 0 members a month.",
    ):
        assert words in text


def test_figures_out_of_sight_are_no_links(world: World, signed_in: Any) -> None:
    """Bob's county has a chamber that today's tree puts elsewhere: its figure of then stands, its page is not his."""
    from shanglian.directory.actions import move_org  # noqa: PLC0415

    move_org(world.little.textile, to=world.little.erqi, on=date(2016, 1, 1), actor=world.little.adam)
    then = signed_in(world.little.alice).get("/?org=410105&on=2015-12-31")
    chamber = then.context["chambers"][0]
    assert (chamber.line.org, chamber.line.members) == (world.little.textile, 1)
    assert (chamber.figure_url, chamber.page_url) == ("", "")


# --- the conclusion


def conclusion(client: Client, url: str = CITY_2015) -> str:
    html = client.get(url).content.decode()
    found = re.search(r'(?s)<p class="lead-line">(.*?)</p>', html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""


def test_the_conclusion_names_who_is_behind_and_by_how_much(world: World, signed_in: Any) -> None:
    assert conclusion(signed_in(world.little.lin, "en")) == (
        "Members: 14, 2 members less than due (16). At the pace of the last four quarters it will be 12 on "
        "31 December 2017, 10 members below the target of 22. Behind: 二七区 (2 members)."
    )


def test_the_conclusion_in_chinese(world: World, signed_in: Any) -> None:
    assert re.sub(r"\s", "", conclusion(signed_in(world.little.lin))) == (
        "会员总数14，比应达少2名（应达16）。按近四季增速，2017年12月31日预计12，比目标22少10名。落后的有二七区（2名）。"
    )


def test_a_county_on_the_path_is_not_behind(world: World, signed_in: Any) -> None:
    assert conclusion(signed_in(world.little.alice, "en"), "/?on=2015-12-31") == (
        "Members: 8, 2 members more than due (6). At the pace of the last four quarters it will be 6 on "
        "31 December 2017, 2 members below the target of 8."
    )


def test_the_figures_of_the_conclusion_lead_to_what_is_behind_them(world: World, signed_in: Any) -> None:
    html = signed_in(world.little.lin, "en").get(CITY_2015).content.decode()
    sentence = re.search(r'(?s)<p class="lead-line">(.*?)</p>', html)
    assert sentence
    assert dict(re.findall(r'<a href="([^"]*)">([^<]*)</a>', sentence[1])) == {
        "/members/?org=410100&amp;on=2015-12-31": "14",
        "#t-members": "22",  # after "2 members less than due" and "due 16": its row in the table of all targets
        "#h-trajectory": "10 members",  # after the figure expected
        "/?org=410103&amp;on=2015-12-31": "二七区 (2 members)",
    }
    assert [anchor for anchor in ("t-members", "h-trajectory") if f'id="{anchor}"' not in html] == []


def test_where_the_target_is_not_known_there_is_no_conclusion(empty_world: World, signed_in: Any) -> None:
    response = signed_in(empty_world.little.lin, "en").get(CITY_2015)
    assert "lead-line" not in response.content.decode()
    assert "No members are booked by this day" in text_of(response)
    assert response.context["home"].points[0].actual is None


def test_without_four_quarters_there_is_no_forecast(world: World, signed_in: Any) -> None:
    said = conclusion(signed_in(world.little.lin, "en"), "/?org=410100&on=2014-06-30")
    assert "Four quarters of figures are needed for a forecast." in said


# --- what the reader chooses


def test_choices_of_the_page_are_kept_by_its_links(world: World, signed_in: Any) -> None:
    response = signed_in(world.little.lin).get(CITY_2015 + "&step=year&by=members")
    labels = [line.day.isoformat() for line in response.context["points"]]
    assert labels == ["2013-12-31", "2014-12-31", "2015-12-31", "2016-12-31", "2017-12-31"]
    kept = "by=members&amp;step=year"
    assert f"/?org=410103&amp;on=2015-12-31&amp;{kept}" in response.content.decode()
    assert [choice.label for choice in response.context["days"]] == [
        "2017年底",
        "2016年底",
        "2015年底",
        "2014年底",
        "2013年底",
    ]


def test_an_indicator_that_is_none_falls_back_to_the_first(world: World, signed_in: Any) -> None:
    home = signed_in(world.little.lin).get(CITY_2015 + "&chart=none&by=%00").context["home"]
    assert (home.charted, home.by) == ("members", "members")


# --- map and alerts


def draw(world: World, more: str = "") -> None:
    """Two areas on the map; `more` is said of the city."""
    folder = world.plans.parent / "divisions"
    folder.mkdir(exist_ok=True)
    (folder / "410100.yaml").write_text(
        f"""city: {{code: "410100", name: 郑州市, prefixes: []{more}}}
areas:
  - {{code: "410103", name: 二七区, kind: county, aliases: [], tile: [1, 1]}}
  - {{code: "410105", name: 金水区, kind: county, aliases: [], tile: [0, 0]}}
""",
        encoding="utf-8",
    )


def test_the_map_shows_areas_with_sign_and_figure_and_leads_to_them(world: World, signed_in: Any) -> None:
    draw(world)
    response = signed_in(world.little.lin).get(CITY_2015)
    placed = [one for row in response.context["tiles"] for one in row if one]
    assert [(tile.line.org.code, tile.level, tile.mark, url) for tile, url in placed] == [
        ("410105", 5, "▲ 33.4", "/?org=410105&on=2015-12-31"),
        ("410103", 1, "▼ 33.3", "/?org=410103&on=2015-12-31"),
    ]
    assert [count for *_class, count in response.context["legend"]] == [1, 0, 0, 0, 1]


def test_without_places_there_is_no_map(world: World, signed_in: Any) -> None:
    assert "h-map" not in signed_in(world.little.lin).get(CITY_2015).content.decode()


def test_boundaries_are_drawn_only_where_they_are_configured(world: World, signed_in: Any) -> None:
    client = signed_in(world.little.lin)
    draw(world)
    assert client.get("/areas.geojson?org=410100").status_code == 404
    draw(world, ", geojson: maps/mine.geojson")
    assert "data-geo" not in client.get(CITY_2015).content.decode()
    (world.plans.parent / "maps").mkdir()
    drawn = invented_areas("410103", "410105")
    (world.plans.parent / "maps" / "mine.geojson").write_text(json.dumps(drawn))
    assert client.get("/areas.geojson?org=410100").json() == drawn
    assert 'data-geo="/areas.geojson?org=410100"' in client.get(CITY_2015).content.decode()


def square(change: str, value: Any) -> str:
    """The map of the story with one thing of its first area changed."""
    drawn = invented_areas("410103", "410105")
    drawn["features"][0][change] = value
    return json.dumps(drawn)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "maps/mine.geojson is not there: put it into the folder of policies"),
        ("{\n", "maps/mine.geojson, line 2: this is not valid JSON in UTF-8"),
        ('{"type": "Topology"}', "maps/mine.geojson: a FeatureCollection with its features is expected"),
        (square("properties", {"code": 410103}), "maps/mine.geojson, feature 1: its properties carry no code"),
        (square("geometry", {"type": "Point", "coordinates": [1, 2]}), "feature 1: a Polygon or MultiPolygon"),
        (square("geometry", {"type": "Polygon", "coordinates": [[[463000, 3840000]]]}), "feature 1: a Polygon or"),
        (json.dumps(invented_areas("410103")), "maps/mine.geojson: there is no feature with the code 410105"),
    ],
)
def test_a_broken_map_file_is_named_with_its_remedy_and_tiles_stand_in(
    world: World, signed_in: Any, content: str | None, said: str
) -> None:
    draw(world, ", geojson: maps/mine.geojson")
    (world.plans.parent / "maps").mkdir()
    if content is not None:
        (world.plans.parent / "maps" / "mine.geojson").write_text(content, encoding="utf-8")
    page = signed_in(world.little.lin, "en").get(CITY_2015).content.decode()
    assert said in page
    assert ("data-geo" in page, 'class="tiles' in page) == (False, True)


def test_boundaries_are_guarded(world: World) -> None:
    little = world.little
    draw(world, ", geojson: divisions/410100.yaml")
    address = "/areas.geojson?org=410100"
    assert_guarded(address, allowed=little.olivia, forbidden=little.adam, elsewhere=little.oscar)


def test_alerts_say_who_is_behind_by_how_much_the_worst_first(world: World, signed_in: Any) -> None:
    (line,) = signed_in(world.little.lin).get(CITY_2015).context["alerts"]
    assert (line["alert"].org.code, line["page_url"], line["figure_url"]) == (
        "410103",
        "/?org=410103&on=2015-12-31",
        "/members/?org=410103&on=2015-12-31",
    )
    assert (line["alert"].standing.actual_text, line["alert"].standing.due_text) == ("4", "6")
    assert line["alert"].standing.short_text == "−33.3%"


# --- the day


def test_an_old_register_is_told_at_the_end_of_its_last_quarter(world: World, signed_in: Any) -> None:
    response = signed_in(world.little.lin, "en").get("/")
    assert response.context["home"].day == END_2015
    assert "The register's entries end in the quarter to 31 December 2015" in text_of(response)


def test_a_register_in_use_is_told_as_of_today(world: World, signed_in: Any) -> None:
    world.join(world.little.jinshui, timezone.localdate().replace(day=1))
    response = signed_in(world.little.lin, "en").get("/")
    assert (response.context["home"].day, response.context["told_day"]) == (timezone.localdate(), False)


def test_a_day_asked_for_is_no_surprise(world: World, signed_in: Any) -> None:
    assert "entries end" not in text_of(signed_in(world.little.lin, "en").get(CITY_2015))


@pytest.mark.parametrize("day", ["2015-02-30", "yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_said_to_be_so(world: World, signed_in: Any, day: str) -> None:
    response = signed_in(world.little.lin).get("/", {"on": day})
    assert response.status_code == 400
    assert response.context["form"].errors["on"]
    assert response.context["home"].day == END_2015


# --- what is not there


def test_without_a_plan_the_members_are_shown_all_the_same(world: World, signed_in: Any) -> None:
    response = signed_in(world.little.rita, "en").get("/?on=2015-12-31")
    home = response.context["home"]
    assert (home.plan, home.members) == (None, 14)
    assert [(line.org.code, line.members) for line in home.below.counties] == [("410100", 14), ("410200", None)]
    assert "No plan covers this organisation on this day" in text_of(response)


def test_a_broken_plan_is_said_to_be_broken(world: World, signed_in: Any) -> None:
    (world.plans / "little-2014-2017.yaml").write_text(PLAN.replace("value: 22", "value: many"), encoding="utf-8")
    response = signed_in(world.little.lin, "en").get(CITY_2015)
    assert response.status_code == 200
    assert "The plan's file has errors and was not used" in text_of(response)
    assert str(world.plans) not in response.content.decode()


def test_before_it_existed_there_is_nothing_to_show(world: World, signed_in: Any) -> None:
    assert "did not exist on that day" in text_of(signed_in(world.little.lin, "en").get("/?on=1999-12-31"))


def test_a_register_that_does_not_add_up_shows_no_table(world: World, signed_in: Any, as_owner: Any) -> None:
    from django.db import connection  # noqa: PLC0415

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE members_balance DISABLE TRIGGER USER")
        cursor.execute("UPDATE members_balance SET heads = heads + 1 WHERE year = 2015")
        assert cursor.rowcount > 0
    response = signed_in(world.little.lin, "en").get(CITY_2015)
    assert "The movement table does not add up" in text_of(response)


# --- cost


QUERIES = 27


def test_the_cost_does_not_grow_with_the_organisations(
    world: World, signed_in: Any, django_assert_num_queries: Any
) -> None:
    client, little = signed_in(world.little.lin), world.little
    client.get("/inbox/")  # what is kept of the tree
    with django_assert_num_queries(QUERIES):
        client.get(CITY_2015)
    for number in range(8):
        county = found_org(
            code=f"41019{number}",
            kind=OrgKind.COUNTY,
            name=f"新县{number}工商业联合会（示例）",
            parent=little.zhengzhou,
            on=date(2005, 1, 1),
            actor=little.adam,
        )
        world.take_over(county)
    client.get("/inbox/")  # what is kept of the tree
    with django_assert_num_queries(QUERIES):
        client.get(CITY_2015)


def test_the_commands_agree_with_the_page(world: World, signed_in: Any, capsys: Any) -> None:
    home = signed_in(world.little.lin).get(CITY_2015).context["home"]
    call_command("statistics", org="410100", on=END_2015, json="-")
    assert f'"total": {home.members}' in capsys.readouterr().out
