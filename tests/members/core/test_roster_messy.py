"""A roster with everything that rosters have: each of the nineteen usual features, in shapes of our own."""

from datetime import date

import pytest

from shanglian.imports.core.files import UnreadableFile
from tests.members.core.rosters import read_book, read_text
from tests.sample_codes import uscc


def brief(file, *fields):
    """(row, outcome, codes, chosen fields…) of every row."""
    return [
        (row.number, row.outcome, (*row.reasons, *row.warnings), *(row.record.get(field) for field in fields))
        for row in file.rows
    ]


def names(file):
    return [(row.sheet, row.number, row.record.get("name")) for row in file.rows]


# 1, 2, 14: headings, lines that are no data, 同上 ------------------------------------------------------------

FEDERATION = [
    ["示例市工商联会员名册（2018年）", *[""] * 10],
    ["填报单位：示例市工商联", *[""] * 10],
    ["序号", "所属县区", "企业信息", "", "法定代表人", "", "会员信息", "", "", "所属商会", "备注"],
    ["", "", "名称", "统一社会信用代码", "姓名", "电话", "类型", "入会时间", "会费", "", ""],
    ["甲", "乙", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    [1, "金水区", "示例一公司", uscc(1), "张示例", "17000000001", "企业会员", "2014.5.7", "500元", "示例商会", ""],
    [2, "", "示例二公司", uscc(2), "李示例", 17000000002, "〃", date(2014, 5, 7), 1000, "同上", ""],
    ["", "", "小计：2家", "", "", "", "", "", 1500, "", ""],
    ["", *[""] * 10],
    ["序号", "所属县区", "名称", "统一社会信用代码", "姓名", "电话", "类型", "入会时间", "会费", "所属商会", "备注"],
    [3, "惠济区", "示例三公司", "9.14E+17", "王示例", "0371-55000001", "同上", "二〇一四年五月", "免", "〃", "已停业"],
    [4, "", "示例四公司", uscc(4), "〃", "17000000004", "〃", "2014年", "伍佰元", "另一商会", ""],
    ["", "", "", "", "", "", "", "", 2000, "", ""],
    ["合计", "", "4家", *[""] * 8],
    ["制表人：某某", "", "", "审核人：某某", "", "", "", "2018年12月31日", "", "", ""],
    ["注：本表一式两份", *[""] * 10],
]
LOST = ("uscc_precision_lost", "status_note")
MERGES = ["A1:K1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:I3", "J3:J4", "K3:K4", "B6:B8", "B11:B12", "A16:K16"]


def test_merged_two_row_headings_totals_notes_and_ditto():
    file = read_book({"Sheet1": FEDERATION}, {"Sheet1": MERGES})
    assert brief(file, "name", "county_code", "member_type", "chamber", "join_date", "fee_yuan") == [
        (6, "accept", (), "示例一公司", "410105", "企业会员", "示例商会", "2014-05-07", 500),
        (7, "accept", (), "示例二公司", "410105", "企业会员", "示例商会", "2014-05-07", 1000),
        (11, "accept", LOST, "示例三公司", "410108", "企业会员", "示例商会", "2014-05", None),
        (12, "accept", (), "示例四公司", "410108", "企业会员", "另一商会", "2014", 500),
    ]  # fmt: skip
    assert [row.record["legal_rep"] for row in file.rows] == ["张示例", "李示例", "王示例", "王示例"]


def test_the_same_sheet_without_its_merges_as_in_a_text_file():
    head = "序号,企业名称,会员信息,,,联系方式,\n,,类型,入会时间,会费,手机,固话\n"
    file = read_text("会员名册,,,,,,\n" + head + "1,示例一公司,企业,2014,500/年,17000000001,0371-55000001\n")
    assert brief(file, "member_type", "join_date", "fee_yuan", "phones") == [
        (4, "accept", ("id_missing",), "企业", "2014", 500, ["17000000001", "037155000001"])
    ]


def test_headings_of_three_rows_with_parts_named_below():
    rows = [
        ["单位名称", "联系电话", "", "会费缴纳", "", "入会", "所属区"],
        ["", "其中：", "", "应缴", "实缴", "日期", ""],
        ["", "手机", "固话", "", "", "", ""],
        ["示例一公司", "17000000001", "0371-55000001", 500, 300, "2014.5", "金水区"],
    ]
    merges = ["A1:A3", "B1:C1", "B2:C2", "D1:E1", "D2:D3", "E2:E3", "F2:F3", "G1:G3"]
    file = read_book({"a": rows}, {"a": merges})
    assert brief(file, "phones", "fee_yuan", "join_date", "county_code") == [
        (4, "accept", ("id_missing",), ["17000000001", "037155000001"], 500, "2014-05", "410105")
    ]


@pytest.mark.parametrize(
    "line",
    [
        ["小 计", "2家", ""], ["", "本页合计", "2"], ["共计：2家", "", ""], ["金水区小计", "", "2"], ["注：某", "", ""],
        ["填表人：某某", "", "联系电话：17000000001"], ["以下空白", "", ""], ["第1页 共2页", "", ""],
        ["2018年12月31日", "", ""], ["", "", "示例市工商联（盖章）"], ["企业名称", "信用代码", "电话"],
        ["例：", "示例", ""], ["", "", ""], ["(1)", "(2)", "(3)"], ["备注：1.某", "", ""], ["会员总数：2家", "", ""],
    ],
)  # fmt: skip
def test_a_line_that_is_no_data_neither_becomes_a_member_nor_stops_the_reading(line):
    rows = [["企业名称", "信用代码", "电话"], ["示例一公司", uscc(1), ""], line, ["示例二公司", uscc(2), ""]]
    assert brief(read_book({"a": rows}), "name") == [(2, "accept", (), "示例一公司"), (4, "accept", (), "示例二公司")]


@pytest.mark.parametrize(
    "name", ["合计信息公司", "注册代理公司", "示例设计公司", "总部基地公司", "第一公司", "一二公司", "日期公司"]
)
def test_firms_whose_names_begin_like_a_total_or_a_note_are_data(name):
    assert names(read_text(f"序号,企业名称\n1,{name}\n")) == [("csv", 2, name)]


def test_ditto_with_nothing_above_is_nothing():
    (row,) = read_text("企业名称,所属商会,信用代码\n示例一公司,同上,〃\n").rows
    assert (row.outcome, row.warnings, "chamber" in row.record) == ("accept", ("id_missing",), False)


# 3, 19: sheets, blocks, areas ------------------------------------------------------------


def test_one_sheet_per_county_each_in_its_own_words_and_hidden_ones_skipped():
    file = read_book(
        {
            " 金 水 区 ": [["编号", "企 业 名 称", "证照号"], [1, "示例一公司", uscc(1)]],
            "Sheet5": [
                ["管城区工商联会员名册"],
                [],
                ["负责人/法人/法人代表", "会员单位（公章全称）"],
                ["张示例", "示例二公司"],
            ],
            "空": [],
            "说明": [["金水区", "企业名称"], ["", "示例三公司"]],
        },
        hidden=["说明"],
    )
    assert [(row.sheet, row.record["name"], row.record["county_code"]) for row in file.rows] == [
        (" 金 水 区 ", "示例一公司", "410105"),
        ("Sheet5", "示例二公司", "410104"),
    ]
    assert file.problems == ()


def test_several_blocks_below_each_other_with_columns_and_counties_of_their_own():
    file = read_text(
        "会员名册,,,\n一、金水区,,,\n序号,企业名称,会费（万元）,入会\n1,示例一公司,0.05,2014年5月\n小计,1家,,\n"
        "二、中原区（1家）,,,\n1,示例二公司,0.1,2014\n,,,\n惠济区团体会员名单,,,\n"
        "联系电话,会员单位,信用代码,备注\n17000000001,示例商会," + uscc(3) + ",\n总计：3家,,,\n"
    )
    assert brief(file, "name", "county_code", "fee_yuan") == [
        (4, "accept", ("id_missing",), "示例一公司", "410105", 500),
        (7, "accept", ("id_missing",), "示例二公司", "410102", 1000),
        (11, "accept", (), "示例商会", "410108", None),
    ]
    assert [table.heading_row for table in file.tables] == [3, 10]


def test_a_line_over_each_block_names_its_chamber_and_is_no_heading():
    file = read_text(
        "会员花名册,,,\n一、软件行业商会（1家）,,,\n序号,会 员 单 位,证照号码,何时入会\n1、,示例一公司,"
        + uscc(1)
        + ",2014\n"
        "二、行业商会,,,\n序号,会 员 单 位,证照号码,何时入会\n1、,示例二公司," + uscc(2) + ",2015\n"
    )
    assert brief(file, "name", "chamber", "join_date") == [
        (4, "accept", (), "示例一公司", "软件行业商会", "2014"),
        (7, "accept", (), "示例二公司", None, "2015"),
    ]


def test_two_tables_beside_each_other_are_two_tables():
    file = read_text("序号,企业名称,电话,,序号,企业名称,电话\n1,示例一公司,17000000001,,2,示例二公司,17000000002\n")
    assert [(row.sheet, row.record["name"], row.record["phones"]) for row in file.rows] == [
        ("csv", "示例一公司", ["17000000001"]),
        ("csv!E:G", "示例二公司", ["17000000002"]),
    ]


def test_a_merged_column_of_counties_needs_no_heading_and_its_totals_are_no_rows():
    rows = [
        ["", "企业名称", "信用代码"],
        ["金水区", "示例一公司", uscc(1)],
        ["", "示例二公司", uscc(2)],
        ["", "小计", "2"],
        ["二七区", "示例三公司", uscc(3)],
    ]
    file = read_book({"a": rows}, {"a": ["A2:A4"]})
    assert brief(file, "county_code") == [
        (2, "accept", (), "410105"), (3, "accept", (), "410105"), (5, "accept", (), "410103"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("邙山区", "410108"), ("管城区", "410104"), ("郑州金水区", "410105"), ("金水区（含开发区）", "410105"),
        ("郑州市/金水区", "410105"), ("410105001", "410105"), ("金水区示例路街道", "410105"),
        ("郑东新区", "410100-zdxq"),
        ("高新区", "410100-gxq"), ("港区", "410100-hkg"), ("密县", "410183"),
    ],
)  # fmt: skip
def test_areas_by_former_names_aliases_and_numbers(written, code):
    (row,) = read_text(f"企业名称,所在县（市、区）\n示例公司,{written}\n").rows
    assert (row.record.get("county_code"), row.warnings) == (code, ("id_missing",))


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("金水工商联会员名册", "410105"),
        ("填报单位：荥阳市工商业联合会", "410182"),
        ("金水区、二七区会员名册", None),
        ("填报说明：如“金水区”", None),
        ("某市工商联会员名册", None),
    ],
)
def test_a_title_says_the_county_when_it_names_one(title, code):
    (row,) = read_text(f"{title},\n企业名称,电话\n示例公司,17000000001\n").rows
    assert row.record.get("county_code") == code


