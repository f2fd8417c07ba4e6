"""The number of private enterprises in the demo: sample figures by area and year, the denominator of coverage.

They grow faster than the plan took for granted, so coverage falls behind although members do not. The file stands in
the installation's own policies, where it comes before the shipped one; every figure says that it is a sample.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from shanglian.demo.rosters import PLACES
from shanglian.runtime.places import make_private, write_private

FILE = Path("policies") / "series" / "private-enterprises-410100.yaml"
CITY = "410100"
TOTALS = {date(2013, 12, 31): 52_000, date(2014, 12, 31): 57_800, date(2015, 12, 31): 65_000}
_HEAD = """\
# SAMPLE figures of the demonstration, not official ones. 示例数据，非官方统计。
format: 1
id: private-enterprises-410100
measure: registry.private_enterprises
name: {zh: 私营企业总数（示例）, en: Private enterprises registered (sample)}
unit: firms
counts: private_enterprise
figures:
"""
_FIGURE = """\
  - {{org: "{org}", day: {day}, value: {value}, quality: sample, source: {{zh: 示例数据, en: sample data}}}}
"""


def write_series(home: Path) -> None:
    """Write the file, unless the installation has one of its own."""
    path = home / FILE
    if path.exists():
        return
    for folder in (path.parent.parent, path.parent):
        make_private(folder)
    write_private(path, _HEAD + "".join(_FIGURE.format(org=o, day=d, value=v) for o, d, v in figures()))


def figures() -> Iterator[tuple[str, date, int]]:
    """(area, day, number): a county has its part of them as of members; what the city keeps stands in the total."""
    whole = sum(part for _name, part, _pace in PLACES.values())
    for day, total in TOTALS.items():
        yield CITY, day, total
        for area, (_name, part, pace) in PLACES.items():
            if area != CITY:
                yield area, day, round(total * part / whole * (1 + (pace - 1) / 8))
