"""How lists of posts are read: titles, names, days and terms as people write them, and what is not taken over."""

from datetime import date
from typing import Any

import pytest
import yaml

from shanglian.common.core.policy import PolicyError, read_policy
from shanglian.imports.core.reading import ReadFile, read_file
from shanglian.structure.core.posts import posts_kind
from shanglian.structure.core.titles import read_titles, term_of
from tests.imports.workbooks import csv_bytes, xlsx_bytes
from tests.paths import ROOT

POLICIES = ROOT / "shanglian" / "policies"
TITLES = read_titles(read_policy((POLICIES / "posts.yaml").read_text("utf-8"), file="posts.yaml"))
WORDS = yaml.safe_load((POLICIES / "imports" / "posts.yaml").read_text("utf-8"))
KIND = posts_kind(WORDS["headings"], TITLES)
DAY = date(2016, 12, 31)
HEADINGS = ["序号", "姓名", "工商联职务", "任职时间", "工作单位"]


def read(rows: list[list[Any]], sheet: str = "Sheet1") -> ReadFile:
    return read_file(xlsx_bytes({sheet: rows}), "posts.xlsx", KIND, today=DAY)


def one(*cells: Any, headings: list[str] | None = None) -> Any:
    (row,) = read([headings or HEADINGS, list(cells)]).rows
    return row


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("副主席", ("vice_chair",)),
        ("副 主 席", ("vice_chair",)),
        ("副主席、总商会副会长", ("vice_chair", "vice_president")),
        ("市工商联（总商会）副主席，总商会副会长", ("vice_chair", "vice_president")),
        ("副主席（副会长）", ("vice_chair", "vice_president")),
        ("党组书记/常务副主席", ("party_group_secretary", "executive_vice_chair")),
        ("副主席兼秘书长", ("vice_chair", "secretary_general")),
        ("第十七届执委会常委", ("standing_member",)),
        ("常委 执委", ("standing_member", "executive_member")),
        ("金水区纺织商会会长", ("president",)),
        ("监事会主席", ("supervisors_chair",)),
    ],
)
def test_a_cell_names_one_title_or_several(cell, codes):
    named = TITLES.named_in(cell)
    assert (named.codes, named.unknown, named.elsewhere) == (codes, (), False)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("副主席（专职）", True),
        ("驻会副主席", True),
        ("兼职副主席", False),
        ("副主席（兼职）", False),
        ("副主席", None),
    ],
)
def test_a_title_may_say_whether_it_is_full_time(cell, said):
    named = TITLES.named_in(cell)
    assert (named.codes, named.full_time.get("vice_chair")) == (("vice_chair",), said)


def test_a_post_in_another_organ_is_none_of_ours():
    assert TITLES.named_in("市政协副主席").codes == ()
    row = one(1, "示例甲", "市政协副主席、工商联主席", "2012-06-15", "")
    assert (row.outcome, row.record["titles"], row.warnings) == ("accept", ["chair"], ("title_elsewhere",))
    assert one(1, "示例甲", "市政协副主席", "2012", "").reasons == ("title_elsewhere_only",)


def test_what_is_no_title_is_refused_and_the_nearest_are_proposed():
    row = one(1, "示例甲", "副主度", "2012", "")
    assert (row.outcome, row.reasons) == ("reject", ("title_unknown",))
    column = next(column for column in KIND.columns if column.key == "title")
    assert column.propose is not None
    proposals = column.propose("副主度", "title_unknown", None)  # type: ignore[arg-type]
    assert proposals[0].text == "副主席"
    assert not any(proposal.sure for proposal in proposals)


def test_every_title_reads_as_itself_and_the_file_is_not_official():
    assert [TITLES.named_in(name).codes for title in TITLES.titles for name in title.spellings] == [
        (title.code,) for title in TITLES.titles for _name in title.spellings
    ]
    assert yaml.safe_load((POLICIES / "posts.yaml").read_text("utf-8"))["official"] is False


