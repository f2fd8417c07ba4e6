"""The shipped closed lists: words of rosters become codes, names of group members tell their kind."""

import pytest

from shanglian.members.core.counting import ProfileKey
from shanglian.members.reading import group_kinds_listed, registration_types_listed


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("私营有限责任公司", "173"),
        ("有限责任公司（自然人投资或控股）", "173"),
        ("有限责任公司(国有独资)", ""),  # the legal form alone does not tell
        ("有限责任公司", ""),
        ("民营", "170"),
        ("国有企业", "110"),
        (" 股份 有限公司 ", "160"),
        ("173", "173"),
        ("个体工商户", ""),
        ("理事单位", None),
    ],
)
def test_a_registration_type_is_a_code_or_says_nothing_or_is_unknown(word: str, code: str | None) -> None:
    assert registration_types_listed().code_of(word) == code


def test_private_enterprises_are_the_four_types_and_those_whose_kind_is_not_stated() -> None:
    types = registration_types_listed()
    assert sorted(types.private) == ["170", "171", "172", "173", "174"]
    assert (types.counts, len(types.names) - 1) == ("private_enterprise", 20 - 1)


@pytest.mark.parametrize(
    ("name", "kind", "chamber"),
    [
        ("示例市私营企业协会", "private_enterprise_association", False),
        ("示例区个体劳动者协会", "self_employed_association", False),
        ("示例镇商会", "township_chamber", True),
        ("示例街道商会", "street_chamber", True),
        ("示例市纺织行业商会", "industry_chamber", True),
        ("示例市物流业协会", "industry_chamber", True),
        ("示例楼宇商会", "building_chamber", True),
        ("甲地商会", "chamber_unstated", True),
        ("示例联谊会", "other", False),
        ("甲示例公司", "", False),
    ],
)
def test_the_name_of_a_group_member_tells_its_kind_and_whether_it_is_a_chamber(
    name: str, kind: str, chamber: bool
) -> None:
    kinds = group_kinds_listed()
    assert (kinds.kind_of(name), kind in kinds.chambers) == (kind, chamber)


def test_a_profile_without_words_counts_a_direct_member_of_unknown_attributes() -> None:
    assert ProfileKey() == ("", "", "", "", "direct", "")
