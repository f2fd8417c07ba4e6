"""What a roster does to the register: the real kind, through the real machine, from bytes to figures and back."""

from datetime import date

import pytest

from shanglian.imports.actions import (
    ImportRefused,
    IncomingFile,
    commit_batch,
    preview_batch,
    read_batch,
    receive_file,
    undo_batch,
)
from shanglian.members.core.kinds import Count
from shanglian.members.models import Entity, Movement, Span
from shanglian.members.questions import Question, movements, statistics
from shanglian.members.verification import verify_register
from tests.factories.members import make_member
from tests.little_federation import LittleFederation, little_federation
from tests.sample_codes import uscc

DAY = date(2013, 12, 31)
LATER = date(2014, 12, 31)
ACME, BRAVO, CEDAR = (uscc(n) for n in (1, 2, 3))


@pytest.fixture
def federation(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


def roster(*lines: str, columns: str = "企业名称,统一社会信用代码,入会时间") -> bytes:
    return "\n".join([columns, *lines]).encode()


def read(federation, data, *, org=None, on=DAY, history=False, complete=False):
    org = org or federation.jinshui
    file = IncomingFile("roster.csv", data)
    terms = {"kind": "roster", "files": [file], "on": on, "history": history, "complete": complete}
    return read_batch(batch=receive_file(org=org, **terms, actor=federation.alice), actor=federation.alice)


def commit(federation, data, **terms):
    """Counts of the commit, which are those of the dry run before it."""
    batch = read(federation, data, **terms)
    rehearsed = preview_batch(batch=batch, actor=federation.alice).preview["counts"]
    booking = commit_batch(batch=batch, actor=federation.alice)
    assert dict(booking.counts) == rehearsed
    assert [check.name for check in verify_register() if not check.ok] == []
    return batch, dict(booking.counts)


def heads(federation, org, on=DAY) -> int:
    return int(statistics(Question(org), on=on, by=[])["total"])


TWO = roster(f"甲示例公司,{ACME},2010-05-01", f"乙示例公司,{BRAVO},2012")


def test_a_first_roster_is_an_opening_stock(federation):
    _, counts = commit(federation, TWO)
    assert counts == {"opening": 2}
    table = movements(Question(federation.jinshui), since=date(2013, 1, 1), until=DAY, by=[])["total"]
    assert (table["opening"], table["joined"], table["taken_over"], table["closing"]) == (2, 0, 2, 2)


def test_the_same_file_again_books_nothing(federation):
    commit(federation, TWO)
    _, counts = commit(federation, TWO)
    assert counts == {"already_booked": 2}
    assert heads(federation, federation.jinshui) == 2


def test_a_row_without_a_number_is_not_booked_twice_from_the_same_file(federation):
    nameless = roster("丙示例公司,,2010")
    commit(federation, nameless)
    _, counts = commit(federation, nameless)
    assert counts == {"already_booked": 1}


def test_a_later_roster_books_joins_on_its_day(federation):
    commit(federation, TWO)
    _, counts = commit(federation, roster(f"甲示例公司,{ACME},", f"丙示例公司,{CEDAR},"), on=LATER)
    assert counts == {"already_booked": 1, "joined": 1}
    assert (heads(federation, federation.jinshui), heads(federation, federation.jinshui, LATER)) == (2, 3)


def test_with_the_history_full_dates_become_joins_on_them(federation):
    _, counts = commit(federation, TWO, history=True)
    assert counts == {"joined": 1, "opening": 1}
    assert heads(federation, federation.jinshui, date(2010, 4, 30)) == 0
    assert heads(federation, federation.jinshui, date(2010, 5, 1)) == 1


def test_a_firm_of_another_county_gets_a_further_membership_and_is_counted_once(federation):
    commit(federation, TWO)
    _, counts = commit(federation, roster(f"甲示例公司,{ACME},"), org=federation.erqi, on=LATER)
    assert counts == {"opening": 1}
    assert heads(federation, federation.zhengzhou, LATER) == 2
    question = Question(federation.zhengzhou, Count.MEMBERSHIPS)
    assert statistics(question, on=LATER, by=["org"])["rows"] == [
        {"org": "410103", "value": 1},
        {"org": "410105", "value": 2},
    ]


def test_a_name_alone_is_never_merged(federation):
    commit(federation, roster("丙示例公司,,"))
    batch, counts = commit(federation, roster(f"丙示例公司,{CEDAR},"), on=LATER)
    assert counts == {"doubtful": 1}
    assert batch.rows().get().verdict_reasons == ["same_name_in_register"]
    assert heads(federation, federation.jinshui, LATER) == 1


def test_two_firms_of_one_name_with_different_codes_are_two_members(federation):
    commit(federation, roster(f"丙示例公司,{CEDAR},"))
    _, counts = commit(federation, roster(f"丙示例公司,{ACME},"), on=LATER)
    assert counts == {"joined": 1}


def test_a_member_on_other_days_is_left_to_a_person(federation):
    commit(federation, roster(f"甲示例公司,{ACME},"), on=LATER)
    _, counts = commit(federation, roster(f"甲示例公司,{ACME},"), on=DAY)
    assert counts == {"doubtful": 1}


def test_a_home_that_begins_only_later_elsewhere_is_left_to_a_person(federation):
    commit(federation, roster(f"甲示例公司,{ACME},"), org=federation.erqi, on=LATER)
    _, counts = commit(federation, roster(f"甲示例公司,{ACME},"), on=DAY)
    assert counts == {"doubtful": 1}


def test_a_complete_roster_names_who_is_missing_and_ends_nobody(federation):
    commit(federation, TWO)
    batch = read(federation, roster(f"甲示例公司,{ACME},"), on=LATER, complete=True)
    preview_batch(batch=batch, actor=federation.alice)
    assert list(batch.absences.values_list("title", "choice")) == [("乙示例公司", "")]
    commit_batch(batch=batch, actor=federation.alice)
    assert heads(federation, federation.jinshui, LATER) == 2


def test_undoing_reverses_every_entry_and_the_file_can_be_booked_again(federation):
    batch, _ = commit(federation, TWO)
    assert undo_batch(batch=batch, actor=federation.alice) == 2
    assert heads(federation, federation.jinshui) == 0
    assert Movement.objects.count() == 4
    _, counts = commit(federation, TWO)
    assert counts == {"opening": 2}
    assert Entity.objects.count() == 2


def test_undoing_is_refused_while_later_entries_build_on_it(federation):
    batch, _ = commit(federation, TWO)
    acme = Entity.objects.get(name="甲示例公司")
    make_member(federation.textile, LATER, federation.alice, entity=acme)
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=batch, actor=federation.alice)
    assert refusal.value.code == "blocked"
    assert "甲示例公司" in refusal.value.detail
    assert heads(federation, federation.jinshui) == 2


def test_categories_follow_the_roster_and_else_the_code(federation):
    columns = "企业名称,统一社会信用代码,会员类别"
    lines = [f"甲示例公司,{ACME},团体会员", f"乙示例面馆,{uscc(4, '92')},", f"丙示例商会,{uscc(5, '51')},"]
    commit(federation, roster(*lines, columns=columns))
    assert dict(Span.objects.values_list("entity__name", "category")) == {
        "甲示例公司": "group",
        "乙示例面馆": "individual",
        "丙示例商会": "group",
    }


def test_every_booked_row_leads_back_to_its_cells(federation):
    commit(federation, TWO)
    movement = Movement.objects.get(legs__membership__entity__name="甲示例公司")
    row = movement.source_row
    assert (row.source_file.name, row.sheet, row.number) == ("roster.csv", "csv", 2)
    assert row.cells == ["甲示例公司", ACME, "2010-05-01"]
