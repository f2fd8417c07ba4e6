"""Rows in pages are the rows that were put in, wherever one looks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanglian.imports.core.pages import USUAL, Changed, Pages, Paging, Store, in_parts

PAGE = 5
PAGINGS = [Paging(PAGE, 0), Paging(PAGE, 1), Paging(PAGE, 25), USUAL]
COUNTS = [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 2]


def pages(count, store=None):
    return Pages(store or Store(PAGINGS[0]), ((n, (f"示例{n}", n / 2, None)) for n in range(count)))


def plain(count):
    return [(n, (f"示例{n}", n / 2, None)) for n in range(count)]


@settings(max_examples=60)
@given(count=st.sampled_from(COUNTS), paging=st.sampled_from(PAGINGS), data=st.data())
def test_they_are_the_same_sequence_as_a_list(count, paging, data):
    kept, expected = pages(count, Store(paging)), plain(count)
    assert (len(kept), list(kept)) == (count, expected)
    part = data.draw(st.slices(count))
    assert kept[part] == expected[part]
    for place in data.draw(st.lists(st.integers(-count, count - 1), max_size=9)) if count else ():
        assert kept[place] == expected[place]


def test_beyond_the_end_is_nothing():
    for kept in (pages(0), pages(PAGE), pages(PAGE + 1)):
        for place in (len(kept), len(kept) + PAGE, -len(kept) - 1):
            with pytest.raises(IndexError):
                kept[place]


def test_sequences_in_one_store_do_not_disturb_each_other():
    store = Store(Paging(PAGE, 1))
    first, second = pages(2 * PAGE, store), pages(3 * PAGE, store)
    both = zip(first, second, strict=False)
    assert all(one == other for one, other in both)
    first.extend([(0, ())])
    assert (list(second), first[-1]) == (plain(3 * PAGE), (0, ()))


def test_changed_rows_are_changed_wherever_one_looks():
    rows = Changed(pages(PAGE + 2), lambda row: (row[0] + 1, row[1]))
    assert (len(rows), rows[-1][0], rows[PAGE:][0][0], sum(1 for _ in rows)) == (PAGE + 2, PAGE + 2, PAGE + 1, PAGE + 2)


def test_rows_come_in_parts_of_a_size_the_last_one_shorter():
    assert list(in_parts(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_parts([], 2)) == []
