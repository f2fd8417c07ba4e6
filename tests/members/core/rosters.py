"""The roster's kind of sheet with the shipped words, and a workbook with merged cells."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
import yaml

from shanglian.imports.core.reading import ReadFile, read_file
from shanglian.imports.core.said import Said
from shanglian.members.core.roster import areas_by_name, roster_kind
from tests.paths import ROOT

POLICIES = ROOT / "shanglian" / "policies"
AREAS = areas_by_name(yaml.safe_load((POLICIES / "divisions" / "410100.yaml").read_text("utf-8")))
WORDS = yaml.safe_load((POLICIES / "imports" / "roster.yaml").read_text("utf-8"))
ROSTER = roster_kind(WORDS["headings"], AREAS, WORDS["weak_headings"])
DAY = date(2019, 12, 31)


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    merges: Mapping[str, Sequence[str]] | None = None,
    *,
    hidden: Sequence[str] = (),
    **options: Any,
) -> bytes:
    """Sheets of rows; `merges`: sheet → areas such as "A1:L1", which keep what their first cell says."""
    target = BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, **options}
    with xlsxwriter.Workbook(target, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, [None if cell == "" else cell for cell in row])
            for area in (merges or {}).get(name, ()):
                first = area.split(":")[0]
                sheet.merge_range(area, rows[int(first[1:]) - 1][ord(first[0]) - ord("A")])
    return target.getvalue()


def read_book(*args: Any, confirmed: Mapping[str, str] | None = None, **options: Any) -> ReadFile:
    return read_file(workbook(*args, **options), "roster.xlsx", ROSTER, today=DAY, said=Said(confirmed or {}))


def read_text(text: str, encoding: str = "utf-8", confirmed: Mapping[str, str] | None = None) -> ReadFile:
    return read_file(text.encode(encoding), "roster.csv", ROSTER, today=DAY, said=Said(confirmed or {}))
