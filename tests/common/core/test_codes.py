"""Codes: own vectors, the reference vectors when present, and python-stdnum as a second opinion."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from shanglian.common.core.codes import (
    ABSENT,
    Code,
    Scheme,
    State,
    is_placeholder,
    org_code_check_sign,
    org_code_is_valid,
    read_code,
    reg_no_is_valid,
    uscc_check_sign,
    uscc_is_valid,
)
from tests.paths import SHARED, needs_shared

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALID_USCC = "91410100123456788Y"  # synthetic, as are all others here


def valid(scheme, value, reason=""):
    return Code(scheme, State.VALID, value, reason)


def invalid(scheme, reason):
    return Code(scheme, State.INVALID, None, reason)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("91410100123456788Y", valid(Scheme.USCC, "91410100123456788Y")),
        ("514101001234567883", valid(Scheme.USCC, "514101001234567883")),
        ("914101 0012\u00a0345678 8y", valid(Scheme.USCC, "91410100123456788Y")),
        ("\t９１４１０１００１２３４５６７８８Ｙ", valid(Scheme.USCC, "91410100123456788Y")),
        ("统一社会信用代码：91410100123456788Y", valid(Scheme.USCC, "91410100123456788Y")),
        ('="91410100123456788Y"', valid(Scheme.USCC, "91410100123456788Y")),
        ("91350100M000100Y43", valid(Scheme.USCC, "91350100M000100Y43")),
        ("91350100M000100Y4Z", invalid(Scheme.USCC, "uscc_illegal_char")),
        ("91410100123456788X", invalid(Scheme.USCC, "uscc_bad_check")),
        ("9141010012345678Y", invalid(Scheme.USCC, "uscc_bad_length")),
        ("91410100123456788YY", invalid(Scheme.USCC, "uscc_bad_length")),
        ("9141O100123456788Y", invalid(Scheme.USCC, "uscc_illegal_char")),
        ("110105194912310021", invalid(Scheme.USCC, "uscc_bad_check")),
        ("11010519491231002X", invalid(None, "resident_number")),
        ("410184197001010018", invalid(None, "resident_number")),
        ("410100100000016", valid(Scheme.REG_NO, "410100100000016")),
        ("注册号：410100100000016", valid(Scheme.REG_NO, "410100100000016")),
        ("410100100000017", invalid(Scheme.REG_NO, "regno_bad_check")),
        ("D2143569-X", valid(Scheme.ORG_CODE, "D2143569X")),
        ("m000100y4", valid(Scheme.ORG_CODE, "M000100Y4")),
        ("D21435691", invalid(Scheme.ORG_CODE, "orgcode_bad_check")),
        ("4101002001234", valid(Scheme.OTHER, "4101002001234")),
        ("豫郑社证字第０１２３号", valid(Scheme.OTHER, "豫郑社证字第0123号")),
        ("9.14E+17", Code(Scheme.USCC, State.DAMAGED, None, "uscc_precision_lost")),
        ("9.14101E+17", Code(Scheme.USCC, State.DAMAGED, None, "uscc_precision_lost")),
        (914101057218890000.0, Code(Scheme.USCC, State.DAMAGED, None, "uscc_precision_lost")),
        ("914101057218890000", Code(Scheme.USCC, State.DAMAGED, None, "uscc_precision_lost")),
        (410100100000016.0, valid(Scheme.REG_NO, "410100100000016")),
        ("410100100000016.0", valid(Scheme.REG_NO, "410100100000016")),
        (None, ABSENT),
        ("", ABSENT),
        (0, ABSENT),
    ],
)
def test_a_cell_is_recognised_by_what_it_holds(written, code):
    assert read_code(written) == code


def test_a_leading_zero_lost_by_a_number_cell_is_restored_and_said():
    code = "0" + "5472372"
    code += org_code_check_sign(code)
    assert read_code(float(code)) == valid(Scheme.ORG_CODE, code, "leading_zero_restored")


@pytest.mark.parametrize(
    "written", ["无", "/", "／", "—", "——", "-", "暂无", "办理中", "N/A", "n/a", " ", "…", "*", "不详"]
)
def test_placeholders_are_absent_not_wrong(written):
    assert is_placeholder(written)
    assert read_code(written) == ABSENT


def test_a_rural_collective_has_letters_in_front():
    code = "N2410105MF123456X"
    assert uscc_is_valid(code + uscc_check_sign(code))


@given(
    st.text("123459", min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(SIGNS, min_size=9, max_size=9),
)
def test_our_check_sign_is_the_one_stdnum_computes(kind, area, subject):
    body = kind + area + subject
    assert uscc_check_sign(body) == stdnum_uscc.calc_check_digit(body)
    assert uscc_is_valid(body + uscc_check_sign(body))


@given(st.text(SIGNS, min_size=8, max_size=8), st.integers(0, 16), st.sampled_from(SIGNS))
def test_one_changed_sign_is_always_noticed(subject, place, sign):
    body = "91410100" + subject + "0"
    code = body + uscc_check_sign(body)
    changed = code[:place] + sign + code[place + 1 :]
    assert uscc_is_valid(changed) == (changed == code)


@given(st.text())
def test_any_text_is_read_without_an_exception_and_only_valid_codes_have_a_value(text):
    code = read_code(text)
    assert (code.value is not None) == (code.state is State.VALID)
    if code.scheme is Scheme.USCC and code.value:
        assert uscc_is_valid(code.value)


VERDICTS = {
    "check": {"uscc_bad_check", "regno_bad_check", "orgcode_bad_check"},
    "length": {"uscc_bad_length"},
    "illegal character": {"uscc_illegal_char"},
}
SCHEMES = {"uscc": Scheme.USCC, "orgcode": Scheme.ORG_CODE, "regno": Scheme.REG_NO}


@needs_shared
def test_all_reference_vectors_hold():
    with (SHARED / "data" / "code_test_vectors.csv").open(encoding="utf-8") as file:
        vectors = list(csv.DictReader(file))
    wrong = [vector for vector in vectors if not holds(vector)]
    assert (len(vectors), wrong) == (146, [])


def holds(vector):
    code = read_code(vector["input"])
    match vector["verdict"]:
        case "valid":
            return code == valid(SCHEMES[vector["kind"]], vector["normalised"])
        case "invalid":
            return code.state is State.INVALID and code.reason in VERDICTS[vector["reason"]]
        case _:
            return code == ABSENT


def test_the_three_checks_refuse_other_shapes():
    assert not uscc_is_valid(VALID_USCC.lower())
    assert not org_code_is_valid("D2143569-X")
    assert not reg_no_is_valid("４１０１００１００００００１６")
