"""Tables that do not run from top to bottom, turned upright: forms of one firm each, and firms that stand beside each
other behind a column of headings. Pure.

What comes out is a sheet with one row of headings and one row for each firm. A form's row has the number of the row in
which its name stands; of firms beside each other it is the number of their column, and the sheet's name says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, TypeAlias

from shanglian.imports.core.cells import Cell, is_blank, text_of
from shanglian.imports.core.columns import SheetKind, plain_heading
from shanglian.imports.core.files import Sheet

TURNED: Final = "!行列互换"
_LOOKED_AT: Final = 60  # rows
_LABELS: Final = 3  # different headings that make a form
_Row: TypeAlias = tuple[int, Sequence[Cell]]
_Pair: TypeAlias = tuple[str, list[Cell]]  # a heading, and what stands behind it up to the next


def upright(sheet: Sheet, kind: SheetKind) -> Sheet:
    """The sheet itself, unless it is made of forms or lies on its side."""
    top = sheet.rows[:_LOOKED_AT]
    pairs = [(number, _pairs(cells, kind)) for number, cells in top]
    labels = [label for _, row in pairs for label, _values in row]
    keys = {kind.by_heading[plain_heading(label)][0].key for label in labels}
    if len(keys) < _LABELS or not kind.required <= keys or any(_is_heading_row(cells, kind) for _, cells in top):
        return sheet
    if sum(bool(row) for _, row in pairs) < 2 or not any(_tells(pair, kind) for _, row in pairs for pair in row):
        return sheet
    beside = [len(values) for _, row in pairs for _label, values in row if len(row) == 1]
    if sum(number > 1 for number in beside) >= _LABELS - 1:
        return _turned(sheet, kind)
    return _of_forms(sheet, kind)


def _is_label(cell: Cell, kind: SheetKind) -> bool:
    return isinstance(cell, str) and 1 < len(cell) <= 60 and plain_heading(cell) in kind.by_heading


def _is_heading_row(cells: Sequence[Cell], kind: SheetKind) -> bool:
    """Two headings side by side, or nothing but headings: then the rows below are the table."""
    filled = [_is_label(cell, kind) for cell in cells if not is_blank(cell)]
    return sum(filled) > 1 and any(one and two for one, two in pairwise(filled))


def _pairs(cells: Sequence[Cell], kind: SheetKind) -> list[_Pair]:
    found: list[_Pair] = []
    for cell in cells:
        if _is_label(cell, kind):
            found.append((text_of(cell), []))
        elif found and not is_blank(cell):
            found[-1][1].append(cell)
    return found


def _tells(pair: _Pair, kind: SheetKind) -> bool:
    """What stands behind the heading is known by its content: a firm's name, a code."""
    column = kind.by_heading[plain_heading(pair[0])][0]
    known = column.looks_right if column.required or column.identifying else None
    return known is not None and any(known(cell) for cell in pair[1])


def _of_forms(sheet: Sheet, kind: SheetKind) -> Sheet:
    """A form begins where the required heading comes again."""
    titles: list[_Row] = []
    forms: list[tuple[int, dict[str, Cell]]] = []
    for number, cells in sheet.rows:
        pairs = _pairs(cells, kind)
        if any(kind.by_heading[plain_heading(label)][0].required for label, _values in pairs):
            forms.append((number, {}))
        if not forms and not pairs:
            titles.append((0, cells))
        for label, values in pairs if forms else ():
            forms[-1][1].setdefault(label, values[0] if values else "")
    return replace(sheet, rows=[*titles, *_rows_of(forms)], merges=[])


def _turned(sheet: Sheet, kind: SheetKind) -> Sheet:
    titles = [(0, cells) for _, cells in sheet.rows[:_LOOKED_AT] if not _pairs(cells, kind)]
    lines = [(_place(cells, kind), cells) for _, cells in sheet.rows if _pairs(cells, kind)]
    width = max(len(cells) for _, cells in lines)
    start = min(place for place, _ in lines) + 1
    firms = [
        (
            position + 1,
            {text_of(cells[place]): cells[position] if position < len(cells) else "" for place, cells in lines},
        )
        for position in range(start, width)
    ]
    filled = [(number, firm) for number, firm in firms if any(not is_blank(cell) for cell in firm.values())]
    return replace(sheet, name=f"{sheet.name}{TURNED}", rows=[*titles, *_rows_of(filled)], merges=[])


def _place(cells: Sequence[Cell], kind: SheetKind) -> int:
    return next(position for position, cell in enumerate(cells) if _is_label(cell, kind))


def _rows_of(firms: Sequence[tuple[int, Mapping[str, Cell]]]) -> Iterator[_Row]:
    """A row of headings above the first, and the rows."""
    labels = list(dict.fromkeys(label for _, firm in firms for label in firm))
    yield firms[0][0] - 1, tuple(labels)
    for number, firm in firms:
        yield number, tuple(firm.get(label, "") for label in labels)
