"""Outside series as figures that plans can ask for: the files found, read, and offered as measures.

Files are looked for in `settings.POLICY_DIRS`, the installation's own before the shipped. They hold no second
clock: `known_on` does not matter, a corrected file is the correction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

from shanglian.common.measures import ByOrg, ManyQuestion, Measure, MeasureAnswer, MeasureQuestion, Number
from shanglian.common.policy_files import Version, policy_files, raw_text, read_again
from shanglian.plans.core.series import Series, read_series


def all_series() -> list[Series]:
    """Every series, by id. Raises PolicyError for a broken file."""
    return [read_again(path, _read) for path in policy_files("series").values()]


@lru_cache(maxsize=32)
def _read(path: Path, version: Version) -> Series:
    """`version` makes the cache forget a file that was changed."""
    return read_series(raw_text(path), file=str(path), expected_id=path.stem)


def series_measures() -> dict[str, Measure]:
    """The measures the series offer; two files of one measure name (say, two cities) answer together."""
    by_name: dict[str, list[Series]] = {}
    for series in all_series():
        by_name.setdefault(series.measure, []).append(series)
    return {name: _measure(name, tuple(files)) for name, files in by_name.items()}


def _measure(name: str, files: tuple[Series, ...]) -> Measure:
    first = files[0]
    return Measure(name, first.unit, _value(files), _over_days(files), _many(name, files), first.counts)


def _value(files: Sequence[Series]) -> Callable[[MeasureQuestion], MeasureAnswer]:
    return lambda question: _answer(files, question.org, question.on)


def _over_days(
    files: Sequence[Series],
) -> Callable[[MeasureQuestion, Sequence[date]], Sequence[Number | None]]:
    return lambda question, days: [_answer(files, question.org, day).value for day in days]


def _many(name: str, files: Sequence[Series]) -> Callable[[Sequence[str], ManyQuestion], Mapping[str, ByOrg]]:
    def answer(_names: Sequence[str], question: ManyQuestion) -> Mapping[str, ByOrg]:
        orgs = question.orgs.items()
        return {name: {(pk, day): _answer(files, code, day) for pk, code in orgs for day in question.days}}

    return answer


def _answer(files: Sequence[Series], org: str, on: date) -> MeasureAnswer:
    found = [(figure, series) for series in files if (figure := series.figure(org, on))]
    if not found:
        return MeasureAnswer(
            None, files[0].unit, definition={"org": org, "on": on.isoformat(), "interpolation": "none"}
        )
    figure, series = max(found, key=lambda pair: pair[0].day)
    source = figure.source.zh if (get_language() or "").startswith("zh") else figure.source.en
    definition = {
        "org": org,
        "on": on.isoformat(),
        "series": series.id,
        "day": figure.day.isoformat(),
        "quality": figure.quality.value,
        "source": source,
        "document": figure.document,
        "interpolation": "none",
        "counts": series.counts,
    }
    return MeasureAnswer(figure.value, series.unit, definition=definition)
