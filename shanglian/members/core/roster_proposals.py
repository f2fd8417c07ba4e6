"""What a wrong cell of a roster may be mended to. Pure; nothing is ever mended by itself.

Each function takes the cell's text, the code of what is wrong and the setting, and gives proposals that are right when
they are read again. `sure` are those for which there is hardly another way: signs the code cannot hold, years that have
not come. A check sign that was only computed proves nothing and is never sure.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Final

from stdnum.iso7064 import mod_11_10

from shanglian.common.core.codes import (
    Scheme,
    State,
    normalise_code,
    org_code_check_sign,
    read_code,
    uscc_check_sign,
)
from shanglian.common.core.dates import FIRST_YEAR
from shanglian.imports.core.cells import Cell
from shanglian.imports.core.columns import Cleaned, Proposal, Setting
from shanglian.members.core.roster_areas import plain_area
from shanglian.members.core.roster_cells import clean_phones, date_of

_LENGTHS: Final = {18: Scheme.USCC, 15: Scheme.REG_NO, 9: Scheme.ORG_CODE}

# Codes ------------------------------------------------------------

_FORBIDDEN: Final = str.maketrans("OIZS|", "01251")  # GB 32100 leaves these letters out, for they look like digits
_SMALL_L: Final = str.maketrans("lI|", "111")


def propose_code(cell: str, code: str, setting: Setting) -> tuple[Proposal, ...]:
    """Letters that look like digits, a sign written twice, two neighbours exchanged, else the computed check sign."""
    if code not in {"uscc_bad_check", "uscc_bad_length", "uscc_illegal_char", "orgcode_bad_check", "regno_bad_check"}:
        return ()
    plain = _bare(cell)
    found = [*_lookalikes(cell, plain), *_written_twice(plain)]
    if not found:
        found = [*_exchanged(plain), *_completed(plain)]
    return _distinct(proposal for proposal in found if proposal.text != plain and _is_code(proposal.text))


def _bare(cell: str) -> str:
    return normalise_code(cell).replace("-", "")


def _is_code(text: str) -> bool:
    read = read_code(text)
    return read.state is State.VALID and not read.reason and read.scheme is _LENGTHS.get(len(text))


def _lookalikes(cell: str, plain: str) -> Iterator[Proposal]:
    """O for 0, I or l for 1, Z for 2, S for 5. In an organisation code letters are usual, so there it is not sure."""
    for text in (plain.translate(_FORBIDDEN), _bare(cell.translate(_SMALL_L)).translate(_FORBIDDEN)):
        if text != plain and _is_code(text):
            yield Proposal(text, "lookalike", sure=len(text) != 9)


def _written_twice(plain: str) -> list[Proposal]:
    """19 signs of which one stands twice: the code without it, when only one such makes it right."""
    if len(plain) != 19:
        return []
    shorter = {plain[:n] + plain[n + 1 :] for n in range(18) if plain[n] == plain[n + 1]}
    right = [text for text in shorter if _is_code(text)]
    return [Proposal(right[0], "doubled", sure=True)] if len(right) == 1 else []


def _exchanged(plain: str) -> list[Proposal]:
    """Two neighbours exchanged, when only one such pair makes the unified code right."""
    if len(plain) != 18:
        return []
    swapped = {plain[:n] + plain[n + 1] + plain[n] + plain[n + 2 :] for n in range(17)}
    right = [text for text in swapped if _is_code(text)]
    return [Proposal(right[0], "exchanged")] if len(right) == 1 else []


def _completed(plain: str) -> list[Proposal]:
    """The same number with the check sign that the others ask for."""
    body = plain[:-1]
    try:
        sign = {18: uscc_check_sign, 15: mod_11_10.calc_check_digit, 9: org_code_check_sign}[len(plain)](body)
    except (KeyError, ValueError):  # another length, or a sign that no such number has
        return []
    return [Proposal(body + sign, "computed")]


# Dates ------------------------------------------------------------

_SHORT: Final = re.compile(r"'?(\d\d)(?:年|[-./])(?:(\d{1,2})(?:月份?|[-./])?(?:(\d{1,2})[日号]?)?)?")
_TWO_WAYS: Final = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_DECIMAL: Final = re.compile(r"(\d{4})\.1")  # a number cell: 2014.1 may have been 2014.10
_PARTS: Final = re.compile(r"(\d{4})[年\-./,、\\]?(\d{1,2})[月\-./,、\\]?(\d{1,2})[日号]?")
_UNTIL: Final = re.compile(r"[至到~—–]|--")
_YEARS: Final = re.compile(r"(\d{4}年?)[-/]\d{4}年?")
_MONTHS: Final = re.compile(r"(\d{4}[年./]\d{1,2}月?)-\d{4}.*")

_Clean = Callable[[Cell, Setting], Cleaned]
_Propose = Callable[[str, str, Setting], tuple[Proposal, ...]]


def date_proposer(clean: _Clean) -> _Propose:
    """For a column of dates; `clean` is its cleaner, and what it does not read without a word is not proposed."""

    def propose(cell: str, code: str, setting: Setting) -> tuple[Proposal, ...]:
        text = "".join(unicodedata.normalize("NFKC", cell).split())
        find = _WAYS.get(code)
        found = _distinct(find(text, setting)) if find else ()
        return tuple(proposal for proposal in found if _is_clean(clean(proposal.text, setting)))

    return propose


def _is_clean(cleaned: Cleaned) -> bool:
    fields, codes = cleaned
    return bool(fields) and not codes


def _years_exchanged(text: str, setting: Setting) -> list[Proposal]:
    """2061 → 2016: two neighbouring digits of the year, when only one such pair leads to the past."""
    reading = date_of(text, date.max, setting).text
    if reading is None:
        return []
    year, rest = reading[:4], reading[4:]
    swapped = {year[:n] + year[n + 1] + year[n] + year[n + 2 :] for n in range(3)}
    past = [found for found in swapped if FIRST_YEAR <= int(found) <= setting.today.year]
    right = [found + rest for found in past if found + rest <= setting.today.isoformat()]
    return [Proposal(right[0], "year_exchanged", sure=True)] if len(right) == 1 else []


def _whole_year(text: str, setting: Setting) -> list[Proposal]:
    """14.5.7 → 2014-05-07; a year that has not come is one of the century before."""
    match = _SHORT.fullmatch(text)
    if match is None:
        return []
    century = setting.today.year // 100 * 100
    year = century + int(match[1])
    year -= 100 if year > setting.today.year else 0
    return [Proposal(_iso(year, match[2], match[3]), "century", sure=True)]


def _both_readings(text: str, setting: Setting) -> list[Proposal]:
    """05/07/2014 → 5 July and 7 May; 2014.1 → January and October."""
    if match := _TWO_WAYS.fullmatch(text):
        first, second, year = match.groups()
        return [Proposal(_iso(int(year), *pair), "one_reading") for pair in ((first, second), (second, first))]
    if match := _DECIMAL.fullmatch(text):
        return [Proposal(_iso(int(match[1]), month), "one_reading") for month in ("1", "10")]
    return []


def _first_of_span(text: str, setting: Setting) -> list[Proposal]:
    """2014-2015 → 2014."""
    for pattern in (_YEARS, _MONTHS):
        if match := pattern.fullmatch(text):
            return [Proposal(_read(match[1], setting), "first_of_span", sure=True)]
    first = _UNTIL.split(text, maxsplit=1)[0]
    return [Proposal(_read(first, setting), "first_of_span", sure=True)] if first != text else []


def _read(text: str, setting: Setting) -> str:
    return date_of(text, setting.today, setting).text or ""


def _without_day(text: str, setting: Setting) -> list[Proposal]:
    """2015-02-30 → 2015-02, the month that is certain. 2014.13.5 → 2014-05-13."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return []
    year, month, day = match.groups()
    if int(month) > 12:
        return [Proposal(_iso(int(year), day, month), "day_and_month_exchanged")]
    return [Proposal(_iso(int(year), month), "without_day", sure=True)]


