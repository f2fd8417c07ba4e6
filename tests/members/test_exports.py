"""The member list as a file: who may take it, what it holds, and that importing it again changes nothing."""

import csv
import os
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shanglian.archive.models import LogEntry
from shanglian.common.core.codes import org_code_check_sign
from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.directory.models import User
from shanglian.imports.actions import IncomingFile, commit_batch, preview_batch, read_batch, receive_file
from shanglian.imports.core.columns import Setting
from shanglian.members.actions.booking import take_stamp
from shanglian.members.actions.memberships import admit, profile_of, reclassify
from shanglian.members.actions.particulars import NewFact, enter_facts
from shanglian.members.core.kinds import Category
from shanglian.members.core.particulars import Field
from shanglian.members.core.roster import SECTIONS, clean_name
from shanglian.members.exports import headings, members_of, write_csv, write_workbook
from shanglian.members.listing import listing
from shanglian.members.models import Entity, Identifier, Movement, Particular, Span
from shanglian.members.particulars import as_kept
from shanglian.members.reading import group_kinds_listed
from tests.factories.members import make_entity, make_member
from tests.guards import assert_guarded
from tests.little_federation import LittleFederation, little_federation
from tests.sample_codes import uscc

DAY = date(2014, 3, 1)
LATER = date(2015, 6, 30)
EXAMPLES = int(os.environ.get("SHANGLIAN_EXAMPLES", "40")) // 2


@pytest.fixture
def federation(db: None, settings: Any, tmp_path: Any) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def taken(user: User, **asked: str) -> bytes:
    response = signed_in(user).post("/members/export/", {"reason": "年度核对", "format": "xlsx"} | asked)
    return b"".join(response.streaming_content)


def table(content: bytes) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_name(book.sheet_names[0]).to_python()


def firm(federation: LittleFederation, name: str = "甲示例公司", org: str = "jinshui", **fields: Any) -> Entity:
    entity = make_entity(name, **fields)
    make_member(getattr(federation, org), DAY, federation.olivia, entity=entity, section="C")
    return entity


# Who may have it ------------------------------------------------------------


def test_the_form_is_for_those_who_keep_a_register(federation):
    assert_guarded("/members/export/", allowed=federation.alice, forbidden=federation.lin, elsewhere=None)
    assert_guarded(
        "/members/export/?org=410105", allowed=federation.olivia, forbidden=federation.sam, elsewhere=federation.bob
    )


@pytest.mark.parametrize(("who", "there"), [("alice", True), ("olivia", True), ("lin", False)])
def test_only_they_see_the_button_and_it_follows_the_filters(federation, who, there):
    firm(federation)
    as_htmx = {"HX-Request": "true", "HX-Target": "results"}  # what is swapped in when a filter changes
    for headers in ({}, as_htmx):
        answer = signed_in(getattr(federation, who)).get("/members/?category=enterprise&page=2", headers=headers)
        assert ("/members/export/?category=enterprise" in answer.content.decode()) is there


def test_without_a_reason_nothing_is_handed_over(federation):
    firm(federation)
    answer = signed_in(federation.alice).post("/members/export/", {"reason": " ", "format": "xlsx", "org": "410105"})

    assert answer.status_code == 422
    assert "甲示例公司" not in answer.content.decode()
    assert 'name="org" value="410105"' in answer.content.decode()
    assert not LogEntry.objects.filter(verb="members.export").exists()


def test_the_log_keeps_who_took_what_and_why_but_no_name_searched_for(federation):
    firm(federation)
    taken(federation.alice, org="410105", q="甲示例", on="2014-12-31")

    entry = LogEntry.objects.get(verb="members.export")
    assert (entry.actor_id, entry.org) == (federation.alice.pk, "410105")
    assert entry.detail == {
        "members": 1, "format": "xlsx", "reason": "年度核对", "on": "2014-12-31", "filters": ["q"],
    }  # fmt: skip


# What it holds ------------------------------------------------------------


