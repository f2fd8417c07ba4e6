"""A list of organisations and chambers: what it does to the tree, what it asks, and how it is taken back."""

from datetime import date

import pytest

from shanglian.archive.models import LogEntry
from shanglian.directory import actions as directory
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.rights import Role
from shanglian.directory.models import Org, OrgLife, OrgName, OrgPlace
from shanglian.directory.queries import (
    children_on,
    is_alive,
    names_on,
    org_by_code,
    parent_on,
    short_names_on,
    system_user,
    tree_faults,
)
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    commit_batch,
    decide_row,
    preview_batch,
    read_batch,
    receive_file,
    rehearse_files,
    undo_batch,
)
from shanglian.imports.kinds import import_kind
from shanglian.imports.models import Row
from shanglian.structure.models import OrgSource
from tests.factories.members import make_member
from tests.imports.workbooks import csv_bytes, xlsx_bytes
from tests.little_federation import LittleFederation, little_federation
from tests.structure.chamber_lists import LATER, ON, committed, rehearsed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def little(db) -> LittleFederation:
    return little_federation()


def verdicts(batch) -> dict[str, str]:
    """Name as handed in → verdict."""
    return {row.record.get("name", ""): row.verdict for row in batch.rows()}


def row_of(batch, name) -> Row:
    return batch.rows().get(record__name=name)


def facts_of(org):
    """Everything believed now of an organisation and of what stands below it."""
    places = OrgPlace.objects.known_at().filter(path__contains=f"/{org.code}/").values_list("org", "path", "during")
    names = OrgName.objects.known_at().filter(org=org).values_list("name", "short_name", "during")
    lives = OrgLife.objects.known_at().filter(org=org).values_list("during")
    return [sorted(map(str, rows)) for rows in (places, names, lives)]


# New ones ------------------------------------------------------------


def test_chambers_nobody_has_are_founded_with_codes_in_turn(little):
    batch = committed(
        [
            [1, "金水区餐饮商会（示例）", "行业商会", "2011-03-05"],
            [2, "经八路街道商会（示例）", "", "2012年5月"],
            [3, "金水区温州商会（示例）", "异地", ""],
        ],
        org=little.jinshui,
        actor=little.alice,
    )
    made = Org.objects.filter(code__startswith="410105-sh-").exclude(pk=little.textile.pk).order_by("code")

    assert [(org.code, org.kind) for org in made] == [
        ("410105-sh-002", "industry_chamber"),
        ("410105-sh-003", "street_chamber"),
        ("410105-sh-004", "non_local_chamber"),
    ]
    assert [parent_on(org, ON) for org in made] == [little.jinshui] * 3
    assert [is_alive(org, date(2011, 3, 5)) for org in made] == [True, False, False]
    assert [is_alive(org, ON) for org in made] == [True] * 3
    assert set(verdicts(batch).values()) == {"founded"}
    assert [row.verdict_reasons for row in batch.rows()] == [
        [],
        ["kind_guessed", "founded_not_to_the_day"],
        ["founded_missing"],
    ]
    assert tree_faults() == []


def test_every_change_leads_back_to_its_row(little):
    batch = committed([[1, "金水区餐饮商会（示例）", "行业商会", "2011-03-05"]], org=little.jinshui, actor=little.alice)
    made, row = org_by_code("410105-sh-002"), batch.rows().get()
    founded, listed = LogEntry.objects.filter(subject_type="directory.org", subject_id=str(made.pk)).order_by("pk")

    assert OrgSource.objects.values_list("org", "row", "what").get() == (made.pk, row.pk, "founded")
    assert (listed.verb, listed.detail) == ("org.from_list", {"batch": str(batch.pk), "row": row.pk, "what": "founded"})
    assert founded.detail["document"] == batch.files.get().document_id
    assert founded.actor == little.alice


