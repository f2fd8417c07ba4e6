"""What a clean roster row means for the register: its identifiers, kind of entity, category and days.

Pure rules over the record of a row (keys as in members/core/roster.py). Reading the cells is not done here, nor
comparing with the register.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shanglian.members.core.kinds import CATEGORY_OF_KIND, Category, EntityKind

FIELD_OF_SCHEME = {"uscc": "uscc", "reg_no": "reg_no", "org_code": "org_code", "other": "other_code"}

# What the member-type column says, by the word that decides. A self-employed person is an individual member.
_CATEGORY_WORDS = (
    ("团体", Category.GROUP),
    ("商会", Category.GROUP),
    ("协会", Category.GROUP),
    ("个人", Category.INDIVIDUAL),
    ("个体", Category.INDIVIDUAL),
    ("企业", Category.ENTERPRISE),
)


def identifiers(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(scheme, value) of every number in the row; the organisation code only when no unified code says it."""
    if code := record.get("uscc"):
        found = [("uscc", code)]
        return [*found, ("reg_no", record["reg_no"])] if "reg_no" in record else found
    return [(scheme, record[name]) for scheme, name in FIELD_OF_SCHEME.items() if name in record]


def category_of(record: Mapping[str, Any]) -> Category:
    """The member category: what the roster says, else what kind of entity it is."""
    said = record.get("member_type") or ""
    for word, category in _CATEGORY_WORDS:
        if word in said:
            return category
    return CATEGORY_OF_KIND[kind_of(record)]


def kind_of(record: Mapping[str, Any]) -> EntityKind:
    """Enterprise, association or person, from the code's prefix (92 self-employed, 5x social organisations) or name."""
    code = record.get("uscc") or ""
    if code.startswith("92") or "个体" in (record.get("registration_type") or ""):
        return EntityKind.PERSON
    if code.startswith(("51", "52", "53")):
        return EntityKind.ASSOCIATION
    if not code and str(record.get("name") or "").endswith(("商会", "协会", "联合会", "学会")):
        return EntityKind.ASSOCIATION
    if not code and "个人" in (record.get("member_type") or ""):
        return EntityKind.PERSON
    return EntityKind.ENTERPRISE


def founded_on(record: Mapping[str, Any]) -> str | None:
    """The day of founding, ISO, when it is known to the day."""
    return record.get("founded") if record.get("founded_precision") == "day" else None


def joined_on(record: Mapping[str, Any], roster_day: date) -> date | None:
    """The row's own day of joining, when it is a full date not after the roster's day."""
    if record.get("join_precision") != "day" or not record.get("join_date"):
        return None
    day = date.fromisoformat(record["join_date"])
    return day if day <= roster_day else None
