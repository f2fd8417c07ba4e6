"""Rosters in shapes that clerks hand in and that are no plain table: what a careful reader would take from them."""

from datetime import date

import pytest

from tests.members.core.rosters import read_book, read_text
from tests.sample_codes import uscc

HEAD = ["序号", "企业名称", "统一社会信用代码", "联系电话"]


def firms(*numbers):
    return [[n, f"示例{n}有限公司", uscc(n), f"1370000{n:04}"] for n in numbers]


def read(sheets, *fields, **options):
    """(sheet, row, outcome, fields …) of every row."""
    fields = fields or ("name", "uscc")
    rows = read_book(sheets, **options).rows
    return [(row.sheet, row.number, row.outcome, *(row.record.get(field) for field in fields)) for row in rows]


def accepted(place, *numbers):
    return [(*place(n), "accept", f"示例{n}有限公司", uscc(n)) for n in numbers]


# Not from top to bottom


def form(n):
    return [
        ["企业名称", f"示例{n}有限公司", "", ""],
        ["统一社会信用代码", uscc(n), "法定代表人", f"王{n}"],
        ["联系电话", f"1370000{n:04}", "入会时间", "2014年5月"],
        ["地址", "文化路1号", "会费", "500元"],
        [""],
    ]


def test_forms_below_each_other_are_a_row_each():
    sheet = [["金水区会员登记表"], *form(1), *form(2), *form(3)]
    fields = ("name", "uscc", "legal_rep", "phones", "join_date", "fee_yuan", "county_code")
    assert read({"卡": sheet}, *fields) == [
        (
            "卡", 5 * n - 3, "accept", f"示例{n}有限公司", uscc(n), f"王{n}", [f"1370000{n:04}"], "2014-05", 500,
            "410105",
        )
        for n in (1, 2, 3)
    ]  # fmt: skip


def test_one_form_in_each_sheet_is_a_row_each():
    sheets = {f"表{n}": [["会员登记表"], *form(n)] for n in (1, 2)}
    assert read(sheets) == accepted(lambda n: (f"表{n}", 2), 1, 2)


def test_firms_beside_each_other_behind_a_column_of_headings_are_a_row_each():
    sheet = [list(line) for line in zip(HEAD[1:], *(firm[1:] for firm in firms(1, 2, 3)), strict=True)]
    assert read({"名册": sheet}) == accepted(lambda n: ("名册!行列互换", n + 1), 1, 2, 3)


def test_headings_that_are_known_only_here_and_there_do_not_make_a_form():
    sheet = [["企业名称", "所在楼层", "信用代码", "规模几何", "联系电话"]]
    sheet += [[firm[1], "3", firm[2], "小", firm[3]] for firm in firms(1, 2)]
    assert read({"S": sheet}) == accepted(lambda n: ("S", n + 1), 1, 2)


def test_two_tables_beside_each_other_each_in_words_and_under_a_title_of_its_own():
    sheet = [
        ["金水区会员名册", "", "", "", "二七区会员名册"],
        ["企业名称", "信用代码", "电话", "", "单位名称", "统一代码", "联系电话"],
        [*firms(1)[0][1:], "", *firms(3)[0][1:]],
        [*firms(2)[0][1:], "", *firms(4)[0][1:]],
    ]
    assert read({"S": sheet}, "name", "phones", "county_code") == [
        ("S", 3, "accept", "示例1有限公司", ["13700000001"], "410105"),
        ("S", 4, "accept", "示例2有限公司", ["13700000002"], "410105"),
        ("S!E:G", 3, "accept", "示例3有限公司", ["13700000003"], "410103"),
        ("S!E:G", 4, "accept", "示例4有限公司", ["13700000004"], "410103"),
    ]


# Around the table