def test_the_dry_run_says_what_the_commit_does_and_leaves_nothing(little):
    rows = [
        [1, "金水区餐饮商会（示例）", "行业商会", "2011-03-05"],
        [2, "金水区纺织商会（示例）", "行业商会", ""],
        [3, "", "行业商会", ""],
        [4, "金水区某某公司（示例）", "", ""],
    ]
    before = Org.objects.count(), OrgSource.objects.count(), LogEntry.objects.filter(verb="org.found").count()
    batch = rehearsed(rows, org=little.jinshui, actor=little.alice)
    said = {row.pk: (row.verdict, row.verdict_reasons, row.finding) for row in batch.rows()}
    assert (Org.objects.count(), OrgSource.objects.count(), LogEntry.objects.filter(verb="org.found").count()) == before

    booking = commit_batch(batch=batch, actor=little.alice)
    assert {row.pk: (row.verdict, row.verdict_reasons, row.finding) for row in batch.rows()} == said
    assert booking.counts == {"founded": 1, "already_booked": 1, "reject": 1}


def test_the_same_list_again_changes_nothing(little):
    rows = [[1, "金水区餐饮商会（示例）", "行业商会", "2011-03-05"], [2, "经八路街道商会（示例）", "街道商会", ""]]
    committed(rows, org=little.jinshui, actor=little.alice)
    again = committed(rows, org=little.jinshui, actor=little.alice, on=LATER)

    assert set(verdicts(again).values()) == {"already_booked"}
    assert Org.objects.filter(code__startswith="410105-sh-").count() == 3


def test_a_parent_may_stand_further_down_in_the_same_list(little):
    headings = ["名称", "类别", "上级组织"]
    rows = [
        ["某某村商会（示例）", "村商会", "某某镇商会（示例）"],
        ["某某镇商会（示例）", "乡镇商会", "金水区工商联"],
        ["某某大厦商会（示例）", "楼宇", "没有的商会（示例）"],
    ]
    batch = committed(rows, org=little.zhengzhou, actor=little.adam, headings=headings)
    town, village = org_by_code("410105-sh-002"), org_by_code("410105-sh-003")

    assert names_on([town.pk, village.pk], ON) == {town.pk: "某某镇商会（示例）", village.pk: "某某村商会（示例）"}
    assert (parent_on(town, ON), parent_on(village, ON)) == (little.jinshui, town)
    assert row_of(batch, "某某大厦商会（示例）").verdict_reasons == ["parent_unknown"]


@pytest.mark.parametrize(
    "stated", ["410105", "金水区", "郑州市金水区工商业联合会", "金水区工商联", "郑州市金水区总商会"]
)
def test_a_parent_is_known_by_code_name_short_name_and_area(little, stated):
    headings = ["名称", "类别", "所属工商联"]
    committed([["示例餐饮商会", "行业商会", stated]], org=little.zhengzhou, actor=little.adam, headings=headings)
    assert parent_on(org_by_code("410105-sh-002"), ON) == little.jinshui


def test_a_sheet_per_county_says_under_whom_its_rows_stand(little):
    table = [["名称", "类别"], ["示例餐饮商会", "行业商会"]]
    content = xlsx_bytes({"金水区": table, "二七区": table})
    batch = receive_file(
        org=little.zhengzhou,
        kind="organisations",
        files=[IncomingFile("名录.xlsx", content)],
        on=ON,
        actor=little.adam,
    )
    commit_batch(batch=read_batch(batch=batch, actor=little.adam), actor=little.adam)

    assert parent_on(org_by_code("410105-sh-002"), ON) == little.jinshui
    assert parent_on(org_by_code("410103-sh-001"), ON) == little.erqi


# Changes ------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (["组织代码", "名称"], ["410105-sh-001", "金水区纺织服装商会（示例）"]),
        (["名称", "曾用名"], ["金水区纺织服装商会（示例）", "金水区纺织商会（示例）"]),
    ],
)
def test_another_name_is_shown_and_entered_from_the_day_of_the_list(little, headings, row):
    batch = committed([row], org=little.jinshui, actor=little.alice, headings=headings)
    (one,) = batch.rows()

    assert (one.verdict, one.finding["changes"]) == (
        "renamed",
        [
            {"field": "name", "old": "金水区纺织商会（示例）", "new": "金水区纺织服装商会（示例）"},
            {"field": "short_name", "old": "纺织商会", "new": ""},
        ],
    )
    assert names_on([little.textile.pk], date(2014, 12, 30))[little.textile.pk] == "金水区纺织商会（示例）"
    assert names_on([little.textile.pk], ON)[little.textile.pk] == "金水区纺织服装商会（示例）"


