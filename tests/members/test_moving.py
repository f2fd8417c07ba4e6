"""A firm whose home is elsewhere has moved here: said by a person who keeps both registers, booked as one movement."""

from datetime import date

import pytest

from shanglian.archive.models import LogEntry
from shanglian.directory.actions import appoint
from shanglian.directory.core.rights import Role
from shanglian.directory.models import User
from shanglian.imports.actions import ImportRefused, decide_row, preview_batch, read_batch, undo_batch
from shanglian.imports.kinds import import_kind
from shanglian.imports.models import Batch
from shanglian.members.actions.memberships import end_membership, move_membership
from shanglian.members.core.kinds import Kind
from shanglian.members.core.moving import Stay, home_to_leave
from shanglian.members.models import Entity, Leg, Membership, Movement, Span
from tests.little_federation import LittleFederation, little_federation
from tests.members.roster_steps import DAY, LATER, commit, finish, keeper_of, rehearse, said
from tests.sample_codes import uscc

ACME, CEDAR = uscc(1), uscc(3)
NEXT = date(2015, 12, 31)


@pytest.fixture
def federation(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


@pytest.fixture
def keeper(federation) -> User:
    return keeper_of(federation, federation.jinshui)


def claimed(federation: LittleFederation, line: str = f"甲示例公司,{ACME},,,,") -> Batch:
    """A member of Jinshui that stands in a later roster of Erqi."""
    commit(federation, f"甲示例公司,{ACME},,,,")
    return rehearse(federation, line, org=federation.erqi, on=LATER)


def say(batch: Batch, choice: str, actor: User) -> Batch:
    """The dry run after a word about the only row."""
    target = Entity.objects.get().pk
    decide_row(row=batch.rows().get(), choice=choice, target=target, reason="示例", actor=actor)
    return preview_batch(batch=batch, actor=actor)


def homes() -> list[tuple[str, bool, date, date | None]]:
    return [
        (span.org.code, span.home, span.during.lower, span.during.upper)
        for span in Span.objects.select_related("org").order_by("during", "pk")
    ]


def test_without_a_word_it_becomes_a_further_membership_and_the_move_is_offered(federation):
    batch = claimed(federation)
    finding, jinshui = batch.rows().get().finding, federation.jinshui.pk
    assert said(batch) == [("opening", ["also_elsewhere"])]
    assert finding == {
        "candidates": [{"target": Entity.objects.get().pk, "reasons": ["same_number"], "leaves": jinshui}],
        "offers": ["moved", "same", "skip"],
    }


def test_a_move_is_one_movement_of_the_rosters_day_and_the_count_above_stays(federation, keeper):
    batch = say(claimed(federation), "moved", keeper)
    assert said(batch) == [("moved", [])]
    assert batch.preview["counts"] == {"moved": 1}
    assert batch.rows().get().finding["changes"] == [
        {"field": "org", "old": "郑州市金水区工商业联合会", "new": "郑州市二七区工商业联合会"}
    ]
    finish(federation, batch)
    assert homes() == [("410105", True, DAY, LATER), ("410103", True, LATER, None)]
    movement = Movement.objects.get(kind=Kind.MOVED)
    assert (movement.effective_on, movement.source_row) == (LATER, batch.rows().get())
    assert LogEntry.objects.get(verb="import.decide").detail["leaves"] == "410105"


def test_what_the_row_says_is_counted_and_the_rest_stays_as_it_was(federation, keeper):
    commit(federation, f"甲示例公司,{ACME},企业,C,", headings="企业名称,统一社会信用代码,会员类型,行业门类,法定代表人")
    batch = rehearse(
        federation, f"甲示例新公司,{ACME},团体,示例甲", org=federation.erqi, on=LATER,
        headings="企业名称,统一社会信用代码,会员类型,法定代表人",
    )  # fmt: skip
    finish(federation, say(batch, "moved", keeper))
    span = Span.objects.get(org=federation.erqi)
    assert (span.category, span.profile) == ("group", Span.objects.get(org=federation.jinshui).profile)
    assert Entity.objects.get().name == "甲示例新公司"


@pytest.mark.parametrize(
    ("choice", "verdict", "spans"), [("same", "opening", 2), ("skip", "left_out", 1), ("moved", "moved", 2)]
)
def test_a_mind_may_be_changed_until_the_commit(federation, keeper, choice, verdict, spans):
    batch = claimed(federation)
    for word in ("moved", "same", "skip", choice):
        say(batch, word, keeper)
    finish(federation, batch)
    assert (batch.rows().get().verdict, Span.objects.count()) == (verdict, spans)


@pytest.mark.parametrize(
    ("who", "where"), [("alice", "郑州市二七区工商业联合会"), ("bob", "郑州市金水区工商业联合会"), ("olivia", "二七区")]
)
def test_only_who_may_commit_at_both_says_so_and_the_others_are_told_where_not(federation, who, where):
    batch = claimed(federation)
    with pytest.raises(ImportRefused) as refusal:
        say(batch, "moved", getattr(federation, who))
    assert refusal.value.code == "move_not_yours"
    assert where in refusal.value.detail
    assert not batch.rows().filter(decision__isnull=False).exists()


def test_a_namesake_may_be_known_again_and_have_moved_in_one_word(federation, keeper):
    commit(federation, "丙示例公司,,,,,", org=federation.textile)
    appoint(keeper, org=federation.textile, role=Role.CLERK, on=DAY, actor=federation.adam)
    batch = rehearse(federation, f"丙示例公司,{CEDAR},,,,", on=LATER)
    assert batch.rows().get().finding["choices"] == ["moved", "same", "different", "skip"]
    finish(federation, say(batch, "moved", keeper))
    assert said(batch) == [("moved", ["number_added"])]
    assert homes() == [("410105-sh-001", True, DAY, LATER), ("410105", True, LATER, None)]


def test_the_word_outlives_reading_the_same_file_again(federation, keeper):
    batch = say(claimed(federation), "moved", keeper)
    read_batch(batch=batch, actor=keeper)
    finish(federation, batch)
    assert said(batch) == [("moved", [])]


def test_a_home_that_is_elsewhere_by_now_is_asked_about_again(federation, keeper):
    batch = say(claimed(federation), "moved", keeper)
    move_membership(membership=Membership.objects.get(), to=federation.textile, on=date(2014, 6, 1), actor=keeper)
    again = preview_batch(batch=batch, actor=keeper)
    assert said(again) == [("doubtful", ["home_elsewhere", "decision_outdated"])]
    assert again.rows().get().finding["choices"] == ["moved", "same", "skip"]
    end_membership(membership=Membership.objects.get(org=federation.textile), on=date(2014, 7, 1), actor=keeper)
    again = preview_batch(batch=batch, actor=keeper)
    assert again.rows().get().finding["choices"] == ["same", "skip"]
    assert said(finish(federation, say(batch, "same", keeper))) == [("opening", [])]


def test_taken_back_the_home_is_where_it_was(federation, keeper):
    batch = finish(federation, say(claimed(federation), "moved", keeper))
    assert undo_batch(batch=batch, actor=keeper) == 1
    assert homes() == [("410105", True, DAY, None)]


def test_it_is_taken_back_by_who_keeps_both_registers(federation, keeper):
    batch = finish(federation, say(claimed(federation), "moved", keeper))
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=batch, actor=federation.carol)
    assert refusal.value.code == "undo_not_yours"
    assert "郑州市金水区工商业联合会" in refusal.value.detail


