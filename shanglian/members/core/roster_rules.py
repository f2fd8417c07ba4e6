"""What a clean roster row means for the register: its identifiers, kind of entity, category and days.

Pure rules over the record of a row (keys as in members/core/roster.py). Reading the cells is not done here, nor
comparing with the register.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from shanglian.common.core.codes import subject_code
from shanglian.members.core.kinds import CATEGORY_OF_KIND, Category, EntityKind

FIELD_OF_SCHEME = {"uscc": "uscc", "reg_no": "reg_no", "org_code": "org_code", "other": "other_code"}

# What a person may say of a doubtful row. Another firm cannot be booked under a number somebody holds, and no word
# settles days that contradict each other: those are put right at the member.
CHOICES_OF_DOUBT: Final[Mapping[str, tuple[str, ...]]] = {
    "same_name_in_register": ("same", "different", "skip"),
    "former_name_in_register": ("same", "different", "skip"),
    "numbers_of_several_members": ("same", "skip"),
    "other_unified_code": ("same", "skip"),
    "second_row_of_one_member": ("same", "skip"),
    "member_on_other_days": ("same", "skip"),
    "home_on_other_days": ("skip",),
    "home_elsewhere": ("same", "skip"),
}


def choices_of(doubt: str, leaves: Iterable[object]) -> tuple[str, ...]:
    """What may be said of a doubt; that it has moved here, where a candidate has a home to leave (None: it has not)."""
    choices = CHOICES_OF_DOUBT[doubt]
    return ("moved", *choices) if any(home is not None for home in leaves) else choices


# A category as rosters write it.
CATEGORY_WORDS: Final[Mapping[Category, str]] = {
    Category.ENTERPRISE: "企业会员",
    Category.GROUP: "团体会员",
    Category.INDIVIDUAL: "个人会员",
}

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


def subject_of(numbers: Sequence[tuple[str, str]]) -> set[str]:
    """The organisation codes (nine signs) said by these numbers: as such or inside a unified code."""
    whole = {subject_code(value) for scheme, value in numbers if scheme == "uscc"}
    return whole | {value for scheme, value in numbers if scheme == "org_code"}


def says_another_firm(own: Sequence[tuple[str, str]], known: Sequence[tuple[str, str]]) -> bool:
    """Whether the numbers of a row prove that it is not the entity with the `known` ones.

    The organisation code decides where both have one; else the other numbers of a kind both have. Numbers of different
    kinds prove nothing.
    """
    subjects, others = subject_of(own), subject_of(known)
    if subjects and others:
        return not subjects & others
    shared = {scheme for scheme, _ in own} & {scheme for scheme, _ in known}
    return bool(shared) and not {n for n in own if n[0] in shared} & set(known)


def numbers_to_add(free: Iterable[tuple[str, str]], known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of a row's numbers nobody holds (`free`) that tell the register something new about the entity."""
    schemes = {scheme for scheme, _ in known}
    if "uscc" in schemes:
        schemes.add("org_code")  # it stands inside
    return [number for number in free if number[0] not in schemes]


def stated_category(record: Mapping[str, Any]) -> Category | None:
    """The member category a row states in words; None when it says none that is known."""
    return _category_in(record.get("member_type"))


def category_of(record: Mapping[str, Any]) -> Category:
    """The member category: what the roster says, else what kind of entity it is."""
    return stated_category(record) or CATEGORY_OF_KIND[kind_of(record)]


def _category_in(text: str | None) -> Category | None:
    return _category_named(text) if text else None


@lru_cache(maxsize=1000)
def _category_named(text: str) -> Category | None:
    return next((category for word, category in _CATEGORY_WORDS if word in text), None)


def kind_of(record: Mapping[str, Any]) -> EntityKind:
    """Enterprise, association or person, from the code's prefix (92 self-employed, 5x social organisations) or name."""
    code = record.get("uscc") or ""
    if code.startswith("92") or "个体" in (record.get("registration_type") or ""):
        return EntityKind.PERSON
    if code.startswith(("51", "52", "53")):
        return EntityKind.ASSOCIATION
    if not code and str(record.get("name") or "").endswith(("商会", "协会", "联合会", "学会")):
        return EntityKind.ASSOCIATION
    listed = _category_in(record.get("member_type") or record.get("listed_as")) if not code else None
    if listed is Category.INDIVIDUAL:
        return EntityKind.PERSON
    if listed is Category.GROUP:
        return EntityKind.ASSOCIATION
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
