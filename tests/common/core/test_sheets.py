"""Text that a spreadsheet could run is escaped, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.common.core.sheets import is_formula_like, plain_cell, safe_cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 371", "'+86 371"),
        ("-3", "'-3"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("'=1", "''=1"),
        ("甲公司", "甲公司"),
        ("'甲'公司", "'甲'公司"),
        ("", ""),
    ],
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text, cell):
    assert safe_cell(text) == cell


@given(st.text(st.sampled_from("'=+-@\t\ra甲 "), max_size=6))
def test_no_cell_is_a_formula_and_each_comes_back(text):
    cell = safe_cell(text)

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain_cell(cell) == text
    assert cell.startswith("'") or not is_formula_like(cell)
