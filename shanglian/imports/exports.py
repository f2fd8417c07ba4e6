"""The workbook of rows that were not booked: as handed in, with what to mend in a last column and the cells marked.

Builds workbooks from rows it is given; which rows, and who may have them, is decided in downloads.py. What comes out
is a sheet like any other: mended, it is imported again, and the last column is left alone because no kind knows it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils import translation

from shanglian.common.workbooks import LONGEST, TextBook, text_book
from shanglian.imports.core.columns import SheetKind, match_headings, plain_heading
from shanglian.imports.labels import Label

WHY = "问题说明 / what to mend"
COMMENTED_ROWS = 2_000  # of one workbook; the cells of later rows are marked by colour and in the last column
_WIDTH, _WHY_WIDTH = 18, 60


@dataclass(frozen=True)
class Mark:
    """What is wrong with one cell. `wrong`: it kept the row out; else it is only doubtful."""

    wrong: bool
    why: str


@dataclass(frozen=True)
class MendingRow:
    """The cells as handed in, everything that is said about the row, and the cells it is about by position."""

    cells: Sequence[str]
    why: str
    marks: Mapping[int, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class MendingTable:
    """One table of a file: its sheet, its headings by position, how many columns its widest row has, its rows."""

    sheet: str
    headings: Sequence[str]
    width: int
    rows: Iterable[MendingRow]


def in_both(label: Label) -> str:
    """中文 / English; once where both are the same."""
    with translation.override("zh-hans"):
        chinese = str(label)
    with translation.override("en"):
        english = str(label)
    return chinese if chinese == english else f"{chinese} / {english}"


def standing_headings(table: Mapping[str, Any], kind: SheetKind) -> list[str]:
    """The headings of a described table, understandable by themselves.

    As handed in, but where a column was not recognised by this one cell (by its content, by a heading of two rows, by
    what somebody confirmed), the usual heading stands in front: 编号 becomes 统一社会信用代码（编号）.
    """
    headings = list(table.get("headings", []))
    usual = {column.key: column.headings[0] for column in kind.columns}
    known = match_headings(headings, kind)
    for key, positions in table.get("columns", {}).items():
        for position in positions:
            if position in known and known[position].key == key:
                continue
            headings += [""] * (position + 1 - len(headings))
            own = headings[position].translate(dict.fromkeys(map(ord, "()（）")))
            headings[position] = f"{usual[key]}（{own}）" if own else usual[key]
    return headings


def write_mending(target: IO[bytes], tables: Iterable[MendingTable]) -> int:
    """One sheet for each table, written into `target` (a binary file that can be wound back); how many rows."""
    number = 0
    with text_book(target) as book:
        for table in tables:
            number += _write_table(book, table, max(COMMENTED_ROWS - number, 0))
        if not number:
            book.book.add_worksheet()  # a workbook without sheets cannot be opened
    return number


def _write_table(book: TextBook, table: MendingTable, comments: int) -> int:
    """The rows of one table; cells of the first `comments` rows get a comment."""
    headings = [*table.headings, *[""] * (table.width - len(table.headings))]
    kept = [n for n, heading in enumerate(headings) if plain_heading(heading) != plain_heading(WHY)]
    titles = [*(headings[n] for n in kept), WHY]
    sheet = book.add_sheet(table.sheet, titles, [*[_WIDTH] * len(kept), _WHY_WIDTH])
    number = 0
    for number, row in enumerate(table.rows, 1):
        for column, position in enumerate(kept):
            mark = row.marks.get(position)
            style = book.styles.text if mark is None else book.styles.wrong if mark.wrong else book.styles.doubtful
            text = row.cells[position] if position < len(row.cells) else ""
            if text or mark:
                sheet.write_string(number, column, text[:LONGEST], style)
            if mark and number <= comments:
                sheet.write_comment(number, column, mark.why[:LONGEST], {"author": "Shanglian", "x_scale": 2})
        sheet.write_string(number, len(kept), row.why[:LONGEST], book.styles.long)
    sheet.autofilter(0, 0, number, len(kept))
    return number
