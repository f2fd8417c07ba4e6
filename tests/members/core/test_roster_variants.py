"""The reference rosters in other shapes: what becomes of every row stays the same."""

from datetime import date

import pytest

from shanglian.imports.core.reading import read_file
from tests.imports import variants
from tests.imports.variants import as_csv, as_xlsx, pages_of
from tests.members.core.rosters import ROSTER
from tests.paths import SHARED, needs_shared

ROSTERS = ["d01_clean.xlsx", "d02_messy.xlsx", "d03_gbk.csv"]
CHANGES = {
    "as it is": [],
    "columns shuffled": [variants.columns_shuffled],
    "lines put in": [variants.lines_put_in],
    "headings renamed": [variants.headings_renamed],
    "all at once": [variants.headings_renamed, variants.columns_shuffled, variants.lines_put_in],
}


def changed(name, changes):
    pages = pages_of((SHARED / "data" / "dev_rosters" / name).read_bytes(), name)
    for change in changes:
        pages = [change(page, ROSTER) for page in pages]
    return pages


def judged(shapes):
    """Place in the original → all that was found out about the row."""
    result = {}
    for shape in shapes:
        for row in read_file(shape.data, shape.name, ROSTER, today=date(2026, 1, 1)).rows:
            same_as = row.same_as and shape.numbers[row.same_as]
            place = shape.numbers.get((row.sheet, row.number), (row.sheet, row.number, "put in"))
            result[place] = (row.outcome, row.reasons, sorted(row.warnings), row.record, same_as)
    return result


def expected(name):
    """The roster as it came: the places are those of the file."""
    data = (SHARED / "data" / "dev_rosters" / name).read_bytes()
    rows = read_file(data, name, ROSTER, today=date(2026, 1, 1)).rows
    return {
        (row.sheet, row.number): (row.outcome, row.reasons, sorted(row.warnings), row.record, row.same_as)
        for row in rows
    }


@needs_shared
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", ROSTERS)
def test_a_workbook_in_another_shape_says_the_same(name, changes):
    shape = as_xlsx(changed(name, changes), "roster", sheet="名册" if name.endswith("csv") else "")
    assert judged([shape]) == expected(name)


@needs_shared
@pytest.mark.parametrize("name", ROSTERS)
def test_days_counted_from_1904_are_the_same_days(name):
    pages = changed(name, [variants.serials_of_1904])
    shape = as_xlsx(pages, "roster", sheet="名册" if name.endswith("csv") else "", date_1904=True)
    assert judged([shape]) == expected(name)


@needs_shared
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("name", ROSTERS)
def test_a_text_file_in_another_shape_says_the_same(name, changes, encoding):
    pages = changed(name, [*changes, variants.sheet_name_as_title])
    assert judged(as_csv(pages, "roster", encoding)) == expected(name)
