"""The member list: found by four ways, narrowed, sorted, in chosen columns, kept as views, taken away in part."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from shanglian.archive.models import LogEntry
from shanglian.common.pinyin import sort_key
from shanglian.members.actions.booking import take_stamp
from shanglian.members.actions.memberships import admit, end_membership, profile_of
from shanglian.members.actions.particulars import NewFact, enter_facts
from shanglian.members.actions.saved_views import MOST, save_view
from shanglian.members.columns import CHOICES
from shanglian.members.core.particulars import Field
from shanglian.members.listing import listing
from shanglian.members.models import Identifier, Membership, SavedView, Span
from shanglian.members.particulars import as_kept
from shanglian.members.queries import rows
from shanglian.members.search import walked
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity, make_member
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation

DAY = date(2014, 3, 1)


@pytest.fixture
def federation(db: None) -> LittleFederation:
    return little_federation()


def member(
    federation: LittleFederation, name: str, *, org: str = "jinshui", on: date = DAY, **words: Any
) -> Membership:
    profile = {key: words.pop(key) for key in ("section",) if key in words}
    return make_member(getattr(federation, org), on, federation.olivia, entity=make_entity(name, **words), **profile)


def reader(federation: LittleFederation, who: str = "olivia") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(getattr(federation, who))
    return client


def names(answer: Any) -> list[str]:
    return [line.name for line in answer.context["rows"]]


def listed(federation: LittleFederation, **query: Any) -> list[str]:
    return names(reader(federation).get("/members/", query))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zzyt", ["郑州云图示例公司"]),
        ("ZZ", ["郑州云图示例公司"]),
        ("ytsl", []),  # initials count from the beginning
        ("示例甲", ["开封示例商行"]),  # a legal representative
        ("示例甲乙", []),
        ("91410105yy", ["开封示例商行"]),
    ],
)
def test_a_member_is_found_by_initials_representative_and_number(federation, typed, found):
    member(federation, "郑州云图示例公司")
    firm = member(federation, "开封示例商行", legal_rep="示例甲").entity
    Identifier.objects.create(entity=firm, scheme="uscc", value="91410105YY0000018K")
    assert listed(federation, q=typed) == found
    assert list(firm.spans.model.objects.filter(walked(typed)).values_list("entity__name", flat=True)) == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "initials"),
    [("郑州云图", "zzyt"), ("示例 Tea　（甲）", "sltea（j）"), (" 甲\t乙", "jy"), ("", "")],
)
def test_initials_are_the_first_letters_of_the_syllables_and_any_other_sign(name, initials):
    assert rows("SELECT initials(%(key)s)", {"key": sort_key(name)}) == [(initials,)]


def test_of_a_common_word_the_first_are_shown_in_order_and_the_count_says_more(federation, monkeypatch):
    monkeypatch.setattr("shanglian.members.listing.CAP", 2)
    for sign in "丙甲乙":
        member(federation, f"{sign}示例公司")
    answer = reader(federation).get("/members/", {"q": "示例"})
    assert names(answer) == ["丙示例公司", "甲示例公司"]  # bing, jia
    assert 'more than <b class="num">2</b> found' in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["甲示例公司", "乙示例公司"]),  # jia, yi
        ({"sort": "-name"}, ["乙示例公司", "甲示例公司"]),
        ({"sort": "-since"}, ["乙示例公司", "甲示例公司"]),
        ({"sort": "org"}, ["乙示例公司", "甲示例公司"]),
        ({"section": "C"}, ["甲示例公司"]),
        ({"missing": "on"}, ["乙示例公司"]),
        ({"state": "joined", "since": "2015-01-01", "until": "2015-12-31"}, ["乙示例公司"]),
        ({"state": "left", "since": "2015-01-01", "until": "2016-06-30"}, ["丙示例公司"]),
        ({"state": "left", "since": "2016-01-01", "until": "2016-06-30"}, []),
        ({"q": "示例", "org": "410103"}, ["乙示例公司"]),
    ],
)  # fmt: skip
def test_conditions_and_orders(federation, query, found):
    number = member(federation, "甲示例公司", section="C").entity
    Identifier.objects.create(entity=number, scheme="uscc", value="91410105YY0000018K")
    member(federation, "乙示例公司", org="erqi", on=date(2015, 3, 1))
    left = member(federation, "丙示例公司")
    end_membership(membership=left, on=date(2015, 12, 31), reason="注销", actor=federation.olivia)
    assert listed(federation, on="2016-06-30", **query) == found


# how many rows are sorted without further thought, and whether most of the register is asked for
WAYS = {"sorted": (10_000, True), "along all names": (0, True), "the first of each organisation": (0, False)}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "丙丁己甲戊乙"),  # bing, ding, ji, jia, wu, yi
        ("sort=-name", "乙戊甲己丁丙"),
        ("category=group", "丁己甲"),
        ("q=示例", "丙丁己甲"),  # a common word: the first of them
        ("on=2014-04-01", "丙丁甲乙"),
    ],
)
def test_pages_are_the_same_whichever_way_they_are_found(federation, monkeypatch, way, query, found):
    counted, most = WAYS[way]
    monkeypatch.setattr("shanglian.members.listing.COUNTED", counted)
    monkeypatch.setattr("shanglian.members.listing.Listing._is_most", lambda *_asked: most)
    monkeypatch.setattr("shanglian.members.listing.CAP", 4 if "q=" in query else 1_000)
    for n, sign in enumerate("丙甲乙丁戊己"):
        org, kind = ("jinshui", "erqi", "zhengzhou")[n % 3], "association" if sign in "丁己甲" else "enterprise"
        member(federation, f"{sign}示例公司", org=org, kind=kind, on=date(2014, 1 + n, 1))
    asked = listing(QueryDict(query), [federation.zhengzhou.pk, federation.jinshui.pk, federation.erqi.pk])
    pages = [asked.page(number, 2).spans for number in range(1, 1 + (len(found) + 1) // 2)]
    assert "".join(span.entity.name[0] for page in pages for span in page) == found


def test_a_renamed_member_stands_under_its_new_name(federation):
    firm = member(federation, "甲示例公司").entity
    member(federation, "丙示例公司")
    with transaction.atomic():
        fact = NewFact(firm.pk, Field.NAME, as_kept(Field.NAME, "安示例公司"), date(2015, 1, 1))
        enter_facts(take_stamp(), [fact], actor=federation.olivia)
    assert listed(federation) == ["安示例公司", "丙示例公司"]
    assert [check.name for check in verify_register() if not check.ok] == []


def test_a_span_that_does_not_stand_by_its_name_is_found(federation, as_owner):
    member(federation, "甲示例公司")
    with as_owner():
        Span.objects.update(sort_key="zz")
    assert [check.name for check in verify_register() if not check.ok] == [
        "spans stand in lists by the name of their entity"
    ]


def test_a_membership_that_goes_on_otherwise_neither_joined_nor_ended(federation):
    entity = make_entity("甲示例公司")
    first = make_member(federation.jinshui, DAY, federation.olivia, entity=entity)
    end_membership(membership=first, on=date(2014, 6, 30), reason="误", actor=federation.olivia)
    admit(
        entity=entity, org=federation.jinshui, category="enterprise", profile=profile_of(), on=date(2014, 9, 1),
        actor=federation.olivia,
    )  # fmt: skip
    period = {"since": "2014-01-01", "until": "2014-12-31"}
    assert listed(federation, on="2014-12-31", state="joined", **period) == ["甲示例公司"] * 2
    assert listed(federation, on="2014-12-31", state="left", **period) == ["甲示例公司"]


def test_every_condition_is_a_chip_that_can_be_dropped_alone(federation):
    page = reader(federation).get("/members/", {"category": "group", "state": "left", "since": "2014-01-01"})
    assert [(key, value) for key, _label, value in page.context["chips"]] == [
        ("category", "Group member"),
        ("state", "Ended in the period"),
    ]
    assert 'href="?state=left&amp;since=2014-01-01"' in page.content.decode()
    assert 'href="?category=group"' in page.content.decode()


def test_every_column_says_what_is_known_of_the_member(federation):
    member(federation, "甲示例公司", legal_rep="示例甲", section="C")
    page = reader(federation).get("/members/", {"cols": list(CHOICES)}).content.decode()
    cells = re.findall(r'<td class="[^"]*" data-l="([^"]*)">(.*?)</td>', page)
    assert [(heading, re.sub(r"<[^>]+>", "", text)) for heading, text in cells] == [
        ("Organisation", "郑州市金水区工商业联合会"),
        ("Category", "Enterprise member"),
        ("Industry", "C 制造业"),
        ("Kind of group member", "—"),
        ("County of business", "—"),
        ("Legal representative", "示例甲"),
        ("On the register since", DAY.isoformat()),
        ("Until", "—"),
        ("Membership", "Home"),
    ]


def test_columns_are_chosen_and_remembered(federation):
    member(federation, "甲示例公司", legal_rep="示例甲")
    client = reader(federation)
    assert "示例甲" not in client.get("/members/").content.decode()
    client.get("/members/", {"cols": ["legal_rep", "nonsense"]})
    answer = client.get("/members/")
    headings = [key for key, *_rest in answer.context["columns"]]
    assert (headings, "示例甲" in answer.content.decode()) == (["name", "legal_rep"], True)


def test_a_page_beyond_the_last_is_the_last_and_sizes_are_chosen(federation):
    for number in range(30):
        member(federation, f"示例{number:02}公司")
    answer = reader(federation).get("/members/", {"page": "9"})
    assert (len(names(answer)), answer.context["page"].number) == (5, 2)
    assert len(listed(federation, per="50")) == 30


# Views ------------------------------------------------------------


def test_a_view_is_kept_with_its_conditions_shown_as_a_tab_renamed_and_dropped(federation):
    client = reader(federation)
    kept = client.post("/members/views/", {"name": "团体", "query": "page=3&org=410105&category=group&nonsense=1&q="})
    assert kept.headers["Location"] == "/members/?category=group"
    page = client.get("/members/?org=410103&category=group")
    assert ("团体", "/members/?category=group&org=410103", True) in page.context["tabs"]
    view = SavedView.objects.get()
    client.post(f"/members/views/{view.pk}/", {"name": "商会"})
    assert [name for name, *_ in client.get("/members/").context["tabs"]][-1] == "商会"
    client.post(f"/members/views/{view.pk}/", {"drop": ""})
    assert not SavedView.objects.exists()
    assert list(LogEntry.objects.filter(verb__endswith="_view").order_by("at").values_list("verb", flat=True)) == [
        "members.save_view",
        "members.rename_view",
        "members.drop_view",
    ]


def test_a_view_is_its_owners_alone(federation):
    view = save_view(name="团体", query="category=group", actor=federation.olivia)
    assert "团体" not in reader(federation, "alice").get("/members/").content.decode()
    assert reader(federation, "alice").post(f"/members/views/{view.pk}/", {"name": "x"}).status_code == 404
    assert_guarded(
        "/members/views/", allowed=federation.alice, forbidden=None, elsewhere=federation.nobody, method="post", ok=302
    )


def test_views_have_a_limit_and_names_replace_each_other(federation):
    for number in range(MOST):
        save_view(name=str(number), query="", actor=federation.olivia)
    client = reader(federation)
    answer = client.post("/members/views/", {"name": "one more", "query": "category=group"}, follow=True)
    assert "You have 20 views; drop one first." in answer.content.decode()
    client.post("/members/views/", {"name": "7", "query": "category=group"})
    assert SavedView.objects.get(name="7").query == "category=group"


def test_tabs_say_how_many_stand_behind_them(federation, monkeypatch):
    for sign in "甲乙丙":
        member(federation, f"{sign}示例公司")
    member(federation, "丁示例公司", org="erqi", on=timezone.localdate())
    save_view(name="团体", query="category=group", actor=federation.olivia)
    save_view(name="示例", query="q=示例", actor=federation.olivia)
    client = reader(federation)

    def counts(query: str = "") -> list[tuple[int, int, bool]]:
        return client.get(f"/members/tabs/{query}").context["lines"]

    everyone = [(0, 4, False), (1, 1, False), (2, 0, False), (3, 4, False)]  # own views stand in the order of names
    assert counts() == [*everyone, (4, 0, False), (5, 4, False)]
    assert counts("?open=0") == counts()[1:]
    assert counts("?org=410103")[:2] == [(0, 1, False), (1, 1, False)]
    monkeypatch.setattr("shanglian.members.tabs.CAP", 2)
    assert counts()[3] == (3, 2, True)
    monkeypatch.setattr("shanglian.members.tabs.LARGE", 3)  # what no index answers is not counted
    assert [place for place, *_rest in counts()] == [0, 1, 2, 4]
    assert 'id="tab-1"' in client.get("/members/").content.decode()
    assert_guarded("/members/tabs/", allowed=federation.alice, forbidden=None, elsewhere=None)


# A selection ------------------------------------------------------------


def test_only_the_ticked_rows_are_taken_away(federation):
    first = member(federation, "甲示例公司").entity_id
    member(federation, "乙示例公司")
    client = reader(federation)
    asked = client.get("/members/export/", {"pick": [str(first)], "on": "2015-12-31"}).content.decode()
    assert "1 row will be exported." in asked
    assert f'name="pick" value="{first}"' in asked
    form = {"pick": [str(first)], "on": "2015-12-31", "reason": "核对", "format": "csv"}
    content = b"".join(client.post("/members/export/", form).streaming_content).decode("utf-8-sig")
    assert ("甲示例公司" in content, "乙示例公司" in content) == (True, False)
    assert LogEntry.objects.get(verb="members.export").detail["picked"] == 1
