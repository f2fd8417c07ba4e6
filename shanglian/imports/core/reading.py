"""A file → clean rows with everything that is wrong with each: never the first problem only, never a row
lost.

The order of work: bytes → sheets (files.py) → tables (tables.py) → cells cleaned by columns (columns.py) →
the whole row judged by the kind → repeated firms (repeats.py). Between these steps rows lie in pages (pages.py), so
that a file of any length is read in the same memory.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

from shanglian.common.core.problems import Problem
from shanglian.imports.core.cells import Cell, is_blank, shown
from shanglian.imports.core.columns import NOTHING, SENSITIVE, TELEPHONES, Cleaned, Column, Setting, SheetKind
from shanglian.imports.core.files import Book, Sheet, UnreadableFile, open_book
from shanglian.imports.core.groups import BLANK_IN_GROUP, Beginnings, groups_of
from shanglian.imports.core.pages import USUAL, Pages, Paging
from shanglian.imports.core.repeats import Place, Repeat, Repeats
from shanglian.imports.core.said import NOTHING_SAID, Said, with_texts
from shanglian.imports.core.samples import samples_of
from shanglian.imports.core.tables import SAMPLE_ROWS, Table, find_tables, likeliest_table

__all__ = ["CleanRow", "ReadFile", "SheetKind", "check_file", "read_file"]

_CACHE_SIZE = 4096
_HEADINGS_SAID = 12  # in the sentence about a file without a table
_TOP = 1000  # rows of a sheet that are looked at first
_PORTION = 1000  # rows between two calls of a watch
Watch: TypeAlias = Callable[[int, int], None]  # rows read, rows of the file (0 while it is opened)
# What is known of a row before it is compared with others: sheet, number, cells, record, reasons, warnings, problems.
_Cleaned: TypeAlias = tuple[str, int, Sequence[Cell], dict[str, Any], list[str], list[str], list[Problem]]
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
    that is left out. `samples`: by position, what the column holds (samples.py). `beginnings`: position, row and text
    where a group begins in a column that is blank below (groups.py).
    """

    sheet: str
    heading_row: int
    headings: tuple[str, ...]
    columns: dict[str, list[int]]
    samples: list[list[str]] = field(default_factory=list)
    beginnings: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReadFile:
    name: str
    format: str
    encoding: str
    tables: tuple[ReadTable, ...]
    rows: Sequence[CleanRow]
    problems: tuple[Problem, ...]  # of the file, not of a row


class CleanRows(Sequence[CleanRow]):
    """The rows of a file. Repeats are looked for when the first row is looked at: all files that share them must have
    been read by then.
    """

    def __init__(self, rows: Pages[_Cleaned], repeats: Repeats, file: int) -> None:
        self._rows, self._repeats, self._file = rows, repeats, file

    @cached_property
    def _found(self) -> Mapping[int, Repeat]:
        return self._repeats.in_file(self._file)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[CleanRow]:
        found = self._found
        for index, row in enumerate(self._rows):
            yield _judged(*row, found.get(index))

    def __getitem__(self, place: Any) -> Any:
        chosen = range(len(self))[place]
        if isinstance(chosen, range):
            return [self[index] for index in chosen]
        row: _Cleaned = self._rows[chosen]
        return _judged(*row, self._found.get(chosen))


def check_file(
    data: bytes, name: str, kind: SheetKind, *, said: Said = NOTHING_SAID, by_hand: bool = False, paging: Paging = USUAL
) -> Book:
    """The sheets of a file that can be read and has a table. Raises UnreadableFile. `by_hand`: as in read_file.

    A table near the top of a long sheet is enough; all sheets are looked through only where there is none.
    """
    book = open_book(data, name, paging=paging)
    tops = (
        replace(sheet, rows=sheet.rows[:_TOP]) for sheet in book.sheets if not sheet.hidden and len(sheet.rows) > _TOP
    )
    near = (
        table.heading_row < _TOP - SAMPLE_ROWS
        for top in tops
        for table in find_tables(top, kind, said)
        if table.columns
    )
    if not any(near):
        _tables(book, kind, said, by_hand=by_hand)
    return book


