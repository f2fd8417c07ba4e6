"""The file of Zhengzhou's organisations, and what is wrong with broken ones."""

from collections import Counter
from datetime import date

import pytest

from shanglian.common.core.policy import PolicyError
from shanglian.directory.core.kinds import OrgKind
from shanglian.directory.core.orgfile import parse_organisations
from tests.paths import ROOT

ZHENGZHOU = ROOT / "shanglian" / "policies" / "organisations" / "410100.yaml"


def codes(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PolicyError) as caught:
        parse_organisations(text, file="orgs.yaml")
    return [(problem.field, problem.code) for problem in caught.value.problems]


def test_zhengzhou_has_a_province_a_city_twelve_counties_and_four_zones():
    entries = parse_organisations(ZHENGZHOU.read_text("utf-8"), file=ZHENGZHOU.name)
    assert Counter(entry.kind for entry in entries) == {
        OrgKind.PROVINCE: 1,
        OrgKind.CITY: 1,
        OrgKind.COUNTY: 12,
        OrgKind.ZONE: 4,
    }


def test_only_the_airport_zone_has_a_federation_that_is_known():
    entries = parse_organisations(ZHENGZHOU.read_text("utf-8"), file=ZHENGZHOU.name)
    founded = {entry.code: entry.federation_since for entry in entries if entry.kind is OrgKind.ZONE}
    assert founded == {
        "410100-zdxq": None,
        "410100-gxq": None,
        "410100-jkq": None,
        "410100-hkg": date(2020, 9, 7),
    }


def test_all_problems_of_a_file_are_named():
    text = """
tree_since: 2000-01-01
organisations:
  - {code: "41", kind: province, name: 省}
  - {code: "41", kind: city, name: 市, parent: "99"}
  - {code: "4102", kind: chamber, name: 会, parent: "41"}
  - {code: "4103", kind: county, name: 县, parent: "41", federation: {since: 2001-01-01}, colour: red}
"""
    assert codes(text) == [
        ("organisations[2].kind", "not_one_of"),
        ("organisations[3].federation", "only_for_zones"),
        ("organisations[3].colour", "unknown_key"),
        ("organisations[1].code", "code_twice"),
        ("organisations[1].parent", "parent_not_above"),
    ]


def test_a_kind_stands_only_where_it_may():
    text = """
tree_since: 2000-01-01
organisations:
  - {code: "41", kind: zone, name: 区}
"""
    assert codes(text) == [("organisations[0].kind", "kind_not_allowed_there")]
