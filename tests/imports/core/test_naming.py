"""The columns of a table as people name them: faults, what is remembered, what wants a look, what may be shown."""

import pytest

from shanglian.imports.core.columns import Column, SheetKind
from shanglian.imports.core.naming import Fault, Named, faults_of, letter_of, sign_of, worth_remembering
from shanglian.imports.core.samples import counts_up, samples_of
from tests.imports.workbooks import LIST

MANY = SheetKind(
    (*LIST.columns, Column("phones", ("电话",), lambda cell, setting: ({}, ()), many=True)), LIST.finish, LIST.identity
)


@pytest.mark.parametrize(
    ("naming", "faults"),
    [
        ({0: "name", 1: "uscc", 2: ""}, []),
        ({0: "", 1: ""}, []),
        ({0: "name", 1: "phones", 2: "phones"}, []),
        ({0: "name", 2: "town", 3: "town"}, [Fault("column_twice", (2, 3), "town")]),
        ({1: "uscc"}, [Fault("column_missing", (), "name")]),
        ({0: "name", 1: "shoe"}, [Fault("unknown_column", (1,))]),
    ],
)
def test_a_naming_that_cannot_be_read_has_faults(naming, faults):
    assert faults_of(naming, MANY) == faults


@pytest.mark.parametrize(
    ("heading", "key", "samples", "confirmed", "said", "sign"),
    [
        ("企业名称", "name", ["甲"], {}, False, "sure"),
        ("字号", "name", ["甲"], {"字号": "name"}, False, "sure"),
        ("字号", "name", ["甲"], {}, True, "sure"),
        ("字号", "name", ["甲"], {}, False, "look"),
        ("企业名称/全称", "name", ["甲"], {}, False, "look"),
        ("", "uscc", ["9"], {}, False, "look"),
        ("字号", "", ["甲"], {}, False, "look"),
        ("字号", "", ["甲"], {"字号": ""}, False, "left"),
        ("字号", "", ["甲"], {}, True, "left"),
        ("字号", "", [], {}, False, "left"),
        ("序号", "", ["1", "2", "3"], {}, False, "left"),
        ("单位名称", "", ["甲"], {}, False, "left"),
    ],
)
def test_how_surely_a_column_is_known(heading, key, samples, confirmed, said, sign):
    assert sign_of(heading, key, samples, LIST, confirmed, said=said) == sign


def remembered(headings, naming, before, confirmed=None):
    return worth_remembering([Named(headings, naming, before)], LIST, confirmed or {})


def test_what_the_heading_says_by_itself_is_not_remembered():
    assert remembered(["企业名称", "字号"], {0: "name", 1: "town"}, {0: "name"}) == {"字号": "town"}


def test_a_known_heading_is_remembered_where_it_means_something_else():
    assert remembered(["单位名称"], {0: "town"}, {0: "name"}) == {"单位名称": "town"}
    assert remembered(["单位名称"], {0: ""}, {0: "name"}) == {"单位名称": ""}
    assert remembered(["单位名称"], {0: ""}, {}) == {}


def test_a_later_word_replaces_what_was_remembered():
    assert remembered(["单位名称"], {0: "name"}, {}, {"单位名称": "town"}) == {"单位名称": "name"}
    assert remembered(["字号"], {0: "town"}, {}, {"字号": "town"}) == {}


def test_headings_of_two_meanings_empty_and_endless_ones_are_not_remembered():
    headings = ["甲", "甲", "", "长" * 61, "乙", "乙"]
    naming = dict(enumerate(["town", "uscc", "name", "name", "name", "name"]))
    assert remembered(headings, naming, {}) == {"乙": "name"}


@pytest.mark.parametrize(
    ("position", "sheet", "letter"),
    [(0, "名册", "A"), (25, "名册", "Z"), (26, "名册", "AA"), (0, "名册!E:G", "E"), (2, "名册!Z:AB", "AB")],
)
def test_a_column_goes_by_its_letter_in_the_sheet(position, sheet, letter):
    assert letter_of(position, sheet) == letter


def test_samples_are_the_first_different_contents_of_each_column():
    rows = [("1", "甲", ""), ("2", "甲", " "), (3.0, "乙\n丙", None, "多"), ("4", "丁", ""), ("5", "戊", "")]
    assert samples_of(rows, ["序号", "名称", "备注"]) == [["1", "2", "3"], ["甲", "乙 丙", "丁"], [], ["多"]]


def test_in_samples_the_numbers_of_persons_are_covered_where_calls_are_meant_the_short_ones_too():
    rows = [("63950001", "63950001", "示例甲 13837101234", "63950001")]
    shown = samples_of(rows, ["联系电话", "注册资金", "法人", "A"], calls=[3])
    assert shown == [["6****001"], ["63950001"], ["示例甲 138****1234"], ["6****001"]]


def test_a_column_that_only_counts_is_recognised():
    assert [counts_up(["1", "2", "3"]), counts_up(["1"]), counts_up(["1", "3"]), counts_up([])] == [
        True,
        True,
        False,
        False,
    ]
