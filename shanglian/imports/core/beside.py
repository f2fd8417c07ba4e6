"""Tables that stand beside each other in one sheet, as when a long list is printed in two columns: taken apart.

The part to the right becomes a sheet of its own whose name says its columns ("名册!E:G"); row numbers stay.
"""

from collections.abc import Sequence
from typing import Final

from shanglian.imports.core.cells import Cell, is_blank, text_of
from shanglian.imports.core.columns import SheetKind, plain_heading
from shanglian.imports.core.files import Sheet
from shanglian.imports.core.pages import Changed

HEADING_ROWS: Final = 30


def parts_beside(sheet: Sheet, kind: SheetKind) -> list[Sheet]:
    """The sheet alone, or its parts from left to right where its headings come twice in the same order."""
    for place, (_, cells) in enumerate(sheet.rows[:HEADING_ROWS]):
        starts = _starts(cells, kind)
        if len(starts) > 1:
            ends = [*starts[1:], max(len(row) for _, row in sheet.rows)]
            return [_part(sheet, place, start, end) for start, end in zip(starts, ends, strict=True)]
    return [sheet]


def _starts(cells: Sequence[Cell], kind: SheetKind) -> list[int]:
    """Where the parts begin: one per repetition of a required heading, with what stands before it each time."""
    if others := _other_words(cells, kind):
        return others
    texts = [plain_heading(cell) if isinstance(cell, str) and len(cell) <= 60 else "" for cell in cells]
    known = kind.by_heading
    main = [p for p, text in enumerate(texts) if text in known and known[text][0].required]
    same = [p for p in main if texts[p] == texts[main[0]]] if main else []
    if len(same) < 2:
        return [0]
    period = same[1] - same[0]
    once = [text for text in texts[same[0] : same[1]] if text in known]
    again = [text for text in texts[same[1] : same[1] + period] if text in known]
    if len(once) < 2 or once[: len(again)] != again or len(again) < 2:
        return [0]
    before = 0
    while before < same[0] and texts[same[0] - before - 1] == texts[same[1] - before - 1] != "":
        before += 1
    return [0, *(position - before for position in same[1:])]


def _other_words(cells: Sequence[Cell], kind: SheetKind) -> list[int]:
    """Where a second table with headings of its own stands behind an empty column: both name the required column and
    another that comes once in a table.
    """
    columns = [
        kind.by_heading.get(plain_heading(cell), (None,))[0] if isinstance(cell, str) and len(cell) <= 60 else None
        for cell in cells
    ]
    gaps = [p for p in range(1, len(cells)) if is_blank(cells[p - 1]) and not is_blank(cells[p])]
    starts = [0, *gaps]
    keys = [
        {column.key for column in columns[start:end] if column and not column.many}
        for start, end in zip(starts, [*gaps, len(cells)], strict=True)
    ]
    whole = all(kind.required <= own and len(own & keys[0]) > 1 for own in keys)
    return starts if len(starts) > 1 and whole else []


def _part(sheet: Sheet, heading: int, start: int, end: int) -> Sheet:
    """Columns `start` to before `end`; lines above the headings stay whole, for they speak of all parts, unless each
    part has its own.
    """
    below = sheet.rows[heading][0]

    def cut(row: tuple[int, Sequence[Cell]]) -> tuple[int, Sequence[Cell]]:
        number, cells = row
        own = cells[start:end]
        speaks = any(map(text_of, own)) and any(map(text_of, (*cells[:start], *cells[end:])))
        return row if number < below and not speaks else (number, own)

    merges = [
        (top, left - start, bottom, right - start)
        for top, left, bottom, right in sheet.merges
        if top >= below and start <= left <= right < end
    ]
    name = f"{sheet.name}!{_letters(start)}:{_letters(end - 1)}" if start else sheet.name
    return Sheet(name, Changed(sheet.rows, cut), sheet.hidden, sheet.epoch_1904, merges)


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
