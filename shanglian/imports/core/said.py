"""What people said of a file: what its headings mean, what its columns are, what stands in mended cells. Pure.

It comes before everything the reader would guess; the file itself stays as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from shanglian.imports.core.cells import Cell
from shanglian.imports.core.columns import Column, SheetKind, plain_heading
from shanglian.imports.core.files import Sheet
from shanglian.imports.core.pages import Changed

Place: TypeAlias = tuple[str, int]  # sheet, row as the spreadsheet counts


@dataclass(frozen=True)
class Said:
    """`headings`: heading as written → key of its column, "" for one that is not read; `columns`: (sheet, last row of
    the headings) → position → key; `cells`: (sheet, row) → position → text. `headless`: those of the named tables that
    have no headings; their place is the row above their first.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[Place, Mapping[int, str]] = field(default_factory=dict)
    cells: Mapping[Place, Mapping[int, str]] = field(default_factory=dict)
    headless: frozenset[Place] = frozenset()

    @cached_property
    def confirmed(self) -> Mapping[str, str]:
        """Plain heading → key; plain headings may be given as such."""
        return {plain_heading(text): key for text, key in self.headings.items()} | dict(self.headings)

    def sheet(self, sheet: Sheet) -> Sheet:
        """The sheet with its mended cells."""
        mended = {row: cells for (name, row), cells in self.cells.items() if name == sheet.name}
        if not mended:
            return sheet

        def as_mended(row: tuple[int, Sequence[Cell]]) -> tuple[int, Sequence[Cell]]:
            return (row[0], with_texts(row[1], mended[row[0]])) if row[0] in mended else row

        before = {row: cells for row, cells in sheet.rows if row in mended}
        kept = {row: {p: cells[p] if p < len(cells) else "" for p in mended[row]} for row, cells in before.items()}
        return replace(sheet, rows=Changed(sheet.rows, as_mended), mended=kept)

    def named(self, place: Place, guessed: Mapping[int, Column], kind: SheetKind) -> dict[int, Column]:
        """The columns of a table: as said, the others as guessed; what may come once comes where it was said. Where all
        is said and nothing of it is read, there are none: the table is left out.
        """
        said = self.columns.get(place)
        if not said:
            return dict(guessed)
        by_key = {column.key: column for column in kind.columns}
        named = {position: by_key[key] for position, key in said.items() if key in by_key}
        once = {column.key for column in named.values() if not column.many}
        rest = {p: column for p, column in guessed.items() if p not in said and column.key not in once}
        return dict(sorted((rest | named).items()))


NOTHING_SAID = Said()


def with_texts(cells: Sequence[Cell], texts: Mapping[int, Cell]) -> Sequence[Cell]:
    """The cells with others at some positions; a short row grows as far as needed."""
    row = [*cells, *[""] * (max(texts) + 1 - len(cells))]
    for position, text in texts.items():
        row[position] = text
    return tuple(row)
