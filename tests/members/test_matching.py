"""Who a row of a roster is: numbers in their order, names as doubts, and what people decide about those."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.common.core.codes import subject_code
from shanglian.common.core.names import name_key
from shanglian.common.pinyin import sort_key
from shanglian.imports.actions import (
    ImportRefused,
    commit_batch,
    decide_open_rows,
    decide_row,
    preview_batch,
    read_batch,
    undo_batch,
)
from shanglian.imports.models import Batch
from shanglian.members.core.roster_rules import numbers_to_add, says_another_firm
from shanglian.members.models import Entity, Identifier, Membership, Movement, Span
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity, make_member
from tests.little_federation import LittleFederation, little_federation
from tests.members.roster_steps import (
    DAY,
    LATER,
    as_if_large,
    commit,
    decide_somehow,
    finish,
    keeper_of,
    rehearse,
    said,
)
from tests.sample_codes import uscc

ACME, BRAVO, CEDAR = (uscc(n) for n in (1, 2, 3))
BARE = subject_code(ACME)  # characters 9 to 17
OLD = "410105000000014"  # a 15-digit number of nobody, with its check digit


@pytest.fixture
def federation(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def candidates(batch: Batch) -> list[str]:
    """Names of the candidates of the one row."""
    targets = [one["target"] for one in batch.rows().get().finding["candidates"]]
    return list(Entity.objects.filter(pk__in=targets).order_by("pk").values_list("name", flat=True))


def numbers_of(name: str) -> list[tuple[str, str, str]]:
    found = Identifier.objects.filter(entity__name=name).order_by("scheme")
    return list(found.values_list("scheme", "value", "state"))


def decide(federation: LittleFederation, batch: Batch, choice: str, target: Entity | None = None, **words) -> None:
    row = batch.rows().get(verdict="doubtful")
    decide_row(row=row, choice=choice, target=target and target.pk, actor=federation.alice, **words)


# Numbers ------------------------------------------------------------


def test_a_row_with_the_nine_signs_alone_finds_the_unified_code_they_stand_in(federation):
    commit(federation, f"甲示例公司,{ACME},,,,")
    batch = commit(federation, f"甲示例公司,,{BARE},,,", on=LATER)
    assert said(batch) == [("already_booked", [])]
    assert numbers_of("甲示例公司") == [("uscc", ACME, "valid")]


def test_a_unified_code_finds_the_nine_signs_and_is_added_to_them(federation):
    commit(federation, f"甲示例公司,,{BARE},,,")
    batch = commit(federation, f"甲示例公司,{ACME},,,,", on=LATER)
    assert said(batch) == [("already_booked", ["number_added"])]
    assert numbers_of("甲示例公司") == [("org_code", BARE, "valid"), ("uscc", ACME, "valid")]
    assert Identifier.objects.get(value=ACME).source_row == batch.rows().get()


def test_an_added_number_is_doubted_again_when_the_import_is_taken_back(federation):
    commit(federation, f"甲示例公司,,{BARE},,,")
    batch = commit(federation, f"甲示例公司,{ACME},,,,", on=LATER)
    undo_batch(batch=batch, actor=federation.alice)
    assert numbers_of("甲示例公司") == [("org_code", BARE, "valid"), ("uscc", ACME, "unchecked")]
    assert said(commit(federation, f"甲示例公司,{ACME},,,,", on=LATER)) == [("already_booked", ["number_added"])]


def test_the_fifteen_digits_find_a_member_and_bring_the_unified_code(federation):
    commit(federation, f"甲示例公司,,,{OLD},,")
    batch = commit(federation, f"甲示例公司,{ACME},,{OLD},,", on=LATER)
    assert said(batch) == [("already_booked", ["number_added"])]


def test_the_fifteen_digits_of_a_member_with_another_unified_code_are_a_doubt(federation):
    commit(federation, f"甲示例公司,{BRAVO},,{OLD},,")
    batch = rehearse(federation, f"甲示例公司,{ACME},,{OLD},,", on=LATER)
    assert said(batch) == [("doubtful", ["other_unified_code"])]
    assert batch.rows().get().finding["choices"] == ["same", "skip"]


def test_numbers_of_two_members_are_a_doubt_with_both(federation):
    commit(federation, f"甲示例公司,{ACME},,,,", f"乙示例公司,,,{OLD},,")
    batch = rehearse(federation, f"甲示例公司,{ACME},,{OLD},,", on=LATER)
    assert said(batch) == [("doubtful", ["numbers_of_several_members"])]
    assert candidates(batch) == ["甲示例公司", "乙示例公司"]


@pytest.mark.parametrize("written", ["甲新示例公司", "甲新示例公司（原名：甲示例公司）"])
def test_a_renamed_firm_is_the_same_member_and_takes_the_new_name(federation, written):
    commit(federation, f"甲示例公司,{ACME},,,,")
    batch = commit(federation, f"{written},{ACME},,,,", on=LATER)
    assert said(batch) == [("changed", ["name_changed"])]
    assert batch.rows().get().finding == {
        "before": {"name_changed": "甲示例公司"},
        "changes": [{"field": "name", "old": "甲示例公司", "new": "甲新示例公司"}],
    }
    assert batch.preview["detail"] == {}
    entity = Entity.objects.get()
    assert (entity.name, entity.name_key, entity.sort_key) == (
        "甲新示例公司", name_key("甲新示例公司"), sort_key("甲新示例公司"),
    )  # fmt: skip


def test_a_firm_claimed_by_two_counties_stays_at_home_and_the_list_says_where(federation):
    commit(federation, f"甲示例公司,{ACME},,,,")
    batch = commit(federation, f"甲示例公司,{ACME},,,,", org=federation.erqi, on=LATER)
    assert said(batch) == [("opening", ["also_elsewhere"])]
    assert batch.preview["detail"] == {
        "elsewhere": [["甲示例公司", ["郑州市金水区工商业联合会"]]],
        "elsewhere_total": 1,
    }
    assert dict(Span.objects.values_list("org__code", "home")) == {"410105": True, "410103": False}


# Names ------------------------------------------------------------


def test_a_namesake_without_a_comparable_number_is_a_doubt_with_its_reasons(federation):
    commit(federation, "丙示例公司,,,,示例甲,17000000001")
    batch = rehearse(federation, f"丙示例公司,{CEDAR},,,示例甲,17000000001", on=LATER)
    row = batch.rows().get()
    assert said(batch) == [("doubtful", ["same_name_in_register"])]
    assert row.finding["choices"] == ["same", "different", "skip"]
    agrees = ["same_name", "same_org", "same_county", "same_legal_rep", "same_phone"]
    assert [one["reasons"] for one in row.finding["candidates"]] == [agrees]


def test_numbers_of_different_kinds_do_not_tell_namesakes_apart(federation):
    commit(federation, f"丙示例公司,,,{OLD},,")
    assert said(rehearse(federation, f"丙示例公司,{CEDAR},,,,", on=LATER)) == [("doubtful", ["same_name_in_register"])]


def test_a_namesake_in_a_chamber_of_the_county_is_a_doubt_and_one_of_another_county_is_none(federation):
    commit(federation, "丙示例公司,,,,,", org=federation.textile)
    commit(federation, "丁示例公司,,,,,", org=federation.erqi)
    batch = rehearse(federation, "丙示例公司,,,,,", "丁示例公司,,,,,")
    assert [verdict for verdict, _ in said(batch)] == ["doubtful", "opening"]


def test_a_row_that_states_the_former_name_of_a_member_is_a_doubt(federation):
    commit(federation, "丙示例公司,,,,,")
    batch = rehearse(federation, "丁示例公司（原名：丙示例公司）,,,,,", on=LATER)
    assert said(batch) == [("doubtful", ["former_name_in_register"])]
    (candidate,) = batch.rows().get().finding["candidates"]
    assert candidate["reasons"] == ["same_former_name", "same_org", "same_county"]
    decide(federation, batch, "same", Entity.objects.get())
    assert said(finish(federation, batch)) == [("changed", ["name_changed"])]
    assert Entity.objects.get().name == "丁示例公司"


def test_a_name_the_member_had_before_is_a_doubt_too(federation):
    commit(federation, f"甲示例公司,{ACME},,,,")
    commit(federation, f"甲新示例公司,{ACME},,,,", on=LATER)
    batch = rehearse(federation, "甲示例公司,,,,,", org=federation.textile, on=LATER)
    assert said(batch) == [("doubtful", ["same_name_in_register"])]
    (candidate,) = batch.rows().get().finding["candidates"]
    assert candidate["reasons"] == ["same_earlier_name", "same_county"]


def test_a_name_without_any_number_that_says_nothing_new_needs_no_decision(federation):
    commit(federation, "丙示例公司,,,,示例甲,17000000001")
    for line in ("丙示例公司,,,,,", "丙示例公司,,,,示例甲,"):
        assert said(commit(federation, line, on=LATER)) == [("already_booked", ["same_by_name"])]


@pytest.mark.parametrize(
    "line",
    [
        "丙 示例公司,,,,,",  # not as written
        "丙示例公司,,,,示例乙,",
        "丙示例公司,,,,,17000000002",
        f"丙示例公司,,,{OLD},,",
    ],
)
def test_a_name_that_differs_in_anything_is_still_a_doubt(federation, line):
    commit(federation, "丙示例公司,,,,示例甲,17000000001")
    assert said(rehearse(federation, line, on=LATER)) == [("doubtful", ["same_name_in_register"])]


def test_a_name_of_a_member_with_a_number_or_of_two_members_is_still_a_doubt(federation):
    commit(federation, f"甲示例公司,{ACME},,,,", "丙示例公司,,,,,")
    make_member(federation.jinshui, DAY, federation.alice, entity=make_entity("丙示例公司"))
    batch = rehearse(federation, "甲示例公司,,,,,", "丙示例公司,,,,,", on=LATER)
    assert said(batch) == [("doubtful", ["same_name_in_register"])] * 2


@pytest.mark.parametrize(
    ("own", "known", "another"),
    [
        ([("uscc", ACME)], [("uscc", BRAVO)], True),
        ([("uscc", ACME)], [("org_code", BARE)], False),
        ([("uscc", ACME), ("reg_no", "1")], [("uscc", ACME), ("reg_no", "2")], False),
        ([("reg_no", "1")], [("reg_no", "2")], True),
        ([("reg_no", "1")], [("uscc", ACME)], False),
        ([], [("uscc", ACME)], False),
    ],
)
def test_only_numbers_of_a_kind_prove_another_firm(own, known, another):
    assert says_another_firm(own, known) is another


def test_only_numbers_of_a_new_kind_are_added():
    free = [("uscc", ACME), ("reg_no", OLD), ("org_code", BARE)]
    assert numbers_to_add(free, [("reg_no", "1")]) == [("uscc", ACME), ("org_code", BARE)]
    assert numbers_to_add(free, [("uscc", BRAVO)]) == [("reg_no", OLD)]


# Decisions ------------------------------------------------------------


def doubtful(federation: LittleFederation) -> tuple[Batch, Entity]:
    """A row with a number that agrees in name with a member without one."""
    commit(federation, "丙示例公司,,,,,")
    return rehearse(federation, f"丙示例公司,{CEDAR},,,,", on=LATER), Entity.objects.get()


def test_the_same_is_booked_as_that_member_with_its_number(federation):
    batch, cedar = doubtful(federation)
    decide(federation, batch, "same", cedar)
    assert said(finish(federation, batch)) == [("already_booked", ["number_added"])]
    assert numbers_of("丙示例公司") == [("uscc", CEDAR, "valid")]
    assert Membership.objects.count() == 1


def test_the_same_at_another_organisation_becomes_a_further_membership(federation):
    commit(federation, "丙示例公司,,,,,", org=federation.textile)
    batch = rehearse(federation, "丙示例公司,,,,,")
    decide(federation, batch, "same", Entity.objects.get())
    assert said(finish(federation, batch)) == [("opening", ["also_elsewhere"])]
    assert sorted(Span.objects.values_list("home", flat=True)) == [False, True]


def test_another_firm_is_booked_as_a_new_one(federation):
    batch, _cedar = doubtful(federation)
    decide(federation, batch, "different", reason="示例：地址不同")
    assert said(finish(federation, batch)) == [("joined", [])]
    assert Entity.objects.filter(name="丙示例公司").count() == 2


def test_a_row_left_out_books_nothing(federation):
    batch, _cedar = doubtful(federation)
    decide(federation, batch, "skip")
    assert said(finish(federation, batch)) == [("left_out", ["same_name_in_register"])]
    assert Movement.objects.count() == 1


def test_a_member_on_other_days_may_be_confirmed_and_keeps_its_days(federation):
    commit(federation, f"甲示例公司,{ACME},,,,", on=LATER)
    batch = rehearse(federation, f"甲示例公司,{ACME},,,,", on=DAY)
    decide(federation, batch, "same", Entity.objects.get())
    assert said(finish(federation, batch)) == [("already_booked", [])]


def test_all_open_namesakes_may_be_called_other_firms_at_once(federation):
    commit(federation, "丙示例公司,,,,,", "丁示例公司,,,,,")
    batch = rehearse(federation, f"丙示例公司,{CEDAR},,,,", f"丁示例公司,{ACME},,,,", on=LATER)
    assert decide_open_rows(batch=batch, choice="different", actor=federation.alice) == 2
    assert said(finish(federation, batch)) == [("joined", []), ("joined", [])]


def test_a_word_about_a_doubt_that_is_gone_counts_no_longer(federation):
    batch, _namesake = doubtful(federation)
    commit(federation, f"丁示例公司,{CEDAR},,,,", org=federation.textile, on=LATER)
    decide(federation, batch, "different")
    again = preview_batch(batch=batch, actor=federation.alice)
    assert said(again) == [("joined", ["name_changed", "also_elsewhere"])]


def test_a_candidate_that_is_gone_is_asked_for_again(federation):
    commit(federation, "丙示例公司,,,,,")
    first = Entity.objects.get()
    batch = rehearse(federation, f"丙示例公司,{CEDAR},,,,", on=LATER)
    decide(federation, batch, "same", first)
    undo_batch(batch=Batch.objects.order_by("created_at").first(), actor=federation.alice)
    make_member(federation.jinshui, DAY, federation.alice, entity=make_entity("丙示例公司"))
    again = preview_batch(batch=batch, actor=federation.alice)
    assert said(again) == [("doubtful", ["same_name_in_register", "decision_outdated"])]


def test_a_decision_makes_the_dry_run_old_and_an_old_dry_run_is_not_committed(federation):
    batch, _cedar = doubtful(federation)
    decide(federation, batch, "different")
    with pytest.raises(ImportRefused) as refusal:
        commit_batch(batch=batch, actor=federation.alice)
    assert refusal.value.code == "decided_since"


def test_decisions_outlive_reading_the_same_file_again(federation):
    batch, _cedar = doubtful(federation)
    decide(federation, batch, "skip")
    read_batch(batch=batch, actor=federation.alice)
    assert said(finish(federation, batch)) == [("left_out", ["same_name_in_register"])]


def test_what_was_not_offered_is_refused(federation):
    batch, _cedar = doubtful(federation)
    stranger = Entity(pk=999_999)
    for choice, target in (("same", stranger), ("same", None), ("nonsense", None)):
        with pytest.raises(ImportRefused) as refusal:
            decide(federation, batch, choice, target)
        assert refusal.value.code == "no_such_choice"


def test_a_firm_with_somebodys_number_cannot_be_called_another(federation):
    commit(federation, f"甲示例公司,{ACME},,,,", f"乙示例公司,,,{OLD},,")
    batch = rehearse(federation, f"甲示例公司,{ACME},,{OLD},,", on=LATER)
    with pytest.raises(ImportRefused):
        decide(federation, batch, "different")


# Dry run and commit ------------------------------------------------------------

_names = st.sampled_from(["甲示例公司", "乙示例公司", "丙示例公司"])
_numbers = st.sampled_from(
    [",,", f"{ACME},,", f"{BRAVO},,", f",{BARE},", f",{subject_code(BRAVO)},", f",,{OLD}", f"{CEDAR},,{OLD}"]
)
_lines = st.lists(st.builds(lambda name, numbers: f"{name},{numbers},,", _names, _numbers), min_size=1, max_size=4)
_rosters = st.lists(
    st.tuples(
        _lines,
        st.sampled_from(["410105", "410103", "410105-sh-001"]),
        st.sampled_from([DAY, LATER]),
        st.lists(st.integers(0, 3), min_size=4, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters=_rosters, large=st.booleans())
def test_a_dry_run_is_the_commit_whatever_is_decided_and_all_of_it_can_be_taken_back(federation, rosters, large):
    with transaction.atomic(), as_if_large(large):
        keeper = keeper_of(federation, federation.jinshui, federation.textile)
        batches = []
        for lines, code, day, words in rosters:
            batch = rehearse(federation, *lines, org=federation.orgs[code], on=day)
            decide_somehow(batch, words, keeper)
            batches.append(finish(federation, preview_batch(batch=batch, actor=federation.alice)))
        for batch in reversed(batches):
            undo_batch(batch=batch, actor=keeper)
        assert Span.objects.count() == 0
        assert [check.name for check in verify_register() if not check.ok] == []
        transaction.set_rollback(True)
