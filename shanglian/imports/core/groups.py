"""Columns that are filled in the first row of each group alone, the rows below being blank without a merge. Pure.

Nothing is filled here: what stands above may be proposed where the evidence is clear. A column that is simply optional
has blanks, too; it gives itself away by a first row that is blank, by a value that comes again, or by few blanks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from shanglian.imports.core.cells import Cell, is_blank, text_of
from shanglian.imports.core.columns import Column

BLANK_IN_GROUP: Final = "blank_in_group"
_MOST: Final = 500  # groups of one table
_ENOUGH: Final = 3  # groups that are evidence by themselves
Beginnings: TypeAlias = list[tuple[int, str]]  # row, what it says


@dataclass(slots=True)
class _Column:
    """What was seen of one column; `begun` are its groups."""

    begun: Beginnings = field(default_factory=list)
    values: set[str] = field(default_factory=set)
    blanks: int = 0

    def goes_on(self, number: int, text: str) -> bool:
        """Whether it may still be filled by groups, with this row."""
        if not text:
            self.blanks += 1
            return bool(self.begun)
        if text in self.values or len(self.begun) == _MOST:
            return False
        self.values.add(text)
        self.begun.append((number, text))
        return True


def groups_of(
    rows: Iterable[tuple[int, Sequence[Cell]]],
    columns: Mapping[int, Column],
    handed_in: Callable[[int, int, Cell], Cell] = lambda number, position, cell: cell,
) -> dict[int, Beginnings]:
    """Position → where its groups begin, for the columns that are clearly filled so.

    `handed_in`: what the file says in a cell (number, position, as it is read): a mended cell is no evidence.
    """
    open_ = {p: _Column() for p, column in columns.items() if column.grouped}
    counted: dict[int, set[int]] = {}  # position → rows in which a numbering begins anew
    gaps: set[int] = set()  # rows below something that is no row of data
    last = None
    for number, cells in rows:
        if not open_:
            return {}
        for position, seen in list(open_.items()):
            cell = handed_in(number, position, cells[position] if position < len(cells) else None)
            if not seen.goes_on(number, "" if is_blank(cell) else text_of(cell)):
                del open_[position]
        for position, cell in enumerate(cells):
            if position not in columns and text_of(cell) == "1":
                counted.setdefault(position, set()).add(number)
        if last is not None and number > last + 1:
            gaps.add(number)
        last = number
    return {p: seen.begun for p, seen in open_.items() if _is_clear(p, open_, columns, [*counted.values()], gaps)}


def _is_clear(
    position: int,
    found: Mapping[int, _Column],
    columns: Mapping[int, Column],
    counted: Sequence[set[int]],
    gaps: set[int],
) -> bool:
    """Several groups, mostly of more rows than one, and a second sign where the column may be blank by itself."""
    seen = found[position]
    rows = {number for number, _ in seen.begun}
    if len(rows) < 2 or seen.blanks < len(rows):
        return False
    first = min(rows)
    numbered = rows in counted or rows - {first} == gaps
    beside = any(p != position and {number for number, _ in other.begun} == rows for p, other in found.items())
    return numbered or beside or (len(rows) >= _ENOUGH and not columns[position].optional)
