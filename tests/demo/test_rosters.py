from collections import Counter
from datetime import date

from shanglian.demo.firms import Firm
from shanglian.demo.rosters import LAST, OPENING, firms_of, plan_rosters, shares, write_roster


def test_the_opening_rosters_together_hold_the_members_asked_for():
    openings = [roster for roster in plan_rosters(27_800) if roster.on == OPENING]

    assert len(openings) == 13
    assert sum(roster.count for roster in openings) == sum(shares(27_800).values()) == 27_800


def test_numbers_of_firms_follow_one_another_without_gaps():
    rosters = plan_rosters(3000)

    assert [roster.first for roster in rosters[1:]] == [r.first + r.count for r in rosters[:-1]]


def test_new_members_come_year_by_year_until_the_middle_of_2016():
    later = [roster for roster in plan_rosters(3000) if roster.on != OPENING]

    assert {(roster.history_from, roster.on) for roster in later} == {
        (date(2014, 1, 1), date(2014, 12, 31)),
        (date(2015, 1, 1), date(2015, 12, 31)),
        (date(2016, 1, 1), LAST),
    }


def test_a_roster_written_twice_is_the_same_file():
    roster = plan_rosters(300)[4]

    assert write_roster(roster, seed=1) == write_roster(roster, seed=1)
    assert write_roster(roster, seed=1) != write_roster(roster, seed=2)


def test_a_roster_is_a_sheet_with_title_headings_and_one_line_per_firm():
    roster = plan_rosters(300)[4]
    title, headings, *lines = write_roster(roster, seed=1).decode("utf-8-sig").splitlines()

    assert title == "金水区工商联会员名册（示例数据，非真实企业）"
    assert headings.split(",")[:3] == ["序号", "会员名称", "统一社会信用代码"]
    assert [line.split(",")[1] for line in lines] == [firm.name for firm in firms_of(roster, seed=1)]


def test_new_members_carry_the_day_they_joined_on():
    roster = next(r for r in plan_rosters(300) if r.history_from == date(2015, 1, 1) and r.org == "410105")
    lines = write_roster(roster, seed=1).decode("utf-8-sig").splitlines()[2:]
    days = [date.fromisoformat(line.split(",")[7]) for line in lines]

    assert all(date(2015, 1, 1) <= day <= date(2015, 12, 31) for day in days)


def opening_firms(members: int) -> list[Firm]:
    return [f for r in plan_rosters(members) if r.on == OPENING for f in firms_of(r, seed=1)]


def test_the_opening_has_the_shares_the_plan_starts_from():
    firms = opening_firms(27_800)
    types = Counter(firm.member_type for firm in firms)
    private = sum(firm.registered_as.startswith("私营") for firm in firms)

    assert round(types["企业会员"] / len(firms), 2) == 0.43
    assert round(private / 52_000, 2) == 0.23
    assert sum(firm.name.endswith("商会") for firm in firms) == 90


def test_chambers_founded_while_the_plan_runs_join_in_the_year_they_are_founded():
    joining = [(r, c) for r in plan_rosters(27_800) if r.history_from for c in r.chambers]

    assert len(joining) == 14
    assert all(r.history_from <= c.since <= r.on for r, c in joining)


def test_a_small_demo_has_few_chambers_among_its_members():
    assert sum(firm.name.endswith("商会") for firm in opening_firms(300)) <= 3
