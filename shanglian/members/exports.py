"""Members as a table to take away: a roster in the headings this installation reads, so that it can be imported again.

Reads spans and writes files; who may have which members is decided in downloads.py.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import TextIOWrapper
from typing import IO, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from shanglian.common.core.sheets import safe_cell
from shanglian.common.workbooks import LONGEST, text_book
from shanglian.directory.queries import names_on
from shanglian.members.core.kinds import Category
from shanglian.members.core.particulars import Field, holding
from shanglian.members.core.roster import section_words
from shanglian.members.core.roster_rules import CATEGORY_WORDS
from shanglian.members.listing import Listing
from shanglian.members.models import Identifier
from shanglian.members.particulars import fact_from, facts_of
from shanglian.members.reading import area_names, group_kinds_listed, registration_types_listed, roster_reading

CHUNK = 2_000  # members fetched at a time
SHEET = "会员名册"
# Key, heading where the roster has no such column (then it is not read), width in signs. The number stands first, so
# that no name at the beginning of a line can be taken for a note or a total.
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("number", "序号", 6), ("name", "", 36), ("uscc", "", 22), ("reg_no", "", 18), ("org_code", "", 14),
    ("member_type", "", 10), ("org", "入会组织", 28), ("home", "主会籍", 8), ("since", "在册起始", 12),
    ("county", "", 16), ("industry", "", 26), ("registration_type", "", 18), ("group_kind", "", 18),
    ("legal_rep", "", 12), ("phones", "", 24), ("address", "", 40),
    ("founded", "", 12), ("further", "其他证照", 20),
)  # fmt: skip
_NUMBER_COLUMNS = ("uscc", "reg_no", "org_code")
_SPARE = ("reg_no", "org_code", "uscc")  # where an old certificate's number may stand: its content says what it is


@dataclass(frozen=True, slots=True)
class Exported:
    """One membership on the day of the list, everything that stands in its row."""

    name: str
    numbers: Sequence[Mapping[str, str]]  # scheme, value, state
    category: str
    org: str
    home: bool
    since: date
    county: str
    section: str
    registration_type: str
    group_kind: str
    legal_rep: str
    phones: Sequence[str]
    address: str
    founded: date | None


def headings() -> list[str]:
    """As the roster's own policy file spells them first; a column it has no word for stands under its key."""
    usual = {column.key: next(iter(column.headings), column.key) for column in roster_reading().columns}
    return [own or usual[key] for key, own, _width in COLUMNS]


def members_of(listing: Listing) -> Iterator[Exported]:
    """The members of a list in its order, in one query, some thousands at a time; each as it was on the list's day."""
    names = names_on(listing.orgs, listing.day)
    numbers = Identifier.objects.filter(entity=OuterRef("entity")).order_by("id")
    pairs = ArraySubquery(numbers.values(pair=JSONObject(scheme="scheme", value="value", state="state")))
    rows = listing.in_order().values_list(
        "entity__name", pairs, "category", "org_id", "home", "since", "county", "profile__section",
        "profile__registration_type", "profile__group_kind",
        "entity__legal_rep", "entity__phones", "entity__address", "entity__founded_on", facts_of("entity"),
    )  # fmt: skip
    for name, held, category, org, *rest, facts in rows.iterator(chunk_size=CHUNK):
        yield _as_on(listing.day, Exported(name, held, category, names.get(org, ""), *rest), facts)


def _as_on(day: date, member: Exported, facts: Sequence[Mapping[str, Any]]) -> Exported:
    """The member with what its facts say of the day; most have none, and are as they came in."""
    if not facts:
        return member
    held = holding([fact_from(fact) for fact in facts], on=day)
    said = {field: fact.value for field, fact in held.items()}
    founded = said.get(Field.FOUNDED_ON)
    return replace(
        member,
        name=said[Field.NAME]["name"] if Field.NAME in said else member.name,
        legal_rep=said.get(Field.LEGAL_REP, member.legal_rep),
        phones=said.get(Field.PHONES, member.phones),
        address=said.get(Field.ADDRESS, member.address),
        founded=(date.fromisoformat(founded) if founded else None) if Field.FOUNDED_ON in said else member.founded,
    )


def cells_of(number: int, member: Exported) -> list[str]:
    """The row of a member, a text for each of COLUMNS."""
    cells = {
        "number": str(number),
        "name": member.name,
        "member_type": CATEGORY_WORDS.get(Category(member.category), member.category),
        "org": member.org,
        "home": "是" if member.home else "否",
        "since": member.since.isoformat(),
        "county": area_names().get(member.county, member.county),
        "industry": section_words(member.section),
        "registration_type": registration_types_listed().names.get(member.registration_type, ""),
        "group_kind": group_kinds_listed().names.get(member.group_kind, ""),
        "legal_rep": member.legal_rep,
        "phones": "、".join(member.phones),
        "address": member.address,
        "founded": member.founded.isoformat() if member.founded else "",
    } | _numbers(member.numbers)
    return [cells.get(key, "") for key, _own, _width in COLUMNS]


def _numbers(held: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Valid numbers each in its column, the rest (second ones, unchecked ones) in a column that is not read."""
    cells: dict[str, str] = {}
    rest: list[str] = []
    for number in held:
        scheme, value = number["scheme"], number["value"]
        if number["state"] == Identifier.State.VALID and scheme in _NUMBER_COLUMNS and scheme not in cells:
            cells[scheme] = value
        else:
            rest.append(value)
    old = [n["value"] for n in held if n["scheme"] == "other" and n["state"] == Identifier.State.VALID]
    spare = next((column for column in _SPARE if column not in cells), None)
    if old and spare and "uscc" not in cells:
        cells[spare] = old[0]
        rest.remove(old[0])
    return cells | {"further": "、".join(rest)}


def write_workbook(target: IO[bytes], members: Iterable[Exported]) -> int:
    """An .xlsx with every cell as text, headings frozen, written into `target`; how many members."""
    number = 0
    with text_book(target) as book:
        sheet = book.add_sheet(SHEET, headings(), [width for _key, _own, width in COLUMNS])
        for number, member in enumerate(members, 1):
            for column, text in enumerate(cells_of(number, member)):
                if text:
                    sheet.write_string(number, column, text[:LONGEST], book.styles.text)
        sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
    return number


def write_csv(target: IO[bytes], members: Iterable[Exported]) -> int:
    """A .csv in UTF-8 with its mark, by which spreadsheets recognise it; how many members."""
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headings())
    number = 0
    for number, member in enumerate(members, 1):
        writer.writerow([safe_cell(cell) for cell in cells_of(number, member)])
    text.detach()  # flushes; the target stays open
    return number


WRITERS: dict[str, Any] = {"xlsx": write_workbook, "csv": write_csv}