def test_the_import_that_opened_the_home_is_not_taken_back_before_the_move(federation, keeper):
    finish(federation, say(claimed(federation), "moved", keeper))
    first = Batch.objects.order_by("created_at").first()
    assert len(import_kind("roster").blockers(first)) == 1


@pytest.mark.parametrize("later", ["returned", "ended"])
def test_what_came_after_the_move_stands_in_the_way_of_taking_it_back(federation, keeper, later):
    batch = finish(federation, say(claimed(federation), "moved", keeper))
    if later == "returned":
        commit(federation, f"甲示例公司,{ACME},,,,", on=NEXT)
    else:
        end_membership(membership=Membership.objects.get(org=federation.erqi), on=NEXT, actor=keeper)
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=batch, actor=keeper)
    assert refusal.value.code == "blocked"


def test_the_same_file_again_finds_the_member_where_it_has_moved_to(federation, keeper):
    finish(federation, say(claimed(federation), "moved", keeper))
    again = rehearse(federation, f"甲示例公司,{ACME},,,,", org=federation.erqi, on=LATER)
    assert (said(again), again.rows().get().finding) == ([("already_booked", [])], None)
    assert Leg.objects.filter(line__startswith="moved").count() == 2


HOME = Stay(1, home=True, since=DAY, until=None)


@pytest.mark.parametrize(
    ("stays", "home"),
    [
        ([HOME], HOME),
        ([HOME, Stay(3, home=False, since=DAY, until=None)], HOME),
        ([], None),
        ([Stay(3, home=False, since=DAY, until=None)], None),
        ([HOME, Stay(2, home=False, since=DAY, until=None)], None),  # a further member already
        ([HOME, Stay(2, home=False, since=NEXT, until=None)], None),  # of a later day
        ([Stay(1, home=True, since=LATER, until=None)], None),  # began on the very day
        ([Stay(1, home=True, since=NEXT, until=None)], None),
        ([Stay(1, home=True, since=DAY, until=NEXT)], None),  # ends on a later day
        ([Stay(1, home=True, since=DAY, until=NEXT), Stay(1, home=True, since=NEXT, until=None)], None),
        ([Stay(2, home=True, since=DAY, until=LATER), Stay(1, home=True, since=date(2014, 1, 1), until=None)],
         Stay(1, home=True, since=date(2014, 1, 1), until=None)),
    ],
)  # fmt: skip
def test_which_home_could_move(stays, home):
    assert home_to_leave(stays, 2, LATER) == home
