"""The roster: which columns it may have, how each cell is cleaned, what is judged of a whole row. Pure.

The words of headings and the names of areas are data (policies/imports/roster.yaml,
policies/divisions/*.yaml). What a row means for the register is not decided here.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from shanglian.common.core.codes import Scheme, State, is_placeholder, read_code
from shanglian.common.core.dates import read_date
from shanglian.common.core.names import name_key
from shanglian.imports.core.cells import Cell, shown, text_of
from shanglian.imports.core.columns import NOTHING, Cleaned, Column, Fields, Identity, Setting, SheetKind

BAD_CODES: Final = frozenset(
    {"uscc_bad_check", "uscc_bad_length", "uscc_illegal_char", "orgcode_bad_check", "regno_bad_check"}
)
# A record has these fields, in any order; what a row does not say is left out. Texts, but: phones is a list of
# digits, fee_yuan and capital_wan are numbers. join_date and founded are ISO days, months or years, as the field
# …_precision says (day, month, year).
FIELDS: Final = (
    "name", "name_key", "uscc", "org_code", "reg_no", "other_code", "legal_rep", "phones", "chamber",
    "member_type", "join_date", "join_precision", "fee_yuan", "county_code", "industry_section", "industry",
    "registration_type", "address", "capital_wan", "capital_currency", "founded", "founded_precision",
)  # fmt: skip
ID_FIELDS: Final = ("uscc", "org_code", "reg_no", "other_code")
_FIELD_OF_SCHEME: Final = {
    Scheme.USCC: "uscc",
    Scheme.ORG_CODE: "org_code",
    Scheme.REG_NO: "reg_no",
    Scheme.OTHER: "other_code",
}


def roster_kind(headings: Mapping[str, Sequence[str]], areas: Mapping[str, str]) -> SheetKind:
    """The roster's kind of sheet. `headings`: column key → spellings; `areas`: plain name or number → area
    code.
    """
    area_cleaner = _area_cleaner(areas)
    plan: list[tuple[str, Callable[[Cell, Setting], Cleaned], dict[str, Any]]] = [
        ("name", clean_name, {"required": True}),
        ("uscc", clean_code, {"looks_right": looks_like_uscc}),
        ("org_code", clean_code, {}),
        ("reg_no", clean_code, {}),
        ("legal_rep", _text_cleaner("legal_rep"), {}),
        ("phones", clean_phones, {"many": True}),
        ("chamber", _text_cleaner("chamber"), {"cached": True}),
        ("member_type", _text_cleaner("member_type"), {"cached": True}),
        ("join_date", clean_join_date, {}),
        ("fee_yuan", clean_fee, {"cached": True}),
        ("county", area_cleaner, {"cached": True}),
        ("zone", _zone_cleaner(areas), {"cached": True}),
        ("industry", clean_industry, {"cached": True}),
        ("registration_type", _text_cleaner("registration_type"), {"cached": True}),
        ("address", _text_cleaner("address"), {}),
        ("capital", clean_capital, {"cached": True}),
        ("capital_currency", clean_currency, {"cached": True}),
        ("founded", clean_founded, {}),
    ]
    columns = tuple(Column(key, tuple(headings[key]), clean, **options) for key, clean, options in plan)
    return SheetKind(columns, finish, identity, _area_finder(areas))


def areas_by_name(divisions: Mapping[str, Any]) -> dict[str, str]:
    """Plain name, alias or number → area code, from a division file: also with the city's name in front."""
    found: dict[str, str] = {}
    prefixes = ["", *divisions["city"]["prefixes"], "".join(divisions["city"]["prefixes"])]
    for area in divisions["areas"]:
        for name in (area["code"], area["name"], *area["aliases"]):
            for prefix in prefixes:
                found[prefix + str(name)] = area["code"]
    return found


# Names and codes ------------------------------------------------------------


def clean_name(cell: Cell, setting: Setting) -> Cleaned:
    text = shown(cell)
    key = name_key(text)
    if len(key) < 2 or is_placeholder(key):
        return {}, ("name_missing",)
    return {"name": text_of(text).lstrip("★☆*※●○■□▲△◆◇ "), "name_key": key}, ()


