"""The roster's columns, and the reference rosters when they are present."""

import json
import subprocess
import sys
from datetime import date

import pytest
import yaml

from shanglian.imports.core.columns import Setting
from shanglian.imports.core.reading import read_file
from shanglian.imports.management.commands._reading import as_json
from shanglian.members.core import roster
from shanglian.members.core.roster import areas_by_name, roster_kind
from tests.imports.workbooks import csv_bytes, uscc
from tests.paths import ROOT, SHARED, needs_shared

POLICIES = ROOT / "shanglian" / "policies"
AREAS = areas_by_name(yaml.safe_load((POLICIES / "divisions" / "410100.yaml").read_text("utf-8")))
ROSTER = roster_kind(yaml.safe_load((POLICIES / "imports" / "roster.yaml").read_text("utf-8"))["headings"], AREAS)
SETTING = Setting(date(2015, 12, 31), False, "")


def read(head, *rows, on=date(2015, 12, 31)):
    return read_file(csv_bytes([head, *rows]), "a.csv", ROSTER, today=on).rows


def clean(cleaner, cell, heading=""):
    return cleaner(cell, Setting(date(2015, 12, 31), False, heading))


def test_a_whole_row_becomes_a_record():
    head = [
        "企业名称",
        "信用代码",
        "法人",
        "手机",
        "商会",
        "类别",
        "入会时间",
        "会费",
        "县区",
        "行业",
        "企业类型",
        "地址",
        "注册资金",
        "成立日期",
    ]
    row = [
        "示例（郑州）公司",
        uscc(1),
        "张示例",
        "17000000001",
        "示例商会",
        "企业会员",
        "2014.5",
        "500元",
        "管城区",
        "C",
        "有限责任公司",
        "示例路1号",
        "500(万元)",
        "2001-02-03",
    ]
    (read_row,) = read(head, row)
    assert (read_row.outcome, read_row.warnings) == ("accept", ())
    assert read_row.record == {
        "name": "示例（郑州）公司",
        "name_key": "示例(郑州)公司",
        "uscc": uscc(1),
        "legal_rep": "张示例",
        "phones": ["17000000001"],
        "chamber": "示例商会",
        "member_type": "企业会员",
        "join_date": "2014-05",
        "join_precision": "month",
        "fee_yuan": 500,
        "county_code": "410104",
        "industry_section": "C",
        "registration_type": "有限责任公司",
        "address": "示例路1号",
        "capital_wan": 500,
        "capital_currency": "CNY",
        "founded": "2001-02-03",
        "founded_precision": "day",
    }


def test_every_heading_belongs_to_one_column_only():
    spellings = [h for column in ROSTER.columns for h in column.headings]
    assert sorted(h for h in set(spellings) if spellings.count(h) > 1) == []


def test_the_headings_of_the_business_register_are_known():
    row_by_heading = {
        "name": "示例公司",
        "uscc": uscc(1),
        "reg_date": "2010-01-02",
        "legal_form": "有限责任公司",
        "legal_form_basis": "derived",
        "capital_raw": "20(万美元)",
        "capital_wan": "20",
        "capital_currency": "美元",
        "scope": "示例",
        "address": "示例路",
        "county_code": "",
        "county_name": "",
        "zone": "经开区",
        "uscc_area": "410100",
        "industry_section_guess": "F",
    }
    (row,) = read(list(row_by_heading), list(row_by_heading.values()))
    shown = {
        k: row.record[k]
        for k in (
            "founded",
            "registration_type",
            "capital_wan",
            "capital_currency",
            "county_code",
            "industry_section",
        )
    }
    assert shown == {
        "founded": "2010-01-02",
        "registration_type": "有限责任公司",
        "capital_wan": 20,
        "capital_currency": "USD",
        "county_code": "410100-jkq",
        "industry_section": "F",
    }


@pytest.mark.parametrize(
    ("codes", "outcome", "said"),
    [
        ((uscc(1), ""), "accept", ()),
        (("410100100000016", ""), "accept", ()),
        (("D2143569-X", ""), "accept", ()),
        (("", ""), "accept", ("id_missing",)),
        (("办理中", ""), "accept", ("id_missing",)),
        (("9.14E+17", ""), "accept", ("uscc_precision_lost",)),
        ((uscc(1)[:-1], ""), "reject", ("uscc_bad_length",)),
        (("410100100000017", ""), "reject", ("regno_bad_check",)),
        ((uscc(1), "410100100000017"), "accept", ("regno_bad_check",)),
    ],
)
def test_what_a_code_means_for_its_row(codes, outcome, said):
    (row,) = read(["企业名称", "信用代码", "注册号"], ["示例公司", *codes])
    assert (row.outcome, row.reasons + row.warnings) == (outcome, said)


@pytest.mark.parametrize(
    ("cell", "phones", "codes"),
    [
        ("17000000001", ["17000000001"], ()),
        (17000000001.0, ["17000000001"], ()),
        ("17000000001.0", ["17000000001"], ()),
        ("17000000001/17000000002", ["17000000001", "17000000002"], ()),
        ("办公:0371-55000001 手机:170 0000 0001", ["037155000001", "17000000001"], ()),
        ("17000000001\n17000000001", ["17000000001"], ()),
        ("+86-17000000001", ["17000000001"], ()),
        ("（0371）55000001", ["037155000001"], ()),
        ("无", [], ()),
        ("", [], ()),
        ("1700000000", [], ("phone_invalid",)),
        ("见附件", [], ("phone_invalid",)),
    ],
)
def test_telephones(cell, phones, codes):
    assert clean(roster.clean_phones, cell) == ({"phones": phones} if phones else {}, codes)


