"""What a sheet may contain: columns as small objects, and the kind of sheet they make together.

A column knows the headings people give it and how to clean a cell; it knows nothing of the register.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from shanglian.imports.core.cells import Cell, text_of

Fields: TypeAlias = Mapping[str, Any]
# Fields for the record (what is not there is left out, never None) and codes of what was wrong.
Cleaned: TypeAlias = tuple[Fields, tuple[str, ...]]
NOTHING: Cleaned = ({}, ())


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cleaner may know besides the cell."""

    today: date  # the sheet's own day: later days are the future
    epoch_1904: bool
    heading: str  # as written: it may hold a unit


@dataclass(frozen=True, slots=True)
class Column:
    """`headings`: spellings in order of preference. `many`: several columns may feed it (lists are joined).

    `cached`: few different values, so each is cleaned once. `looks_right`: recognises its values where no
    heading helps.
    """

    key: str
    headings: tuple[str, ...]
    clean: Callable[[Cell, Setting], Cleaned]
    required: bool = False
    many: bool = False
    cached: bool = False
    looks_right: Callable[[Cell], bool] | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """By what two rows are recognised as one: the key of the name and the codes. "" and () for nothing."""

    name_key: str
    uscc: str = ""
    org_code: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetKind:
    """A kind of sheet: its columns and what is judged of a whole row.

    `finish(record, codes)` fills in what is derived (it may change the record) and sorts codes into
    (reasons to refuse, warnings). `context(lines)` says what the sheet's name and the lines above its table
    tell about every row.
    """

    columns: tuple[Column, ...]
    finish: Callable[[dict[str, Any], list[str]], tuple[list[str], list[str]]]
    identity: Callable[[Fields], Identity]
    context: Callable[[Sequence[str]], Fields] = lambda lines: {}

    @cached_property
    def by_heading(self) -> Mapping[str, tuple[Column, int]]:
        """Normalised heading → column and preference (0 is best)."""
        return {
            plain_heading(heading): (column, preference)
            for column in self.columns
            for preference, heading in enumerate(column.headings)
        }

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns if column.required)


_BRACKETS = re.compile(r"\([^()]*\)")


def plain_heading(text: str) -> str:
    """A heading for comparing: NFKC, no blanks, lower case, without brackets and their content, stars and
    colons.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    return _BRACKETS.sub("", plain).strip("*:：、.")


def match_headings(cells: Sequence[Cell], kind: SheetKind) -> dict[int, Column]:
    """Position → column, for every cell that is a known heading; of two for one column the better spelling
    wins.
    """
    best: dict[str, tuple[int, int]] = {}
    found: dict[int, Column] = {}
    for position, cell in enumerate(cells):
        column, preference = _known_heading(cell, kind)
        if column is None:
            continue
        if not column.many and column.key in best:
            known_preference, known_position = best[column.key]
            if preference >= known_preference:
                continue
            del found[known_position]
        best[column.key] = (preference, position)
        found[position] = column
    return found


def _known_heading(cell: Cell, kind: SheetKind) -> tuple[Column | None, int]:
    """A heading, or the first part of "信用代码/注册号" that is one."""
    if not isinstance(cell, str) or len(cell) > 60:
        return None, 0
    heading = plain_heading(cell)
    for part in (heading, *re.split(r"[/、或和及]", heading)):
        if part in kind.by_heading:
            return kind.by_heading[part]
    return None, 0


def match_contents(
    rows: Sequence[Sequence[Cell]], found: Mapping[int, Column], kind: SheetKind, width: int
) -> dict[int, Column]:
    """Columns no heading named, recognised by what they hold: of at least three values four in five."""
    missing = [c for c in kind.columns if c.looks_right and c not in found.values()]
    result: dict[int, Column] = {}
    for position in range(width):
        if position in found:
            continue
        values = [row[position] for row in rows if position < len(row) and text_of(row[position])]
        for column in missing:
            if column not in result.values() and _most_look_right(values, column):
                result[position] = column
                break
    return result


def _most_look_right(values: Sequence[Cell], column: Column) -> bool:
    test = column.looks_right
    return test is not None and len(values) >= 3 and sum(map(test, values)) >= 0.8 * len(values)
