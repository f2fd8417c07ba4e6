"""A list of posts: which columns it may have and what is judged of a whole row. Pure.

Of a person only the name goes into the record. Columns with identity numbers, birth dates, political status and the
like are recognised, so that nothing of them is taken for something else, and left where they are.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from shanglian.common.core.codes import is_placeholder
from shanglian.common.core.names import name_key
from shanglian.imports.core.cells import Cell, shown, text_of
from shanglian.imports.core.columns import (
    NOTHING,
    SENSITIVE,
    Cleaned,
    Column,
    Fields,
    Identity,
    Proposal,
    Setting,
    SheetKind,
)
from shanglian.members.core.roster_cells import clean_code, clean_join_date, is_resident_number, not_kept
from shanglian.structure.core.holdings import When, end_after
from shanglian.structure.core.titles import Titles, term_of

# Recognised and not taken over. The cells stay in the file and in the row as handed in; pages do not show them.
NOT_KEPT: Final = (SENSITIVE, "phones", "firm_position", "elsewhere")
REFUSING: Final = frozenset(
    {
        "person_missing", "several_persons", "post_vacant", "title_missing", "title_unknown", "title_elsewhere_only",
        "until_before_since",
    }
)  # fmt: skip
# A record has these fields; what a row does not say is left out. titles: codes in the order of the cell; full_time: of
# the whole row, full_time_of: code of a title → bool; since and until: ISO text cut at its precision.
FIELDS: Final = (
    "person", "person_key", "titles", "organisation", "term", "since", "until", "full_time", "full_time_of",
    "co_opted", "session", "firm_name", "firm_key", "uscc", "org_code", "reg_no",
)  # fmt: skip

_CJK_BLANK = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_VACANT: Final = frozenset({"空缺", "暂缺", "缺", "待选", "待定", "暂空", "缺额", "待补", "空"})
_SEVERAL = re.compile(r"[、,，;；/]")
FURTHEST = 10  # years ahead of the list in which a post may end
_SPAN = re.compile(r"(?P<since>\d{4}(?:\D.*?)?)\s*(?:至|到|~|～|—+|–|--|-)\s*(?P<until>今|现在|目前|\d{4}.*)?$")
_STILL = re.compile(r"至今|今|现在|目前|在任|现任|任期内")
_WHO = r"(?:执行委员会|执委会|执委|常务委员会|常委会|常委|常务理事会|理事会|会员代表大会|主席会议|会长会议)"
_N = r"[一二三四五六七八九十\d]{1,3}"
_SESSION = re.compile(rf"第?{_N}届{_WHO}?第?{_N}次{_WHO}?(?:全体)?(?:会议|全会|大会|议)?")
_CO_OPTED = re.compile(r"增补|替补|递补|届中")
_FIRM_AND_POST = re.compile(
    r"(?P<firm>.{2,}?(?:公司|集团|合作社|事务所|酒店|商行|超市|商会|协会|学校|医院|厂|店|中心|部|院))[\s,，、/]*"
    r"(?P<post>(?:党委|党支部|党总支|副|总|常务|执行|名誉)*(?:书记|董事|经理|总裁|厂长|院长|校长|主任|会长|负责人|股东|合伙人|"
    r"法定代表人|法人|监事|店长|首席).*)"
)
_ROUND = re.compile(r"[(（]?共?计?\d+[名人位个][)）]?|[:：]|名单|名册|一览表|花名册|情况表|登记表|人员|成员|\s")
_NUMBERING = re.compile(r"^[(（【]?第?[一二三四五六七八九十\d]{1,3}[)）】]?(?:部分)?[、.．,，:：)）]\s*")


def posts_kind(headings: Mapping[str, Sequence[str]], titles: Titles) -> SheetKind:
    """The kind of sheet of a list of posts. `headings`: column key → spellings."""
    plan: list[tuple[str, Callable[[Cell, Setting], Cleaned], dict[str, Any]]] = [
        ("person", clean_person, {"required": True}),
        ("title", title_cleaner(titles), {"cached": True, "propose": title_proposer(titles)}),
        ("organisation", _text("organisation"), {"cached": True}),
        ("term", clean_term, {"cached": True}),
        ("since", clean_since, {}),
        ("until", clean_until, {}),
        ("full_time", clean_full_time, {"cached": True}),
        ("co_option", clean_co_option, {"cached": True}),
        ("firm_name", clean_firm, {}),
        ("firm_code", clean_code, {}),
        ("remark", clean_remark, {"cached": True}),
        *((key, not_kept, {"many": True}) for key in NOT_KEPT[1:]),
        (SENSITIVE, not_kept, {"many": True, "looks_right": is_resident_number}),
    ]
    columns = tuple(Column(key, tuple(headings.get(key, ())), clean, **options) for key, clean, options in plan)
    return SheetKind(columns, finish, identity, context_finder(titles))


# Cells ------------------------------------------------------------


def clean_person(cell: Cell, setting: Setting) -> Cleaned:
    """One name. 空缺 is nobody; two names in one cell are two rows' work."""
    text = _CJK_BLANK.sub("", text_of(cell)).strip(" *★☆※·")
    key = name_key(text)
    if key in _VACANT:
        return {}, ("post_vacant",)
    if not key or is_placeholder(key) or key.isdigit():
        return {}, ("person_missing",)
    if _SEVERAL.search(text):
        return {}, ("several_persons",)
    return {"person": text[:100], "person_key": key[:100]}, ()


