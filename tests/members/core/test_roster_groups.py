"""What only the first row of a group says is proposed for the blank ones below; an optional column is left alone."""

import pytest

from shanglian.imports.core.mending import faults_of
from shanglian.imports.core.reading import read_file
from shanglian.imports.core.said import Said
from tests.imports.workbooks import uscc, xlsx_bytes
from tests.members.core.rosters import DAY, ROSTER, read_book, workbook

HEAD = ["序号", "县区", "企业名称", "信用代码", "所属商会"]
GROUPS = ["金水区", "", "", "二七区", "", "管城区", "", ""]


def table(counties, chambers=None, numbers=None):
    chambers = chambers or [""] * len(counties)
    numbers = numbers or range(1, len(counties) + 1)
    return [HEAD] + [
        [number, county, f"示例{n}有限公司", uscc(n), chamber]
        for n, (number, county, chamber) in enumerate(zip(numbers, counties, chambers, strict=True))
    ]


def said(rows, **more):
    """By row: its warnings, and what is proposed for which cell."""
    found = read_file(xlsx_bytes({"名册": rows}), "r.xlsx", ROSTER, today=DAY, **more)
    (described,) = found.tables
    about = {"columns": described.columns, "headings": described.headings, "beginnings": described.beginnings}
    proposed = {}
    for row in found.rows:
        cells = [str(cell or "") for cell in row.cells]
        for fault in faults_of(cells, about, row.warnings, ROSTER, DAY, row.number):
            proposed[row.number] = (fault.position, *[(p.text, p.sure) for p in fault.proposals])
    return proposed, [row.record.get("county_code") for row in found.rows]


def test_what_the_group_says_is_proposed_and_nothing_is_filled_by_itself():
    proposed, counties = said(table(GROUPS))
    assert proposed == {
        3: (1, ("金水区", True)),
        4: (1, ("金水区", True)),
        6: (1, ("二七区", True)),
        8: (1, ("管城区", True)),
        9: (1, ("管城区", True)),
    }
    assert counties == ["410105", None, None, "410103", None, "410104", None, None]


def test_a_merged_column_is_filled_and_needs_no_proposal():
    content = workbook({"名册": table(GROUPS)}, {"名册": ["B2:B4", "B5:B6", "B7:B9"]})
    found = read_file(content, "r.xlsx", ROSTER, today=DAY)
    assert [row.warnings for row in found.rows] == [()] * 8
    assert found.tables[0].beginnings == []


@pytest.mark.parametrize(
    "counties",
    [
        ["", "金水区", "", "", "二七区", "", "管城区", ""],  # the first row has none
        ["金水区", "", "", "二七区", "", "金水区", "", ""],  # one comes again
        ["金水区", "二七区", "管城区", "", "惠济区", "上街区", "中原区", "巩义市"],  # few blanks
        ["金水区", "", "", "", "", "", "", ""],  # one alone
        ["金水区", "", "", "", "二七区", "", "", ""],  # two alone
        ["金水区", "金水区", "", "", "二七区", "二七区", "", ""],  # no beginnings
        [""] * 8,
    ],
)
def test_an_optional_column_is_left_alone(counties):
    assert said(table(counties))[0] == {}


def test_two_groups_are_enough_where_the_numbering_begins_anew_with_them():
    counties = ["金水区", "", "", "二七区", "", ""]
    assert said(table(counties))[0] == {}
    assert list(said(table(counties, numbers=[1, 2, 3, 1, 2, 3]))[0]) == [3, 4, 6, 7]
    assert said(table(counties, numbers=[1, 2, 1, 2, 3, 4]))[0] == {}


def test_a_chamber_may_be_blank_by_itself_and_needs_a_second_sign():
    chambers = ["软件商会", "", "", "餐饮商会", "", "家电商会", "", ""]
    named = ["金水区"] * 8
    assert said(table(named, chambers))[0] == {}
    assert list(said(table(named, chambers, [1, 2, 3, 1, 2, 1, 2, 3]))[0]) == [3, 4, 6, 8, 9]
    both, _ = said(table(GROUPS, chambers))
    assert both[3] == (4, ("软件商会", True))


def test_totals_below_each_group_are_a_sign_too():
    rows = table(["金水区", "", "二七区", "", ""])
    rows.insert(3, ["", "小计", "2家", "", ""])
    assert list(said(rows)[0]) == [3, 6, 7]


def test_mended_cells_do_not_take_the_evidence_away():
    proposed, counties = said(table(GROUPS), said=Said(cells={("名册", 3): {1: "金水区"}, ("名册", 6): {1: "二七区"}}))
    assert list(proposed) == [4, 8, 9]
    assert counties == ["410105", "410105", None, "410103", "410103", "410104", None, None]


def test_ditto_is_no_blank():
    counties = [county or "同上" for county in GROUPS]
    found = read_book({"名册": table(counties)})
    assert [row.warnings for row in found.rows] == [()] * 8
