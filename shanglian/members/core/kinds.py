"""The closed vocabularies of the register: categories, kinds of movement, lines of the movement table.

Codes only. What a page calls them stands in members/labels.py; what they do to a balance stands in legs.py.
"""

from enum import StrEnum


class EntityKind(StrEnum):
    """What can be a member (主体)."""

    ENTERPRISE = "enterprise"
    ASSOCIATION = "association"
    PERSON = "person"


class Category(StrEnum):
    """会员类别: enterprise, group and individual members."""

    ENTERPRISE = "enterprise"
    GROUP = "group"
    INDIVIDUAL = "individual"


class Kind(StrEnum):
    """What a movement is. `opening` is a stock taken over, never a join."""

    OPENING = "opening"
    JOINED = "joined"
    LEFT = "left"
    MOVED = "moved"
    REHOMED = "rehomed"
    RECLASSIFIED = "reclassified"
    REVERSAL = "reversal"


class Line(StrEnum):
    """The column of the movement table a leg counts in."""

    OPENING = "opening"
    JOINED = "joined"
    LEFT = "left"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    REHOMED_IN = "rehomed_in"
    REHOMED_OUT = "rehomed_out"
    RECLASSIFIED_IN = "reclassified_in"
    RECLASSIFIED_OUT = "reclassified_out"


class Attribution(StrEnum):
    """会员归属: joined the federation itself, or belongs through an affiliated chamber."""

    DIRECT = "direct"
    CHAMBER = "chamber"


class Count(StrEnum):
    """Which of the two figures is meant: heads (counted once, at home) or all memberships."""

    HEADS = "heads"
    MEMBERSHIPS = "memberships"


CATEGORY_OF_KIND = {
    EntityKind.ENTERPRISE: Category.ENTERPRISE,
    EntityKind.ASSOCIATION: Category.GROUP,
    EntityKind.PERSON: Category.INDIVIDUAL,
}
