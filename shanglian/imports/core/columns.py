"""What a sheet may contain: columns as small objects, and the kind of sheet they make together.

A column knows the headings people give it and how to clean a cell; it knows nothing of the register.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from shanglian.common.core.codes import is_placeholder
from shanglian.imports.core.cells import Cell, text_of, visible

Fields: TypeAlias = Mapping[str, Any]
# Fields for the record (what is not there is left out, never None) and codes of what was wrong.
Cleaned: TypeAlias = tuple[Fields, tuple[str, ...]]
NOTHING: Cleaned = ({}, ())
# Key of a column that is recognised so that nothing of it is taken for something else, and of which nothing is taken
# over or shown: identity numbers, birth dates, political status.
SENSITIVE = "sensitive"
# Key of a column of telephones, whatever the kind: pages cover every number in it.
TELEPHONES = "phones"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cleaner may know besides the cell."""

    today: date  # the sheet's own day: later days are the future
    epoch_1904: bool
    heading: str  # as written: it may hold a unit


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text a wrong cell may be mended to; a person accepts it or not. `why`: code of what was thought of.

    `sure`: it may be accepted for many rows at once; else each has to be compared with its paper.
    """

    text: str
    why: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """`headings`: spellings in order of preference. `many`: several columns may feed it (lists are joined).

    `cached`: few different values, so each is cleaned once. `looks_right`: recognises its values where no heading
    helps; `looks_right_alone`: only in a table without any headings. `grouped`: it may be filled in the first row of
    each group alone; `optional`: or be blank because there is nothing to say. `propose`: what a cell with this problem
    (its text, the code) may be mended to; each is free of it.
    """

    key: str
    headings: tuple[str, ...]
    clean: Callable[[Cell, Setting], Cleaned]
    required: bool = False
    many: bool = False
    cached: bool = False
    looks_right: Callable[[Cell], bool] | None = None
    identifying: bool = False  # a row that holds such a value is data, whatever else it says
    propose: Callable[[str, str, Setting], tuple[Proposal, ...]] | None = None
    written: tuple[str, ...] = ()  # fields with its plain text: a cell that none equals was corrected
    grouped: bool = False
    optional: bool = False
    looks_right_alone: Callable[[Cell], bool] | None = None
    weak: tuple[str, ...] = ()  # spellings that count where a required column is not found otherwise


class Identity(NamedTuple):
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
    def spellings(self) -> frozenset[str]:
        """All headings as the policy writes them."""
        return frozenset(heading for column in self.columns for heading in column.headings)

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns if column.required)


_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_NUMBERING = re.compile(r"^(?:\d{1,2}[.、)]|其中[:,、]?)(?=\D)")
_PARTS = re.compile(r"[/、或和及与|,;]")
_LANGUAGES = re.compile(r"(?<=[\u4e00-\u9fff])(?=[a-z])|(?<=[a-z.])(?=[\u4e00-\u9fff])")
_LONG_ENOUGH = 4  # signs of a spelling that may stand at the end of a longer heading


def plain_heading(text: str) -> str:
    """A heading for comparing: NFKC, no blanks, lower case, without numbering, 其中, brackets and their content, stars
    and colons.
    """
    plain = "".join(unicodedata.normalize("NFKC", visible(text)).split()).lower()
    outside = _BRACKETS.sub("", plain) or plain.strip("()[]【】〔〕")
    return _NUMBERING.sub("", outside.strip("*:：、.")).strip("*:：、.")


# Plain heading → column key as a person confirmed it; "" for a column that is not to be read.
Confirmed: TypeAlias = Mapping[str, str]
_Candidate: TypeAlias = tuple[int, int, int, Column]  # how surely (0 is best), preference, position


def match_headings(cells: Sequence[Cell], kind: SheetKind, confirmed: Confirmed | None = None) -> dict[int, Column]:
    """Position → column, for every cell that is a known heading; see `assign_columns`."""
    return assign_columns([[cell] for cell in cells], kind, confirmed or {})


def assign_columns(spellings: Sequence[Sequence[Cell]], kind: SheetKind, confirmed: Confirmed) -> dict[int, Column]:
    """Position → column. Each position has spellings, the surest first; of two positions for one column the better
    spelling wins, of equals the left one. What a person confirmed comes before everything.
    """
    by_key = {column.key: column for column in kind.columns}
    candidates: list[_Candidate] = []
    for position, cells in enumerate(spellings):
        plain = [plain_heading(cell) for cell in cells if isinstance(cell, str) and 0 < len(cell) <= 60]
        known = next((heading for heading in plain if heading in confirmed or heading in kind.by_heading), None)
        if known is not None and known in confirmed:
            if confirmed[known] in by_key:
                candidates.append((-1, 0, position, by_key[confirmed[known]]))
            continue
        candidates += _known_headings(plain, position, kind)
    return _assigned(candidates)


def _assigned(candidates: list[_Candidate]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    used: set[str] = set()
    for _, _, position, column in sorted(candidates, key=lambda candidate: candidate[:3]):
        if position not in found and (column.many or column.key not in used):
            found[position] = column
            used.add(column.key)
    return found


def _known_headings(plain: Sequence[str], position: int, kind: SheetKind) -> Iterator[_Candidate]:
    """Exact spellings, then a part of "信用代码/注册号" or of one in two languages ("联系电话 Tel"), then a spelling at
    the end of a longer heading.
    """
    for place, heading in enumerate(plain):
        if heading in kind.by_heading:
            column, preference = kind.by_heading[heading]
            yield place * 10, preference, position, column
            continue
        for part in (*_PARTS.split(heading), *_LANGUAGES.split(heading)):
            if part in kind.by_heading:
                column, preference = kind.by_heading[part]
                yield place * 10 + 1, preference, position, column
                break
        else:
            for start in range(1, len(heading) - _LONG_ENOUGH + 1):
                if heading[start:] in kind.by_heading:
                    column, preference = kind.by_heading[heading[start:]]
                    yield place * 10 + 2, preference, position, column
                    break


def match_weakly(spellings: Sequence[Cell], found: Mapping[int, Column], kind: SheetKind) -> dict[int, Column]:
    """Required columns nothing else named, by their weak spellings: 姓名 is the member where no firm is named."""
    known = {column.key for column in found.values()}
    result: dict[int, Column] = {}
    for column in kind.columns:
        if not column.required or column.key in known:
            continue
        weak = {plain_heading(heading) for heading in column.weak}
        places = (p for p, cell in enumerate(spellings) if isinstance(cell, str) and plain_heading(cell) in weak)
        position = next((p for p in places if p not in found), None)
        if position is not None:
            result[position] = column
    return result


def match_contents(
    rows: Sequence[Sequence[Cell]], found: Mapping[int, Column], kind: SheetKind, positions: Iterable[int]
) -> dict[int, Column]:
    """Columns no heading named, recognised by what most of their cells hold (placeholders do not count)."""
    result: dict[int, Column] = {}
    for column in kind.columns:
        if column.looks_right is None or (column in found.values() and not column.many):
            continue
        shares = {
            position: _share_that_looks_right(
                [row[position] for row in rows if position < len(row)], column.looks_right
            )
            for position in positions
            if position not in found and position not in result
        }
        right = [position for position, share in shares.items() if share >= 0.6]
        result |= dict.fromkeys(right if column.many else sorted(right, key=lambda p: -shares[p])[:1], column)
    return result


def _share_that_looks_right(cells: Sequence[Cell], looks_right: Callable[[Cell], bool]) -> float:
    values = [cell for cell in cells if not is_placeholder(text_of(cell))]
    return sum(map(looks_right, values)) / len(values) if values else 0.0
