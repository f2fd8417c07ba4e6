"""Where in a sheet the table is: its row of headings, its columns, its rows of data.

Tidy sheets: the headings stand in one of the first rows, lines above are titles, blank rows and totals do
not count.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shanglian.imports.core.cells import Cell, is_blank, text_of
from shanglian.imports.core.columns import Column, SheetKind, match_contents, match_headings
from shanglian.imports.core.files import Sheet

HEADING_ROWS: Final = 30  # headings are looked for in so many rows
SAMPLE_ROWS: Final = 20
_NOTE = re.compile(
    r"(小计|合计|总计|共计|累计|总数)|(注|备注|说明|制表|填表|填报|审核|负责人签字|联系人|日期)[人单位时间日期]*[::]"
)
_NOTE_CELLS = 6  # a line of totals fills few cells


@dataclass(frozen=True, slots=True)
class Table:
    """A table inside a sheet: `columns` by position, `titles` the lines above the headings."""

    sheet: Sheet
    heading_row: int
    headings: tuple[str, ...]
    columns: dict[int, Column]
    titles: tuple[str, ...]

    def data_rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Rows below the headings that hold data: not blank, not a total or note, not the headings once
        more.
        """
        positions = sorted(self.columns)
        first = positions[0]
        heading = self.headings[first]
        for number, cells in self.sheet.rows:
            if number <= self.heading_row or not _has_data(cells, positions):
                continue
            if first < len(cells) and cells[first] == heading:
                continue
            if not _is_note(cells):
                yield number, cells


def find_table(sheet: Sheet, kind: SheetKind) -> Table | None:
    """The table of a sheet, or None. The row that names most columns, the required ones among them, holds
    the headings.
    """
    best: tuple[int, Sequence[Cell], dict[int, Column]] | None = None
    for number, cells in sheet.rows[:HEADING_ROWS]:
        columns = match_headings(cells, kind)
        if kind.required <= {c.key for c in columns.values()} and (best is None or len(columns) > len(best[2])):
            best = (number, cells, columns)
    if best is None:
        return None
    number, cells, columns = best
    sample = [row for row_number, row in sheet.rows if number < row_number <= number + SAMPLE_ROWS]
    columns |= match_contents(sample, columns, kind, len(cells))
    titles = tuple(text for row_number, row in sheet.rows if row_number < number for text in map(text_of, row) if text)
    return Table(sheet, number, tuple(map(text_of, cells)), columns, titles)


def _has_data(cells: Sequence[Cell], positions: Sequence[int]) -> bool:
    width = len(cells)
    return any(position < width and not is_blank(cells[position]) for position in positions)


def _is_note(cells: Sequence[Cell]) -> bool:
    for cell in cells:
        if is_blank(cell):
            continue
        if not isinstance(cell, str) or _NOTE.match("".join(cell[:20].split())) is None:
            return False
        return sum(not is_blank(other) for other in cells) <= _NOTE_CELLS
    return False