def clean_code(cell: Cell, setting: Setting) -> Cleaned:
    """Whatever the heading says, the content decides: 18 signs, 15 digits, nine signs."""
    code = read_code(cell)
    if code.state is State.ABSENT:
        return NOTHING
    if code.state is State.VALID and code.scheme is not None:
        return {_FIELD_OF_SCHEME[code.scheme]: code.value}, (code.reason,) if code.reason else ()
    return {}, (code.reason,)


def looks_like_uscc(cell: Cell) -> bool:
    code = read_code(cell)
    return code.scheme is Scheme.USCC and code.state is State.VALID


# Text, telephones, money ------------------------------------------------------------


def _text_cleaner(key: str) -> Callable[[Cell, Setting], Cleaned]:
    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = text_of(cell)
        return NOTHING if is_placeholder(text) else ({key: text}, ())

    return clean


_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86-?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})"  # mobile
    r"|(0\d{2,3}[- ()]{0,2}\d{7,8})"  # fixed line with its area
    r"|([48]00[ -]?\d{3,4}[ -]?\d{3,4})"
    r"|(\d{7,8}))(?!\d)"
)
_NOT_DIGITS = re.compile(r"\D")


def clean_phones(cell: Cell, setting: Setting) -> Cleaned:
    """Every telephone number of the cell as digits. Seven or more digits that are none: phone_invalid."""
    if (
        isinstance(cell, str)
        and len(cell) == 11
        and cell.isascii()
        and cell.isdigit()
        and cell[0] == "1"
        and cell[1] in "3456789"
    ):
        return {"phones": [cell]}, ()
    text = unicodedata.normalize("NFKC", shown(cell)).replace("—", "-").replace("–", "-")
    if text.endswith(".0"):
        text = text[:-2]
    if not text or is_placeholder(text):
        return NOTHING
    phones = [_NOT_DIGITS.sub("", next(filter(None, match.groups()))) for match in _PHONE.finditer(text)]
    rest = _PHONE.sub(" ", text)
    wrong = ("phone_invalid",) if re.search(r"\d{5}", rest) or not phones else ()
    return {"phones": list(dict.fromkeys(phones))} if phones else {}, wrong


_AMOUNT = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_CAPITAL_SIGNS = "零壹贰叁肆伍陆柒捌玖"
_CHINESE_DIGITS: Final = {
    **{sign: value for value, sign in enumerate("〇一二三四五六七八九")},
    **{sign: value for value, sign in enumerate(_CAPITAL_SIGNS)},
    "两": 2,
}
_CHINESE_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def clean_fee(cell: Cell, setting: Setting) -> Cleaned:
    """Yuan a year. 免 and anything without a number is no fee stated."""
    fee = _yuan(cell, setting.heading)
    return NOTHING if fee is None else ({"fee_yuan": _whole(fee)}, ())


def _yuan(cell: Cell, heading: str) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) * (10_000 if "万" in heading else 1) if 0 <= cell < 1e12 else None
    text = "".join(unicodedata.normalize("NFKC", shown(cell)).split())
    match = _AMOUNT.search(text)
    if match is None:
        return _chinese_amount(text)
    amount = float(match[0].replace(",", ""))
    return amount * 10_000 if "万" in text or ("万" in heading and "元" not in text) else amount


def _chinese_amount(text: str) -> float | None:
    """伍佰元, 一千五百, 壹万贰仟元整 → number; None when there is none."""
    total = section = digit = 0
    seen = False
    for sign in text:
        if sign in _CHINESE_DIGITS:
            digit, seen = _CHINESE_DIGITS[sign], True
        elif sign in _CHINESE_UNITS:
            section, digit, seen = section + (digit or 1) * _CHINESE_UNITS[sign], 0, True
        elif sign == "万" and seen:
            total, section, digit = (section + digit) * 10_000, 0, 0
        elif seen:
            break
    return float(total + section + digit) if seen else None


