"""The page of posts: who may see it, what stands on it on which day, and where each post came from."""

from typing import Any

import pytest
from django.test import Client

from shanglian.members.models import Identifier
from tests.factories.members import make_entity, make_member
from tests.factories.structure import POST_HEADINGS, import_posts
from tests.guards import assert_guarded
from tests.little_federation import BEGINNING, LittleFederation, little_federation
from tests.sample_codes import uscc

pytestmark = pytest.mark.django_db
PAGE = "/posts/?org=410105"
ROWS = [
    ["示例乙", "执委", "十七届", "2012年6月", "", "示例云图有限公司", uscc(7)],
    ["示例甲", "副主席（专职）、总商会副会长", "十七届", "2012年6月", "", "", ""],
    ["示例丁", "主席", "十六届", "2007年", "2012年6月", "", ""],
    ["示例丙", "主席", "十七届", "2012年6月", "", "", ""],
    ["示例戊", "增补执委", "十七届", "", "", "", ""],
]


@pytest.fixture
def little(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def groups(response: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (group.body.code, [(line.post.person, line.title.code) for line in group.lines])
        for group in response.context["groups"]
    ]


def former(response: Any) -> list[str]:
    return [line.post.person for line in response.context["former"]]


def test_posts_are_seen_where_members_are_seen(little):
    assert_guarded(PAGE, allowed=little.alice, forbidden=little.nobody, elsewhere=little.bob)
    for user in (little.olivia, little.lin, little.rita):
        assert_guarded(PAGE, allowed=user, forbidden=little.adam, elsewhere=little.carol)
    assert_guarded("/posts/?org=410105-sh-001", allowed=little.sam, forbidden=None, elsewhere=little.bob)
    assert_guarded("/posts/", allowed=little.alice, forbidden=little.nobody, elsewhere=None)


def test_posts_stand_by_body_and_rank_on_their_day(little, client):
    import_posts(little.jinshui, little.alice, ROWS)
    client.force_login(little.alice)
    page = client.get(f"{PAGE}&on=2016-12-31")
    assert groups(page) == [
        ("chairs", [("示例丙", "chair"), ("示例甲", "vice_chair"), ("示例甲", "vice_president")]),
        ("executive_committee", [("示例乙", "executive_member"), ("示例戊", "executive_member")]),
    ]
    assert former(page) == ["示例丁"]
    earlier = client.get(f"{PAGE}&on=2010-01-01")
    assert (groups(earlier), former(earlier)) == ([("chairs", [("示例丁", "chair")])], [])
    assert groups(client.get(f"{PAGE}&on=2000-01-01")) == []
    assert groups(client.get("/posts/?on=not-a-day"))[0][0] == "chairs"


def test_every_post_leads_to_its_row_and_the_import_where_the_reader_may_open_it(little, client):
    batch = import_posts(little.textile, little.alice, [["示例己", "会长", "", "2014", "", "", ""]])
    client.force_login(little.alice)
    text = client.get("/posts/?org=410105-sh-001").content.decode()
    assert f"/imports/{batch.pk}/" in text
    assert "职务名单.xlsx" in text
    client.force_login(little.sam)
    text = client.get("/posts/?org=410105-sh-001").content.decode()
    assert "示例己" in text
    assert f"/imports/{batch.pk}/" not in text


def test_a_changed_post_shows_every_source_with_mapped_cells_alone(little, client):
    headings = [*POST_HEADINGS, "身份证号", "爱好"]
    secret = ["410105198001011234", "示例爱好"]
    import_posts(little.jinshui, little.alice, [[*ROWS[0], *secret]], headings=headings, name="第一份.xlsx")
    import_posts(
        little.jinshui,
        little.alice,
        [["示例乙", "执委", "十七届", "2012年6月", "", "示例新厂", ""]],
        name="第二份.xlsx",
    )
    client.force_login(little.alice)
    page = client.get(PAGE)
    ((line,),) = [group.lines for group in page.context["groups"]]
    assert [(source.file, source.number) for source in line.sources] == [("第二份.xlsx", 2), ("第一份.xlsx", 2)]
    assert [heading for heading, _cell in line.sources[1].cells] == POST_HEADINGS
    assert not [cell for cell in secret if cell in page.content.decode()]


def test_the_firm_leads_to_the_member_where_the_reader_may_see_it(little, client):
    firm = make_entity("示例云图有限公司")
    make_member(little.erqi, BEGINNING, little.olivia, entity=firm)
    Identifier.objects.create(entity=firm, scheme="uscc", value=uscc(7))
    import_posts(little.jinshui, little.alice, ROWS)
    seen = {}
    for user in (little.alice, little.olivia):
        client.force_login(user)
        seen[user.username] = f"/members/{firm.pk}/" in client.get(PAGE).content.decode()
    assert seen == {"alice": False, "olivia": True}


def test_an_organisation_without_posts_says_how_they_come(little):
    client = Client()
    for user, invited in ((little.alice, True), (little.lin, False)):
        client.force_login(user)
        page = client.get(PAGE)
        assert (page.context["any_day"], page.context["groups"]) == (False, [])
        assert ("kind=posts" in page.content.decode()) is invited


def test_the_page_costs_the_same_however_many_posts_there_are(little, client, django_assert_max_num_queries):
    import_posts(little.jinshui, little.alice, ROWS)
    client.force_login(little.alice)
    with django_assert_max_num_queries(40) as few:
        client.get(PAGE)
    rows = [[f"示例{n}", "执委", "十七届", "2012年6月", "", "示例厂", ""] for n in range(120)]
    import_posts(little.jinshui, little.alice, rows)
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(PAGE).context["groups"][1].lines) == 122
