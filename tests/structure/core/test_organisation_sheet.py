"""The list of organisations as it comes: kinds guessed from names, headings of all sorts, messy workbooks."""

import csv
from datetime import date

import pytest

from shanglian.common.core.names import name_key
from shanglian.directory.core.kinds import OrgKind
from shanglian.imports.core.reading import read_file
from shanglian.structure.core.organisation_names import guessed_kind, place_names, split_name
from shanglian.structure.core.organisation_rules import assumed, closing_day, founding_day, next_code
from shanglian.structure.org_reading import name_words, organisation_reading
from tests.imports.workbooks import csv_bytes, xlsx_bytes
from tests.paths import SHARED

ON = date(2014, 12, 31)
REAL_NAMES = SHARED / "data" / "chambers_real_names.csv"
# How the list of real names writes a kind → the kinds that are plausible for it.
PLAUSIBLE: dict[str, set[OrgKind | None]] = {
    "异地": {OrgKind.NON_LOCAL_CHAMBER},
    "行业": {OrgKind.INDUSTRY_CHAMBER},
    "其他": {OrgKind.OTHER_CHAMBER},
    "园区": {OrgKind.PARK_CHAMBER},
    "综合": {None},  # federations: no name tells their level
}


def guess(name: str) -> OrgKind | None:
    return guessed_kind(name_key(name), name_words())


def rows_of(table, name="名录.csv"):
    return read_file(csv_bytes(table), name, organisation_reading(), today=ON).rows


def one(headings, *cells):
    (row,) = rows_of([headings, cells])
    return row


# Kinds ------------------------------------------------------------


@pytest.mark.skipif(not REAL_NAMES.exists(), reason="the list of real names is not here")
def test_the_kind_of_every_real_name_is_plausible():
    with REAL_NAMES.open(encoding="utf-8") as file:
        real = [(line["name"], line["kind"].split("(")[0]) for line in csv.DictReader(file)]

    assert len(real) > 30
    assert [(name, kind, guess(name)) for name, kind in real if guess(name) not in PLAUSIBLE[kind]] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("金水区纺织商会（示例）", "industry_chamber"),
        ("郑州市家具行业协会", "industry_chamber"),
        ("经八路街道商会", "street_chamber"),
        ("花园路街道办事处商会", "street_chamber"),
        ("马寨镇商会", "township_chamber"),
        ("小刘村商会", "village_chamber"),
        ("未来路社区商会", "community_chamber"),
        ("华丰灯饰市场商会", "market_chamber"),
        ("国贸大厦商会", "building_chamber"),
        ("金岱产业集聚区商会", "cluster_chamber"),
        ("黄河科技园商会", "park_chamber"),
        ("郑州市温州商会", "non_local_chamber"),
        ("南阳江苏商会", "non_local_chamber"),
        ("郑州市巩义商会", "non_local_chamber"),
        ("景德镇商会", "non_local_chamber"),
        ("新密市商会", "other_chamber"),
        ("金水区商会", "other_chamber"),
        ("郑州市青年企业家协会", "other_chamber"),
        ("郑州市女企业家商会", "other_chamber"),
        ("郑州市个体劳动者协会", "other_chamber"),
        ("河南省工商业联合会", None),
        ("郑州航空港区工商联（总商会）", None),
        ("示例有限公司", None),
    ],
)
def test_the_kind_a_name_speaks_of(name, kind):
    assert guess(name) == kind


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("行业商（协）会", "industry_chamber"),
        ("异地商会类", "non_local_chamber"),
        ("乡镇", "township_chamber"),
        ("产业集聚区", "cluster_chamber"),
        ("县级工商联", "county"),
        ("other_chamber", "other_chamber"),
    ],
)
def test_the_kind_a_cell_states_comes_before_the_name(written, kind):
    row = one(["商会名称", "种类"], "示例街道商会", written)
    assert (row.record["kind"], row.record["kind_word"], row.warnings) == (kind, written, ())


def test_an_unknown_kind_is_said_and_the_name_asked():
    row = one(["商会名称", "种类"], "示例街道商会", "甲类二级")
    assert (row.record["kind"], row.warnings) == ("street_chamber", ("kind_unknown",))


# Cells ------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "keys"),
    [
        (
            ["组织名称", "简称", "上级组织", "成立时间"],
            {"name", "short_name", "parent", "founded", "founded_precision"},
        ),
        (["商（协）会名称", "所属县区", "登记日期"], {"name", "parent", "founded", "founded_precision"}),
        (["*商会全称", "系统编码", "注销时间"], {"name", "code", "closed", "closed_precision"}),
    ],
)
def test_headings_in_their_many_spellings(headings, keys):
    cells = {"简称": "示例", "系统编码": "410105-sh-003"}
    row = one(
        headings,
        "示例餐饮商会",
        *[cells.get(h, "金水区" if "县" in h or "上级" in h else "2012-03-04") for h in headings[1:]],
    )
    assert row.record.keys() - {"name_key", "kind", "kind_guessed"} == keys


@pytest.mark.parametrize(
    ("said", "ended", "codes"),
    [
        ("已注销", True, ()),
        ("已撤销。", True, ()),
        ("2014年撤销后重新登记", False, ("status_note",)),
        ("正常", False, ()),
    ],
)
def test_only_a_remark_that_says_nothing_else_ends_an_organisation(said, ended, codes):
    row = one(["名称", "种类", "备注"], "示例餐饮商会", "行业", said)
    assert ("ended" in row.record, row.warnings) == (ended, codes)


