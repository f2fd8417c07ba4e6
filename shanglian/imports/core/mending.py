"""Which cells of a row its problems lie in, and what each may be mended to. Pure.

Nothing is mended here: proposals are for a person to accept. What is proposed, the columns of the kind know.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shanglian.imports.core.columns import Column, Proposal, Setting, SheetKind
from shanglian.imports.core.groups import BLANK_IN_GROUP

LONGEST: Final = 1000  # signs of a mended cell
_IN_A_CELL: Final = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell with something wrong in it: where, the code, and what it may be mended to."""

    position: int
    code: str
    proposals: tuple[Proposal, ...] = ()

    @property
    def sure(self) -> Proposal | None:
        """The one proposal that may be accepted without looking at the row; None where there is none or several."""
        sure = [proposal for proposal in self.proposals if proposal.sure]
        return sure[0] if len(sure) == 1 else None


def faults_of(
    cells: Sequence[str],
    table: Mapping[str, Any],
    codes: Collection[str],
    kind: SheetKind,
    today: date,
    number: int = 0,
) -> list[Fault]:
    """The cells in which the `codes` of a row arise, from left to right. `table`: as SourceFile.columns describes it;
    `number`: of the row, by which it is known what its group says.

    Codes that no single cell says (a repeat, a number that is missing) have no fault.
    """
    found = _blanks(cells, table, number) if BLANK_IN_GROUP in codes else []
    for position, column in columns_of(table, kind):
        if column.propose is None:
            continue
        cell, setting = _cell(cells, position), _setting(table, position, today)
        wrong = [code for code in dict.fromkeys(column.clean(cell, setting)[1]) if code in codes]
        found += [Fault(position, code, column.propose(cell, code, setting)) for code in wrong]
    return sorted(found, key=lambda fault: fault.position)


def _blanks(cells: Sequence[str], table: Mapping[str, Any], number: int) -> list[Fault]:
    """Blank cells of columns that are filled at the beginning of each group, with what stands there."""
    above: dict[int, str] = {}
    for position, row, text in table.get("beginnings", ()):
        if row < number:
            above[position] = text
    return [
        Fault(position, BLANK_IN_GROUP, (Proposal(text, "group_above", sure=True),))
        for position, text in above.items()
        if not _cell(cells, position).strip()
    ]


def proposals_for(
    cells: Sequence[str],
    table: Mapping[str, Any],
    position: int,
    code: str,
    kind: SheetKind,
    today: date,
    number: int = 0,
) -> tuple[Proposal, ...]:
    """What the cell at `position` may be mended to when the row, the `number`th of its sheet, has this code."""
    if code == BLANK_IN_GROUP:
        return next((fault.proposals for fault in _blanks(cells, table, number) if fault.position == position), ())
    column = dict(columns_of(table, kind)).get(position)
    if column is None or column.propose is None:
        return ()
    return column.propose(_cell(cells, position), code, _setting(table, position, today))


def columns_of(table: Mapping[str, Any], kind: SheetKind) -> list[tuple[int, Column]]:
    """(position, column) of a described table, from left to right."""
    by_key = {column.key: column for column in kind.columns}
    places = [
        (p, by_key[key]) for key, positions in table.get("columns", {}).items() if key in by_key for p in positions
    ]
    return sorted(places, key=lambda place: place[0])


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position] if position < len(cells) else ""


def _setting(table: Mapping[str, Any], position: int, today: date) -> Setting:
    headings = table.get("headings", ())
    return Setting(today, False, headings[position] if position < len(headings) else "")


def refusal_of(text: str) -> str:
    """Why a text cannot stand in a cell (a code), "" when it can."""
    if len(text) > LONGEST:
        return "text_too_long"
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} and sign not in _IN_A_CELL for sign in text):
        return "control_signs"
    return ""
