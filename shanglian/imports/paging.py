"""How much of a batch is in memory at once, as the settings say."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.conf import settings

from shanglian.imports.core.pages import Pages, Paging, Store, in_parts

Row = TypeVar("Row")


def paging() -> Paging:
    """Of sequences that hold something for every row."""
    return Paging(settings.IMPORT_PAGE_ROWS, settings.IMPORT_PAGES_KEPT)


def pages(rows: Iterable[Row] = ()) -> Pages[Row]:
    """A sequence of its own for something that is there for every row."""
    return Pages(Store(paging()), rows)


def portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows as lists, each for one statement."""
    return in_parts(rows, settings.IMPORT_ROWS_AT_ONCE)