def test_another_parent_moves_it_and_a_short_name_is_kept(little):
    headings = ["组织代码", "名称", "简称", "隶属"]
    row = ["410105-sh-001", "金水区纺织商会（示例）", "金水纺织", "二七区"]
    batch = committed([row], org=little.zhengzhou, actor=little.adam, headings=headings)

    assert (batch.rows().get().verdict, parent_on(little.textile, ON)) == ("moved", little.erqi)
    assert parent_on(little.textile, date(2014, 12, 30)) == little.jinshui
    assert short_names_on([little.textile.pk], ON)[little.textile.pk] == "金水纺织"


@pytest.mark.parametrize(
    ("headings", "said", "last"),
    [
        (["名称", "撤销日期"], ["金水区纺织商会（示例）", "2014-06-30"], date(2014, 6, 29)),
        (["名称", "状态"], ["金水区纺织商会（示例）", "已注销"], date(2014, 12, 30)),
        (["名称", "备注"], ["金水区纺织商会（示例）（已撤销）", ""], date(2014, 12, 30)),
    ],
)
def test_what_ended_is_closed(little, headings, said, last):
    batch = committed([said], org=little.jinshui, actor=little.alice, headings=headings)

    assert batch.rows().get().verdict == "closed"
    assert is_alive(little.textile, last)
    assert not is_alive(little.textile, date.fromordinal(last.toordinal() + 1))


def test_what_still_has_members_is_not_closed_and_the_row_says_how_many(little):
    make_member(little.textile, date(2012, 1, 1), little.officer)
    make_member(little.textile, date(2013, 1, 1), little.officer)
    headings = ["名称", "状态"]
    batch = committed([["金水区纺织商会（示例）", "已注销"]], org=little.jinshui, actor=little.alice, headings=headings)
    row = batch.rows().get()

    assert (row.verdict, row.verdict_reasons) == ("reject", ["tree_has_members"])
    assert "2" in row.finding["before"]["tree_has_members"]
    assert "410105-sh-001" in row.finding["before"]["tree_has_members"]
    assert is_alive(little.textile, LATER)


def test_an_organisation_and_what_stands_below_it_end_by_one_list(little):
    headings = ["名称", "类别", "上级组织", "状态"]
    rows = [["示例镇商会", "乡镇商会", "", ""], ["示例村商会", "村商会", "示例镇商会", ""]]
    committed(rows, org=little.jinshui, actor=little.adam, headings=headings)
    ended = committed(
        [[*row[:3], "已撤销"] for row in rows], org=little.jinshui, actor=little.adam, headings=headings, on=LATER
    )
    assert verdicts(ended) == {"示例镇商会": "closed", "示例村商会": "closed"}


def test_what_the_tree_does_not_take_is_only_remarked(little):
    headings = ["名称", "类别", "成立日期", "曾用名"]
    rows = [["金水区纺织商会（示例）", "街道商会", "2001-02-03", ""]]
    row = rehearsed(rows, org=little.jinshui, actor=little.alice, headings=headings).rows().get()

    assert (row.verdict, row.verdict_reasons) == ("already_booked", ["kind_differs"])
    assert list(row.finding["before"]) == ["kind_differs"]


def test_what_cannot_be_entered_says_why(little):
    headings = ["名称", "类别", "上级组织", "状态"]
    rows = [
        ["示例不明机构", "", "", ""],
        ["示例早已注销商会", "行业商会", "", "已注销"],
        ["示例县工商联", "县级工商联", "金水区纺织商会（示例）", ""],
    ]
    batch = rehearsed(rows, org=little.zhengzhou, actor=little.adam, headings=headings)

    assert {row.record["name"]: row.verdict_reasons for row in batch.rows()} == {
        "示例不明机构": ["kind_missing"],
        "示例早已注销商会": ["closed_and_unknown"],
        "示例县工商联": ["tree_kind_not_allowed"],
    }
    assert set(verdicts(batch).values()) == {"reject"}


