"""Identification codes of organisations: recognised by content, normalised, checked.

Schemes: unified social credit code (GB 32100-2015, 18 signs), business registration number (GS 15-2006, 15
digits, ISO 7064 MOD 11,10), organisation code (GB 11714-1997, 9 signs), other (old certificates: kept as
written, nothing to check).

python-stdnum's MOD 11,10 and MOD 11,2 are used. Its `cn.ric` refuses a resident number whose area had another code in
the year of birth, which is usual: numbers were first given out in 1984. Its `cn.uscc` computes the same check sign
(tests hold the two equal) but demands digits in the first two places, which refuses rural collectives
("N2…") and others ("A1…", "Y1…"); so the unified code is checked here, from a table, which is also several
times faster. Nothing is repaired by guessing: O is not 0.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import mul

from stdnum.iso7064 import mod_11_2, mod_11_10

Raw = object  # a cell: text, number, date or None


class Scheme(StrEnum):
    USCC = "uscc"
    ORG_CODE = "org_code"
    REG_NO = "reg_no"
    OTHER = "other"


class State(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    ABSENT = "absent"  # blank or a placeholder such as 无, /, N/A
    DAMAGED = "damaged"  # digits were lost on the way (9.14E+17): no value can be had


@dataclass(frozen=True, slots=True)
class Code:
    """What a cell says. `value` is set only when the state is VALID; `reason` names what is wrong or was
    mended.
    """

    scheme: Scheme | None
    state: State
    value: str | None = None
    reason: str = ""


ABSENT = Code(None, State.ABSENT)
DAMAGED = Code(Scheme.USCC, State.DAMAGED, None, "uscc_precision_lost")

_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {sign: value for value, sign in enumerate(_USCC_SIGNS)}
_USCC_WEIGHTS = (
    *(3**place % 31 for place in range(17)),
    1,
)  # the check sign itself completes the sum to 0 mod 31
_BORN = re.compile(r"[1-9]\d{5}((?:18|19|20)\d\d)(\d\d)(\d\d)\d{3}[\dX]")
_USCC_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_CHECK = "0X987654321"  # by sum mod 11: 11 - 1 = 10 is X, 11 - 0 = 11 is 0
_ORG_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORG_WRITTEN = re.compile(r"[0-9A-Z]{8}-?[0-9X]")

_PLACEHOLDERS = frozenset({
    "无", "暂无", "没有", "未有", "无证", "未办", "未办理", "办理中", "正在办理", "在办", "待办", "待补",
    "待定", "待查", "不详", "不祥", "未知", "未提供", "未填", "缺", "空", "略",
    "N/A", "NA", "#N/A", "NULL", "NONE", "NAN", "NIL", "0",
})  # fmt: skip
_ONLY_SIGNS = re.compile(r"[-—–―‐_=/\\|.,、·…*×~?!()]*")
_PREFIX = re.compile(
    r"^(?:统一社会信用代码|社会信用代码|信用代码|组织机构代码证?|机构代码|工商注册号|工商登记号|营业执照(?:注册)?号?|注册登记号|注册号|登记号|执照号|证照号|证号|代码|USCC|NO)(?:号码|号)?[::.]*"
)
_INVISIBLE = frozenset({"Cf", "Cc"})
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}")
_LATIN = re.compile(r"[0-9A-Z]+")
_MAX_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number


def uscc_is_valid(text: str) -> bool:
    """True for 18 signs of the alphabet, six digits of area, and the check sign of GB 32100-2015."""
    return (
        _USCC_SHAPE.fullmatch(text) is not None
        and sum(map(mul, _USCC_WEIGHTS, map(_USCC_VALUE.__getitem__, text))) % 31 == 0
    )


def uscc_check_sign(first17: str) -> str:
    """The 18th sign for the first 17. KeyError for a sign outside the alphabet."""
    return _USCC_SIGNS[-sum(map(mul, _USCC_WEIGHTS, map(_USCC_VALUE.__getitem__, first17))) % 31]


def org_code_is_valid(text: str) -> bool:
    """True for nine signs without hyphen whose last is the check sign of GB 11714-1997."""
    return _ORG_SHAPE.fullmatch(text) is not None and text[8] == org_code_check_sign(text[:8])


def org_code_check_sign(first8: str) -> str:
    return _ORG_CHECK[sum(weight * int(sign, 36) for weight, sign in zip(_ORG_WEIGHTS, first8, strict=True)) % 11]


def reg_no_is_valid(text: str) -> bool:
    """True for 15 digits of which the last is the MOD 11,10 check digit (GS 15-2006)."""
    return len(text) == 15 and text.isascii() and text.isdigit() and bool(mod_11_10.is_valid(text))


def subject_code(uscc: str) -> str:
    """The organisation code inside a unified code: places 9 to 17."""
    return uscc[8:17]


def is_placeholder(text: str) -> bool:
    """True for blank cells and for what people write when there is nothing: 无, /, —, 暂无, 办理中, N/A …"""
    if not text:
        return True
    if len(text) > 10 and text[0].isalnum():
        return False  # longer than every placeholder, blanks between its signs included
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return plain in _PLACEHOLDERS or _ONLY_SIGNS.fullmatch(plain) is not None


def normalise_code(text: str) -> str:
    """`text` in NFKC and upper case, without blanks, invisible signs, Excel's ="…", a leading label and a
    trailing remark.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in _INVISIBLE)
    plain = plain.strip("='\"`,;。.")
    plain = _PREFIX.sub("", plain)
    return re.sub(r"\([^()]*\)$", "", plain)


