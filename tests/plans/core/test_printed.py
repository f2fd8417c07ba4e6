"""A printed figure carries its own precision."""

from fractions import Fraction

import pytest

from shanglian.plans.core.printed import read_printed


@pytest.mark.parametrize(
    ("text", "value", "half_step"),
    [
        ("2.78万", Fraction(27_800), Fraction(50)),
        ("3.65万", Fraction(36_500), Fraction(50)),
        ("36,500", Fraction(36_500), Fraction(1, 2)),
        ("7%", Fraction(7, 100), Fraction(1, 200)),
        ("7.5％", Fraction(75, 1000), Fraction(5, 10_000)),
        ("120家", Fraction(120), Fraction(1, 2)),
        ("1.0 亿", Fraction(100_000_000), Fraction(5_000_000)),
    ],
)
def test_a_printed_figure_is_read_with_half_of_its_last_digit(text: str, value: Fraction, half_step: Fraction) -> None:
    printed = read_printed(text)
    assert printed is not None
    assert (printed.value, printed.half_step) == (value, half_step)


@pytest.mark.parametrize("text", ["", "many", "万", "3.65.1万", "36,50", "-5", "3万5千"])
def test_what_is_no_figure_is_none(text: str) -> None:
    assert read_printed(text) is None


def test_a_figure_agrees_within_the_printed_precision() -> None:
    printed = read_printed("3.65万")
    assert printed is not None
    assert [printed.agrees_with(figure) for figure in (36_449, 36_450, 36_500, 36_550, 36_551)] == [
        False,
        True,
        True,
        True,
        False,
    ]
