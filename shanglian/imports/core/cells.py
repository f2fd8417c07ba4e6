"""A raw cell, and how it is shown to people: whole numbers without ".0", days as days."""

from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | None


def shown(cell: Cell) -> str:
    """The cell as text. Signs that a database cannot store are left out."""
    if isinstance(cell, str):
        return cell.replace("\x00", "") if "\x00" in cell else cell
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """The cell as one line of text without blanks at the ends."""
    text = cell if type(cell) is str and "\x00" not in cell else shown(cell)
    return " ".join(text.split())
