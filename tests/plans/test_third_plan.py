"""A province written from docs/plans.md alone: steps by half-year, ratios per 1,000, per cent of a base, own figures.

Its files lie in tests/plans/qinglan as an installation would have them; not a line of code knows them.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shanglian.common.policy_files import raw_text
from shanglian.directory.actions import found_tree
from shanglian.directory.core.orgfile import parse_organisations
from shanglian.directory.models import Org
from shanglian.directory.queries import system_user
from shanglian.members.core.kinds import EntityKind
from shanglian.plans.queries import ask_measure, findings_of, load_plan, plan_status, statuses, trajectory
from tests.factories.members import make_entity, make_member

QINGLAN = Path(__file__).parent / "qinglan"
BASE_DAY, LATER, ON = date(2025, 12, 31), date(2026, 5, 1), date(2026, 12, 31)
Orgs = dict[str, Org]


@pytest.fixture
def province(db: None, fresh_policies: None, settings: Any) -> Orgs:
    """20 members at the base: 12 in Yunxi (6 of manufacturing, 4 private), 8 in Shitan, one of them a township chamber.

    By the end of 2026 three manufacturers and one street chamber more, all in Yunxi.
    """
    settings.POLICY_DIRS = [QINGLAN, *settings.POLICY_DIRS]
    file = QINGLAN / "organisations" / "qinglan.yaml"
    adam = system_user()
    found_tree(parse_organisations(raw_text(file), file=str(file)), actor=adam)
    orgs = {org.code: org for org in Org.objects.all()}
    yunxi, shitan = orgs["ql-yunxi"], orgs["ql-shitan"]
    firms = [("C", "173")] * 4 + [("C", "110")] * 2 + [("F", "110")] * 6
    for section, kind in firms:
        make_member(yunxi, BASE_DAY, adam, section=section, registration_type=kind)
    for _ in range(7):
        make_member(shitan, BASE_DAY, adam, section="A", registration_type="110")
    for org, on, kind in ((shitan, BASE_DAY, "township_chamber"), (yunxi, LATER, "street_chamber")):
        make_member(org, on, adam, entity=make_entity(kind=EntityKind.ASSOCIATION), group_kind=kind, section="S")
    for _ in range(3):
        make_member(yunxi, LATER, adam, section="C", registration_type="173")
    return orgs


def test_every_indicator_of_the_province_is_computed(province: Orgs) -> None:
    found = plan_status(load_plan("qinglan-2026-2030"), org=province["ql"], on=ON).targets
    rows = [(s.indicator.code, _plain(s.actual), _plain(s.due), _plain(s.goal), s.state, s.unknown) for s in found]
    assert rows == [
        ("heads", 24, 23, 30, "met", None),
        ("density", 30, 29.78, 35, "met", None),
        ("manufacturing_share", 37.5, 31, 35, "ahead", None),
        ("township_groups", 2, None, 4, "unknown", "no_base"),
        ("chambers_founded", 2, 2.33, 3, "met", None),
        ("private", 7, 4.15, 4.8, "ahead", None),
        ("lost", 7, 4.47, 2, "behind", None),
        ("dues", None, None, 95, "unknown", "not_measured"),
    ]
    frozen = found[1].frozen
    assert frozen is not None
    assert (_plain(frozen.actual), frozen.denominator.value, frozen.state) == (34.29, 700, "ahead")


def _plain(value: Any) -> float | None:
    return None if value is None else round(float(value), 2)


def test_due_stops_at_each_figure_the_plan_prints(province: Orgs) -> None:
    points = trajectory(load_plan("qinglan-2026-2030"), "heads", org=province["ql"], until=ON)
    due = {point.day.isoformat(): float(point.planned or 0) for point in points[:7]}
    assert [round(due[day], 2) for day in ("2025-12-31", "2026-06-30", "2026-12-31", "2027-06-30")] == [20, 22, 23, 25]
    assert 20 < due["2026-03-31"] < 22 < due["2026-09-30"] < 23


def test_a_prefecture_has_its_own_target_or_the_provinces_path(province: Orgs) -> None:
    plan = load_plan("qinglan-2026-2030")
    found = statuses(plan, [province["ql-yunxi"], province["ql-lugang"]], on=ON)
    yunxi = {
        s.indicator.code: (s.official, _plain(s.goal), _plain(s.base)) for s in found[province["ql-yunxi"].pk].targets
    }
    assert yunxi["heads"] == (True, 16, 10)
    assert yunxi["private"] == (False, 4.8, 4)
    assert yunxi["manufacturing_share"] == (False, 55, 50)
    lugang = {s.indicator.code: (s.official, s.goal, s.unknown) for s in found[province["ql-lugang"].pk].targets}
    assert lugang["heads"] == (False, None, "no_figure")
    assert lugang["chambers_founded"] == (False, None, "no_base")


def test_the_check_says_what_the_province_leaves_unsaid(province: Orgs) -> None:
    found = {(f.severity, f.code, f.indicator) for f in findings_of(load_plan("qinglan-2026-2030"))}
    assert {one for one in found if one[1] != "milestones"} == {
        ("warning", "not_measured", "dues"),
        ("warning", "implied_denominator", "firms"),
        ("warning", "issued_short", "heads"),
        ("info", "implied_growth", "heads"),
        ("info", "implied_growth", "chambers_founded"),
        ("info", "implied_growth", "lost"),
        ("info", "base_unknown", "township_groups"),
        ("info", "base_unknown", "dues"),
    }


def test_a_declared_figure_is_asked_like_any_other_and_names_who_is_behind_it(province: Orgs) -> None:
    found = ask_measure("qinglan.manufacturers", org=province["ql"], on=ON, items_limit=3)
    assert (found.value, found.items_total, len(found.items)) == (9, 9, 3)
    chambers = ask_measure("organisations.township_chamber", org=province["ql-yunxi"], on=ON, items_limit=9)
    assert (chambers.value, chambers.items) == (1, [province["ql-yunxi-sh-1"].pk])
