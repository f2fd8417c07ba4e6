"""Shares and changes: coverage over an outside series, a frozen denominator, a base the register gives, the unknown."""

from datetime import date
from pathlib import Path

from shanglian.directory.models import Org
from shanglian.plans.core.status import TargetStatus, Unknown, target_json
from shanglian.plans.queries import ask_measure, load_plan, plan_status, statuses, trajectory

END_2015 = date(2015, 12, 31)
Orgs = dict[str, Org]


def status(org: Org, indicator: str, on: date = END_2015) -> TargetStatus:
    found = plan_status(load_plan("zhengzhou-2014-2017"), org=org, on=on)
    return next(one for one in found.targets if one.indicator.code == indicator)


def shown(one: TargetStatus, *names: str) -> tuple[object, ...]:
    found = target_json(one)
    return tuple(found[name] for name in names)


def test_coverage_names_numerator_denominator_source_and_day(federations: Orgs) -> None:
    found = status(federations["410100"], "coverage")
    assert shown(found, "actual", "due", "numerator", "denominator", "denominator_day", "denominator_quality") == (
        25, 24.0, 13_000, 52_000, "2013-12-31", "derived",
    )  # fmt: skip
    assert "非官方数据" in str(found.reading.denominator_source)


def test_a_new_denominator_moves_coverage_and_leaves_the_frozen_line(federations: Orgs, overlay: Path) -> None:
    series = overlay.parent / "series"
    series.mkdir()
    (series / "newer.yaml").write_text(
        "format: 1\nid: newer\nmeasure: registry.private_enterprises\nname: {zh: 示例, en: sample}\nunit: firms\n"
        "figures:\n  - {org: '410100', day: 2014-12-31, value: 80000, quality: sample, source: {zh: 示例, en: s}}\n",
        encoding="utf-8",
    )
    found = status(federations["410100"], "coverage")
    assert (shown(found, "actual", "state"), found.reading.denominator) == ((16.25, "behind"), 80_000)
    assert target_json(found)["frozen"] == {
        "actual": 25,
        "denominator": 52_000,
        "denominator_day": "2013-12-31",
        "denominator_source": found.frozen.denominator.source if found.frozen else None,
        "denominator_quality": "derived",
        "gap": 1.0,
        "state": "ahead",
    }


def test_a_countys_coverage_is_unknown_until_its_denominator_is_entered(federations: Orgs) -> None:
    found = status(federations["410105"], "coverage")
    assert (found.actual, found.state, found.unknown, found.frozen) == (None, "unknown", Unknown.NO_FIGURE, None)


def test_a_share_without_a_printed_base_starts_from_the_registers(federations: Orgs) -> None:
    found = status(federations["410100"], "group_share")
    assert shown(found, "base", "base_kind", "base_from", "target", "due", "change", "official") == (
        2.0, "derived", "register", 3.0, 2.5, 1, True,
    )  # fmt: skip


def test_where_the_register_gives_no_base_either_nothing_is_due(federations: Orgs) -> None:
    found = status(federations["410105"], "group_share")
    assert shown(found, "base", "base_kind", "base_from", "due", "target", "state") == (
        None, "unknown", None, None, None, "unknown",
    )  # fmt: skip


def test_a_county_moves_by_the_same_points_from_its_own_share(federations: Orgs) -> None:
    found = status(federations["410105"], "enterprise_share")
    assert shown(found, "base", "base_kind", "due", "target", "actual", "official") == (
        50.0, "derived", 53.5, 57.0, 50.0, False,
    )  # fmt: skip


def test_what_nothing_measures_is_unknown_and_not_zero(federations: Orgs) -> None:
    found = status(federations["410100"], "five_good_counties")
    assert shown(found, "actual", "target", "state", "unknown") == (None, 100, "unknown", "not_measured")
    points = trajectory(
        load_plan("zhengzhou-2014-2017"), "five_good_counties", org=federations["410100"], until=END_2015
    )
    assert {point.actual for point in points} == {None}


def test_the_trajectory_of_a_change_runs_from_the_registers_base(federations: Orgs) -> None:
    points = trajectory(load_plan("zhengzhou-2014-2017"), "group_share", org=federations["410100"], until=END_2015)
    assert [(p.day.year, round(float(p.planned or 0), 2)) for p in points if p.day.month == 12] == [
        (2013, 2.0), (2014, 2.25), (2015, 2.5), (2016, 2.75), (2017, 3.0),
    ]  # fmt: skip


def test_many_organisations_get_what_each_gets_alone(federations: Orgs, overlay: Path) -> None:
    for plan, codes, on in (
        (load_plan("zhengzhou-2014-2017"), ("410100", "410105", "410122"), END_2015),
        (load_plan("harbour-2020-2022"), ("990100", "990102", "990103"), date(2021, 6, 30)),
    ):
        orgs = [federations[code] for code in codes]
        assert statuses(plan, orgs, on=on) == {org.pk: plan_status(plan, org=org, on=on) for org in orgs}


def test_a_series_is_asked_like_any_figure(federations: Orgs) -> None:
    answer = ask_measure("registry.private_enterprises", org=federations["410100"], on=END_2015)
    assert (answer.value, answer.unit, answer.definition["day"], answer.definition["interpolation"]) == (
        52_000, "firms", "2013-12-31", "none",
    )  # fmt: skip
    assert ask_measure("registry.private_enterprises", org=federations["410105"], on=END_2015).value is None