_WAYS: Final[Mapping[str, Callable[[str, Setting], list[Proposal]]]] = {
    "date_in_future": _years_exchanged,
    "date_two_digit_year": _whole_year,
    "date_ambiguous": _both_readings,
    "date_range": _first_of_span,
    "date_invalid": _without_day,
}


def _iso(year: int, month: str | None = None, day: str | None = None) -> str:
    """ISO 8601 as far as it is known; whether there is such a day is found out by reading it."""
    parts = [f"{year:04}", *(f"{int(part):02}" for part in (month, day) if part)]
    return "-".join(parts)


# Areas and telephones ------------------------------------------------------------

_NEAR: Final = 0.6  # of difflib: one wrong sign in a name of three
_SUGGESTED: Final = 3


def area_proposer(areas: Mapping[str, str]) -> _Propose:
    """For the county: the counties of which a name is written nearly so, the nearest first. Sure is it only where no
    more than the kind of area was written differently (荥阳县, 荥阳市).
    """
    names = [name for name in areas if not any(map(str.isascii, name))]
    usual: dict[str, str] = {}
    for name in names:
        usual.setdefault(areas[name], name)

    def propose(cell: str, code: str, setting: Setting) -> tuple[Proposal, ...]:
        if code != "county_unknown":
            return ()
        plain = plain_area(cell)
        near = get_close_matches(plain, names, n=4 * _SUGGESTED, cutoff=_NEAR)
        texts = list(dict.fromkeys(usual[areas[name]] for name in near))[:_SUGGESTED]
        alone = len(texts) == 1 and plain[:-1] == texts[0][:-1]
        return tuple(Proposal(text, "near_name", sure=alone) for text in texts)

    return propose


_NOT_DIGITS: Final = re.compile(r"\D")
_ABROAD: Final = re.compile(r"^(?:00)?86(?=1\d{10}$)|^0(?=1[3-9]\d{9}$)")


def propose_phones(cell: str, code: str, setting: Setting) -> tuple[Proposal, ...]:
    """The digits alone, where they are a whole number. Digits too many or too few are for nobody to guess."""
    if code != "phone_invalid":
        return ()
    digits = _ABROAD.sub("", _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", cell)))
    fields, codes = clean_phones(digits, setting)
    whole = not codes and fields.get("phones") == [digits]
    return (Proposal(digits, "digits_only", sure=True),) if whole and digits != cell else ()


def _distinct(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The first of each text."""
    found: dict[str, Proposal] = {}
    for proposal in proposals:
        found.setdefault(proposal.text, proposal)
    return tuple(found.values())
