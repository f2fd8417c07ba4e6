"""A list of posts against the register, without a database: what is the same, new, ended or for a person to decide."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.structure.core.comparing import Comparison, Outcome, Said
from shanglian.structure.core.holdings import Claim, Holding, Holdings, Precision, When, end_after

ON = date(2016, 12, 31)
SINGLE = frozenset({"chair"})


def when(text: str) -> When:
    return When.of(text)


def claim(person: str, title: str = "vice_chair", **said: object) -> Claim:
    days = {key: when(str(said.pop(key))) for key in ("since", "until") if key in said}
    return replace(Claim(1, person, person, title), **days, **said)  # type: ignore[arg-type]


def held(pk: int, person: str, title: str = "vice_chair", since: str = "2012-06", **more: object) -> Holding:
    until = {"until": when(str(more.pop("until")))} if "until" in more else {}
    return Holding(1, person, person, title, when(since), pk=pk, **until, **more)  # type: ignore[arg-type]


def compare(holdings: list[Holding], *rows: Claim | list[Claim], said: dict[int, Said] | None = None) -> Outcome:
    claims = {n: row if isinstance(row, list) else [row] for n, row in enumerate(rows, start=1)}
    return Comparison(Holdings.of(holdings), ON, SINGLE).compare(claims, said or {})


def state(holdings: Holdings) -> list[tuple[str, str, str, str]]:
    found = [(h.person, h.title, h.since.shown, h.until.shown if h.until else "") for h in holdings.all()]
    return sorted(found)


days = st.dates(date(1990, 1, 1), date(2030, 1, 1))
precisions = st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR])
whens = st.builds(
    lambda day, precision: when(day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]), days, precisions
)


@given(whens)
def test_a_day_known_to_its_month_or_year_stands_as_its_first_and_reads_back(one):
    assert when(one.text) == one
    assert one.day <= one.last
    assert one.last.isoformat().startswith(one.text)
    assert not (one.last + timedelta(days=1)).isoformat().startswith(one.text)


@given(whens, whens)
def test_an_end_leaves_at_least_a_day_and_keeps_what_it_says(since, until):
    end = end_after(since, until)
    if end is None:
        assert until.last <= since.day
    else:
        assert end.day > since.day
        assert end.text == until.text


@given(whens, whens)
def test_a_day_says_the_same_as_one_that_is_less_exact(exact, vague):
    assert exact.says_the_same_as(vague) == (vague.day <= exact.day and exact.last <= vague.last)


@given(
    st.lists(
        st.builds(
            claim,
            st.sampled_from("甲乙丙"),
            st.sampled_from(["chair", "vice_chair"]),
            since=whens.map(lambda w: w.text),
        )
    )
)
def test_a_list_is_the_same_when_it_is_read_again_and_nobody_holds_a_post_twice(claims):
    holdings = Holdings()
    first = Comparison(holdings, ON, SINGLE).compare({n: [one] for n, one in enumerate(claims)}, {})
    for number, one in enumerate(list(holdings.all())):
        one.pk, one.row, one.changed = number, None, False
    before = state(holdings)
    again = Comparison(holdings, ON, SINGLE).compare({n: [one] for n, one in enumerate(claims)}, {})
    booked = [row for row, verdict in first.verdicts.items() if verdict == "appointed"]
    assert [again.verdicts[row] for row in booked] == ["already_booked"] * len(booked)
    assert state(holdings) == before
    for group in holdings.by_post.values():
        for one in group:
            assert not any(other is not one and other.meets(one.since.day, one.until) for other in group)


def test_a_new_name_is_appointed_and_a_known_one_is_there_already():
    outcome = compare([held(7, "甲")], claim("甲", since="2012"), claim("乙", since="2013-01"))
    assert outcome.verdicts == {1: "already_booked", 2: "appointed"}
    assert outcome.changes == {}


def test_what_a_row_says_otherwise_is_a_change_and_what_it_leaves_empty_is_none():
    holdings = [held(7, "甲", since="2012", term=16, firm_name="示例旧厂", firm_key="示例旧厂")]
    outcome = compare(holdings, claim("甲", since="2012-06", term=17, firm_name="示例新厂", firm_key="示例新厂"))
    assert outcome.verdicts == {1: "changed"}
    assert outcome.changes == {
        1: [
            ("vice_chair", "since", "2012", "2012-06"),
            ("vice_chair", "term", "16", "17"),
            ("vice_chair", "firm", "示例旧厂", "示例新厂"),
        ]
    }
    assert compare([held(7, "甲", term=16)], claim("甲")).verdicts == {1: "already_booked"}


def test_an_end_in_the_list_ends_the_post():
    holdings = [held(7, "甲")]
    assert compare(holdings, claim("甲", until="2016-05")).verdicts == {1: "ended"}
    assert (holdings[0].until, holdings[0].changed) == (when("2016-05"), True)


def test_a_new_term_with_its_own_beginning_is_a_new_holding_and_the_old_one_ends_there():
    holdings = Holdings.of([held(7, "甲", since="2007-06", term=16)])
    outcome = Comparison(holdings, ON, SINGLE).compare({1: [claim("甲", since="2012-06", term=17)]}, {})
    assert outcome.verdicts == {1: "appointed"}
    assert state(holdings) == [
        ("甲", "vice_chair", "2007-06", "2012-06"),
        ("甲", "vice_chair", "2012-06", ""),
    ]


def test_the_terms_of_one_person_may_stand_in_any_order():
    rows = [claim("甲", since="2012-06", term=17), claim("甲", since="2007-06", term=16)]
    for order in (rows, rows[::-1]):
        holdings = Holdings()
        Comparison(holdings, ON, SINGLE).compare({n: [one] for n, one in enumerate(order)}, {})
        assert state(holdings) == [
            ("甲", "vice_chair", "2007-06", "2012-06"),
            ("甲", "vice_chair", "2012-06", ""),
        ]


@pytest.mark.parametrize(
    ("said", "verdict", "after"),
    [
        (None, "doubtful", [("甲", "chair", "2012-06", "")]),
        (Said("skip"), "left_out", [("甲", "chair", "2012-06", "")]),
        (Said("same", 7), "changed", [("乙", "chair", "2012-06", "")]),
        (Said("same", 8), "doubtful", [("甲", "chair", "2012-06", "")]),
        (Said("different"), "appointed", [("乙", "chair", "2016-05", ""), ("甲", "chair", "2012-06", "2016-05")]),
    ],
)
def test_a_post_of_one_person_passes_on_by_a_word_alone(said, verdict, after):
    holdings = Holdings.of([held(7, "甲", "chair")])
    row = claim("乙", "chair") if said == Said("same", 7) else claim("乙", "chair", since="2016-05")
    outcome = Comparison(holdings, ON, SINGLE).compare({1: [row]}, {1: said} if said else {})
    assert outcome.verdicts == {1: verdict}
    assert state(holdings) == after
    ((_claim, doubt),) = outcome.doubts[1]
    assert (doubt.code, [one.pk for one in doubt.holdings], doubt.choices) == (
        "held_by_another",
        [7],
        ("same", "different", "skip"),
    )


def test_a_former_holder_known_to_the_month_does_not_stand_in_the_way():
    holdings = [held(7, "甲", "chair", until="2016-05-20")]
    assert compare(holdings, claim("乙", "chair", since="2016-05")).verdicts == {1: "appointed"}


def test_an_earlier_holder_cannot_end_a_later_one():
    outcome = compare([held(7, "甲", "chair")], claim("乙", "chair", since="2010"))
    ((_claim, doubt),) = outcome.doubts[1]
    assert doubt.choices == ("same", "skip")


def test_two_holders_in_one_list_are_a_doubt_about_the_second():
    outcome = compare([], claim("甲", "chair", since="2012"), claim("乙", "chair", since="2016"))
    assert outcome.verdicts == {1: "appointed", 2: "doubtful"}
    ((_claim, doubt),) = outcome.doubts[2]
    assert (doubt.holdings, doubt.choices) == ((), ("different", "skip"))


def test_a_row_with_one_doubtful_post_books_none():
    holdings = Holdings.of([held(7, "甲", "chair")])
    row = [claim("乙", "chair", since="2016"), claim("乙", "president", since="2016")]
    outcome = Comparison(holdings, ON, SINGLE).compare({1: row}, {})
    assert (outcome.verdicts, state(holdings)) == ({1: "doubtful"}, [("甲", "chair", "2012-06", "")])


def test_an_ended_post_goes_on_by_a_word_alone():
    holdings = [held(7, "甲", since="2007", until="2012")]
    row = claim("甲", since="2006")
    assert compare(holdings, row).reasons == {1: ("post_has_ended",)}
    assert compare(holdings, row, said={1: Said("same", 7)}).verdicts == {1: "changed"}
    assert holdings[0].until is None


def test_an_end_without_a_beginning_is_nothing_to_book():
    outcome = compare([], claim("甲", until="2016"))
    assert (outcome.verdicts, outcome.reasons) == ({1: "doubtful"}, {1: ("beginning_missing",)})


def test_a_second_row_of_one_post_is_not_booked():
    outcome = compare([], claim("甲", since="2012"), [claim("甲", since="2012", term=17)], claim("甲", since="2012"))
    assert outcome.verdicts == {1: "appointed", 2: "conflict", 3: "duplicate"}
    assert outcome.reasons == {2: ("second_row_of_one_post",), 3: ("second_row_of_one_post",)}


def test_a_decision_that_no_longer_fits_is_asked_again():
    outcome = compare([], claim("甲", until="2016"), said={1: Said("different")})
    assert outcome.reasons == {1: ("beginning_missing", "decision_outdated")}
