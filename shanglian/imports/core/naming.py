"""The columns of a table as a person names them: what is wrong with it, what is worth remembering, what wants a look.

Pure. A naming is position → key of the column, "" for one that is not imported.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from shanglian.imports.core.columns import Confirmed, SheetKind, assign_columns, plain_heading
from shanglian.imports.core.samples import counts_up

LONGEST_HEADING: Final = 60
Naming: TypeAlias = Mapping[int, str]
_BESIDE = re.compile(r"!([A-Z]+):[A-Z]+$")  # the name of a part of a sheet, as beside.py gives it


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a naming cannot be used: unknown_column, column_twice or column_missing; which columns, which key."""

    code: str
    positions: tuple[int, ...]
    key: str = ""


def faults_of(naming: Naming, kind: SheetKind) -> list[Fault]:
    """Nothing for a naming that can be used. A table of which nothing is imported is left out, and that is none."""
    keys = {column.key for column in kind.columns}
    places: dict[str, list[int]] = {}
    for position, key in sorted(naming.items()):
        places.setdefault(key, []).append(position)
    unknown = [position for key, found in places.items() if key and key not in keys for position in found]
    faults = [Fault("unknown_column", tuple(unknown))] if unknown else []
    for column in kind.columns:
        found = places.get(column.key, [])
        if len(found) > 1 and not column.many:
            faults.append(Fault("column_twice", tuple(found), column.key))
        if column.required and not found and any(naming.values()):
            faults.append(Fault("column_missing", (), column.key))
    return faults


class Sign(StrEnum):
    """How sure it is what a column means."""

    SURE = "sure"  # by a known spelling of its heading, or because somebody said so
    LOOK = "look"  # a guess by content or by a part of the heading; or an unknown heading over some content
    LEFT = "left"  # not imported, and nothing is lost that anybody should look at


def sign_of(
    heading: str, key: str, samples: Sequence[str], kind: SheetKind, confirmed: Confirmed, *, said: bool
) -> Sign:
    """`said`: of this very column somebody has said what it is; `confirmed`: what the headings of the organisation
    mean, by plain heading.
    """
    plain = plain_heading(heading)
    known = kind.by_heading.get(plain)
    if key:
        sure = said or confirmed.get(plain) == key or (known is not None and known[0].key == key)
        return Sign.SURE if sure else Sign.LOOK
    dull = said or confirmed.get(plain) == "" or known is not None or not samples or counts_up(samples)
    return Sign.LEFT if dull else Sign.LOOK


@dataclass(frozen=True, slots=True)
class Named:
    """A table as it was named, and what its columns were taken for before."""

    headings: Sequence[str]
    naming: Naming
    before: Naming


def worth_remembering(tables: Sequence[Named], kind: SheetKind, confirmed: Confirmed) -> dict[str, str]:
    """Plain heading → key, of what is not known by the heading itself.

    A heading that was given two meanings has none. Nor does leaving out say anything of a heading that is known and
    was left out before, too: then another column of that table was better.
    """
    meanings: dict[str, set[str]] = {}
    news: set[str] = set()
    for table in tables:
        for position, key in table.naming.items():
            plain = plain_heading(table.headings[position]) if position < len(table.headings) else ""
            if not 0 < len(plain) <= LONGEST_HEADING:
                continue
            meanings.setdefault(plain, set()).add(key)
            if _is_news(plain, key, table.before.get(position, ""), kind, confirmed):
                news.add(plain)
    return {plain: keys.pop() for plain, keys in meanings.items() if len(keys) == 1 and plain in news}


def _is_news(plain: str, key: str, before: str, kind: SheetKind, confirmed: Confirmed) -> bool:
    if plain in confirmed:
        return confirmed[plain] != key
    known = kind.by_heading.get(plain)
    if key:
        return known is None or known[0].key != key
    return bool(before) or not assign_columns([[plain]], kind, {})


def letter_of(position: int, sheet: str = "") -> str:
    """A, B, … Z, AA, …: the column as a spreadsheet calls it; a part of a sheet begins at the letter in its name."""
    beside = _BESIDE.search(sheet)
    number = position + 1 + (_number_of(beside[1]) if beside else 0)
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _number_of(letters: str) -> int:
    """A is 0, B is 1, … AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
