"""A superior's roster with an organisation column: a row is booked where its cell says, or left out with the reason."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanglian.directory.actions import appoint
from shanglian.directory.core.rights import Role
from shanglian.directory.models import User
from shanglian.directory.queries import system_user
from shanglian.imports.actions import ImportRefused, commit_batch, decide_absence, decide_row, preview_batch, undo_batch
from shanglian.imports.models import Batch
from shanglian.members.core.places import Named, find_place, index_of
from shanglian.members.models import Entity, Movement, Span
from shanglian.members.verification import verify_register
from tests.little_federation import LittleFederation, little_federation
from tests.members.roster_steps import DAY, LATER, as_if_large, commit, decide_somehow, keeper_of, read, said
from tests.sample_codes import uscc

ACME, BRAVO, CEDAR = (uscc(n) for n in (1, 2, 3))
HEADINGS = "企业名称,统一社会信用代码,法定代表人,所属工商联"


@pytest.fixture
def federation(db, settings, tmp_path) -> LittleFederation:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return little_federation()


@pytest.fixture
def keeper(federation) -> User:
    """Clerk of both counties, and officer of the city."""
    appoint(federation.bob, org=federation.zhengzhou, role=Role.OFFICER, on=DAY, actor=federation.adam)
    return keeper_of(federation, federation.jinshui)


def rehearse(federation: LittleFederation, actor: User, *lines: str, **terms) -> Batch:
    batch = read(federation, *lines, headings=HEADINGS, **{"org": federation.zhengzhou} | terms)
    return preview_batch(batch=batch, actor=actor)


def finish(batch: Batch, actor: User) -> Batch:
    """After the commit, whose counts are those of the dry run before it."""
    rehearsed = preview_batch(batch=batch, actor=actor).preview
    booking = commit_batch(batch=batch, actor=actor)
    assert (dict(booking.counts), booking.recorded) == (rehearsed["counts"], rehearsed["recorded"])
    assert [check.name for check in verify_register() if not check.ok] == []
    batch.refresh_from_db()
    return batch


def where() -> dict[str, list[str]]:
    """Name → organisations on LATER, the home first."""
    found: dict[str, list[str]] = {}
    for name, code in Span.objects.on(LATER).order_by("-home", "org").values_list("entity__name", "org__code"):
        found.setdefault(name, []).append(code)
    return found


CITY = (
    f"甲示例公司,{ACME},示例甲,郑州市金水区工商业联合会",
    f"乙示例公司,{BRAVO},示例乙,二七区工商联",
    f"丙示例公司,{CEDAR},示例丙,",
)


def test_each_row_is_booked_where_its_cell_says_and_an_empty_one_at_the_rosters_own(federation, keeper):
    batch = finish(rehearse(federation, keeper, *CITY), keeper)
    assert said(batch) == [("opening", [])] * 3
    assert where() == {"甲示例公司": ["410105"], "乙示例公司": ["410103"], "丙示例公司": ["410100"]}


def test_an_organisation_that_had_members_before_gets_joiners_and_a_new_one_its_stock(federation, keeper):
    commit(federation, f"丁示例公司,{uscc(4)},,,,")
    batch = finish(rehearse(federation, keeper, *CITY, on=LATER), keeper)
    assert [verdict for verdict, _codes in said(batch)] == ["joined", "opening", "opening"]


def test_the_same_file_again_says_nothing_new_and_a_later_one_what_changed_where_the_row_belongs(federation, keeper):
    finish(rehearse(federation, keeper, *CITY), keeper)
    assert said(rehearse(federation, keeper, *CITY)) == [("already_booked", [])] * 3
    later = rehearse(federation, keeper, f"乙示例公司,{BRAVO},示例丁,410103", on=LATER)
    assert said(later) == [("changed", [])]


def test_all_of_it_is_taken_back_together(federation, keeper):
    batch = finish(rehearse(federation, keeper, *CITY), keeper)
    assert undo_batch(batch=batch, actor=keeper) == 3
    assert Span.objects.count() == 0


def test_it_is_not_taken_back_by_who_may_not_commit_at_all_of_them(federation, keeper):
    batch = finish(rehearse(federation, keeper, *CITY), keeper)
    with pytest.raises(ImportRefused) as refusal:
        undo_batch(batch=batch, actor=federation.olivia)
    assert refusal.value.code == "undo_not_yours"
    assert undo_batch(batch=batch, actor=system_user()) == 3


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("示例区工商联", "org_unknown"),
        ("开封市龙亭区工商业联合会", "org_not_below"),
        ("郑州市温州商会（示例）", "org_not_yours"),
        ("郑州航空港经济综合实验区", "org_unknown"),  # no federation on that day
    ],
)
def test_a_cell_that_names_none_of_ours_leaves_its_row_out_and_the_rest_goes_on(federation, keeper, cell, code):
    batch = finish(rehearse(federation, keeper, f"甲示例公司,{ACME},,{cell}", CITY[1]), keeper)
    assert said(batch) == [("reject", [code]), ("opening", [])]
    assert where() == {"乙示例公司": ["410103"]}


def test_rights_at_one_county_are_none_at_the_other(federation):
    appoint(federation.alice, org=federation.zhengzhou, role=Role.OFFICER, on=DAY, actor=federation.adam)
    batch = rehearse(federation, federation.alice, *CITY)
    assert said(batch) == [("opening", []), ("reject", ["org_not_yours"]), ("opening", [])]


def moved_roster(federation: LittleFederation, keeper: User, **terms) -> Batch:
    finish(rehearse(federation, keeper, *CITY), keeper)
    return rehearse(federation, keeper, f"甲示例公司,{ACME},示例甲,二七区", *CITY[1:], on=LATER, **terms)


@pytest.mark.parametrize(("complete", "proposed"), [(False, None), (True, "moved")])
def test_a_home_at_another_of_the_rosters_organisations_is_asked_about(federation, keeper, complete, proposed):
    batch = moved_roster(federation, keeper, complete=complete)
    assert said(batch)[0] == ("doubtful", ["home_elsewhere"])
    finding = batch.rows().first().finding
    assert (finding["choices"], finding.get("proposed")) == (["moved", "same", "skip"], proposed)
    assert finding["lands"] == federation.erqi.pk
    assert batch.absences.count() == 0


@pytest.mark.parametrize(
    ("choice", "verdict", "places"),
    [("moved", "moved", ["410103"]), ("same", "joined", ["410105", "410103"]), ("skip", "left_out", ["410105"])],
)
def test_what_is_said_of_it_is_booked(federation, keeper, choice, verdict, places):
    batch = moved_roster(federation, keeper, complete=True)
    target = Entity.objects.get(name="甲示例公司").pk
    decide_row(row=batch.rows().first(), choice=choice, target=target, actor=keeper)
    assert finish(batch, keeper).rows().first().verdict == verdict
    assert where()["甲示例公司"] == places
    undo_batch(batch=batch, actor=keeper)
    assert where()["甲示例公司"] == ["410105"]


def test_a_home_outside_the_roster_is_only_offered(federation, keeper):
    commit(federation, f"甲示例公司,{ACME},,,,", org=federation.longting)
    batch = rehearse(federation, keeper, f"甲示例公司,{ACME},,金水区", on=LATER)
    assert said(batch) == [("opening", ["also_elsewhere"])]


def test_a_complete_roster_misses_the_members_of_all_it_names_and_of_no_other(federation, keeper):
    finish(rehearse(federation, keeper, *CITY), keeper)
    commit(federation, f"戊示例公司,{uscc(5)},,,,", org=federation.textile)
    batch = rehearse(
        federation, keeper, f"己示例公司,{uscc(6)},,金水区", f"庚示例公司,{uscc(7)},,二七区", on=LATER, complete=True
    )
    assert sorted(batch.absences.values_list("title", flat=True)) == ["乙示例公司", "甲示例公司"]


def test_who_is_missed_at_two_places_is_ended_at_both(federation, keeper):
    for org in (federation.jinshui, federation.erqi):
        commit(federation, f"甲示例公司,{ACME},,,,", org=org)
    lines = (f"己示例公司,{uscc(6)},,金水区", f"庚示例公司,{uscc(7)},,二七区")
    batch = rehearse(federation, keeper, *lines, on=LATER, complete=True)
    for absence in batch.absences.all():
        decide_absence(absence=absence, choice="left", reason="示例", actor=keeper)
    finish(batch, keeper)
    assert batch.preview["counts"] == {"joined": 2, "left": 2}
    assert "甲示例公司" not in where()
    undo_batch(batch=batch, actor=keeper)
    assert where()["甲示例公司"] == ["410105", "410103"]
    assert not Movement.objects.filter(kind="rehomed").exists()


# Names ------------------------------------------------------------

INDEX = index_of(
    [
        Named(1, "410100", "郑州市工商业联合会", "郑州市"),
        Named(2, "410105", "郑州市金水区工商业联合会", "金水区"),
        Named(3, "410103", "郑州市二七区工商业联合会", "二七区"),
        Named(4, "410105-sh-001", "金水区纺织商会（示例）", "纺织商会"),
        Named(5, "410103-sh-001", "二七区纺织商会（示例）", "纺织商会"),
        Named(6, "410202", "开封市龙亭区工商业联合会", "龙亭区"),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("410105", (2, "")),
        ("410105-SH-001", (4, "")),
        ("郑州市金水区工商业联合会", (2, "")),
        (" 金水区　工商联", (2, "")),
        ("郑州市金水区总商会", (2, "")),
        ("金水区", (2, "")),
        ("郑州市工商联", (1, "")),
        ("金水区纺织商会(示例)", (4, "")),
        ("纺织商会", (None, "org_several")),
        ("龙亭区", (None, "org_not_below")),
        ("金水", (None, "org_unknown")),
        ("工商联", (None, "org_unknown")),
    ],
)
def test_what_a_cell_names(text, found):
    assert find_place(text, INDEX, {1, 2, 3, 4, 5}) == found


# Dry run and commit ------------------------------------------------------------

_firms = st.sampled_from([f"甲示例公司,{ACME}", f"乙示例公司,{BRAVO}", "丙示例公司,"])
_cells = st.sampled_from(["", "金水区", "二七区工商联", "410105-sh-001", "无此组织"])
_lines = st.lists(st.builds(lambda firm, cell: f"{firm},,{cell}", _firms, _cells), min_size=1, max_size=4)
_rosters = st.lists(
    st.tuples(
        _lines,
        st.sampled_from([DAY, LATER]),
        st.booleans(),
        st.lists(st.integers(0, 3), min_size=4, max_size=4),
        st.lists(st.sampled_from(["left", "left", "stays", ""]), min_size=4, max_size=4),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rosters=_rosters, large=st.booleans())
def test_a_dry_run_with_several_organisations_is_the_commit_and_all_of_it_can_be_taken_back(federation, rosters, large):
    with transaction.atomic(), as_if_large(large):
        keeper = keeper_of(federation, federation.jinshui, federation.textile, federation.zhengzhou)
        batches = []
        for lines, day, complete, words, partings in rosters:
            batch = rehearse(federation, keeper, *lines, on=day, complete=complete)
            decide_somehow(batch, words, keeper)
            for absence, parting in zip(batch.absences.order_by("pk"), partings, strict=False):
                if parting and not (parting == "left" and absence.obstacle):
                    decide_absence(absence=absence, choice=parting, reason="示例", actor=keeper)
            batches.append(finish(batch, keeper))
        for batch in reversed(batches):
            undo_batch(batch=batch, actor=keeper)
        assert Span.objects.count() == 0
        assert [check.name for check in verify_register() if not check.ok] == []
        transaction.set_rollback(True)
