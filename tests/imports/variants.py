"""Other shapes of the same roster: columns shuffled, lines put in, headings renamed, written as another kind of file.

A shape keeps track of where every row of the original went, so that outcomes can be compared row by row.
"""

import csv
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from shanglian.imports.core.cells import shown
from shanglian.imports.core.columns import SheetKind, match_headings

Row = list[Any]
Area = tuple[int, int, int, int]  # top, left, bottom, right, all from 0


@dataclass(frozen=True)
class Page:
    """One sheet: `rows` with the number each had at first (None for what was put in), `merges` by place in `rows`."""

    name: str
    rows: list[tuple[int | None, Row]]
    merges: list[Area]


@dataclass(frozen=True)
class Shape:
    data: bytes
    name: str
    numbers: Mapping[tuple[str, int], tuple[str, int]]  # where a row is now → where it was


def pages_of(data: bytes, name: str) -> list[Page]:
    if name.endswith(".csv"):
        rows = list(csv.reader(StringIO(data.decode("gb18030"), newline="")))
        return [Page("csv", [(number, list(row)) for number, row in enumerate(rows, 1)], [])]
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    pages = []
    for sheet_name in book.sheet_names:
        sheet = book.get_sheet_by_name(sheet_name)
        rows = sheet.to_python(skip_empty_area=False)
        merges = [(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
        pages.append(Page(sheet_name, [(number, list(row)) for number, row in enumerate(rows, 1)], merges))
    return pages


# Changes of a page ----------------------------------------------------------------


def heading_place(page: Page, kind: SheetKind) -> int:
    return max(range(min(30, len(page.rows))), key=lambda place: len(match_headings(page.rows[place][1], kind)))


def columns_shuffled(page: Page, kind: SheetKind) -> Page:
    """The columns in another order; lines above the table stay where they are."""
    width = max(len(row) for _, row in page.rows)
    order = list(range(width))
    random.Random(7).shuffle(order)
    place = heading_place(page, kind)

    def moved(at: int, row: Row) -> Row:
        full = row + [""] * (width - len(row))
        return row if at < place or _is_line(full) else [full[position] for position in order]

    return replace(page, rows=[(number, moved(at, row)) for at, (number, row) in enumerate(page.rows)])


def lines_put_in(page: Page, kind: SheetKind) -> Page:
    """Titles above, blank rows between, the headings once more, totals and a note below."""
    place = heading_place(page, kind)
    head = page.rows[place][1]
    above: list[tuple[int | None, Row]] = [
        (None, ["会员企业基本情况一览表"]),
        (None, ["填报单位：", "", "", "填报日期：2019年12月"]),
        (None, []),
    ]
    below = list(page.rows[place + 1 :])
    third = len(below) // 3
    below[2 * third : 2 * third] = [(None, []), (None, list(head))]
    below[third:third] = [(None, ["小计", f"{third}家"]), (None, []), (None, [])]
    rows = [*above, *page.rows[: place + 1], *below, (None, []), (None, ["制表人：某某", "", "审核：某某"])]
    merges = [(top + 3, left, bottom + 3, right) for top, left, bottom, right in page.merges if bottom <= place]
    return Page(page.name, rows, merges)


def headings_renamed(page: Page, kind: SheetKind) -> Page:
    """Every known heading under another spelling of the policy, with blanks, a star or a remark in brackets."""
    place = heading_place(page, kind)
    number, head = page.rows[place]
    dress: Sequence[Callable[[str], str]] = (" ".join, lambda text: f"*{text}", lambda text: f"{text}（必填）", str)
    renamed = list(head)
    for turn, (position, column) in enumerate(sorted(match_headings(head, kind).items())):
        other = [spelling for spelling in column.headings if not spelling.isascii()]
        unit = "(元)" if "元" in str(head[position]) else ""
        renamed[position] = dress[turn % 4](other[(turn * 3 + 1) % len(other)]) + unit
    rows = list(page.rows)
    rows[place] = (number, renamed)
    return replace(page, rows=rows)


def serials_of_1904(page: Page, kind: SheetKind) -> Page:
    """Days written as bare numbers, counted from 1904."""
    rows = [
        (number, [cell - 1462 if isinstance(cell, float) and 30_000 < cell < 50_000 else cell for cell in row])
        for number, row in page.rows
    ]
    return replace(page, rows=rows)


def sheet_name_as_title(page: Page, kind: SheetKind) -> Page:
    """What the name of the sheet says is said by a line above, as where a sheet is saved as a text file."""
    return Page(page.name, [(None, [page.name]), *page.rows], [])


def _is_line(row: Row) -> bool:
    """A total or a title: few cells, the first of them a word."""
    return sum(cell not in ("", None) for cell in row) <= 2


# Writing ----------------------------------------------------------------


def as_xlsx(pages: Sequence[Page], name: str, *, sheet: str = "", date_1904: bool = False) -> Shape:
    """`sheet`: the name of the only sheet, for a table that had none."""
    target = BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "date_1904": date_1904, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, {**options, "strings_to_formulas": False}) as book:
        for page in pages:
            written = book.add_worksheet(sheet or page.name)
            for at, (_, row) in enumerate(page.rows):
                written.write_row(at, 0, [None if cell == "" else cell for cell in row])
            for top, left, bottom, right in page.merges:
                written.merge_range(top, left, bottom, right, page.rows[top][1][left])
    return Shape(target.getvalue(), f"{name}.xlsx", _numbers(pages, sheet))


def as_csv(pages: Sequence[Page], name: str, encoding: str) -> list[Shape]:
    """A file of each page."""
    shapes = []
    for page in pages:
        text = StringIO(newline="")
        csv.writer(text).writerows([[_in_text(cell) for cell in row] for _, row in page.rows])
        data = text.getvalue().encode(encoding, errors="strict")
        shapes.append(Shape(data, f"{name}.csv", _numbers([page], "csv")))
    return shapes


def _in_text(cell: Any) -> str:
    return cell.isoformat()[:10] if isinstance(cell, date | datetime) else shown(cell)


def _numbers(pages: Sequence[Page], sheet: str) -> dict[tuple[str, int], tuple[str, int]]:
    return {
        (sheet or page.name, now): (page.name, number)
        for page in pages
        for now, (number, _) in enumerate(page.rows, 1)
        if number is not None
    }
