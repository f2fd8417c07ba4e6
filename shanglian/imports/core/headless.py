"""Tables whose rows begin at once, without a row of headings: known only where what they hold leaves no doubt. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shanglian.common.core.codes import is_placeholder
from shanglian.imports.core.cells import Cell, text_of
from shanglian.imports.core.columns import Column, Setting, SheetKind

_SURE: Final = 0.6  # of the cells that say anything
_DIFFERENT: Final = 0.8  # a column that tells rows apart hardly repeats itself
_ANYTIME: Final = Setting(date.max, False, "")


def columns_without_headings(rows: Sequence[Sequence[Cell]], kind: SheetKind) -> dict[int, Column]:
    """Position → column, where one column holds numbers that check and just one other can be the required one; the
    further ones as far as their cells speak for themselves. Nothing where that is not so.
    """
    cells = _by_position(rows)
    found: dict[int, Column] = {}
    for column in kind.columns:
        if column.identifying and column.looks_right:
            right = [p for p, values in cells.items() if _proves(values, column)]
            found |= dict.fromkeys(right[:1], column)
    if not found:
        return {}
    for column in kind.columns:
        if column.required and column.looks_right:
            right = [p for p in cells if p not in found and _names(cells[p], column)]
            if len(right) != 1:
                return {}
            found[right[0]] = column
    return dict(sorted((found | _others(cells, found, kind)).items())) if kind.required <= _keys(found) else {}


def _by_position(rows: Sequence[Sequence[Cell]]) -> dict[int, list[Cell]]:
    """What stands in each column and says anything."""
    width = max(map(len, rows), default=0)
    columns = {p: [row[p] for row in rows if p < len(row)] for p in range(width)}
    return {p: [cell for cell in values if not is_placeholder(text_of(cell))] for p, values in columns.items()}


def _proves(values: Sequence[Cell], column: Column) -> bool:
    """Numbers that check, more than once."""
    right = sum(bool(fields) and not codes for fields, codes in (column.clean(cell, _ANYTIME) for cell in values))
    return right > 1 and right >= _SURE * len(values) and _looks(values, column)


def _names(values: Sequence[Cell], column: Column) -> bool:
    return len(set(map(text_of, values))) >= _DIFFERENT * len(values) and _looks(values, column)


def _looks(values: Sequence[Cell], column: Column) -> bool:
    looks_right = column.looks_right or column.looks_right_alone
    return looks_right is not None and bool(values) and sum(map(looks_right, values)) >= _SURE * len(values)


def _others(cells: dict[int, list[Cell]], found: dict[int, Column], kind: SheetKind) -> dict[int, Column]:
    others: dict[int, Column] = {}
    for column in kind.columns:
        if column not in found.values():
            right = [p for p, values in cells.items() if p not in found and p not in others and _looks(values, column)]
            others |= dict.fromkeys(right if column.many else right[:1], column)
    return others


def _keys(found: dict[int, Column]) -> set[str]:
    return {column.key for column in found.values()}
