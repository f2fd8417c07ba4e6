"""Every kind of target on the page: shares with both sides, bases not printed, what cannot be known."""

import re
from datetime import date
from typing import Any

import pytest

from shanglian.directory.actions import found_org
from shanglian.directory.core.kinds import OrgKind
from tests.reports.story import PLAN, World

CITY_2015 = "/?org=410100&on=2015-12-31"
SHARES = """\
  - code: enterprises
    name: {zh: 企业会员占比, en: Share of enterprises}
    numerator: members.enterprise
    denominator: members.heads
    unit: percent
    decimals: 1
    direction: up
    scope: all
  - code: five_good
    name: {zh: 五好占比, en: Five good}
    measure: none
    unit: percent
    decimals: 0
    direction: up
    scope: all
targets:
  - indicator: enterprises
    org: "410100"
    clause: "2.2"
    change: {by: 4}
    operator: at_least
    soft_word: strive_for
    day: 2017-12-31
    base: {kind: unknown}
    path: linear
    tolerance: {ahead: 0.01, met: 0, near: 0.04}
  - indicator: five_good
    org: "410100"
    clause: "2.3"
    value: 100
    operator: at_least
    day: 2015-06-30
    base: {kind: unknown}
    path: linear
    tolerance: {ahead: 0, met: 0, near: 0.1}
"""


@pytest.fixture
def several(world: World) -> World:
    """The story under a plan of three targets; all its members are enterprises."""
    (world.plans / "little-2014-2017.yaml").write_text(PLAN.replace("targets:\n", SHARES, 1), encoding="utf-8")
    return world


def said(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def test_each_target_has_a_card_with_its_gap_or_why_it_is_not_known(several: World, signed_in: Any) -> None:
    response = signed_in(several.little.lin, "en").get(CITY_2015)
    cards = [(card.name, card.standing.state, card.standing.gap_text) for card in response.context["cards"]]
    assert cards == [
        ("Members", "behind", "2 members less than due"),
        ("Share of enterprises", "near", "2.0 percentage points less than due"),
        ("Five good", "unknown", "Not known: no figure is collected for this yet"),
    ]


def test_the_conclusion_counts_all_targets_by_name(several: World, signed_in: Any) -> None:
    html = signed_in(several.little.lin, "en").get(CITY_2015).content.decode()
    sentence = said(re.search(r'(?s)<p class="lead-line">(.*?)</p>', html)[1])  # type: ignore[index]
    assert sentence.startswith(
        "Of 3 targets, 1 is nearly met (Share of enterprises), 1 is behind (Members), "
        "1 cannot be known yet (Five good)."
    )


def test_a_share_leads_to_both_its_sides_and_its_base_is_marked(several: World, signed_in: Any) -> None:
    client = signed_in(several.little.lin, "en")
    card = client.get(CITY_2015).context["cards"][1]
    assert (card.base_text, card.base_kind, card.soft_word, card.url) == ("100%", "derived", "strive for", "")
    for figure, address, _what in card.parts:
        assert client.get(address).context["page"].paginator.count == int(figure) == 14


def test_chart_map_and_ranking_each_follow_their_own_choice(several: World, signed_in: Any) -> None:
    client = signed_in(several.little.lin, "en")
    context = client.get(CITY_2015 + "&chart=enterprises&by=members").context
    assert (context["charted_name"], context["indicator"]) == ("Share of enterprises", "Members")
    assert context["points"][-1].planned_text == "104.0%"
    context = client.get(CITY_2015 + "&by=enterprises").context
    assert [(shown.line.name, shown.line.rank, shown.figure) for shown in context["counties"]] == [
        ("二七区", 1, "100.0%"),
        ("金水区", 1, "100.0%"),
    ]
    assert (context["charted_name"], context["additive"]) == ("Members", False)


@pytest.mark.parametrize("measure", ["members.private_enterprises", "members.chambers"])
def test_the_member_list_shows_only_whom_a_figure_counts(several: World, signed_in: Any, measure: str) -> None:
    response = signed_in(several.little.lin).get("/members/", {"org": "410100", "on": "2015-12-31", "measure": measure})
    assert response.context["page"].paginator.count == 0
    assert response.context["filtered"]


QUERIES = 27


def test_the_cost_grows_neither_with_targets_nor_with_organisations(
    several: World, signed_in: Any, django_assert_num_queries: Any
) -> None:
    client, little = signed_in(several.little.lin), several.little
    client.get("/inbox/")  # what is kept of the tree
    with django_assert_num_queries(QUERIES):
        client.get(CITY_2015)
    for number in range(6):
        name = f"新县{number}工商业联合会（示例）"
        terms = {"kind": OrgKind.COUNTY, "parent": little.zhengzhou, "on": date(2005, 1, 1), "actor": little.adam}
        several.take_over(found_org(code=f"41019{number}", name=name, **terms))
    client.get("/inbox/")  # what is kept of the tree
    with django_assert_num_queries(QUERIES):
        client.get(CITY_2015)


def test_a_chambers_page_tells_of_itself_alone(several: World, signed_in: Any) -> None:
    context = signed_in(several.little.lin).get("/?org=410105-sh-001&on=2015-12-31").context
    assert (context["home"].members, context["counties"], context["zones"], context["alerts"]) == (1, [], [], [])
    assert context["home"].movements.total.closing == 1


def test_an_own_county_page_says_that_its_targets_are_reckoned(several: World, signed_in: Any) -> None:
    html = signed_in(several.little.alice, "en").get("/?on=2015-12-31").content.decode()
    assert "No targets were issued to this organisation" in html
    assert "No targets were issued" not in signed_in(several.little.lin, "en").get(CITY_2015).content.decode()
