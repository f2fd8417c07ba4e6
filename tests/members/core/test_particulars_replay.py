"""Which value of a particular holds on a day, and what a roster's row says otherwise: pure, by examples."""

from datetime import date

import pytest

from shanglian.members.core.particulars import (
    CountedAs,
    Fact,
    Field,
    Known,
    counted_otherwise,
    holding,
    said_otherwise,
)

FIRST, SECOND, THIRD = date(2013, 12, 31), date(2014, 12, 31), date(2015, 12, 31)
DAY = THIRD


def fact(key: int, value: str, since: date | None, *, recorded: int | None = None, reverses: int | None = None) -> Fact:
    return Fact(key, "legal_rep", value, since, key if recorded is None else recorded, reverses)


def value(facts: list[Fact], on: date | None = None, known: int | None = None) -> str | None:
    held = holding(facts, on=on, known=known).get("legal_rep")
    return held.value if held else None


def test_the_latest_that_has_begun_holds():
    facts = [fact(1, "甲", FIRST), fact(2, "乙", SECOND)]
    assert [value(facts, day) for day in (FIRST, date(2014, 12, 30), SECOND, None)] == ["甲", "甲", "乙", "乙"]


def test_a_backdated_fact_holds_until_the_next_one():
    facts = [fact(1, "甲", SECOND), fact(2, "丙", THIRD), fact(3, "乙", FIRST)]
    assert [value(facts, day) for day in (FIRST, SECOND, THIRD, None)] == ["乙", "甲", "丙", "丙"]


def test_before_the_first_day_the_earliest_holds():
    assert value([fact(1, "甲", SECOND), fact(2, "乙", THIRD)], FIRST) == "甲"
    assert value([fact(1, "甲", None), fact(2, "乙", THIRD)], FIRST) == "甲"


def test_of_one_day_the_last_entry_holds():
    assert value([fact(1, "甲", FIRST), fact(2, "乙", FIRST)], FIRST) == "乙"


def test_a_reversal_takes_out_what_it_reverses_from_the_moment_it_was_entered():
    facts = [fact(1, "甲", None), fact(2, "乙", SECOND), fact(3, "乙", SECOND, reverses=2)]
    assert [value(facts, SECOND, known) for known in (0, 1, 2, 3)] == [None, "甲", "乙", "甲"]


# What a row says otherwise ------------------------------------------------------------

KNOWN = Known("甲示例公司", "甲示例公司", "示例甲", ("037163950001",), "示例路1号(东)", "2010-05-01")
SAME = {
    "name": "甲 示例公司",
    "name_key": "甲示例公司",
    "legal_rep": "示例 甲",
    "phones": ["63950001"],
    "address": "示例路１号（东）",
    "founded": "2010-05-01",
    "founded_precision": "day",
}


def test_what_is_empty_or_only_spelt_otherwise_changes_nothing():
    assert said_otherwise(SAME, KNOWN, DAY) == {}
    assert said_otherwise({"name": "甲示例公司", "name_key": "甲示例公司"}, KNOWN, DAY) == {}


def test_every_particular_can_change():
    row = {
        "name": "甲新示例公司",
        "name_key": "甲新示例公司",
        "legal_rep": "示例乙",
        "phones": ["037163950001", "17000000001"],
        "address": "示例路2号",
        "founded": "2010-05-02",
        "founded_precision": "day",
    }
    assert said_otherwise(row, KNOWN, DAY) == {
        Field.NAME: "甲新示例公司",
        Field.LEGAL_REP: "示例乙",
        Field.PHONES: ["037163950001", "17000000001"],
        Field.ADDRESS: "示例路2号",
        Field.FOUNDED_ON: "2010-05-02",
    }


@pytest.mark.parametrize(("founded", "precision"), [("2010", "year"), ("2010-06", "month"), ("2016-01-01", "day")])
def test_a_founding_without_its_day_or_after_the_roster_is_no_change(founded, precision):
    assert said_otherwise({**SAME, "founded": founded, "founded_precision": precision}, KNOWN, DAY) == {}


def test_fewer_telephones_are_no_change_and_a_new_one_brings_the_whole_list():
    known = Known("甲示例公司", "甲示例公司", phones=("17000000001", "17000000002"))
    row = {"name": "甲示例公司", "name_key": "甲示例公司"}
    assert said_otherwise({**row, "phones": ["17000000002"]}, known, DAY) == {}
    assert said_otherwise({**row, "phones": ["17000000003"]}, known, DAY) == {Field.PHONES: ["17000000003"]}


@pytest.mark.parametrize(
    ("row", "counted"),
    [
        ({}, CountedAs("enterprise", "", "410105")),
        ({"member_type": "理事单位"}, CountedAs("enterprise", "", "410105")),
        ({"uscc": "52"}, CountedAs("enterprise", "", "410105")),  # derived, not said
        ({"member_type": "团体会员"}, CountedAs("group", "", "410105")),
        ({"industry_section": "C", "county_code": "410103"}, CountedAs("enterprise", "C", "410103")),
    ],
)
def test_a_membership_is_counted_by_what_the_row_itself_says(row, counted):
    assert counted_otherwise(row, CountedAs("enterprise", "", "410105")) == counted
