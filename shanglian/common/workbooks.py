"""Workbooks: what is no figure is written as text, so that a spreadsheet neither rounds a code nor runs a formula.

Written row by row with constant memory; what the columns mean is not known here.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # signs in one cell
SHEET_NAME = 31  # signs in the name of a sheet
IN_MEMORY = 4 * 1024**2  # bytes
TEXT = 49  # the built-in format "@"


@dataclass(frozen=True)
class Styles:
    """The few looks a cell may have. All but `number` are text ("@"): what is typed over them stays text."""

    head: Format
    text: Format
    wrong: Format
    doubtful: Format
    long: Format
    number: Format


@dataclass(frozen=True)
class TextBook:
    """A workbook being written: close it, or use it as a context, to have it complete."""

    book: xlsxwriter.Workbook
    styles: Styles

    def __enter__(self) -> "TextBook":
        return self

    def __exit__(self, *failure: object) -> None:
        self.book.close()

    def add_sheet(self, name: str, headings: Sequence[str], widths: Sequence[int]) -> Worksheet:
        """A sheet with frozen headings in its first row; `widths` of its columns in signs. The name may be adapted."""
        sheet = self.book.add_worksheet(self._free_name(name))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.styles.text)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading[:LONGEST], self.styles.head)
        sheet.freeze_panes(1, 0)
        return sheet

    def _free_name(self, wanted: str) -> str:
        """A name a workbook allows and no sheet has: "名册", "名册 (2)", …"""
        plain = "".join(" " if sign in "[]:*?/\\" or ord(sign) < 32 else sign for sign in wanted).strip("' ") or "Sheet"
        taken = {str(sheet.name).lower() for sheet in self.book.worksheets()}
        name, number = plain[:SHEET_NAME], 1
        while name.lower() in taken or name.lower() == "history":
            number += 1
            end = f" ({number})"
            name = plain[: SHEET_NAME - len(end)] + end
        return name


def text_book(target: IO[bytes]) -> TextBook:
    """A workbook written into `target`, a binary file that can be wound back. Its rows must come in order."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    base: dict[str, Any] = {"num_format": TEXT, "valign": "top"}
    styles = Styles(
        head=book.add_format(base | {"bold": True, "bg_color": "#E8EDF3", "bottom": 1, "text_wrap": True}),
        text=book.add_format(base),
        wrong=book.add_format(base | {"bg_color": "#FBDAD7"}),
        doubtful=book.add_format(base | {"bg_color": "#FDEFC8"}),
        long=book.add_format(base | {"text_wrap": True}),
        number=book.add_format({"valign": "top"}),
    )
    return TextBook(book, styles)


def scratch() -> IO[bytes]:
    """A file to write a download into: in memory while it is small, then on disk; gone when closed."""
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)