# 4 to 7, 15, 16: dates, telephones, money ------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("２０１４．５．７", "2014-05-07"), ("2014年5月", "2014-05"), ("20140507", "2014-05-07"),
        ("41766", "2014-05-07"),
        ("41766.0", "2014-05-07"), ("二〇一四年五月七日", "2014-05-07"), ("二O一四年五月七日", "2014-05-07"),
        ("贰零壹肆年伍月", "2014-05"), ("二〇一四年五月廿三日", "2014-05-23"), ("2014。5。7", "2014-05-07"),
        ("2014年", "2014"),
    ],
)  # fmt: skip
def test_days_in_every_spelling(written, day):
    (row,) = read_text(f"企业名称,入会时间\n示例公司,{written}\n").rows
    assert (row.record["join_date"], row.warnings) == (day, ("id_missing",))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2014.13.5", "date_invalid"), ("2015-02-30", "date_invalid"), ("不详", "join_date_missing"),
        ("2099-01-01", "date_in_future"), ("05/07/2014", "date_ambiguous"), ("2014-2015", "date_range"),
        ("14.5.7", "date_two_digit_year"), ("某日", "date_unparsable"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_read_is_said_and_left_out(written, code):
    (row,) = read_text(f"企业名称,入会时间,信用代码\n示例公司,{written},{uscc(1)}\n").rows
    assert (row.outcome, row.warnings, "join_date" in row.record) == ("accept", (code,), False)


def test_days_counted_from_1904():
    rows = [["企业名称", "入会时间"], ["示例一公司", 40304], ["示例二公司", date(2014, 5, 7)], ["示例三公司", "40304"]]
    file = read_book({"a": rows}, date_1904=True)
    assert [row.record["join_date"] for row in file.rows] == ["2014-05-07"] * 3


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("办公:0371-55000001 手机:17000000001", ["037155000001", "17000000001"]),
        ("17000000001\n0371-55000001-801", ["17000000001", "037155000001"]),
        (17000000001.0, ["17000000001"]), ("17000000001.0", ["17000000001"]), (37155000001, ["037155000001"]),
        ("（0371）５５００００01、17000000002", ["037155000001", "17000000002"]), ("1.7000000001E10", ["17000000001"]),
    ],
)  # fmt: skip
def test_telephones_are_taken_apart(cell, phones):
    (row,) = read_book({"a": [["企业名称", "联系方式"], ["示例公司", cell]]}).rows
    assert (row.record["phones"], row.warnings) == (phones, ("id_missing",))


