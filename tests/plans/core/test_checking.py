"""What a plan leaves unsaid: the shipped plan's arithmetic, plans that contradict themselves, and any plan at all."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shanglian
from shanglian.plans.check_words import FINDINGS, finding_json, said
from shanglian.plans.core.checking import Finding, Severity, check_plan, worst
from shanglian.plans.core.plan import Plan
from shanglian.plans.core.reading import read_plan
from tests.plans.samples import HARBOUR

ZHENGZHOU = Path(shanglian.__file__).parent / "policies" / "plans" / "zhengzhou-2014-2017.yaml"

LITTLE = """\
format: 1
id: little-2020-2024
issuer: {name: 示例市工商业联合会, org: "990200"}
number: 示〔2020〕1号
title: {zh: 示例, en: Sample}
period: {first: 2020-01-01, last: 2023-12-31}
base_day: 2019-12-31
indicators:
  - {code: all, name: {zh: 全部, en: All}, measure: x.all, unit: firms, decimals: 0, direction: up, scope: all}
  - {code: some, name: {zh: 部分, en: Some}, measure: x.some, unit: firms, decimals: 0, direction: up, scope: all}
  - code: share
    name: {zh: 占比, en: Share}
    numerator: x.some
    denominator: x.all
    unit: percent
    decimals: 1
    direction: up
    scope: all
relations:
  shares: [{share: share, numerator: some, denominator: all}]
  parts: [{part: some, whole: all}]