def read_file(
    data: bytes | Book,
    name: str,
    kind: SheetKind,
    *,
    today: date,
    repeats: Repeats | None = None,
    said: Said = NOTHING_SAID,
    by_hand: bool = False,
    paging: Paging = USUAL,
    watch: Watch = lambda read, rows: None,
) -> ReadFile:
    """All rows of a file, in order; one that is open already is not opened again. `repeats` are those of all files of a
    batch. Raises UnreadableFile.

    `today`: the day the file shows; later days are the future. `said`: what people said of the file; it comes before
    every guess. The cells of a row stay as they are in the file, also where they were read as mended. `by_hand`: where
    no table is recognised, somebody is there to name the columns of the likeliest; until then it has none, and no rows.
    `watch` is told how far it is; what it raises ends the reading.
    """
    book = data if isinstance(data, Book) else open_book(data, name, paging=paging, pause=lambda: watch(0, 0))
    tables, problems = _tables(book, kind, said, by_hand=by_hand)
    repeats = repeats or Repeats(paging)
    file, rows = repeats.begin_file(), Pages[_Cleaned](repeats.store)
    groups = [_groups_of(table) for table in tables]
    total, cleaned = sum(len(table.rows) for table in tables), _clean_rows(tables, groups, kind, today)
    while portion := list(islice(cleaned, _PORTION)):
        numbered = enumerate(portion, len(rows))
        repeats.note([(index, row[:2], kind.identity(row[3])) for index, row in numbered if not row[4]])
        rows.extend(portion)
        watch(len(rows), total)
    described, found = tuple(_described(tables, groups)), CleanRows(rows, repeats, file)
    return ReadFile(name, book.format, book.encoding, described, found, tuple(problems))


def _tables(book: Book, kind: SheetKind, said: Said, *, by_hand: bool) -> tuple[list[Table], list[Problem]]:
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
    if not any(table.columns for table in tables) and not (by_hand and tables and problems):
        raise UnreadableFile("no_table", _headings_seen(tables)) if problems else UnreadableFile("empty")
    return tables, problems


def _headings_seen(tables: Sequence[Table]) -> str:
    """Some headings of the likeliest table, for a sentence."""
    headings = max((table.headings for table in tables), key=len, default=())
    texts = [text[:20] for text in headings if text]
    return "、".join(texts[:_HEADINGS_SAID]) + ("……" if len(texts) > _HEADINGS_SAID else "")


def _groups_of(table: Table) -> dict[int, Beginnings]:
    mended = table.sheet.mended

    def handed_in(number: int, position: int, cell: Cell) -> Cell:
        return mended[number].get(position, cell) if number in mended else cell

    return groups_of(table.rows, table.columns, handed_in)


def _described(tables: Sequence[Table], groups: Sequence[Mapping[int, Beginnings]]) -> Iterator[ReadTable]:
    """Each layout of a sheet once: tables that only go on below a title or the headings once more are one."""
    layouts: list[tuple[Table, list[Sequence[Cell]], list[tuple[int, int, str]]]] = []
    for table, own in zip(tables, groups, strict=True):
        known = next((known for known in layouts if _layout(known[0]) == _layout(table)), None)
        if known is None:
            layouts.append(known := (table, [], []))
        known[1].extend(cells for _, cells in islice(table.rows, SAMPLE_ROWS - len(known[1])))
        known[2].extend((position, *begun) for position, found in own.items() for begun in found)
    for table, rows, beginnings in layouts:
        columns: dict[str, list[int]] = {}
        for position, column in sorted(table.columns.items()):
            columns.setdefault(column.key, []).append(position)
        samples = samples_of(rows, table.headings, columns.get(TELEPHONES, ()))
        for position in columns.get(SENSITIVE, ()):
            samples[position : position + 1] = [[]] * (position < len(samples))
        yield ReadTable(table.sheet.name, table.heading_row, table.headings, columns, samples, beginnings)


def _layout(table: Table) -> tuple[str, tuple[str, ...], dict[int, Column]]:
    return table.sheet.name, table.headings, table.columns


def _clean_rows(
    tables: Sequence[Table], groups: Sequence[Mapping[int, Beginnings]], kind: SheetKind, today: date
) -> Iterator[_Cleaned]:
    for table, own in zip(tables, groups, strict=True):
        if table.columns:
            yield from _rows_of(table, own, kind, today)


def _rows_of(table: Table, groups: Mapping[int, Beginnings], kind: SheetKind, today: date) -> Iterator[_Cleaned]:
    sheet: Sheet = table.sheet
    common = kind.context([sheet.name, *table.titles])
    steps = _steps(table, today)
    for number, cells in table.rows:
        record: dict[str, Any] = {}
        codes: list[str] = []
        problems: list[Problem] = []
        _clean_cells(cells, steps, record, codes, problems, (sheet.name, number))
        for position in groups:
            if position >= len(cells) or is_blank(cells[position]):
                codes.append(BLANK_IN_GROUP)
                problems.append(Problem(BLANK_IN_GROUP, sheet.name, number, table.headings[position]))
        for key, value in common.items():
            record.setdefault(key, value)
        reasons, warnings = kind.finish(record, codes)
        if number in sheet.mended:
            cells = with_texts(cells, sheet.mended[number])
        yield sheet.name, number, cells, record, reasons, warnings, problems


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
