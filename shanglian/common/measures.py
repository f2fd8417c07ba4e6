"""The plug between rooms that know figures and rooms that use them (plans, appraisals, pages).

A room offers figures as a dict `name -> Measure`; `settings.MEASURES` lists these dicts by dotted path, so
nobody imports upward. No Django, no figure and no word of the domain belongs here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

Number = int | Fraction


@dataclass(frozen=True)
class MeasureQuestion:
    """One figure of one organisation with everything below it, at the end of a day.

    `known_on` is an aware moment: only what was recorded by then counts; None means all that is visible now.
    `items_limit` caps the ids given back (0: none, which lets a measure answer with one sum).
    """

    org_id: int
    org: str
    on: date
    known_on: datetime | None = None
    items_limit: int = 0


@dataclass(frozen=True)
class MeasureAnswer:
    """The figure, the ids of what is behind it, and the definition it was counted by (JSON values only).

    `value` None means that it cannot be known (say, no roster was booked yet), which is not the same as 0.
    `items_total` is the number of things behind the figure before the cap. `definition` may hold "source",
    a sentence naming an outside series; it is then printed beside a denominator, with "day" (ISO) and "quality".
    It may hold "unclassified": how many more may belong to the figure, where an attribute is not recorded.
    """

    value: Number | None
    unit: str
    items: list[int] = field(default_factory=list)
    items_total: int = 0
    definition: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ManyQuestion:
    """Figures of many organisations, each with everything below it, at the end of several days. `orgs`: id → code."""

    orgs: Mapping[int, str]
    days: tuple[date, ...]
    known_on: datetime | None = None


ByOrg = Mapping[tuple[int, date], MeasureAnswer]
Many = Callable[[Sequence[str], ManyQuestion], Mapping[str, ByOrg]]
Series = Callable[[MeasureQuestion, Sequence[date]], Sequence[Number | None]]


def series_by(many: Many, name: str) -> Series:
    """A measure's figures on several days, asked of what answers many at once."""

    def answer(question: MeasureQuestion, days: Sequence[date]) -> list[Number | None]:
        asked = ManyQuestion({question.org_id: question.org}, tuple(sorted(set(days))), question.known_on)
        found = many([name], asked)[name]
        return [found[question.org_id, day].value for day in days]

    return answer


@dataclass(frozen=True)
class Measure:
    """A named figure. `series` answers one question for several days, in their order, each as `value` would
    (by the tree of its day); the question's `on` does not matter then.

    `many` answers several measures for many organisations and days, by measure and then by (organisation, day),
    with a number of queries that does not grow with them; measures that share the same function are asked
    together. `counts` names the definition of what is counted, so that both sides of a share can be compared.
    """

    name: str
    unit: str
    value: Callable[[MeasureQuestion], MeasureAnswer]
    series: Series | None = None
    many: Many | None = None
    counts: str = ""