def _whole(amount: float) -> int | float:
    return int(amount) if amount.is_integer() else amount


_CURRENCIES: Final = (
    ("美元", "USD"), ("美金", "USD"), ("港", "HKD"), ("欧", "EUR"), ("日元", "JPY"),
    ("英镑", "GBP"), ("人民币", "CNY"),
)  # fmt: skip


def clean_capital(cell: Cell, setting: Setting) -> Cleaned:
    """Ten thousands of the currency, as 500(万元), 86600万人民币, 20(万美元). A bare number is 万元, as
    forms ask for it.
    """
    text = unicodedata.normalize("NFKC", shown(cell)).strip()
    match = _AMOUNT.search(text)
    if match is None:
        return NOTHING
    amount = float(match[0].replace(",", ""))
    if "亿" in text:
        amount *= 10_000
    elif "元" in text and "万" not in text:
        amount = round(amount / 10_000, 6)
    return {"capital_wan": _whole(amount), "capital_currency": _currency(text) or "CNY"}, ()


def clean_currency(cell: Cell, setting: Setting) -> Cleaned:
    currency = _currency(text_of(cell))
    return ({"capital_currency": currency}, ()) if currency else NOTHING


def _currency(text: str) -> str | None:
    return next((code for sign, code in _CURRENCIES if sign in text), None)


# Dates ------------------------------------------------------------


def clean_join_date(cell: Cell, setting: Setting) -> Cleaned:
    reading = read_date(cell, today=setting.today, epoch_1904=setting.epoch_1904)
    codes = ("join_date_missing",) if reading.codes == ("date_missing",) else reading.codes
    if reading.text is None:
        return {}, codes
    return {"join_date": reading.text, "join_precision": reading.precision}, codes


def clean_founded(cell: Cell, setting: Setting) -> Cleaned:
    """A firm founded after the roster's day is kept with its date and a warning."""
    reading = read_date(cell, today=date.max, epoch_1904=setting.epoch_1904)
    codes = () if reading.codes == ("date_missing",) else reading.codes
    if reading.text is None:
        return {}, codes
    if reading.text > setting.today.isoformat():
        codes = ("date_in_future",)
    return {"founded": reading.text, "founded_precision": reading.precision}, codes


# Areas and industry ------------------------------------------------------------


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _area_cleaner(areas: Mapping[str, str]) -> Callable[[Cell, Setting], Cleaned]:
    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = _plain(shown(cell))
        if not text or is_placeholder(text):
            return NOTHING
        code = areas.get(text)
        return ({"county_code": code}, ()) if code else ({}, ("county_unknown",))

    return clean


def _zone_cleaner(areas: Mapping[str, str]) -> Callable[[Cell, Setting], Cleaned]:
    """A zone named beside the county: used only where no county is."""

    def clean(cell: Cell, setting: Setting) -> Cleaned:
        code = areas.get(_plain(shown(cell)))
        return ({"zone_code": code}, ()) if code else NOTHING

    return clean


def _area_finder(areas: Mapping[str, str]) -> Callable[[Sequence[str]], Fields]:
    """The one area that the sheet's name and the titles speak of ("惠济区", "惠济区工商联会员名册"); none
    when there are two.
    """
    names = sorted((name for name in areas if not name.isascii()), key=len, reverse=True)

    def find(lines: Sequence[str]) -> Fields:
        found = set()
        for line in map(_plain, lines):
            name = next((name for name in names if len(name) > 2 and name in line), None) or (
                line if line in areas else None
            )
            if name:
                found.add(areas[name])
        return {"county_code": found.pop()} if len(found) == 1 else {}

    return find


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


def clean_industry(cell: Cell, setting: Setting) -> Cleaned:
    """The section's letter where the cell states it, by letter or name; other words are kept."""
    text = text_of(cell)
    plain = _plain(text)
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
    others = tuple(f"{field}:{record[field]}" for field in ("reg_no", "other_code") if field in record)
    return Identity(record.get("name_key", ""), record.get("uscc", ""), record.get("org_code", ""), others)
