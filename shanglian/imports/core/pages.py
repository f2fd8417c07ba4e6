"""Many rows in little memory: full pages of them lie packed in a temporary file, the last ones used are at hand.

To its callers a sequence; what comes back is equal to what was put in. The file stands in no folder, nobody else can
open it, and it is gone with the last sequence that uses it.
"""

import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, Final, Generic, TypeVar, cast, overload
from weakref import finalize

Row = TypeVar("Row")
PAGE: Final = 1000  # rows
_IN_MEMORY: Final = 1024**2  # bytes of packed pages, before a file is made for them
_AT_HAND: Final = 2  # unpacked pages: a look ahead may reach into the next one


class Store:
    """Where the packed pages of several sequences lie."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed below
        finalize(self, self._file.close)

    def put(self, page: list[Any]) -> int:
        """Keeps a page; its place."""
        place = self._file.seek(0, 2)
        pickle.dump(page, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        return place

    def get(self, place: int) -> list[Any]:
        self._file.seek(place)
        return cast("list[Any]", pickle.load(self._file))  # noqa: S301 - what we put there


class Pages(Sequence[Row]):
    """Rows that can be added at the end and looked at anywhere; made for walking from top to bottom."""

    def __init__(self, store: Store, rows: Iterable[Row] = ()) -> None:
        self._store = store
        self._places = array("Q")  # of the full pages
        self._last: list[Row] = []  # the page that is not full yet
        self._at_hand: dict[int, list[Row]] = {}
        self.extend(rows)

    def append(self, row: Row) -> None:
        self._last.append(row)
        if len(self._last) == PAGE:
            self._places.append(self._store.put(self._last))
            self._last = []

    def extend(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.append(row)

    def __len__(self) -> int:
        return len(self._places) * PAGE + len(self._last)

    def __iter__(self) -> Iterator[Row]:
        for number in range(len(self._places)):
            yield from self._page(number)
        yield from self._last

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        number, row = divmod(place if place >= 0 else place + len(self), PAGE)
        return self._page(number)[row]

    def _page(self, number: int) -> list[Row]:
        page = self._at_hand.get(number)
        if page is None:
            if not 0 <= number < len(self._places):
                return self._last if number == len(self._places) else []
            while len(self._at_hand) >= _AT_HAND:
                del self._at_hand[next(iter(self._at_hand))]
            page = self._at_hand[number] = self._store.get(self._places[number])
        return page


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
