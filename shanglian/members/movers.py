"""Who is behind a cell of the movement table, and who was a member as known earlier: rows of Change.

The movement table sums legs; these are the same legs, one row for each that it counts, so that a list has as many
rows as the cell says.
"""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.lookups import GreaterThan

from shanglian.members.core.kinds import Count, Line
from shanglian.members.forms import State
from shanglian.members.models import Change, ChangeQuerySet

LINES: dict[State, tuple[Line, ...]] = {
    State.OPENING: (Line.OPENING,),
    State.JOINED: (Line.JOINED,),
    State.MOVED_IN: (Line.MOVED_IN, Line.REHOMED_IN),
    State.RECLASSIFIED_IN: (Line.RECLASSIFIED_IN,),
    State.LEFT: (Line.LEFT,),
    State.MOVED_OUT: (Line.MOVED_OUT, Line.REHOMED_OUT),
    State.RECLASSIFIED_OUT: (Line.RECLASSIFIED_OUT,),
}


def movers(
    state: State, orgs: list[int], *, since: date, until: date, count: Count, known_on: datetime | None = None
) -> ChangeQuerySet:
    """What a column of the movement table counts. The opening: members before the period and those taken over in it."""
    known = Change.objects.known_at(known_on).filter(org__in=orgs).counting(count)
    within = Q(line__in=LINES[state], effective_on__range=(since, until))
    if state != State.OPENING:
        return known.filter(within)
    return known.filter(within | _standing(since - timedelta(days=1), count, known_on))


def members_as_known(orgs: list[int], *, on: date, count: Count, known_on: datetime) -> ChangeQuerySet:
    """Members on a day as known at a moment, each by the change that made it one."""
    known = Change.objects.known_at(known_on).filter(org__in=orgs).counting(count)
    return known.filter(_standing(on, count, known_on))


def _standing(on: date, count: Count, known_on: datetime | None) -> Q:
    """The last gain by the day of a membership counted so, where gains and losses by then leave one."""
    same = {name: OuterRef(name) for name in ("membership", "county", "category", "profile")}
    alike = Change.objects.known_at(known_on).counting(count).filter(**same, effective_on__lte=on)
    left = alike.order_by().values("membership").annotate(left=Sum(count.value)).values("left")
    gains = alike.filter(**{f"{count.value}__gt": 0})
    later = gains.filter(
        Q(effective_on__gt=OuterRef("effective_on")) | Q(effective_on=OuterRef("effective_on"), pk__gt=OuterRef("pk"))
    )
    gained = Q(effective_on__lte=on, **{f"{count.value}__gt": 0})
    return gained & Q(GreaterThan(Subquery(left), 0)) & ~Q(Exists(later))
