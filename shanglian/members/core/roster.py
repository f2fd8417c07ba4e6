"""The roster: which columns it may have and what is judged of a whole row. Pure.

How a cell is cleaned is in roster_cells.py and roster_areas.py. The words of headings and the names of areas are data
(policies/imports/roster.yaml, policies/divisions/*.yaml). What a row means for the register is not decided here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shanglian.common.core.codes import is_placeholder
from shanglian.imports.core.cells import Cell, text_of
from shanglian.imports.core.columns import (
    NOTHING,
    SENSITIVE,
    Cleaned,
    Column,
    Fields,
    Identity,
    Setting,
    SheetKind,
)
from shanglian.members.core.counting import GroupKinds, RegistrationTypes
from shanglian.members.core.roster_areas import (
    area_cleaner,
    area_finder,
    areas_by_name,
    is_area,
    plain_area,
    zone_cleaner,
)
from shanglian.members.core.roster_cells import (
    clean_capital,
    clean_code,
    clean_currency,
    clean_fee,
    clean_founded,
    clean_join_date,
    clean_legal_rep,
    clean_name,
    clean_phones,
    clean_remark,
    is_resident_number,
    listed_cleaner,
    looks_like_code,
    looks_like_firm,
    looks_like_phones,
    not_kept,
    text_cleaner,
)  # fmt: skip
from shanglian.members.core.roster_proposals import area_proposer, date_proposer, propose_code, propose_phones

__all__ = ["BAD_CODES", "FIELDS", "SECTIONS", "areas_by_name", "finish", "identity", "roster_kind"]

BAD_CODES: Final = frozenset(
    {"uscc_bad_check", "uscc_bad_length", "uscc_illegal_char", "orgcode_bad_check", "regno_bad_check"}
)
# A record has these fields, in any order; what a row does not say is left out. Texts, but: phones is a list of
# digits, fee_yuan and capital_wan are numbers. join_date and founded are ISO days, months or years, as the field
# …_precision says (day, month, year). former_name: what stood as （原名：…）. status: words such as 已注销.
# registration_code, group_code: the code of the closed list that registration_type or group_kind stands for, if any.
# employer: where the person works, in a list of persons. listed_as: the category the title or the sheet's name says.
# org_name: the organisation of the member, as a superior's roster names it.
FIELDS: Final = (
    "name", "name_key", "uscc", "org_code", "reg_no", "other_code", "legal_rep", "phones", "chamber",
    "member_type", "join_date", "join_precision", "fee_yuan", "county_code", "industry_section", "industry",
    "registration_type", "registration_code", "address", "capital_wan", "capital_currency", "founded",
    "founded_precision", "former_name", "status", "employer", "listed_as", "org_name", "group_kind", "group_code",
)  # fmt: skip
ID_FIELDS: Final = ("uscc", "org_code", "reg_no", "other_code")


def roster_kind(
    headings: Mapping[str, Sequence[str]], areas: Mapping[str, str], weak: Mapping[str, Sequence[str]] | None = None,
    types: RegistrationTypes | None = None, kinds: GroupKinds | None = None,
) -> SheetKind:  # fmt: skip
    """The roster's kind of sheet. `headings`: column key → spellings; `areas`: plain name or number → area code.

    `weak`: spellings that count only where a required column is not found otherwise. `types`, `kinds`: the closed
    lists of registration types and of kinds of group members (None: their words are kept as they are).
    """
    may_be_grouped = {"grouped": True, "optional": True}
    number = {"propose": propose_code, "written": ID_FIELDS}
    plan: list[tuple[str, Callable[[Cell, Setting], Cleaned], dict[str, Any]]] = [
        ("name", clean_name, {"required": True, "looks_right": looks_like_firm, "written": ("name",)}),
        ("uscc", clean_code, {"looks_right": looks_like_code, "identifying": True, **number}),
        ("org_code", clean_code, number),
        ("reg_no", clean_code, number),
        ("legal_rep", clean_legal_rep, {}),
        ("phones", clean_phones, {"many": True, "propose": propose_phones, "looks_right_alone": looks_like_phones}),
        ("organisation", text_cleaner("org_name"), {"cached": True, "written": ("org_name",), **may_be_grouped}),
        ("chamber", text_cleaner("chamber"), {"cached": True, **may_be_grouped}),
        ("member_type", text_cleaner("member_type"), {"cached": True}),
        ("join_date", clean_join_date, {"propose": date_proposer(clean_join_date), "written": ("join_date",)}),
        ("fee_yuan", clean_fee, {"cached": True}),
        (
            "county",
            area_cleaner(areas),
            {"cached": True, "looks_right": is_area(areas), "propose": area_proposer(areas), "grouped": True},
        ),
        ("zone", zone_cleaner(areas), {"cached": True}),
        ("industry", clean_industry, {"cached": True}),
        ("registration_type", listed_cleaner("registration_type", "registration_code", types), {"cached": True}),
        ("group_kind", listed_cleaner("group_kind", "group_code", kinds), {"cached": True}),
        ("address", text_cleaner("address"), {}),
        ("capital", clean_capital, {"cached": True}),
        ("capital_currency", clean_currency, {"cached": True}),
        ("founded", clean_founded, {"propose": date_proposer(clean_founded), "written": ("founded",)}),
        ("employer", text_cleaner("employer"), {}),
        ("remark", clean_remark, {"cached": True}),
        ("status", clean_remark, {"cached": True}),
        (SENSITIVE, not_kept, {"many": True, "looks_right": is_resident_number}),
    ]
    columns = tuple(
        Column(key, tuple(headings.get(key, ())), clean, weak=tuple((weak or {}).get(key, ())), **options)
        for key, clean, options in plan
    )
    find_area = area_finder(areas)
    return SheetKind(
        columns, finish, identity, lambda lines: {**find_area(lines), **listed_as(lines), **chamber_of(lines)}
    )


_LONGEST_TITLE: Final = 40  # a longer line is a sentence of a letter
_LISTED: Final = re.compile(r"(企业|团体|个人)会员")


def listed_as(lines: Sequence[str]) -> Fields:
    """The category the nearest line above the rows speaks of ("个人会员名册"); a line with two says nothing."""
    for line in reversed(lines):
        plain = "".join(line.split())
        found = set(_LISTED.findall(plain)) if len(plain) <= _LONGEST_TITLE and "其中" not in plain else set()
        if len(found) == 1:
            return {"listed_as": f"{found.pop()}会员"}
    return {}


_OVER_ROWS: Final = re.compile(
    r"(?:\(?[一二三四五六七八九十\d]{1,3}[)、.,:])?(?P<name>\D{2,30}(?:商会|协会|分会))(?:\(?共?\d+[家户名个]\)?)?:?"
)
_ANY_CHAMBER: Final = re.compile(
    r"[各市区县]?(?:行业|异地|乡镇|街道|乡村|村|市场|园区|楼宇|社区|基层|直属|所属|其他|工商联合?)(?:商会|协会|分会)"
)


def chamber_of(lines: Sequence[str]) -> Fields:
    """The chamber whose name alone stands over the rows ("一、软件商会（3家）"); a kind of chamber is no chamber."""
    line = "".join(unicodedata.normalize("NFKC", lines[-1]).split()) if lines else ""
    found = _OVER_ROWS.fullmatch(line)
    return {"chamber": found["name"]} if found and not _ANY_CHAMBER.fullmatch(found["name"]) else {}


SECTIONS: Final = {
    "A": ("农、林、牧、渔业", "农业", "农林牧渔业"),
    "B": ("采矿业",),
    "C": ("制造业",),
    "D": ("电力、热力、燃气及水生产和供应业",),
    "E": ("建筑业",),
    "F": ("批发和零售业", "批发零售业", "批发业", "零售业"),
    "G": ("交通运输、仓储和邮政业", "交通运输业", "交通运输仓储和邮政业"),
    "H": ("住宿和餐饮业", "住宿餐饮业", "餐饮业", "住宿业"),
    "I": ("信息传输、软件和信息技术服务业", "软件和信息技术服务业"),
    "J": ("金融业",),
    "K": ("房地产业",),
    "L": ("租赁和商务服务业",),
    "M": ("科学研究和技术服务业",),
    "N": ("水利、环境和公共设施管理业",),
    "O": ("居民服务、修理和其他服务业", "居民服务业"),
    "P": ("教育", "教育业"),
    "Q": ("卫生和社会工作",),
    "R": ("文化、体育和娱乐业", "文化体育和娱乐业"),
    "S": ("公共管理、社会保障和社会组织",),
    "T": ("国际组织",),
}  # GB/T 4754-2017; the same letters in 2011
_SECTION_BY_NAME: Final = {name: letter for letter, names in SECTIONS.items() for name in names}


def section_words(letter: str) -> str:
    """A section as rosters write it: "C 制造业"."""
    return f"{letter} {SECTIONS[letter][0]}" if letter in SECTIONS else letter


def clean_industry(cell: Cell, setting: Setting) -> Cleaned:
    """The section's letter where the cell states it, by letter or name; other words are kept."""
    text = text_of(cell)
    plain = plain_area(text)
    if not plain or is_placeholder(plain):
        return NOTHING
    letter = plain.upper() if plain.upper() in SECTIONS else _SECTION_BY_NAME.get(plain)
    if letter is None and plain[1:] in _SECTION_BY_NAME and plain[0].upper() == _SECTION_BY_NAME[plain[1:]]:
        letter = plain[0].upper()
    if letter is None:
        return {"industry": text}, ()
    return ({"industry_section": letter} if len(plain) == 1 else {"industry_section": letter, "industry": text}), ()


