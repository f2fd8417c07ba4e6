"""Due, pace and state; the worked example is the member target of clause 2.2.1."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.plans.core.arithmetic import (
    State,
    due_on,
    joints,
    judge,
    pace_needed,
    power,
    reckoned,
    rounded,
)
from shanglian.plans.core.plan import Change, Direction, PathRule, Step, Tolerance
from tests.plans.samples import a_target

END_2015 = date(2015, 12, 31)
rules = st.sampled_from(PathRule)
counts = st.integers(min_value=1, max_value=10**7)


def test_the_stated_growth_gives_the_milestones_and_ends_in_the_target() -> None:
    assert [(joint.day.year, joint.value) for joint in joints(a_target(PathRule.STATED_GROWTH))] == [
        (2013, 27_800),
        (2014, 29_746),
        (2015, Fraction("31828.22")),
        (2016, Fraction("34056.1954")),
        (2017, 36_500),
    ]


@pytest.mark.parametrize(
    ("rule", "due"),
    [(PathRule.STATED_GROWTH, "31828.22"), (PathRule.COMPOUND, "31851.39"), (PathRule.LINEAR, "32147.02")],
)
def test_due_after_two_years_depends_on_the_rule_named_in_the_file(rule: PathRule, due: str) -> None:
    found = due_on(a_target(rule), END_2015)
    assert found is not None
    assert rounded(found, 2) == Fraction(due)


def test_due_between_two_joints_is_interpolated_by_days() -> None:
    half_year = due_on(a_target(PathRule.STATED_GROWTH), date(2016, 6, 30))
    assert half_year is not None
    assert float(half_year) == pytest.approx(31_828.22 * 1.07 ** (182 / 366), abs=1e-6)


def test_nothing_is_due_before_the_base_day_or_without_a_base() -> None:
    assert due_on(a_target(PathRule.LINEAR), date(2013, 12, 30)) is None
    without_base = a_target(PathRule.LINEAR, base=None)
    assert due_on(without_base, END_2015) is None
    assert due_on(without_base, without_base.day) == without_base.value


@given(
    st.sampled_from([PathRule.LINEAR, PathRule.COMPOUND]),
    st.dictionaries(st.integers(min_value=1, max_value=1460), counts, max_size=5),
)
def test_due_is_what_the_plan_prints_on_the_day_of_each_step(rule: PathRule, printed: dict[int, int]) -> None:
    target = a_target(rule)
    steps = tuple(Step(target.base.day + timedelta(days), value) for days, value in sorted(printed.items()))
    stepped = replace(target, steps=steps)
    assert [due_on(stepped, step.day) for step in steps] == [step.value for step in steps]
    assert due_on(stepped, target.day) == target.value
    without_base = replace(stepped, base=replace(stepped.base, value=None))
    first = steps[0].day if steps else target.day
    assert due_on(without_base, first - timedelta(1)) is None
    assert due_on(without_base, first) is not None


@given(st.integers(min_value=1, max_value=10**6), st.fractions(min_value=-50, max_value=200))
def test_a_change_in_per_cent_is_a_share_of_the_base(base: int, percent: Fraction) -> None:
    assert Change(percent, of_base=True).on(base) == base * (1 + percent / 100)
    assert Change(percent).on(base) == base + percent


@given(rules, counts, counts, st.integers(min_value=0, max_value=1461))
def test_due_stays_between_neighbouring_joints(rule: PathRule, base: int, value: int, days: int) -> None:
    target = a_target(rule, base=base, value=value)
    day = target.base.day + timedelta(days)
    due = due_on(target, day)
    path = joints(target)
    before = max((joint for joint in path if joint.day <= day), key=lambda joint: joint.day)
    after = min((joint for joint in path if joint.day >= day), key=lambda joint: joint.day)
    assert due is not None
    assert min(before.value, after.value) - Fraction(1, 10**4) <= due
    assert due <= max(before.value, after.value) + Fraction(1, 10**4)


@given(rules, counts, counts, st.integers(min_value=1, max_value=5000))
def test_due_is_the_base_on_its_day_and_the_target_from_its_day_on(
    rule: PathRule, base: int, value: int, later: int
) -> None:
    target = a_target(rule, base=base, value=value)
    assert due_on(target, target.base.day) == base
    assert due_on(target, target.day) == value
    assert due_on(target, target.day + timedelta(later)) == value


@given(st.fractions(min_value=Fraction(1, 50), max_value=50), st.integers(min_value=1, max_value=400))
def test_fractional_powers_multiply_back(ratio: Fraction, parts: int) -> None:
    assert float(power(ratio, Fraction(1, parts)) ** parts) == pytest.approx(float(ratio), rel=1e-8)


def test_reckoned_counts_grow_in_proportion_and_shares_by_points() -> None:
    assert reckoned(Fraction(36_500), plan_base=27_800, own_base=2_780, share=False) == 3_650
    assert reckoned(Fraction(25), plan_base=23, own_base=Fraction("30.5"), share=True) == Fraction("32.5")


@given(st.lists(counts, min_size=1, max_size=16))
def test_the_reckoned_parts_of_a_whole_add_up_to_it(bases: list[int]) -> None:
    due, whole = Fraction("31828.22"), sum(bases)
    assert sum(reckoned(due, plan_base=whole, own_base=base, share=False) for base in bases) == due


@pytest.mark.parametrize(
    ("actual", "on", "direction", "pace"),
    [
        (31_828, END_2015, Direction.UP, 195),  # 4,672 in 24 months
        (36_500, END_2015, Direction.UP, 0),
        (36_600, date(2018, 5, 1), Direction.UP, 0),
        (36_400, date(2017, 12, 31), Direction.UP, None),
        (36_400, date(2017, 11, 30), Direction.UP, 100),
        (36_740, END_2015, Direction.DOWN, -10),
        (36_400, END_2015, Direction.DOWN, 0),
    ],
)
def test_the_pace_needed_a_month(actual: int, on: date, direction: Direction, pace: int | None) -> None:
    day = date(2017, 12, 31)
    assert pace_needed(actual, 36_500, on=on, day=day, direction=direction, decimals=0) == pace


@given(counts, counts, st.integers(min_value=1, max_value=3000), st.integers(min_value=0, max_value=2))
def test_keeping_the_pace_reaches_the_goal(actual: int, goal: int, days: int, decimals: int) -> None:
    on, day = END_2015, END_2015 + timedelta(days)
    pace = pace_needed(actual, goal, on=on, day=day, direction=Direction.UP, decimals=decimals)
    months = (day.year - on.year) * 12 + day.month - on.month  # at least this many, less one, are whole
    assert pace is not None
    assert actual + pace * (months + 1) >= goal
    assert pace >= 0


TOLERANCE = Tolerance(ahead=Fraction(5, 1000), met=Fraction(2, 1000), near=Fraction(2, 100))


@pytest.mark.parametrize(
    ("actual", "over", "state"),
    [
        (None, False, State.UNKNOWN),
        (10_051, False, State.AHEAD),
        (10_050, False, State.MET),
        (10_000, False, State.MET),
        (9_980, False, State.MET),
        (9_979, False, State.NEAR),
        (9_800, False, State.NEAR),
        (9_799, False, State.BEHIND),
        (9_979, True, State.OVERDUE),
        (9_000, True, State.OVERDUE),
        (9_980, True, State.MET),
        (10_051, True, State.AHEAD),
    ],
)
def test_the_state_follows_the_tolerances(actual: int | None, over: bool, state: State) -> None:
    assert judge(actual, 10_000, tolerance=TOLERANCE, direction=Direction.UP, decimals=0, over=over) is state


def test_figures_are_compared_as_they_are_shown() -> None:
    exact = Tolerance(Fraction(0), Fraction(0), Fraction(0))
    due = Fraction("31828.22")
    assert judge(31_828, due, tolerance=exact, direction=Direction.UP, decimals=0, over=False) is State.MET
    assert judge(31_828, due, tolerance=exact, direction=Direction.UP, decimals=1, over=False) is State.BEHIND
    assert judge(31_829, due, tolerance=exact, direction=Direction.UP, decimals=0, over=False) is State.AHEAD


def test_less_is_better_where_the_direction_is_down() -> None:
    states = [
        judge(actual, 100, tolerance=TOLERANCE, direction=Direction.DOWN, decimals=0, over=False)
        for actual in (90, 100, 102, 110)
    ]
    assert states == [State.AHEAD, State.MET, State.NEAR, State.BEHIND]


@given(counts, counts, st.booleans())
def test_more_is_never_judged_worse(actual: int, due: int, over: bool) -> None:
    order = [State.OVERDUE, State.BEHIND, State.NEAR, State.MET, State.AHEAD]
    lower, higher = (
        judge(figure, due, tolerance=TOLERANCE, direction=Direction.UP, decimals=0, over=over)
        for figure in (actual, actual + 1)
    )
    assert order.index(lower) <= order.index(higher)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [("0.5", 0, "1"), ("-0.5", 0, "-1"), ("-0.22", 1, "-0.2"), ("2.449", 1, "2.4")],
)
def test_rounding_is_half_away_from_zero(value: str, decimals: int, shown: str) -> None:
    assert rounded(Fraction(value), decimals) == Fraction(shown)
