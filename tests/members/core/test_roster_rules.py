"""What a row means for the register: which kind of entity it is, and in which category it is counted."""

import pytest

from shanglian.members.core.kinds import Category, EntityKind
from shanglian.members.core.roster_rules import category_of, kind_of
from tests.sample_codes import uscc

FIRM = uscc(1)


@pytest.mark.parametrize(
    ("record", "kind", "category"),
    [
        ({"uscc": FIRM}, EntityKind.ENTERPRISE, Category.ENTERPRISE),
        ({"uscc": "92" + FIRM[2:]}, EntityKind.PERSON, Category.INDIVIDUAL),
        ({"uscc": "51" + FIRM[2:]}, EntityKind.ASSOCIATION, Category.GROUP),
        ({"name": "示例商会"}, EntityKind.ASSOCIATION, Category.GROUP),
        ({"name": "示例甲", "member_type": "个人会员"}, EntityKind.PERSON, Category.INDIVIDUAL),
        ({"name": "示例甲", "listed_as": "个人会员"}, EntityKind.PERSON, Category.INDIVIDUAL),
        ({"name": "示例青年企业家", "listed_as": "团体会员"}, EntityKind.ASSOCIATION, Category.GROUP),
        ({"uscc": FIRM, "listed_as": "个人会员"}, EntityKind.ENTERPRISE, Category.ENTERPRISE),
        ({"uscc": FIRM, "member_type": "个人会员"}, EntityKind.ENTERPRISE, Category.INDIVIDUAL),
        (
            {"name": "示例甲", "listed_as": "个人会员", "member_type": "企业"},
            EntityKind.ENTERPRISE,
            Category.ENTERPRISE,
        ),
    ],
)
def test_the_code_says_what_it_is_then_the_row_then_the_list_it_stands_in(record, kind, category):
    assert (kind_of(record), category_of(record)) == (kind, category)
