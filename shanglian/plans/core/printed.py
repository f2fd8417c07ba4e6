"""Figures as a document prints them: "2.78万" is 27,800, and no better known than to half of its last digit.

Whoever checks a plan must not find contradictions that are only rounding; so the precision goes with it.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

SCALES = {"": Fraction(1), "百": Fraction(100), "千": Fraction(1000), "万": Fraction(10_000)}
SCALES |= {"亿": Fraction(100_000_000), "%": Fraction(1, 100), "％": Fraction(1, 100), "‰": Fraction(1, 1000)}
RATIOS = frozenset("%％‰")
FORM = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?\s?(?P<scale>[百千万亿%％‰]?)[^\W\d]{0,4}")


@dataclass(frozen=True)
class Printed:
    """`value` and `half_step` in plain units (a per cent is 1/100); what is meant lies within ± half_step."""

    text: str
    value: Fraction
    half_step: Fraction
    is_ratio: bool = False  # printed with % or ‰

    @property
    def low(self) -> Fraction:
        return self.value - self.half_step

    @property
    def high(self) -> Fraction:
        return self.value + self.half_step

    def agrees_with(self, figure: Fraction | int) -> bool:
        return self.low <= figure <= self.high


def read_printed(text: str) -> Printed | None:
    """Read "2.78万", "36,500", "7.5%", "120家"; None if it is no figure. Printed zeros count."""
    match = FORM.fullmatch(text.strip())
    if match is None:
        return None
    part = match["part"] or ""
    scale = SCALES[match["scale"]]
    value = Fraction(int(match["whole"].replace(",", "") + part), 10 ** len(part)) * scale
    return Printed(text, value, scale / 10 ** len(part) / 2, match["scale"] in RATIOS)
