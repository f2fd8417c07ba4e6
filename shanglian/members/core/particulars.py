"""Particulars of an entity (name, legal representative, telephones, address, founding): facts with two clocks. Pure.

The rule by which one value holds on a day is here once more than in sql/particulars.sql, slow and obvious; the tests
hold both equal. And: what a roster's row says otherwise than the register.
"""

import unicodedata
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from shanglian.members.core.kinds import Category
from shanglian.members.core.roster_rules import founded_on, stated_category


class Field(StrEnum):
    """What of an entity can change."""

    NAME = "name"
    LEGAL_REP = "legal_rep"
    PHONES = "phones"
    ADDRESS = "address"
    FOUNDED_ON = "founded_on"


# The column of the roster a value comes from, and of the counted attributes likewise.
COLUMN_OF: Final[Mapping[str, str]] = {
    Field.NAME: "name", Field.LEGAL_REP: "legal_rep", Field.PHONES: "phones", Field.ADDRESS: "address",
    Field.FOUNDED_ON: "founded", "category": "member_type", "section": "industry", "county": "county",
    "registration_type": "registration_type", "group_kind": "group_kind",
}  # fmt: skip


# Two clocks ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry about one entity: a value of a field since a day (None: nobody knows since when).

    `recorded` is any ordered moment. A reversal repeats what it reverses and takes it out.
    """

    key: Hashable
    field: str
    value: Any
    since: date | None
    recorded: Any
    reverses: Hashable = None


def standing(facts: Iterable[Fact], known: Any = None) -> list[Fact]:
    """Those that were entered by a moment (None: by now) and not reversed by then, in the order of entry."""
    seen = [fact for fact in facts if known is None or fact.recorded <= known]
    gone = {fact.reverses for fact in seen if fact.reverses is not None}
    return [fact for fact in seen if fact.reverses is None and fact.key not in gone]


def holding(facts: Sequence[Fact], *, on: date | None = None, known: Any = None) -> dict[str, Fact]:
    """By field, the one fact that holds on a day (None: at present) as known at a moment.

    It is the latest that had begun, of one day the last one entered; before any had begun, the earliest. `facts`: those
    of one entity in the order of entry.
    """
    found: dict[str, tuple[tuple[Any, ...], Fact]] = {}
    for place, fact in enumerate(standing(facts, known)):
        rank = _rank(fact, place, on)
        if fact.field not in found or rank > found[fact.field][0]:
            found[fact.field] = rank, fact
    return {field: fact for field, (_rank, fact) in found.items()}


def _rank(fact: Fact, place: int, on: date | None) -> tuple[Any, ...]:
    since = fact.since or date.min
    begun = on is None or since <= on
    return begun, since.toordinal() if begun else -since.toordinal(), fact.recorded, place


def former_names(facts: Iterable[Fact]) -> list[tuple[str, date]]:
    """Names an entity bore, each with the day from which another one held; the latest first. As known by now."""
    named = [fact for fact in standing(facts) if fact.field == Field.NAME]
    order = sorted(named, key=lambda fact: fact.since or date.min)  # of one day the last entered comes last
    days = {fact.since: fact.value["name"] for fact in order}
    pairs = pairwise(days.items())
    return [(old, until) for (_, old), (until, new) in pairs if until is not None and old != new][::-1]


# What a row says otherwise ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What the register says of an entity on the roster's day; `founded` is an ISO day or empty."""

    name: str
    name_key: str
    legal_rep: str = ""
    phones: tuple[str, ...] = ()
    address: str = ""
    founded: str = ""


@dataclass(frozen=True, slots=True)
class CountedAs:
    """How the register counts a membership on the roster's day; empty: not known."""

    category: str
    section: str
    county: str
    registration_type: str = ""
    group_kind: str = ""


def said_otherwise(record: Mapping[str, Any], known: Known, on: date) -> dict[Field, Any]:
    """The values a row brings that the register does not have. What it leaves empty is no statement.

    Spelling alone changes nothing (blanks, full-width signs); nor does a day of founding after the roster's.
    """
    found: dict[Field, Any] = {}
    if record["name_key"] != known.name_key:
        found[Field.NAME] = record["name"]
    if (rep := record.get("legal_rep")) and not _alike(rep, known.legal_rep):
        found[Field.LEGAL_REP] = rep
    if (phones := record.get("phones")) and any(_is_new(phone, known.phones) for phone in phones):
        found[Field.PHONES] = list(phones)
    if (address := record.get("address")) and not _alike(address, known.address):
        found[Field.ADDRESS] = address
    if "founded" in record:
        founded = founded_on(record)
        if founded and founded != known.founded and founded <= on.isoformat():
            found[Field.FOUNDED_ON] = founded
    return found


def _alike(said: str, known: str) -> bool:
    return said == known or _plain(said) == _plain(known)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


_LOCAL: Final = 8  # a number of so many digits or fewer lacks its area


def _is_new(phone: str, known: Collection[str]) -> bool:
    """Whether the register lacks a number; it has 63950001 where it has 037163950001."""
    return phone not in known and not (len(phone) <= _LOCAL and any(one.endswith(phone) for one in known))


def counted_otherwise(record: Mapping[str, Any], known: CountedAs, group_kind: str = "") -> CountedAs:
    """How the membership is to be counted by what the row itself says; what it does not say stays.

    `group_kind`: what its name tells, where the row has no word of its own. It counts for group members only.
    """
    category = str(stated_category(record) or known.category)
    return CountedAs(
        category,
        record.get("industry_section") or known.section,
        record.get("county_code") or known.county,
        record.get("registration_code") or known.registration_type,
        (record.get("group_code") or group_kind or known.group_kind) if category == Category.GROUP else "",
    )