targets:
"""
TERMS = "clause: '1', operator: at_least, day: 2023-12-31, tolerance: {ahead: 0, met: 0, near: 0.1}"


def zhengzhou() -> Plan:
    return read_plan(ZHENGZHOU.read_text(encoding="utf-8"), file="z.yaml")


def little(*targets: str) -> Plan:
    lines = "".join(f"  - {{{TERMS}, org: '990200', {target}}}\n" for target in targets)
    return read_plan(LITTLE + lines, file="little.yaml")


def one(plan: Plan, code: str, indicator: str) -> Finding:
    (found,) = [f for f in check_plan(plan) if (f.code, f.indicator) == (code, indicator)]
    return found


def figures(finding: Finding, places: int = 4) -> dict[str, float]:
    return {name: round(float(value), places) for name, value in finding.figures.items()}


def codes(plan: Plan) -> list[tuple[str, str]]:
    return [(f.code, f.indicator) for f in check_plan(plan) if f.code != "milestones"]


def test_the_stated_growth_and_the_target_agree_at_their_printed_precision() -> None:
    found = one(zhengzhou(), "growth_agrees", "members")
    assert (found.severity, found.clause) == ("info", "2.2.1")
    assert {name: round(value) for name, value in figures(found).items() if value > 1} == {
        "years": 4, "base": 27_800, "target": 36_500, "reached": 36_440,
        "low": 36_375, "high": 36_506, "target_low": 36_450, "target_high": 36_550,
    }  # fmt: skip
    assert figures(found)["rate_needed"] == 0.0704


def test_what_the_shares_imply_is_computed() -> None:
    enterprises = one(zhengzhou(), "implied_growth", "enterprise_members")
    firms = one(zhengzhou(), "implied_denominator", "private_firms")
    assert (enterprises.clause, firms.clause, firms.severity) == ("2.2.3", "2.2.2", "warning")
    assert figures(enterprises) == {"base": 11_954, "target": 18_250, "added": 6_296, "years": 4, "rate": 0.1116}
    assert {name: round(value, 3) for name, value in figures(firms).items()} == {
        "base": 51_973.913, "target": 73_000, "added": 21_026.087, "years": 4, "rate": 0.089,
    }  # fmt: skip


def test_one_point_more_is_counted_against_what_chambers_bring() -> None:
    needed = one(zhengzhou(), "needed_for_change", "group_members")
    assert figures(needed) == {"change": 1, "fixed": 365, "per_share": 8_700}
    carried = one(zhengzhou(), "part_cannot_carry", "group_members")
    assert figures(carried) == {"added": 30, "needed": 365, "others": 335}


def test_a_base_is_taken_back_from_target_and_growth() -> None:
    assert figures(one(zhengzhou(), "base_agrees", "chambers"), 1)["implied_base"] == 89.9


def test_milestones_stand_at_each_years_end() -> None:
    assert {day: round(value) for day, value in figures(one(zhengzhou(), "milestones", "members")).items()} == {
        "2014-12-31": 29_746, "2015-12-31": 31_828, "2016-12-31": 34_056, "2017-12-31": 36_500,
    }  # fmt: skip


def test_issued_targets_are_added_up_against_the_issuers() -> None:
    def with_counties(*targets: str) -> Plan:
        own = "indicator: all, value: 120, base: {kind: given, value: 100}, path: linear"
        lines = [f"{TERMS}, {org_and_target}" for org_and_target in (f"org: '990200', {own}", *targets)]
        return read_plan(LITTLE + "".join(f"  - {{{line}}}\n" for line in lines), file="little.yaml")

    def county(org: str, value: str, indicator: str = "all") -> str:
        return f"org: '{org}', indicator: {indicator}, {value}, base: {{kind: given, value: 40}}, path: linear"

    def issued(plan: Plan) -> list[tuple[str, str, dict[str, float]]]:
        return [(f.code, f.severity, figures(f)) for f in check_plan(plan) if f.code.startswith("issued")]

    assert issued(with_counties()) == []
    short = with_counties(county("990201", "value: 50"), county("990202", "value: 60"))
    assert issued(short) == [("issued_short", "warning", {"issued": 110, "target": 120, "orgs": 2, "short": 10})]
    above = with_counties(county("990201", "value: 50"), county("990202", "value: 75"))
    assert issued(above) == [("issued_above", "warning", {"issued": 125, "target": 120, "orgs": 2, "short": 5})]
    agree = with_counties(county("990201", "value: 120"), county("990202", "change: {by: 3}"))
    assert issued(agree) == [
        ("issued_agree", "info", {"issued": 120, "target": 120, "orgs": 1, "short": 0}),
        ("issued_not_added", "info", {"orgs": 1}),
    ]
    shares = with_counties(county("990201", "value: 45", "share"))
    assert issued(shares) == []


def test_a_change_in_per_cent_is_held_against_base_and_value() -> None:
    base = "base: {kind: given, value: 100}, path: compound"
    agrees = little(f"indicator: all, value: 120, change: {{percent: 20, printed: 20%}}, {base}")
    assert figures(one(agrees, "change_agrees_percent", "all")) == {
        "rate_change": 0.2, "target": 120, "base": 100, "rate_difference": 0.2,
    }  # fmt: skip
    differs = one(little(f"indicator: all, value: 130, change: {{percent: 20, printed: 20%}}, {base}"),
                  "change_differs_percent", "all")  # fmt: skip
    assert (differs.severity, figures(differs)["rate_difference"]) == ("error", 0.3)
    without = little("indicator: all, value: 120, change: {percent: 20}, base: {kind: unknown}, path: linear")
    assert figures(one(without, "base_from_change_percent", "all"))["implied_base"] == 100


def test_steps_a_plan_prints_stand_among_the_milestones() -> None:
    steps = "steps: [{day: 2021-06-30, value: 108}], base: {kind: given, value: 100}, path: linear"
    found = figures(one(little(f"indicator: all, value: 120, {steps}"), "milestones", "all"), 1)
    assert found == {
        "2020-12-31": 105.4, "2021-06-30": 108, "2021-12-31": 110.4, "2022-12-31": 115.2, "2023-12-31": 120,
    }  # fmt: skip


def test_the_shipped_plan_has_no_error_and_says_what_nothing_measures() -> None:
    assert worst(check_plan(zhengzhou())) is Severity.WARNING
    assert one(zhengzhou(), "not_measured", "five_good_counties").clause == "3.2.0"


def test_figures_that_cannot_agree_are_an_error() -> None:
    base = "base: {kind: given, value: 1000, printed: '1000'}"
    plan = little(f"indicator: all, value: 2000, printed: '2000', {base}, growth: {{rate: 0.05}}, path: stated_growth")
    found = one(plan, "growth_differs", "all")
    assert (found.severity, round(found.figures["reached"])) == ("error", 1216)
    assert worst(check_plan(plan)) is Severity.ERROR


def test_a_soft_or_derived_figure_that_disagrees_is_a_warning() -> None:
    soft = "growth: {rate: 0.05, soft_word: about}, path: stated_growth"
    plan = little(f"indicator: all, value: 2000, base: {{kind: given, value: 1000}}, {soft}")
    assert one(plan, "growth_differs", "all").severity == "warning"
    derived = little("indicator: share, value: 50, change: {by: 9}, base: {kind: derived, value: 40}, path: linear")
    assert one(derived, "change_differs", "share").severity == "warning"


def test_the_rates_own_precision_can_be_what_makes_figures_agree() -> None:
    growth = "growth: {rate: 0.07, printed: 7%}, path: stated_growth"
    plan = little(f"indicator: all, value: 1300, base: {{kind: given, value: 1000}}, {growth}")
    assert one(plan, "growth_agrees_loosely", "all").severity == "info"


def test_share_numerator_and_denominator_must_agree() -> None:
    def plan(share: str) -> Plan:
        return little(
            "indicator: all, value: 2000, base: {kind: given, value: 1000}, path: linear",
            "indicator: some, value: 1000, base: {kind: given, value: 400}, path: linear",
            f"indicator: share, value: {share}, printed: {share}%, base: {{kind: given, value: 40}}, path: linear",
        )

    assert ("share_agrees", "share") in codes(plan("50"))
    assert ("share_differs", "share") in codes(plan("55"))


def test_a_part_above_its_whole_is_an_error() -> None:
    plan = little(
        "indicator: all, value: 2000, base: {kind: given, value: 1000}, path: linear",
        "indicator: some, value: 2100, base: {kind: given, value: 900}, path: linear",
    )
    assert one(plan, "part_above_whole", "some").severity == "error"


def test_bases_nobody_printed_are_offered() -> None:
    base = "base: {kind: unknown}"
    plan = little(
        f"indicator: all, value: 1100, {base}, growth: {{rate: 0.1}}, path: stated_growth",
        f"indicator: share, value: 50, change: {{by: 10}}, {base}, path: linear",
    )
    assert round(one(plan, "base_from_growth", "all").figures["implied_base"]) == 751
    assert one(plan, "base_from_change", "share").figures["implied_base"] == 40


def test_what_runs_against_the_direction_or_the_period_is_told() -> None:
    plan = little("indicator: all, value: 900, base: {kind: given, value: 1000}, path: linear")
    assert ("target_against_direction", "all") in codes(plan)
    text = LITTLE + f"  - {{{TERMS}, org: '990200', indicator: all, value: 9, base: {{kind: unknown}}, path: linear}}\n"
    late = text.replace("at_least", "at_most").replace("day: 2023-12-31", "day: 2024-06-30")
    assert codes(read_plan(late, file="l.yaml"))[:2] == [("operator_against_direction", "all"), ("after_period", "all")]


def test_both_sides_of_a_share_must_count_the_same_thing() -> None:
    plan = read_plan(HARBOUR, file="h.yaml")
    counts = {"fake.private_members": "private_enterprise", "fake.private_firms": "all_firms"}
    assert [f.indicator for f in check_plan(plan, counts=counts) if f.code == "definitions_differ"] == ["coverage"]
    assert "definitions_differ" not in {f.code for f in check_plan(plan, counts=dict.fromkeys(counts, "same"))}


def test_every_finding_has_its_sentence_in_both_languages_with_file_and_line() -> None:
    plan = zhengzhou()
    found = [finding_json(finding, plan) for finding in check_plan(plan)]
    assert all(one["file"] == "z.yaml" and one["line"] and "{" not in str(one["message"]) for one in found)
    growth = next(one for one in found if one["code"] == "implied_growth")
    assert growth["message_zh"] == "企业会员须由11,954增至18,250，年增长11.16%"
    assert growth["message_en"] == "“Enterprise members” must go from 11,954 to 18,250, 11.16% a year"
    assert growth["message"] == f"{growth['message_zh']} / {growth['message_en']}"


@given(
    base=st.integers(1, 10**6), value=st.integers(1, 10**6), share=st.tuples(*[st.integers(1, 100)] * 2),
    path=st.sampled_from(["linear", "compound"]),
)  # fmt: skip
def test_whatever_the_figures_the_implied_move_multiplies_out(
    base: int, value: int, share: tuple[int, int], path: str
) -> None:
    plan = little(
        f"indicator: all, value: {value}, base: {{kind: given, value: {base}}}, path: {path}",
        f"indicator: share, value: {share[1]}, base: {{kind: given, value: {share[0]}}}, path: linear",
    )
    found = one(plan, "implied_growth", "some")
    assert found.figures["base"] == Fraction(base * share[0], 100)
    assert found.figures["target"] == Fraction(value * share[1], 100)
    again = found.figures["base"] * (1 + found.figures["rate"]) ** 4
    assert float(again) == pytest.approx(float(found.figures["target"]), rel=1e-6)
    assert all(finding.code in FINDINGS and all(said(finding, plan)) for finding in check_plan(plan))