# The whole row ------------------------------------------------------------


def finish(record: dict[str, Any], codes: list[str]) -> tuple[list[str], list[str]]:
    """Derives what is derived and sorts the codes into (reasons to refuse the row, warnings).

    A wrong code refuses the row, unless the same row has a right unified code: then it is only a warning (31 of
    30,104 real unified codes contain an organisation code that does not check).
    """
    zone = record.pop("zone_code", None)
    if zone and "county_code" not in record:
        record["county_code"] = zone
    if record.get("org_name", "").endswith(("商会", "协会")):
        record.setdefault("chamber", record["org_name"])
    if not codes and "uscc" in record and "name" in record:
        return [], []
    if "name" not in record:
        codes.append("name_missing")
    refusing = {"name_missing"} if "uscc" in record else {"name_missing", *BAD_CODES}
    codes = list(dict.fromkeys(codes))
    reasons = [code for code in codes if code in refusing]
    warnings = [code for code in codes if code not in refusing]
    if not reasons and record.keys().isdisjoint(ID_FIELDS) and "uscc_precision_lost" not in codes:
        warnings.append("id_missing")
    return reasons, warnings


def identity(record: Fields) -> Identity:
    """By what the roster recognises a firm named twice."""
    others: tuple[str, ...] = ()
    if "reg_no" in record or "other_code" in record:
        others = tuple(f"{field}:{record[field]}" for field in ("reg_no", "other_code") if field in record)
    return Identity(record.get("name_key", ""), record.get("uscc", ""), record.get("org_code", ""), others)
