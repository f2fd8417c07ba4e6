"""How the cells of a roster are cleaned: names, codes, telephones, money, dates. Pure.

Every cleaner returns fields for the record and the codes of what is wrong; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final

from shanglian.common.core.codes import Code, Scheme, State, is_placeholder, read_code
from shanglian.common.core.dates import DateReading, read_date
from shanglian.common.core.names import name_key
from shanglian.imports.core.cells import Cell, shown, text_of, visible
from shanglian.imports.core.columns import NOTHING, Cleaned, Setting
from shanglian.members.core.counting import GroupKinds, RegistrationTypes

_FIELD_OF_SCHEME: Final = {
    Scheme.USCC: "uscc",
    Scheme.ORG_CODE: "org_code",
    Scheme.REG_NO: "reg_no",
    Scheme.OTHER: "other_code",
}

# Names and codes ------------------------------------------------------------


_MARKS: Final = "★☆*※●○■□▲△◆◇√✓# "
_NUMBERED = re.compile(r"\s*(?:\d{1,4}\s*[.、．)）]|其中[:：])\s*(?=[\u4e00-\u9fff])")  # 12、 or 其中： before a name
_LONG: Final = 20
_WITH_CODE = re.compile(
    r"[\s(（,，/、:：]*(?:统一)?(?:社会)?(?:信用)?(?:代码)?[:：]?\s*(?<![0-9A-Z])(?P<code>[0-9A-Z]{18})(?![0-9A-Z])\s*[)）]?"
)
_FIRM = r"(?:公司|集团|厂|店|社|行|中心|部|院|所|场|会|馆|站|园)"
_OPEN, _CLOSE = "(（【[〔", ")）】]〕"
_FORMER = re.compile(
    rf"[{re.escape(_OPEN)}]\s*(?:原企业名称?|原名称?|曾用名|更名前(?:名称)?|原)\s*(?:为|是|叫)?\s*"
    rf"(?:[:：]\s*(?P<said>.*)|(?P<firm>.{{2,}}{_FIRM}))\s*[{re.escape(_CLOSE)}]",
    re.DOTALL,
)
_LATER = re.compile(rf"[{re.escape(_OPEN)}]\s*(?:现名|现已?更名为?|已更名为?|现为).*[{re.escape(_CLOSE)}]", re.DOTALL)
_STATUS_WORDS = (
    r"(?:已|现|被|正在|拟|目前|申请)*(?:注销|吊销|停业|歇业|关停|关闭|停产|倒闭|破产|清算|迁出|迁往外地|迁移|搬迁|退会|除名|失联|"
    r"失去联系|联系不上|无法联系|合并|撤销|解散|暂停经营)"
)
_STATUS = re.compile(
    r"[(（【\[〔]\s*(?P<said>[^()（）【】\[\]〔〕]*?" + _STATUS_WORDS + r"[^()（）【】\[\]〔〕]*)\s*[)）】\]〕]"
)
_BARE_STATUS = re.compile(_FIRM + r"(?P<all>[\s,，、:：\-—]*(?P<said>(?:已|被|现)" + _STATUS_WORDS + r"))\s*$")
_REMARK_STATUS = re.compile(_STATUS_WORDS)
_FIRM_NAME = re.compile(r".{2,}(?:公司|集团|厂|店|合作社|商行|中心|经营部|商会|协会|事务所|酒店|超市|部|行|院|场)\)?$")
_OPENING: Final = frozenset("(（【[〔已被")


def clean_name(cell: Cell, setting: Setting) -> Cleaned:
    """The name without marks, （原名：…） and （已注销）, which become fields of their own; the cell keeps them."""
    text = visible(shown(cell))
    if text[:1].isdigit() or "其中" in text:
        text = _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text
    fields: dict[str, object] = {}
    if len(text) > _LONG and (code := _code_in(text)):
        text = text.replace(code[0], "")
        fields["uscc"] = code["code"]
    codes: tuple[str, ...] = ()
    if not _OPENING.isdisjoint(text):
        text, said, codes = _remarks_in_name(text)
        fields |= said
    key = name_key(text)
    if len(key) < 2 or is_placeholder(key) or key.isdigit():
        return {}, ("name_missing",)
    return {"name": text_of(text).lstrip(_MARKS), "name_key": key, **fields}, codes


def _code_in(text: str) -> re.Match[str] | None:
    """A unified code that checks, in the cell of the name."""
    found = _WITH_CODE.search(text)
    return found if found and read_code(found["code"]).value == found["code"] else None


def _remarks_in_name(text: str) -> tuple[str, dict[str, object], tuple[str, ...]]:
    """The name alone, former_name and status, and codes."""
    fields: dict[str, object] = {}
    codes: tuple[str, ...] = ()
    for part in _bracketed(text):
        if former := _FORMER.fullmatch(part):
            fields["former_name"] = text_of(former["said"] or former["firm"] or "")
            text = text.replace(part, "")
        elif _LATER.fullmatch(part):
            fields["status"], codes = text_of(part[1:-1]), ("status_note",)
            text = text.replace(part, "")
    if status := _STATUS.search(text):
        fields["status"], codes = text_of(status["said"]), ("status_note",)
        text = text.replace(status[0], "")
    elif status := _BARE_STATUS.search(text):
        fields["status"], codes = text_of(status["said"]), ("status_note",)
        text = text[: status.start("all")]
    return text, {key: value for key, value in fields.items() if value}, codes


def _bracketed(text: str) -> list[str]:
    """The outermost parts in brackets, with them."""
    parts = []
    depth = start = 0
    for place, sign in enumerate(text):
        if sign in _OPEN:
            start = start if depth else place
            depth += 1
        elif sign in _CLOSE and depth:
            depth -= 1
            if not depth:
                parts.append(text[start : place + 1])
    return parts


def clean_remark(cell: Cell, setting: Setting) -> Cleaned:
    """Of the remarks only what says that the firm is not as it was: 已注销, 停业, 迁出 …"""
    text = text_of(cell)
    return ({"status": text}, ("status_note",)) if text and _REMARK_STATUS.search(text) else NOTHING


def not_kept(cell: Cell, setting: Setting) -> Cleaned:
    """For columns that are recognised so that nothing of them is taken for something else, and left where they are."""
    return NOTHING


def is_resident_number(cell: Cell) -> bool:
    """Known without a heading, so that it is never taken for anything else."""
    return read_code(cell).reason == "resident_number"


def looks_like_firm(cell: Cell) -> bool:
    return isinstance(cell, str) and _FIRM_NAME.fullmatch(cell.strip()) is not None


def clean_code(cell: Cell, setting: Setting) -> Cleaned:
    """Whatever the heading says, the content decides: 18 signs, 15 digits, nine signs.

    O for 0 and I or l for 1 are read as digits only where the check sign proves it, and the row says so.
    """
    code = read_code(cell)
    if code.state is State.ABSENT:
        return NOTHING
    if code.state is State.INVALID and isinstance(cell, str):
        return _second_look(cell, code)
    return _as_field(code)


def _as_field(code: Code) -> Cleaned:
    if code.value is not None and code.scheme is not None:
        return {_FIELD_OF_SCHEME[code.scheme]: code.value}, (code.reason,) if code.reason else ()
    return {}, (code.reason,)


_LOOKALIKES = str.maketrans("OoIl|", "00111")
_BETWEEN_CODES = re.compile(r"[/、,;\s]+")


def _second_look(cell: str, code: Code) -> Cleaned:
    """What is no code as it stands: words only, or several codes in one cell. Signs are never mended silently."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if not re.search(r"[0-9A-Za-z]", text):
        return NOTHING
    parts = [read_code(part) for part in _BETWEEN_CODES.split(text)]
    if len(parts) > 1 and all(part.state is State.VALID and not part.reason for part in parts):
        fields = {_FIELD_OF_SCHEME[part.scheme]: part.value for part in parts if part.scheme is not None}
        return (fields, ()) if len(fields) == len(parts) else _as_field(code)
    return _as_field(code)


