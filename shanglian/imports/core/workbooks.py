"""Bytes of a workbook → its sheets, piece by piece, by the parser (calamine). What it may cost is limited by the
process it runs in (confined.py): a few bytes in an .xls can mean gigabytes, and then the parser aborts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, TypeAlias

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from shanglian.imports.core.limits import MAX_CELLS, MAX_ROWS, UnreadableFile

Merge: TypeAlias = tuple[int, int, int, int]
Rows: TypeAlias = list[tuple[int, Sequence[Any]]]
_CHUNK: Final = 2_000  # rows
_MERGED_CELLS: Final = 1_000_000  # of a sheet; merges beyond are not reported


@dataclass(frozen=True, slots=True)
class SheetStart:
    """A sheet begins; its rows follow. `merges`: (top, left, bottom, right), rows from 1, columns from 0."""

    name: str
    hidden: bool
    merges: list[Merge]


@dataclass(slots=True)
class _Counter:
    rows: int = 0
    cells: int = field(default=0)

    def add(self, width: int) -> None:
        self.rows += 1
        self.cells += width
        if self.rows > MAX_ROWS:
            raise UnreadableFile("too_many_rows", f"{MAX_ROWS:,}")
        if self.cells > MAX_CELLS:
            raise UnreadableFile("too_many_cells", f"{MAX_CELLS:,}")


def sheets_in_pieces(data: bytes) -> Iterator[SheetStart | Rows]:
    """For each sheet its start, then its rows in portions, blank rows left out. Raises UnreadableFile."""
    counter = _Counter()
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                yield SheetStart(meta.name, meta.visible != SheetVisibleEnum.Visible, _merges(sheet))
                yield from _portions(sheet, counter)
    except PasswordError as error:
        raise UnreadableFile("encrypted") from error
    except CalamineError as error:
        raise UnreadableFile("broken") from error


def _portions(sheet: CalamineSheet, counter: _Counter) -> Iterator[Rows]:
    portion: Rows = []
    left = [""] * (sheet.start[1] if sheet.start else 0)  # the iterator begins at the first column with content
    for number, cells in enumerate(sheet.iter_rows(), 1):
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        row = left + cells
        counter.add(len(row))
        portion.append((number, row))
        if len(portion) == _CHUNK:
            yield portion
            portion = []
    yield portion


def _merges(sheet: CalamineSheet) -> list[Merge]:
    """Merged areas, cut to where the sheet has content: a title may be merged to the sheet's last column."""
    last_row, last_column = sheet.end or (0, 0)
    found: list[Merge] = []
    cells = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        area = (top + 1, left, min(bottom, last_row) + 1, min(right, last_column))
        cells += max(0, area[2] - top) * max(0, area[3] - left + 1)
        if cells > _MERGED_CELLS:
            break
        found.append(area)
    return found