def test_a_letter_above_the_headings_says_the_county_and_nothing_else():
    letter = [
        ["关于报送会员名册的函"], ["市工商联："],
        ["　　现将我区会员名册报送如下。截至2014年12月31日，共有会员3家，其中企业会员2家，详见附件。"],
        ["　　联系人：李某某，电话：0371-63950001"], [""],
        ["　　　　　　　二七区工商业联合会"], ["　　　　　　　2015年1月5日"],
        [""], ["附件：会员名册"], ["填报单位：二七区工商联", "", "", "", "单位：万元"], [""],
    ]  # fmt: skip
    table = [
        ["编号", "单 位 名 称", "统一社会\n信用代码", "会费\n（万元）", "入会\n时间"],
        ["1", "示例1有限公司", uscc(1), 0.05, 20131231],
        ["2", "示例2有限公司", uscc(2), "0.1", "2013.12"],
        ["合计", "", "", "0.15", ""],
        ["填表人：赵某　　审核人：钱某"],
    ]
    assert read({"S": letter + table}, "fee_yuan", "join_date", "county_code", "listed_as") == [
        ("S", 13, "accept", 500, "2013-12-31", "410103", None),
        ("S", 14, "accept", 1000, "2013-12", "410103", None),
    ]


@pytest.mark.parametrize(
    "total",
    [
        ["Total", "", "", "500"],
        ["TOTAL:", 3, "", ""],
        ["Subtotal", "", "", 2],
        ["", "Grand Total", 3, ""],
        ["Sub-total: 2", "", "", ""],
        ["Sum", "", 3, 1500],
        ["小 计", "1", "", ""],
        ["", "总　计", "3家", "500"],
        ["共计：3家", "", "", ""],
    ],
)
def test_totals_in_either_language_are_no_members(total):
    assert read({"S": [HEAD, *firms(1), total, *firms(2)]}) == accepted(lambda n: ("S", 2 * n), 1, 2)


def test_firms_whose_names_begin_like_a_latin_total_are_members():
    names = ["Total示例润滑油有限公司", "Summit示例有限公司", "TotalEnergies示例"]
    assert [name for *_, name in read({"S": [["企业名称"], *[[name] for name in names]]}, "name")] == names


def test_a_line_over_rows_may_stand_in_two_cells():
    sheet = [
        HEAD, ["一、", "金水区（2家）", "", ""], *firms(1, 2), ["二", "二七区工商联", "", ""], *firms(3),
        ["", "小计：1家"],
    ]  # fmt: skip
    assert read({"S": sheet}, "name", "county_code") == [
        ("S", 3, "accept", "示例1有限公司", "410105"),
        ("S", 4, "accept", "示例2有限公司", "410105"),
        ("S", 6, "accept", "示例3有限公司", "410103"),
    ]


def test_a_summary_of_federations_beside_sheets_of_members_is_no_roster():
    summary = [["序号", "单位名称", "会员数", "备注"], [1, "金水区工商联", 2, ""], [2, "二七区工商业联合会", 1, ""]]
    sheets = {"汇总": [*summary, ["合计", "", 3, ""]], "金水区": [HEAD, *firms(1, 2)], "二七": [HEAD, *firms(3)]}
    places = {1: ("金水区", 2), 2: ("金水区", 3), 3: ("二七", 2)}
    assert read(sheets) == accepted(places.get, 1, 2, 3)


# Headings


def test_headings_in_two_languages_in_one_cell():
    heading = [
        "序号 No.", "企业名称 Company Name", "统一社会信用代码 USCC", "联系电话 Tel", "入会日期 Date Joined",
        "会费(元) Dues (CNY)", "所属区县 District",
    ]  # fmt: skip
    fields = ("name", "uscc", "phones", "join_date", "fee_yuan", "county_code")
    assert read({"S": [heading, [*firms(1)[0], "2014/5/7", "500", "金水区"]]}, *fields) == [
        ("S", 2, "accept", "示例1有限公司", uscc(1), ["13700000001"], "2014-05-07", 500, "410105")
    ]


def test_headings_in_two_languages_in_two_rows():
    sheet = [HEAD, ["No.", "Company", "USCC", "Telephone"], *firms(1, 2)]
    assert read({"S": sheet}) == accepted(lambda n: ("S", n + 2), 1, 2)


