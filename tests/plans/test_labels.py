"""Every code has its label."""

from shanglian.plans.core.arithmetic import State
from shanglian.plans.core.plan import BaseKind, SoftWord
from shanglian.plans.core.series import Quality
from shanglian.plans.core.status import Unknown
from shanglian.plans.labels import (
    base_label,
    quality_label,
    soft_word_label,
    standing_label,
    state_label,
    unit_label,
    unknown_label,
)


def test_every_code_has_a_label_of_its_own() -> None:
    for label, codes in (
        (state_label, State), (base_label, BaseKind), (soft_word_label, SoftWord), (unknown_label, Unknown),
        (quality_label, Quality),
    ):  # fmt: skip
        assert len({label(code) for code in codes}) == len(codes)  # type: ignore[operator]


def test_what_is_not_said_has_no_label() -> None:
    assert soft_word_label(None) == unknown_label(None) == ""
    assert standing_label(True) != standing_label(False)
    assert [unit_label("percent"), unit_label("barges")] == ["%", "barges"]