def title_cleaner(titles: Titles) -> Callable[[Cell, Setting], Cleaned]:
    """Every title of the cell by its code, with what the cell says beside them."""

    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = shown(cell)
        if not text.strip() or is_placeholder(text):
            return NOTHING
        named = titles.named_in(text)
        if named.unknown:
            return {}, ("title_unknown",)
        if not named.codes:
            return {}, ("title_elsewhere_only" if named.elsewhere else "title_unknown",)
        fields: dict[str, Any] = {"titles": list(named.codes)}
        fields |= {"full_time_of": dict(named.full_time)} if named.full_time else {}
        fields |= {"term": named.term} if named.term else {}
        fields |= _co_option(text) if named.co_opted else {}
        return fields, ("title_elsewhere",) if named.elsewhere else ()

    return clean


def title_proposer(titles: Titles) -> Callable[[str, str, Setting], tuple[Proposal, ...]]:
    """The nearest titles for one that is not known; a person has to choose."""

    def propose(text: str, code: str, setting: Setting) -> tuple[Proposal, ...]:
        if code != "title_unknown":
            return ()
        return tuple(Proposal(name, "nearest_title") for name in titles.nearest(text))

    return propose


def clean_term(cell: Cell, setting: Setting) -> Cleaned:
    """The number of the term; 增补 with its session beside it."""
    text = text_of(cell)
    if is_placeholder(text):
        return NOTHING
    term = term_of(text)
    fields: dict[str, Any] = ({"term": term} if term else {}) | (_co_option(text) if _CO_OPTED.search(text) else {})
    return fields, () if term else ("term_unreadable",)


def _co_option(text: str) -> dict[str, Any]:
    session = _SESSION.search("".join(unicodedata.normalize("NFKC", text).split()))
    return {"co_opted": True} | ({"session": session[0][:60]} if session else {})


def clean_co_option(cell: Cell, setting: Setting) -> Cleaned:
    """是, or the session that filled the post."""
    text = text_of(cell)
    return NOTHING if is_placeholder(text) or text in {"否", "不是", "N", "n"} else (_co_option(text), ())


def clean_remark(cell: Cell, setting: Setting) -> Cleaned:
    """Of the remarks only that the post was filled between congresses."""
    text = text_of(cell)
    return (_co_option(text), ()) if _CO_OPTED.search(text) else NOTHING


