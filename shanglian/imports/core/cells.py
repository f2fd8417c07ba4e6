"""A raw cell, and how it is shown to people: whole numbers without ".0", days as days."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
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
    """The cell as one line of text without blanks at the ends and without signs nobody can see."""
    text = cell if type(cell) is str and "\x00" not in cell else shown(cell)
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """The text without signs that have no width, such as pasted text brings along."""
    return text if text.isascii() else _UNSEEN.sub("", text)