# Doubts ------------------------------------------------------------


def nearly(little, **terms):
    return rehearsed([[1, "郑州市金水区纺织商会", "行业商会", ""]], org=little.jinshui, actor=little.alice, **terms)


def test_a_name_that_nearly_agrees_is_asked_about(little):
    row = nearly(little).rows().get()
    assert (row.verdict, row.verdict_reasons) == ("doubtful", ["nearly_this_name"])
    assert row.finding == {
        "candidates": [{"target": little.textile.pk, "reasons": ["near_name"]}],
        "choices": ["same", "different", "skip"],
    }


@pytest.mark.parametrize(
    ("choice", "verdict", "founded"),
    [("same", "already_booked", 0), ("different", "founded", 1), ("skip", "left_out", 0)],
)
def test_a_word_about_a_doubt_is_what_the_commit_does(little, choice, verdict, founded):
    batch = nearly(little)
    target = little.textile.pk if choice == "same" else None
    decide_row(row=batch.rows().get(), choice=choice, target=target, actor=little.alice)
    batch = preview_batch(batch=batch, actor=little.alice)
    commit_batch(batch=batch, actor=little.alice)

    assert batch.rows().get().verdict == verdict
    assert Org.objects.filter(code="410105-sh-002").count() == founded


def test_the_same_trade_in_another_county_is_no_doubt(little):
    headings = ["名称", "类别", "隶属"]
    rows = [["二七区纺织商会（示例）", "行业商会", "二七区"]]
    assert verdicts(rehearsed(rows, org=little.zhengzhou, actor=little.adam, headings=headings)) == {
        "二七区纺织商会（示例）": "founded"
    }


def test_a_name_several_have_is_asked_about(little):
    for code, parent in (("410105-sh-007", little.jinshui), ("410103-sh-007", little.erqi)):
        directory.found_org(
            code=code, kind=OrgKind.INDUSTRY_CHAMBER, name="示例家具商会", parent=parent, on=ON, actor=little.adam
        )
    row = rehearsed([[1, "示例家具商会", "", ""]], org=little.zhengzhou, actor=little.adam).rows().get()
    assert (row.verdict, row.verdict_reasons) == ("doubtful", ["several_of_this_name"])
    assert len(row.finding["candidates"]) == 2

    stated = rehearsed([["示例家具商会", "二七区"]], org=little.zhengzhou, actor=little.adam, headings=["名称", "隶属"])
    assert stated.rows().get().verdict == "already_booked"


def test_one_that_existed_on_other_days_is_asked_about(little):
    directory.close_org(little.textile, on=date(2010, 1, 1), actor=little.adam)
    row = rehearsed([[1, "金水区纺织商会（示例）", "", ""]], org=little.jinshui, actor=little.alice).rows().get()
    assert (row.verdict, row.verdict_reasons) == ("doubtful", ["exists_on_other_days"])
    assert row.finding["choices"] == ["different", "skip"]


def test_two_rows_for_one_organisation_are_one(little):
    headings = ["组织代码", "名称"]
    rows = [["410105-sh-001", "金水区纺织商会（示例）"], ["", "纺织商会"]]
    batch = rehearsed(rows, org=little.jinshui, actor=little.alice, headings=headings)
    assert [(row.verdict, row.verdict_reasons) for row in batch.rows()] == [
        ("already_booked", []),
        ("duplicate", ["second_row_of_one_org"]),
    ]


# Rights ------------------------------------------------------------


def test_a_city_officer_changes_what_stands_directly_below_the_city_only(little):
    headings = ["名称", "类别", "隶属", "状态"]
    rows = [
        ["示例餐饮商会", "行业商会", "金水区", ""],
        ["郑州市家具商会（示例）", "行业商会", "", ""],
        ["金水区纺织商会（示例）", "", "金水区", "已注销"],
    ]
    mine = rehearsed(rows, org=little.zhengzhou, actor=little.olivia, headings=headings)
    assert [(row.verdict, row.verdict_reasons) for row in mine.rows()] == [
        ("reject", ["not_yours"]),
        ("founded", ["founded_missing"]),
        ("already_booked", ["not_yours"]),
    ]
    assert set(verdicts(rehearsed(rows, org=little.zhengzhou, actor=little.adam, headings=headings)).values()) == {
        "founded",
        "closed",
    }