_CODE_SHAPE = re.compile(r"[159ANY][1-9A-Z][1-8]\d{5}[0-9A-Z]{9,11}")


def looks_like_code(cell: Cell) -> bool:
    """A code that checks, or what is clearly a unified code gone wrong: of a kind that other columns hardly hold."""
    code = read_code(cell)
    if code.state is State.VALID:
        return not code.reason and code.scheme is not Scheme.OTHER
    if code.state is State.DAMAGED:
        return True
    return (
        isinstance(cell, str)
        and code.reason in {"uscc_bad_check", "uscc_bad_length", "uscc_illegal_char"}
        and _CODE_SHAPE.fullmatch("".join(cell.translate(_LOOKALIKES).upper().split())) is not None
    )


# Text, telephones, money ------------------------------------------------------------


def text_cleaner(key: str) -> Callable[[Cell, Setting], Cleaned]:
    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = text_of(cell)
        return NOTHING if is_placeholder(text) else ({key: text}, ())

    return clean


def listed_cleaner(
    field: str, code_field: str, listed: RegistrationTypes | GroupKinds | None
) -> Callable[[Cell, Setting], Cleaned]:
    """The word as it stands, and the code of the closed list it stands for; an unknown word is only a warning."""

    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = text_of(cell)
        if is_placeholder(text):
            return NOTHING
        code = listed.code_of(text) if listed else ""
        fields: dict[str, object] = {field: text}
        if code:
            fields[code_field] = code
        return fields, (f"{field}_unknown",) if code is None else ()

    return clean


