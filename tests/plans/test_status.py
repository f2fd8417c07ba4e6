"""Where a plan stands: issuer, county without an issued target, unknown bases, another federation."""

from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

from shanglian.common.core.policy import PolicyError
from shanglian.directory.models import Org
from shanglian.plans.core.status import PlanStatus, TargetStatus, status_json, target_json
from shanglian.plans.queries import (
    OrgNotCovered,
    PlanNotFound,
    UnknownMeasure,
    all_measures,
    ask_measure,
    load_plan,
    plan_files,
    plan_on,
    plan_status,
    trajectory,
)
from tests.plans.samples import HARBOUR

END_2015 = date(2015, 12, 31)
HARBOUR_ID = "harbour-2020-2022"
Orgs = dict[str, Org]


def members_of(org: Org, on: date = END_2015, known_on: datetime | None = None) -> TargetStatus:
    return plan_status(load_plan("zhengzhou-2014-2017"), org=org, on=on, known_on=known_on).targets[0]


def harbour(org: Org, on: date) -> PlanStatus:
    return plan_status(load_plan(HARBOUR_ID), org=org, on=on)


def test_the_issuers_status_is_official_and_shows_the_registers_base_beside_the_plans(
    federations: Orgs,
) -> None:
    status = plan_status(load_plan("zhengzhou-2014-2017"), org=federations["410100"], on=END_2015)
    found = status_json(status)
    assert {key: found[key] for key in ("plan", "on", "org")} == {
        "plan": "zhengzhou-2014-2017",
        "on": "2015-12-31",
        "org": "410100",
    }
    assert target_json(status.targets[0]) == {
        "indicator": "members",
        "actual": 31_828,
        "due": 31_828.2,
        "target": 36_500,
        "target_day": "2017-12-31",
        "soft_word": "about",
        "base": 27_800,
        "base_kind": "given",
        "gap": -0.2,
        "pace_needed_per_month": 195.0,
        "state": "met",
        "numerator": None,
        "denominator": None,
        "denominator_source": None,
        "official": True,
        "clause": "2.2.1",
        "register_base": 27_790,
        "name": {"zh": "会员总数", "en": "Members"},
        "unit": "members",
        "direction": "up",
        "operator": "at_least",
        "change": None,
        "change_of_base": False,
        "steps": [],
        "base_from": "plan",
        "base_day": "2013-12-31",
        "tolerance": {"ahead": 0.005, "met": 0.002, "near": 0.02},
        "unknown": None,
        "unclassified": 0,
        "denominator_day": None,
        "denominator_quality": None,
        "frozen": None,
    }
    assert status.targets[0].base_differs


def test_a_county_without_an_issued_target_is_reckoned_from_its_own_base(federations: Orgs) -> None:
    status = target_json(members_of(federations["410105"]))
    assert {key: status[key] for key in ("actual", "due", "target", "base", "base_kind", "state", "official")} == {
        "actual": 3_100,
        "due": 3_182.8,
        "target": 3_650,
        "base": 2_780,
        "base_kind": "derived",
        "state": "behind",
        "official": False,
    }


def test_a_county_whose_register_opened_after_the_base_day_is_unknown(federations: Orgs) -> None:
    status = target_json(members_of(federations["410122"]))
    assert {key: status[key] for key in ("actual", "due", "target", "gap", "base", "base_kind", "state")} == {
        "actual": 900,
        "due": None,
        "target": None,
        "gap": None,
        "base": None,
        "base_kind": "unknown",
        "state": "unknown",
    }


def test_before_the_base_day_nothing_is_due(federations: Orgs) -> None:
    status = members_of(federations["410100"], on=date(2013, 6, 30))
    assert (status.actual, status.due, status.state) == (None, None, "unknown")


def test_after_the_target_day_what_is_missing_is_overdue(federations: Orgs) -> None:
    status = members_of(federations["410100"], on=date(2018, 1, 1))
    assert (status.due, status.gap, status.pace_needed_per_month, status.state) == (
        36_500,
        -4_672,
        None,
        "overdue",
    )


def test_as_known_earlier_the_correction_is_left_out(federations: Orgs) -> None:
    earlier = datetime(2016, 1, 1, tzinfo=UTC)
    status = members_of(federations["410100"], known_on=earlier)
    assert (status.actual, status.register_base) == (31_826, 27_788)


def test_another_federations_plan_computes_without_a_line_of_code(federations: Orgs, overlay: Path) -> None:
    found = harbour(federations["990100"], date(2021, 6, 30)).targets
    assert [(s.indicator.code, s.actual, s.due, s.base_kind, s.state) for s in found] == [
        ("memberships", 1_500, 1_500, "given", "met"),
        ("coverage", 24, 24, "derived", "met"),
        ("arrears", 20, 20, "sample", "met"),
    ]
    coverage = target_json(found[1])
    assert (coverage["numerator"], coverage["denominator"], coverage["denominator_source"]) == (
        264,
        1_100,
        "年报（示例）",
    )


def test_a_county_with_a_target_of_its_own_is_held_to_it(federations: Orgs, overlay: Path) -> None:
    own = harbour(federations["990102"], date(2021, 7, 1)).targets[0]
    other = harbour(federations["990103"], date(2021, 6, 30)).targets[0]
    assert (own.official, own.goal, own.due, own.state) == (True, 500, 500, "overdue")
    assert (other.official, other.goal, other.due, other.state) == (False, 450, 375, "near")


def test_done_is_what_there_is_of_what_is_due(federations: Orgs, overlay: Path) -> None:
    done = [status.done for status in harbour(federations["990103"], date(2021, 6, 30)).targets]
    assert done == [Fraction(360, 375), None, None]


