"""Members a complete roster does not name: who they are, how they are ended as decided, and how that is taken back."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.directory.models import Org
from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    commit_batch,
    decide_absence,
    decide_row,
    preview_batch,
    read_batch,
    receive_file,
    undo_batch,
)
from shanglian.imports.models import Batch
from shanglian.members.actions.memberships import admit, end_membership
from shanglian.members.core.leaving import Ending, Stretch, ending_of
from shanglian.members.models import Membership, Movement, Span
from shanglian.members.verification import verify_register
from tests.factories.members import make_entity, make_member
from tests.little_federation import LittleFederation, little_federation
from tests.members.roster_steps import as_if_large
from tests.sample_codes import uscc

DAY, LATER, LAST = date(2013, 12, 31), date(2014, 12, 31), date(2015, 12, 31)
ACME, BRAVO, CEDAR = (uscc(n) for n in (1, 2, 3))
WRONG = BRAVO[:-1] + ("0" if BRAVO[-1] != "0" else "1")
HEADINGS = "企业名称,统一社会信用代码"
A, B, C = f"甲示例公司,{ACME}", f"乙示例公司,{BRAVO}", f"丙示例公司,{CEDAR}"


@pytest.fixture
def federation(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def rehearse(federation: LittleFederation, *lines: str, org: Org | None = None, on=LATER, complete=True) -> Batch:
    file = IncomingFile("roster.csv", "\n".join([HEADINGS, *lines]).encode())
    terms = {"org": org or federation.jinshui, "kind": "roster", "files": [file], "on": on, "complete": complete}
    batch = read_batch(batch=receive_file(**terms, actor=federation.alice), actor=federation.alice)
    return preview_batch(batch=batch, actor=federation.alice)


def finish(federation: LittleFederation, batch: Batch) -> Batch:
    """The batch after its commit, which did what the dry run before it said."""
    rehearsed = preview_batch(batch=batch, actor=federation.alice).preview
    said = absences(batch), verdicts(batch)
    booking = commit_batch(batch=batch, actor=federation.alice)
    assert (dict(booking.counts), booking.recorded) == (rehearsed["counts"], rehearsed["recorded"])
    assert (absences(batch), verdicts(batch)) == said
    assert [check.name for check in verify_register() if not check.ok] == []
    batch.refresh_from_db()
    return batch


def begin(federation: LittleFederation, *lines: str, **terms) -> Batch:
    return finish(federation, rehearse(federation, *lines, **{"on": DAY, "complete": False} | terms))


def absences(batch: Batch) -> list[tuple[str, str, str]]:
    return list(batch.absences.order_by("title").values_list("title", "obstacle", "choice"))


def verdicts(batch: Batch) -> list[tuple[str, list[str]]]:
    return [(row.verdict, row.verdict_reasons) for row in batch.rows()]


def decide(federation: LittleFederation, batch: Batch, name: str, choice: str = "left") -> None:
    reason = "示例：注销" if choice == "left" else ""
    decide_absence(absence=batch.absences.get(title=name), choice=choice, reason=reason, actor=federation.alice)


def members_of(org: Org, on: date = LATER) -> set[str]:
    return set(Span.objects.filter(org=org).on(on).values_list("entity__name", flat=True))


# Who is not named ------------------------------------------------------------


def test_whoever_no_row_names_is_absent(federation):
    begin(federation, A, B, C)
    batch = rehearse(federation, A)
    assert absences(batch) == [("丙示例公司", "", ""), ("乙示例公司", "", "")]
    assert "absent" not in batch.preview["detail"]


def test_who_is_recognised_counts_not_what_it_is_called(federation):
    begin(federation, A, B)
    renamed = f"乙示例公司,{ACME}"  # the firm 甲 under the name of 乙, and nothing of 乙
    assert absences(rehearse(federation, renamed)) == [("乙示例公司", "", "")]


@pytest.mark.parametrize(
    "row",
    [
        f"乙示例公司,{WRONG}",  # rejected: named by its name
        "乙示例公司,",  # doubtful: it may be this member
    ],
)
def test_a_row_that_is_not_booked_still_names_its_firm(federation, row):
    begin(federation, A, B)
    batch = rehearse(federation, A, row)
    assert batch.rows().last().verdict in {"reject", "doubtful", "already_booked"}
    assert absences(batch) == []


def test_a_row_named_twice_names_its_firm_by_its_number(federation):
    begin(federation, A, B)
    assert absences(rehearse(federation, A, B, f"乙新示例公司,{BRAVO}")) == []


def test_a_namesake_decided_to_be_another_firm_no_longer_names_the_member(federation):
    begin(federation, A, "丁示例公司,")
    batch = rehearse(federation, A, f"丁示例公司,{CEDAR}")
    assert absences(batch) == []
    decide_row(row=batch.rows().get(verdict="doubtful"), choice="different", actor=federation.alice)
    assert absences(preview_batch(batch=batch, actor=federation.alice)) == [("丁示例公司", "", "")]


def test_rows_booked_before_from_the_same_cell_name_their_firm(federation):
    begin(federation, A, "丁示例公司,")
    assert absences(rehearse(federation, A, "丁示例公司,", on=DAY)) == []


def test_whom_the_roster_itself_brings_is_not_absent_and_other_organisations_are_left_alone(federation):
    begin(federation, A)
    begin(federation, B, org=federation.erqi)
    assert absences(rehearse(federation, A, C)) == []


def test_a_roster_that_is_not_complete_misses_nobody(federation):
    begin(federation, A, B)
    assert absences(rehearse(federation, A, complete=False)) == []


def test_a_decision_outlives_the_next_dry_run_and_goes_with_its_absence(federation):
    begin(federation, A, B, C)
    batch = rehearse(federation, A)
    decide(federation, batch, "乙示例公司", "stays")
    batch = preview_batch(batch=batch, actor=federation.alice)
    assert absences(batch) == [("丙示例公司", "", ""), ("乙示例公司", "", "stays")]
    make_member(federation.jinshui, DAY, federation.alice, entity=make_entity("戊示例公司"))
    end_membership(membership=Membership.objects.get(entity__name="乙示例公司"), on=DAY, actor=federation.alice)
    batch = preview_batch(batch=batch, actor=federation.alice)
    assert absences(batch) == [("丙示例公司", "", ""), ("戊示例公司", "", "")]


# Ending ------------------------------------------------------------


def test_undecided_and_staying_members_stay(federation):
    begin(federation, A, B, C)
    batch = rehearse(federation, A)
    decide(federation, batch, "乙示例公司", "stays")
    assert finish(federation, batch).preview["counts"] == {"already_booked": 1}
    assert members_of(federation.jinshui) == {"甲示例公司", "乙示例公司", "丙示例公司"}


def test_who_has_left_is_ended_on_the_rosters_day_with_the_reason_and_the_import(federation):
    begin(federation, A, B)
    batch = rehearse(federation, A)
    decide(federation, batch, "乙示例公司")
    finished = finish(federation, batch)
    assert (finished.preview["counts"], finished.preview["recorded"]) == ({"already_booked": 1, "left": 1}, 1)
    assert members_of(federation.jinshui) == {"甲示例公司"}
    entry = Movement.objects.get(kind="left")
    assert (entry.effective_on, entry.reason, entry.batch_id, entry.source_row) == (LATER, "示例：注销", batch.pk, None)


def test_a_leaver_hands_its_home_to_its_only_other_membership(federation):
    begin(federation, A, B)
    begin(federation, B, org=federation.erqi)
    batch = rehearse(federation, A)
    decide(federation, batch, "乙示例公司")
    finish(federation, batch)
    homes = Span.objects.filter(entity__name="乙示例公司").on(LATER).values_list("org__code", "home")
    assert list(homes) == [("410103", True)]
    assert set(Movement.objects.filter(batch=batch).values_list("kind", flat=True)) == {"rehomed", "left"}


def test_what_stands_in_the_way_is_said_and_does_not_stop_the_others(federation):
    begin(federation, A, B, C)
    for org in (federation.erqi, federation.textile):
        begin(federation, B, org=org)
    begin(federation, f"丁示例公司,{uscc(4)}", on=LATER)
    end_membership(membership=Membership.objects.get(entity__name="丙示例公司"), on=LAST, actor=federation.alice)
    batch = rehearse(federation)
    assert absences(batch) == [
        ("丁示例公司", "joined_that_day", ""),
        ("丙示例公司", "later_entries", ""),
        ("乙示例公司", "several_homes", ""),
        ("甲示例公司", "", ""),
    ]
    with pytest.raises(ImportRefused) as refusal:
        decide(federation, batch, "乙示例公司")
    assert (refusal.value.code, refusal.value.detail) == ("cannot_leave", "乙示例公司")
    decide(federation, batch, "甲示例公司")
    assert finish(federation, batch).preview["counts"] == {"left": 1}


def test_an_obstacle_that_arose_since_keeps_the_member_and_the_rest_is_booked(federation):
    begin(federation, A, B, C)
    batch = rehearse(federation, A)
    for name in ("乙示例公司", "丙示例公司"):
        decide(federation, batch, name)
    preview_batch(batch=batch, actor=federation.alice)
    end_membership(membership=Membership.objects.get(entity__name="丙示例公司"), on=LAST, actor=federation.alice)
    assert dict(commit_batch(batch=batch, actor=federation.alice).counts) == {"already_booked": 1, "left": 1}
    assert absences(batch) == [("丙示例公司", "later_entries", "left"), ("乙示例公司", "", "left")]


# Taking back ------------------------------------------------------------


def test_an_import_that_only_ends_members_can_be_taken_back(federation):
    begin(federation, A, B)
    begin(federation, B, org=federation.erqi)
    batch = rehearse(federation, A)
    decide(federation, batch, "乙示例公司")
    assert undo_batch(batch=finish(federation, batch), actor=federation.alice) == 2
    assert members_of(federation.jinshui) == {"甲示例公司", "乙示例公司"}
    assert dict(Span.objects.filter(entity__name="乙示例公司").on(LAST).values_list("org__code", "home")) == {
        "410105": True,
        "410103": False,
    }
    assert [check.name for check in verify_register() if not check.ok] == []


def test_whoever_came_back_stands_in_the_way_of_taking_it_back(federation):
    begin(federation, A, B)
    batch = rehearse(federation, A)
    decide(federation, batch, "乙示例公司")
    finish(federation, batch)
    gone = Membership.objects.select_related("entity").get(entity__name="乙示例公司")
    leg = gone.legs.first()
    terms = {"category": leg.category, "profile": leg.profile_id, "on": LAST}
    admit(entity=gone.entity, org=federation.jinshui, **terms, actor=federation.alice)
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=batch, actor=federation.alice)
    assert refusal.value.code == "blocked"
    assert refusal.value.detail.startswith("乙示例公司")


# The rule ------------------------------------------------------------

_OPEN = (DAY, None)


@pytest.mark.parametrize(
    ("stretches", "ending"),
    [
        ([("here", *_OPEN, True)], Ending()),
        ([("here", LATER, None, True)], Ending("joined_that_day")),
        ([("here", DAY, LAST, True)], Ending("later_entries")),
        ([("here", DAY, LAST, True), ("here", LAST, None, True)], Ending("later_entries")),
        ([("here", *_OPEN, False), ("there", *_OPEN, True)], Ending()),
        ([("here", *_OPEN, True), ("there", *_OPEN, False)], Ending(heir="there")),
        ([("here", *_OPEN, True), ("there", DAY, LAST, False)], Ending("later_entries")),
        ([("here", *_OPEN, True), ("there", LAST, None, False)], Ending("later_entries")),
        ([("here", *_OPEN, True), ("there", DAY, LATER, False)], Ending()),
        ([("here", *_OPEN, True), ("there", *_OPEN, False), ("yonder", *_OPEN, False)], Ending("several_homes")),
    ],
)
def test_how_a_membership_would_end(stretches, ending):
    assert ending_of("here", [Stretch(*stretch) for stretch in stretches], LATER) == ending


# Dry run and commit ------------------------------------------------------------

_lines = st.lists(
    st.sampled_from([A, B, C, "甲示例公司,", "乙示例公司,", f"丁示例公司,{ACME}", f"戊示例公司,{WRONG}"]), max_size=4
)
_rosters = st.lists(
    st.tuples(
        _lines,
        st.sampled_from(["410105", "410103", "410105-sh-001"]),
        st.sampled_from([DAY, LATER, LAST]),
        st.booleans(),
        st.lists(st.sampled_from(["left", "left", "stays", ""]), min_size=4, max_size=4),
    ),
    min_size=2,
    max_size=6,
)


def decide_everything(federation: LittleFederation, batch: Batch, words: list[str]) -> None:
    """Doubtful rows are other firms where that may be said; absences are decided by the words."""
    for row in batch.rows().filter(verdict="doubtful", finding__choices__contains=["different"]):
        decide_row(row=row, choice="different", actor=federation.alice)
    for absence, word in zip(batch.absences.order_by("pk"), words, strict=False):
        if word and not (word == "left" and absence.obstacle):
            decide_absence(absence=absence, choice=word, reason="示例", actor=federation.alice)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters=_rosters, large=st.booleans())
def test_a_dry_run_with_leavers_is_the_commit_and_what_can_be_taken_back_is(federation, rosters, large):
    with transaction.atomic(), as_if_large(large):
        batches = []
        for lines, code, day, complete, words in rosters:
            batch = rehearse(federation, *lines, org=federation.orgs[code], on=day, complete=complete)
            decide_everything(federation, batch, words)
            batches.append(finish(federation, batch))
        for batch in reversed(batches):
            undo_batch(batch=batch, actor=federation.alice)
        assert Span.objects.count() == 0
        assert [check.name for check in verify_register() if not check.ok] == []
        transaction.set_rollback(True)
