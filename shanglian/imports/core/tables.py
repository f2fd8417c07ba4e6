"""Where in a sheet the tables are: their rows of headings, their columns, their rows of data.

A heading may be one to three rows deep and may come again; a sheet may hold several tables below each other. What a
row is (title, total, note, data) is judged in lines.py.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final

from shanglian.imports.core.beside import parts_beside
from shanglian.imports.core.cells import Cell, is_blank, text_of
from shanglian.imports.core.columns import (
    Column,
    SheetKind,
    assign_columns,
    match_contents,
    match_weakly,
    plain_heading,
)
from shanglian.imports.core.files import Sheet
from shanglian.imports.core.headless import columns_without_headings
from shanglian.imports.core.lines import Layout, Line, bare_title, line_of, looks_like_headings, repeats_headings
from shanglian.imports.core.said import NOTHING_SAID, Place, Said
from shanglian.imports.core.upright import upright

DEEPEST: Final = 3  # rows of one heading
SAMPLE_ROWS: Final = 60
_TOP: Final = 300  # rows of a sheet in which headings none of which is known are looked for by what stands below them
DITTO: Final = frozenset(
    {
        "同上",
        "同 上",
        "同　上",
        "同上。",
        "(同上)",
        "（同上）",
        " 同上",
        "同上 ",
        "同前",
        "〃",
        "″",
        "〞",
        "“",
        "”",
        "“”",
        "''",
    }
    | {'"', '""', "々", "､､", "，，", ",,"}
)
_NO_CELLS: Final = (None, "")

_Row = tuple[int, Sequence[Cell]]
_Fill = Callable[[int, Sequence[Cell], Sequence[Cell]], Sequence[Cell]]  # number, cells, the row before → cells


class TableRows:
    """The rows of data of a table, out of those of its sheet: merged cells and 同上 are filled in as they are walked
    over.
    """

    def __init__(self, rows: Sequence[_Row] = (), fill: _Fill = lambda number, cells, before: cells) -> None:
        self._rows, self._fill = rows, fill
        self._places = array("L")
        self.before: Sequence[Cell] = ()  # the row of data above the first

    def add(self, place: int) -> None:
        self._places.append(place)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[_Row]:
        before = self.before
        for place in self._places:
            number, cells = self._rows[place]
            before = self._fill(number, cells, before)
            yield number, before


@dataclass(frozen=True, slots=True)
class Table:
    """A table inside a sheet: `columns` by position, `titles` the lines above it, the nearest last. Rows of data have
    merged cells and 同上 filled in. `heading_row` is the last row of its headings. Without columns it is left out;
    `guessed`: what its columns would be if nobody had said anything.
    """

    sheet: Sheet
    heading_row: int
    headings: tuple[str, ...]
    columns: dict[int, Column]
    titles: tuple[str, ...]
    rows: TableRows = field(default_factory=TableRows)
    guessed: dict[int, Column] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Heading:
    depth: int
    texts: tuple[str, ...]
    columns: dict[int, Column]


def find_tables(sheet: Sheet, kind: SheetKind, said: Said = NOTHING_SAID) -> list[Table]:
    """All tables of a sheet from top to bottom: a new one begins at every row of headings and at every line that
    stands over rows ("二、金水区"). `said`: what people said of the sheet comes before every guess.
    """
    found: list[Table] = []
    for part in parts_beside(upright(sheet, kind), kind):
        tables = list(_Reader(said.sheet(part), kind, said).tables())
        found += [table for table in tables if table.rows or not table.columns] or tables[:1]
    return found


class _Reader:
    """One walk down a sheet. Keeps what the rows below need: the lines above, and the row before for 同上."""

    def __init__(self, sheet: Sheet, kind: SheetKind, said: Said) -> None:
        self.sheet = sheet
        self.kind = kind
        self.said = said
        self.confirmed = said.confirmed
        named = {place for place in said.columns if place[0] == sheet.name}
        self.spoken = {row for _, row in named - said.headless}  # where named columns begin below
        self.headless = {row for _, row in named & said.headless}  # where rows without headings begin below
        self.like: dict[tuple[str, ...], Place] = {}  # headings → where their columns were named
        self.rows = sheet.rows
        self.below, self.wide = _merged(sheet)
        self.titles: list[str] = []
        self.begun = False  # a table was found
        self.before: Sequence[Cell] = ()  # the last row of data, and the columns it stood in
        self.columns_before: dict[int, Column] = {}

    def tables(self) -> Iterator[Table]:
        index = 0
        while index < len(self.rows):
            heading = self._without_headings(index) or (
                None if self.headless else self._heading_at(index, first=index < _TOP)
            )
            if heading is not None:
                break
            self.titles += (text for text in map(text_of, self.rows[index][1]) if text)
            index += 1
        else:
            return
        self.begun = True
        while heading is not None:
            index += heading.depth
            table = self._table(index, heading)
            heading = None
            while index < len(self.rows) and heading is None:
                index, heading, title = self._fill(table, index)
                if title:
                    yield table
                    self.titles.append(title)
                    table = replace(table, titles=tuple(self.titles), rows=self._no_rows())
            yield table

    def _table(self, index: int, heading: _Heading) -> Table:
        """What was said of a heading holds where the same headings come again below."""
        number = self.rows[index - 1][0] if heading.depth else self.rows[index][0] - 1
        place = (self.sheet.name, number)
        if number in self.spoken:
            self.like[heading.texts] = place
        columns = self.said.named(self.like.get(heading.texts, place), heading.columns, self.kind)
        missing = max(columns, default=0) + 1 - len(heading.texts)
        texts = heading.texts + ("",) * missing
        return Table(self.sheet, number, texts, columns, tuple(self.titles), self._no_rows(), heading.columns)

    def _no_rows(self) -> TableRows:
        return TableRows(self.rows, self._filled)

    def _fill(self, table: Table, index: int) -> tuple[int, _Heading | None, str]:
        """Adds rows of data until a heading, a line over rows, or the end."""
        layout = Layout(table.columns or table.guessed, table.headings, self.kind)
        spellings = (self.kind.spellings | set(table.headings) | self.confirmed.keys()) - {""}
        several = 1 if len(table.columns) < 6 else 2  # a row of data may hold a word that is a heading, too
        before = self.before if table.columns == self.columns_before else ()
        table.rows.before = before
        self.columns_before = table.columns
        wide = self.wide
        odd = False  # the row above was none of data: headings may follow
        for place in range(index, len(self.rows)):
            number, cells = self.rows[place]
            known = odd or (not spellings.isdisjoint(cells) and len(spellings.intersection(cells)) > several)
            if (known or number in self.spoken) and looks_like_headings(cells):
                if repeats_headings(cells, table.headings) and any(map(text_of, cells)):
                    odd = True
                    continue
                heading = self._heading_at(place, first=False)
                if heading is not None:
                    return place, heading, ""
            line, title = line_of(cells, layout, wide.get(number, ()) if wide else ())
            odd = line is not Line.DATA
            if line is Line.TITLE:
                return place + 1, None, title
            if odd or (not table.columns and len(table.rows) >= SAMPLE_ROWS):
                continue  # of a table that is left out only a sample is kept
            table.rows.add(place)
            before = self.before = self._filled(number, cells, before)
        return len(self.rows), None, ""

    def _filled(self, number: int, cells: Sequence[Cell], before: Sequence[Cell]) -> Sequence[Cell]:
        """The row with cells merged from above and 同上 written out."""
        above = self.below.get(number)
        if above is None and DITTO.isdisjoint(cells):
            return cells
        filled = list(cells)
        mended = self.sheet.mended.get(number, ())
        for position, value in above or ():
            if position < len(filled) and is_blank(filled[position]) and position not in mended:
                filled[position] = value
        for position, cell in enumerate(filled):
            if isinstance(cell, str) and cell in DITTO:
                filled[position] = before[position] if position < len(before) else ""
        return tuple(filled)

    # Headings ----------------------------------------------------------------

    def _without_headings(self, index: int) -> _Heading | None:
        """Rows of data that begin here without headings, because somebody said so or what they hold leaves no doubt."""
        sample = [cells for _, cells in self.rows[index : index + SAMPLE_ROWS]]
        said = self.rows[index][0] - 1 in self.headless
        if not said and (self.headless or self.spoken or not self._may_be_headless(index, sample)):
            return None
        columns = columns_without_headings(sample, self.kind)
        return _Heading(0, ("",) * max(map(len, sample)), columns) if said or columns else None

    def _may_be_headless(self, index: int, sample: Sequence[Sequence[Cell]]) -> bool:
        """The row holds a number that tells it apart, and no headings come below it."""
        knows = [column.looks_right for column in self.kind.columns if column.identifying and column.looks_right]
        if index >= _TOP or not any(looks_right(cell) for looks_right in knows for cell in sample[0]):
            return False
        return not any(len(self.kind.spellings.intersection(cells)) > 1 for cells in sample)

    def _heading_at(self, index: int, *, first: bool) -> _Heading | None:
        """The heading that begins here, as deep as every further row names more columns."""
        if not (self._is_spoken(index) or looks_like_headings(self.rows[index][1])):
            return None
        spellings: list[list[Cell]] = [[cell] for cell in self._spread(index)]
        best = _Heading(
            1, _texts(spellings), assign_columns([[cell] for cell in self.rows[index][1]], self.kind, self.confirmed)
        )
        if self._is_spoken(index):
            return self._completed(index + 1, best)
        if not best.columns:
            return self._completed(index + 1, best) if first else None
        if self._stands_over_headings(index):
            return None
        return self._deepened(index, best, spellings)

    def _deepened(self, index: int, best: _Heading, spellings: list[list[Cell]]) -> _Heading | None:
        """Down to the row of which somebody named the columns, else as long as headings are known that were not."""
        known = _known(best, spellings, self.confirmed)
        for depth in range(2, DEEPEST + 1):
            last = index + depth - 1
            if last >= len(self.rows) or not (self._is_spoken(last) or self._may_continue(last, best)):
                break
            spellings = _deeper(spellings, self._spread(last))
            deeper = _Heading(depth, _texts(spellings), assign_columns(spellings, self.kind, self.confirmed))
            more = _known(deeper, spellings, self.confirmed)
            if self._is_spoken(last):
                best = deeper
                break
            if more > known or self._covers_main(last, best) or self._says_again(last, best):
                best, known = deeper, more
        return self._completed(index + best.depth, best)

    def _stands_over_headings(self, index: int) -> bool:
        """One text alone ("一、软件行业商会") above a row that names the columns by itself: a line over the rows."""
        if sum(not is_blank(cell) for cell in self.rows[index][1]) > 1 or index + 1 >= len(self.rows):
            return False
        below = self.rows[index + 1][1]
        if not looks_like_headings(below):
            return False
        named = assign_columns([[cell] for cell in below], self.kind, self.confirmed)
        return len(named) > 1 and self.kind.required <= {column.key for column in named.values()}

    def _is_spoken(self, index: int) -> bool:
        return self.rows[index][0] in self.spoken

    def _completed(self, index: int, heading: _Heading) -> _Heading | None:
        """The heading with columns known by what they hold; None when too little is named or known."""
        named = {column.key for column in heading.columns.values()}
        columns = heading.columns | self._by_content(index, heading)
        columns |= match_weakly(heading.texts, columns, self.kind)
        if self._is_spoken(index - 1):
            return replace(heading, columns=columns)
        known = {column.key for column in columns.values()}
        if not self.kind.required <= known or (len(known) < 2 and not (named and not self.begun)):
            return None
        return None if self._counts_by_area(index, columns) else replace(heading, columns=columns)

    def _counts_by_area(self, index: int, columns: Mapping[int, Column]) -> bool:
        """A summary: what stands in the main column are areas, and no column tells the rows apart."""
        if any(column.looks_right and not column.required for column in columns.values()):
            return False
        main = next(position for position, column in columns.items() if column.required)
        sample = self.rows[index : index + SAMPLE_ROWS]
        names = [cells[main] for _, cells in sample if main < len(cells) and cells[main]]
        others = [c.looks_right for c in self.kind.columns if c.looks_right and not c.required and not c.identifying]
        bare = [bare_title(name) if isinstance(name, str) else name for name in names]
        areas = [name for name in bare if any(looks_right(name) for looks_right in others)]
        return len(areas) > 1 and len(areas) >= 0.6 * len(names)

    def _by_content(self, index: int, heading: _Heading) -> dict[int, Column]:
        """Of columns with a heading or none at all, those whose cells speak for themselves. A heading that looks like
        such a cell is none: then the rows begin here, without headings.
        """
        sample = []
        for number, cells in self.rows[index : index + SAMPLE_ROWS]:
            if len(self.kind.spellings.intersection(cells)) > 1:
                break
            sample.append(self._filled(number, cells, ()))
        width = len(heading.texts)
        free = [p for p in range(width) if self.confirmed.get(plain_heading(heading.texts[p])) != ""]
        found = match_contents(sample, heading.columns, self.kind, free)
        if any(column.looks_right and column.looks_right(heading.texts[p]) for p, column in found.items()):
            return {}
        if not heading.columns and any(not heading.texts[position] for position in found):
            return {}
        return found

    def _spread(self, index: int) -> list[Cell]:
        """A row with merged cells written into every place they cover."""
        number, cells = self.rows[index]
        spread = list(cells)
        for position, value in self.below.get(number, ()):
            if position < len(spread) and is_blank(spread[position]):
                spread[position] = value
        for first, last in self.wide.get(number, ()):
            for position in range(first + 1, min(last + 1, len(spread))):
                if is_blank(spread[position]):
                    spread[position] = spread[first]
        return spread

    def _covers_main(self, index: int, above: _Heading) -> bool:
        """The heading of the required column is merged down into this row."""
        merged = {position for position, _ in self.below.get(self.rows[index][0], ())}
        return any(column.key in self.kind.required and p in merged for p, column in above.columns.items())

    def _says_again(self, index: int, above: _Heading) -> bool:
        """The same headings once more in other words, below the required one too: in another language."""
        known = self.kind.by_heading
        again = [
            column
            for position, cell in enumerate(self._spread(index))
            if (column := above.columns.get(position))
            and text_of(cell) not in above.texts[position]
            and known.get(plain_heading(text_of(cell)), (None,))[0] is column
        ]
        return len(again) > 1 and self.kind.required <= {column.key for column in again}

    def _may_continue(self, index: int, above: _Heading) -> bool:
        """A second row of headings says nothing below the required columns that are named already, or the same."""
        cells = self.rows[index][1]
        if not looks_like_headings(cells):
            return False
        if self._says_again(index, above):
            return True
        spread = self._spread(index)
        return not any(
            position < len(spread)
            and not is_blank(spread[position])
            and text_of(spread[position]) not in above.texts[position]
            for position, column in above.columns.items()
            if column.key in self.kind.required
        )


def likeliest_table(sheet: Sheet) -> Table | None:
    """Of a sheet in which no table was found, what may be one, without columns: the row with the most short texts
    above others; where there is none, rows without headings. A person may know what they mean.
    """
    best, most = 0, 1
    for index, (_, cells) in enumerate(sheet.rows[:SAMPLE_ROWS]):
        texts = [text for text in map(text_of, cells) if text]
        if len(texts) > most and len(set(texts)) > 1 and looks_like_headings(cells):
            best, most = index, len(texts)
    if most < 2:
        return _likeliest_rows(sheet)
    number, cells = sheet.rows[best]
    return Table(sheet, number, tuple(map(text_of, cells)), {}, (), _sample(sheet, best + 1))


def _likeliest_rows(sheet: Sheet) -> Table | None:
    """From the first row on that holds as much as most of the others."""
    filled = [sum(not is_blank(cell) for cell in cells) for _, cells in sheet.rows[:SAMPLE_ROWS]]
    usual = median([number for number in filled if number] or [0])
    first = next((place for place, number in enumerate(filled) if 1 < number >= usual), None)
    if first is None:
        return None
    number, cells = sheet.rows[first]
    return Table(sheet, number - 1, ("",) * len(cells), {}, (), _sample(sheet, first))


def _sample(sheet: Sheet, first: int) -> TableRows:
    rows = TableRows(sheet.rows)
    for place in range(first, min(first + SAMPLE_ROWS, len(sheet.rows))):
        rows.add(place)
    return rows


def _known(heading: _Heading, spellings: Sequence[Sequence[Cell]], confirmed: Mapping[str, str]) -> int:
    """How many headings are known: those of columns, and those somebody said are not read."""
    unread = {text for text, key in confirmed.items() if not key}
    if not unread:
        return len(heading.columns)
    others = [cells for position, cells in enumerate(spellings) if position not in heading.columns]
    return len(heading.columns) + sum(any(plain_heading(text_of(cell)) in unread for cell in cells) for cells in others)


def _texts(spellings: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    return tuple(text_of(cells[0]) if cells else "" for cells in spellings)


def _deeper(above: Sequence[Sequence[Cell]], spread: Sequence[Cell]) -> list[list[Cell]]:
    """Spellings of a heading with one row more: both rows together, the lower alone, the upper alone.

    Where merged cells were lost, an upper heading stands over the empty ones to its right that have a lower one.
    """
    result: list[list[Cell]] = []
    group: list[Cell] = []
    for position in range(max(len(above), len(spread))):
        own = list(above[position]) if position < len(above) else []
        lower = text_of(spread[position]) if position < len(spread) else ""
        upper = text_of(own[0]) if own else ""
        group = own if upper else (group if lower else [])
        if not lower or (group and text_of(group[0]).endswith(lower)):
            result.append(list(group))
        elif group:
            result.append([text_of(group[0]) + lower, lower, *group])
        else:
            result.append([lower])
    return result


def _merged(sheet: Sheet) -> tuple[dict[int, list[tuple[int, Cell]]], dict[int, list[tuple[int, int]]]]:
    """Row → (position, value) that a cell merged downwards brings; row → (first, last) position of cells merged
    sideways.
    """
    below: dict[int, list[tuple[int, Cell]]] = {}
    wide: dict[int, list[tuple[int, int]]] = {}
    if not sheet.merges:
        return below, wide
    spanned = {number for top, _, bottom, _ in sheet.merges for number in range(top, bottom + 1)}
    tops = {top for top, *_ in sheet.merges}
    cells_of = {number: cells if number in tops else () for number, cells in sheet.rows if number in spanned}
    for top, left, bottom, right in sheet.merges:
        cells = cells_of.get(top, ())
        value = cells[left] if left < len(cells) else None
        for number in range(top, bottom + 1):
            if number not in cells_of:
                break
            if right > left:
                wide.setdefault(number, []).append((left, right))
            if number > top and value not in _NO_CELLS:
                below.setdefault(number, []).append((left, value))
    return below, wide