def read_code(raw: Raw) -> Code:
    """The identification code a cell holds, whichever scheme it is; the column's heading does not matter.

    Reasons: uscc_bad_check, uscc_bad_length, uscc_illegal_char, orgcode_bad_check, regno_bad_check (state
    INVALID), uscc_precision_lost (DAMAGED), leading_zero_restored (VALID, mended), resident_number
    (INVALID: a person's number).
    """
    if isinstance(raw, str):
        if len(raw) == 18 and uscc_is_valid(raw) and not raw.endswith("000"):
            return Code(Scheme.USCC, State.VALID, raw)
        if is_placeholder(raw):
            return ABSENT
        return _read_normalised(normalise_code(raw))
    if raw is None:
        return ABSENT
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return _invalid(Scheme.USCC, "uscc_bad_length")
    if raw >= _MAX_EXACT:
        return DAMAGED
    if raw == 0:
        return ABSENT
    return _read_normalised(str(int(raw)) if raw == int(raw) else str(raw))


def _invalid(scheme: Scheme | None, reason: str) -> Code:
    return Code(scheme, State.INVALID, None, reason)


def _read_normalised(text: str) -> Code:
    if is_placeholder(text):
        return ABSENT
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    if _SCIENTIFIC.fullmatch(text):
        return DAMAGED
    bare = text.replace("-", "")
    if len(bare) == 18:
        return _read_18(bare)
    if len(bare) == 15 and bare.isdigit():
        return (
            Code(Scheme.REG_NO, State.VALID, bare)
            if reg_no_is_valid(bare)
            else _invalid(Scheme.REG_NO, "regno_bad_check")
        )
    if len(bare) == 9 and _ORG_WRITTEN.fullmatch(text):
        return (
            Code(Scheme.ORG_CODE, State.VALID, bare)
            if org_code_is_valid(bare)
            else _invalid(Scheme.ORG_CODE, "orgcode_bad_check")
        )
    if len(bare) == 8 and bare.isdigit() and org_code_is_valid("0" + bare):
        return Code(Scheme.ORG_CODE, State.VALID, "0" + bare, "leading_zero_restored")
    return _read_odd(text, bare)


def _read_18(text: str) -> Code:
    valid = uscc_is_valid(text)
    if text.isdigit() and text.endswith("000") and not (valid and org_code_is_valid(subject_code(text))):
        return DAMAGED  # a number cell saved as text: Excel keeps 15 digits and writes zeros for the rest
    if valid:
        return Code(Scheme.USCC, State.VALID, text)
    if _USCC_SHAPE.fullmatch(text) is None:
        return _invalid(Scheme.USCC, "uscc_illegal_char")
    if _is_resident_number(text):
        return _invalid(None, "resident_number")
    return _invalid(Scheme.USCC, "uscc_bad_check")


def _is_resident_number(text: str) -> bool:
    """GB 11643: area, day of birth, check sign. No area is looked up: numbers keep that of their first issue."""
    born = _BORN.fullmatch(text)
    if born is None or not mod_11_2.is_valid(text):
        return False
    try:
        date(*map(int, born.groups()))
    except ValueError:
        return False
    return True


def _read_odd(text: str, bare: str) -> Code:
    """Lengths that belong to no scheme: 13 digits (registration numbers before 2007) and certificates in
    words are kept.
    """
    if len(bare) == 13 and bare.isdigit():
        return Code(Scheme.OTHER, State.VALID, bare)
    if _LATIN.fullmatch(bare) is None and re.search(r"[\u4e00-\u9fff]", text) and re.search(r"\d", text):
        return Code(Scheme.OTHER, State.VALID, text)
    return _invalid(Scheme.USCC, "uscc_bad_length")