def test_a_broken_file_of_titles_says_everything_that_is_wrong():
    text = """\
official: false
note: 示例
bodies: [{code: chairs, name: 班子, english: Chairs}]
titles:
  - {code: chair, name: 主席, english: Chair, body: chairs, for: everybody}
  - {code: chair, name: 主席, english: Chair, body: nobody, for: both}
"""
    with pytest.raises(PolicyError) as refusal:
        read_titles(read_policy(text, file="posts.yaml"))
    assert [(problem.field, problem.code) for problem in refusal.value.problems] == [
        ("titles[0].for", "not_one_of"),
        ("titles[1].body", "not_one_of"),
        ("titles[1].code", "twice"),
    ]


@pytest.mark.parametrize(
    ("text", "term"),
    [("第十七届", 17), ("17届", 17), ("17", 17), ("十", 10), ("二十", 20), ("第二十一届", 21), ("第五届", 5),
     ("十七届二次执委会增补", 17), ("2012-2017", None), ("本届", None)],
)  # fmt: skip
def test_a_term_is_the_number_that_is_written(text, term):
    assert term_of(text) == term


@pytest.mark.parametrize("term", range(1, 100))
def test_every_term_reads_the_same_in_both_numerals(term):
    tens, ones = divmod(term, 10)
    digits = "零一二三四五六七八九"
    written = ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones else "")
    assert (term_of(f"第{written}届"), term_of(f"{term}届")) == (term, term)


@pytest.mark.parametrize(
    ("cell", "since", "until"),
    [
        ("2012-06-15", "2012-06-15", None),
        ("2012年6月", "2012-06", None),
        ("2012年", "2012", None),
        ("2012年6月至今", "2012-06", None),
        ("2012.6-2016.5", "2012-06", "2016-05"),
        ("2012-2016", "2012", "2016"),
        (date(2012, 6, 15), "2012-06-15", None),
        ("2012.6-2021.5", "2012-06", "2021-05"),  # an end may lie ahead
        ("2012.6-2106.5", "2012-06", None),  # not ninety years
    ],
)
def test_days_keep_the_precision_they_are_written_with(cell, since, until):
    record = one(1, "示例甲", "副主席", cell, "").record
    assert (record.get("since"), record.get("until")) == (since, until)


def test_a_row_without_a_beginning_is_taken_with_a_warning_and_a_later_day_is_left_out():
    assert (one(1, "示例甲", "执委", "", "").outcome, one(1, "示例甲", "执委", "", "").warnings) == (
        "accept",
        ("since_missing",),
    )
    later = one(1, "示例甲", "执委", "2017-03-01", "")
    assert ("since" in later.record, later.warnings) == (False, ("date_in_future", "since_missing"))
    headings = ["姓名", "职务", "任职时间", "卸任时间"]
    assert one("示例甲", "执委", "2014-05", "2013-01", headings=headings).reasons == ("until_before_since",)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "person_missing"), ("空缺", "post_vacant"), ("示例甲、示例乙", "several_persons"), ("12", "person_missing")],
)
def test_a_row_names_one_person(name, reason):
    rows = read([HEADINGS, [1, "示例丙", "主席", "2012", "示例公司"], [2, name, "副主席", "2012", "示例公司"]]).rows
    assert [(row.outcome, row.reasons) for row in rows] == [("accept", ()), ("reject", (reason,))]


def test_the_same_person_for_the_same_post_is_named_twice_in_another_term_is_not():
    headings = ["姓名", "职务", "届次", "任职时间"]
    rows = read(
        [
            headings,
            ["示例甲", "副主席", "16", "2007"],
            ["示例甲", "副主席", "17", "2012"],
            ["示例 甲", "副主席", 17, 2012],
        ]
    ).rows
    assert [row.outcome for row in rows] == ["accept", "accept", "duplicate"]


