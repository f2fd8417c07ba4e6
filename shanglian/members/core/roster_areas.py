"""Names and numbers of areas as rosters write them → the code the register uses. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shanglian.common.core.codes import is_placeholder
from shanglian.imports.core.cells import Cell, shown
from shanglian.imports.core.columns import NOTHING, Cleaned, Fields, Setting


def areas_by_name(divisions: Mapping[str, Any]) -> dict[str, str]:
    """Plain name, alias or number → area code, from a division file: also with the city's name in front."""
    found: dict[str, str] = {}
    prefixes = ["", *divisions["city"]["prefixes"]]
    prefixes += [first + second for first in prefixes[1:] for second in prefixes[1:] if first != second]
    for area in divisions["areas"]:
        for name in (area["code"], area["name"], *area["aliases"]):
            for prefix in prefixes:
                found[prefix + str(name)] = area["code"]
    return found


def plain_area(text: str) -> str:
    """`text` in NFKC without blanks, the remarks in brackets and the signs that divide names of areas."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"\([^()]*\)|[-/·>—]", "", plain).strip(":,、.") if len(plain) > 2 else plain


def find_area(text: str, areas: Mapping[str, str]) -> str | None:
    """The area a cell names: a name or number, a longer number that begins with one, a full name with a street behind
    it.
    """
    plain = plain_area(text)
    if plain in areas:
        return areas[plain]
    if plain.isascii() and plain.isdigit() and len(plain) in {9, 12}:
        return areas.get(plain[:6])
    for end in range(len(plain) - 1, 2, -1):
        if plain[end - 1] in "区县市" and plain[:end] in areas:
            return areas[plain[:end]]
    return None


def is_area(areas: Mapping[str, str]) -> Callable[[Cell], bool]:
    """Recognises a column of areas and a line that names one; numbers alone could be anything."""

    def looks_right(cell: Cell) -> bool:
        return isinstance(cell, str) and len(cell) < 30 and not cell.isascii() and plain_area(cell) in areas

    return looks_right


def area_cleaner(areas: Mapping[str, str]) -> Callable[[Cell, Setting], Cleaned]:
    def clean(cell: Cell, setting: Setting) -> Cleaned:
        text = shown(cell)
        if not text or is_placeholder(text):
            return NOTHING
        code = find_area(text, areas)
        return ({"county_code": code}, ()) if code else ({}, ("county_unknown",))

    return clean


def zone_cleaner(areas: Mapping[str, str]) -> Callable[[Cell, Setting], Cleaned]:
    """A zone named beside the county: used only where no county is."""

    def clean(cell: Cell, setting: Setting) -> Cleaned:
        code = find_area(shown(cell), areas)
        return ({"zone_code": code}, ()) if code else NOTHING

    return clean


_INSTRUCTION = re.compile(r"地址|说明|如[::]|例如|请|电话")
_TITLE_WORDS = r"(?=工商联|工商业|总商会|会员|企业|名册|名单|$|[(:、])"


def area_finder(areas: Mapping[str, str]) -> Callable[[Sequence[str]], Fields]:
    """The area that the nearest line above the rows speaks of ("惠济区", "惠济区工商联会员名册"). A line with two areas
    says nothing; `lines` begin with the sheet's name, the nearest is last.
    """
    names = sorted((re.escape(name) for name in areas if not name.isascii()), key=len, reverse=True)
    pattern = re.compile("|".join(name if len(name) > 2 else name + _TITLE_WORDS for name in names) or "(?!)")

    def find(lines: Sequence[str]) -> Fields:
        for line in reversed(lines):
            plain = "".join(unicodedata.normalize("NFKC", line).split())
            if len(plain) > 60 or _INSTRUCTION.search(plain):
                continue
            found = {areas[name] for name in pattern.findall(plain)}
            if len(found) == 1:
                return {"county_code": found.pop()}
        return {}

    return find
