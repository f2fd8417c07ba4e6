"""A file → clean rows with everything that is wrong with each: never the first problem only, never a row
lost.

The order of work: bytes → sheets (files.py) → tables (tables.py) → cells cleaned by columns (columns.py) →
the whole row judged by the kind → repeated firms (repeats.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any, TypeAlias

from shanglian.common.core.problems import Problem
from shanglian.imports.core.cells import Cell, shown
from shanglian.imports.core.columns import NOTHING, SENSITIVE, Cleaned, Column, Setting, SheetKind
from shanglian.imports.core.files import Book, Sheet, UnreadableFile, open_book
from shanglian.imports.core.repeats import Place, Repeat, Seen
from shanglian.imports.core.said import NOTHING_SAID, Said, with_texts
from shanglian.imports.core.samples import samples_of
from shanglian.imports.core.tables import SAMPLE_ROWS, Rows, Table, find_tables, likeliest_table

__all__ = ["CleanRow", "ReadFile", "SheetKind", "check_file", "read_file"]

_CACHE_SIZE = 4096
_HEADINGS_SAID = 12  # in the sentence about a file without a table
_PORTION = 1000  # rows between two calls of a watch
Watch: TypeAlias = Callable[[int, int], None]  # rows read, rows of the file (0 while it is opened)
_Step: TypeAlias = tuple[int, Callable[[Cell, Setting], Cleaned], Setting, dict[str, Cleaned] | None, Column]


@dataclass(frozen=True, slots=True)
class CleanRow:
    """One row of data. `outcome`: accept, reject, duplicate or conflict; `same_as`: the earlier row of a
    repeat.
    """

    sheet: str
    number: int
    cells: Sequence[Cell]
    record: dict[str, Any]
    outcome: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]
    same_as: Place | None = None


@dataclass(frozen=True, slots=True)
class ReadTable:
    """Which heading was taken for which column: {"name": [1], "phones": [4, 5]} by position from 0; none of a table
    that is left out. `samples`: by position, what the column holds (samples.py).
    """

    sheet: str
    heading_row: int
    headings: tuple[str, ...]
    columns: dict[str, list[int]]
    samples: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadFile:
    name: str
    format: str
    encoding: str
    tables: tuple[ReadTable, ...]
    rows: list[CleanRow]
    problems: tuple[Problem, ...]  # of the file, not of a row


def check_file(data: bytes, name: str, kind: SheetKind, *, said: Said = NOTHING_SAID) -> None:
    """Passes for a file that can be read and has a table. Raises UnreadableFile."""
    _tables(open_book(data, name), kind, said)


def read_file(
    data: bytes,
    name: str,
    kind: SheetKind,
    *,
    today: date,
    seen: Seen | None = None,
    said: Said = NOTHING_SAID,
    watch: Watch = lambda read, rows: None,
) -> ReadFile:
    """All rows of a file, in order. `seen` carries the codes of a batch from file to file. Raises
    UnreadableFile.

    `today`: the day the file shows; later days are the future. `said`: what people said of the file; it comes before
    every guess. The cells of a row stay as they are in the file, also where they were read as mended.
    `watch` is told how far it is; what it raises ends the reading.
    """
    book = open_book(data, name, pause=lambda: watch(0, 0))
    tables, problems = _tables(book, kind, said)
    seen = seen or Seen()
    seen.next_file()
    total, rows = sum(len(table.rows) for table in tables), list[CleanRow]()
    cleaned = chain.from_iterable(_clean_rows(table, kind, today, seen) for table in tables)
    while portion := list(islice(cleaned, _PORTION)):
        rows += portion
        watch(len(rows), total)
    return ReadFile(name, book.format, book.encoding, tuple(_described(tables)), rows, tuple(problems))


def _tables(book: Book, kind: SheetKind, said: Said) -> tuple[list[Table], list[Problem]]:
    """The tables of each visible sheet; a sheet with content but no headings is a problem, not an error: what may be
    its table has no columns.
    """
    tables: list[Table] = []
    problems: list[Problem] = []
    for sheet in book.sheets:
        found = [] if sheet.hidden else find_tables(sheet, kind, said)
        tables += found
        if not found and not sheet.hidden and any(any(cells) for _, cells in sheet.rows):
            problems.append(Problem("no_headings", sheet.name))
            likeliest = likeliest_table(sheet)
            tables += [likeliest] if likeliest else []
    if not any(table.columns for table in tables):
        raise UnreadableFile("no_table", _headings_seen(tables)) if problems else UnreadableFile("empty")
    return tables, problems


def _headings_seen(tables: Sequence[Table]) -> str:
    """Some headings of the likeliest table, for a sentence."""
    headings = max((table.headings for table in tables), key=len, default=())
    texts = [text[:20] for text in headings if text]
    return "、".join(texts[:_HEADINGS_SAID]) + ("……" if len(texts) > _HEADINGS_SAID else "")


def _described(tables: Sequence[Table]) -> Iterator[ReadTable]:
    """Each layout of a sheet once: tables that only go on below a title or the headings once more are one."""
    layouts: list[tuple[Table, Rows]] = []
    for table in tables:
        rows = next((rows for first, rows in layouts if _layout(first) == _layout(table)), None)
        if rows is None:
            layouts.append((table, rows := []))
        rows += table.rows[: SAMPLE_ROWS - len(rows)]
    for table, rows in layouts:
        columns: dict[str, list[int]] = {}
        for position, column in sorted(table.columns.items()):
            columns.setdefault(column.key, []).append(position)
        samples = samples_of((cells for _, cells in rows), table.headings)
        for position in columns.get(SENSITIVE, ()):
            samples[position : position + 1] = [[]] * (position < len(samples))
        yield ReadTable(table.sheet.name, table.heading_row, table.headings, columns, samples)


def _layout(table: Table) -> tuple[str, tuple[str, ...], dict[int, Column]]:
    return table.sheet.name, table.headings, table.columns


def _clean_rows(table: Table, kind: SheetKind, today: date, seen: Seen) -> Iterator[CleanRow]:
    sheet: Sheet = table.sheet
    if not table.columns:
        return
    common = kind.context([sheet.name, *table.titles])
    steps = _steps(table, today)
    for number, cells in table.rows:
        record: dict[str, Any] = {}
        codes: list[str] = []
        problems: list[Problem] = []
        _clean_cells(cells, steps, record, codes, problems, (sheet.name, number))
        for key, value in common.items():
            record.setdefault(key, value)
        reasons, warnings = kind.finish(record, codes)
        repeat = None if reasons else seen.judge(kind.identity(record), (sheet.name, number))
        if number in sheet.mended:
            cells = with_texts(cells, sheet.mended[number])
        yield _judged(sheet.name, number, cells, record, reasons, warnings, problems, repeat)


def _steps(table: Table, today: date) -> list[_Step]:
    """What is done with each mapped cell, from left to right."""
    return [
        (
            position,
            column.clean,
            Setting(today, table.sheet.epoch_1904, table.headings[position] if position < len(table.headings) else ""),
            {} if column.cached else None,
            column,
        )
        for position, column in sorted(table.columns.items())
    ]


def _clean_cells(
    cells: Sequence[Cell],
    steps: Sequence[_Step],
    record: dict[str, Any],
    codes: list[str],
    problems: list[Problem],
    place: Place,
) -> None:
    width = len(cells)
    for position, clean, setting, cache, column in steps:
        cell = cells[position] if position < width else None
        if cache is not None and type(cell) is str:
            cleaned = cache.get(cell)
            if cleaned is None:
                cleaned = clean(cell, setting)
                if len(cache) < _CACHE_SIZE:
                    cache[cell] = cleaned
        else:
            cleaned = clean(cell, setting)
        if cleaned is NOTHING:
            continue
        fields, wrong = cleaned
        for key, value in fields.items():
            if key not in record:
                record[key] = value
            elif column.many:
                record[key] = record[key] + [item for item in value if item not in record[key]]
            elif record[key] != value:
                wrong = (*wrong, "values_differ")
        if wrong:
            codes.extend(wrong)
            problems.extend(Problem(code, *place, setting.heading, shown(cell)) for code in wrong)


def _judged(
    sheet: str,
    number: int,
    cells: Sequence[Cell],
    record: dict[str, Any],
    reasons: list[str],
    warnings: list[str],
    problems: list[Problem],
    repeat: Repeat | None,
) -> CleanRow:
    outcome = "reject" if reasons else "accept"
    same_as = None
    if repeat is not None:
        outcome, same_as = repeat.outcome, repeat.of
        reasons = [repeat.reason]
        if repeat.name_differs:
            warnings.append("name_differs_for_same_id")
    known = {problem.code for problem in problems}
    for code in (*reasons, *warnings):
        if code not in known:
            problems.append(Problem(code, sheet, number))
    return CleanRow(sheet, number, cells, record, outcome, tuple(reasons), tuple(warnings), tuple(problems), same_as)