_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86-?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})"  # mobile
    r"|(0\d{2,3}[- ().]{0,2}\d{3,4}[ -]?\d{4})"  # fixed line with its area
    r"|([48]00[ -]?\d{3,4}[ -]?\d{3,4})"
    r"|(\d{7,8}))(?!\d)"
)
_FLOAT = re.compile(r"(?<![\d.])(\d{7,12})\.0+(?!\d)")
_EXPONENT = re.compile(r"1\.\d{10}[Ee]\+?10")  # all eleven digits are there
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
    text = unicodedata.normalize("NFKC", visible(shown(cell))).replace("—", "-").replace("–", "-").replace("−", "-")
    text = _FLOAT.sub(r"\1", text.strip())
    if _EXPONENT.fullmatch(text):
        text = str(int(float(text)))
    if not isinstance(cell, str) and len(text) in {10, 11} and text[0] in "3456789":
        text = "0" + text  # a number cell drops the zero of the area
    if not text or is_placeholder(text):
        return NOTHING
    phones = [_NOT_DIGITS.sub("", next(filter(None, match.groups()))) for match in _PHONE.finditer(text)]
    rest = _PHONE.sub(" ", text)
    wrong = ("phone_invalid",) if re.search(r"\d{5}", rest) or not phones else ()
    return {"phones": list(dict.fromkeys(phones))} if phones else {}, wrong


_BETWEEN_PHONES = re.compile(r"[/、,;\s]|(?:转|-)\d{1,5}")


def looks_like_phones(cell: Cell) -> bool:
    """Whole numbers, mobile or with their area: eight digits alone may be anything."""
    text = shown(cell)
    whole = len(text) < 60 and not _BETWEEN_PHONES.sub("", _PHONE.sub("", text))
    phones = _PHONE.findall(text) if whole else []
    return bool(phones) and all(mobile or fixed for mobile, fixed, _service, _local in phones)


_NAME_AND_PHONE = re.compile(
    r"^([^\d+]*?[\u4e00-\u9fff][^\d+]*?)[\s,，、/:：(（]*(?:电话|手机)?[:：]?\s*(\+?[\d(（].*)$", re.DOTALL
)


def clean_legal_rep(cell: Cell, setting: Setting) -> Cleaned:
    """A person's name; a telephone number written behind it goes to the telephones."""
    text = text_of(cell)
    if is_placeholder(text):
        return NOTHING
    if any(sign.isdigit() for sign in text) and (both := _NAME_AND_PHONE.fullmatch(text)):
        phones, wrong = clean_phones(both[2], setting)
        if phones and not wrong:
            return {"legal_rep": both[1].strip(), **phones}, ()
    return {"legal_rep": text}, ()


