"""The list of organisations and chambers: its columns, and what is judged of a whole row. Pure.

The words of headings, kinds and places are data (policies/imports/organisations.yaml). How a name tells a kind is in
organisation_names.py; what a row means for the tree is decided in organisation_rules.py.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shanglian.common.core.codes import is_placeholder
from shanglian.common.core.names import name_key
from shanglian.directory.core.kinds import OrgKind
from shanglian.imports.core.cells import Cell, text_of
from shanglian.imports.core.columns import NOTHING, Cleaned, Column, Fields, Identity, Setting, SheetKind
from shanglian.members.core.roster_areas import area_finder, is_area
from shanglian.members.core.roster_cells import clean_code as clean_number
from shanglian.members.core.roster_cells import clean_founded as clean_day
from shanglian.members.core.roster_cells import clean_name, text_cleaner
from shanglian.structure.core.organisation_names import NameWords, guessed_kind, looks_like_organisation

# A record has these fields; what a row does not say is left out. Texts; founded and closed are ISO days, months or
# years, as …_precision says. kind: a value of OrgKind, kind_guessed where only the name says it, kind_word as written.
# ended: the words that say it exists no more. county_code: the area the lines above the table speak of.
FIELDS: Final = (
    "name", "name_key", "short_name", "code", "uscc", "org_code", "reg_no", "other_code", "kind", "kind_word",
    "kind_guessed", "parent", "county_code", "founded", "founded_precision", "closed", "closed_precision", "ended",
    "status", "former_name", "remark",
)  # fmt: skip
LONG, SHORT = 200, 40  # signs a name and a short name may have
OUR_CODE: Final = re.compile(r"\d{6}(-[0-9a-z]+)*")
_ENDED = re.compile(r"(?:已|现已|已经|被|依法)*(?:注销|撤销|解散|吊销|终止|取缔)(?:登记)?")
_SPEAKS_OF_END = re.compile(r"注销|撤销|解散|吊销|终止|取缔|合并|停止活动")


def organisation_kind(
    headings: Mapping[str, Sequence[str]],
    kinds: Mapping[str, Sequence[str]],
    names: NameWords,
    areas: Mapping[str, str],
) -> SheetKind:
    """The list's kind of sheet. `headings`: column key → spellings; `kinds`: value of OrgKind → the words for it;
    `areas`: plain name or number → area code.
    """
    plan: list[tuple[str, Callable[[Cell, Setting], Cleaned], dict[str, Any]]] = [
        ("name", clean_name, {"required": True, "looks_right": looks_like_organisation}),
        ("short_name", clean_short_name, {}),
        ("code", clean_code, {}),
        ("uscc", clean_number, {}),
        ("kind", kind_cleaner(kinds), {"cached": True}),
        ("parent", text_cleaner("parent"), {"cached": True, "looks_right": is_area(areas)}),
        ("founded", clean_founded, {}),
        ("closed", clean_closed, {}),
        ("status", clean_status, {"cached": True}),
        ("former_name", text_cleaner("former_name"), {}),
        ("remark", clean_remark, {"cached": True}),
    ]
    columns = tuple(Column(key, tuple(headings.get(key, ())), clean, **options) for key, clean, options in plan)
    return SheetKind(columns, _finisher(names), identity, area_finder(areas))


# Cells ------------------------------------------------------------


def clean_code(cell: Cell, setting: Setting) -> Cleaned:
    """A code of ours, as 410105-sh-001; anybody else's numbering is not kept."""
    text = "".join(unicodedata.normalize("NFKC", text_of(cell)).split()).lower()
    if is_placeholder(text):
        return NOTHING
    return ({"code": text}, ()) if OUR_CODE.fullmatch(text) else ({}, ("code_not_ours",))


def clean_short_name(cell: Cell, setting: Setting) -> Cleaned:
    """A short name that is short."""
    text = text_of(cell)
    if is_placeholder(text):
        return NOTHING
    return ({"short_name": text}, ()) if len(text) <= SHORT else ({}, ("short_name_too_long",))


