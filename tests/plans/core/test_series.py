"""Outside series: the shipped ones are marked for what they are, the latest figure holds, errors name their line."""

from datetime import date
from pathlib import Path

import pytest

import shanglian
from shanglian.common.core.policy import PolicyError
from shanglian.plans.core.series import Series, read_series
from shanglian.plans.wording import PROBLEMS

SHIPPED = Path(shanglian.__file__).parent / "policies" / "series"
FIRMS = """\
format: 1
id: firms
measure: sample.firms
name: {zh: 企业数（示例）, en: Firms (sample)}
unit: firms
figures:
  - {org: "990100", day: 2020-12-31, value: 1000, quality: sample, source: {zh: 示例, en: sample}}
  - {org: "990100", day: 2021-12-31, value: 1100, quality: sample, source: {zh: 示例, en: sample}}
"""


def read(text: str) -> Series:
    return read_series(text, file="firms.yaml", expected_id="firms")


def test_no_figure_of_the_shipped_series_claims_to_be_official() -> None:
    shipped = [read_series(p.read_text("utf-8"), file=p.name, expected_id=p.stem) for p in sorted(SHIPPED.glob("*"))]
    assert [(s.measure, sorted({figure.quality.value for figure in s.figures})) for s in shipped] == [
        ("national.members", ["published"]),
        ("registry.private_enterprises", ["derived"]),
    ]


def test_the_latest_figure_on_or_before_a_day_holds_and_nothing_is_interpolated() -> None:
    days = [date(2020, 12, 30), date(2020, 12, 31), date(2021, 12, 30), date(2030, 1, 1)]
    found = [read(FIRMS).figure("990100", day) for day in days]
    assert [figure.value if figure else None for figure in found] == [None, 1000, 1000, 1100]
    assert read(FIRMS).figure("990102", date(2030, 1, 1)) is None


def test_a_series_may_wait_for_its_figures() -> None:
    assert read(FIRMS[: FIRMS.index("  - {org")].replace("figures:", "figures: []")).figures == ()


@pytest.mark.parametrize(
    ("right", "wrong", "field", "code"),
    [
        ("id: firms", "id: other", "id", "id_is_not_file_name"),
        ("measure: sample.firms", "measure: firms", "measure", "not_a_code"),
        ("value: 1000", "value: -1", "figures[0].value", "less_than_0"),
        ("quality: sample", "quality: sure", "figures[0].quality", "not_one_of"),
        ("day: 2021-12-31", "day: 2020-12-31", "figures[1].day", "twice"),
        ("value: 1000,", "value: 1000, hue: red,", "figures[0].hue", "unknown_key"),
        ("source: {zh: 示例, en: sample}", "source: {zh: 示例}", "figures[0].source.en", "missing"),
    ],
)
def test_what_is_wrong_with_a_series_is_named(right: str, wrong: str, field: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read(FIRMS.replace(right, wrong, 1))
    found = {(problem.field, problem.code): problem.line for problem in caught.value.problems}
    assert (field, code) in found
    assert all(problem.code in PROBLEMS for problem in caught.value.problems)