def test_a_member_stands_in_the_headings_of_a_roster(federation):
    entity = firm(federation, legal_rep="示例甲", phones=["037163950001", "17000000001"], address="=路1号")
    Identifier.objects.create(entity=entity, scheme="uscc", value=uscc(1))
    Identifier.objects.create(entity=entity, scheme="reg_no", value="00123", state="unchecked")

    head, row = table(taken(federation.alice))
    assert dict(zip(head, row, strict=True)) == {
        "序号": "1",
        "企业名称": "甲示例公司",
        "统一社会信用代码": uscc(1),
        "注册号": "",
        "组织机构代码": "",
        "会员类型": "企业会员",
        "入会组织": "郑州市金水区工商业联合会",
        "主会籍": "是",
        "在册起始": "2014-03-01",
        "所属县区": "",
        "行业门类": "C 制造业",
        "登记注册类型": "",
        "团体会员类型": "",
        "法定代表人": "示例甲",
        "联系电话": "037163950001、17000000001",
        "注册地址": "=路1号",
        "成立日期": "",
        "其他证照": "00123",
    }


def test_the_filters_of_the_list_hold_and_so_do_the_rights(federation):
    firm(federation)
    firm(federation, "乙示例公司", "erqi")
    firm(federation, "丙示例公司", "textile")

    def names(user: User, **asked: str) -> list[object]:
        return [row[1] for row in table(taken(user, **asked))[1:]]

    assert names(federation.olivia) == ["丙示例公司", "甲示例公司", "乙示例公司"]
    assert names(federation.olivia, org="410105") == ["丙示例公司", "甲示例公司"]
    assert names(federation.olivia, q="甲示例") == ["甲示例公司"]
    assert names(federation.olivia, on="2014-02-28") == []
    assert names(federation.bob) == ["乙示例公司"]
    assert signed_in(federation.bob).post("/members/export/", {"org": "410105"}).status_code == 404


def test_a_csv_has_its_mark_and_nothing_a_spreadsheet_would_run(federation):
    firm(federation, "甲示例公司", address="=cmd()", legal_rep="@某")

    content = taken(federation.alice, format="csv")
    assert content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    found = dict(zip(head, row, strict=True))
    assert (found["注册地址"], found["法定代表人"], found["企业名称"]) == ("'=cmd()", "'@某", "甲示例公司")


def test_since_is_the_day_of_the_membership_however_it_was_counted_later(federation):
    firm(federation)
    (span,) = Span.objects.all()
    reclassify(membership=span.membership, category=Category.GROUP, on=LATER, actor=federation.alice)

    head, row = table(taken(federation.alice))
    assert dict(zip(head, row, strict=True))["在册起始"] == "2014-03-01"
    assert "2014-03-01" in signed_in(federation.alice).get("/members/").content.decode()


def test_a_list_of_any_length_is_one_query(federation, django_assert_num_queries):
    for n in range(12):
        Identifier.objects.create(entity=firm(federation, f"示例{n}公司"), scheme="uscc", value=uscc(n))
    orgs = [federation.jinshui.pk]

    with django_assert_num_queries(2):  # the names of the organisations, the members
        assert len(list(members_of(listing(QueryDict(), orgs)))) == 12


# There and back ------------------------------------------------------------


def org_code(number: int) -> str:
    body = f"{number:08d}"
    return body + org_code_check_sign(body)


def numbers_of(kind: str, n: int) -> list[tuple[str, str]]:
    """Every shape in which a register holds numbers; "" for none."""
    return {
        "": [],
        "uscc": [("uscc", uscc(n))],
        "org_code": [("org_code", org_code(n))],
        "other": [("other", f"豫A{n:05d}号")],
        "old": [("other", f"豫B{n:05d}号"), ("org_code", org_code(500_000 + n))],
    }[kind]


ODD = list("会员（）()【】[]〔〕“”'\"《》、,;·&+-=@#*★合计备注:：０１ＡＢab 12　\t原名/\\%{}<>|~^$_x")


def as_read(text: str) -> str:
    """The name as a roster would have brought it into the register."""
    return str(clean_name(text, Setting(LATER, False, ""))[0].get("name", ""))