def kind_cleaner(kinds: Mapping[str, Sequence[str]]) -> Callable[[Cell, Setting], Cleaned]:
    """The kind a cell names; other words are kept, and the name may still tell it."""
    by_word = {_plain_kind(word): OrgKind(kind) for kind, words in kinds.items() for word in (kind, *words)}

    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = text_of(cell)
        if is_placeholder(text):
            return NOTHING
        kind = by_word.get(_plain_kind(text))
        return ({"kind": str(kind), "kind_word": text}, ()) if kind else ({"kind_word": text}, ("kind_unknown",))

    return clean


def _plain_kind(text: str) -> str:
    """行业商（协）会 and 行业类 without brackets, blanks and 类."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"\([^()]*\)", "", plain).removesuffix("类").removesuffix("组织") or plain


def clean_founded(cell: Cell, setting: Setting) -> Cleaned:
    """The day it began; one after the list's own day is left out, with a warning."""
    fields, codes = clean_day(cell, setting)
    return ({}, codes) if "date_in_future" in codes else (fields, codes)


def clean_closed(cell: Cell, setting: Setting) -> Cleaned:
    """The day it ended, or words that say so. 否 and 正常 say nothing."""
    text = text_of(cell)
    if isinstance(cell, str) and not any(sign.isdigit() for sign in text) and "年" not in text:
        return ({"ended": text}, ()) if _SPEAKS_OF_END.search(text) and not text.startswith(("未", "无")) else NOTHING
    fields, codes = clean_day(cell, setting)
    if not fields or "date_in_future" in codes:
        return {}, tuple(code for code in codes if code != "date_missing")
    return {"closed": fields["founded"], "closed_precision": fields["founded_precision"]}, codes


def clean_status(cell: Cell, setting: Setting) -> Cleaned:
    """The state as written; 已注销 ends the organisation."""
    text = text_of(cell)
    if is_placeholder(text):
        return NOTHING
    return {"status": text, **({"ended": text} if _ended(text) else {})}, ()


def clean_remark(cell: Cell, setting: Setting) -> Cleaned:
    """Free text. Only a remark that says nothing else ends an organisation; one that speaks of an end is pointed at."""
    text = text_of(cell)
    if is_placeholder(text):
        return NOTHING
    if _ended(text):
        return {"remark": text, "ended": text}, ()
    return {"remark": text}, ("status_note",) if _SPEAKS_OF_END.search(text) else ()


def _ended(text: str) -> bool:
    return _ENDED.fullmatch(text.strip("。.；; ")) is not None


# The whole row ------------------------------------------------------------


def _finisher(names: NameWords) -> Callable[[dict[str, Any], list[str]], tuple[list[str], list[str]]]:
    def finish(record: dict[str, Any], codes: list[str]) -> tuple[list[str], list[str]]:
        """Derives what is derived and sorts the codes into (reasons to refuse the row, warnings)."""
        if "name" not in record:
            codes.append("name_missing")
            return ["name_missing"], [code for code in dict.fromkeys(codes) if code != "name_missing"]
        if len(record["name"]) > LONG:
            return ["name_too_long"], [*dict.fromkeys(codes)]
        if _ended(record.get("status", "")):  # （已注销） behind the name
            record.setdefault("ended", record["status"])
        if "kind" not in record and (guessed := guessed_kind(record["name_key"], names)):
            record |= {"kind": str(guessed), "kind_guessed": True}
        return [], list(dict.fromkeys(codes))

    return finish


def identity(record: Fields) -> Identity:
    """By what the list recognises an organisation named twice: its name and whose it is, its code."""
    above = name_key(record.get("parent") or record.get("county_code") or "")
    codes = ("code", "org_code", "reg_no", "other_code")
    others = tuple(f"{field}:{record[field]}" for field in codes if field in record)
    return Identity(f"{record.get('name_key', '')}@{above}", record.get("uscc", ""), "", others)