def test_two_columns_of_telephones_are_one_list():
    (row,) = read(["企业名称", "办公电话", "手机"], ["示例公司", "0371-55000001", "17000000001"])
    assert row.record["phones"] == ["037155000001", "17000000001"]


@pytest.mark.parametrize(
    ("cell", "heading", "fee"),
    [
        (500.0, "", 500),
        ("500元", "", 500),
        ("￥1,000.00", "", 1000),
        ("500/年", "", 500),
        ("伍佰元", "", 500),
        ("壹万贰仟元整", "", 12000),
        ("一千五百", "", 1500),
        ("0.5", "会费(万元)", 5000),
        ("1万元", "", 10000),
        ("免", "", None),
        ("", "", None),
    ],
)
def test_fees_are_yuan(cell, heading, fee):
    assert clean(roster.clean_fee, cell, heading) == ({} if fee is None else {"fee_yuan": fee}, ())


@pytest.mark.parametrize(
    ("cell", "wan", "currency"),
    [
        ("1,000(万元)", 1000, "CNY"),
        ("26,853.6261(万元)", 26853.6261, "CNY"),
        ("86600万人民币", 86600, "CNY"),
        ("20(万美元)", 20, "USD"),
        ("13(万香港元)", 13, "HKD"),
        ("5000000元", 500, "CNY"),
        ("1.2亿元", 12000, "CNY"),
    ],
)
def test_capital_has_a_currency(cell, wan, currency):
    assert clean(roster.clean_capital, cell) == ({"capital_wan": wan, "capital_currency": currency}, ())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("金水区", "410105"),
        ("郑州市 金水区", "410105"),
        ("河南省郑州市金水区", "410105"),
        ("管城", "410104"),
        ("邙山区", "410108"),
        ("410105", "410105"),
        ("410171", "410100-jkq"),
        ("港区", "410100-hkg"),
        ("郑东新区", "410100-zdxq"),
    ],
)
def test_areas_are_known_by_every_usual_name(written, code):
    (row,) = read(["企业名称", "信用代码", "县区"], ["示例公司", uscc(1), written])
    assert (row.record["county_code"], row.warnings) == (code, ())


def test_an_unknown_area_is_said_and_not_guessed():
    (row,) = read(["企业名称", "信用代码", "县区"], ["示例公司", uscc(1), "某地"])
    assert ("county_code" in row.record, row.warnings) == (False, ("county_unknown",))


def test_the_title_may_say_the_county_of_all_rows():
    rows = read(["惠济区工商联会员名册"], ["企业名称", "信用代码"], ["示例公司", uscc(1)])
    assert rows[0].record["county_code"] == "410108"


def test_a_firm_founded_after_the_rosters_day_is_kept_with_a_warning():
    (row,) = read(["企业名称", "信用代码", "成立日期"], ["示例公司", uscc(1), "2016-01-01"])
    assert (row.outcome, row.warnings, row.record["founded"]) == ("accept", ("date_in_future",), "2016-01-01")


@pytest.mark.parametrize(
    ("cell", "fields"),
    [
        ("C", {"industry_section": "C"}),
        ("制造业", {"industry_section": "C", "industry": "制造业"}),
        ("C制造业", {"industry_section": "C", "industry": "C制造业"}),
        ("销售：日用百货", {"industry": "销售：日用百货"}),
        ("/", {}),
    ],
)
def test_an_industry_is_a_section_only_where_it_says_so(cell, fields):
    assert clean(roster.clean_industry, cell) == (fields, ())


def test_a_record_has_no_other_fields_than_it_says():
    head = [column.headings[0] for column in ROSTER.columns]
    (row,) = read(head, ["示例公司" if heading == "企业名称" else "1" for heading in head])
    assert set(row.record) <= set(roster.FIELDS)


def test_text_that_looks_like_a_formula_stays_text():
    (row,) = read(["企业名称", "信用代码", "地址"], ["=HYPERLINK(示例)", uscc(1), "@SUM(1+1)"])
    assert (row.record["name"], row.record["address"]) == ("=HYPERLINK(示例)", "@SUM(1+1)")


@needs_shared
@pytest.mark.parametrize("name", ["d01_clean.xlsx", "d02_messy.xlsx", "d03_gbk.csv"])
def test_the_reference_rosters_are_read_without_a_fault(name, tmp_path):
    data = (SHARED / "data" / "dev_rosters" / name).read_bytes()
    rows = read_file(data, name, ROSTER, today=date(2026, 1, 1)).rows
    result = tmp_path / "result.json"
    result.write_text(json.dumps({"file": name, "rows": [as_json(row) for row in rows]}), "utf-8")
    command = [sys.executable, SHARED / "tools" / "score.py", result]
    score = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert (score["outcome_strict"], score["missing"], score["problems"]) == (1.0, 0, [])
    assert set(score["fields"].values()) == {1.0}


@needs_shared
def test_every_row_of_the_business_register_is_read():
    path = SHARED / "data" / "registry_zhengzhou.csv"
    rows = read_file(path.read_bytes(), path.name, ROSTER, today=date(2026, 1, 1)).rows
    assert (len(rows), {row.outcome for row in rows}, {row.warnings for row in rows}) == (
        24003,
        {"accept"},
        {()},
    )