def clean_full_time(cell: Cell, setting: Setting) -> Cleaned:
    text = text_of(cell)
    if re.search(r"兼|不驻会|否", text):
        return {"full_time": False}, ()
    return ({"full_time": True}, ()) if re.search(r"专|驻会|是", text) else NOTHING


def clean_since(cell: Cell, setting: Setting) -> Cleaned:
    """The beginning; 2012年6月至2016年5月 in one cell also says the end."""
    span = _SPAN.fullmatch(unicodedata.normalize("NFKC", cell).strip()) if isinstance(cell, str) else None
    if span is None:
        return _date("since", cell, setting)
    fields, codes = _date("since", span["since"], setting)
    until, further = clean_until(span["until"] or "", setting)
    return {**fields, **until}, (*codes, *further)


def clean_until(cell: Cell, setting: Setting) -> Cleaned:
    """Unlike a beginning it may lie ahead, as far as a term and another one: later years are slips of the pen."""
    if isinstance(cell, str) and _STILL.search(cell):
        return NOTHING
    furthest = date(setting.today.year + FURTHEST, 12, 31)
    return _date("until", cell, replace(setting, today=furthest))


def _date(key: str, cell: Cell, setting: Setting) -> Cleaned:
    fields, codes = clean_join_date(cell, setting)
    kept = tuple(code for code in codes if code != "join_date_missing")
    return ({key: fields["join_date"]} if "join_date" in fields else {}), kept


def clean_firm(cell: Cell, setting: Setting) -> Cleaned:
    """The firm's name; the position behind it (董事长 …) is left out."""
    text = text_of(cell)
    if is_placeholder(text):
        return NOTHING
    both = _FIRM_AND_POST.fullmatch(text)
    name = (both["firm"] if both else text)[:200]
    return {"firm_name": name, "firm_key": name_key(name)}, ()


def _text(key: str) -> Callable[[Cell, Setting], Cleaned]:
    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = text_of(cell)
        return NOTHING if is_placeholder(text) else ({key: text}, ())

    return clean


# The whole row ------------------------------------------------------------


def context_finder(titles: Titles) -> Callable[[Sequence[str]], Fields]:
    """What the lines above a table say of all its rows: "二、副主席（12名）" the title, 第十七届 the term. The nearest
    line that says it counts; a line that names several titles says none.
    """

    def find(lines: Sequence[str]) -> Fields:
        found: dict[str, Any] = {}
        for line in reversed(lines):
            bare = _ROUND.sub("", _NUMBERING.sub("", line.strip()))
            named = titles.named_in(bare) if 0 < len(bare) <= 40 else None
            if named and len(named.codes) == 1 and not named.unknown and not named.elsewhere:
                found.setdefault("titles", list(named.codes))
            if "届" in line and (term := term_of(line)):
                found.setdefault("term", term)
        return found

    return find


def finish(record: dict[str, Any], codes: list[str]) -> tuple[list[str], list[str]]:
    """Sorts the codes into (reasons to refuse the row, warnings). What stands above the table is no word against the
    row's own cell.
    """
    if "person" not in record and not REFUSING & set(codes):
        codes.append("person_missing")
    if "titles" not in record and not {"title_unknown", "title_elsewhere_only"} & set(codes):
        codes.append("title_missing")
    since, until = record.get("since"), record.get("until")
    if since and until and end_after(When.of(since), When.of(until)) is None:
        codes.append("until_before_since")
    if not since and not until and "post_vacant" not in codes:
        codes.append("since_missing")
    codes = list(dict.fromkeys(codes))
    return [code for code in codes if code in REFUSING], [code for code in codes if code not in REFUSING]


def identity(record: Fields) -> Identity:
    """A person named twice for the same titles of the same organisation and term, since the same day."""
    beside = (record.get("organisation"), record.get("term"), record.get("since"))
    return Identity("|".join(str(part or "") for part in (record["person_key"], *record["titles"], *beside)))
