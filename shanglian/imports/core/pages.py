"""Many rows in little memory: beyond a number of pages they lie packed in a temporary file, the last used are at hand.

To its callers a sequence; what comes back is equal to what was put in. The file stands in no folder, nobody else can
open it, and it is gone with the last sequence that uses it.
"""

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, Final, Generic, TypeVar, cast, overload
from weakref import finalize

Row = TypeVar("Row")
_AT_HAND: Final = 2  # unpacked pages: a look ahead may reach into the next one


@dataclass(frozen=True, slots=True)
class Paging:
    """How many rows make a page, and how many pages of a sequence are never packed: packing and unpacking costs a third
    of the time of reading.
    """

    rows: int = 1000
    kept: int = 25


USUAL: Final = Paging()


class Store:
    """Where the full pages of several sequences lie, the first of them as they are.

    Raises OSError where there is no room for more: what was put before can still be had.
    """

    def __init__(self, paging: Paging = USUAL, *, sequences: int = 1) -> None:
        self.rows = paging.rows
        self._left = paging.kept * sequences
        self._file = -1
        self._end = 0

    def put(self, page: list[Any]) -> Callable[[], list[Any]]:
        """Takes a page and says how to have it back."""
        if self._left:
            self._left -= 1
            return lambda: page
        if self._file < 0:
            file = TemporaryFile(buffering=0)  # noqa: SIM115 - closed with the last sequence
            finalize(self, file.close)
            self._file = file.fileno()
        packed = pickle.dumps(page, protocol=pickle.HIGHEST_PROTOCOL)
        place, written = self._end, 0
        while written < len(packed):  # what is left of a disk takes a part and refuses the rest
            written += os.pwrite(self._file, memoryview(packed)[written:], place + written)
        self._end += written
        return partial(self._unpacked, place, written)

    def _unpacked(self, place: int, size: int) -> list[Any]:
        return cast("list[Any]", pickle.loads(os.pread(self._file, size, place)))  # noqa: S301 - what we put there


class Pages(Sequence[Row]):
    """Rows that can be added at the end and looked at anywhere; made for walking from top to bottom."""

    def __init__(self, store: Store, rows: Iterable[Row] = ()) -> None:
        self._store = store
        self._full: list[Callable[[], list[Row]]] = []  # how to have the full pages
        self._last: list[Row] = []  # the page that is not full yet
        self._at_hand: dict[int, list[Row]] = {}
        self.extend(rows)

    def extend(self, rows: Iterable[Row]) -> None:
        coming = iter(rows)
        while more := list(islice(coming, self._store.rows - len(self._last))):
            self._last += more
            if len(self._last) == self._store.rows:
                self._full.append(self._store.put(self._last))
                self._last = []

    def __len__(self) -> int:
        return len(self._full) * self._store.rows + len(self._last)

    def __iter__(self) -> Iterator[Row]:
        for number in range(len(self._full)):
            yield from self._page(number)
        yield from self._last

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        number, row = divmod(place if place >= 0 else place + len(self), self._store.rows)
        return self._page(number)[row]

    def _page(self, number: int) -> list[Row]:
        page = self._at_hand.get(number)
        if page is None:
            if not 0 <= number < len(self._full):
                return self._last if number == len(self._full) else []
            while len(self._at_hand) >= _AT_HAND:
                del self._at_hand[next(iter(self._at_hand))]
            page = self._at_hand[number] = self._full[number]()
        return page


def in_parts(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows as lists of at most so many."""
    coming = iter(rows)
    while part := list(islice(coming, size)):
        yield part


class Changed(Sequence[Row], Generic[Row]):
    """Rows as they are after a change that is made anew whenever one is looked at."""

    def __init__(self, rows: Sequence[Row], change: Callable[[Row], Row]) -> None:
        self._rows, self._change = rows, change

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return map(self._change, self._rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self._change(row) for row in self._rows[place]]
        return self._change(self._rows[place])