def test_a_telephone_behind_a_name_goes_to_the_telephones():
    (row,) = read_text("企业名称,法人及电话,手机\n示例公司,张示例 17000000001,17000000002\n").rows
    assert (row.record["legal_rep"], row.record["phones"]) == ("张示例", ["17000000001", "17000000002"])


@pytest.mark.parametrize(
    ("written", "fee"),
    [
        ("￥1，000.00", 1000), ("伍佰元整", 500), ("一万二", 12000), ("一千零五", 1005), ("5百", 500),
        ("2018年500元", 500),
        ("500/年", 500), ("免（原500）", None), ("未缴", None),
    ],
)  # fmt: skip
def test_fees_in_every_spelling(written, fee):
    (row,) = read_text(f"企业名称,会费\n示例公司,{written}\n").rows
    assert row.record.get("fee_yuan") == fee


# 8 to 13: codes, names, repeats ------------------------------------------------------------

ROUND = uscc(100)


@pytest.mark.parametrize(
    ("written", "outcome", "codes", "stored"),
    [
        ("9.14E+17", "accept", ("uscc_precision_lost",), {}),
        ("914101057218890000", "accept", ("uscc_precision_lost",), {}),
        ("统一社会信用代码：" + uscc(1).lower(), "accept", (), {"uscc": uscc(1)}),
        (f"\t{uscc(1)[:4]} {uscc(1)[4:8]}\xa0{uscc(1)[8:]}", "accept", (), {"uscc": uscc(1)}),
        (ROUND.replace("0", "O"), "reject", ("uscc_illegal_char",), {}),  # never mended silently
        (ROUND.replace("1", "l"), "reject", ("uscc_illegal_char",), {}),
        (ROUND.replace("0", "O")[:-1] + "I", "reject", ("uscc_illegal_char",), {}),
        (uscc(1)[:-1], "reject", ("uscc_bad_length",), {}),
        (uscc(1) + "1", "reject", ("uscc_bad_length",), {}),
        ("410100100000016.0", "accept", (), {"reg_no": "410100100000016"}),
        (f"{uscc(1)}/410100100000016", "accept", (), {"uscc": uscc(1), "reg_no": "410100100000016"}),
        ("05472372-2", "accept", (), {"org_code": "054723722"}),
        ("54723722", "accept", ("leading_zero_restored",), {"org_code": "054723722"}),
        *((sign, "accept", ("id_missing",), {}) for sign in ("无", "/", "—", "暂无", "办理中", "N/A", "见营业执照")),
    ],
)  # fmt: skip
def test_codes_are_kept_or_refused_by_what_they_prove(written, outcome, codes, stored):
    (row,) = read_text(f"企业名称,证照号\n示例公司,{uscc(9)}\n示例一公司,{written}\n").rows[1:]
    fields = {key: value for key, value in row.record.items() if key in ("uscc", "org_code", "reg_no", "other_code")}
    assert (row.outcome, row.reasons + row.warnings, fields) == (outcome, codes, stored)


