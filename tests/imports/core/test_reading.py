"""From a file to clean rows: headings found, problems collected, repeats noticed."""

from datetime import date

import pytest

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign
from shanglian.common.core.problems import Problem
from shanglian.imports.core.columns import match_headings, plain_heading
from shanglian.imports.core.files import UnreadableFile
from shanglian.imports.core.reading import check_file, read_file
from shanglian.imports.core.repeats import Repeats
from tests.imports.workbooks import LIST, csv_bytes, firms, uscc, xlsx_bytes

HEAD = ["序号", "企业名称", "统一社会信用代码"]
ORG = "YY123456" + org_code_check_sign("YY123456")
USCC_OF_ORG = "91410100" + ORG + uscc_check_sign("91410100" + ORG)


def read(*rows, head=HEAD, repeats=None, name="a.csv"):
    return read_file(csv_bytes([head, *rows]), name, LIST, today=date(2015, 1, 1), repeats=repeats)


def outcomes(file):
    return [(row.number, row.outcome, *row.reasons, *row.warnings) for row in file.rows]


def test_a_row_keeps_its_place_its_cells_and_its_record():
    (row,) = read(["1", "示例（甲）公司", uscc(1)]).rows
    assert (row.sheet, row.number, row.cells, row.outcome) == (
        "csv",
        2,
        ("1", "示例（甲）公司", uscc(1)),
        "accept",
    )
    assert row.record == {"name": "示例（甲）公司", "name_key": "示例(甲)公司", "uscc": uscc(1)}


def test_the_order_of_columns_does_not_matter_and_unknown_columns_are_left_alone():
    file = read([uscc(1), "x", "示例甲"], head=["统一社会信用代码", "别的", "单位 名称（公章）"])
    assert file.rows[0].record["name"] == "示例甲"
    assert file.tables[0].columns == {"uscc": [0], "name": [2]}


def test_every_problem_of_a_row_is_collected_not_the_first_only():
    (row,) = read(["1", "", "91410100YY000000"]).rows
    assert (row.outcome, row.reasons) == ("reject", ("name_missing", "uscc_bad_length"))
    assert row.problems == (
        Problem("name_missing", "csv", 2, "企业名称", ""),
        Problem("uscc_bad_length", "csv", 2, "统一社会信用代码", "91410100YY000000"),
    )


def test_titles_blank_rows_totals_notes_and_repeated_headings_are_no_data():
    sheet = [
        ["某区会员名册"],
        [],
        HEAD,
        [1, "示例甲", uscc(1)],
        [],
        HEAD,
        [2, "示例乙", uscc(2)],
        ["合计", "2家"],
        ["制表人：某某"],
    ]
    file = read_file(xlsx_bytes({"名册": sheet}), "a.xlsx", LIST, today=date(2015, 1, 1))
    assert outcomes(file) == [(4, "accept"), (7, "accept")]
    assert file.tables[0].heading_row == 3


def test_every_visible_sheet_is_read_and_one_without_headings_is_mentioned():
    book = {
        "甲": [HEAD, [1, "示例甲", uscc(1)]],
        "说明": [["请按格式填写"]],
        "空": [],
        "藏": [HEAD, [1, "示例乙", uscc(2)]],
    }
    file = read_file(xlsx_bytes(book, hidden=["藏"]), "a.xlsx", LIST, today=date(2015, 1, 1))
    assert [(row.sheet, row.number) for row in file.rows] == [("甲", 2)]
    assert file.problems == (Problem("no_headings", "说明"),)


def test_a_column_without_heading_is_recognised_by_what_it_holds():
    file = read(*[[name, code] for _n, name, code, _p in firms(3)], head=["企业名称", ""])
    assert [row.record["uscc"] for row in file.rows] == [uscc(1), uscc(2), uscc(3)]


@pytest.mark.parametrize("content", [csv_bytes([["甲", "乙"], ["1", "2"]]), csv_bytes([["会员名册"]])])
def test_a_file_without_headings_cannot_be_used(content):
    with pytest.raises(UnreadableFile) as caught:
        read_file(content, "a.csv", LIST, today=date(2015, 1, 1))
    assert caught.value.code == "no_table"


@pytest.mark.parametrize("above", [0, 941, 1100])
def test_a_table_is_found_on_receipt_however_deep_it_stands(above):
    rows = [*([f"示例说明{n}"] for n in range(above)), HEAD, ["1", "示例甲", uscc(1)]]
    assert check_file(csv_bytes(rows), "a.csv", LIST).format == "csv"
    with pytest.raises(UnreadableFile, match="no_table"):
        check_file(csv_bytes([*rows[:above], ["甲", "乙"]]), "a.csv", LIST)


def test_headings_are_compared_without_blanks_brackets_and_stars():
    assert plain_heading("*企 业 名 称（公章全称）:") == "企业名称"
    assert set(match_headings(["信用代码/统一社会信用代码", "企业名称"], LIST)) == {0, 1}


# Repeats


def test_the_same_code_again_is_a_duplicate_and_another_name_is_said():
    file = read(["1", "示例甲", uscc(1)], ["2", "示例甲", uscc(1)], ["3", "示例乙", uscc(1)])
    assert outcomes(file) == [
        (2, "accept"),
        (3, "duplicate", "duplicate"),
        (4, "duplicate", "duplicate", "name_differs_for_same_id"),
    ]
    assert [row.same_as for row in file.rows] == [None, ("csv", 2), ("csv", 2)]


@pytest.mark.parametrize("pair", [(ORG, USCC_OF_ORG), (USCC_OF_ORG, ORG)])
def test_an_organisation_code_inside_a_unified_code_is_the_same_firm(pair):
    file = read(["1", "示例甲", pair[0]], ["2", "示例甲公司", pair[1]])
    assert [row.outcome for row in file.rows] == ["accept", "duplicate"]


@pytest.mark.parametrize("codes", [("", uscc(1)), (uscc(1), ""), ("", "")])
def test_the_same_name_is_a_duplicate_where_one_side_has_no_code(codes):
    file = read(["1", "示例（甲）", codes[0]], ["2", "示例 (甲)", codes[1]])
    assert [row.outcome for row in file.rows] == ["accept", "duplicate"]


def test_the_same_name_with_two_codes_is_a_conflict_for_people():
    file = read(["1", "示例甲", uscc(1)], ["2", "示例甲", uscc(2)], ["3", "示例甲", uscc(2)])
    assert outcomes(file) == [
        (2, "accept"),
        (3, "conflict", "same_name_other_id"),
        (4, "duplicate", "duplicate"),
    ]


def test_a_branch_is_a_firm_of_its_own():
    file = read(["1", "示例甲有限公司", uscc(1)], ["2", "示例甲有限公司郑州分公司", uscc(2)])
    assert [row.outcome for row in file.rows] == ["accept", "accept"]


def test_a_refused_row_does_not_stand_in_the_way_of_a_right_one():
    file = read(["1", "示例甲", uscc(1)[:-1] + "I"], ["2", "示例甲", uscc(1)[:17]], ["3", "示例甲", uscc(1)])
    assert [row.outcome for row in file.rows] == ["reject", "reject", "accept"]


def test_codes_are_compared_between_the_files_of_a_batch_but_names_are_not():
    repeats = Repeats()
    read(["1", "示例甲", uscc(1)], ["2", "示例乙", ""], repeats=repeats)
    second = read(["1", "示例甲", uscc(1)], ["2", "示例乙", ""], repeats=repeats)
    assert [row.outcome for row in second.rows] == ["duplicate", "accept"]