odd_names = st.tuples(
    st.text(st.sampled_from(ODD), max_size=5),
    st.text(st.sampled_from("甲乙丙丁"), min_size=2, max_size=4),
    st.sampled_from(["示例公司", "示例商会", "示例经营部"]),
    st.text(st.sampled_from(ODD), max_size=5),
).map(lambda parts: as_read("".join(parts)))
firms = st.lists(
    st.tuples(
        odd_names.filter(lambda name: "示例" in name and as_read(name) == name),
        st.sampled_from(["", "uscc", "uscc", "org_code", "other", "old"]),
        st.sampled_from(list(Category)),
        st.sampled_from(["", *SECTIONS]),
        st.sampled_from(["", "410105", "410103"]),
        st.sampled_from(["", "示例甲", "=示例", "欧阳·示例"]),
        st.sampled_from([[], ["17000000001"], ["037163950001", "17000000002"]]),
        st.sampled_from(["", *group_kinds_listed().names]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda firm: name_key(firm[0]),
)


VALUES: dict[Field, Any] = {
    Field.LEGAL_REP: "示例丁",
    Field.PHONES: ["17000000009"],
    Field.ADDRESS: "示例路9号",
    Field.FOUNDED_ON: "2009-09-09",
}
changed = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(list(Field)),
        st.sampled_from([DAY, date(2015, 1, 1), LATER, date(2016, 1, 1)]),
    ),
    max_size=6,
)


def change(federation: LittleFederation, steps: list[tuple[int, Field, date]]) -> None:
    """Facts about some of the members: before the day of the list, on it, after it."""
    entities = list(Entity.objects.order_by("id"))
    for n, (which, field, since) in enumerate(steps):
        entity = entities[which % len(entities)]
        value = as_kept(field, f"更名示例{n}公司") if field == Field.NAME else VALUES[field]
        enter_facts(take_stamp(), [NewFact(entity.pk, field, value, since)], actor=federation.alice)


def enter(federation: LittleFederation, found: list[tuple[Any, ...]]) -> None:
    for n, (name, numbers, category, section, county, legal_rep, phones, group_kind) in enumerate(found, 1):
        entity = Entity.objects.create(
            kind="enterprise", name=name, name_key=name_key(name), sort_key=sort_key(name), legal_rep=legal_rep,
            phones=phones,
        )  # fmt: skip
        for scheme, value in numbers_of(numbers, n):
            Identifier.objects.create(entity=entity, scheme=scheme, value=value)
        admit(
            entity=entity, org=federation.jinshui, category=category, on=DAY, county=county, actor=federation.alice,
            profile=profile_of(section=section, group_kind=group_kind if category == Category.GROUP else ""),
        )  # fmt: skip


def imported_again(federation: LittleFederation, writer: Any, suffix: str) -> list[tuple[str, list[str]]]:
    """The verdict and its reasons of each row, after the export of the organisation was imported for it."""
    query = QueryDict(f"org=410105&on={LATER}")
    target = BytesIO()
    writer(target, members_of(listing(query, [federation.jinshui.pk])))
    alice, file = federation.alice, IncomingFile(f"会员.{suffix}", target.getvalue())
    batch = receive_file(org=federation.jinshui, kind="roster", files=[file], on=LATER, actor=alice)
    preview_batch(batch=read_batch(batch=batch, actor=alice), actor=alice)
    commit_batch(batch=batch, actor=alice)
    return [(row.verdict or row.outcome, [*row.reasons, *row.verdict_reasons]) for row in batch.rows()]


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=firms, steps=changed, file=st.sampled_from([(write_workbook, "xlsx"), (write_csv, "csv")]))
def test_an_export_imported_again_on_the_same_day_changes_nothing(federation, found, steps, file):
    with transaction.atomic():
        enter(federation, found)
        change(federation, steps)
        before = Movement.objects.count(), Entity.objects.count(), Particular.objects.count()

        verdicts = imported_again(federation, *file)

        assert (Movement.objects.count(), Entity.objects.count(), Particular.objects.count()) == before
        assert len(verdicts) == len(found)
        with_code = sum(bool(numbers) for _name, numbers, *_ in found)
        assert sorted(verdicts) == [("already_booked", [])] * with_code + [("already_booked", ["same_by_name"])] * (
            len(found) - with_code
        )
        transaction.set_rollback(True)


def test_the_headings_are_those_this_installation_reads():
    assert headings()[:5] == ["序号", "企业名称", "统一社会信用代码", "注册号", "组织机构代码"]
