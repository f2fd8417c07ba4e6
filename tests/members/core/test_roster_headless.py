"""Rosters whose rows begin at once: recognised where codes and names leave no doubt, else left to a person."""

import pytest

from shanglian.imports.core.files import UnreadableFile
from shanglian.imports.core.reading import read_file
from shanglian.imports.core.said import Said
from tests.imports.workbooks import csv_bytes, uscc, xlsx_bytes
from tests.members.core.rosters import DAY, ROSTER, read_book, read_text


def rows(count, *, start=1):
    return [
        [n, f"示例{n}贸易有限公司", uscc(n), f"张{n}", "金水区", f"1370000{n:04}/0371-6395{n:04}转801", "2014.5.7"]
        for n in range(start, start + count)
    ]


def records(found):
    return [(row.number, row.record["name"], row.record.get("uscc")) for row in found.rows]


def test_a_column_of_codes_that_check_and_a_column_of_firms_are_enough():
    found = read_book({"名册": rows(3)})
    assert records(found) == [(n, f"示例{n}贸易有限公司", uscc(n)) for n in (1, 2, 3)]
    assert [row.record["phones"] for row in found.rows] == [[f"1370000000{n}", f"03716395000{n}"] for n in (1, 2, 3)]
    assert [row.record["county_code"] for row in found.rows] == ["410105"] * 3
    (table,) = found.tables
    assert (table.heading_row, any(table.headings)) == (0, False)
    assert table.columns == {"name": [1], "uscc": [2], "county": [4], "phones": [5]}


def test_a_title_above_says_the_county_as_ever():
    found = read_book({"Sheet1": [["二七区工商联会员名册"], ["2014年底"], *[row[:3] for row in rows(2)]]})
    assert records(found) == [(n + 2, f"示例{n}贸易有限公司", uscc(n)) for n in (1, 2)]
    assert [row.record["county_code"] for row in found.rows] == ["410103"] * 2
    assert found.tables[0].heading_row == 2


def test_a_row_without_a_code_or_with_a_wrong_one_among_the_others_is_a_row_too():
    table = rows(6)
    table[1][2], table[3][2] = "", uscc(4)[:-1] + ("0" if uscc(4)[-1] != "0" else "1")
    found = read_text(csv_bytes(table).decode())
    assert [(row.number, row.outcome, row.reasons) for row in found.rows] == [
        *[(n, "accept", ()) for n in (1, 2, 3)],
        (4, "reject", ("uscc_bad_check",)),
        *[(n, "accept", ()) for n in (5, 6)],
    ]


def test_totals_and_notes_are_no_rows():
    table = [*rows(2), ["", "小计", "2家", "", "", "", ""], *rows(2, start=3), ["合计：4家"], ["填表人：李某"]]
    assert [number for number, _, _ in records(read_book({"名册": table}))] == [1, 2, 4, 5]


@pytest.mark.parametrize(
    "table",
    [
        [[1, "示例1有限公司", "张一"], [2, "示例2有限公司", "张二"]],  # no codes
        [["张一", uscc(1)], ["张二", uscc(2)]],  # no firms
        [["示例1有限公司", uscc(1)]],  # once is no proof
        [[f"示例{n}有限公司", f"示例{n}集团", uscc(n)] for n in (1, 2, 3)],  # which of the two?
        [[f"示例{n}有限公司", uscc(n)[:-1] + "I"] for n in (1, 2, 3)],  # nothing checks
    ],
)
def test_where_there_is_a_doubt_nothing_is_read(table):
    with pytest.raises(UnreadableFile, match="no_table"):
        read_book({"名册": table})


def test_a_sample_row_above_the_headings_does_not_make_them_data():
    table = [rows(1)[0], rows(1)[0], ["序号", "企业名称", "统一社会信用代码"], [1, "示例7有限公司", uscc(7)]]
    assert records(read_book({"名册": table})) == [(4, "示例7有限公司", uscc(7))]


def test_codes_under_an_unknown_heading_are_still_read_below_it():
    found = read_book({"名册": [["甲", "乙", "丙"], *[row[:3] for row in rows(3)]]})
    assert found.tables[0].heading_row == 1
    assert len(found.rows) == 3


def test_what_was_said_comes_first_a_row_that_looked_like_headings_is_data():
    table = [["示例甲", "李一", "金水"], ["示例乙", "李二", "二七"], ["示例丙", "李三", "管城"]]
    said = Said(columns={("名册", 0): {0: "name", 1: "legal_rep", 2: "county"}}, headless=frozenset({("名册", 0)}))
    found = read_file(xlsx_bytes({"名册": table}), "r.xlsx", ROSTER, today=DAY, said=said, by_hand=True)
    assert [(row.number, row.record["name"], row.record["county_code"]) for row in found.rows] == [
        (1, "示例甲", "410105"),
        (2, "示例乙", "410103"),
        (3, "示例丙", "410104"),
    ]


def test_what_was_said_comes_first_the_first_row_is_headings():
    said = Said(columns={("名册", 1): {1: "name", 2: "uscc"}})
    found = read_file(xlsx_bytes({"名册": rows(3)}), "r.xlsx", ROSTER, today=DAY, said=said)
    assert [row.number for row in found.rows] == [2, 3]


def test_where_somebody_can_be_asked_the_rows_are_shown_without_headings():
    table = [["说明"], *[[n, f"示例{n}有限公司", f"1370000{n:04}"] for n in (1, 2, 3)]]
    found = read_file(xlsx_bytes({"名册": table}), "r.xlsx", ROSTER, today=DAY, by_hand=True)
    (likeliest,) = found.tables
    assert (likeliest.heading_row, likeliest.headings, likeliest.columns) == (1, ("", "", ""), {})
    assert likeliest.samples[1] == ["示例1有限公司", "示例2有限公司", "示例3有限公司"]