def test_a_messy_list_with_titles_over_its_rows_and_prefixes_in_its_headings():
    rows = read(
        [
            ["示例市工商业联合会（总商会）第十七届执委会组成人员名单", "", "", ""],
            ["", "", "", "截至2016年12月31日"],
            ["序  号", "姓  名", "工作单位及职务", "任职\n时间"],
            ["一、副主席（2名）", "", "", ""],
            [1, "示 例", "示例云图科技有限公司董事长", "2012年6月"],
            [2, "示例乙", "市工商联机关", "2012年6月"],
            ["二、执委（1名）", "", "", ""],
            [3, "示例丙", "示例酒店总经理、党支部书记", "同上"],
            ["合计", "3人", "", ""],
        ]
    ).rows
    read_ = [
        (r.record["person"], r.record["titles"], r.record["term"], r.record["since"], r.record["firm_name"])
        for r in rows
    ]
    assert read_ == [
        ("示例", ["vice_chair"], 17, "2012-06", "示例云图科技有限公司"),
        ("示例乙", ["vice_chair"], 17, "2012-06", "市工商联机关"),
        ("示例丙", ["executive_member"], 17, "2012-06", "示例酒店"),
    ]


def test_a_co_option_and_its_session_are_read_from_the_term_the_title_or_the_remark():
    headings = ["姓名", "职务", "届次", "任职时间", "备注"]
    rows = [
        ["示例甲", "执委", "十七届四次执委会增补", "2015", ""],
        ["示例乙", "增补执委", "17", "2015", ""],
        ["示例丙", "执委", "17", "2015", "在十七届四次执委会议上增补"],
        ["示例丁", "执委", "17", "2012", "连任"],
    ]
    found = [row.record for row in read([headings, *rows]).rows]
    assert [(one.get("co_opted"), one.get("session")) for one in found] == [
        (True, "十七届四次执委会"),
        (True, None),
        (True, "十七届四次执委会议"),
        (None, None),
    ]


def test_sensitive_columns_are_recognised_and_nothing_of_them_is_read_or_sampled():
    headings = ["姓名", "职务", "身份证号", "出生年月", "政治面貌", "性别", "联系电话", "任职时间"]
    cells = ["示例甲", "副主席", "410105198001011234", "1980-01", "民建会员", "女", "17000000001", "2012"]
    file = read([headings, cells])
    assert file.tables[0].columns["sensitive"] == [2, 3, 4, 5]
    assert file.tables[0].columns["phones"] == [6]
    assert file.rows[0].record == {
        "person": "示例甲", "person_key": "示例甲", "titles": ["vice_chair"], "since": "2012",
    }  # fmt: skip
    assert [file.tables[0].samples[n] for n in (2, 3, 4, 5)] == [[], [], [], []]
    assert not {"1980-01", "民建会员", "410105198001011234"} & set(str(file.tables).split("'"))


def resident_number(number: int) -> str:
    """An invented number that checks (GB 11643)."""
    body = f"410105200001{number:05}"
    weights = [2**place % 11 for place in range(17, 0, -1)]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def test_an_identity_number_is_recognised_without_its_heading():
    rows = [[f"示例{n}", "执委", resident_number(1001 + n)] for n in range(4)]
    assert read([["姓名", "职务", "号码"], *rows]).tables[0].columns["sensitive"] == [2]


def test_the_column_of_posts_is_not_that_of_positions_in_the_firm():
    headings = ["姓名", "企业职务", "工商联职务", "社会职务", "任职时间"]
    record = one("示例甲", "董事长", "副主席", "市人大代表", "2012", headings=headings).record
    assert record["titles"] == ["vice_chair"]


def test_text_of_another_encoding_reads_the_same():
    rows = [HEADINGS, [1, "示例甲", "副主席、总商会副会长", "2012年6月", "示例公司"]]
    read_ = [
        read_file(csv_bytes(rows, encoding), "posts.csv", KIND, today=DAY).rows[0].record
        for encoding in ("utf-8", "utf-8-sig", "gb18030")
    ]
    assert read_[0] == read_[1] == read_[2]
    assert read_[0]["titles"] == ["vice_chair", "vice_president"]
