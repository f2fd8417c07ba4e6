"""Outside series: figures no register of members holds, each with its source, day and quality.

A series is policy data. The latest figure on or before a day holds; nothing is interpolated, and an organisation
without a figure of its own has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shanglian.common.core.policy import PolicyError, Section, read_policy
from shanglian.plans.core.forms import FORMAT, MEASURE_NAME, ORG_CODE, PLAN_ID, SOME_DAY, read_label
from shanglian.plans.core.plan import Label, Number


class Quality(StrEnum):
    OFFICIAL = "official"  # from the authority that keeps the register
    PUBLISHED = "published"  # printed somewhere, not checked against the authority's tables
    DERIVED = "derived"  # reckoned from other figures
    SAMPLE = "sample"  # made up for a demonstration


@dataclass(frozen=True)
class Figure:
    org: str
    day: date
    value: Number
    quality: Quality
    source: Label
    document: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Series:
    """`measure` is the name plans ask for it by; `counts` names the definition of what is counted, if there is one."""

    id: str
    measure: str
    name: Label
    unit: str
    figures: tuple[Figure, ...]
    counts: str = ""
    file: str = ""

    def figure(self, org: str, on: date) -> Figure | None:
        """The latest figure of an organisation's area on or before a day."""
        come = [figure for figure in self.figures if figure.org == org and figure.day <= on]
        return max(come, key=lambda figure: figure.day, default=None)


def read_series(text: str, *, file: str, expected_id: str | None = None) -> Series:
    """Read a series. Raises PolicyError with all problems."""
    top = Section.top(read_policy(text, file=file))
    top.integer("format", least=FORMAT, most=FORMAT)
    series_id = top.code("id", PLAN_ID)
    if expected_id is not None and series_id and series_id != expected_id:
        top.report("id", "id_is_not_file_name", series_id)
    figures = tuple(_figure(section) for section in (top.sections("figures") if top.values.get("figures") else ()))
    top.asked.add("figures")
    series = Series(
        id=series_id,
        measure=top.code("measure", MEASURE_NAME),
        name=read_label(top.section("name")),
        unit=top.string("unit"),
        figures=figures,
        counts=top.string("counts", needed=False),
        file=file,
    )
    _report_twice(top, figures)
    top.close()
    if top.problems:
        raise PolicyError(sorted(top.problems, key=lambda problem: problem.line))
    return series


def _figure(section: Section) -> Figure:
    value = section.number("value")
    if value is not None and value < 0:
        section.report("value", "less_than_0", value)
    figure = Figure(
        org=section.code("org", ORG_CODE),
        day=section.day("day") or SOME_DAY,
        value=value or 0,
        quality=section.choice("quality", Quality) or Quality.DERIVED,
        source=read_label(section.section("source")),
        document=section.string("document", needed=False),
        line=section.line("org"),
    )
    section.close()
    return figure


def _report_twice(top: Section, figures: Iterable[Figure]) -> None:
    seen: set[tuple[str, date]] = set()
    for n, figure in enumerate(figures):
        key = (figure.org, figure.day)
        if figure.org and figure.day != SOME_DAY and key in seen:
            Section(top.text, ("figures", n), {}, top.problems).report("day", "twice", f"{figure.org} {figure.day}")
        seen.add(key)
