"""The plugs between rooms in which something waits or happens and the pages that put it together (reports).

A room offers one `Waiting` and, if the log tells something of it that concerns people, one `Notices`; the settings
WAITING and NOTICES name them by dotted path. `Reach` is what rights mean for the reader today, worked out once for all
rooms; `verbs` says which of them a room wants to know.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

Reach = Mapping[str, Collection[int]]  # right → ids of the organisations at which the reader has it


@dataclass(frozen=True)
class Item:
    """One thing to do: a sentence, whose it is, since when, and where it is done ("": not on a page).

    `kind` is how urgent it is, as a tag's: "bad" (stands still or is late), "warn" (a person is asked), "info".
    """

    what: str
    kind: str
    url: str = ""
    org: int | None = None
    since: date | None = None
    detail: str = ""


@dataclass(frozen=True)
class Waiting:
    """`entry`: the navigation entry (name of its address) that counts them too. `rows`: one row for each item, so that
    the frame counts all rooms in one query; a room without a table counts its items.
    """

    items: Callable[[Any, Reach], list[Item]]
    verbs: Callable[[], Collection[str]]
    rows: Callable[[Any, Reach], QuerySet[Any]] | None = None
    entry: str = ""


@dataclass(frozen=True)
class Told:
    """An entry of the log in the reader's words, and where to look ("": nowhere)."""

    what: str
    icon: str
    url: str = ""


@dataclass(frozen=True)
class Notices:
    """`entries`: which entries of the log concern the reader. `told`: what they say, by the entry's id."""

    entries: Callable[[Any, Reach], Q]
    told: Callable[[Sequence[Any], Any, Reach], Mapping[int, Told]]
    tells: Collection[str]  # verbs of the log
    verbs: Callable[[], Collection[str]]
