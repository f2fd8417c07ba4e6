"""Invented figures behind the measures plug: steps by day, and a correction that was recorded later."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from shanglian.common.measures import Measure, MeasureAnswer, MeasureQuestion, Number

Steps = dict[str, list[tuple[date, int]]]
CORRECTED_AT = datetime(2016, 1, 10, tzinfo=UTC)  # before it, every figure was known as two less

HEADS: Steps = {
    "410100": [(date(2013, 12, 31), 27_790), (date(2014, 12, 31), 29_512), (date(2015, 12, 31), 31_828)],
    "410105": [(date(2013, 12, 31), 2_780), (date(2015, 12, 31), 3_100)],
    "410122": [(date(2014, 3, 1), 900)],
    "990100": [(date(2020, 6, 30), 1_200), (date(2021, 6, 30), 1_500)],
    "990102": [(date(2020, 6, 30), 300)],
    "990103": [(date(2020, 6, 30), 300), (date(2021, 6, 30), 360)],
}
PRIVATE: Steps = {"990100": [(date(2020, 6, 30), 230), (date(2021, 6, 30), 264)]}
FIRMS: Steps = {"990100": [(date(2020, 6, 30), 1_000), (date(2021, 6, 30), 1_100)]}
ENTERPRISES: Steps = {
    "410100": [(date(2013, 12, 31), 11_950), (date(2015, 12, 31), 14_800)],
    "410105": [(date(2013, 12, 31), 1_390), (date(2015, 12, 31), 1_550)],
}
TYPED: Steps = {"410100": [(date(2013, 12, 31), 11_700), (date(2015, 12, 31), 13_000)]}
GROUPS: Steps = {"410100": [(date(2013, 12, 31), 556), (date(2015, 12, 31), 700)]}
CHAMBERS: Steps = {"410100": [(date(2013, 12, 31), 90), (date(2015, 12, 31), 104)]}
ARREARS: Steps = {"990100": [(date(2020, 6, 30), 40), (date(2021, 6, 30), 20)]}


def _figure(steps: Steps, question: MeasureQuestion, on: date) -> int | None:
    come = [figure for day, figure in steps.get(question.org, []) if day <= on]
    early = question.known_on is not None and question.known_on < CORRECTED_AT
    return come[-1] - 2 * early if come else None


def _value(steps: Steps, unit: str, source: str) -> Callable[[MeasureQuestion], MeasureAnswer]:
    def answer(question: MeasureQuestion) -> MeasureAnswer:
        figure = _figure(steps, question, question.on)
        definition = {"org": question.org, "on": question.on.isoformat(), "source": source}
        items = list(range(1, (figure or 0) + 1))[: question.items_limit]
        return MeasureAnswer(figure, unit, items, figure or 0, definition)

    return answer


def _series(steps: Steps) -> Callable[[MeasureQuestion, Sequence[date]], list[Number | None]]:
    return lambda question, days: [_figure(steps, question, day) for day in days]


MEASURES = {
    "members.heads": Measure("members.heads", "members", _value(HEADS, "members", ""), _series(HEADS)),
    "members.enterprise": Measure("members.enterprise", "members", _value(ENTERPRISES, "members", "")),
    "members.private_enterprises": Measure("members.private_enterprises", "members", _value(TYPED, "members", "")),
    "members.group": Measure("members.group", "members", _value(GROUPS, "members", "")),
    "members.chambers": Measure("members.chambers", "chambers", _value(CHAMBERS, "chambers", "")),
    "fake.memberships": Measure("fake.memberships", "memberships", _value(HEADS, "memberships", "")),
    "fake.private_members": Measure("fake.private_members", "members", _value(PRIVATE, "members", "")),
    "fake.private_firms": Measure("fake.private_firms", "firms", _value(FIRMS, "firms", "年报（示例）")),
    "fake.arrears": Measure("fake.arrears", "firms", _value(ARREARS, "firms", "")),
}
WRONGLY_NAMED = {"fake.other": MEASURES["fake.arrears"]}
