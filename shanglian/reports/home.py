"""The home page put together: where the plan stands, how it came there, what moved this year, who lies behind.

Every figure is a sum over the register or the plan's arithmetic; nothing is filled in where a figure is not known.
Words are chosen in the templates. The chart is in trajectory.py.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from shanglian.common.core.policy import PolicyError
from shanglian.directory.core.kinds import OrgKind, is_chamber
from shanglian.directory.models import Org
from shanglian.directory.queries import names_on
from shanglian.members.core.kinds import Category
from shanglian.members.core.statistics import MovementRow, Unbalanced
from shanglian.members.queries import visible_stamp
from shanglian.members.questions import Question, movements
from shanglian.plans.core.arithmetic import State, rounded
from shanglian.plans.core.plan import Plan
from shanglian.plans.core.status import Point, TargetStatus
from shanglian.plans.queries import trajectory
from shanglian.plans.wording import policy_message
from shanglian.reports.queries import (
    Child,
    Counted,
    children_of,
    counted,
    members_indicator,
    plan_above,
    standings,
)

log = logging.getLogger(__name__)

SHORT = (State.NEAR, State.BEHIND, State.OVERDUE)
CATEGORIES = [category.value for category in Category]


@dataclass(frozen=True)
class Standing:
    """A target's status as a page shows it: figures compared the way they are printed."""

    status: TargetStatus

    @property
    def state(self) -> str:
        return self.status.state.value

    @property
    def due(self) -> Fraction | None:
        due = self.status.due
        return None if due is None else rounded(due, self.status.indicator.decimals)

    @property
    def goal(self) -> Fraction | None:
        goal = self.status.goal
        return None if goal is None else rounded(goal, self.status.indicator.decimals)

    @property
    def gap(self) -> Fraction | None:
        """Actual less due, both as shown, so that the reader can do the sum."""
        return None if self.due is None or self.status.actual is None else self.status.actual - self.due

    @property
    def missing(self) -> Fraction | None:
        return None if self.gap is None else abs(self.gap)

    @property
    def done(self) -> Fraction | None:
        return self.status.done

    @property
    def lag(self) -> Fraction | None:
        """The relative gap: −0.085 is 8.5 % short of what is due."""
        return None if self.done is None else self.done - 1

    @property
    def is_short(self) -> bool:
        return self.status.state in SHORT

    @property
    def is_behind(self) -> bool:
        return self.status.state in (State.BEHIND, State.OVERDUE)

    @property
    def kind(self) -> str:
        """The kind of mark: ok, warn, bad, or nothing where the state is not known."""
        return {State.UNKNOWN: "", State.NEAR: "warn", State.BEHIND: "bad", State.OVERDUE: "bad"}.get(
            self.status.state, "ok"
        )

    @property
    def base_shown_beside(self) -> bool:
        """The plan printed a base that the register does not show for that day (None: it shows nothing)."""
        status = self.status
        printed = status.official and status.base is not None and status.actual is not None
        return printed and status.base != status.register_base


@dataclass(frozen=True)
class Line:
    """An organisation directly below. `members` is None where nothing was ever booked; `rank` where none is due."""

    org: Org
    name: str
    alive: bool
    members: int | None
    standing: Standing | None = None
    rank: int | None = None


@dataclass(frozen=True)
class Below:
    """Everything directly below in three groups, and what the organisation counts at its own level."""

    counties: list[Line] = field(default_factory=list)
    zones: list[Line] = field(default_factory=list)
    chambers: list[Line] = field(default_factory=list)
    own_level: int = 0

    @property
    def measured(self) -> list[Line]:
        return [*self.counties, *self.zones]

    @cached_property
    def short(self) -> list[Line]:
        """Who has less than is due, the worst first."""
        lines = [line for line in self.measured if line.standing and line.standing.is_short]
        return sorted(lines, key=lambda line: (line.standing.done if line.standing else None) or 0)

    @cached_property
    def behind(self) -> list[Line]:
        return [line for line in self.short if line.standing and line.standing.is_behind]

    @property
    def unknown(self) -> int:
        """How many federations below cannot be judged; areas without one are not asked."""
        return sum(line.alive and not (line.standing and line.standing.kind) for line in self.measured)

    @property
    def reckoned(self) -> bool:
        """What is due was carried over by us for at least one of them, not issued to it."""
        return any(line.standing and not line.standing.status.official for line in self.measured)

    @property
    def in_chambers(self) -> int:
        return sum(line.members or 0 for line in self.chambers)


