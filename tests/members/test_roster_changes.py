"""What a roster changes of members the register knows: old → new, in the past, taken back, and on the member's page."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from shanglian.directory.models import Org
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    commit_batch,
    preview_batch,
    read_batch,
    receive_file,
    undo_batch,
)
from shanglian.imports.models import Batch
from shanglian.members.actions.booking import take_stamp
from shanglian.members.actions.memberships import end_membership, reclassify
from shanglian.members.actions.particulars import NewFact, enter_facts
from shanglian.members.core.particulars import Field
from shanglian.members.models import Entity, Membership, Movement, Particular, Span
from shanglian.members.particulars import particulars_of
from shanglian.members.portrait import Difference
from shanglian.members.verification import verify_register
from tests.little_federation import LittleFederation, little_federation
from tests.sample_codes import uscc

DAY, LATER, LAST = date(2013, 12, 31), date(2014, 12, 31), date(2015, 12, 31)
ACME, BRAVO = uscc(1), uscc(2)
HEADINGS = "企业名称,统一社会信用代码,法定代表人,联系电话,注册地址,成立日期,会员类型,行业门类,所属县区"


@pytest.fixture
def federation(db: None, settings: Any, tmp_path: Any) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def read(federation: LittleFederation, *lines: str, org: Org | None = None, on: date = DAY) -> Batch:
    file = IncomingFile("roster.csv", "\n".join([HEADINGS, *lines]).encode())
    terms = {"org": org or federation.jinshui, "kind": "roster", "files": [file], "on": on}
    return read_batch(batch=receive_file(**terms, actor=federation.alice), actor=federation.alice)


def commit(federation: LittleFederation, *lines: str, **terms: Any) -> Batch:
    """The batch after its commit, whose counts are those of the dry run before it."""
    batch = preview_batch(batch=read(federation, *lines, **terms), actor=federation.alice)
    booking = commit_batch(batch=batch, actor=federation.alice)
    assert dict(booking.counts) == batch.preview["counts"]
    assert faults() == []
    batch.refresh_from_db()
    return batch


def undo(federation: LittleFederation, batch: Batch) -> int:
    reversed_ = undo_batch(batch=batch, actor=federation.alice)
    assert faults() == []
    return reversed_


def faults() -> list[str]:
    return [check.name for check in verify_register() if not check.ok]


def said(batch: Batch) -> list[tuple[str, list[str]]]:
    return [(row.verdict, row.verdict_reasons) for row in batch.rows()]


def changes(batch: Batch) -> dict[str, tuple[str, str]]:
    """Of the one row: column → old and new."""
    found = (batch.rows().get().finding or {}).get("changes", [])
    return {one["field"]: (one["old"], one["new"]) for one in found}


def present(name: str = "legal_rep") -> Any:
    return Entity.objects.values_list(name, flat=True).get()


def enter(federation: LittleFederation, *facts: NewFact) -> None:
    with transaction.atomic():
        enter_facts(take_stamp(), facts, actor=federation.alice)


# What a roster changes ------------------------------------------------------------


def test_what_came_in_a_roster_holds_since_its_day_and_leads_to_its_row(federation):
    batch = commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    enter(federation, NewFact(Entity.objects.get().pk, Field.LEGAL_REP, "示例乙", LATER))
    before = Particular.objects.get(actor=None)
    assert (before.since, before.source_row) == (DAY, batch.rows().get())
    assert before.recorded_at == Movement.objects.get().recorded_at


def test_a_roster_changes_what_it_says_and_nothing_it_leaves_empty(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,17000000001,示例路1号,2010-05-01,企业会员,C 制造业,金水区")
    batch = commit(federation, f"甲示例公司,{ACME},示例乙,17000000002,,,团体会员,,二七区", on=LATER)
    assert said(batch) == [("changed", [])]
    assert changes(batch) == {
        "legal_rep": ("示例甲", "示例乙"),
        "phones": ("170****0001", "170****0002"),
        "member_type": ("企业会员", "团体会员"),
        "county": ("金水区", "二七区"),
    }
    acme, row = Entity.objects.get(), batch.rows().get()
    assert (acme.legal_rep, acme.phones, acme.address) == ("示例乙", ["17000000002"], "示例路1号")
    facts = Particular.objects.filter(source_row=row).values_list("field", "since").order_by("field")
    assert list(facts) == [("legal_rep", LATER), ("phones", LATER)]
    spans = Span.objects.order_by("during").values_list("during__startswith", "category", "county", "profile__section")
    assert list(spans) == [(DAY, "enterprise", "410105", "C"), (LATER, "group", "410103", "C")]
    assert (row.movement.kind, row.movement.effective_on) == ("reclassified", LATER)


def test_the_value_of_a_day_is_the_one_of_its_roster(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    commit(federation, f"甲示例公司,{ACME},示例乙,,,,,,", on=LATER)
    acme = Entity.objects.get()
    on = {day: particulars_of(acme, on=day)[Field.LEGAL_REP].value for day in (DAY, LATER - timedelta(days=1), LATER)}
    assert list(on.values()) == ["示例甲", "示例甲", "示例乙"]


def test_an_older_roster_enters_the_past_and_leaves_the_present(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    commit(federation, f"甲示例公司,{ACME},示例丙,,,,,,", on=LAST)
    older = commit(federation, f"甲示例公司,{ACME},示例乙,,,,,,", on=LATER)
    assert changes(older) == {"legal_rep": ("示例甲", "示例乙")}
    acme = Entity.objects.get()
    assert [particulars_of(acme, on=day)[Field.LEGAL_REP].value for day in (DAY, LATER, LAST)] == [
        "示例甲", "示例乙", "示例丙",
    ]  # fmt: skip
    assert acme.legal_rep == "示例丙"


def test_a_roster_older_than_the_first_one_does_not_change_the_present_either(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,", on=LATER)
    commit(federation, f"甲示例公司,{ACME},示例乙,,,,,,", org=federation.erqi, on=LAST)
    older = commit(federation, f"甲示例公司,{ACME},示例零,,,,,,", org=federation.erqi, on=LAST - timedelta(days=1))
    assert said(older) == [("doubtful", ["member_on_other_days"])]
    enter(federation, NewFact(Entity.objects.get().pk, Field.LEGAL_REP, "示例零", DAY))
    acme = Entity.objects.get()
    assert [particulars_of(acme, on=day)[Field.LEGAL_REP].value for day in (DAY, LATER, LAST)] == [
        "示例零", "示例甲", "示例乙",
    ]  # fmt: skip
    assert acme.legal_rep == "示例乙"


def test_what_the_register_said_on_that_day_is_no_change(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    commit(federation, f"甲示例公司,{ACME},示例乙,,,,,,", on=LAST)
    assert said(commit(federation, f"甲示例公司,{ACME},示例甲,,,,企业会员,,", on=LATER)) == [("already_booked", [])]


def test_a_file_that_was_booked_says_nothing_new_a_second_time(federation):
    first = f"甲示例公司,{ACME},示例甲,,,,,,"
    commit(federation, first)
    commit(federation, f"甲示例公司,{ACME},示例乙,,,,团体会员,,", on=LATER)
    for day in (DAY, LATER, LAST):
        assert said(commit(federation, first, on=day)) == [("already_booked", [])]
    assert present() == "示例乙"


def test_a_further_membership_brings_its_changes_with_it(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,企业会员,,")
    batch = commit(federation, f"甲示例公司,{ACME},示例乙,,,,团体会员,,", org=federation.erqi, on=LATER)
    assert said(batch) == [("opening", ["also_elsewhere"])]
    assert changes(batch) == {"legal_rep": ("示例甲", "示例乙")}
    assert dict(Span.objects.values_list("org__code", "category")) == {"410105": "enterprise", "410103": "group"}


def test_of_two_rows_about_one_member_the_first_is_taken(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    headings = HEADINGS.replace("法定代表人", "注册号,法定代表人")
    old = "410105000000014"
    lines = [headings, f"甲示例公司,{ACME},{old},示例甲,,,,,,"]
    file = IncomingFile("numbers.csv", "\n".join(lines).encode())
    batch = receive_file(org=federation.jinshui, kind="roster", files=[file], on=DAY, actor=federation.alice)
    commit_batch(batch=read_batch(batch=batch, actor=federation.alice), actor=federation.alice)
    lines = [headings, f"甲示例公司,{ACME},,示例乙,,,,,,", f"甲甲示例公司,,{old},示例丙,,,,,,"]
    file = IncomingFile("twice.csv", "\n".join(lines).encode())
    batch = receive_file(org=federation.jinshui, kind="roster", files=[file], on=LATER, actor=federation.alice)
    batch = read_batch(batch=batch, actor=federation.alice)
    commit_batch(batch=preview_batch(batch=batch, actor=federation.alice), actor=federation.alice)
    assert said(batch) == [("changed", []), ("already_booked", ["changed_by_another_row"])]
    assert (present(), present("name")) == ("示例乙", "甲示例公司")


def test_counting_otherwise_before_later_entries_is_left_alone(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,企业会员,,")
    reclassify(membership=Membership.objects.get(), category="individual", on=LAST, actor=federation.alice)
    batch = commit(federation, f"甲示例公司,{ACME},示例乙,,,,团体会员,,", on=LATER)
    assert said(batch) == [("changed", ["later_entries_stand"])]
    assert changes(batch) == {"legal_rep": ("示例甲", "示例乙")}
    assert [span.category for span in Span.objects.order_by("during")] == ["enterprise", "individual"]


# Taking back ------------------------------------------------------------


def test_taking_an_import_back_reverses_its_facts_and_its_counting(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,企业会员,,")
    batch = commit(federation, f"甲新示例公司,{ACME},示例乙,,,,团体会员,,", on=LATER)
    assert undo(federation, batch) == 3
    acme = Entity.objects.get()
    assert (acme.name, acme.name_key, acme.legal_rep) == ("甲示例公司", "甲示例公司", "示例甲")
    assert [span.category for span in Span.objects.all()] == ["enterprise"]
    again = commit(federation, f"甲新示例公司,{ACME},示例乙,,,,团体会员,,", on=LATER)
    assert (said(again), present()) == ([("changed", ["name_changed"])], "示例乙")


def test_a_later_change_of_the_same_field_stays_when_an_earlier_one_is_taken_back(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    batch = commit(federation, f"甲示例公司,{ACME},示例乙,,,,,,", on=LATER)
    commit(federation, f"甲示例公司,{ACME},示例丙,,,,,,", on=LAST)
    undo(federation, batch)
    acme = Entity.objects.get()
    assert [particulars_of(acme, on=day)[Field.LEGAL_REP].value for day in (LATER, LAST)] == ["示例甲", "示例丙"]


def test_later_entries_that_build_on_the_counting_block_the_undo_and_earlier_ones_do_not(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,企业会员,,", f"乙示例公司,{BRAVO},,,,,企业会员,,")
    batch = commit(federation, f"甲示例公司,{ACME},,,,,团体会员,,", f"乙示例公司,{BRAVO},,,,,团体会员,,", on=LATER)
    acme = Membership.objects.get(entity__name="甲示例公司")
    end_membership(membership=acme, on=LAST, actor=federation.alice)
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=batch, actor=federation.alice)
    assert refusal.value.code == "blocked"
    assert ("甲示例公司" in refusal.value.detail, "乙示例公司" in refusal.value.detail) == (True, False)


def test_the_first_import_cannot_go_while_a_later_one_counts_its_members_otherwise(federation):
    batch = commit(federation, f"甲示例公司,{ACME},示例甲,,,,企业会员,,")
    later = commit(federation, f"甲示例公司,{ACME},示例乙,,,,团体会员,,", on=LATER)
    with pytest.raises(ImportRefused):
        undo_batch(batch=batch, actor=federation.alice)
    undo(federation, later)
    undo(federation, batch)
    assert Span.objects.count() == 0


# The page ------------------------------------------------------------


def test_the_page_says_of_each_value_where_it_came_from_and_what_changed(federation):
    first = commit(federation, f"甲示例公司,{ACME},示例甲,17000000001,示例路1号,2010-05-01,企业会员,,")
    later = commit(federation, f"甲新示例公司,{ACME},,17000000002,,,,,", on=LATER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(federation.alice)
    response = client.get(f"/members/{Entity.objects.get().pk}/")

    portrait = response.context["portrait"]
    stored = {
        field: (one.text, one.since, one.place and (one.place.cell, one.place.heading, one.place.batch))
        for field, one in portrait.particulars.items()
    }
    assert stored == {
        "name": ("甲新示例公司", LATER, ("A2", "企业名称", later.pk)),
        "legal_rep": ("示例甲", None, ("C2", "法定代表人", first.pk)),
        "phones": ("170****0002", LATER, ("D2", "联系电话", later.pk)),
        "address": ("示例路1号", None, ("E2", "注册地址", first.pk)),
        "founded_on": ("2010-05-01", None, ("F2", "成立日期", first.pk)),
    }
    ((number, place),) = portrait.numbers
    assert (number.value, place.cell, place.batch) == (ACME, "B2", first.pk)
    (step,) = portrait.steps
    assert (step.since, step.who, step.source.number) == (LATER, "Alice", 2)
    assert step.differences == [
        Difference("name", "甲示例公司", "甲新示例公司", reversed=False),
        Difference("phones", "170****0001", "170****0002", reversed=False),
    ]
    page = response.content.decode()
    assert f"/imports/{first.pk}/" in page
    assert "roster.csv, sheet csv, cell A2" in page
    assert "<del>甲示例公司</del> → <ins>甲新示例公司</ins>" in page
    assert "17000000002" not in page


def test_cells_of_an_organisation_out_of_sight_are_not_shown(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    commit(federation, f"甲示例公司,{ACME},,,示例路2号,,,,", org=federation.erqi, on=LATER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(federation.bob)
    portrait = client.get(f"/members/{Entity.objects.get().pk}/").context["portrait"]
    assert portrait.particulars["legal_rep"].place is None
    assert portrait.particulars["address"].place.cell == "E2"
    assert portrait.numbers[0][1] is None


def test_the_page_keeps_what_was_taken_back_and_says_so(federation):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    undo(federation, commit(federation, f"甲示例公司,{ACME},示例乙,,,,,,", on=LATER))
    client = Client(headers={"accept-language": "en"})
    client.force_login(federation.alice)
    response = client.get(f"/members/{Entity.objects.get().pk}/")
    (step,) = response.context["portrait"].steps
    assert step.differences == [Difference("legal_rep", "示例甲", "示例乙", reversed=True)]
    assert "taken back later" in response.content.decode()


def test_what_the_page_of_a_changed_member_costs(federation, django_assert_num_queries):
    commit(federation, f"甲示例公司,{ACME},示例甲,,,,,,")
    client = Client()
    client.force_login(federation.alice)
    for n, day in enumerate((LATER, LAST)):
        commit(federation, f"甲示例公司,{ACME},示例{n},,示例路{n}号,,{['团体', '企业'][n]}会员,,", on=day)
        client.get(f"/members/{Entity.objects.get().pk}/")  # what is kept of the tree
        with django_assert_num_queries(QUERIES):
            client.get(f"/members/{Entity.objects.get().pk}/")


QUERIES = 18


# What is counted by closed lists ------------------------------------------------------------

TYPED = "企业名称,统一社会信用代码,会员类型,企业类型"


def commit_typed(federation: LittleFederation, *lines: str, on: date = DAY, headings: str = TYPED) -> Batch:
    file = IncomingFile("roster.csv", "\n".join([headings, *lines]).encode())
    terms = {"org": federation.jinshui, "kind": "roster", "files": [file], "on": on}
    batch = read_batch(batch=receive_file(**terms, actor=federation.alice), actor=federation.alice)
    batch = preview_batch(batch=batch, actor=federation.alice)
    commit_batch(batch=batch, actor=federation.alice)
    assert faults() == []
    return batch


def profiles() -> list[tuple[date, str, str]]:
    spans = Span.objects.order_by("during")
    return list(spans.values_list("during__startswith", "profile__registration_type", "profile__group_kind"))


def test_a_registration_type_is_counted_and_a_later_roster_reclassifies(federation):
    commit_typed(federation, f"甲示例公司,{ACME},企业会员,国有企业")
    batch = commit_typed(federation, f"甲示例公司,{ACME},企业会员,私营有限责任公司", on=LATER)
    assert changes(batch) == {"registration_type": ("国有", "私营有限责任公司")}
    assert profiles() == [(DAY, "110", ""), (LATER, "173", "")]
    undo(federation, batch)
    assert profiles() == [(DAY, "110", "")]


def test_an_unknown_registration_type_is_a_warning_and_the_member_is_booked(federation):
    batch = commit_typed(federation, f"甲示例公司,{ACME},企业会员,理事单位")
    row = batch.rows().get()
    assert (row.verdict, row.warnings) == ("opening", ["registration_type_unknown"])
    assert profiles() == [(DAY, "", "")]


def test_a_word_that_tells_no_type_changes_nothing(federation):
    commit_typed(federation, f"甲示例公司,{ACME},企业会员,私营")
    assert said(commit_typed(federation, f"甲示例公司,{ACME},企业会员,有限责任公司", on=LATER)) == [
        ("already_booked", [])
    ]
    assert profiles() == [(DAY, "170", "")]


def test_a_group_members_kind_is_read_from_its_name(federation):
    commit_typed(federation, "示例市纺织行业商会,,团体会员,")
    assert profiles() == [(DAY, "", "industry_chamber")]


KINDED = "企业名称,统一社会信用代码,会员类别,团体会员类型"


def test_a_rosters_own_column_tells_the_kind_before_the_name_does(federation):
    batch = commit_typed(federation, f"示例市纺织行业商会,{ACME},团体会员,乡镇商会", headings=KINDED)
    assert profiles() == [(DAY, "", "township_chamber")]
    batch = commit_typed(federation, f"示例市纺织行业商会,{ACME},团体会员,市场", headings=KINDED, on=LATER)
    assert changes(batch) == {"group_kind": ("乡镇商会", "市场商会")}
    assert said(commit_typed(federation, f"示例市纺织行业商会,{ACME},团体会员,", headings=KINDED, on=LATER)) == [
        ("already_booked", [])
    ]
    assert profiles() == [(DAY, "", "township_chamber"), (LATER, "", "market_chamber")]


def test_a_kind_that_is_not_listed_is_a_warning_and_the_name_tells_it(federation):
    batch = commit_typed(federation, f"示例市纺织行业商会,{ACME},团体会员,联谊会", headings=KINDED)
    row = batch.rows().get()
    assert (row.verdict, row.warnings) == ("opening", ["group_kind_unknown"])
    assert profiles() == [(DAY, "", "industry_chamber")]


def test_the_kind_of_a_group_says_nothing_about_an_enterprise(federation):
    commit_typed(federation, f"甲示例公司,{ACME},企业会员,行业商会", headings=KINDED)
    assert profiles() == [(DAY, "", "")]