def test_a_list_never_changes_the_organisation_it_is_handed_in_for(little):
    headings = ["组织代码", "名称"]
    batch = committed([["410105", "金水区新名（示例）"]], org=little.jinshui, actor=little.alice, headings=headings)
    assert (batch.rows().get().verdict, batch.rows().get().verdict_reasons) == ("already_booked", ["not_yours"])
    assert names_on([little.jinshui.pk], ON)[little.jinshui.pk] == "郑州市金水区工商业联合会"


# Taking back ------------------------------------------------------------


def test_taking_a_list_back_leaves_the_tree_as_it_was(little):
    street = directory.found_org(
        code="410105-sh-005", kind=OrgKind.STREET_CHAMBER, name="示例街道商会", parent=little.jinshui, on=ON,
        actor=little.adam,
    )  # fmt: skip
    before = [facts_of(org) for org in (little.jinshui, little.erqi, street)]
    headings = ["组织代码", "名称", "类别", "上级组织", "状态"]
    rows = [
        ["410105-sh-001", "金水区纺织服装商会（示例）", "", "二七区", ""],
        ["", "示例镇商会", "乡镇商会", "金水区", ""],
        ["", "示例村商会", "村商会", "示例镇商会", ""],
        ["410105-sh-005", "示例街道商会", "", "", "已撤销"],
    ]
    batch = committed(rows, org=little.zhengzhou, actor=little.adam, headings=headings, on=LATER)
    assert list(verdicts(batch).values()) == ["moved", "founded", "founded", "closed"]
    assert import_kind("organisations").blockers(batch) == []

    assert undo_batch(batch=batch, actor=little.adam) == 5
    assert [facts_of(org) for org in (little.jinshui, little.erqi, street)] == before
    assert tree_faults() == []
    assert Org.objects.filter(code="410105-sh-006").exists(), "a code is never used again"

    again = committed(rows, org=little.zhengzhou, actor=little.adam, headings=headings, on=LATER)
    assert list(verdicts(again).values()) == ["moved", "founded", "founded", "closed"]
    assert children_on(little.erqi, LATER) == [little.textile]


def test_what_others_refer_to_is_not_taken_back_and_the_sentences_say_so(little):
    batch = committed([[1, "示例餐饮商会", "行业商会", ""]], org=little.jinshui, actor=little.alice)
    made = org_by_code("410105-sh-002")
    make_member(made, LATER, little.officer)
    directory.appoint(little.nobody, org=made, role=Role.SECRETARY, on=LATER, actor=little.adam)

    with pytest.raises(ImportRefused) as caught:
        undo_batch(batch=batch, actor=little.alice)
    assert caught.value.code == "blocked"
    assert len(caught.value.detail.splitlines()) == 2
    assert all("示例餐饮商会" in line for line in caught.value.detail.splitlines())
    assert is_alive(made, LATER)


def test_what_was_changed_again_is_not_taken_back(little):
    headings = ["名称", "曾用名"]
    batch = committed(
        [["金水区纺织服装商会（示例）", "金水区纺织商会（示例）"]],
        org=little.jinshui,
        actor=little.alice,
        headings=headings,
    )
    directory.rename_org(little.textile, name="金水区新名商会（示例）", on=LATER, actor=little.adam)

    (sentence,) = import_kind("organisations").blockers(batch)
    assert "410105-sh-001" in sentence
    assert names_on([little.textile.pk], LATER)[little.textile.pk] == "金水区新名商会（示例）"


# Commands and the machine ------------------------------------------------------------


def test_a_command_reaches_everywhere_below_the_organisation(little):
    files = [IncomingFile("名录.csv", csv_bytes([["名称", "类别", "隶属"], ["示例餐饮商会", "行业商会", "金水区"]]))]
    done = rehearse_files(org=little.zhengzhou, kind="organisations", files=files, on=ON, actor=system_user())
    assert (done.booking.counts, Org.objects.filter(code="410105-sh-002").exists()) == ({"founded": 1}, False)
