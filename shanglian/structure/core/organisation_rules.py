"""What a clean row of the list of organisations means for the tree: its days, its code, what may be decided. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

# What a person may say of a doubtful row. No word settles days that contradict each other.
CHOICES_OF_DOUBT: Final[Mapping[str, tuple[str, ...]]] = {
    "several_of_this_name": ("same", "different", "skip"),
    "nearly_this_name": ("same", "different", "skip"),
    "same_name_elsewhere": ("same", "different", "skip"),
    "exists_on_other_days": ("different", "skip"),
}
_SERIAL = re.compile(r"-sh-(\d+)$")


def founding_day(record: Mapping[str, Any], on: date) -> date:
    """The day from which it exists: as the row says to the day, else the list's own."""
    return _to_the_day(record, "founded") or on


def closing_day(record: Mapping[str, Any], on: date) -> date | None:
    """The day from which it exists no more: None while nothing says it ended."""
    if "closed" not in record and "ended" not in record:
        return None
    return _to_the_day(record, "closed") or on


def assumed(record: Mapping[str, Any]) -> list[str]:
    """What is assumed where a new organisation is founded: codes."""
    found = ["kind_guessed"] if record.get("kind_guessed") else []
    if "founded" not in record:
        return [*found, "founded_missing"]
    return found if _to_the_day(record, "founded") else [*found, "founded_not_to_the_day"]


def founded_to_the_day(record: Mapping[str, Any]) -> date | None:
    return _to_the_day(record, "founded")


def closed_to_the_day(record: Mapping[str, Any]) -> date | None:
    return _to_the_day(record, "closed")


def _to_the_day(record: Mapping[str, Any], key: str) -> date | None:
    said = record.get(f"{key}_precision") == "day"
    return date.fromisoformat(record[key]) if said else None


def next_code(above: str, taken: Iterable[str]) -> str:
    """The next free code of a chamber below the federation `above`: 410105-sh-007. A code is never used twice."""
    numbers = [
        int(found[1])
        for code in taken
        if code.startswith(f"{above}-sh-") and (found := _SERIAL.search(code)) and code == f"{above}{found[0]}"
    ]
    return f"{above}-sh-{max(numbers, default=0) + 1:03d}"


def short_name_for(name: str, old: str, said: str) -> str:
    """The short name beside a new name: as said; else the old one where it still fits."""
    return said or (old if old and old in name else "")
