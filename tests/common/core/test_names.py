"""Name keys: for comparing names, never for showing them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanglian.common.core.names import name_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("河南某某（郑州）有限公司", "河南某某(郑州)有限公司"),
        ("河南某某(郑州)有限公司", "河南某某(郑州)有限公司"),
        ("河南某某〔郑州〕有限公司", "河南某某(郑州)有限公司"),
        ("  河南　某某\n有限公司 ", "河南某某有限公司"),
        ("★河南某某有限公司", "河南某某有限公司"),
        ("河南某某有限公司（原名：河南旧名有限公司）", "河南某某有限公司"),
        ("ＡＢＣ（中国）公司", "ABC(中国)公司"),
        ("abc Ltd", "abcLtd"),
        ("河南\u200b某某", "河南某某"),
        ("", ""),
    ],
)
def test_spellings_of_one_name_share_a_key(written, key):
    assert name_key(written) == key


def test_a_branch_is_another_name():
    assert name_key("河南某某有限公司郑州分公司") != name_key("河南某某有限公司")


@given(st.text("河南某某（）()〔〕有限公司 ★ＡB", max_size=20))
def test_the_key_of_a_key_is_itself(text):
    assert name_key(name_key(text)) == name_key(text)