def test_who_does_not_stand_under_the_issuer_is_refused(federations: Orgs) -> None:
    with pytest.raises(OrgNotCovered):
        members_of(federations["990102"])


def test_the_trajectory_runs_over_quarter_ends_and_stops_knowing_at_until(federations: Orgs) -> None:
    plan = load_plan("zhengzhou-2014-2017")
    points = trajectory(plan, "members", org=federations["410100"], until=date(2016, 1, 15))
    known = [point.day for point in points if point.actual is not None]
    ends = [point for point in points if point.day.month == 12]
    assert (len(points), known[0], known[-1], len(known)) == (17, date(2013, 12, 31), END_2015, 9)
    assert [(point.day.year, float(point.planned or 0), point.actual) for point in ends] == [
        (2013, 27_800, 27_790),
        (2014, 29_746, 29_512),
        (2015, 31_828.22, 31_828),
        (2016, 34_056.1954, None),
        (2017, 36_500, None),
    ]


def test_a_countys_trajectory_starts_from_its_own_base(federations: Orgs) -> None:
    plan = load_plan("zhengzhou-2014-2017")
    points = trajectory(plan, "members", org=federations["410105"], until=END_2015)
    assert [(p.planned, p.actual) for p in (points[0], points[-1])] == [(2_780, 2_780), (3_650, None)]


def test_a_trajectory_asks_day_by_day_where_a_measure_has_no_series(federations: Orgs, overlay: Path) -> None:
    points = trajectory(load_plan(HARBOUR_ID), "memberships", org=federations["990100"], until=date(2020, 12, 31))
    assert [(p.day.isoformat(), p.actual) for p in points[:4]] == [
        ("2020-06-30", 1_200),
        ("2020-09-30", 1_200),
        ("2020-12-31", 1_200),
        ("2021-03-31", None),
    ]


def test_an_indicator_without_a_target_has_no_status_and_no_trajectory(federations: Orgs, overlay: Path) -> None:
    text = HARBOUR[: HARBOUR.rindex("  - indicator: arrears")]
    (overlay / "harbour-2020-2022.yaml").write_text(text, encoding="utf-8")
    plan, city = load_plan(HARBOUR_ID), federations["990100"]
    assert [s.indicator.code for s in plan_status(plan, org=city, on=END_2015).targets] == [
        "memberships",
        "coverage",
    ]
    assert trajectory(plan, "arrears", org=city, until=END_2015) == []


def test_a_share_moves_by_points(federations: Orgs, overlay: Path) -> None:
    points = trajectory(load_plan(HARBOUR_ID), "coverage", org=federations["990100"], until=date(2021, 6, 30))
    assert [(p.planned, p.actual) for p in (points[0], points[4], points[-1])] == [
        (23, 23),
        (24, 24),
        (25, None),
    ]


def test_an_installations_own_file_wins_over_the_shipped_one(figures: None, overlay: Path) -> None:
    shipped = load_plan("zhengzhou-2014-2017")
    text = Path(shipped.file).read_text(encoding="utf-8").replace("value: 36500", "value: 36540")
    (overlay / "zhengzhou-2014-2017.yaml").write_text(text, encoding="utf-8")
    assert sorted(plan_files()) == [HARBOUR_ID, "zhengzhou-2014-2017"]
    assert load_plan("zhengzhou-2014-2017").targets[0].value == 36_540


def test_a_changed_file_is_read_again(figures: None, overlay: Path) -> None:
    assert load_plan(HARBOUR_ID).number == "临联〔2020〕3号"
    path = overlay / "harbour-2020-2022.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("3号", "3号（修订）"), encoding="utf-8")
    assert load_plan(HARBOUR_ID).number == "临联〔2020〕3号（修订）"


def test_the_plan_of_a_day_is_the_latest_whose_base_day_has_come(figures: None, overlay: Path) -> None:
    def plan_id(day: date, issuer: str | None = None) -> str | None:
        plan = plan_on(day, issuer=issuer)
        return plan.id if plan else None

    assert plan_id(date(2013, 1, 1)) is None
    assert plan_id(date(2019, 1, 1)) == "zhengzhou-2014-2017"
    assert plan_id(date(2026, 1, 1)) == HARBOUR_ID
    assert plan_id(date(2026, 1, 1), "410100") == "zhengzhou-2014-2017"


def test_a_file_that_cannot_be_read_says_why(figures: None, overlay: Path) -> None:
    (overlay / "gbk.yaml").write_bytes("id: 郑州".encode("gbk"))
    with pytest.raises(PolicyError) as caught:
        load_plan("gbk")
    assert [problem.code for problem in caught.value.problems] == ["not_utf8"]
    (overlay / "folder.yaml").mkdir()
    with pytest.raises(PolicyError) as caught:
        load_plan("folder")
    assert [problem.code for problem in caught.value.problems] == ["unreadable"]
    with pytest.raises(PlanNotFound):
        load_plan("../gbk")
    with pytest.raises(PlanNotFound):
        load_plan(overlay / "none.yaml")


def test_measures_are_a_plug(federations: Orgs, settings: LazySettings) -> None:
    answer = ask_measure("members.heads", org=federations["410105"], on=END_2015, items_limit=3)
    assert (answer.value, answer.items, answer.items_total) == (3_100, [1, 2, 3], 3_100)
    with pytest.raises(UnknownMeasure):
        ask_measure("members.tails", org=federations["410105"], on=END_2015)
    settings.MEASURES = ["tests.plans.fakes.WRONGLY_NAMED"]
    with pytest.raises(ImproperlyConfigured):
        all_measures()