@pytest.mark.parametrize("heading", ["证", "", "备案情况", "注册号", "组织机构代码"])
def test_a_column_of_codes_is_one_whatever_its_title(heading):
    file = read_text(f"序号,企业名称,{heading}\n1,示例一公司,{uscc(1)}\n2,示例二公司,/\n3,示例三公司,{uscc(3)}\n")
    assert brief(file, "uscc") == [
        (2, "accept", (), uscc(1)), (3, "accept", ("id_missing",), None), (4, "accept", (), uscc(3)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "key", "former", "status"),
    [
        ("★示例 （郑州）公司", "示例(郑州)公司", None, None),
        ("示例公司（原名：旧（郑州）公司）", "示例公司", "旧（郑州）公司", None),
        ("示例公司(原旧示例公司)", "示例公司", "旧示例公司", None),
        ("示例（原州区）公司", "示例(原州区)公司", None, None),
        ("示例公司（已注销）", "示例公司", None, "已注销"),
        ("示例公司 已吊销", "示例公司", None, "已吊销"),
        ("12、示例公司", "示例公司", None, None),
        ("３．示例公司", "示例公司", None, None),
        ("3M示例公司", "3M示例公司", None, None),
    ],
)
def test_names_lose_what_is_said_about_them(written, key, former, status):
    (row,) = read_text(f"企业名称,信用代码\n{written},{uscc(1)}\n").rows
    said = (row.record["name_key"], row.record.get("former_name"), row.record.get("status"))
    assert (said, row.warnings) == ((key, former, status), ("status_note",) if status else ())


def test_all_problems_of_a_row_are_said():
    (row,) = read_text(f"企业名称,信用代码,入会时间,电话,县区\n,{uscc(1)[:-1]},2014.13.5,1700,某地\n").rows
    assert (row.outcome, {problem.code for problem in row.problems}) == (
        "reject",
        {"name_missing", "uscc_bad_length", "date_invalid", "phone_invalid", "county_unknown"},
    )


