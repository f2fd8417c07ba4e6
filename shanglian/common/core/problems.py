"""Findings as data: what is wrong, where, and with which value. Rooms return lists of these, never the
first error only.

No sentences here: the edge (page, command, API) turns a code into a Chinese or English sentence.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` counts as the spreadsheet does (from 1); `value` is the cell as shown."""

    code: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