def test_somebody_elses_numbering_is_no_code_of_ours():
    row = one(["名称", "种类", "组织代码"], "示例餐饮商会", "行业", "SH-001")
    assert ("code" in row.record, row.warnings) == (False, ("code_not_ours",))


def test_a_founding_after_the_day_of_the_list_is_left_out():
    row = one(["名称", "种类", "成立日期"], "示例餐饮商会", "行业", "2015-01-01")
    assert ("founded" in row.record, row.warnings) == (False, ("date_in_future",))


def test_a_name_in_brackets_and_the_end_of_an_organisation_stand_in_fields_of_their_own():
    row = one(["名称", "种类"], "示例餐饮商会（原名：示例饭店商会）", "行业")
    assert (row.record["name"], row.record["former_name"]) == ("示例餐饮商会", "示例饭店商会")
    assert one(["名称", "种类"], "示例餐饮商会（已注销）", "行业").record["ended"] == "已注销"


# Whole sheets ------------------------------------------------------------


def test_a_messy_workbook_gives_its_organisations_and_nothing_else():
    sheet = [
        ["郑州市所属商会名录", "", "", "", ""],
        ["填报单位：示例工商联", "", "", "2014年12月", ""],
        ["序号", "基本情况", "", "成立情况", ""],
        ["", "商会名称", "类别", "成立时间", "备注"],
        ["一、金水区", "", "", "", ""],
        [1, "示例餐饮商会", "行业商会", "2011.3.5", ""],
        [2, "示例街道商会", "街道", "2012年5月", ""],
        ["", "小计", "2个", "", ""],
        ["二、二七区", "", "", "", ""],
        ["序号", "商会名称", "类别", "成立时间", "备注"],
        [1, "示例餐饮商会", "同上", "〃", ""],
        [2, "", "行业商会", "", "名称待定"],
        ["合计", "", "4个", "", ""],
        ["注：以上数据截至2014年底", "", "", "", ""],
    ]
    reading = read_file(xlsx_bytes({"名录": sheet}), "名录.xlsx", organisation_reading(), today=ON)

    assert [
        (row.number, row.outcome, row.record.get("name"), row.record.get("county_code")) for row in reading.rows
    ] == [
        (6, "accept", "示例餐饮商会", "410105"),
        (7, "accept", "示例街道商会", "410105"),
        (11, "accept", "示例餐饮商会", "410103"),
        (12, "reject", None, "410103"),
    ]


def test_the_same_name_below_the_same_parent_is_named_twice():
    rows = rows_of(
        [["名称", "隶属"], ["示例商会", "金水区"], ["示例商会", "二七区"], ["示例商会", "金水区"]],
    )
    assert [row.outcome for row in rows] == ["accept", "accept", "duplicate"]


def test_a_column_of_names_needs_no_heading_that_is_known():
    rows = rows_of([["序号", "入册组织", "种类"], [1, "示例餐饮商会", "行业"], [2, "示例家具协会", "行业"]])
    assert [row.record["name"] for row in rows] == ["示例餐饮商会", "示例家具协会"]


# Rules ------------------------------------------------------------


def test_days_come_from_the_row_only_where_it_says_them_to_the_day():
    assert founding_day({"founded": "2012-03-04", "founded_precision": "day"}, ON) == date(2012, 3, 4)
    assert founding_day({"founded": "2012-03", "founded_precision": "month"}, ON) == ON
    assert closing_day({}, ON) is None
    assert closing_day({"ended": "已注销"}, ON) == ON
    assert closing_day({"closed": "2014-03-04", "closed_precision": "day"}, ON) == date(2014, 3, 4)


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        ({"kind": "street_chamber", "kind_guessed": True}, ["kind_guessed", "founded_missing"]),
        ({"founded": "2012-05", "founded_precision": "month"}, ["founded_not_to_the_day"]),
        ({"founded": "2012-05-01", "founded_precision": "day"}, []),
    ],
)
def test_what_is_assumed_of_a_new_organisation_is_said(record, codes):
    assert assumed(record) == codes


def test_codes_go_on_behind_the_highest_and_count_only_the_own_federations():
    taken = {"410105", "410105-sh-001", "410105-sh-009", "410100-sh-040", "410105-x-sh-050", "410105-sh-009-sh-060"}
    assert next_code("410105", taken) == "410105-sh-010"
    assert next_code("410103", taken) == "410103-sh-001"


def test_a_name_is_the_last_place_it_begins_with_and_the_rest():
    places = place_names([("410100", "郑州市"), ("410105", "金水区")])
    assert split_name("郑州市金水区餐饮商会(示例)", places) == ("410105", "餐饮商会")
    assert split_name("郑州餐饮商会", places) == ("410100", "餐饮商会")
    assert split_name("餐饮商会", places) == ("", "餐饮商会")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_encodings_change_nothing(encoding):
    table = [["名称", "种类"], ["示例餐饮商会", "行业"]]
    content = csv_bytes(table, encoding)
    assert read_file(content, "a.csv", organisation_reading(), today=ON).rows[0].record["kind"] == "industry_chamber"
