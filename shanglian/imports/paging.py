"""How much of a batch is in memory at once, as the settings say."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db.models import QuerySet

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


def read_by_pages(rows: QuerySet[Any, Row]) -> AbstractContextManager[Iterator[Row]]:
    """The rows of a query as they come from the database; it is told to send no more however the block ends."""
    return closing(cast("Generator[Row, None, None]", rows.iterator(chunk_size=settings.IMPORT_PAGE_ROWS)))