def test_a_fixed_line_may_be_written_in_groups_of_four():
    (row,) = read_text("企业名称,联系电话\n示例甲公司,办：0371-6000 0001；手机138 0000 0002\n").rows
    assert row.record["phones"] == ["037160000001", "13800000002"]


# Sheets of other shapes ------------------------------------------------------------


def test_a_summary_by_area_is_no_roster():
    summary = [["单位", "会员数", "其中：企业会员"], ["中原区", 120, 60], ["二七区", 98, 50], ["合计", 218, 110]]
    file = read_book({"总表": summary, "中原区": [["企业名称"], ["示例甲有限公司"]]})
    assert [(row.sheet, row.record["name"]) for row in file.rows] == [("中原区", "示例甲有限公司")]
    assert [(problem.code, problem.sheet) for problem in file.problems] == [("no_headings", "总表")]


def test_in_a_list_of_persons_the_person_is_the_member():
    head = ["序号", "姓名", "工作单位", "手机"]
    people = [[1, "张示例", "示例陶瓷有限公司", "17000000001"], [2, "李示例", "", "17000000002"]]
    file = read_book({"个人会员": [["登封市工商联个人会员登记表"], head, *people]})
    assert [row.record for row in file.rows] == [
        {
            "name": "张示例",
            "name_key": "张示例",
            "employer": "示例陶瓷有限公司",
            "phones": ["17000000001"],
            "county_code": "410185",
            "listed_as": "个人会员",
        },
        {
            "name": "李示例",
            "name_key": "李示例",
            "phones": ["17000000002"],
            "county_code": "410185",
            "listed_as": "个人会员",
        },
    ]


def test_what_is_personal_is_recognised_with_and_without_a_heading_and_not_taken_over():
    head = ["序号", "姓 名", "性别", "身份证号", "工作单位及职务", "", "入会情况"]
    rows = [
        [n, f"示例{n}", "男", "410184197001010018", "示例陶瓷有限公司 经理", "410184197001010018", "2014年"]
        for n in (1, 2)
    ]
    file = read_book({"个人会员": [head, ["", "", "", "", "", "", "时间"], *rows]})
    assert file.tables[0].columns["sensitive"] == [2, 3, 5]
    assert file.rows[0].record == {
        "name": "示例1", "name_key": "示例1", "employer": "示例陶瓷有限公司 经理", "join_date": "2014",
        "join_precision": "year", "listed_as": "个人会员",
    }  # fmt: skip


def test_a_person_beside_a_firm_is_not_the_member():
    file = read_book({"名册": [["企业名称", "姓名", "职务"], ["示例甲有限公司", "张示例", "副会长"]]})
    assert file.rows[0].record == {"name": "示例甲有限公司", "name_key": "示例甲有限公司"}


@pytest.mark.parametrize(
    ("sheet", "title", "said"),
    [
        ("团体会员", "名册", "团体会员"),
        ("Sheet1", "某县企业会员名册", "企业会员"),
        ("Sheet1", "企业会员、个人会员名册", None),
        ("个人会员", "团体会员名册", "团体会员"),
    ],
)
def test_a_title_or_the_sheets_name_says_the_category(sheet, title, said):
    file = read_book({sheet: [[title], ["名称", "联系电话"], ["示例商会", "17000000001"]]})
    assert file.rows[0].record.get("listed_as") == said


# 17, 18: files ------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rare_signs_line_breaks_and_formulas_survive_every_encoding(encoding):
    text = f'某会会员名册\n企业名称\t信用代码\t地址\n"示例䶮\n公司"\t"\t{uscc(1)}"\t=HYPERLINK("x")\n'
    (row,) = read_text(text.replace('=HYPERLINK("x")', "=HYPERLINK(x)"), encoding).rows
    assert (row.record["name_key"], row.record["uscc"], row.record["address"]) == (
        "示例䶮公司",
        uscc(1),
        "=HYPERLINK(x)",
    )


# What a person confirmed ------------------------------------------------------------


def test_what_was_confirmed_comes_before_every_guess():
    text = f"编号,对 象（全称）,甲,联系电话\n1,某某,{uscc(1)},17000000001\n"
    with pytest.raises(UnreadableFile):
        read_text(text)
    file = read_text(text, confirmed={"对象": "name", "联系电话": "", "甲": ""})
    assert file.tables[0].columns == {"name": [1]}
    assert brief(file, "name", "uscc", "phones") == [(2, "accept", ("id_missing",), "某某", None, None)]