@dataclass(frozen=True)
class Movements:
    """The movement table of the running year, by category; every column adds up."""

    since: date
    until: date
    categories: list[str]
    columns: list[MovementRow]
    total: MovementRow

    def across(self, line: str) -> list[int]:
        """One line of the table: each category, then all."""
        return [getattr(column, line) for column in [*self.columns, self.total]]


@dataclass(frozen=True)
class Home:
    """What the page tells. `plan` is None without a plan for that day, or when its file is broken (`plan_broken`)."""

    org: Org
    name: str
    day: date
    members: int | None
    exists: bool
    plan: Plan | None
    plan_broken: bool
    standing: Standing | None
    points: list[Point]
    below: Below
    movements: Movements | None


def home_of(org: Org, on: date) -> Home:
    """The page of an organisation at the end of a day."""
    plan, broken = _plan(org, on)
    children, known_on = children_of(org, on), visible_stamp()
    now = counted([org.pk, *(child.org.pk for child in children)], on=on, known_on=known_on)
    statuses = _statuses(plan, [org, *measured(children)], on, now, known_on)
    own = statuses.get(org.pk)
    return Home(
        org=org,
        name=names_on([org.pk], on)[org.pk],
        day=on,
        members=now.with_below.get(org.pk),
        exists=org.pk in now.with_below,
        plan=plan,
        plan_broken=broken,
        standing=own,
        points=_points(plan, own, org, on),
        below=_below(org, children, now, statuses),
        movements=_movements(org, on),
    )


def _plan(org: Org, on: date) -> tuple[Plan | None, bool]:
    """The plan, and whether there would be one if its file were not broken."""
    try:
        return plan_above(org, on), False
    except PolicyError as error:
        log.error("%s", policy_message(error))
        return None, True


def measured(children: Sequence[Child]) -> list[Org]:
    """Whom the plan's path is carried over to: federations and zones, not chambers."""
    return [child.org for child in children if not is_chamber(OrgKind(child.org.kind))]


def _statuses(
    plan: Plan | None, orgs: Sequence[Org], on: date, now: Counted, known_on: datetime
) -> dict[int, Standing]:
    indicator = members_indicator(plan) if plan else None
    if plan is None or indicator is None:
        return {}
    found = standings(plan, indicator, orgs, on=on, now=now, known_on=known_on)
    return {pk: Standing(status) for pk, status in found.items()}


def _points(plan: Plan | None, standing: Standing | None, org: Org, on: date) -> list[Point]:
    if plan is None or standing is None:
        return []
    return trajectory(plan, standing.status.indicator.code, org=org, until=on)


def _below(org: Org, children: Sequence[Child], now: Counted, statuses: dict[int, Standing]) -> Below:
    groups = Below(own_level=now.own_level.get(org.pk, 0))
    for child in children:
        members, standing = now.with_below.get(child.org.pk), statuses.get(child.org.pk)
        line = Line(child.org, child.name, child.alive, members, standing)
        kind = OrgKind(child.org.kind)
        group = groups.chambers if is_chamber(kind) else groups.counties
        (groups.zones if kind is OrgKind.ZONE else group).append(line)
    groups.counties[:] = ranked(groups.counties)
    groups.zones.sort(key=_order)
    return groups


def ranked(lines: Iterable[Line]) -> list[Line]:
    """By what is done of what is due, the best first; equals share a rank, the unknown stand last without one."""
    ordered = sorted(lines, key=_order)
    ranks: list[int | None] = [1 if line.standing and line.standing.kind else None for line in ordered[:1]]
    for at, (above, line) in enumerate(pairwise(ordered), 2):
        if not (line.standing and line.standing.kind):
            ranks.append(None)
        else:
            ranks.append(ranks[-1] if _order(above)[:2] == _order(line)[:2] else at)
    return [
        Line(one.org, one.name, one.alive, one.members, one.standing, rank)
        for one, rank in zip(ordered, ranks, strict=True)
    ]


def _order(line: Line) -> tuple[bool, Fraction, str]:
    known = line.standing is not None and bool(line.standing.kind) and line.standing.done is not None
    done = line.standing.done if line.standing and line.standing.done is not None else Fraction(0)
    return not known, -done if known else Fraction(0), line.org.code


def _movements(org: Org, on: date) -> Movements | None:
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
