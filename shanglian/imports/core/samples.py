"""What a column holds, in up to three different cells, for people who have to say what it is; cells as pages show them.
Pure.

Numbers by which a person can be called or known are covered in the middle before they leave this module.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from shanglian.common.core.personal import covered, of_calls
from shanglian.imports.core.cells import Cell, shown
from shanglian.imports.core.columns import TELEPHONES

SAMPLES: Final = 3
_LONGEST: Final = 40  # signs of one sample


def samples_of(rows: Iterable[Sequence[Cell]], headings: Sequence[str], calls: Collection[int] = ()) -> list[list[str]]:
    """By position, the first different contents of the column, fit to be shown; as wide as headings and rows.

    `calls`: positions of telephones; a heading may say so, too.
    """
    found: list[list[str]] = [[] for _ in headings]
    for cells in rows:
        found += [[] for _ in range(len(cells) - len(found))]
        for position, cell in enumerate(cells):
            if len(found[position]) < SAMPLES and (text := " ".join(shown(cell).split())):
                sample = covered(text, calls=position in calls or _said(headings, position))[:_LONGEST]
                if sample not in found[position]:
                    found[position].append(sample)
    return found


def covered_cell(text: str, table: Mapping[str, Any], position: int) -> str:
    """A cell of a table (as SourceFile.columns describes it) as pages show it."""
    calls = position in table.get("columns", {}).get(TELEPHONES, ()) or _said(table.get("headings", ()), position)
    return covered(text, calls=calls)


def _said(headings: Sequence[str], position: int) -> bool:
    return position < len(headings) and of_calls(headings[position])


def counts_up(samples: Sequence[str]) -> bool:
    """The column only numbers its rows: 1, 2, 3."""
    return bool(samples) and list(samples) == [str(n) for n in range(1, len(samples) + 1)]