def test_headings_in_english_alone():
    heading = [
        "No", "Company Name", "Unified Social Credit Code", "Phone Number", "Membership Type", "Joining Date",
        "Annual Fee",
    ]  # fmt: skip
    fields = ("uscc", "phones", "member_type", "join_date", "fee_yuan")
    assert read({"S": [heading, [*firms(1)[0], "企业会员", date(2014, 5, 7), 500]]}, *fields) == [
        ("S", 2, "accept", uscc(1), ["13700000001"], "企业会员", "2014-05-07", 500)
    ]


@pytest.mark.parametrize("word", ["统一社会信用代码", "联系电话", "会员名称", "企业名称（全称）"])
def test_what_is_a_heading_is_nobodys_name(word):
    assert read({"S": [HEAD[:2], [1, "示例1有限公司"], [2, word], [3, "示例3有限公司"]]}, "name") == [
        ("S", 2, "accept", "示例1有限公司"),
        ("S", 4, "accept", "示例3有限公司"),
    ]


# Cells


def test_signs_without_width_are_neither_read_nor_kept():
    heading = ["企\u00a0业\u00a0名\u00a0称", "统一社会\u200b信用代码", "联系\ufeff电话", "入会时间"]
    row = ["\u200b示例1有限公司\ufeff", "\u200b".join(uscc(1)), "\u202d13700000001\u202c", "2013年12月31日\u00a0"]
    assert read({"S": [heading, row]}, "name", "uscc", "phones", "join_date") == [
        ("S", 2, "accept", "示例1有限公司", uscc(1), ["13700000001"], "2013-12-31")
    ]


def test_wide_signs_are_read_as_narrow_ones():
    def wide(text):
        return "".join(chr(ord(sign) + 0xFEE0) for sign in text)

    row = [wide("1"), "示例1有限公司", wide(uscc(1)), wide("13700000001")]
    assert read({"S": [HEAD, row]}, "uscc", "phones") == [("S", 2, "accept", uscc(1), ["13700000001"])]


@pytest.mark.parametrize("written", ["示例1有限公司 {}", "示例1有限公司（{}）", "示例1有限公司\n统一社会信用代码：{}"])
def test_a_code_in_the_cell_of_the_name_goes_to_the_codes(written):
    sheet = [["序号", "企业名称及信用代码"], [1, written.format(uscc(1))]]
    assert read({"S": sheet}) == accepted(lambda n: ("S", 2), 1)


def test_a_code_in_the_cell_of_the_name_that_does_not_check_stays_where_it_is():
    wrong = uscc(1)[:-1] + ("0" if uscc(1)[-1] != "0" else "1")
    assert read({"S": [HEAD[:2], [1, f"示例1有限公司{wrong}"]]})[0][3:] == (f"示例1有限公司{wrong}", None)


def test_among_which_before_a_name_is_no_part_of_it():
    assert read({"S": [HEAD[:2], [1, "示例集团有限公司"], [2, "  其中：示例子有限公司"]]}, "name") == [
        ("S", 2, "accept", "示例集团有限公司"),
        ("S", 3, "accept", "示例子有限公司"),
    ]


def test_state_and_remark_are_read_both():
    sheet = [["企业名称", "信用代码", "状态", "备注"]]
    sheet += [["示例1有限公司", uscc(1), "停业", ""], ["示例2有限公司", uscc(2), "在业", "2015年迁出"]]
    sheet += [["示例3有限公司", uscc(3), "存续", "老会员"]]
    found = read_book({"S": sheet}).rows
    assert [(row.record.get("status"), row.warnings) for row in found] == [
        ("停业", ("status_note",)),
        ("2015年迁出", ("status_note",)),
        (None, ()),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，"])
def test_text_files_are_divided_by_whatever_divides_their_lines(sign, encoding):
    text = "".join(sign.join(map(str, row)) + "\r\n" for row in [["会员名册，金水区"], HEAD, *firms(1, 2)])
    rows = read_text(text, encoding).rows
    assert [(row.number, row.record["name"], row.record["uscc"]) for row in rows] == [
        (n + 2, f"示例{n}有限公司", uscc(n)) for n in (1, 2)
    ]
