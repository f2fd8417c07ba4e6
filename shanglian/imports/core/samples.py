"""What a column holds, in up to three different cells, for people who have to say what it is. Pure.

Numbers by which a person can be called or known are covered in the middle before they leave this module.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from shanglian.imports.core.cells import Cell, shown

SAMPLES: Final = 3
_LONGEST: Final = 40  # signs of one sample
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1\d\d)[- ]?\d{4}[- ]?(\d{4})(?![0-9A-Za-z])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0\d{2,3}[- )]?)\d{3,4}(\d{4})(?![0-9A-Za-z])")
_RESIDENT = re.compile(
    r"(?<![0-9A-Za-z])([1-8]\d{5})(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(\d{3}[\dXx])(?![0-9A-Za-z])"
)
_LOCAL = re.compile(r"(?<![0-9A-Za-z])(\d)\d{3,4}(\d{3})(?![0-9A-Za-z])")  # only under a heading that says so
_CALLS = re.compile(r"电话|手机|座机|固话|传真|联系方式|phone|mobile|\btel", re.IGNORECASE)


def samples_of(rows: Iterable[Sequence[Cell]], headings: Sequence[str]) -> list[list[str]]:
    """By position, the first different contents of the column, fit to be shown; as wide as headings and rows."""
    found: list[list[str]] = [[] for _ in headings]
    for cells in rows:
        found += [[] for _ in range(len(cells) - len(found))]
        for position, cell in enumerate(cells):
            if len(found[position]) < SAMPLES and (text := " ".join(shown(cell).split())):
                sample = masked(text, headings[position] if position < len(headings) else "")[:_LONGEST]
                if sample not in found[position]:
                    found[position].append(sample)
    return found


def masked(text: str, heading: str = "") -> str:
    """The text with telephone and resident numbers covered in the middle; anything else as it is."""
    plain = unicodedata.normalize("NFKC", text)
    covered = _RESIDENT.sub(r"\1********\2", plain)
    covered = _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", covered))
    if _CALLS.search(heading):
        covered = _LOCAL.sub(r"\1****\2", covered)
    return covered if covered != plain else text


def counts_up(samples: Sequence[str]) -> bool:
    """The column only numbers its rows: 1, 2, 3."""
    return bool(samples) and list(samples) == [str(n) for n in range(1, len(samples) + 1)]
