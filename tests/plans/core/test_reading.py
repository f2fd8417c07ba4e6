"""The shipped plan and an invented one are read; what is wrong is named with line and field."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import shanglian
from shanglian.common.core.policy import PolicyError
from shanglian.plans.core.plan import (
    Base,
    BaseKind,
    Change,
    Direction,
    Growth,
    Indicator,
    Issuer,
    Label,
    Operator,
    PathRule,
    Scope,
    SoftWord,
    Target,
    Tolerance,
)
from shanglian.plans.core.printed import read_printed
from shanglian.plans.core.reading import read_plan
from shanglian.plans.wording import PROBLEMS, policy_message
from tests.paths import SHARED, needs_shared
from tests.plans.samples import HARBOUR

ZHENGZHOU = Path(shanglian.__file__).parent / "policies" / "plans" / "zhengzhou-2014-2017.yaml"


def test_the_shipped_plan_carries_the_member_target_of_its_clause() -> None:
    plan = read_plan(ZHENGZHOU.read_text(encoding="utf-8"), file="z.yaml", expected_id=ZHENGZHOU.stem)
    members = plan.targets[0]
    assert (plan.issuer, plan.number) == (Issuer("郑州市工商业联合会", "410100"), "郑联〔2014〕14号")
    assert (plan.first_day, plan.last_day) == (date(2014, 1, 1), date(2017, 12, 31))
    assert plan.indicators[0] == Indicator(
        code="members",
        name=Label("会员总数", "Members"),
        unit="members",
        decimals=0,
        direction=Direction.UP,
        scope=Scope.ALL,
        measure="members.heads",
    )
    assert members == Target(
        indicator="members",
        org="410100",
        clause="2.2.1",
        value=36_500,
        operator=Operator.AT_LEAST,
        day=date(2017, 12, 31),
        base=Base(BaseKind.GIVEN, date(2013, 12, 31), 27_800, read_printed("2.78万")),
        path=PathRule.STATED_GROWTH,
        tolerance=Tolerance(Fraction("0.005"), Fraction("0.002"), Fraction("0.02")),
        soft_word=SoftWord.ABOUT,
        printed=read_printed("3.65万"),
        growth=Growth(Fraction("0.07"), SoftWord.ABOUT, read_printed("7%")),
        note=members.note,
        line=members.line,
    )


def test_the_shipped_plan_carries_every_target_of_its_clauses() -> None:
    plan = read_plan(ZHENGZHOU.read_text(encoding="utf-8"), file="z.yaml")
    found = [
        (t.clause, t.indicator, t.value, t.change.by if t.change else None, t.base.value, t.base.kind, t.day.year)
        for t in plan.targets
    ]
    assert found == [
        ("2.2.1", "members", 36_500, None, 27_800, "given", 2017),
        ("2.2.2", "coverage", 25, 2, 23, "derived", 2017),
        ("2.2.3", "enterprise_share", 50, 7, 43, "derived", 2017),
        ("2.2.3", "group_share", None, 1, None, "unknown", 2017),
        ("3.2.0", "five_good_counties", 100, None, None, "unknown", 2015),
        ("4.2.1", "chambers", 120, None, 90, "derived", 2017),
    ]
    derived = [target.base.how for target in plan.targets if target.base.kind is BaseKind.DERIVED]
    assert all(how and how.zh and how.en for how in derived)


# indicator, operator, soft word, printed, day; then of the change and of the growth: printed and soft word.
LINEAR = "path: linear\n"
AS_PRINTED = [
    ("members", "at_least", "about", "3.65万", date(2017, 12, 31), (None, None), ("7%", "about")),
    ("coverage", "at_least", "strive_for", "25%", date(2017, 12, 31), ("2个百分点", "nearly"), (None, None)),
    ("enterprise_share", "at_least", "strive_for", "50%", date(2017, 12, 31), ("7个百分点", "nearly"), (None, None)),
    ("group_share", "at_least", "strive_for", None, date(2017, 12, 31), ("1个百分点", None), (None, None)),
    ("five_good_counties", "at_least", "strive_for", None, date(2015, 12, 31), (None, None), (None, None)),
    ("chambers", "at_least", "strive_for", "120家", date(2017, 12, 31), (None, None), ("7.5%", None)),
]


def test_every_target_keeps_operator_soft_word_printed_form_and_day() -> None:
    def said(part: Change | Growth | None) -> tuple[str | None, str | None]:
        return (part.printed.text if part and part.printed else None, part.soft_word if part else None)

    plan = read_plan(ZHENGZHOU.read_text(encoding="utf-8"), file="z.yaml")
    found = [
        (t.indicator, t.operator, t.soft_word, t.printed and t.printed.text, t.day, said(t.change), said(t.growth))
        for t in plan.targets
    ]
    assert found == AS_PRINTED
    assert {t.base.day for t in plan.targets} == {date(2013, 12, 31)}
    assert [t.org for t in plan.targets] == ["410100"] * 6


@needs_shared
def test_every_printed_figure_stands_in_the_document() -> None:
    document = (SHARED / "plan" / "zhengzhou-2014-14.txt").read_text(encoding="utf-8").replace("．", ".")
    plain = document.replace("％", "%")
    plan = read_plan(ZHENGZHOU.read_text(encoding="utf-8"), file="z.yaml")
    parts = [part for t in plan.targets for part in (t, t.base, t.change, t.growth) if part is not None]
    printed = [part.printed.text for part in parts if part.printed is not None]
    assert len(printed) == 10
    assert [text for text in printed if text not in plain] == []


@pytest.mark.parametrize(
    ("right", "wrong", "field", "code"),
    [
        (LINEAR, f"{LINEAR}    steps: [{{day: 2023-06-30, value: 5}}]\n", "steps[0].day", "step_out_of_order"),
        (LINEAR, f"{LINEAR}    steps: [{{day: 2021-06-30, value: soon}}]\n", "steps[0].value", "not_a_number"),
        ("value: 1800\n", "change: {by: 3, percent: 5}\n", "change.percent", "by_or_percent"),
        ("value: 1800\n", "change: {percent: 5%}\n", "change.percent", "not_a_number"),
        ("value: 1800\n", "change: {percent: 5, printed: 8%}\n", "change.printed", "printed_differs"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_steps_and_changes_is_named(right: str, wrong: str, field: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_plan(HARBOUR.replace(right, wrong, 1), file="harbour.yaml")
    assert (f"targets[0].{field}", code) in {(p.field, p.code) for p in caught.value.problems}


def test_another_federations_plan_is_read_with_its_own_figures() -> None:
    plan = read_plan(HARBOUR, file="harbour.yaml")
    assert [(t.indicator, t.org, t.value, t.base.value, t.base.day, t.path) for t in plan.targets] == [
        ("memberships", "990100", 1800, 1200, date(2020, 6, 30), PathRule.LINEAR),
        ("memberships", "990102", 500, None, date(2020, 6, 30), PathRule.LINEAR),
        ("coverage", "990100", 25, 23, date(2020, 6, 30), PathRule.LINEAR),
        ("arrears", "990100", 10, 40, date(2020, 6, 30), PathRule.COMPOUND),
    ]
    assert plan.target_for("memberships", "990102") == (plan.targets[1], True)
    assert plan.target_for("memberships", "990103") == (plan.targets[0], False)
    assert plan.target_for("nothing", "990100") is None
    assert plan.indicator("coverage").scale == 100
    with pytest.raises(KeyError):
        plan.indicator("nothing")


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field", "code"),
    [
        ("format: 1", "format: 2", "format: 2", "format", "not_between"),
        ("id: harbour-2020-2022", "id: Harbour!", "id: Harbour!", "id", "not_a_code"),
        ('  org: "990100"\nnumber', "  org: 990100\nnumber", "  org: 990100", "issuer.org", "not_text"),
        ("number: 临联〔2020〕3号\n", "", "format: 1", "number", "missing"),
        ("last: 2022-09-30", "last: 2019-09-30", "last: 2019", "period.last", "day_not_after"),
        ("base_day: 2020-06-30", "base_day: 30.6.2020", "base_day", "base_day", "not_a_day"),
        ("direction: up", "direction: sideways", "sideways", "indicators[0].direction", "not_one_of"),
        ("  decimals: 0", "  decimal: 0", "code: memberships", "indicators[0].decimals", "missing"),
        ("  unit: firms", "  unit: firms\n    hue: red", "hue: red", "indicators[2].hue", "unknown_key"),
        ("fake.memberships", "", "measure:", "indicators[0].measure", "measure_or_share"),
        ("fake.memberships", "fake.none", "fake.none", "indicators[0].measure", "unknown_measure"),
        ("code: arrears", "code: memberships", "code: memberships", "indicators[2].code", "twice"),
        ("value: 1800", "value: many", "value: many", "targets[0].value", "not_a_number"),
        ("value: 1800", "value: 1\n    value: 2", "value: 2", "targets[0].value", "key_twice"),
        ("printed: 25%", "printed: 26%", "printed: 26%", "targets[2].printed", "printed_differs"),
        ("printed: 25%", "printed: 约四分之一", "约四分之一", "targets[2].printed", "not_a_printed_figure"),
        ("indicator: coverage", "indicator: cover", "cover", "targets[2].indicator", "unknown_indicator"),
        ('org: "990102"', 'org: "990100"', "memberships", "targets[1].indicator", "twice"),
        ("unknown}", "unknown, value: 4}", "value: 4}", "targets[1].base.value", "unknown_base_has_value"),
        ("day: 2021-06-30", "day: 2020-06-30", "kind: unknown", "targets[1].base.day", "day_not_after"),
        ("path: compound", "path: stated_growth", "arrears", "targets[3].growth", "path_needs_growth"),
        ("value: 40}", "value: 0}", "value: 0}", "targets[3].base", "growth_needs_more_than_0"),
        ('"3.1"', '"3.1"\n    growth: {rate: 7}', "7}", "targets[0].growth.rate", "not_between"),
        ("near: 0.2}", "near: 2}", "near: 2}", "targets[3].tolerance.near", "not_between"),
        ("value: 1800\n", "\n", "memberships", "targets[0].value", "value_or_change"),
        ("value: 1800\n", "change: {by: many}\n", "many", "targets[0].change.by", "not_a_number"),
        ("value: 10\n", "change: {by: -30}\n", "compound", "targets[3].path", "change_goes_linear"),
        ("value: 23}", "value: 23, how: {zh: 示例}}", "how", "targets[2].base.how.en", "missing"),
        ("denominator: fake.private_firms", "", "coverage", "indicators[1].measure", "measure_or_share"),
        ("measure: fake.arrears", "measure: none\n    freeze_denominator: true", "freeze",
         "indicators[2].freeze_denominator", "nothing_to_freeze"),
        ("measure: fake.arrears", "measure: fake.arrears\n    freeze_denominator: often", "often",
         "indicators[2].freeze_denominator", "not_a_flag"),
        ("targets:", "relations: {shares: [{share: arrears, numerator: memberships, denominator: coverage}]}\ntargets:",
         "relations", "relations.shares[0].share", "not_a_share"),
        ("targets:", "relations: {parts: [{part: none_such, whole: coverage}]}\ntargets:",
         "relations", "relations.parts[0].part", "unknown_indicator"),
        ("met: 0, near: 0.2", "met: 0.3, near: 0.2", "0.3", "targets[3].tolerance.near", "near_below_met"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_line_and_field(right: str, wrong: str, line: str, field: str, code: str) -> None:
    measures = {"fake.memberships", "fake.private_members", "fake.private_firms", "fake.arrears"}
    text = HARBOUR.replace(right, wrong, 1)
    assert text != HARBOUR
    with pytest.raises(PolicyError) as caught:
        read_plan(text, file="harbour.yaml", measures=measures)
    named = {(p.field, p.code): p.line for p in caught.value.problems}
    assert (field, code) in named
    assert line in text.splitlines()[named[field, code] - 1]
    assert {p.code for p in caught.value.problems} <= set(PROBLEMS)


def test_the_id_must_be_the_one_the_file_name_promises() -> None:
    with pytest.raises(PolicyError) as caught:
        read_plan(HARBOUR, file="other.yaml", expected_id="other")
    assert [(p.line, p.code) for p in caught.value.problems] == [(2, "id_is_not_file_name")]


def test_all_problems_are_told_at_once_in_both_languages() -> None:
    text = HARBOUR.replace("value: 1800", "value: many").replace("id: harbour", "di: harbour")
    with pytest.raises(PolicyError) as caught:
        read_plan(text, file="harbour.yaml")
    assert policy_message(caught.value).splitlines() == [
        "规划文件有误，未采用。 / The plan file has errors and was not used.",
        "harbour.yaml 第1行 id：缺少这一项，请补上 / line 1, id: this is missing; add it",
        "harbour.yaml 第2行 di：不认识这个键，请检查拼写；花括号内的文字含逗号时要加引号：di"
        " / line 2, di: this key is not known; check its spelling, and quote a text with a comma inside {…}: di",
        "harbour.yaml 第37行 targets[0].value：不是数字：many / line 37, targets[0].value: this is not a number: many",
    ]


@pytest.mark.parametrize("text", ["", "just words", "- a list", "a: [", "{}", "format: {}\ntargets: 3\n"])
def test_a_file_that_is_no_plan_is_refused_and_every_code_has_its_words(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_plan(text, file="x.yaml")
    assert "x.yaml" in policy_message(caught.value)


def test_every_problem_has_chinese_and_english_words() -> None:
    for zh, en in PROBLEMS.values():
        assert any("一" <= letter <= "鿿" for letter in zh)
        assert en.isprintable()
        assert not any("一" <= letter <= "鿿" for letter in en.replace("3.65万", ""))