_AMOUNT = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_YEARS = re.compile(r"(?:19|20)\d\d(?:[-至~](?:19|20)\d\d)?(?:年度?|(?=[:]))")  # 2018年500元: the year is no amount
_NO_FEE = re.compile(r"免|未交|未缴|欠|不收|减免")
_FACTORS: Final = {"百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}
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
    text = _YEARS.sub("", "".join(unicodedata.normalize("NFKC", shown(cell)).split()))
    if _NO_FEE.match(text):
        return None
    match = _AMOUNT.search(text)
    if match is None:
        return _chinese_amount(text)
    amount = float(match[0].replace(",", ""))
    unit = text[match.end() : match.end() + 1]
    if unit in _FACTORS:
        return amount * _FACTORS[unit] * (10_000 if text[match.end() + 1 : match.end() + 2] == "万" else 1)
    return amount * 10_000 if "万" in heading and "元" not in text else amount


def _chinese_amount(text: str) -> float | None:
    """伍佰元, 一千五百, 一千五, 壹万贰仟元整 → number; None when there is none."""
    total = section = digit = 0
    last = 1  # the unit before: 一千五 is 一千五百
    seen = skipped = False
    for sign in text:
        if sign in _CHINESE_DIGITS:
            digit, seen = _CHINESE_DIGITS[sign], True
            skipped = skipped or digit == 0
        elif sign in _CHINESE_UNITS:
            last = _CHINESE_UNITS[sign]
            section, digit, seen, skipped = section + (digit or 1) * last, 0, True, False
        elif sign == "万" and seen:
            total, section, digit, last, skipped = (section + digit) * 10_000, 0, 0, 10_000, False
        elif seen:
            break
    if digit and last > 10 and not skipped:
        digit *= last // 10
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


_FORMAL_NUMERALS = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾。·", "一二二三三四五六六七八九十..")
_ROUND = re.compile(r"(?<=[一二三四五六七八九〇零])[OoＯｏ0○◯〇О](?=[OoＯｏ0○◯〇О一二三四五六七八九零年])")
_LEADING_ZERO = re.compile(r"[零〇](?=十)|(?<=[年月])[零〇](?=[一二三四五六七八九十])")
_SERIAL = re.compile(r"\d{5}(?:\.0)?")


def date_of(cell: Cell, today: date, setting: Setting) -> DateReading:
    """As read_date, with what people write in Chinese numerals (二O一四年, 贰零壹肆年) in its plain form."""
    if isinstance(cell, str) and not cell.isascii():
        text = unicodedata.normalize("NFKC", cell).translate(_FORMAL_NUMERALS).replace("廿", "二十")
        cell = _LEADING_ZERO.sub("", _ROUND.sub("〇", _ROUND.sub("〇", text)))
    elif isinstance(cell, str) and 5 <= len(cell) < 10 and _SERIAL.fullmatch(cell.strip()):
        cell = float(cell)
    return read_date(cell, today=today, epoch_1904=setting.epoch_1904)


def clean_join_date(cell: Cell, setting: Setting) -> Cleaned:
    reading = date_of(cell, setting.today, setting)
    codes = ("join_date_missing",) if reading.codes == ("date_missing",) else reading.codes
    if reading.text is None:
        return {}, codes
    return {"join_date": reading.text, "join_precision": reading.precision}, codes


def clean_founded(cell: Cell, setting: Setting) -> Cleaned:
    """A firm founded after the roster's day is kept with its date and a warning."""
    reading = date_of(cell, date.max, setting)
    codes = () if reading.codes == ("date_missing",) else reading.codes
    if reading.text is None:
        return {}, codes
    if reading.text > setting.today.isoformat():
        codes = ("date_in_future",)
    return {"founded": reading.text, "founded_precision": reading.precision}, codes
