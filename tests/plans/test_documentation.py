"""The example of docs/plans.md, a plan of another federation with other indicators, computes as it stands there."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shanglian.common.policy_files import all_problems
from shanglian.directory.actions.orgs import found_org
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.models import Org
from shanglian.directory.queries import system_user
from shanglian.members.core.kinds import EntityKind
from shanglian.plans.core.plan import BaseKind, Direction, Operator, PathRule, SoftWord
from shanglian.plans.core.series import Quality
from shanglian.plans.queries import findings_of, load_plan, plan_status, statuses
from tests.factories.members import make_entity, make_member

PAGE = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
PLACES = (
    "plans/lakeside-2021-2025",
    "figures/lakeside",
    "series/lakeside-dormant",
    "organisations/lakeside",
    "divisions/lakeside",
)
BASE_DAY, ON = date(2020, 12, 31), date(2023, 6, 30)


@pytest.fixture
def lakeside(db: None, fresh_policies: None, settings: Any, tmp_path: Path) -> dict[str, Org]:
    """The page's files in an installation, and a register: 8 memberships at the base, 2 of them groups."""
    texts = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    for name, text in zip(PLACES, texts, strict=True):
        place = tmp_path / f"{name}.yaml"
        place.parent.mkdir()
        place.write_text(text, encoding="utf-8")
    settings.POLICY_DIRS = [tmp_path, *settings.POLICY_DIRS]
    adam, orgs = system_user(), {}
    for code, kind in (("990300", OrgKind.CITY), ("990301", OrgKind.COUNTY), ("990302", OrgKind.COUNTY)):
        parent = orgs.get("990300")
        orgs[code] = found_org(
            code=code, kind=kind, name=f"{code}（示例）", parent=parent, on=date(2010, 1, 1), actor=adam
        )
    for org, firms in (("990301", 4), ("990302", 2)):
        for _ in range(firms):
            make_member(orgs[org], BASE_DAY, adam)
    for org, on in (("990301", BASE_DAY), ("990302", BASE_DAY), ("990302", date(2022, 5, 1))):
        make_member(orgs[org], on, adam, entity=make_entity(kind=EntityKind.ASSOCIATION))
    return orgs


def test_the_plan_of_the_page_computes_without_a_line_of_code(lakeside: dict[str, Org]) -> None:
    found = plan_status(load_plan("lakeside-2021-2025"), org=lakeside["990300"], on=ON).targets
    rows = [(s.indicator.code, s.actual, s.due and round(float(s.due), 2), s.state, s.base_kind) for s in found]
    assert rows == [
        ("memberships", 9, 9.69, "behind", "given"),
        ("group_share", pytest.approx(100 / 3), 27.49, "ahead", "derived"),
        ("dormant", 8, 7.01, "near", "sample"),
        ("satisfaction", None, None, "unknown", "unknown"),
    ]


def test_a_county_is_held_to_its_own_target_or_to_the_issuers_path(lakeside: dict[str, Org]) -> None:
    counties = [lakeside["990301"], lakeside["990302"]]
    found = statuses(load_plan("lakeside-2021-2025"), counties, on=ON)
    rows = [(s.official, s.goal, s.base, s.actual) for org in counties for s in found[org.pk].targets[:1]]
    assert rows == [(True, 7, 5, 5), (False, 4.5, 3, 4)]


def test_the_check_of_the_page_finds_nothing_wrong(lakeside: dict[str, Org]) -> None:
    found = [(f.severity, f.code, f.indicator) for f in findings_of(load_plan("lakeside-2021-2025"))]
    assert [one for one in found if one[1] != "milestones"] == [
        ("warning", "not_measured", "satisfaction"),
        ("warning", "issued_short", "memberships"),
        ("info", "growth_agrees", "memberships"),
        ("info", "implied_growth", "memberships"),  # the county's own
        ("info", "implied_growth", "dormant"),
        ("info", "base_unknown", "satisfaction"),
    ]


def test_every_file_of_the_page_is_as_it_should_be(lakeside: dict[str, Org]) -> None:
    assert list(all_problems()) == []


def test_the_page_names_every_word_a_file_may_use() -> None:
    words = [word for kind in (BaseKind, Direction, Operator, PathRule, SoftWord, Quality) for word in kind]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
