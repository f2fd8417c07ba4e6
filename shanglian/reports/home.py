"""The home page put together: where the plan stands, how it came there, what moved this year, who lies behind.

Every figure is a sum over the register or the plan's arithmetic; nothing is filled in where a figure is not known.
Words are chosen in the templates. Standings are in standing.py, the organisations below in below.py, the chart in
trajectory.py.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shanglian.common.core.policy import PolicyError
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on
from shanglian.members.core.kinds import Category
from shanglian.members.core.statistics import MovementRow, Unbalanced
from shanglian.members.queries import visible_stamp
from shanglian.members.questions import Question, movements
from shanglian.plans.core.plan import Plan
from shanglian.plans.core.status import Point
from shanglian.plans.queries import statuses, trajectory
from shanglian.plans.wording import policy_message
from shanglian.reports.below import Below, below_of, measured
from shanglian.reports.queries import children_of, counted, plan_above
from shanglian.reports.standing import Standing

log = logging.getLogger(__name__)

CATEGORIES = [category.value for category in Category]


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see: the day, the indicator of the chart, that of the map and the ranking."""

    day: date
    chart: str = ""
    by: str = ""


@dataclass(frozen=True)
class Movements:
    """The movement table of the running year, by category; every column adds up."""

    since: date
    until: date
    categories: list[str]
    columns: list[MovementRow]
    total: MovementRow


@dataclass(frozen=True)
class Home:
    """What the page tells. `plan` is None without a plan for that day, or when its file is broken (`plan_broken`).

    `targets`: the organisation's own standings by indicator, in the plan's order. `charted` and `by` are codes of
    indicators, empty without a target.
    """

    org: Org
    name: str
    day: date
    known_on: datetime
    members: int | None
    exists: bool
    plan: Plan | None
    plan_broken: bool
    targets: Mapping[str, Standing]
    charted: str
    points: list[Point]
    headline_points: list[Point]
    by: str
    below: Below
    movements: Movements | None

    @property
    def standing(self) -> Standing | None:
        """Of the indicator the map and the ranking are about."""
        return self.targets.get(self.by)

    @property
    def headline(self) -> Standing | None:
        """Of the plan's first indicator."""
        return next(iter(self.targets.values()), None)

    @property
    def chart(self) -> Standing | None:
        """Of the indicator the chart is about."""
        return self.targets.get(self.charted)

    @property
    def official(self) -> bool:
        """Everything the organisation is held to was issued to it."""
        return all(standing.status.official for standing in self.targets.values())


def home_of(org: Org, asked: Asked) -> Home:
    """The page of an organisation at the end of a day."""
    on = asked.day
    plan, broken = _plan(org, on)
    children, known_on = children_of(org, on), visible_stamp()
    now = counted([org.pk, *(child.org.pk for child in children)], on=on, known_on=known_on)
    by_org = standings(plan, [org, *measured(children)], on) if plan else {}
    targets = by_org.get(org.pk, {})
    charted, by, first = _known(asked.chart, targets), _known(asked.by, targets), _known("", targets)
    paths = {code: trajectory(plan, code, org=org, until=on) for code in {charted, first} if plan and code}
    return Home(
        org=org,
        name=names_on([org.pk], on)[org.pk],
        day=on,
        known_on=known_on,
        members=now.with_below.get(org.pk),
        exists=org.pk in now.with_below,
        plan=plan,
        plan_broken=broken,
        targets=targets,
        charted=charted,
        points=paths.get(charted, []),
        headline_points=paths.get(first, []),
        by=by,
        below=below_of(
            children, by=by, standings=by_org, members=now.with_below, own_level=now.own_level.get(org.pk, 0)
        ),
        movements=movements_of(org, on),
    )


def standings(plan: Plan, orgs: Sequence[Org], on: date) -> dict[int, dict[str, Standing]]:
    """Where each organisation stands by each indicator it has a target for, in the plan's order."""
    found = statuses(plan, orgs, on=on)
    return {pk: {one.indicator.code: Standing(one) for one in status.targets} for pk, status in found.items()}


def _known(code: str, targets: Mapping[str, Standing]) -> str:
    """The indicator asked for, else the plan's first."""
    return code if code in targets else next(iter(targets), "")


def _plan(org: Org, on: date) -> tuple[Plan | None, bool]:
    """The plan, and whether there would be one if its file were not broken."""
    try:
        return plan_above(org, on), False
    except PolicyError as error:
        log.error("%s", policy_message(error))
        return None, True


def movements_of(org: Org, on: date) -> Movements | None:
    """None where the register does not add up: no table is better than a wrong one."""
    since = on.replace(month=1, day=1)
    try:
        answer = movements(Question(org), since=since, until=on, by=["category"])
    except Unbalanced as error:
        log.error("movement table of %s, %s to %s: %s", org.code, since, on, error)
        return None
    found = {row.pop("category"): MovementRow(**row) for row in answer["rows"]}
    shown = [category for category in CATEGORIES if category in found]
    return Movements(since, on, shown, [found[c] for c in shown], MovementRow(**answer["total"]))
