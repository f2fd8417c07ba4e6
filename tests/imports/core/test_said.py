"""What people say of a file comes before what the reader guesses, and changes nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shanglian.imports.core.files import Sheet, UnreadableFile
from shanglian.imports.core.reading import read_file
from shanglian.imports.core.said import Said, with_texts
from shanglian.imports.core.tables import find_tables
from tests.imports.workbooks import LIST, csv_bytes, firms, uscc, xlsx_bytes

HEAD = ["序号", "企业名称", "统一社会信用代码"]
ROWS = [["1", "示例甲", uscc(1)], ["2", "示例乙", uscc(2)]]


def read(rows, said, *, name="a.csv"):
    data = csv_bytes(rows) if name.endswith(".csv") else xlsx_bytes(rows)
    return read_file(data, name, LIST, today=date(2015, 1, 1), said=Said(**said))


def records(file):
    return [row.record for row in file.rows]


def names(file):
    return [row.record.get("name") for row in file.rows]


def as_said(file):
    """Every column of every table named as the reader takes it, the others as not read."""
    return {
        (table.sheet, table.heading_row): dict.fromkeys(range(len(table.headings)), "")
        | {position: key for key, positions in table.columns.items() for position in positions}
        for table in file.tables
    }


# Headings ------------------------------------------------------------


def test_a_confirmed_heading_means_what_somebody_said():
    file = read([["序号", "字号", "号"], *ROWS], {"headings": {"字号": "name", "号": "uscc"}})
    assert file.tables[0].columns == {"name": [1], "uscc": [2]}
    assert names(file) == ["示例甲", "示例乙"]


def test_a_heading_that_is_not_to_be_read_is_not_recognised_by_its_content_either():
    file = read([HEAD, *ROWS], {"headings": {"统一社会信用代码": ""}})
    assert file.tables[0].columns == {"name": [1]}


def test_a_confirmed_heading_is_found_in_whatever_way_it_is_written():
    file = read([["字 号（全称）", "统一社会信用代码"], ["示例甲", uscc(1)]], {"headings": {"字号": "name"}})
    assert names(file) == ["示例甲"]


def test_of_a_heading_in_two_rows_the_whole_counts_before_its_parts():
    head = [["企业名称", "单位", "家庭"], ["", "乡镇", "乡镇"]]
    file = read([*head, ["示例甲", "一镇", "二镇"]], {"headings": {"乡镇": "", "单位乡镇": "town"}})
    assert records(file) == [{"name": "示例甲", "name_key": "示例甲", "town": "一镇"}]


def test_a_table_below_is_found_by_confirmed_headings():
    below = [["字号", "号", "镇"], ["示例丙", uscc(3), "一镇"]]
    file = read([HEAD, *ROWS, *below], {"headings": {"字号": "name", "号": "uscc", "镇": "town"}})
    assert names(file) == ["示例甲", "示例乙", "示例丙"]


# Columns ------------------------------------------------------------


def test_a_column_is_what_somebody_said_by_its_place():
    file = read([["甲", "企业名称", "统一社会信用代码"], *ROWS], {"columns": {("csv", 1): {0: "town"}}})
    assert file.tables[0].columns == {"town": [0], "name": [1], "uscc": [2]}


def test_what_may_come_once_leaves_the_column_that_was_guessed():
    rows = [["企业名称", "别名", "统一社会信用代码"], ["甲", "示例甲", uscc(1)]]
    file = read(rows, {"columns": {("csv", 1): {1: "name"}}})
    assert file.tables[0].columns == {"name": [1], "uscc": [2]}
    assert names(file) == ["示例甲"]


def test_a_heading_row_that_nothing_else_recognises_is_one_because_somebody_named_its_columns():
    rows = [["某区名册"], [], ["甲", "乙", "丙"], *ROWS]
    with pytest.raises(UnreadableFile, match="no_table"):
        read([["甲", "乙", "丙"], ["1", "示例甲", "2"]], {})
    file = read({"名册": rows}, {"columns": {("名册", 3): {0: "", 1: "name", 2: "uscc"}}}, name="a.xlsx")
    assert [(row.number, row.record["name"]) for row in file.rows] == [(4, "示例甲"), (5, "示例乙")]


def test_a_column_beyond_the_headings_can_be_named():
    file = read([["序号"], ["1", "示例甲"]], {"columns": {("csv", 1): {0: "", 1: "name"}}})
    assert (file.tables[0].headings, names(file)) == (("序号", ""), ["示例甲"])


def test_a_table_of_which_nothing_is_imported_is_left_out_and_stays_described():
    book = {"名册": [HEAD, *ROWS], "旧": [HEAD, ["1", "示例丁", uscc(4)]]}
    file = read(book, {"columns": {("旧", 1): {0: "", 1: "", 2: ""}}}, name="a.xlsx")
    assert names(file) == ["示例甲", "示例乙"]
    assert [(table.sheet, table.columns) for table in file.tables] == [("名册", {"name": [1], "uscc": [2]}), ("旧", {})]
    assert file.tables[1].samples == [["1"], ["示例丁"], [uscc(4)]]


def test_tables_beside_each_other_are_named_each_for_itself():
    rows = [[*HEAD, *HEAD], [*ROWS[0], "9", "示例壬", uscc(9)]]
    guessed = read({"名册": rows}, {}, name="a.xlsx")
    assert [(table.sheet, table.columns) for table in guessed.tables] == [
        ("名册", {"name": [1], "uscc": [2]}),
        ("名册!D:F", {"name": [1], "uscc": [2]}),
    ]
    file = read({"名册": rows}, {"columns": {("名册!D:F", 1): {0: "town", 1: "name", 2: ""}}}, name="a.xlsx")
    assert records(file) == [
        {"name": "示例甲", "name_key": "示例甲", "uscc": uscc(1)},
        {"name": "示例壬", "name_key": "示例壬", "town": "9"},
    ]


def test_blocks_below_each_other_are_named_each_for_itself():
    rows = [HEAD, ROWS[0], ["二、某镇"], ["企业名称", "别的", "统一社会信用代码"], ["示例丙", "一镇", uscc(3)]]
    file = read(rows, {"columns": {("csv", 4): {1: "town"}}})
    assert [(table.heading_row, table.columns) for table in file.tables] == [
        (1, {"name": [1], "uscc": [2]}),
        (4, {"name": [0], "town": [1], "uscc": [2]}),
    ]


def test_what_was_said_of_headings_holds_where_they_come_again():
    rows = [["企业名称", "丙", "统一社会信用代码"], ["示例甲", "一镇", uscc(1)]]
    other = [["单位名称", "统一社会信用代码"], ["示例乙", uscc(2)]]
    again = [rows[0], ["示例丁", "二镇", uscc(4)]]
    file = read([*rows, *other, *again], {"columns": {("csv", 1): {1: "town"}}})
    assert [row.record.get("town") for row in file.rows] == ["一镇", None, "二镇"]
    assert [table.heading_row for table in file.tables] == [1, 3]


def test_a_heading_of_two_rows_stays_one_when_its_lower_part_is_not_read():
    head = [["企业名称", "证照", "证照"], ["", "乡镇", "号"]]
    rows = [*head, ["示例甲", "一镇", uscc(1)]]
    said = {"columns": {("csv", 2): {0: "name", 1: "", 2: ""}}, "headings": {"证照乡镇": "", "证照号": ""}}
    assert read(rows, {}).tables[0].heading_row == 2
    file = read(rows, said)
    assert (file.tables[0].heading_row, names(file)) == (2, ["示例甲"])


# Cells ------------------------------------------------------------


def test_a_mended_cell_is_read_and_the_row_stays_as_it_is_in_the_file():
    file = read([HEAD, ["1", "示例甲", "错"]], {"cells": {("csv", 2): {2: uscc(1)}}})
    assert (file.rows[0].record["uscc"], file.rows[0].cells) == (uscc(1), ("1", "示例甲", "错"))


def test_the_same_as_above_follows_a_mended_cell():
    rows = [["企业名称", "统一社会信用代码", "乡镇"], ["示例甲", uscc(1), "一"], ["示例乙", uscc(2), "同上"]]
    file = read(rows, {"cells": {("csv", 2): {2: "一镇"}}})
    assert [row.record["town"] for row in file.rows] == ["一镇", "一镇"]


def test_a_merged_cell_that_was_emptied_stays_empty():
    rows = [(1, ("企业名称", "乡镇")), (2, ("示例甲", "一镇")), (3, ("示例乙", "二镇"))]
    sheet = Sheet("名册", rows, merges=[(2, 1, 3, 1)])
    mended = Said(cells={("名册", 3): {1: ""}}).sheet(sheet)
    assert (mended.rows[2], mended.mended) == ((3, ("示例乙", "")), {3: {1: "二镇"}})
    (table,) = find_tables(sheet, LIST, Said(cells={("名册", 3): {1: ""}}))
    assert list(table.rows) == [(2, ("示例甲", "一镇")), (3, ("示例乙", ""))]


def test_a_short_row_grows_as_far_as_needed():
    file = read([HEAD, ["1", "示例甲"]], {"cells": {("csv", 2): {2: uscc(1)}}})
    assert (file.rows[0].record["uscc"], file.rows[0].cells) == (uscc(1), ("1", "示例甲", ""))
    assert with_texts(("a",), {0: "b"}) == ("b",)


def test_a_mended_cell_of_another_sheet_changes_nothing_here():
    sheet = Sheet("甲", [(1, ("x",))])
    assert Said(cells={("乙", 1): {0: "y"}}).sheet(sheet) is sheet


# What never changes ------------------------------------------------------------

_headings = st.lists(
    st.sampled_from(["企业名称", "单位名称", "统一社会信用代码", "乡镇", "序号", "别的", "", "统一代码/uscc"]),
    min_size=1,
    max_size=5,
)


@settings(max_examples=150)
@given(headings=_headings, again=_headings, extra=st.booleans())
def test_naming_the_columns_as_they_are_guessed_changes_nothing(headings, again, extra):
    cells = {"企业名称": "示例{}公司", "单位名称": "示例{}厂", "乡镇": "{}镇", "序号": "{}"}

    def rows(heads, start):
        return [
            [cells.get(h, "别{}").format(n) if "代码" not in h else uscc(n) for h in heads] for n in range(start, 9)
        ]

    sheet = [["某区名册"], headings, *rows(headings, 1), *([again, *rows(again, 5)] if extra else [])]
    try:
        guessed = read(sheet, {})
    except UnreadableFile:
        return
    named = read(sheet, {"columns": as_said(guessed)})
    assert replace(named, rows=list(named.rows)) == replace(guessed, rows=list(guessed.rows))


def test_columns_in_another_order_under_nonsense_named_by_hand_are_the_same_records():
    clean = [["企业名称", "统一社会信用代码", "乡镇"], *[[name, code, "一镇"] for _n, name, code, _p in firms(5)]]
    odd = [["天地玄黄宇宙洪荒名册"], ["丙", "甲", "乙"], *[[row[2], row[0], row[1]] for row in clean[1:]]]
    named = read(odd, {"columns": {("csv", 2): {0: "town", 1: "name", 2: "uscc"}}})
    assert records(named) == records(read(clean, {}))


def test_a_file_without_a_known_heading_tells_which_ones_were_seen():
    with pytest.raises(UnreadableFile) as caught:
        read([["会员名册"], ["甲", "乙", "丙"], ["1", "2", "3"]], {})
    assert (caught.value.code, caught.value.detail) == ("no_table", "甲、乙、丙")


def test_of_a_sheet_without_known_headings_the_likeliest_are_described():
    file = read({"名册": [HEAD, *ROWS], "其他": [["说明"], ["甲", "乙"], ["1", "2"]]}, {}, name="a.xlsx")
    assert [(table.sheet, table.heading_row, table.headings, table.columns) for table in file.tables][1:] == [
        ("其他", 2, ("甲", "乙"), {})
    ]
    assert [problem.code for problem in file.problems] == ["no_headings"]
